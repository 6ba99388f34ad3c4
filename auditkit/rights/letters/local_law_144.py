"""The summary that New York City's rule asks for: rates and impact ratios of every category and crossing, also as CSV.

Impact ratio: the selection rate over that of the category with the highest rate (6 RCNY 5-301). A category with less
than 2 % of those assessed is left out of the ratios, its number and rate still shown where they may be. A ratio is
printed only where its maximum is known; withholding a small category never changes one in silence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from auditkit.protect.released import NOT_STATED
from auditkit.result import AuditResult, Estimate
from auditkit.result.spreadsheet_cells import inert
from auditkit.rights.letters.letter_figures import Content, attribute_name, group_name, selection, share
from auditkit.text import Message, format_number, say, translate

__all__ = ["ImpactRow", "WholeResult", "impact_csv", "impact_fields", "impact_rows"]

_SMALL_SHARE = 0.02
_HEAD = (
    ("audit_date", "audit_date"),
    ("tool", "system_name"),
    ("distribution_date", "distribution_date"),
    ("data_source", "data_source"),
    ("data_explanation", "data_explanation"),
    ("n_unknown", "unknown_number"),
)
_COLUMNS = ("attribute", "category", "n_assessed", "n_selected", "selection_rate", "impact_ratio", "note")
WholeResult = AuditResult
"""The same audit with nothing withheld: it gives a maximum, is printed nowhere and stored nowhere."""


@dataclass(frozen=True)
class ImpactRow:
    """One category: its row as released, its ratio (None where it is not printed), and why."""

    row: Estimate
    ratio: float | None
    note: Message | None
    left_out: bool = False


def impact_rows(result: AuditResult, whole: WholeResult | None = None) -> list[ImpactRow]:
    """Every category and crossing with its impact ratio."""
    real = {(row.attributes, row.groups): row for row in selection(whole)} if whole is not None else {}
    found = []
    for attributes, group in groupby(selection(result), key=lambda row: row.attributes):
        rows = list(group)
        truth = [real.get((attributes, row.groups), row) for row in rows]
        stated = [row for row in truth if NOT_STATED not in row.groups]
        total = sum(row.n or 0 for row in stated)
        known = all(row.value is not None and row.n is not None for row in stated)
        large = [row for row in stated if known and (row.n or 0) >= _SMALL_SHARE * total]
        highest = max((row.value or 0.0 for row in large), default=0.0)
        printed = [row for row in rows if row.value is not None and any(row.groups == one.groups for one in large)]
        hidden = any(row.value is None for row in rows)
        if hidden and known and not _safe(stated, printed, highest, result.spec.publish.minimum_count):
            known = False
        for row, true in zip(rows, truth, strict=True):
            found.append(_impact_row(row, true, known, total, highest, hidden))
    return found


def _impact_row(row: Estimate, true: Estimate, known: bool, total: float, highest: float, hidden: bool) -> ImpactRow:
    if NOT_STATED in row.groups:
        return ImpactRow(row, None, say("no stated category: left out of the ratios"), True)
    small = true.n is not None and total > 0 and true.n < _SMALL_SHARE * total
    if small:
        return ImpactRow(row, None, say("left out of the ratios: fewer than two in a hundred of those assessed"), True)
    if row.value is None:
        return ImpactRow(row, None, say("withheld: it would give away a small category"))
    if not known:
        return ImpactRow(row, None, say("no ratio: the highest rate is not known, since a category is withheld"))
    if highest == 0:
        return ImpactRow(row, None, say("nobody was selected"))
    note = say("over the true highest rate, of a category that is withheld") if hidden else None
    return ImpactRow(row, row.value / highest, note)


def _safe(stated: list[Estimate], printed: list[Estimate], highest: float, minimum: int) -> bool:
    """Whether ratios to two decimals leave a small category unknown, to one who knows all else.

    The category with the highest rate and the small one share a total that is released, at worst; each pair (selected,
    people) of the small one that is possible and gives the same printed ratios is a table that nobody can tell apart
    from the true one. There must be two such numbers of people and two of selected.
    """
    small = [row for row in stated if (row.n or 0) < minimum]
    top = max(stated, key=lambda row: ((row.n or 0) >= minimum, row.value or 0.0))
    if len(small) != 1 or highest == 0 or top.n is None or top.value is None:
        return not small
    selected, people = top.value * top.n + (small[0].value or 0) * (small[0].n or 0), top.n + (small[0].n or 0)
    seen = [round((row.value or 0) / highest, 2) for row in printed]
    like = set()
    for n in range(minimum):
        for x in range(n + 1):
            rate = (selected - x) / (people - n)
            if rate > 0 and [round((row.value or 0) / rate, 2) for row in printed] == seen:
                like.add((x, n))
    return len({x for x, _ in like}) > 1 and len({n for _, n in like}) > 1


def impact_fields(
    result: AuditResult, language: str, whole: WholeResult | None, scored: AuditResult | None
) -> dict[str, Content]:
    """The table, the categories left out, and scoring rates (share above the median) where there is a score."""
    fields: dict[str, Content] = {"impact_ratios": _table(result, impact_rows(result, whole), language)}
    minimum = result.spec.publish.minimum_count
    out = [
        f"{group_name(result, one.row, language)}{translate(':', language)} {_told(one.row, minimum, language)}"
        for one in impact_rows(result, whole)
        if one.left_out
    ]
    fields["excluded_categories"] = tuple(out) or say("none").text(language)
    if scored is not None:
        fields["scoring_rates"] = _table(scored, impact_rows(scored), language)
    return fields


def _told(row: Estimate, minimum: int, language: str) -> str:
    if row.value is None or row.n is None:
        return say(
            "fewer than two in a hundred of those assessed, left out of the ratios; its number and rate, under "
            "{minimum} people, are withheld",
            minimum=minimum,
        ).text(language)
    return say(
        "fewer than two in a hundred of those assessed, left out of the ratios; {n} assessed, selection rate {rate}",
        n=format_number(row.n, 0, language),
        rate=share(row.value, language),
    ).text(language)


def _table(result: AuditResult, rows: list[ImpactRow], language: str) -> Content:
    if not rows:
        return None
    head = [say("Attribute"), say("Category"), say("Assessed"), say("Selected"), say("Selection rate"),
            say("Impact ratio"), say("Note")]  # fmt: skip
    table = [[part.text(language) for part in head]]
    for one in rows:
        row = one.row
        counts = ["–" if x is None else format_number(x, 0, language) for x in (row.n, row.numerator)]
        shown = "–" if one.ratio is None else format_number(one.ratio, 2, language)
        note = "" if one.note is None else one.note.text(language)
        name = attribute_name(result, row.attributes, language)
        table.append([name, group_name(result, row, language), *counts, share(row.value, language), shown, note])
    return table


def impact_csv(result: AuditResult, values: Mapping[str, Content], language: str, whole: WholeResult | None) -> bytes:
    """The header block, an empty line, then one row a category; what is missing is empty, what is withheld says so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, key in _HEAD:
        value = values.get(key)
        writer.writerow([name, inert(value if isinstance(value, str) else "")])
    writer.writerow([])
    writer.writerow(_COLUMNS)
    for one in impact_rows(result, whole):
        row = one.row
        counts = ["" if number is None else f"{number:.12g}" for number in (row.n, row.numerator)]
        exact = whole is None or all(other.row.value is not None for other in impact_rows(result, whole))
        ratio = "" if one.ratio is None else f"{one.ratio:.4f}" if exact else f"{one.ratio:.2f}"
        rates = ["" if row.value is None else f"{row.value:.4f}", ratio]
        names = [inert(attribute_name(result, row.attributes, language)), inert(group_name(result, row, language))]
        writer.writerow([*names, *counts, *rates, inert("" if one.note is None else one.note.text(language))])
    return text.getvalue().encode()
