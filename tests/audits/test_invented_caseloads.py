"""The shipped audits of kinds: what was planted in each synthetic caseload is found, and every system has an audit."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import re
from pathlib import Path

import pytest

from auditkit.report.render import render_report
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import load_audit
from auditkit.spec.dataset_spec import load_dataset
from auditkit.spec.file_lines import shipped, shipped_names

ROOT = Path(__file__).parents[2]
ROWS = ROOT / "datasets" / "invented-caseloads"
INVENTED = [name for name in shipped_names("audits") if name.startswith("invented-")]


def rows(name: str) -> list[dict[str, str]]:
    with gzip.open(ROWS / f"synthetic-{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results() -> dict[str, AuditResult]:
    paths = {name: shipped("audits") / name / "audit.yaml" for name in INVENTED}
    return {name: run_audit(load_audit(path), path.parent) for name, path in paths.items()}


def rate(found: AuditResult, measure: str, group: str) -> float:
    return next(e.value for e in found.main.estimates if e.measure == measure and e.group == group)


def verdict(found: AuditResult, measure: str, group: str) -> tuple[str, str]:
    gap = next(g for g in found.main.gaps if g.measure == measure and g.group == group and g.verdict)
    return gap.direction, gap.verdict


def share(lines: list[dict[str, str]], **where: str) -> float:
    """Of the lines that are as `where` says but for `hit`, the share whose last named column is as it says."""
    *given, last = where.items()
    among = [line for line in lines if all(line[key] == value for key, value in given)]
    return sum(line[last[0]] == last[1] for line in among) / len(among)


def test_the_script_draws_what_ships() -> None:
    place = importlib.util.spec_from_file_location("make_caseloads", ROWS / "make_caseloads.py")
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    named = {file.file for file in load_dataset(ROWS / "dataset.yaml").files.values()}
    assert named == {f"synthetic-{name}.csv.gz" for name in module.MADE}
    for name in module.MADE:
        assert gzip.decompress(module.packed(name)) == gzip.decompress((ROWS / f"synthetic-{name}.csv.gz").read_bytes())


@pytest.mark.parametrize(
    ("name", "measure", "group"),
    [
        ("triage", "false_positive_rate", "woman"),
        ("waiting-list", "selection_rate", "elsewhere"),
        ("feed", "selection_rate", "local"),
        ("unclaimed-help", "false_negative_rate", "country"),
        ("peer-outreach", "selection_rate", "none"),
        ("identity-counter", "false_positive_rate", "darker"),
    ],
)
def test_what_was_planted_is_found(results, name: str, measure: str, group: str) -> None:
    assert verdict(results[f"invented-{name}"], measure, group) == ("worse", "established")


def test_rates_are_those_of_the_rows(results) -> None:
    triage = [line for line in rows("triage") if line["caseworker"] != "C"]
    wrong = share(triage, sex="woman", segment="C")
    assert rate(results["invented-triage"], "false_positive_rate", "woman") == pytest.approx(wrong, abs=1e-12)
    entitled = [line for line in rows("claims") if line["entitled"] == "yes"]
    missed = share(entitled, area="country", served="no")
    found = results["invented-unclaimed-help"]
    assert rate(found, "false_negative_rate", "country") == pytest.approx(missed, abs=1e-12)
    faces = [line for line in rows("faces") if line["same"] == "no" and line["skin"] == "darker"]
    matched = sum(float(line["similarity"]) >= 0.6 for line in faces) / len(faces)
    assert rate(results["invented-identity-counter"], "false_positive_rate", "darker") == pytest.approx(matched)
    debts = [float(line["asked"]) - float(line["owed"]) for line in rows("amounts") if line["household"] == "alone"]
    errors = {(k.item, k.groups): k for k in results["invented-overpayments"].main.kind_figures}
    assert errors["mean_error", ("alone",)].value == pytest.approx(sum(debts) / len(debts), abs=1e-9)
    assert errors["mean_error_difference", ("lone parent",)].lower > 20


@pytest.mark.parametrize("name", INVENTED)
def test_the_report_is_there_in_both_languages(results, name: str) -> None:
    english, french = (render_report(results[name], language) for language in ("en", "fr"))
    assert "(SYNTHETIC data)" in english
    assert "(données SYNTHÉTIQUES)" in french


def test_every_audit_stands_in_the_table_of_systems() -> None:
    text = (ROOT / "docs/kinds.md").read_text(encoding="utf-8")
    table = text[text.index("## Which shipped audit") : text.index("## An attribute that nobody recorded")]
    there = {path.name for path in (ROOT / "audits").iterdir()}
    lines = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| system")]
    assert len(lines) == 18  # the seventeen of the background, and hiring
    for line in lines:
        assert set(re.findall(r"`([a-z0-9-]+)`", line)) & there, line
    named = set(re.findall(r"`([a-z0-9-]+)`", table)) - {"classes", "ranking", "verification", "entitled", "probe"}
    assert named - {"reach", "prediction"} <= there
    assert there - named <= {"amsterdam-profiles", "compas-violent"}  # parts of others
