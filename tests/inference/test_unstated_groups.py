"""People without a stated group: by hand, by brute force, and the caseload whose truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.inference import gap_claims, tipping_factor, unstated_claims, unstated_range, unstated_tables

SMALL = (30, 100, 40, 200, 6, 10)


def test_by_hand():
    # r = .15, a = 4.7059: A 30.7059 of 104.7059, B 45.2941 of 205.2941; upwards 36 of 110 against 0.2
    assert unstated_range(*SMALL) == pytest.approx((1.3292, 1.6364), abs=5e-5)
    assert unstated_range(*SMALL, float("inf")) == pytest.approx((1.291806, 1.732075), abs=5e-7)


@pytest.mark.parametrize(
    ("group", "two", "all_", "truth"),
    [
        ((854, 8_644), (0.555, 1.251), (0.370, 2.371), 0.995),
        ((2_590, 16_880), (0.964, 1.663), (0.755, 2.143), 1.510),
    ],
)
def test_the_caseload_whose_truth_is_known(group, two, all_, truth):
    counts = (*group, 14_751, 120_992, 2_036, 10_309)
    assert unstated_range(*counts) == pytest.approx(two, abs=6e-4)
    assert unstated_range(*counts, float("inf")) == pytest.approx(all_, abs=6e-4)
    assert two[0] < truth < two[1]
    # What was invented, and what is true, are both no longer said: the unstated decide.
    assert gap_claims(*counts[:4]).no_gap < 1e-7
    assert unstated_claims(*counts).no_gap > 0.04 / 72
    assert 1.2 < tipping_factor(*counts, 0.04 / 72) < 1.5


def test_a_vector_of_ten_unstated_by_brute_force():
    """Every whole allocation within the factor of two lies inside the range."""
    x, n, x0, n0, cases, unstated = SMALL
    inside = []
    for a in range(unstated + 1):
        for chosen in range(max(0, a - (unstated - cases)), min(a, cases) + 1):
            within = a == 0 or 0.15 <= chosen / a <= 0.6
            for rest in range(unstated - a + 1):
                for rest_chosen in range(min(rest, cases - chosen) + 1):
                    if within and rest - rest_chosen <= unstated - cases - (a - chosen):
                        inside.append(((x + chosen) / (n + a)) / ((x0 + rest_chosen) / (n0 + rest)))
    low, high = unstated_range(*SMALL)
    assert low - 1e-9 <= min(inside)
    assert max(inside) <= high + 1e-9


@settings(max_examples=60, deadline=None)
@given(
    st.integers(20, 400), st.floats(0.05, 0.9), st.integers(20, 400), st.floats(0.05, 0.9), st.integers(0, 60),
    st.floats(0.0, 1.0),
)  # fmt: skip
def test_the_range_widens_with_the_factor_and_holds_the_complete_case(n, p, n0, p0, unstated, share):
    counts = (round(n * p), n, round(n0 * p0), n0, round(unstated * share), unstated)
    if not counts[0] or not counts[2]:
        return
    own = (counts[0] / n) / (counts[2] / n0)
    before = (own, own)
    for factor in (1.0, 1.5, 2.0, 4.0, float("inf")):
        low, high = unstated_range(*counts, factor)
        assert low <= before[0] + 1e-9
        assert high >= before[1] - 1e-9
        before = (low, high)


def test_few_unstated_do_not_tip_a_large_gap():
    assert tipping_factor(720, 2000, 400, 2000, 18, 60, 0.001) == float("inf")
    assert np.isnan(tipping_factor(20, 100, 20, 100, 3, 5, 0.001))


def test_nobody_unstated_changes_nothing():
    tables = unstated_tables(30, 100, 40, 200, 0, 0)
    assert {tuple(column) for column in np.array(tables).T.tolist()} == {(30.0, 100.0, 40.0, 200.0)}
