"""Odds ratios by score and by the exact conditional law."""

import numpy as np
import pytest
from scipy.stats import nchypergeom_fisher
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.proportion import confint_proportions_2indep

from auditkit.inference import conditional_odds_ratio, odds_ratio_interval

TABLES = [(3, 1, 1, 3), (9, 1, 3, 7), (0, 5, 4, 6), (5, 0, 6, 4), (2, 998, 30, 400), (12, 88, 10, 90)]


@pytest.mark.parametrize("table", TABLES)
def test_exact_interval_agrees_with_scipy(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    expected = odds_ratio([[a, b], [c, d]], kind="conditional").confidence_interval(0.95)
    np.testing.assert_allclose(conditional_odds_ratio(*table), [expected.low, expected.high], rtol=1e-6)


def test_exact_limits_leave_a_fortieth_on_each_side() -> None:
    lower, upper = conditional_odds_ratio(7, 13, 3, 27)
    law = (50, 20, 10)  # all, group, cases
    np.testing.assert_allclose(nchypergeom_fisher.sf(6, *law, float(lower)), 0.025, rtol=1e-8)
    np.testing.assert_allclose(nchypergeom_fisher.cdf(7, *law, float(upper)), 0.025, rtol=1e-8)


def test_exact_interval_wants_whole_counts() -> None:
    assert np.isnan(conditional_odds_ratio(1.5, 2, 3, 4)).all()
    assert np.isnan(conditional_odds_ratio(-1, 2, 3, 4)).all()


def test_margins_that_leave_one_table_say_nothing() -> None:
    lower, upper = conditional_odds_ratio(0, 5, 0, 7)
    assert (lower, upper) == (0.0, np.inf)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@pytest.mark.parametrize("counts", [(15, 20, 5, 20), (30, 100, 20, 90), (1, 50, 8, 60), (40, 41, 20, 41)])
def test_score_interval_agrees_with_statsmodels(counts: tuple[int, int, int, int]) -> None:
    expected = confint_proportions_2indep(*counts, method="score", compare="odds-ratio", correction=True)
    np.testing.assert_allclose(odds_ratio_interval(*counts), expected, rtol=1e-5)


def test_ends_where_a_cell_is_empty() -> None:
    lower, upper = odds_ratio_interval([0, 10, 5, 5], [10] * 4, [5, 5, 0, 10], [10] * 4)
    assert lower[[0, 3]].tolist() == [0.0, 0.0]
    assert upper[[1, 2]].tolist() == [np.inf, np.inf]
    assert (upper[[0, 3]] < 1).all()
    assert (lower[[1, 2]] > 1).all()


def test_nobody_and_everybody_and_no_rows() -> None:
    lower, upper = odds_ratio_interval([0, 10, 0], [10, 10, 0], [0, 10, 5], [10, 10, 10])
    assert lower[:2].tolist() == [0.0, 0.0]
    assert upper[:2].tolist() == [np.inf, np.inf]
    assert np.isnan([lower[2], upper[2]]).all()


def test_complement_inverts_the_odds_ratio() -> None:
    lower, upper = odds_ratio_interval(12, 40, 9, 50)
    other_lower, other_upper = odds_ratio_interval(28, 40, 41, 50)
    np.testing.assert_allclose([lower * other_upper, upper * other_lower], 1.0, rtol=1e-9)


def test_exact_is_taken_only_where_few_are_expected() -> None:
    few, many = (3, 4, 1, 4), (30, 60, 20, 60)
    np.testing.assert_array_equal(odds_ratio_interval(*few, exact=True), conditional_odds_ratio(3, 1, 1, 3))
    np.testing.assert_array_equal(odds_ratio_interval(*many, exact=True), odds_ratio_interval(*many))
    effective = (1.5, 4.0, 1.0, 4.0)
    np.testing.assert_array_equal(odds_ratio_interval(*effective, exact=True), odds_ratio_interval(*effective))
