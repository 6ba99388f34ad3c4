"""One figure of a kind of system beside the rates that every audit has: an exposure, a kappa, a mean error in euro."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from auditkit.result.field_types import RECORD, Number

__all__ = ["KindFigure", "KindUnit", "TextPair", "out_of_noise"]

_CERTAIN = 0.001

KindUnit = Literal["share", "ratio", "number", "amount", "probability"]
"""How the value is written: a percentage, a ratio, a number, a number of the audit's own unit, a p."""


@dataclass(frozen=True, config=RECORD)
class TextPair:
    """What a text system wrote of one made-up case, under a value of the reference group and one of another."""

    case: str
    reference_value: str
    reference_text: str
    value: str
    text: str


@dataclass(frozen=True, config=RECORD)
class KindFigure:
    """`item` is what is measured, of `level` where there are several (a class, the first 10 of a list, a threshold).

    `groups` is empty for everyone together; `reference` stands where it is a comparison. `n` is how many people, pairs
    or outputs it rests on, empty where that is withheld. No verdict: those are of rates.
    """

    kind: str
    item: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    value: Number | None
    lower: Number | None = None
    upper: Number | None = None
    method: str = "none"
    n: Number | None = None
    unit: KindUnit = "number"
    level: str = ""
    reference: tuple[str, ...] = ()
    p_value: Number | None = None
    status: Literal["computed", "suppressed", "not_computed"] = "computed"
    reason: str | None = None
    pair: TextPair | None = None
    """For a probe: the case in which the difference is largest, as it was written."""
    one_person: float = Field(default=math.nan, exclude=True)
    """The largest change of the value that one person makes, for protection only; NaN: not to be released."""
    dominated: bool = Field(default=False, exclude=True)
    """Whether one person makes most of it."""


def out_of_noise(figures: Iterable[KindFigure]) -> tuple[KindFigure, ...]:
    """The swaps of a probe that are no noise: p under 0.001 once corrected, and beyond the control swap's interval.

    Without a control swap nothing is told out of noise.
    """
    found = list(figures)
    control = {
        (one.attributes, one.item): max(abs(one.lower), abs(one.upper))
        for one in found
        if one.kind == "probe" and one.level == "control" and one.lower is not None and one.upper is not None
    }
    return tuple(
        one
        for one in found
        if one.kind == "probe" and one.level == "swap" and one.value is not None and one.p_value is not None
        and one.p_value < _CERTAIN and abs(one.value) > control.get((one.attributes, one.item), math.inf)
    )  # fmt: skip
