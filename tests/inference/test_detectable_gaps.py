"""The smallest gap that would have been found: the exact chance of the verdict at the ratio printed is four in five."""

import numpy as np
import pytest
from scipy import stats

from auditkit.inference import gap_claims, smallest_established, smallest_told


@pytest.mark.parametrize(
    ("x0", "n0", "n", "level"), [(1000, 10_000, 1000, 0.001), (30, 600, 60, 0.05), (400, 1000, 300, 0.04 / 90)]
)
def test_at_the_printed_ratio_the_word_comes_in_eighty_of_a_hundred(x0, n0, n, level):
    x = np.arange(n + 1)
    claims = gap_claims(x, n, x0, n0)
    above = x / n > x0 / n0
    for ratio, found in (
        (smallest_established(x0, n0, n, level), claims.beyond <= level),
        (smallest_told(x0, n0, n, level), claims.no_gap <= level),
    ):
        assert stats.binom.pmf(x, n, float(ratio) * x0 / n0)[found & above].sum() == pytest.approx(0.8, abs=1e-6)


def test_what_cannot_be_found_is_nan():
    assert np.isnan(smallest_established([0, 5, 700], [100, 6, 20_000], [50, 20, 29], 0.001)).all()
    assert np.isnan(smallest_told(0, 100, 50, 0.001))
    assert np.isnan(smallest_told(45, 50, 5, 0.0001))


def test_it_does_not_shrink_with_a_larger_family():
    ratios = smallest_established(1000, 10_000, 1000, 0.04 / np.array([1, 10, 40, 176]))
    assert (np.diff(ratios) > 0).all()
