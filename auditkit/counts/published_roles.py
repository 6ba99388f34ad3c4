"""What a row of long published counts says of selection and outcome."""

from __future__ import annotations

from auditkit.errors import DataError, SpecError, cut
from auditkit.intake.count_tables import CountRow, CountTable
from auditkit.intake.published_filter import number_in, one_of
from auditkit.intake.written_numbers import plain
from auditkit.spec import AuditSpec
from auditkit.spec.data_spec import GroupLimit, Limit

__all__ = ["outcome_of", "people_of", "selected_of", "text_of"]


def text_of(value: str) -> str:
    """A label as the cells carry it."""
    return plain(value)


def people_of(row: CountRow) -> float:
    """The people of a row: its counts as printed, hidden ones at the least they may be."""
    return sum(count.printed for count in row.counts.values())


def selected_of(spec: AuditSpec, table: CountTable, row: CountRow, score: float | None) -> tuple[int, str | None]:
    """Whether the people of a row are selected, or why that cannot be told."""
    choice = spec.selected
    if choice is None:
        return (0, "no_score") if spec.score is not None and score is None else (0, None)
    on_score = choice.column is None or (spec.score is not None and choice.column == spec.score.column)
    if choice.is_in is not None:
        text = row.others.get(choice.column or "", "")
        if text in spec.missing_values or not text:
            return 0, "no_selection"
        return int(one_of(text, choice.is_in)), None
    value = score
    if not on_score:
        text = row.others.get(choice.column or "", "")
        if text in spec.missing_values or not text:
            return 0, "no_selection"
        value = number_in(text, row, choice.column or "", table)
    elif spec.score is None:
        raise SpecError("selected names a limit; expected score: the column that it is held against.")
    if value is None:
        return 0, "no_score"
    low = choice.at_least is None or value >= _limit(choice.at_least)
    high = choice.at_most is None or value <= _limit(choice.at_most)
    return int(low and high), None


def _limit(limit: Limit) -> float:
    if isinstance(limit, GroupLimit):
        raise SpecError("selected: a limit by group needs rows; the data are published counts. Give one number.")
    return float(limit)


def outcome_of(spec: AuditSpec, table: CountTable) -> dict[str, int]:
    """For each text of the outcome column what it means: 1, 0 or -1 (missing).

    With one list given, a column of two values takes the other as its opposite. Raises DataError for a
    third value that `rest` says nothing of.
    """
    outcome = spec.outcome
    if outcome is None or not any("n" in row.counts for row in table.rows):
        return {}
    first: dict[str, CountRow] = {}
    for row in table.rows:
        first.setdefault(row.others[outcome.column], row)
    missing = {plain(text) for text in spec.missing_values} | {""}
    result: dict[str, int] = {}
    rest: list[str] = []
    for text, row in first.items():
        if text in missing:
            result[text] = -1
        elif outcome.positive is None and outcome.negative is None:
            value = number_in(text, row, outcome.column, table)
            low = outcome.at_least is None or value >= _limit(outcome.at_least)
            result[text] = int(low and (outcome.at_most is None or value <= _limit(outcome.at_most)))
        elif outcome.positive is not None and one_of(text, outcome.positive):
            result[text] = 1
        elif outcome.negative is not None and one_of(text, outcome.negative):
            result[text] = 0
        else:
            rest.append(text)
    one_list = outcome.positive is None or outcome.negative is None
    opposite = 0 if outcome.negative is None else 1
    meant = {"positive": 1, "negative": 0, "missing": -1}.get(outcome.rest or "")
    if meant is None and rest and not (one_list and len(rest) == 1):
        raise DataError(
            "{file}, {place}, column {column}: found {value}, which is listed neither as "
            "positive nor as negative; list "
            "it, or say what the rest is with rest: positive, negative or missing.",
            file=table.file,
            place=first[rest[-1]].place,
            column=f'"{cut(outcome.column)}"',
            value=f'"{cut(rest[-1])}"',
        )
    result |= dict.fromkeys(rest, opposite if meant is None else meant)
    return result
