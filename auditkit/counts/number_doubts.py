"""Numbers that are no numbers: 999 for an age that is not known, a limit of 0.5 for scores up to 100.

Looked for among the rows that are used, at the ends of each column that is binned or averaged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.counts.fetch_cells import fetch
from auditkit.counts.row_survey import Range
from auditkit.errors import cut
from auditkit.intake.doubts import Answer, Doubt
from auditkit.intake.roles import Roles
from auditkit.spec import AuditSpec
from auditkit.text import say, say_plural

__all__ = ["number_doubts", "number_ends"]

_LOW = frozenset((-1.0, -2.0, -7.0, -8.0, -9.0, -88.0, -98.0, -99.0, -888.0, -998.0, -999.0, -9999.0, -99999.0))
_HIGH = frozenset((77.0, 88.0, 98.0, 99.0, 777.0, 888.0, 998.0, 999.0, 9998.0, 9999.0, 99999.0, 999999.0, 9999999.0))
_NEARLY_ALL = 0.95
_FAR = 3.0
"""A lone value so many times the next largest is asked as well, where groups are made of bins."""


def number_doubts(
    rows: nw.LazyFrame[Any], roles: Roles, spec: AuditSpec, ranges: Mapping[str, Range]
) -> Iterator[Doubt]:
    """The questions that the ends of the numbers raise; `rows` have the file's columns, none that is left out."""
    yield from _scale(rows, roles, spec, ranges)
    averaged = {"score": roles.score, "result": roles.numeric_outcome}
    numbers = {f"number_{i}": (key.column, key.number) for i, key in enumerate(roles.keys) if key.number is not None}
    binned = set(numbers)
    for name, number in averaged.items():
        found = ranges.get(name)
        if number is not None and found is not None and (found.lowest in _LOW or found.highest in _HIGH):
            numbers[name] = (number.column, number.value)
    numbers = {name: one for name, one in numbers.items() if one[0] not in spec.confirm}
    if not numbers:
        return
    table = rows.select(**{name: value for name, (_, value) in numbers.items()})
    ends = fetch(
        table.select(
            **{f"{name}_low": nw.col(name).min() for name in numbers},
            **{f"{name}_high": nw.col(name).max() for name in numbers},
        ),
        floats=[f"{name}_{end}" for name in numbers for end in ("low", "high")],
    ).floats
    for name, (column, _) in numbers.items():
        low, high = float(ends[f"{name}_low"][0]), float(ends[f"{name}_high"][0])
        if low == low and low < high:
            far = list(number_ends(table.select(name), name, column, low, high, name in binned, spec))
            yield from far or _beyond_bins(column, low, high, spec)


def number_ends(
    table: nw.LazyFrame[Any], name: str, column: str, low: float, high: float, binned: bool, spec: AuditSpec
) -> Iterator[Doubt]:
    """The questions of one column of doubles, `name` in `table` and `column` in the file, between its two ends."""
    value = nw.col(name)
    far: list[tuple[float, int]] = []
    while high in _HIGH or (binned and high > 10):
        rows, following = _beyond(table, name, value == high, value < high, top=True)
        if following is None or (low in _LOW and following <= low):
            break
        alone = high > _FAR * max(following, 1.0) and high > 10
        spread = following - max(low, 0.0)
        if not (high in _HIGH and high - following >= max(10.0, 0.25 * spread)) and not (binned and alone):
            break
        far.append((high, rows))
        high = following
    while low in _LOW or (binned and low < 0):
        rows, following = _beyond(table, name, value == low, value > low, top=False)
        if following is None or (following < 0 and (following not in _LOW or low not in _LOW)):
            break
        far.append((low, rows))
        low = following
    for number, rows in far:
        shown = f"{number:g}" if abs(number) < 1e6 else f"{number:.0f}"
        question = say(
            "column {column}: found {value} ({rows}), far from the other values ({low} to {high}). If it stands for no "
            "value, write in audit.yaml: missing_values: {missing}; if it is meant as it is: confirm: [{column}].",
            column=f'"{cut(column)}"', value=shown, low=f"{low:g}", high=f"{high:g}",
            rows=say_plural("{count} row", "{count} rows", rows),
            missing="[" + ", ".join(f'"{cut(v)}"' for v in [*spec.missing_values, shown]) + "]",
        )  # fmt: skip
        answers = (
            Answer("missing_values", say("It is missing."), {"missing_values": [*spec.missing_values, shown]}),
            Answer("confirm", say("It is meant as it is."), {"confirm": [*spec.confirm, column]}),
        )
        yield Doubt("sentinel", column, question, ((shown, rows),), answers)


def _beyond_bins(column: str, low: float, high: float, spec: AuditSpec) -> Iterator[Doubt]:
    """Limits of bins of which none parts the values, as where ages are years of birth or a spreadsheet's dates."""
    for name, group in spec.groups.items():
        if group.column != column or not group.bins or (low < max(group.bins) and high >= min(group.bins)):
            continue
        question = say(
            "column {column}, under groups: {name}: all values lie between {low} and {high}, on one side of the limits "
            "under bins ({bins}). Put the limits on the scale of the column; if it is meant as it is: confirm: "
            "[{column}].",
            column=f'"{cut(column)}"', name=cut(name), low=_round(low), high=_round(high),
            bins=", ".join(f"{limit:g}" for limit in group.bins),
        )  # fmt: skip
        answers = (Answer("confirm", say("It is meant as it is."), {"confirm": [*spec.confirm, column]}),)
        yield Doubt("scale", column, question, (), answers)


def _beyond(
    table: nw.LazyFrame[Any], name: str, there: nw.Expr, inside: nw.Expr, top: bool
) -> tuple[int, float | None]:
    """How many rows stand at an end, and the next value inside it."""
    end = nw.col("auditkit_inside").max() if top else nw.col("auditkit_inside").min()
    marked = table.select(
        auditkit_there=nw.when(there).then(nw.lit(1)).otherwise(nw.lit(0)),
        auditkit_inside=nw.when(inside).then(nw.col(name)),
    )
    found = fetch(marked.select(rows=nw.col("auditkit_there").sum(), following=end), ["rows"], ["following"])
    following = float(found.floats["following"][0])
    return int(found.integers["rows"][0]), None if following != following else following


def _scale(rows: nw.LazyFrame[Any], roles: Roles, spec: AuditSpec, ranges: Mapping[str, Range]) -> Iterator[Doubt]:
    """A limit on another scale than the score: 0.5 against 0 to 100, or 50 against 0 to 1."""
    choice, found = spec.selected, ranges.get("score")
    limit = None if choice is None else choice.at_least if choice.at_least is not None else choice.at_most
    on_score = choice is not None and spec.score is not None and choice.column in (None, spec.score.column)
    if found is None or not on_score or not isinstance(limit, (int, float)) or "scale" in spec.confirm:
        return
    wide = 0 < limit < 1 and found.lowest >= 0 and found.highest >= 10
    narrow = limit > 1 and found.lowest >= 0 and found.highest <= 1
    if (not wide and not narrow) or roles.score is None or spec.score is None:
        return
    above = nw.when(roles.score.value > limit).then(nw.lit(1)).otherwise(nw.lit(0))
    beyond = int(fetch(rows.select(above=above).select(above=nw.col("above").sum()), ["above"]).integers["above"][0])
    if wide and beyond < _NEARLY_ALL * found.rows:
        return
    question = say(
        "column {column}: the scores lie between {low} and {high}, and the limit under selected is {limit}. If they "
        "are on one scale, write in audit.yaml: confirm: [scale]; else put the limit on the scale of the scores.",
        column=f'"{cut(spec.score.column)}"', low=_round(found.lowest), high=_round(found.highest), limit=f"{limit:g}",
    )  # fmt: skip
    answers = (Answer("confirm", say("They are on one scale."), {"confirm": [*spec.confirm, "scale"]}),)
    yield Doubt("scale", spec.score.column, question, (), answers)


def _round(value: float) -> str:
    """The order of a score, not the score itself, which is one person's."""
    return f"{float(f'{value:.2g}'):g}"
