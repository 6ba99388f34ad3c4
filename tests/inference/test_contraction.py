"""Contraction: case a of the vectors, ties at the edge in part, and nothing claimed beyond what was released."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.inference import contraction

RISK = [0.95, 0.90, 0.80, 0.70, 0.60, 0.50, 0.40, 0.30, 0.20, 0.10]
RELEASED = [0, 1, 1, 1, 0, 1, 1, 1, 1, 1]
FAILED = [np.nan, 1, 0, 1, np.nan, 0, 0, 0, 0, 0]


def test_the_published_case() -> None:
    """Failure rate over all 10 at acceptance .8 .7 .6 .5 = .2 .1 .1 0."""
    assert contraction(RISK, RELEASED, FAILED, [0.8, 0.7, 0.6, 0.5]) == pytest.approx([0.2, 0.1, 0.1, 0.0], abs=1e-12)


def test_nothing_is_said_of_more_than_were_released() -> None:
    assert np.isnan(contraction(RISK, RELEASED, FAILED, [0.9, 1.0])).all()


def test_the_order_of_the_cases_does_not_matter_and_ties_count_in_part() -> None:
    """Two of equal risk at the edge, one of whom failed: half a failure of four cases."""
    order = [3, 1, 0, 2]
    risk, released, failed = (np.array(one)[order] for one in ([0.9, 0.5, 0.5, 0.1], [0, 1, 1, 1], [0, 1, 0, 0]))
    assert contraction(risk, released, failed, [0.5]) == pytest.approx([0.125])
