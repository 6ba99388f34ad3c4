"""The checklist in the report: statuses in words, figures linked to their place, duties with their dates."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from auditkit.report import render_report
from auditkit.report.group_names import Names
from auditkit.report.rights_panel import rights_panel
from auditkit.result import AuditResult
from auditkit.rights.answers import Answer
from auditkit.rights.chosen_items import chosen_items
from auditkit.rights.library import load_library
from auditkit.rights.rights_record import rights_of
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit
from tests.report.page import Page, read
from tests.report.samples import counts_result

ANSWERS = {
    "EQU-02": {"value": "yes", "because": "we looked"},
    "HUM-01": {"value": "yes", "because": "minutes of May", "documents": [{"link": "https://example.org/<b>"}]},
    "ACC-01": {"value": "not_applicable", "because": "<script>alert(1)</script>"},
}


@cache
def audited() -> AuditResult:
    path = find_audit("amsterdam-smart-check")
    spec = load_audit(path)
    rights = spec.rights.model_copy(update={"framework": "public-benefits-fr"})
    result = run_audit(spec.model_copy(update={"rights": rights}), path.parent)
    answers = {
        key: Answer.model_validate({"role": "head of service", "when": "2026-11-01", **value})
        for key, value in ANSWERS.items()
    }
    return replace(result, rights=rights_of(result, answers, load_library()))


@cache
def page(language: str) -> Page:
    return read(render_report(audited(), language))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_sound_and_every_link_leads_somewhere(language: str) -> None:
    found = page(language)
    assert found.problems == []
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    assert "rights" in found.ids
    assert "script" not in found.tags


def test_open_duties_stand_first() -> None:
    panel = rights_panel(audited(), Names(audited().spec, "en"), ())
    assert panel is not None
    assert [item.key for item in panel.first] == ["EQU-02"]  # EQU-10 asks whether errors are measured: they inform it
    order = ["contradicted", "unanswered", "satisfied", "not applicable"]
    for domain in panel.domains:
        duties = [order.index(item.word) for item in domain.items if item.level == "duty" and item.word in order[:2]]
        later = [item for item in domain.items if item.when.startswith("From ")]
        if not later:
            assert duties == sorted(duties), domain.key
    asked = chosen_items(load_library(), "public-benefits-fr")
    assert sum(len(domain.items) for domain in panel.domains) == len(asked)


def test_a_yes_that_figures_contradict_is_shown_as_contradicted() -> None:
    text = page("en").text
    assert "Answered, and contradicted by the figures of this audit." in text
    assert "Answered yes by head of service on 2026-11-01. we looked" in text


def test_figures_are_linked_to_their_rows() -> None:
    panel = rights_panel(audited(), Names(audited().spec, "en"), set(page("en").ids))
    assert panel is not None
    item = next(item for domain in panel.domains for item in domain.items if item.key == "EQU-02")
    (figure, *_) = item.figures
    assert figure.link in page("en").ids
    assert figure.value == "1.53"
    assert "1.34 to 1.75" in figure.detail
    assert "n = 345" in figure.detail
    assert "limit 1.25" in figure.detail
    assert "established" in figure.detail


def test_duties_now_and_later() -> None:
    english, french = page("en").text, page("fr").text
    assert "From 2 December 2027" in english
    assert "2 August 2030" in english
    assert "2 décembre 2027" in french
    assert "2 août 2030" in french
    assert re.search(r"AI Act, Article 9\(2\) \(to be checked\)", english)
    assert re.search(r"Règlement IA, article 9, paragraphe 2 \(à vérifier\)", french)


def test_what_somebody_answered_is_text() -> None:
    html = render_report(audited(), "en")
    assert "<script>alert" not in html
    assert "https://example.org/<b>" not in html


def test_grounds_not_looked_at_are_named() -> None:
    text = page("fr").text
    assert "Non examinés" in text
    assert "Handicap" in text


def test_a_result_without_a_checklist_has_no_panel() -> None:
    found = read(render_report(counts_result(), "en"))
    assert "rights" not in found.ids
    assert found.problems == []
