"""Which test speaks for a gap, and how large a gap the rows could have shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.inference import fisher_exact, gap_test, ratio_test, smallest_detectable_ratio


def test_fisher_where_fewer_than_five_are_expected() -> None:
    # expected cases 10 * 10/20 = 5 and 9 * 10/20 = 4.5
    result = gap_test([7, 7], [10, 10], [3, 2], [10, 10])
    assert result.test.tolist() == ["score", "fisher"]
    np.testing.assert_allclose(result.p_value[0], ratio_test(7, 10, 3, 10))
    np.testing.assert_allclose(result.p_value[1], stats.fisher_exact([[7, 3], [2, 8]])[1])


def test_complement_decides_the_test_as_well() -> None:
    assert gap_test(98, 100, 95, 100).test == "fisher"
    np.testing.assert_allclose(gap_test(98, 100, 95, 100).p_value, gap_test(2, 100, 5, 100).p_value)


def test_weighted_counts_take_the_score_test() -> None:
    result = gap_test(2.5, 10.2, 1.0, 11.7, weighted=True)
    assert result.test == "score"
    np.testing.assert_allclose(result.p_value, ratio_test(2.5, 10.2, 1.0, 11.7))
    assert gap_test(3, 4, 1, 4, weighted=True).test == "score"


def test_counts_that_are_not_whole_cannot_take_fisher() -> None:
    assert gap_test(2.5, 10.2, 1.0, 11.7).test == "score"


@pytest.mark.parametrize("counts", [(0, 10, 0, 20), (10, 10, 20, 20), (0, 0, 3, 9), (3, 9, 0, 0), (0, 0, 0, 0)])
def test_nothing_to_test(counts: tuple[int, int, int, int]) -> None:
    result = gap_test(*counts)
    assert np.isnan(result.p_value)
    assert result.test == ""


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 80), st.integers(1, 80), st.data())
def test_the_order_of_groups_and_the_name_of_the_event_do_not_matter(n: int, n0: int, data: st.DataObject) -> None:
    x, x0 = data.draw(st.integers(0, n)), data.draw(st.integers(0, n0))
    expected = gap_test(x, n, x0, n0)
    for other in (gap_test(x0, n0, x, n), gap_test(n - x, n, n0 - x0, n0)):
        np.testing.assert_allclose(other.p_value, expected.p_value, rtol=1e-9)
        assert other.test == expected.test


def test_fisher_is_the_exported_one() -> None:
    np.testing.assert_allclose(gap_test(1, 9, 6, 8).p_value, fisher_exact(1, 8, 6, 2))


def by_formula(ratio: float, x0: float, n0: float, n1: float) -> float:
    p0 = (x0 + 0.5) / (n0 + 1)
    p1 = ratio * p0
    m = (n1 * p1 + n0 * p0) / (n1 + n0)
    chance = 1.959963985 * np.sqrt(m * (1 - m) * (1 / n1 + 1 / n0))
    return (ratio - 1) * p0 - chance - 0.841621234 * np.sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)


@pytest.mark.parametrize(("x0", "n0", "n1"), [(99, 999, 1000), (5, 40, 300), (0, 100, 50), (300, 1000, 20)])
def test_smallest_detectable_ratio_solves_its_formula(x0: int, n0: int, n1: int) -> None:
    ratio = float(smallest_detectable_ratio(x0, n0, n1))
    assert ratio > 1
    np.testing.assert_allclose(by_formula(ratio, x0, n0, n1), 0, atol=1e-9)
    # the smallest: nothing on a fine grid below it will do
    assert (np.array([by_formula(r, x0, n0, n1) for r in np.linspace(1, ratio * 0.9999, 200)]) < 0).all()


def test_no_gap_of_any_size() -> None:
    # p0 = 0.96: even a rate of 1 could not be told from it with 10 rows
    assert np.isnan(smallest_detectable_ratio(95, 98, 10))
    assert np.isnan(smallest_detectable_ratio([3, 3], [10, 0], [0, 10])).all()


def test_more_rows_show_smaller_gaps_and_power_is_near_eighty_percent() -> None:
    ratios = smallest_detectable_ratio(200, 2000, [50, 200, 1000, 10_000])
    assert (np.diff(ratios) < 0).all()
    generator = np.random.default_rng(4)
    p0 = 200.5 / 2001
    x, x0 = generator.binomial(1000, ratios[2] * p0, 20_000), generator.binomial(2000, p0, 20_000)
    assert 0.78 < (ratio_test(x, 1000, x0, 2000) < 0.05).mean() < 0.82
