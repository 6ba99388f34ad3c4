"""What the report says where nothing could be tested, where no pair is the widest, and of the stages of a chain."""

from __future__ import annotations

from auditkit.report.findings_panel import findings_of
from auditkit.report.gap_comparisons import largest_rows
from auditkit.report.group_names import Names
from auditkit.report.sentences import detectable_sentence
from auditkit.result import AnalysisResult, AuditResult, RowAccount
from tests.findings.measured import find
from tests.findings.test_hidden import HIDDEN, published
from tests.findings.test_hidden import audit as audit_of_counts
from tests.findings.test_rules import CHAIN, audit, table


def result_of(tabulation, spec):
    found = find(tabulation, spec, "main")
    analysis = AnalysisResult("main", spec, RowAccount(1, 1), found.views, found.estimates, found.gaps, found.points)
    return AuditResult(spec, (analysis,), ())


def overview(tabulation, spec, language="en"):
    return findings_of(result_of(tabulation, spec), Names(spec, language)).overview.text(language)


def test_where_nothing_could_be_tested_the_page_says_so():
    spec = audit()
    nobody = table({"a": (0, 50), "b": (0, 100)})
    assert overview(nobody, spec).startswith("No gap between groups could be tested:")
    assert overview(nobody, spec, "fr").startswith("Aucun écart entre groupes n’a pu être testé\u202f:")


def test_where_something_was_tested_the_comparisons_are_counted():
    said = overview(table({"a": (30, 70), "b": (20, 80)}), audit())
    assert said == ("1 comparison of a group with its reference carries a verdict. "
                    "None of their intervals excludes equality.")  # fmt: skip


def test_the_widest_gap_without_a_sure_pair_names_none():
    spec = audit_of_counts()
    totals = {"a": 100, "b": 200, "c": 100}
    unsure = result_of(published({"a": (0, 40), "b": (20, 20), "c": (30, 30)}, totals), spec).main
    for analysis, pair in ((unsure, ("–", "–")), (result_of(HIDDEN, spec).main, ("c", "a"))):
        widest = [gap for gap in analysis.gaps if gap.kind == "largest_difference"]
        (row,) = largest_rows(widest, Names(spec, "en"), 0)
        assert row.pair == pair
        assert "between" in row.difference.value
        assert row.p == "–"


def test_a_stage_is_called_by_its_name():
    stages = [{"name": {"en": "risk", "fr": "risque"}, "selected": {"column": "r", "in": [1]}}]
    spec = audit(stages=stages)
    assert Names(spec, "en").measure("passing_rate:1") == "passing rate, stage risk"
    assert Names(spec, "fr").measure("passing_rate:1") == "taux de passage, étape risque"
    gaps = find(table({"a": (60, 40), "b": (50, 50)}, stages=CHAIN[:1]), spec, "main").gaps
    assert any(gap.measure == "passing_rate:1" for gap in gaps)


def test_too_few_clusters_are_not_too_few_people():
    from dataclasses import replace

    gaps = find(table({"a": (60, 40), "b": (50, 50)}), audit(), "main").gaps
    gap = next(gap for gap in gaps if gap.kind == "ratio")
    few = replace(gap, smallest_detectable=None, reason="few_clusters")
    assert detectable_sentence(few, "en").text() == "Fewer than 20 clusters: too few for an interval."
