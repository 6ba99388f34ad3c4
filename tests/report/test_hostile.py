"""Names are text, whatever they hold: markup, styles, ten thousand characters, marks that turn the reading."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.report import render_report, summary
from auditkit.report.number_words import named
from auditkit.result import AuditResult, Source
from tests.report.page import read
from tests.report.samples import RACE, analysis, rows_spec

NASTY = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<svg onload=alert(1)>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "{group} {0} %(x)s %s",
    "x" * 10_000,
    "abc\u202edcba",
    "\u2066\u2067\u2069\u202a",
    "\x00\x07\x1b[31mred",
    "\ud800",
    "שלום עולם",
    "مجموعة",
    "&amp; &lt;b&gt;",
    "line\none\r\ntwo",
    "",
    " ",
]


def hostile(text: str) -> AuditResult:
    """A result in which every name is `text`."""
    shown = text or "-"
    spec = rows_spec(
        title=shown,
        system={"name": shown, "harm": "punitive", "operator": shown, "sources": [shown], "period": shown},
        groups={"race": {"column": "race", "reference": shown, "name": shown}},
        analyses={},
        known_figures=[{"what": shown, "value": 1, "unit": shown, "source": shown}],
        stages=None,
    )
    table = {(f"{shown}{i}",): counts for i, counts in enumerate(RACE.values())}
    main = analysis("main", spec, {("race",): (table, (f"{shown}0",))})
    return AuditResult(spec=spec, analyses=(main,), sources=(Source(shown, "0" * 64, 1),), version="0.1.0")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_hostile_names_show_as_text(text: str) -> None:
    page = render_report(hostile(text), "en")
    read_back = read(page)
    assert read_back.problems == []
    assert "<script>alert" not in page
    assert read_back.tags.count("script") == 0
    assert read_back.tags.count("style") == 1
    assert read_back.tags.count("title") == 1
    assert not [name for name, _ in read_back.attributes if name.startswith("on")]
    assert len(page) < 600_000
    assert all(mark not in page for mark in "\u202e\u2066\u2067\u2069\u202a\x00\x07\x1b\ud800")
    page.encode("utf-8")
    assert len(read_back.ids) == len(set(read_back.ids))
    assert len(summary(hostile(text), "fr").splitlines()) <= 25


def test_marks_that_turn_the_reading_are_spelled_out() -> None:
    assert "abc\\u202edcba" in read(render_report(hostile("abc\u202edcba"), "en")).text


def test_right_to_left_names_are_kept_whole_and_apart() -> None:
    assert "<bdi>مجموعة0</bdi>" in render_report(hostile("مجموعة"), "en")


def test_a_cut_name_keeps_its_beginning_and_its_title() -> None:
    page = render_report(hostile("y" * 10_000), "en")
    assert f'<bdi title="{"y" * 300}">' in page
    assert "y" * 1_000 not in page


def test_blanks_of_sentences_are_not_filled_twice() -> None:
    text = read(render_report(hostile("{group} {0}"), "en")).text
    assert "{group} {0}0" in text


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_name_is_visible_text(text: str) -> None:
    shown = str(named(text))
    assert len(shown) <= 60
    assert all(c == "\u2028" or ord(c) >= 32 for c in shown)
    shown.encode("utf-8")


def test_two_groups_whose_names_are_cut_alike_keep_their_own_anchors() -> None:
    spec = rows_spec(groups={"race": {"column": "race"}}, analyses={}, stages=None)
    table = {("z" * 100 + str(i),): counts for i, counts in enumerate(RACE.values())}
    main = analysis("main", spec, {("race",): (table, ("z" * 100 + "0",))})
    page = read(render_report(AuditResult(spec=spec, analyses=(main,), sources=()), "en"))
    assert len(page.ids) == len(set(page.ids))


def test_a_name_without_gaps_or_reference_still_renders() -> None:
    result = hostile("plain")
    view = replace(result.main.views[0], reference=None, reason="reference_empty")
    bare = replace(result, analyses=(replace(result.main, views=(view,), gaps=()),))
    assert "Nobody of the reference group is in the data." in read(render_report(bare, "en")).text
