"""Search for subgroups: case e of the vectors, a planted one is found, and fair rows give none beyond the level."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.inference import slice_score, subgroup_search
from benchmarks.subgroup_search import rows


def test_the_published_score() -> None:
    """n 2000, mean error .1575, slice 339 rows 149 errors, weight .95: 1.456136 (sliceline gives 1.4561)."""
    assert slice_score(149, 339, 0.1575 * 2000, 2000) == pytest.approx(1.456136, abs=5e-7)


def test_a_planted_subgroup_of_300_is_found_and_claimed_on_the_other_half() -> None:
    found = subgroup_search(*rows(1, 0.45))
    one = found[0]
    assert (one.attributes, one.values, one.verdict) == ((0, 1, 2), (1, 2, 3), "established")
    assert 100 < one.people < 200  # of the second half alone
    assert one.people + one.rest == 25_000


def test_fair_rows_name_no_subgroup() -> None:
    words = [one.verdict for seed in range(5) for one in subgroup_search(*rows(100 + seed, 0.15))]
    assert len(words) == 25
    assert sum(word in ("established", "present") for word in words) <= 1


def test_people_who_did_not_state_are_in_no_subgroup_of_that_attribute() -> None:
    codes = np.array([[-1, 0], [0, 0], [0, 1], [-1, 1]] * 500)
    found = subgroup_search(codes, np.array([True, False, False, True] * 500), depth=1)
    assert all(value >= 0 for one in found for value in one.values)
    assert next(one for one in found if one.attributes == (0,)).cases == 0
