"""Figures of a kind that rows gave, as they may be released: means of enough people, rounded; all else withheld.

A figure is released of every group of an attribute or of none, so that no group is had by subtraction from everyone.
Shares and what one person could move by an unknown amount are withheld: no system of counts holds them.
"""

from __future__ import annotations

import math
from dataclasses import replace

from auditkit.protect.released import ReleasedAnalysis
from auditkit.result import KindFigure

__all__ = ["released_kind_figures"]


def released_kind_figures(analysis: ReleasedAnalysis, minimum: int) -> tuple[KindFigure, ...]:
    """The figures rounded to three digits or to what one person changes, whichever is coarser; others without numbers.

    How many people a figure rests on is not told here: counts are released by themselves. Groups that were joined
    because they are small are not named.
    """
    known = {(view.names, group) for view in analysis.views for group in view.everyone.groups} | {((), ())}
    known |= {(view.names, ()) for view in analysis.views}
    figures = analysis.kind_figures
    together: dict[tuple[str, str, str, tuple[str, ...]], list[KindFigure]] = {}
    for one in figures:
        together.setdefault((one.kind, one.item, one.level, one.attributes), []).append(one)
    safe = {key: all(_is_safe(one, minimum) for one in found) for key, found in together.items()}
    alone = {key[:3] for key, is_safe in safe.items() if not is_safe}
    return tuple(
        _rounded(one) if (one.kind, one.item, one.level) not in alone else _withheld(one)
        for one in figures
        if (one.attributes, one.groups) in known or one.kind == "unknown"
    )


def _is_safe(one: KindFigure, minimum: int) -> bool:
    return (
        one.status == "computed" and one.n is not None and one.n >= minimum
        and math.isfinite(one.one_person) and not one.dominated
    )  # fmt: skip


def _withheld(one: KindFigure) -> KindFigure:
    return replace(
        one, value=None, lower=None, upper=None, method="none", n=None, p_value=None, status="suppressed",
        reason="withheld", one_person=math.nan, dominated=False,
    )  # fmt: skip


def _rounded(one: KindFigure) -> KindFigure:
    assert one.value is not None
    unit = _unit(one.value, one.one_person)

    def to_unit(value: float | None) -> float | None:
        return None if value is None else round(value / unit) * unit

    return replace(
        one, value=to_unit(one.value), lower=to_unit(one.lower), upper=to_unit(one.upper), n=None, p_value=None,
        one_person=math.nan, dominated=False,
    )  # fmt: skip


def _unit(value: float, one_person: float) -> float:
    """A power of ten: the third digit of the value, or at least what one person changes.

    >>> _unit(523.7, 0.4), _unit(523.7, 12.0), _unit(0.0, 0.003)
    (1.0, 100.0, 0.01)
    """
    digits = math.floor(math.log10(abs(value))) - 2 if value else -12
    person = math.ceil(math.log10(one_person)) if one_person > 0 else digits
    return float(10.0 ** max(digits, person))
