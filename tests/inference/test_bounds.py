"""Bounds from hidden counts, against brute enumeration of every table the publication allows."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.inference import (
    CountBounds,
    gap_bounds,
    gap_test,
    largest_gap_bounds,
    newcombe,
    rate_bounds,
    rate_interval_union,
    ratio_interval,
    wilson,
)

RANGE = st.tuples(st.integers(0, 15), st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def tables(*ranges: tuple[int, int]) -> np.ndarray:
    return np.array(list(product(*(range(low, high + 1) for low, high in ranges)))).T


@settings(max_examples=80, deadline=None)
@given(RANGE, RANGE)
def test_rate_bounds_and_union_hold_every_table(cases: tuple[int, int], others: tuple[int, int]) -> None:
    x, y = tables(cases, others)
    there = x + y > 0
    lower, upper = rate_bounds(*cases, *others)
    union_lower, union_upper = rate_interval_union(*cases, *others)
    if not there.any():
        assert np.isnan([lower, upper, union_lower, union_upper]).all()
        return
    rates = x[there] / (x + y)[there]
    np.testing.assert_allclose([lower, upper], [rates.min(), rates.max()])
    ends = wilson(x[there], (x + y)[there])
    if there.all():
        np.testing.assert_allclose([union_lower, union_upper], [ends[0].min(), ends[1].max()], atol=1e-12)
    else:
        assert (union_lower, union_upper) == (0.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(RANGE, RANGE, RANGE, RANGE)
def test_gap_bounds_hold_every_table_and_are_reached(
    cases: tuple[int, int], others: tuple[int, int], cases0: tuple[int, int], others0: tuple[int, int]
) -> None:
    x, y, x0, y0 = tables(cases, others, cases0, others0)
    result = gap_bounds(CountBounds.of(*cases, *others), CountBounds.of(*cases0, *others0))
    there = (x + y > 0) & (x0 + y0 > 0)
    if not there.any():
        assert np.isnan([result.difference.lower, result.ratio.lower, result.p_value]).all()
        return
    x, y, x0, y0 = x[there], y[there], x0[there], y0[there]
    gaps = x / (x + y) - x0 / (x0 + y0)
    np.testing.assert_allclose(
        [result.difference.bound_lower, result.difference.bound_upper], [gaps.min(), gaps.max()], atol=1e-12
    )
    nearest = 0.0 if gaps.min() <= 0 <= gaps.max() else gaps[np.abs(gaps).argmin()]
    np.testing.assert_allclose(result.difference.estimate, nearest, atol=1e-12)
    if there.all():
        ends = newcombe(x, x + y, x0, x0 + y0)
        np.testing.assert_allclose(
            [result.difference.lower, result.difference.upper], [ends[0].min(), ends[1].max()], atol=1e-9
        )
        ends = ratio_interval(x, x + y, x0, x0 + y0)
        np.testing.assert_allclose(
            [result.ratio.lower, result.ratio.upper], [ends[0].min(), ends[1].max()], rtol=1e-7, atol=1e-12
        )
    else:
        assert (result.difference.lower, result.difference.upper) == (-1.0, 1.0)
        assert (result.ratio.lower, result.ratio.upper) == (0.0, np.inf)
    p_values = gap_test(x, x + y, x0, x0 + y0).p_value
    if np.isfinite(p_values).any():
        assert result.p_value >= np.nanmax(p_values) - 1e-12
        assert gaps.min() <= 0 <= gaps.max() or result.p_value == pytest.approx(np.nanmax(p_values))


def test_ratio_bounds_by_hand() -> None:
    """Group 0 to 9 of cases and 40 others; reference 30 of 100."""
    ratio = gap_bounds(CountBounds.of(0, 9, 40, 40), CountBounds.of(30, 30, 70, 70)).ratio
    assert ratio.bound_lower == 0.0
    np.testing.assert_allclose(ratio.bound_upper, (9 / 49) / 0.3)
    np.testing.assert_allclose(ratio.estimate, (9 / 49) / 0.3)  # below 1 throughout: the end nearest 1
    assert ratio.lower == 0.0
    np.testing.assert_allclose(ratio.upper, ratio_interval(9, 49, 30, 100)[1])


def test_bounds_that_hold_no_gap_say_so() -> None:
    result = gap_bounds(CountBounds.of(10, 19, 90, 90), CountBounds.of(150, 150, 850, 850))
    assert (result.ratio.estimate, result.difference.estimate, result.p_value) == (1.0, 0.0, 1.0)


def test_reference_that_may_have_no_case_and_group_that_has_none() -> None:
    result = gap_bounds(CountBounds.of(5, 8, 40, 40), CountBounds.of(0, 9, 50, 50))
    assert result.ratio.bound_upper == np.inf
    assert result.ratio.upper == np.inf
    nothing = gap_bounds(CountBounds.of(0, 0, 40, 40), CountBounds.of(0, 0, 50, 50))
    assert np.isnan([nothing.ratio.bound_lower, nothing.ratio.estimate, nothing.p_value]).all()
    assert (nothing.ratio.lower, nothing.ratio.upper) == (0.0, np.inf)
    assert (nothing.difference.bound_lower, nothing.difference.bound_upper) == (0.0, 0.0)


def test_known_counts_give_the_plain_interval() -> None:
    result = gap_bounds(CountBounds.of(30, 30, 70, 70), CountBounds.of(20, 20, 80, 80))
    np.testing.assert_array_equal([result.ratio.lower, result.ratio.upper], ratio_interval(30, 100, 20, 100))
    np.testing.assert_array_equal([result.difference.lower, result.difference.upper], newcombe(30, 100, 20, 100))
    assert result.p_value == gap_test(30, 100, 20, 100).p_value
    assert result.ratio.bound_lower == result.ratio.bound_upper == result.ratio.estimate


def test_rounded_counts_in_the_thousands() -> None:
    group, reference = CountBounds.of(995, 1005, 4995, 5005), CountBounds.of(1495, 1505, 9995, 10005)
    result = gap_bounds(group, reference)
    np.testing.assert_allclose(result.ratio.bound_lower, (995 / 6000) / (1505 / 11500))
    np.testing.assert_allclose(result.p_value, gap_test(995, 6000, 1505, 11500).p_value)


def test_many_hidden_counts_do_not_take_long_and_every_corner_is_tried() -> None:
    result = gap_bounds(CountBounds.of(40, 90, 0, 30), CountBounds.of(0, 9, 100, 900))
    x, y, x0, y0 = np.array(list(product((40, 90), (0, 30), (0, 9), (100, 900)))).T
    assert result.p_value >= np.nanmax(gap_test(x, x + y, x0, x0 + y0).p_value)


def test_impossible_bounds_are_nan() -> None:
    assert np.isnan(rate_bounds([9, -1], [0, 3], [40, 40], [40, 40])).all()
    assert np.isnan(rate_interval_union(9, 0, 40, 40)).all()


def test_arrays_of_bounds() -> None:
    group = CountBounds.of([0, 12], [9, 12], [40, 88], [40, 88])
    reference = CountBounds.of(30, 30, 70, 70)
    result = gap_bounds(group, reference)
    assert result.ratio.lower.shape == result.p_value.shape == (2,)
    one = gap_bounds(CountBounds.of(12, 12, 88, 88), reference)
    assert result.p_value[1] == one.p_value


def test_largest_gap_bounds_hold_every_table() -> None:
    groups = CountBounds.of([0, 10, 3], [4, 10, 5], [16, 10, 30], [18, 12, 30])
    result = largest_gap_bounds(groups)
    first, second, third = tables((0, 4), (16, 18)), tables((10, 10), (10, 12)), tables((3, 5), (30, 30))
    gaps = []
    for (a, b), (c, d), (e, f) in product(first.T, second.T, third.T):
        rates = [a / (a + b), c / (c + d), e / (e + f)]
        gaps.append(max(rates) - min(rates))
    assert result.bound_lower <= min(gaps)
    np.testing.assert_allclose(result.bound_upper, max(gaps))
    np.testing.assert_allclose(result.upper, newcombe(10, 20, 0, 18, 1 - 0.05 / 3)[1])
    assert 0 <= result.lower <= result.bound_lower
    assert np.isnan(largest_gap_bounds(CountBounds.of([1], [2], [3], [4])).bound_lower)
