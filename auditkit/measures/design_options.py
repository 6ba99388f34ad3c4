"""Which pairs of design options have a way to an interval, a test and a verdict; every other pair has a reason.

An audit's rows may come in clusters, be weighted, have outcomes only from a random arm or only for those selected, be
compared within strata or stage by stage. Each pair of these either has one method, or the figure stands without
interval, p and verdict, with the reason `pair_of_options`: no option is dropped. Source: docs/claims.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Literal

__all__ = ["NO_PATH", "OPTIONS", "Option", "has_path", "pair_without_path"]

Option = Literal[
    "cluster", "pair", "weight", "arm", "population", "checked", "when_selected", "strata", "stages", "hidden", "rest",
    "crossed", "top", "numeric", "prediction", "largest", "formula", "score",
]  # fmt: skip

OPTIONS: tuple[Option, ...] = (
    "cluster", "pair", "weight", "arm", "population", "checked", "when_selected", "strata", "stages", "hidden", "rest",
    "crossed", "top", "numeric", "prediction", "largest", "formula", "score",
)  # fmt: skip
"""Options of the design, and kinds of figures that have a method of their own.

`pair` are matched pairs, which are clusters of two; `checked` a list of which only some were checked; `population` a
random arm drawn from a known number of people; `hidden` counts not known to the digit, or released by ranges;
`largest` the widest gap between any two groups; `formula` whatever is no rate of the six
counts; `score` what is taken from a score; `numeric` from an outcome that is a number.
"""

NO_PATH: dict[frozenset[Option], str] = {
    frozenset(("cluster", "population")): "linearisation of totals of a population over clusters",
    frozenset(("cluster", "when_selected")): "bounds over clusters",
    frozenset(("cluster", "stages")): "counts of each stage by cluster",
    frozenset(("cluster", "hidden")): "design effects among the released figures",
    frozenset(("cluster", "largest")): "simultaneous intervals over clusters",
    frozenset(("cluster", "prediction")): "errors of predictions by cluster",
    frozenset(("cluster", "numeric")): "means by cluster",
    frozenset(("cluster", "score")): "score steps by cluster",
    frozenset(("cluster", "formula")): "replicates of whole clusters",
    frozenset(("population", "strata")): "people of the population by stratum",
    frozenset(("population", "stages")): "people of the population at each stage",
}
"""The pairs without a way, each with the method that is missing."""


def pair_without_path(options: Iterable[Option]) -> frozenset[Option] | None:
    """The first two options that have no way together; None where every two of them have one.

    >>> sorted(pair_without_path({"cluster", "rest", "stages"}))
    ['cluster', 'stages']
    >>> pair_without_path({"cluster", "arm", "weight"}) is None
    True
    """
    pairs = (frozenset(pair) for pair in combinations(sorted(set(options)), 2))
    return next((pair for pair in pairs if pair in NO_PATH), None)


def has_path(options: Iterable[Option]) -> bool:
    """Whether an interval and a test can be given under all of these options."""
    return pair_without_path(options) is None
