"""French as complete as English: every sentence, every code, and the typography."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from auditkit.measures import MEASURES
from auditkit.report import render_report, summary
from auditkit.report.code_words import METHODS, REASON_SENTENCES, VERDICT_WORDS
from auditkit.result import REASONS, VERDICTS
from auditkit.text import translate, translate_plural
from tests.report.catalogue import ROOT, sentences
from tests.report.page import read
from tests.report.samples import rows_result

CATALOGUES = ROOT / "auditkit" / "text" / "fr" / "LC_MESSAGES"
TEMPLATES = [folder for folder in sorted((ROOT / "report_templates").iterdir()) if folder.name != "page"]
"""The templates of the report's catalogue; the local page has one of its own."""
SAME_IN_BOTH = {
    "delta", "Wald",
    "Wilson", "bootstrap", "DeLong", "Newcombe", "Miettinen-Nurminen", "Student", "Welch", "MOVER", "Greenland-Robins",
    "Robins-Breslow-Greenland", "score", "Source", "Tests",
    "n", "{compared} {shown}", "  {gap} {sure}", "  {people}", "pts", "Note", "Verdict",
    "verdict", "Test",
    "n = {number}", "n {value}", "AIC {value}", "R² {value}", "Coefficient", "p", "TreeSHAP", "Variable", "AUC",
    "{variable}, {rule}", "Part", "{first}, {second}",
    "{figure} ({level})",
    "{decision}.", "{words}.", "{title}.", "{group}", "{group} ({number})", "- {text}", "- {text} [{verdict}]",
    "{first} {then}", "{number} {unit}", "{group}: {value}", "Kaplan-Meier", "Brookmeyer-Crowley", "Cox, log-rank",
}  # fmt: skip


def entries(room: str) -> dict[str, tuple[str, ...]]:
    """The French of each English sentence of a room, all plural forms."""
    with (CATALOGUES / f"{room}.po").open("rb") as file:
        catalogue = read_po(file)
    found = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


@pytest.mark.parametrize(
    ("room", "folders"),
    [("report", (ROOT / "auditkit/report", *TEMPLATES)), ("measures", (ROOT / "auditkit/measures",))],
)
def test_every_sentence_has_its_french_and_no_french_is_left_over(room: str, folders: tuple[Path, ...]) -> None:
    written = {m if isinstance(m, str) else m[0] for m in sentences(*folders)}
    french = entries(room)
    assert written - set(french) == set()
    assert set(french) - written == set()
    assert [key for key, texts in french.items() if not all(texts)] == []
    assert [key for key, texts in french.items() if texts[0] == key and key not in SAME_IN_BOTH] == []


@pytest.mark.parametrize("room", ["report", "measures"])
def test_blanks_are_the_same_in_both_languages(room: str) -> None:
    for key, texts in entries(room).items():
        wanted = {name for _, name, _, _ in Formatter().parse(key) if name}
        for text in texts:
            assert {name for _, name, _, _ in Formatter().parse(text) if name} == wanted, key


@pytest.mark.parametrize("room", ["report", "measures"])
def test_narrow_spaces_stand_before_high_punctuation(room: str) -> None:
    for texts in entries(room).values():
        for text in texts:
            assert not re.search(r"[^\u202f](?:[;!?»%]|:(?!\w))", text), text
            assert not re.search(r"«[^\u202f]", text), text
            assert '"' not in text
            assert "'" not in text


def test_every_reason_has_a_sentence_in_both_languages() -> None:
    assert set(REASON_SENTENCES) == set(REASONS)
    for sentence in REASON_SENTENCES.values():
        assert translate(sentence, "fr") != sentence


def test_every_verdict_word_is_the_contract_word() -> None:
    french = ("établi", "présent (ampleur incertaine)", "faible", "équivalent")
    assert tuple(VERDICT_WORDS) == VERDICTS
    assert tuple(translate(VERDICT_WORDS[code], "fr") for code in VERDICTS) == (*french, "non concluant")


def test_every_measure_is_named_in_french() -> None:
    for row in MEASURES.values():
        for text in (row.name, row.question, row.formula):
            assert translate(text, "fr") != text


def test_every_method_that_the_code_names_has_its_words() -> None:
    named = {"wilson", "wilson_weighted", "cluster", "bootstrap", "delong", "normal", "multinomial", "union",
             "newcombe", "miettinen_nurminen", "newcombe_pairs", "odds_ratio", "square_and_add", "student", "welch",
             "calibration", "mover", "greenland_robins", "robins_breslow_greenland"}  # fmt: skip
    assert named <= set(METHODS)


@pytest.mark.parametrize(("count", "ending"), [(0, ""), (1, ""), (2, "s")])
def test_zero_and_one_are_singular(count: int, ending: str) -> None:
    one, many = "{count} more group in the annex.", "{count} more groups in the annex."
    assert f"autre{ending} " in translate_plural(one, many, count, "fr")


def test_the_french_page_has_french_figures() -> None:
    text = read(render_report(rows_result(), "fr")).text
    # 1369 + 805 = 2174 of 3696 selected, 505 + 349 = 854 of 2454: 58.8 %, 34.8 %, 1.69 times
    assert (
        "Les personnes du groupe «\u202fAfro-Américains\u202f» ont été sélectionnées 1,7 fois plus souvent que" in text
    )
    assert "58,8\u202f%" in text
    assert "3\u202f696 personnes" in text
    assert "établi" in text
    assert "non renseigné" in text
    assert "21 novembre 2026" in text


def test_no_english_sentence_is_left_on_the_french_page() -> None:
    text = read(render_report(rows_result(), "fr")).text + summary(rows_result(), "fr")
    text = text.replace("How We Analyzed the COMPAS", "")
    for word in (" the ", " people ", " group ", " were ", " rate ", " interval ", " withheld "):
        assert word not in text
