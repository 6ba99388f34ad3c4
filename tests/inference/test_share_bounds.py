"""Differences of two shares with hidden counts: against every table that the publication allows."""

import numpy as np
import pytest

from auditkit.inference import multinomial_difference
from auditkit.inference.share_bounds import share_gap_bounds


def test_by_hand() -> None:
    """0 to 9 people against 20, of 20 + 80 + the hidden: from (0 - 20)/100 to (9 - 20)/109."""
    found = share_gap_bounds((0, 9), (20, 20), (80, 80))
    assert (float(found.bound_lower), float(found.bound_upper)) == pytest.approx((-0.2, -11 / 109))
    assert float(found.lower) == pytest.approx(float(multinomial_difference(0, 20, 100)[0]))
    assert float(found.upper) == pytest.approx(float(multinomial_difference(9, 20, 109)[1]))


def test_known_counts_give_the_plain_interval() -> None:
    found = share_gap_bounds((40, 40), (10, 10), (50, 50))
    assert (float(found.bound_lower), float(found.bound_upper)) == pytest.approx((0.3, 0.3))
    assert (float(found.lower), float(found.upper)) == pytest.approx((0.1745, 0.4255), abs=5e-5)


def test_holds_every_allowed_table_and_no_more() -> None:
    generator = np.random.default_rng(7)
    for turn in range(300):
        low = generator.integers(0, (5, 15, 60)[turn % 3], 3)
        high = low + generator.integers(0, 8, 3) * (generator.random(3) < 0.7)
        grids = np.meshgrid(*(np.arange(a, b + 1) for a, b in zip(low, high, strict=True)), indexing="ij")
        a, b, rest = (grid.ravel() for grid in grids)
        n = a + b + rest
        a, b, n = a[n > 0], b[n > 0], n[n > 0]
        found = share_gap_bounds(*zip(low, high, strict=True))
        if not len(n):
            assert np.isnan(found.bound_lower)
            continue
        lower, upper = multinomial_difference(a, b, n)
        assert float(found.bound_lower) == pytest.approx(((a - b) / n).min())
        assert float(found.bound_upper) == pytest.approx(((a - b) / n).max())
        if low.sum() == 0:
            assert (found.lower, found.upper) == (-1.0, 1.0)
        else:
            assert (float(found.lower), float(found.upper)) == pytest.approx((lower.min(), upper.max()))


def test_what_cannot_be_is_nothing() -> None:
    assert np.isnan(share_gap_bounds((9, 0), (1, 1), (1, 1)).lower)
    assert np.isnan(share_gap_bounds((0, np.inf), (1, 1), (1, 1)).upper)
