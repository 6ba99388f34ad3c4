"""The first screen tells the strongest gaps of either direction, names the system once, and never hides a reference."""

from __future__ import annotations

from dataclasses import replace

from auditkit.report import render_report, summary
from auditkit.report.findings import findings_of
from auditkit.report.names import Names
from auditkit.report.opening import leading_findings, opening_of
from auditkit.report.pairs import primary_measures
from auditkit.results import AuditResult
from tests.report.page import read
from tests.report.samples import analysis, rows_spec

SEX = ("sex",)
SAID = "The gap is in favour of the group “Female”: seen from the other side, it is the reference “Male” that fares worse."


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
    table |= {name: (450, 450, 50, 50) for name in ("A", "B", "C", "D")}
    ways = [finding.pair.main.direction for finding in leads(audited(table))]
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
