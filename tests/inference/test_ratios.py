"""Miettinen and Nurminen's ratio: the published example, statsmodels, and the cases where a logarithm fails."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import ndtr
from statsmodels.stats.proportion import confint_proportions_2indep, score_test_proportions_2indep

from auditkit.inference import ratio_interval, ratio_test

Z = 1.959963984540054


def statistic(ratio: float, x: float, n: float, x0: float, n0: float) -> float:
    """The score statistic, written from the paper: restricted rates from the quadratic, variance times N/(N-1)."""
    total = n + n0
    a, b, c = total * ratio, -(n * ratio + x + n0 + x0 * ratio), x + x0
    p0 = (-b - np.sqrt(b * b - 4 * a * c)) / (2 * a)
    p = ratio * p0
    variance = (p * (1 - p) / n + ratio**2 * p0 * (1 - p0) / n0) * total / (total - 1)
    return float((x / n - ratio * x0 / n0) / np.sqrt(variance))


@pytest.mark.parametrize(
    "counts", [(56, 70, 48, 80), (10, 10, 3, 11), (1, 40, 9, 37), (7, 12, 12, 13), (3, 9, 400, 1000)]
)
def test_limits_solve_the_equation_of_the_paper(counts: tuple[int, int, int, int]) -> None:
    lower, upper = ratio_interval(*counts)
    estimate = counts[0] / counts[1] / (counts[2] / counts[3])
    expected = brentq(lambda r: statistic(r, *counts) - Z, 1e-9, estimate * (1 - 1e-9), xtol=1e-15)
    np.testing.assert_allclose(lower, expected, rtol=1e-10)
    expected = brentq(lambda r: statistic(r, *counts) + Z, estimate * (1 + 1e-9), 1e6, rtol=1e-14)
    np.testing.assert_allclose(upper, expected, rtol=1e-10)


def test_koopmans_published_example() -> None:
    """Koopman, Biometrics 40 (1984): 36 of 40 against 16 of 80 gives 2.94 to 7.15, without the factor N/(N-1)."""
    smaller = 2 * ndtr(Z * np.sqrt(119 / 120)) - 1
    np.testing.assert_allclose(ratio_interval(36, 40, 16, 80, smaller), [2.94, 7.15], atol=0.005)


@settings(max_examples=40, deadline=None)
@given(st.integers(5, 200), st.integers(5, 200), st.data())
def test_agrees_with_statsmodels(n: int, n0: int, data: st.DataObject) -> None:
    x, x0 = data.draw(st.integers(1, n - 1)), data.draw(st.integers(1, n0 - 1))
    expected = confint_proportions_2indep(x, n, x0, n0, method="score", compare="ratio", correction=True)
    np.testing.assert_allclose(ratio_interval(x, n, x0, n0), expected, rtol=2e-3)
    tested = score_test_proportions_2indep(x, n, x0, n0, compare="ratio", value=1, correction=True)
    np.testing.assert_allclose(ratio_test(x, n, x0, n0), tested.pvalue, rtol=1e-6, atol=1e-12)


def test_no_case_in_one_group_or_in_both() -> None:
    lower, upper = ratio_interval([0, 5, 0], [10, 10, 10], [5, 0, 0], [10, 10, 10])
    assert lower.tolist()[::2] == [0.0, 0.0]
    assert 0 < upper[0] < 1
    assert upper.tolist()[1:] == [np.inf, np.inf]
    assert lower[1] > 1
    np.testing.assert_allclose(lower[1], 1 / upper[0], rtol=1e-10)


def test_everyone_a_case_in_both() -> None:
    lower, upper = ratio_interval(10, 10, 20, 20)
    # z(R) = (1 - R) / sqrt((R - 1)/n0 * N/(N-1)) above 1, and with n and 1/R below
    np.testing.assert_allclose(upper, 1 + Z**2 / 20 * 30 / 29, rtol=1e-10)
    # below 1: (1 - R)^2 = z^2 R (1 - R)/n * N/(N-1)
    np.testing.assert_allclose(lower, 1 / (1 + Z**2 / 10 * 30 / 29), rtol=1e-10)
    assert np.isnan(ratio_test(10, 10, 20, 20))


def test_one_person_each() -> None:
    lower, upper = ratio_interval([0, 1, 0, 1], [1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 1, 1])
    assert not np.isnan(lower).any()
    assert (lower <= [1, 1, 0, 1]).all()
    assert (upper >= [1, 1, 0, 1]).all()


def test_zero_denominators_and_nan_give_nan_in_silence() -> None:
    for counts in ((0, 0, 3, 9), (3, 9, 0, 0), (np.nan, 9, 3, 9), (12, 9, 3, 9)):
        assert np.isnan(ratio_interval(*counts)).all()
        assert np.isnan(ratio_test(*counts))


def test_nothing_can_be_tested_where_nobody_or_everybody_is_a_case() -> None:
    assert np.isnan(ratio_test([0, 10], [10, 10], [0, 12], [9, 12])).all()


def test_test_by_hand() -> None:
    # 15 of 20 against 5 of 20: chi-square 10, times 39/40, z = 3.122; P(|Z| > 3.1225) = 0.001793
    np.testing.assert_allclose(ratio_test(15, 20, 5, 20), 0.0017933, rtol=1e-4)
    assert ratio_test(5, 10, 50, 100) == 1.0


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 300), st.integers(2, 300), st.data())
def test_interval_excludes_one_exactly_where_the_test_rejects(n: int, n0: int, data: st.DataObject) -> None:
    x, x0 = data.draw(st.integers(0, n)), data.draw(st.integers(0, n0))
    lower, upper = ratio_interval(x, n, x0, n0)
    p_value = ratio_test(x, n, x0, n0)
    if not np.isnan(p_value) and abs(p_value - 0.05) > 1e-9:
        assert (lower > 1 or upper < 1) == (p_value < 0.05)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_turning_the_groups_round_inverts_the_interval(n: int, n0: int, data: st.DataObject) -> None:
    x, x0 = data.draw(st.integers(1, n)), data.draw(st.integers(1, n0))
    lower, upper = ratio_interval(x, n, x0, n0)
    turned_lower, turned_upper = ratio_interval(x0, n0, x, n)
    np.testing.assert_allclose([lower * turned_upper, upper * turned_lower], 1.0, rtol=1e-9)


def test_huge_counts_come_close_to_the_logarithm() -> None:
    x, n, x0, n0 = 2_000_000, 50_000_000, 1_000_000, 50_000_000
    error = np.sqrt(1 / x - 1 / n + 1 / x0 - 1 / n0)
    np.testing.assert_allclose(np.log(ratio_interval(x, n, x0, n0)), np.log(2) + np.array([-Z, Z]) * error, atol=2e-6)


def test_fifty_thousand_take_about_a_second_at_most() -> None:
    generator = np.random.default_rng(1)
    n, n0 = generator.integers(1, 5000, (2, 50_000))
    x, x0 = generator.binomial(n, 0.05), generator.binomial(n0, 0.04)
    start = time.perf_counter()
    lower, upper = ratio_interval(x, n, x0, n0)
    assert time.perf_counter() - start < 5  # 0.15 s on an idle machine
    assert (lower <= upper).all()
