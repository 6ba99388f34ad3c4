"""Bounds of groups known by probability: case d of the vectors, equal to linear programmes, and they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from auditkit.inference import proxy_gap_bounds, proxy_rate_bounds, survey_size, weighted_gap, weighted_rate


def test_the_published_case() -> None:
    """P(A|z) .7 .2, P(Y|z) .3 .1, weights .4 .6: P(Y|A) 0 to .45, P(Y|not A) 0 to .30, gap -.30 to .45."""
    cells = ([120, 60], [400, 600])
    one, other = proxy_rate_bounds([0.7, 0.2], *cells), proxy_rate_bounds([0.3, 0.8], *cells)
    gap = proxy_gap_bounds([0.7, 0.2], [0.3, 0.8], *cells)
    found = (one.lower, one.upper, other.lower, other.upper, gap.lower, gap.upper)
    assert found == pytest.approx((0, 0.45, 0, 0.30, -0.30, 0.45), abs=1e-12)


def test_soft_labels() -> None:
    """Soft labels .9 .8 .3 .2 .1 with Y 1 1 0 1 0: .826087 and .407407."""
    chances, selected = np.array([0.9, 0.8, 0.3, 0.2, 0.1]), [1, 1, 0, 1, 0]
    assert weighted_rate(chances, selected).value == pytest.approx(0.826087, abs=5e-7)
    assert weighted_rate(1 - chances, selected).value == pytest.approx(0.407407, abs=5e-7)
    gap = weighted_gap(chances, 1 - chances, selected)
    assert gap.value == pytest.approx(0.826087 - 0.407407, abs=1e-6)


@pytest.mark.parametrize("seed", range(60))
def test_bounds_are_those_of_the_linear_programme(seed: int) -> None:
    """Unknowns: the share of each cell that is of group k and selected; they add up to its rate, within its shares."""
    rng = np.random.default_rng(seed)
    cells, groups = int(rng.integers(1, 6)), int(rng.integers(2, 5))
    shares = rng.dirichlet(np.full(groups, 0.7), cells)
    people = rng.integers(5, 200, cells).astype(float)
    cases = rng.integers(0, people + 1).astype(float)
    w, y = people / people.sum(), cases / people
    parts = w @ shares
    adds = np.kron(np.eye(cells), np.ones(groups))
    limits = [(0.0, float(share)) for share in shares.ravel()]

    def best(weights: np.ndarray, sign: float) -> float:
        cost = sign * (w[:, None] * weights[None, :]).ravel()
        return sign * float(linprog(cost, A_eq=adds, b_eq=y, bounds=limits).fun)

    first = np.eye(groups)[0] / parts[0]
    gap = first - np.eye(groups)[1] / parts[1]
    rate, difference = (
        proxy_rate_bounds(shares[:, 0], cases, people),
        proxy_gap_bounds(shares[:, 0], shares[:, 1], cases, people),
    )
    assert (rate.lower, rate.upper) == pytest.approx((best(first, 1), best(first, -1)), abs=1e-8)
    assert (difference.lower, difference.upper) == pytest.approx((best(gap, 1), best(gap, -1)), abs=1e-8)


def test_the_errors_are_those_of_the_draw() -> None:
    """1,500 draws of 2,000 people in four cells, no rate near its share: the spread of the bounds is what is said."""
    rng = np.random.default_rng(5)
    p, y, w = np.array([0.9, 0.6, 0.3, 0.1]), np.array([0.4, 0.2, 0.5, 0.3]), np.array([0.1, 0.3, 0.4, 0.2])
    people = rng.multinomial(2000, w, 1500)
    cases = rng.binomial(people, y)
    found = [proxy_gap_bounds(p, 1 - p, x, n) for x, n in zip(cases, people, strict=True)]
    for end in ("lower", "upper"):
        spread = np.std([getattr(one, end) for one in found])
        assert np.mean([getattr(one, f"{end}_error") for one in found]) == pytest.approx(spread, rel=0.08)


def test_more_people_are_asked_for_a_narrower_interval() -> None:
    """1.96^2 (.21/.2 + .16/.8) / .05^2 = 1920.7; four times as many for half the width."""
    assert survey_size(0.3, 0.2, 0.2, 0.8) == 1921
    assert survey_size(0.3, 0.2, 0.2, 0.8, half_width=0.025) == 7683
