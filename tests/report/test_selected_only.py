"""Outcomes seen only for the selected: the first screen says how often being selected led to nothing, never 100 %.

Counts worked by hand. A: 120 of 1,000 selected, 49 right, so 71 of 120 wrong (59.2 %); B: 40 of 500, 15 right, 25 of 40
wrong (62.5 %). Ten times the people, B right 250 of 400: 710 of 1,200 wrong (59.2 %) against 150 of 400 (37.5 %).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from auditkit.errors import SpecError
from auditkit.report import render_report
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import load_audit
from tests.report.samples import counts_result

FORMS: dict[str, tuple[str, str, Callable[[int, int, int], tuple[int, int, int]]]] = {
    "selected": ("{selected: s, total: n, true_positive: tp}", "g,s,n,tp", lambda n, s, tp: (s, n, tp)),
    "wrong": (
        "{true_positive: tp, false_positive: fp, not_selected: r}", "g,tp,fp,r", lambda n, s, tp: (tp, s - tp, n - s),
    ),
    "total": ("{true_positive: tp, false_positive: fp, total: n}", "g,tp,fp,n", lambda n, s, tp: (tp, s - tp, n)),
}  # fmt: skip
UNCLEAR = ((1000, 120, 49), (500, 40, 15))
CLEAR = ((10000, 1200, 490), (5000, 400, 250))


def audited(folder: Path, form: str, both: Any, more: str = "observed: when_selected") -> AuditResult:
    """An audit of two groups from counts in a form."""
    columns, head, line = FORMS[form]
    rows = [f"{name},{','.join(map(str, line(*counts)))}" for name, counts in zip("AB", both, strict=True)]
    (folder / "c.csv").write_text("\n".join([head, *rows, ""]), "utf-8")
    (folder / "audit.yaml").write_text(
        "title: Controls (invented)\nsystem: {name: s, harm: punitive}\n"
        f"data: {{file: c.csv, columns: {columns}}}\n{more}\n"
        "groups: {g: {column: g, reference: B}}\npublish: {minimum_count: 0, because: invented}\n",
        "utf-8",
    )
    path = folder / "audit.yaml"
    return run_audit(load_audit(path), folder)


def first_screen(result: AuditResult, language: str) -> str:
    """The brief's text, its spaces plain."""
    page = render_report(result, language)
    return text_of(page[page.index('<section id="brief"') : page.index('<section id="overview"')])


def text_of(brief: str) -> str:
    """What is read of some HTML."""
    inline = re.sub(r"</?(b|bdi|span|a)\b[^>]*>", "", brief)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", inline)))


@pytest.mark.parametrize("more", ["observed: when_selected", ""], ids=["said", "told by the form"])
@pytest.mark.parametrize("form", FORMS)
def test_the_first_screen_says_how_often_it_was_wrong(form: str, more: str, tmp_path: Path) -> None:
    result = audited(tmp_path, form, UNCLEAR, more)
    english, french = first_screen(result, "en"), first_screen(result, "fr")
    assert "Of 100 people selected among people of the group “A”, 59 were so wrongly" in english
    assert "among people of the group “B”, 63 (inconclusive)" in english
    assert (
        "Of 100 people selected, so many had been so wrongly" in english
    )  # the picture, though nothing is established
    assert "Sur 100 personnes sélectionnées parmi les personnes du groupe « A », 59 l’ont été à tort" in french
    for text in (english, french):
        assert not re.search(r"\b100 ?%", text)
    for measure in ("false_positive_rate", "false_negative_rate", "accuracy"):
        rows = [e for e in result.main.estimates if e.measure == measure]
        assert rows
        assert all(e.value is None and e.status == "bounds" for e in rows)


@pytest.mark.parametrize("form", FORMS)
def test_an_established_gap_leads_with_the_share_wrong_beside_it(form: str, tmp_path: Path) -> None:
    text = first_screen(audited(tmp_path, form, CLEAR, ""), "en")
    assert "were selected 1.5 times as often as people of the group “B”" in text  # 12 % against 8 %
    assert "A: 12.0% selected, 59.2% of these wrongly; B: 8.0% and 37.5%." in text
    assert "59 were so wrongly; among people of the group “B”, 38 (established)" in text  # 37.5 of 100: a half upwards
    assert "2 leading comparisons" in text
    assert "100%" not in text
    assert "wrongly 1.6 times" not in text  # that would be a share of all, which nobody knows


def test_bounds_named_as_leading_are_shown_as_bounds(tmp_path: Path) -> None:
    """Of A's 951 who may be without the outcome 71 were selected wrongly (7.5 %), at most all of 71 (100 %)."""
    more = "observed: when_selected\nprimary: [selection_rate, false_positive_rate]"
    page = render_report(audited(tmp_path, "selected", UNCLEAR, more), "en")
    brief = page[page.index('<section id="brief"') : page.index('<section id="overview"')]
    assert "7.5 to 100%" in re.sub(r"\s+", " ", page)
    assert "100%" not in brief


@pytest.mark.parametrize("form", FORMS)
def test_outcomes_of_those_selected_are_not_taken_for_everybodys(form: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="count outcomes of those selected only"):
        audited(tmp_path, form, UNCLEAR, "observed: everywhere")
    asked = "observed: everywhere\nmeasures: [positive_predictive_value]\nprimary: [positive_predictive_value]"
    kept = audited(tmp_path, form, UNCLEAR, asked)
    assert kept.spec.observed == "everywhere"


def test_an_attribute_withheld_is_not_called_too_small(tmp_path: Path) -> None:
    """Groups of 10 and 9, every figure under the minimum of 11: hidden by the audit, which is no verdict on them."""
    audited(tmp_path, "selected", ((10, 5, 2), (9, 4, 1)), "")
    hidden = tmp_path / "audit.yaml"
    said = hidden.read_text("utf-8").replace("minimum_count: 0, because: invented", "minimum_count: 11")
    hidden.write_text(said, "utf-8")
    result = run_audit(load_audit(hidden), tmp_path)
    english, french = first_screen(result, "en"), first_screen(result, "fr")
    assert "withheld to protect small groups" in english
    assert "masqué pour protéger de petits groupes" in french
    for text in (english, french):
        assert "too few people" not in text
        assert "trop peu" not in text


def test_an_attribute_whose_comparisons_are_withheld_says_so() -> None:
    """The area's groups count 9 and 131 people; each of its comparisons is suppressed."""
    result = counts_result()
    gaps = tuple(replace(g, status="suppressed", n=9.0) if g.attributes == ("area",) else g for g in result.main.gaps)
    made = replace(result, analyses=(replace(result.main, gaps=gaps),))
    assert "Area: withheld to protect small groups." in first_screen(made, "en")
    assert "Quartier : masqué pour protéger de petits groupes." in first_screen(made, "fr")
    assert "Area: withheld to protect small groups" in text_of(render_report(made, "en").split('id="findings"')[1])


def test_an_attribute_observed_to_be_small_is_called_so() -> None:
    result = counts_result()
    gaps = tuple(
        replace(g, status="computed", verdict="inconclusive", n=9.0, reason=None) if g.attributes == ("area",) else g
        for g in result.main.gaps
    )
    text = first_screen(replace(result, analyses=(replace(result.main, gaps=gaps),)), "en")
    assert "Area: too few people to tell." in text
    assert "withheld to protect small groups." not in text.split("What cannot be said")[0]
