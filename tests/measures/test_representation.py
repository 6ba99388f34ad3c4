"""Two published shares: the two figures they allow, worked by hand and from counts that have those shares."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.measures.representation_ratio import representation


def test_36_percent_of_controls_and_16_percent_of_people() -> None:
    found = representation(0.36, 0.16)
    assert found.representation_ratio == pytest.approx(2.25)
    assert found.rate_ratio == pytest.approx((0.36 / 0.64) / (0.16 / 0.84))
    assert round(found.rate_ratio, 2) == 2.95


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_agrees_with_rates_worked_from_counts(selected: int, left: int, selected_rest: int, left_rest: int) -> None:
    """Counts with these shares: the group's rate over everybody's, and over the rest's."""
    group, rest = selected + left, selected_rest + left_rest
    all_selected = selected + selected_rest
    found = representation(selected / all_selected, group / (group + rest))
    of_all = Fraction(selected, group) / Fraction(all_selected, group + rest)
    of_rest = Fraction(selected, group) / Fraction(selected_rest, rest)
    assert found.representation_ratio == pytest.approx(float(of_all))
    assert found.rate_ratio == pytest.approx(float(of_rest))


def test_a_group_that_holds_every_selection_and_one_that_holds_none() -> None:
    assert representation(1.0, 0.25).representation_ratio == 4.0
    assert representation(1.0, 0.25).rate_ratio == inf
    assert representation(0.0, 0.25) == type(representation(0.0, 0.25))(0.0, 0.0)


def test_nobody_and_everybody_have_no_ratio_to_the_rest() -> None:
    assert isnan(representation(0.1, 0.0).representation_ratio)
    assert isnan(representation(0.1, 0.0).rate_ratio)
    assert representation(1.0, 1.0).representation_ratio == 1.0
    assert isnan(representation(1.0, 1.0).rate_ratio)


@pytest.mark.parametrize("share", [36.0, -0.01, float("nan")])
def test_a_percentage_is_not_a_share(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        representation(share, 0.16)
