"""The table of a regression in the report: names in the reader's language, figures as they are, withheld ones said."""

from __future__ import annotations

import re
from pathlib import Path

from auditkit.check import check_audit
from auditkit.report import render_report
from auditkit.run import run_audit
from auditkit.spec import load_audit
from tests.regression.auditing import table

AUDIT = """
title: small
system: {name: small, harm: punitive}
data: rows.csv
selected: {column: s, in: [1]}
groups:
  g: {column: g, reference: b, name: {en: group, fr: groupe}, values: {a: {en: "<i>first", fr: premier}}}
publish: {minimum_count: MINIMUM, because: test}
regressions:
  r: {name: {en: Odds of selection, fr: Cote de la sélection}, kind: logit, outcome: selected, terms: [g]}
"""
COUNTS = {("a", 1): 30, ("a", 0): 10, ("b", 1): 20, ("b", 0): 40}


def _panel(folder: Path, language: str, minimum: int = 0, counts: dict[tuple[str, int], int] = COUNTS) -> str:
    (folder / "rows.csv").write_text(table(counts))
    (folder / "audit.yaml").write_text(AUDIT.replace("MINIMUM", str(minimum)))
    html = render_report(run_audit(load_audit(folder / "audit.yaml"), folder), language)
    panel = html[html.index('id="regressions"') :]
    panel = panel[: panel.index('id="rows"')]
    return " ".join(re.sub(r"<[^>]+>", " ", panel).split())


def test_figures_and_names(tmp_path: Path) -> None:
    panel = _panel(tmp_path, "en")
    assert "Odds of selection" in panel
    assert "What is explained: being selected. Method: logistic regression, standard errors from the model." in panel
    assert "n 100 · selected 50" in panel
    # log 6, with an error of 0.456; six times the odds, 2.25 times as likely
    assert "group · &lt;i&gt;first b 40 1.792 0.897 to 2.686 0.456 &lt; 0.001 6.00 2.45 to 14.68 2.25" in panel


def test_in_french(tmp_path: Path) -> None:
    panel = _panel(tmp_path, "fr")
    assert "Cote de la sélection" in panel
    assert "régression logistique" in panel
    assert "groupe · premier b 40 1,792" in panel


def test_what_is_withheld_is_said_and_not_shown(tmp_path: Path) -> None:
    panel = _panel(tmp_path, "en", minimum=11)
    assert "Withheld: a category of the model rests on too few people" in panel
    assert "1.792" not in panel


def test_why_there_is_no_answer(tmp_path: Path) -> None:
    panel = _panel(tmp_path, "en", counts={("a", 1): 25, ("b", 1): 20, ("b", 0): 40})
    assert "Separation: g a tells the outcome with certainty for some rows" in panel


def test_check_says_what_was_understood(tmp_path: Path) -> None:
    _panel(tmp_path, "en")
    path = tmp_path / "audit.yaml"
    said = [message.text("en") for message in check_audit(load_audit(path), path).understood]
    assert 'Regression "r" (logit): selected by g.' in said


def test_no_regression_no_panel(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(table(COUNTS))
    (tmp_path / "audit.yaml").write_text(AUDIT.replace("MINIMUM", "0").split("regressions:")[0])
    html = render_report(run_audit(load_audit(tmp_path / "audit.yaml"), tmp_path), "en")
    assert 'id="regressions"' not in html
