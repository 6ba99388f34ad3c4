"""Twenty questions that a lay reader asks, each answered by one place of the report, found by its anchor.

The figures are those that were published (ProPublica's contingency tables of COMPAS; the City of Amsterdam's counts) or
are worked out of them by hand: 1,795 * (805/1,795 - 349/1,488) = 384 people.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser

import pytest

from auditkit.report import render_report
from auditkit.report.group_names import anchor
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit
from tests.report.page import BLOCKS, VOID

BLACK = ("main", "race", "African-American", "Caucasian")
FLAGGED_BLACK = anchor("finding", *BLACK, "selection_rate")
WRONGLY_BLACK = anchor("finding", *BLACK, "false_positive_rate")
DUTCH = ("main", "nationality_dutch", "not Dutch", "Dutch")
FLAGGED_NOT_DUTCH = anchor("finding", *DUTCH, "selection_rate")
WRONGLY_NOT_DUTCH = anchor("finding", *DUTCH, "false_positive_rate")

QUESTIONS: list[tuple[str, str, str, tuple[str, ...], tuple[str, ...]]] = [
    ("What system is this about, and who runs it?", "compas", "opening",
     ("the system “COMPAS”, run by Broward County, Florida (United States)",),
     ("le système « COMPAS » (organisme : Comté de Broward",)),
    ("What does it decide?", "compas", "opening",
     ("Risk level shown to the judge before trial",), ("Niveau de risque montré au juge avant le procès",)),
    ("Is it good or bad to be selected?", "compas", "opening",
     ("Being selected is unfavourable",), ("Être sélectionné est défavorable",)),
    ("How many people do the figures rest on?", "compas", "rows", ("rows used 7,214",), ("lignes retenues 7 214",)),
    ("Were African-American people flagged more often?", "compas", FLAGGED_BLACK,
     ("58.8% were selected", "34.8% of 2,454"), ("58,8 % ont été sélectionnées", "34,8 % de 2 454")),
    ("How many times more often?", "compas", FLAGGED_BLACK, ("1.69 times as frequent",), ("1,69 fois la fréquence",)),
    ("How many of those flagged did not offend again?", "compas", WRONGLY_BLACK,
     ("44.8% were selected all the same", "23.5% of 1,488"), ("44,8 % ont tout de même été", "23,5 % de 1 488")),
    ("How many more African-American people were flagged wrongly?", "compas", WRONGLY_BLACK,
     ("384 fewer people of this group would have been selected wrongly (between 327 and 440)",),
     ("384 personnes de moins de ce groupe auraient été sélectionnées à tort (entre 327 et 440)",)),
    ("How sure is that?", "compas", WRONGLY_BLACK, ("established",), ("établi (statistiquement)",)),
    ("Could it be chance?", "compas", WRONGLY_BLACK, ("p < 0.001",), ("p < 0,001",)),
    ("How many white people who offended again were missed?", "compas",
     anchor("main", "race", "Caucasian", "false_negative_rate"), ("47.7%", "461 / 966"), ("47,7 %", "461 / 966")),
    ("What would another threshold have done?", "compas", "points", ("Other thresholds",), ("Autres seuils",)),
    ("What does “established” mean?", "compas", "findings",
     ("Both groups count at least 30 people",), ("au moins 30 personnes",)),
    ("Does this prove discrimination?", "compas", "limits",
     ("whether it is discrimination, is a question for lawyers",), ("une question pour les juristes",)),
    ("What can the figures not say?", "compas", "opening", ("What cannot be said",), ("Ce qu’on ne peut pas dire",)),
    ("How do I check the report myself?", "compas", "sources", ("auditkit verify",), ("auditkit verify",)),
    ("Which country is Amsterdam's system in?", "amsterdam-smart-check", "system",
     ("Country Netherlands",), ("Pays Pays-Bas",)),
    ("Were people who are not Dutch investigated more often?", "amsterdam-smart-check", FLAGGED_NOT_DUTCH,
     ("53.0% were selected", "34.6% of 876"), ("53,0 % ont été sélectionnées", "34,6 % de 876")),
    ("How many of them wrongly?", "amsterdam-smart-check", WRONGLY_NOT_DUTCH,
     ("25 fewer people of this group would have been selected wrongly",),
     ("25 personnes de moins de ce groupe auraient été sélectionnées à tort",)),
    ("What did the city itself find?", "amsterdam-smart-check", "system", ("1.99 times",), ("1,99 fois",)),
]  # fmt: skip


class Places(HTMLParser):
    """The words of every element whose id a question names, in one reading of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wanted = {place for _, _, place, _, _ in QUESTIONS}
        self.open: list[str | None] = []
        self.words: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        place = dict(attrs).get("id")
        if place in self.wanted:
            assert place not in self.words, f"two places are called {place}"
            self.words[str(place)] = []
        if tag not in VOID:
            self.open.append(place if place in self.wanted else None)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.handle_data(" ")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for place in self.open:
            if place is not None:
                self.words[place].append(data)


@cache
def result(name: str) -> AuditResult:
    """The main analysis of a shipped audit."""
    path = find_audit(name)
    spec = load_audit(path)
    return run_audit(spec.model_copy(update={"analyses": {}, "crossed": []}), path.parent)


@cache
def places(name: str, language: str) -> dict[str, str]:
    """What stands at each place of a report."""
    reader = Places()
    reader.feed(render_report(result(name), language))
    return {k: re.sub(r"\s+", " ", "".join(words).replace("\u202f", " ")) for k, words in reader.words.items()}


def test_there_are_twenty_questions() -> None:
    assert len(QUESTIONS) == len({question for question, *_ in QUESTIONS}) == 20


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("question", "audit", "place", "english", "french"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_one_place_answers(
    question: str, audit: str, place: str, english: tuple[str, ...], french: tuple[str, ...], language: str
) -> None:
    words = places(audit, language).get(place)
    assert words is not None, f"no place answers: {question}"
    for answer in english if language == "en" else french:
        assert answer in words, (question, words[:600])
