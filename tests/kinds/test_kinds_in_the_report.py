"""Every kind has its words, its panel and its place in what is released."""

from __future__ import annotations

import json

import pytest

from auditkit.protect.released_files import read_released, released_files
from auditkit.report import kind_words
from auditkit.report.render import render_report
from auditkit.result import KindFigure
from auditkit.spec.kinds.kind_keys import KINDS
from auditkit.text import translate
from tests.kinds.rows_of_kinds import run, table

ROWS = table("g,k,r", [("a,A,A", 400), ("a,B,B", 300), ("a,C,B", 300), ("b,A,A", 95), ("b,B,C", 203), ("b,C,C", 102)])
CLASSES = {"column": "k", "order": ["A", "B", "C"], "actual": "r"}
RATES_ONLY = {"entitled"}


def test_every_kind_and_item_has_words():
    assert set(kind_words.TITLES) == set(kind_words.LEADS)
    assert set(KINDS) - RATES_ONLY <= set(kind_words.TITLES)
    for sentence in (*kind_words.TITLES.values(), *kind_words.ITEMS.values()):
        assert translate(sentence, "fr") != sentence


@pytest.mark.parametrize(("language", "said"), [("en", "in class <bdi>B</bdi>"), ("fr", "en classe <bdi>B</bdi>")])
def test_the_panel_shows_figures_and_what_is_withheld(tmp_path, language, said):
    result = run(tmp_path, ROWS, minimum=11, classes=CLASSES)
    page = render_report(result, language)
    assert said in page
    assert 'id="kinds"' in page
    assert isinstance(result.main.kind_figures[0], KindFigure)


def test_released_files_say_what_the_object_says(tmp_path):
    released = run(tmp_path, ROWS, minimum=11, classes=CLASSES).released
    files = released_files(released)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    again = read_released(tmp_path)
    assert [one.kind_figures for one in again.analyses] == [one.kind_figures for one in released.analyses]
    said = json.loads(files["released.yaml"])
    assert all(one["value"] is None for one in said["analyses"]["main"]["kind_figures"])
