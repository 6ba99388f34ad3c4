"""Search for subgroups: case e of the vectors; what stands out, and what does not."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.inference import halved, slice_score, standing_out
from benchmarks.subgroup_search import rows


def test_the_published_score() -> None:
    """n 2000, mean error .1575, slice 339 rows 149 errors, weight .95: 1.456136 (sliceline gives 1.4561)."""
    assert slice_score(149, 339, 0.1575 * 2000, 2000) == pytest.approx(1.456136, abs=5e-7)


def test_a_planted_crossing_stands_out_and_not_its_parts() -> None:
    codes, hit = rows(1, 0.45)
    assert standing_out(codes, np.ones(len(codes)), hit)[0] == ((0, 1, 2), (1, 2, 3))


def test_an_attribute_that_makes_a_gap_alone_is_found_once() -> None:
    """60 against 20 % by the first attribute, whatever the second and third are: not its crossings, nor its twin."""
    codes = np.array([(a, b, c) for a in range(2) for b in range(3) for c in range(3)])
    n = np.full(len(codes), 1000.0)
    assert len(standing_out(codes, n, np.where(codes[:, 0] == 1, 600, 200))) == 1


def test_people_who_did_not_state_are_in_no_crossing_of_that_attribute() -> None:
    codes = [[-1, 0], [0, 0], [0, 1], [-1, 1], [1, 0], [1, 1]]
    found = standing_out(codes, [500] * 6, [400, 0, 0, 400, 100, 100])
    assert found
    assert all(value >= 0 for _, values in found for value in values)


def test_nothing_to_compare_gives_nothing() -> None:
    assert standing_out(np.zeros((0, 2)), [], []) == ()
    assert standing_out([[0]], [1000], [100]) == ()  # one value
    assert standing_out([[0], [1]], [1000, 1000], [0, 0]) == ()  # nobody selected
    assert standing_out([[0], [1]], [10, 10], [10, 0]) == ()  # too few


def test_the_halves_are_halves() -> None:
    people = [0, 7, 1000, 1, 53]
    first = halved(people, 5)
    assert first.sum() == 530
    assert (first <= people).all()
    assert (halved(people, 5) == first).all()
