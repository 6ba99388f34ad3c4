"""The first screen tells the strongest gaps of either direction, names the system once, and never hides a reference."""

from __future__ import annotations

from dataclasses import replace

from auditkit.report import render_report, summary
from auditkit.report.estimate_tables import estimate_row
from auditkit.report.findings_panel import findings_of
from auditkit.report.group_names import Names
from auditkit.report.opening_panel import leading_findings, opening_of
from auditkit.report.pair_panel import Pair, primary_measures
from auditkit.report.sentences import what_sentence
from auditkit.result import AuditResult, PublishedShares, RightsResult
from tests.report.page import read
from tests.report.samples import analysis, rows_spec

SEX = ("sex",)
SAID = (
    "The gap is in favour of the group “Female”: seen from the other side, it is the reference “Male” that fares worse."
)


def audited(table, reference="Male", **more) -> AuditResult:
    spec = rows_spec(groups={"sex": {"column": "sex", "reference": reference}}, analyses={}, stages=None, **more)
    main = analysis("main", spec, {SEX: ({(name,): counts for name, counts in table.items()}, (reference,))})
    return AuditResult(spec, (main,), ())


def leads(result: AuditResult):
    names = Names(result.spec, "en")
    return leading_findings(findings_of(result, names), primary_measures(result.spec))


def test_a_reference_that_fares_worse_is_told_of():
    """Selected: 200 of 1,000 women against 600 of 1,000 men, the reference."""
    result = audited({"Male": (300, 300, 200, 200), "Female": (100, 100, 400, 400)})
    found = leads(result)
    assert found
    assert all(finding.pair.main.direction == "better" for finding in found)
    text = read(render_report(result, "en")).text
    assert SAID in text.partition("The findings one by one")[0]
    assert SAID in summary(result, "en")
    assert "No gap between single groups" not in text
    assert "it is the reference group that fares worse" in text
    french = summary(result, "fr")
    assert "c’est la référence «\u202fMale\u202f» qui est désavantagée" in french


def test_a_gap_in_a_groups_favour_stands_beside_three_to_a_disadvantage():
    table = {"Male": (250, 250, 250, 250), "Female": (50, 50, 450, 450)}
    table |= dict.fromkeys(("A", "B", "C", "D"), (450, 450, 50, 50))
    ways = [finding.pair.main.direction for finding in leads(audited(table))]
    lines = summary(audited(table), "en").splitlines()
    assert len(lines) <= 25
    assert lines[-1].startswith("Files: ")
    assert ways == ["worse", "worse", "worse", "better"]


def test_no_gap_at_all_is_no_proof():
    result = audited({"Male": (250, 250, 250, 250), "Female": (250, 250, 250, 250)})
    names = Names(result.spec, "en")
    told = opening_of(result, names, findings_of(result, names)).nothing
    assert told[0].text() == "No gap between single groups reaches beyond what chance alone would give in these data."
    assert told[1].text() == "That is no proof that there is none."


def test_a_country_that_the_operator_names_is_not_said_twice():
    system = {"name": "Control", "harm": "punitive", "operator": "Agency, Netherlands", "country": "NL"}
    result = audited({"Male": (250, 250, 250, 250), "Female": (250, 250, 250, 250)}, system=system)
    names = Names(result.spec, "en")
    first = opening_of(result, names, findings_of(result, names)).system[0]
    assert first.text() == "This report audits the system “Control”, run by Agency, Netherlands."
    other = replace(result, spec=result.spec.model_copy(update={
        "system": result.spec.system.model_copy(update={"country": "FR"})}))  # fmt: skip
    first = opening_of(other, names, findings_of(other, names)).system[0]
    assert first.text() == "This report audits the system “Control”, run by Agency, Netherlands (France)."


def test_documents_alone_open_with_what_they_say_together():
    """36 % of controls against 16 % of people: 0.36 / 0.16 = 2.25, and (0.36 / 0.16) / (0.64 / 0.84) = 2.95."""

    def both(text: str) -> dict[str, str]:
        return {"en": text, "fr": text}

    shares = PublishedShares(both("lone parents"), 0.36, 0.16, both("on-site"), both("claimants"), 2.25, 2.953125)
    rights = RightsResult("none", both("title"), (), (), (), (), (shares,), (), ())
    result = AuditResult(rows_spec(), (), (), rights=rights)
    first, last = opening_of(result, Names(result.spec, "en"), None).nothing
    assert first.text().startswith("Lone parents: 36.0% (on-site) against 16.0% (claimants). Their share is 2.25 times")
    assert "their rate of selection is 2.95 times that of everyone else (rate ratio)" in first.text()
    french = opening_of(result, Names(result.spec, "fr"), None).nothing[0].text("fr")
    assert "leur taux de sélection est 2,95 fois celui des autres (rapport des taux)" in french
    assert last.text().startswith("This audit rests on documents alone")


def test_many_analyses_fold_in_the_contents():
    result = audited({"Male": (250, 250, 250, 250), "Female": (50, 50, 450, 450)})
    others = [replace(result.main, key=f"v{i}", estimates=(), gaps=(), views=()) for i in range(6)]
    contents = render_report(replace(result, analyses=(result.main, *others)), "en").partition('<nav class="contents"')[
        2
    ]
    assert "<summary>The other analyses (6)</summary>" in contents.partition("</nav>")[0]
    few = render_report(replace(result, analyses=(result.main, *others[:5])), "en").partition('<nav class="contents"')[
        2
    ]
    assert "<summary>" not in few.partition("</nav>")[0]


def test_the_burden_of_one_rightly_selected_is_a_sentence():
    result = audited({"Male": (250, 250, 250, 250), "Female": (50, 50, 450, 450)})
    gap = replace(result.main.gaps[0], measure="burden", kind="ratio", groups=("Female",), reference=("Male",))
    mine = replace(result.main.estimates[0], measure="burden", groups=("Female",), value=0.95, lower=0.8, upper=1.1)
    other = replace(mine, groups=("Male",), value=0.5, lower=0.4, upper=0.6)
    said = what_sentence(Pair(None, gap), mine, other, Names(result.spec, "en")).text()
    assert said == (
        "In the group “Female”, for each person selected rightly, 0.95 were selected wrongly (0.80 to 1.10); "
        "in the reference group “Male”, 0.50 (0.40 to 0.60)."
    )
    french = Names(result.spec, "fr")
    said = what_sentence(Pair(None, gap), mine, other, french).text("fr")
    assert "pour une personne sélectionnée à raison, on en compte 0,95 à tort" in said


def test_a_mean_is_counted_in_people_and_not_in_scores():
    result = audited({"Male": (250, 250, 250, 250), "Female": (50, 50, 450, 450)})
    mean = replace(
        result.main.estimates[0], measure="mean_score", value=0.4776, numerator=3379.9, denominator=7077, n=7077
    )
    assert estimate_row(mean, False, Names(result.spec, "en"), 0).counts == "n = 7,077"
