"""The side a verdict is taken on; whom a gap hurts. The words themselves: tests/inference/test_gap_claims.py."""

import numpy as np
import pytest

from auditkit.findings.verdicts import directions
from auditkit.measures.decisive_side import decisive_side


def test_the_rarer_side_decides():
    # Help given to 2 against 6 of 100: refusals 98 against 94, ratio 1.04; help 0.33.
    assert decisive_side(*map(np.array, ([2.0], [100.0], [6.0], [100.0])), "lower")[0] == "event"
    assert decisive_side(*map(np.array, ([98.0], [100.0], [94.0], [100.0])), "lower")[0] == "complement"


@pytest.mark.parametrize(("hurts", "side"), [("higher", "event"), ("lower", "complement"), ("context", "event")])
def test_a_tie_goes_to_the_side_that_hurts(hurts, side):
    assert decisive_side(*map(np.array, ([40.0], [100.0], [60.0], [100.0])), hurts)[0] == side


@pytest.mark.parametrize(
    ("low", "high", "hurts", "word"),
    [
        (0.1, 0.1, "higher", "worse"), (-0.1, -0.1, "higher", "better"), (0.1, 0.1, "lower", "better"),
        (-0.1, -0.1, "lower", "worse"), (0.0, 0.0, "higher", "none"), (0.1, 0.1, "context", "none"),
        (-0.1, 0.2, "higher", "none"), (0.1, 0.3, "higher", "worse"),
    ],
)  # fmt: skip
def test_directions(low, high, hurts, word):
    assert directions(np.array([low]), np.array([high]), hurts)[0] == word
