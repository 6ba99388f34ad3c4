"""The six words, at and around their limits; the side they are taken on; whom a gap hurts."""

import numpy as np
import pytest

from auditkit.findings.verdicts import directions, verdicts
from auditkit.measures.decisive_side import decisive_side


def _word(estimate, lower, upper, p=0.001, n=1000.0, **settings):
    arrays = (np.array([float(x)]) for x in (estimate, lower, upper, p, n))
    return str(verdicts(*arrays, **settings)[0])


@pytest.mark.parametrize(
    ("case", "word"),
    [
        ({"estimate": 1.9, "lower": 1.7, "upper": 2.1}, "established"),
        ({"estimate": 0.6, "lower": 0.5, "upper": 0.7}, "established"),
        ({"estimate": 1.9, "lower": 1.7, "upper": 2.1, "p": 0.05}, "likely"),
        ({"estimate": 1.9, "lower": 1.7, "upper": 2.1, "n": 29.0}, "likely"),
        ({"estimate": 1.9, "lower": 1.7, "upper": 2.1, "n": 30.0}, "established"),
        ({"estimate": 1.9, "lower": 1.25, "upper": 2.9}, "likely"),  # the limit itself is not beyond it
        ({"estimate": 1.4, "lower": 1.1, "upper": 1.8}, "likely"),
        ({"estimate": 1.2, "lower": 1.1, "upper": 1.3}, "present"),
        ({"estimate": 1.1, "lower": 1.05, "upper": 1.2}, "small"),
        ({"estimate": 1.0, "lower": 0.9, "upper": 1.1}, "equivalent"),
        ({"estimate": 1.0, "lower": 0.8, "upper": 1.25}, "equivalent"),
        ({"estimate": 1.0, "lower": 0.79, "upper": 1.2}, "inconclusive"),
        ({"estimate": 2.0, "lower": 0.9, "upper": 4.0}, "inconclusive"),
        ({"estimate": np.inf, "lower": 2.0, "upper": np.inf}, "established"),
        ({"estimate": np.nan, "lower": np.nan, "upper": np.nan}, "inconclusive"),
        ({"estimate": 1.9, "lower": 1.7, "upper": 2.1, "p": np.nan}, "likely"),
    ],
)
def test_words(case, word):
    assert _word(**case) == word


def test_limits_are_settings():
    assert _word(1.9, 1.7, 2.1, ratio=2.0) == "present"


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
