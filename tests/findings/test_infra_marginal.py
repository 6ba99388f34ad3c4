"""One limit and unequal risks: a gap in precision is no finding against the group that is selected less."""

import pytest
from scipy.stats import beta

from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

N, LIMIT, REFERENCE = 20_000, 0.3, (4.0, 6.0)
RISKS = [(a, b) for a in (1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 6.0, 8.0) for b in (3.0, 4.5, 6.0, 7.0, 8.0, 9.0, 12.0)]
PRECISION = ("positive_predictive_value", "false_discovery_rate", "burden")


def _counts(a: float, b: float, limit: float) -> tuple[int, int, int]:
    """Selected rightly, wrongly, and not selected of a group whose risk is Beta(a, b): vector b's closed form."""
    selected = beta.sf(limit, a, b)
    rightly = a / (a + b) * beta.sf(limit, a + 1, b)  # E(risk; risk > limit)
    return round(N * rightly), round(N * selected) - round(N * rightly), N - round(N * selected)


def _audit(folder, rows, reference="reference"):
    lines = ["g,tp,fp,out", *(",".join(map(str, row)) for row in rows)]
    (folder / "counts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = {"true_positive": "tp", "false_positive": "fp", "not_selected": "out"}
    spec = AuditSpec.model_validate({
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "as_of": "2026-11-30",
        "data": {"file": "counts.csv", "columns": columns}, "observed": "when_selected",
        "groups": {"g": {"column": "g", "reference": reference}},
        "publish": {"minimum_count": 0, "because": "simulated"},
    })  # fmt: skip
    return run_audit(spec, folder)


def test_vector_b_by_its_closed_form():
    """Search and hit rates of vectors-2026, case b."""
    for (a, b), search, hit in (((2, 8), 0.196003, 0.390588), ((4, 6), 0.729659, 0.465824)):
        assert beta.sf(0.3, a, b) == pytest.approx(search, abs=5e-7)
        assert a / (a + b) * beta.sf(0.3, a + 1, b) / beta.sf(0.3, a, b) == pytest.approx(hit, abs=5e-7)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """56 groups of other risks under one limit, and one of the reference's risk that meets a lower limit."""
    rows = [(f"{a}-{b}", *_counts(a, b, LIMIT)) for a, b in RISKS]
    rows += [("reference", *_counts(*REFERENCE, LIMIT)), ("lower limit", *_counts(*REFERENCE, 0.15))]
    return _audit(tmp_path_factory.mktemp("many"), rows).main


def test_no_finding_against_a_group_selected_less(many):
    assert len(RISKS) >= 50
    selection = [g for g in many.gaps if g.measure == "selection_rate" and g.kind == "difference"]
    rate = {g.groups[0]: g.value for g in selection if g.p_no_gap is not None and g.p_no_gap <= 0.05}
    told = [g for g in many.gaps if g.measure in PRECISION and g.kind == "difference" and g.groups != ("lower limit",)]
    apart = [g for g in told if g.groups[0] in rate]
    worse = [g for g in apart if (g.direction == "worse") == (rate[g.groups[0]] < 0)]
    assert sum(g.p_no_gap < 1e-6 for g in worse if g.p_no_gap is not None) > 50  # the outcome test would find them
    for gap in worse:
        assert gap.verdict in (None, "inconclusive", "equivalent")
        assert gap.value is not None
        if gap.p_no_gap is not None and gap.p_no_gap < 1e-6:
            assert (gap.verdict, gap.people, gap.reason) == (None, None, "infra_marginal")


def test_a_lower_limit_stays_a_finding(many):
    """The same risk, selected more often and wrong more often: that is what a lower limit does."""
    found = [g for g in many.gaps if g.groups == ("lower limit",) and g.measure == "false_discovery_rate"]
    assert {(g.direction, g.verdict) for g in found if g.verdict is not None} == {("worse", "present")}


@pytest.mark.parametrize("reference", ["first", "second"])
def test_precision_never_leads_case_b(reference, tmp_path):
    rows = [("first", *_counts(2, 8, LIMIT)), ("second", *_counts(4, 6, LIMIT))]
    answer = answer_of(AuditFacts(_audit(tmp_path, rows, reference), "en"))
    assert answer.leading is not None
    assert answer.leading.gap.measure == "selection_rate"
    lead = " ".join(one.text() for one in answer.lead)
    assert "One limit for all and unequal risks make such a difference by themselves." in lead


def test_precision_alone_leads_nothing(tmp_path):
    """Selected alike, 1,000 of 5,000 each, wrongly 300 against 700 times: said with its caution, and leads nothing."""
    result = _audit(tmp_path, [("A", 300, 700, 4000), ("B", 700, 300, 4000)], "B")
    answer = answer_of(AuditFacts(result, "en"))
    assert answer.leading is None
    assert answer.case == "none"
    assert "in how often being selected is wrong" in answer.sentence.text()
    assert any("(established)" in one.text() for one in answer.lead)
