"""What disclosure withheld leaves no number behind, anywhere on the page; bounds show as bounds."""

from __future__ import annotations

from dataclasses import replace

from auditkit.report import render_report, summary
from tests.report.page import read
from tests.report.samples import counts_result, rows_result
from tests.report.test_tables import with_main

HIDDEN = (
    "0.1234",
    "12.3",
    "0.0111",
    "1.11",
    "1.1%",
    "22.2",
    "0.6543",
    "65.4",
    "0.4242",
    "42.4",
    "4 / 9",
    "77 / 99",
    "0.42",
)


def test_numbers_of_withheld_figures_appear_nowhere() -> None:
    for language in ("en", "fr"):
        page = render_report(counts_result(), language)
        for number in HIDDEN:
            assert number not in page, number
            assert number.replace(".", ",") not in read(page).text, number
            assert number not in summary(counts_result(), language)


def test_the_mark_says_why() -> None:
    text = read(render_report(counts_result(), "en")).text
    assert "withheld (protects fewer than 11)" in text
    assert "withheld (to protect another figure)" in text
    # Two estimates, one difference and one ratio.
    assert "4 figures are withheld because they rest on fewer than 11 people" in text


def test_groups_withheld_whole_are_named_with_the_way_to_show_the_large_ones() -> None:
    for said in (read(render_report(counts_result(), "en")).text, summary(counts_result(), "en")):
        assert "Withheld whole: area “West”, area “East”. A large group may be among them" in said
    assert "Withheld whole" not in summary(rows_result(), "en")


def test_bounds_show_both_ends_with_their_interval() -> None:
    text = read(render_report(counts_result(), "en")).text
    assert "South 131 between 61.0% and 66.0% 52.0% to 74.0%" in text
    assert "61.0 to 66.0%52.0 to 74.0%" in text  # the same in the overview
    assert "whatever they are" in text


def test_an_empty_group_says_so() -> None:
    assert (
        "selection rate, 1 figure: Nobody of this group is in the data."
        in read(render_report(counts_result(), "en")).text
    )


def test_unlinked_attributes_say_so() -> None:
    text = read(render_report(counts_result(), "en")).text
    assert "The attributes stand in separate tables" in text
    assert "cannot be crossed: who stands in two of them is not known" in text


def test_a_summary_does_not_take_withheld_gaps_for_none() -> None:
    result = counts_result()
    hidden = tuple(replace(gap, status="suppressed", verdict=None, direction="none") for gap in result.main.gaps)
    said = summary(with_main(result, gaps=hidden), "en")
    assert "No figure can be published: each group counts fewer than 11 people." in said
    assert "establish no gap" not in said
