"""Wilson, Newcombe and square-and-add against published tables and statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from auditkit.inference import newcombe, square_and_add, wilson

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("cases", "n", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17: 857, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_as_published(cases: int, n: int, lower: float, upper: float) -> None:
    got = wilson(cases, n)
    assert round(float(got[0]), 4) == lower
    assert round(float(got[1]), 4) == upper


def test_wilson_at_the_ends() -> None:
    lower, upper = wilson([0, 7, 0, 1], [7, 7, 1, 1])
    assert lower[0] == 0.0
    assert upper[1] == 1.0
    z_squared = 1.959963984540054**2
    np.testing.assert_allclose(upper[2], z_squared / (1 + z_squared), rtol=1e-12)
    np.testing.assert_allclose(lower[3], 1 / (1 + z_squared), rtol=1e-12)


def test_wilson_without_rows_or_with_impossible_counts_is_nan_in_silence() -> None:
    lower, upper = wilson([0, 5, -1, np.nan, 3], [0, 4, 9, 9, np.nan])
    assert np.isnan(lower).all()
    assert np.isnan(upper).all()


def test_wilson_keeps_its_digits_with_one_case_in_a_billion() -> None:
    lower, _ = wilson(1, 1_000_000_000)
    # x^2 / (x + z^2/2 + z sqrt(x + z^2/4)) / n for n without bound
    z = 1.959963984540054
    np.testing.assert_allclose(lower * 1e9, 1 / (1 + z**2 / 2 + z * np.sqrt(1 + z**2 / 4)), rtol=1e-7)


@settings(max_examples=60, deadline=None)
@given(COUNTS.filter(lambda pair: pair[1] > 0), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_wilson_agrees_with_statsmodels(pair: tuple[int, int], confidence: float) -> None:
    expected = proportion_confint(*pair, alpha=1 - confidence, method="wilson")
    np.testing.assert_allclose(wilson(*pair, confidence), expected, atol=1e-10)


@settings(max_examples=60, deadline=None)
@given(COUNTS.filter(lambda pair: pair[1] > 0))
def test_a_rate_and_its_complement_mirror_each_other(pair: tuple[int, int]) -> None:
    cases, n = pair
    lower, upper = wilson(cases, n)
    other_lower, other_upper = wilson(n - cases, n)
    np.testing.assert_allclose([lower, upper], [1 - other_upper, 1 - other_lower], atol=1e-12)


@pytest.mark.parametrize(
    ("counts", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),  # Newcombe 1998, Statistics in Medicine 17: 873, table II, method 10
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_is_as_published(counts: tuple[int, int, int, int], lower: float, upper: float) -> None:
    np.testing.assert_allclose(newcombe(*counts), [lower, upper], atol=5.1e-5)


@settings(max_examples=40, deadline=None)
@given(COUNTS.filter(lambda pair: pair[1] > 0), COUNTS.filter(lambda pair: pair[1] > 0))
def test_newcombe_agrees_with_statsmodels_and_turns_round(one: tuple[int, int], two: tuple[int, int]) -> None:
    expected = confint_proportions_2indep(*one, *two, method="newcomb", compare="diff")
    lower, upper = newcombe(*one, *two)
    np.testing.assert_allclose([lower, upper], expected, atol=1e-9)
    np.testing.assert_allclose(newcombe(*two, *one), [-upper, -lower], atol=1e-12)


def test_newcombe_without_a_denominator_is_nan() -> None:
    assert np.isnan(newcombe(0, 0, 3, 10)).all()
    assert np.isnan(newcombe(3, 10, 0, 0)).all()


def test_effective_counts_of_any_size_are_accepted() -> None:
    lower, upper = wilson([0.1 * 3.7, 2.5], [3.7, 2.5 * (1 - 1e-12)])
    assert (lower < [0.1, 1.0]).all()
    assert upper[1] == 1.0


def test_replicates_are_one_more_leading_axis() -> None:
    cases, n = np.array([[3, 5], [4, 6], [0, 10]]), np.array([10, 10])
    lower, upper = newcombe(cases, n, 2, 10)
    assert lower.shape == (3, 2)
    for index in np.ndindex(3, 2):
        one = newcombe(cases[index], n[index[1]], 2, 10)
        np.testing.assert_array_equal([lower[index], upper[index]], one)


def test_square_and_add_by_hand() -> None:
    # distances 3 and 4 down, 4 and 3 up: 5 both ways round a difference of 4
    np.testing.assert_allclose(square_and_add(10, 7, 14, 6, 3, 10), [-1, 9])
    assert np.isnan(square_and_add(10, np.nan, 14, 6, 3, 10)[0])
