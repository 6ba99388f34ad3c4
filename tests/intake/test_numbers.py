"""Numbers as people write them: what each can mean, and what is refused because it can mean two things."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.intake.written_numbers import Interval, Refusal, read_count, read_number, read_share
from auditkit.spec import Suppressed


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1234", None, 1234),
        ("1\u00a0234", None, 1234),
        ("1\u202f234\u202f567", None, 1234567),
        ("1\u2009234", None, 1234),
        ("1'234", None, 1234),
        ("1’234", None, 1234),
        ("12.345", ",", 12345),
        ("12,345", ".", 12345),
        ("1.234,5", ",", 1234.5),
        ("0,36", None, 0.36),
        ("0.36", None, 0.36),
        ("0,360", None, 0.36),
        ("36 %", None, 36),
        ("36\u202f%", None, 36),
        ("2,9 %", None, 2.9),
        ("\u2212 5".replace(" ", ""), None, -5),
        ("1 234*", None, 1234),
        ("1 234 (1)", None, 1234),
        ("12¹", None, 12),
        (" 7 ", None, 7),
    ],
)
def test_numbers_that_mean_one_thing(text, decimal, value):
    assert read_number(text, decimal).value == pytest.approx(value, abs=0)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("12,345", None),  # twelve and a bit, or twelve thousand
        ("12.345", None),
        ("1 23", None),
        ("12 34 567", None),
        ("1,5", "."),
        ("1.5", ","),
        ("(12)", None),
        ("", None),
        ("s", None),
        ("-", None),
        ("n.d.", None),
        ("<5", None),
        ("1e5", None),
        ("nan", None),
        ("inf", None),
        ("1/2", None),
        ("=1+1", None),
        ("١٢", None),
    ],
)
def test_what_can_mean_two_things_or_nothing_is_refused(text, decimal):
    with pytest.raises(Refusal):
        read_number(text, decimal)


@pytest.mark.parametrize("cell", ["-3", -3.0, "2,5", 2.5, "12 %"])
def test_negative_and_fractional_counts_are_refused(cell):
    with pytest.raises(Refusal, match="whole number"):
        read_count(cell, None, (), None)


def test_a_whole_number_written_with_decimals_is_a_count():
    assert read_count("12,0", ",", (), None)[0] == Interval(12, 12, 12)


def test_marks_that_hide_a_number():
    marks = [
        Suppressed(text="s", means=(0, 4)),
        Suppressed(text="<5", means=(1, 4)),
        Suppressed(value=0, means=(0, 9), further="unbounded"),
    ]
    assert read_count("s", None, marks, None)[:2] == (Interval(0, 4, 0), marks[0])
    assert read_count("< 5", None, marks, None)[:2] == (Interval(1, 4, 1), marks[1])
    assert read_count("0", None, marks, 10)[:2] == (Interval(0, 9, 0), marks[2])
    assert read_count(0.0, None, marks, None)[:2] == (Interval(0, 9, 0), marks[2])
    assert read_count("10", None, marks, None)[:2] == (Interval(10, 10, 10), None)


def test_rounded_counts_reach_half_a_step_either_way_and_never_under_zero():
    assert read_count("120", None, (), 10)[0] == Interval(115, 125, 120)
    assert read_count("0", None, (), 10)[0] == Interval(0, 5, 0)


@pytest.mark.parametrize(
    ("cell", "percent", "lower", "upper"),
    [
        ("36 %", 1, 0.355, 0.365),
        ("0,36", 1, 0.355, 0.365),
        ("36,0 %", 1, 0.3595, 0.3605),
        ("36", 100, 0.355, 0.365),
        (0.36, 1, 0.355, 0.365),
        ("0 %", 1, 0.0, 0.005),
        ("100 %", 1, 0.995, 1.0),
    ],
)
def test_a_rounded_share_is_what_its_decimals_allow(cell, percent, lower, upper):
    found = read_share(cell, None, percent)[0]
    assert found.lower == pytest.approx(lower, abs=1e-12)
    assert found.upper == pytest.approx(upper, abs=1e-12)


@pytest.mark.parametrize("cell", ["101 %", "1,2", -0.1])
def test_shares_beyond_the_whole_are_refused(cell):
    with pytest.raises(Refusal):
        read_share(cell, None, 1)


@given(st.integers(0, 10**12), st.sampled_from(["\u00a0", "\u202f", " ", "\u2009", "'", ""]))
def test_thousands_may_be_apart_by_any_space(number, space):
    assert read_number(f"{number:,}".replace(",", space), None).value == number


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_refused(text):
    try:
        found = read_number(text, None)
    except Refusal:
        return
    assert math.isfinite(found.value)
