"""What the totals of a published table tell: whether it adds up, and what its hidden numbers can still be.

Interval arithmetic throughout. The rule for second hiding (statistics, section 5): with two or more hidden
counts in one group only one is surely under the limit, so that each of them is bounded by a known total or
not at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditkit.errors import DataError, cut
from auditkit.intake.count_layout import Record
from auditkit.intake.written_numbers import Interval, plain
from auditkit.spec import Suppressed
from auditkit.text import Message

__all__ = ["Marked", "check_totals", "narrow_rows", "whole_people"]


@dataclass
class Marked:
    """One record on its way: its counts, which are narrowed, and the marks that hide some of them."""

    record: Record
    counts: dict[str, Interval]
    hidden: dict[str, Suppressed]
    widened: bool = False
    stages: tuple[Interval, ...] = ()


def narrow_rows(rows: Sequence[Marked], row_key: Sequence[str], file: str) -> None:
    """Within each row: second hiding undone, shares and totals used. Counts are replaced in place.

    `row_key` names the columns that make several rows one group (long form). Raises DataError where a row
    does not add up.
    """
    _widen(rows, row_key)
    for row in rows:
        if "share" in row.counts:
            _from_share(row, file)
        parts = [kind for kind in row.counts if kind not in ("total", "share")]
        if "total" in row.counts and parts and "n" not in parts:
            _narrow_row(row, parts, file)


def _widen(rows: Sequence[Marked], row_key: Sequence[str]) -> None:
    """Where two or more counts of one group are hidden by an unbounded mark, none has an upper end of its
    own."""
    groups: dict[tuple[str, ...], list[tuple[Marked, str]]] = {}
    for number, row in enumerate(rows):
        if row.widened:
            continue
        row.widened = True
        key = tuple(row.record.texts[name] for name in row_key) if row_key else (str(number),)
        for kind, mark in row.hidden.items():
            if mark.further == "unbounded":
                groups.setdefault(key, []).append((row, kind))
    for members in groups.values():
        if len(members) > 1:
            for row, kind in members:
                found = row.counts[kind]
                row.counts[kind] = Interval(found.lower, math.inf, found.printed)


def _from_share(row: Marked, file: str) -> None:
    share, total = row.counts["share"], row.counts["total"]
    lower, upper = share.lower * total.lower, share.upper * total.upper
    low, high = math.ceil(lower - 1e-9 * max(1.0, lower)), upper
    if math.isfinite(upper):
        high = math.floor(upper + 1e-9 * max(1.0, upper))
    printed = min(max(float(round(share.printed * total.printed)), float(low)), float(high))
    if low > high:
        raise DataError(
            "{file}, {place}: no whole number of people out of {total} makes the share printed "
            "there; the share and "
            "the total do not go together.",
            file=file,
            place=row.record.place,
            total=int(total.printed),
        )
    row.counts["selected"] = Interval(float(low), float(high), printed)


def _narrow_row(row: Marked, parts: Sequence[str], file: str) -> None:
    if parts == ["selected"]:
        found = row.counts["selected"].within(0.0, row.counts["total"].upper)
        if found.lower > found.upper:
            _refuse_limits([(row, "selected")], row.counts["total"], file, row.record.place)
            _raise(file, row.record.place, row.counts["selected"], row.counts["total"])
        row.counts["selected"] = found
        return
    values = narrow([row.counts[kind] for kind in parts], row.counts["total"])
    if values is None:
        _refuse_limits([(row, kind) for kind in parts], row.counts["total"], file, row.record.place)
        whole = sum((row.counts[kind] for kind in parts), Interval.exact(0))
        _raise(file, row.record.place, whole, row.counts["total"])
        return
    row.counts.update(zip(parts, values, strict=True))


def narrow(parts: Sequence[Interval], total: Interval) -> list[Interval] | None:
    """What each part may be, knowing their total; None where they cannot add up to it.

    >>> narrow([Interval.exact(30), Interval(0, 9, 0)], Interval.exact(37))[1]
    Interval(lower=7, upper=7, printed=7)
    """
    lower, upper = sum(part.lower for part in parts), sum(part.upper for part in parts)
    if lower > total.upper + 1e-9 or upper < total.lower - 1e-9:
        return None
    result = []
    for i, part in enumerate(parts):
        others_lower = lower - part.lower
        others_upper = sum(other.upper for j, other in enumerate(parts) if j != i)
        result.append(part.within(total.lower - others_upper, total.upper - others_lower))
    return result


def _raise(file: str, place: Message | str, parts: Interval, total: Interval) -> None:
    raise DataError(
        "{file}, {place}: the counts do not add up: their sum is {sum}, the total printed is {total}.",
        file=file,
        place=place,
        sum=_said(parts),
        total=_said(total),
    )


def _refuse_limits(parts: Sequence[tuple[Marked, str]], total: Interval, file: str, place: Message | str) -> None:
    """Where some of the parts are hidden, it is what suppressed says of them that does not fit, not the total.

    Raises DataError with what they would have to be together; nothing where the numbers that are shown are too many.
    """
    hidden = [(row, kind) for row, kind in parts if kind in row.hidden]
    if not hidden:
        return
    shown = sum((row.counts[kind] for row, kind in parts if kind not in row.hidden), Interval.exact(0))
    if shown.lower > total.upper:
        return
    allowed = sum((row.counts[kind] for row, kind in hidden), Interval.exact(0))
    needed = Interval(max(0.0, total.lower - shown.upper), max(0.0, total.upper - shown.lower), 0.0)
    marks = dict.fromkeys(_mark_text(row, kind) for row, kind in hidden)
    raise DataError(
        "{file}, {place}: what suppressed says of {marks} does not fit: beside the total printed, {total}, and the "
        "numbers shown, {shown} in all, the hidden numbers must come to {needed} together, and suppressed "
        "allows {allowed}. Change means under suppressed, or ask who published them what the mark means.",
        file=file,
        place=place,
        marks=", ".join(marks),
        total=_said(total),
        shown=_said(shown),
        needed=_said(needed),
        allowed=_said(allowed),
    )


def _mark_text(row: Marked, kind: str) -> str:
    mark = row.hidden[kind]
    return f'"{cut(mark.text if mark.text is not None else mark.value)}"'


def _said(value: Interval) -> str | int:
    if value.known:
        return int(value.lower)
    if math.isinf(value.upper):
        return f"≥ {value.lower:g}"
    return f"{value.lower:g}\u2013{value.upper:g}"


def check_totals(rows: list[Marked], key_names: Sequence[str], totals: Sequence[str], file: str) -> list[Marked]:
    """The rows that are no totals, each total checked against them and used to narrow what is hidden.

    A row is a total where one of its key columns holds a text of `totals`; it is the total of the rows that
    agree with it in the other key columns. Raises DataError with both numbers and the place where a total
    is wrong.
    """
    marks = {plain(text).lower() for text in totals}
    if not marks:
        return rows

    def is_total(row: Marked, name: str) -> bool:
        return row.record.texts[name].lower() in marks

    details = [row for row in rows if not any(is_total(row, name) for name in key_names)]
    for _ in range(2):  # a count narrowed by one total narrows others
        for row in rows:
            over = [name for name in key_names if is_total(row, name)]
            if over:
                fixed = [name for name in key_names if name not in over]
                _use_total(row, _matching(row, fixed, details), over, file)
    return details


def whole_people(rows: Sequence[Marked], key_names: Sequence[str], totals: Sequence[str]) -> float | None:
    """How many people the one line that sums up all others says there are; None where no line does, or hides it."""
    marks = {plain(text).lower() for text in totals}
    whole = [row for row in rows if key_names and all(row.record.texts[n].lower() in marks for n in key_names)]
    if len(whole) != 1:
        return None
    counts = dict(whole[0].counts)
    counts.pop("share", None)
    total = counts.pop("total", None) or sum(counts.values(), Interval.exact(0))
    return total.printed if total.known else None


def _matching(total: Marked, fixed: Sequence[str], details: Sequence[Marked]) -> list[Marked]:
    wanted: Callable[[Marked], tuple[str, ...]] = lambda row: tuple(row.record.texts[n] for n in fixed)  # noqa: E731
    return [row for row in details if wanted(row) == wanted(total)]


def _use_total(total: Marked, parts: Sequence[Marked], over: Sequence[str], file: str) -> None:
    if not parts:
        raise DataError(
            "{file}, {place}: {value} is named under totals, but no rows belong to this total.",
            file=file,
            place=total.record.place,
            value=f'"{cut(total.record.texts[over[0]])}"',
        )
    for kind, whole in total.counts.items():
        if kind == "share":
            continue
        found = [row.counts[kind] for row in parts]
        values = narrow(found, whole)
        if values is None:
            _refuse_limits([(row, kind) for row in parts], whole, file, total.record.place)
            column = _said(sum(found, Interval.exact(0)))
            raise DataError(
                "{file}, {place}: the counts do not add up: the total printed is {total}, the "
                "sum of its {rows} rows "
                "is {sum} ({kind}).",
                file=file,
                place=total.record.place,
                total=_said(whole),
                rows=len(parts),
                sum=column,
                kind=kind,
            )
        for row, value in zip(parts, values, strict=True):
            row.counts[kind] = value
