"""One case explained by a scorecard: the data used, the weights applied, the operations, what would have changed it.

The four elements that a person may ask for (R.311-3-1-2), and the change that a court asks to be shown (C-203/22).
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product
from pathlib import Path

from auditkit.errors import DataError, InputError, cut, nearest
from auditkit.rights.letters.letter_figures import Content
from auditkit.rights.rights_words import listed
from auditkit.scorers.card_terms import Term
from auditkit.scorers.evaluate_card import band, evaluate, evaluate_total, term_points
from auditkit.scorers.scorecard import Scorecard
from auditkit.scorers.scored_profiles import settings
from auditkit.text import Message, format_number, mark, say, translate

__all__ = ["Case", "Decided", "changes_of", "explain_case", "read_case"]

Case = dict[str, float | str | None]
_PAIRS = 20_000
_SHOWN = 12
_BESIDE = 1e-6
_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Decided:
    """What the letter says of a case; `changes` are the single (or paired) changes that alter the result.

    `notes` are for whoever writes the letter, not for the person.
    """

    fields: Mapping[str, Content]
    result: str
    changes: tuple[Mapping[str, float | str], ...]
    notes: tuple[Message, ...] = ()


def read_case(card: Scorecard, given: list[str], row: int = 1) -> Case:
    """The case that was given: KEY=VALUE texts, or one CSV file and the number of its row.

    Raises InputError or DataError: which key or row, what was found, what was expected.
    """
    if len(given) == 1 and "=" not in given[0]:
        found = _row(Path(given[0]), row, card.inputs)
    else:
        found = {}
        for text in given:
            key, separator, value = text.partition("=")
            if not separator:
                raise InputError("--case: found {text}; expected KEY=VALUE, or one CSV file.", text=cut(text))
            found[key.strip()] = value.strip()
        for key in found:
            if key not in card.inputs:
                raise InputError(
                    '--case: the scorecard reads no "{key}"; the nearest: {known}.', key=cut(key),
                    known=nearest(key, card.inputs),
                )  # fmt: skip
    for name in card.inputs:
        if name not in found:
            raise DataError('The case lacks "{key}", which the scorecard reads.', key=cut(name))
    return {name: _read(card, name, found[name]) for name in card.inputs}


def _row(path: Path, row: int, columns: Collection[str]) -> dict[str, str]:
    if not path.is_file():
        raise InputError("There is no file {file}.", file=cut(path, 80))
    if path.suffix.lower() not in (".csv", ".tsv", ".txt"):
        raise InputError("--case: found {file}; a case is a CSV file, or KEY=VALUE.", file=cut(path.name, 80))
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as spreadsheets in Western Europe save
    head = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=lambda mark: sum(name in columns for name in _titles(head, mark)))
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    if not 1 <= row <= len(rows):
        raise InputError("--row: found {row}; {file} holds {count} rows.", row=row, file=path.name, count=len(rows))
    found = {key.strip(): (value or "").strip() for key, value in rows[row - 1].items() if key is not None}
    decimal_comma = separator != ","
    return {k: v.replace(",", ".") if decimal_comma and _COMMA.fullmatch(v) else v for k, v in found.items()}


def _titles(head: str, separator: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([head], delimiter=separator), [])]


def _read(card: Scorecard, name: str, text: str) -> float | str | None:
    if text == "":
        return None
    if card.inputs[name].kind == "category":
        return text
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise DataError('The case holds {value} as "{key}"; expected a number.', value=cut(text), key=cut(name))
    return number


def explain_case(card: Scorecard, case: Case, language: str) -> Decided:
    """The four elements for one case, and what would have changed the result.

    Raises SpecError for a scorecard with empty weights, DataError for a value that does not fit.
    """
    changes: tuple[Mapping[str, float | str], ...] = ()
    notes: tuple[Message, ...] = ()
    try:
        changes = changes_of(card, case)
        changed = list(_changed(card, case, changes, language))
    except InputError as error:  # a number without limits: which values to try is not known
        notes = (error.message,)
        unknown = say("What would have changed it was not worked out.")
        changed = [say("The result is: {result}.", result=_outcome(card, case)), unknown]
    fields: dict[str, Content] = {
        "case_data": _data(card, case, language),
        "case_parameters": _parameters(card, case, language),
        "case_operations": tuple(step.text(language) for step in _operations(card, case)),
        "case_change": tuple(line.text(language) for line in changed),
    }
    return Decided(fields, _outcome(card, case).text(language), changes, notes)


def _name(card: Scorecard, column: str, language: str) -> str:
    part = card.inputs.get(column)
    return part.meaning.text(language) if part is not None and part.meaning is not None else column


def _written(value: float | str | None, language: str) -> str:
    if value is None:
        return translate(mark("not given"), language)
    if isinstance(value, str):
        return value
    decimals = next(d for d in range(5) if round(value, d) == round(value, 4))
    return format_number(value, decimals, language)


def _value(card: Scorecard, name: str, value: float | str | None, language: str) -> str:
    """A value of one input: yes or no where it is one, and on which side of a limit where it is just beside it."""
    part = card.inputs.get(name)
    if part is not None and part.kind == "flag" and value in (0, 1):
        return translate(mark("yes") if value else mark("no"), language)
    if isinstance(value, float) and 0 < abs(value - round(value, 4)) < _BESIDE:
        limit = _written(round(value, 4), language)
        side = (
            say("just under {limit}", limit=limit) if value < round(value, 4) else say("just over {limit}", limit=limit)
        )
        return side.text(language)
    return _written(value, language)


def _head(*titles: Message, language: str) -> list[str]:
    return [title.text(language) for title in titles]


def _data(card: Scorecard, case: Case, language: str) -> list[list[str]]:
    table = [_head(say("Field"), say("Value used"), say("Note"), language=language)]
    for name, part in card.inputs.items():
        note = ""
        if case[name] is None and part.missing is not None:
            note = say("missing: {value} is used", value=_written(part.missing.value, language)).text(language)
        table.append([_name(card, name, language), _value(card, name, case[name], language), note])
    return table


_FORMS = {
    "points": mark("points where the condition holds"),
    "times": mark("weight times value"),
    "polynomial": mark("powers of the value"),
    "bins": mark("points by interval"),
    "values": mark("points by category"),
}


def _parameters(card: Scorecard, case: Case, language: str) -> list[list[str]]:
    table = [_head(say("Parameter"), say("Value"), say("Rule and weight"), say("Effect"), language=language)]
    for term, points in term_points(card, case):
        effect = _written(points, language)
        table.append([_term(card, term, language), _used(card, term, case, language), _rule(term, language), effect])
    return table


def _term(card: Scorecard, term: Term, language: str) -> str:
    if term.name:
        return str(term.name)
    return " & ".join(_name(card, column, language) for column in sorted(term.columns))


def _used(card: Scorecard, term: Term, case: Case, language: str) -> str:
    used = sorted(column for column in term.columns if column in case)
    flagged = {column: card.inputs[column].kind == "flag" and case[column] is not None for column in used}
    shown = [
        _value(card, column, case[column], language)
        + (f" ({_written(case[column], language)})" if flagged[column] and term.form != "points" else "")
        for column in used
    ]
    return ", ".join(shown) or "–"


def _rule(term: Term, language: str) -> str:
    weights = [weight for weight in term.weights if weight is not None]
    shown = listed((_written(w, language) for w in weights[:8]), language)
    return f"{translate(_FORMS[term.form], language)} ({shown}{'…' if len(weights) > 8 else ''})"


def _operations(card: Scorecard, case: Case) -> Iterator[Message]:
    score = evaluate(card, case)
    if card.sum is not None:
        total = evaluate_total(card, case)
        start = card.sum.intercept or 0.0
        yield say("Start from {start}.", start=_Number(start))
        yield say("The effects of the {count} parameters above add up to {effects}; together: {total}.",
                  count=len(card.sum.terms), effects=_Number(None if total is None else total - start),
                  total=_Number(total))  # fmt: skip
        if card.sum.link != "identity" or card.sum.scale != 1:
            links = {
                "identity": say("no transformation"),
                "exp": say("exponential"),
                "logistic": say("logistic function"),
            }
            yield say("Transform: {link}, times {scale}: {score}.", link=links[card.sum.link],
                      scale=_Number(card.sum.scale), score=_Number(score))  # fmt: skip
    else:
        assert card.cascade is not None
        for stage in card.cascade.stages:
            points = [p for term, p in term_points(card, case) if term in stage.terms]
            total = None if None in points else sum(p for p in points if p is not None)
            limits = [threshold for threshold in stage.thresholds if total is not None and total >= threshold.at_least]
            if limits:
                yield say("Stage {stage}: the sum is {total}, which reaches {limit}.", stage=stage.name,
                          total=_Number(total), limit=_Number(limits[0].at_least))  # fmt: skip
                break
            yield say("Stage {stage}: the sum is {total}, which reaches no threshold.", stage=stage.name,
                      total=_Number(total))  # fmt: skip
    yield say("Score: {score}.", score=_Number(score))
    if card.decision is not None:
        limit = card.decision.at_least if card.decision.at_least is not None else card.decision.at_most
        rule = say("selected from {limit} on") if card.decision.at_least is not None else say("selected up to {limit}")
        rule = Message(rule.template, {"limit": _Number(limit)})
        yield say("Threshold: {rule}. Result: {result}.", rule=rule, result=_outcome(card, case))
    elif card.bands is not None:
        yield say("Result: {result}.", result=_outcome(card, case))


@dataclass(frozen=True)
class _Number(Message):
    """A number that is written when the language is known."""

    def __init__(self, value: float | None) -> None:
        object.__setattr__(self, "template", "")
        object.__setattr__(self, "values", {"value": value})
        object.__setattr__(self, "plural", None)
        object.__setattr__(self, "count", 1)

    def text(self, language: str = "en") -> str:
        """The number in `language`."""
        value = self.values["value"]
        assert value is None or isinstance(value, (int, float))
        return _written(None if value is None else float(value), language)


def _outcome(card: Scorecard, case: Mapping[str, float | str | None]) -> Message:
    """The result of a case: selected or not, its band, or its score."""
    score = evaluate(card, case)
    if score is None:
        return say("no score, since an input is missing")
    if card.decision is not None:
        return say("selected") if card.decision.holds(score) else say("not selected")
    if card.bands is not None:
        return say("band {name}", name=band(card.bands, score))
    return say("score {score}", score=_Number(score))


def changes_of(card: Scorecard, case: Case) -> tuple[Mapping[str, float | str], ...]:
    """The changes of one input that alter the result, the nearest value of each; else of two inputs; else none.

    Values tried are those that the scorecard tells apart; on the way to the nearest that alters the result, a number
    stops where the result turns. Raises InputError where a number has neither limit nor range.
    """
    tried = settings(card)
    before = _outcome(card, case).text()

    def alters(change: Mapping[str, float | str]) -> bool:
        return _outcome(card, {**case, **change}).text() != before

    def alone(name: str, value: float) -> bool:
        return alters({name: value})

    def turns(name: str, near: float | str) -> bool:
        """Whether there is a limit to come to: a number, and no bare score that moves with its every change."""
        now = case[name]
        if card.inputs[name].kind != "number" or not isinstance(now, float) or not isinstance(near, float):
            return False
        judged = card.decision is not None or card.bands is not None
        return judged or not alone(name, now + (near - now) / 1000)

    single: list[Mapping[str, float | str]] = []
    for name, values in tried.items():
        ordered = sorted(values, key=lambda value: _distance(value, case[name]))
        near = next((value for value in ordered if value != case[name] and alters({name: value})), None)
        if near is not None:
            single.append({name: _first(case[name], near, partial(alone, name)) if turns(name, near) else near})
    if single:
        return tuple(single)
    pairs = (
        {one: a, other: b}
        for one, other in combinations(tried, 2)
        for a, b in product(tried[one], tried[other])
        if a != case[one] and b != case[other]
    )
    found: dict[tuple[str, ...], Mapping[str, float | str]] = {}
    for _, change in zip(range(_PAIRS), pairs, strict=False):
        if tuple(change) not in found and alters(change):
            found[tuple(change)] = change
    return tuple(found.values())


def _first(now: float | str | None, near: float | str, alters: Callable[[float], bool]) -> float | str:
    """The first number on the way from `now` to `near` that alters the result, to four decimals or just beside them."""
    if not isinstance(now, float) or not isinstance(near, float):
        return near  # words have nothing between them
    same, other = now, near
    while abs(other - same) > _BESIDE / 10 and same != (middle := (same + other) / 2) != other:
        same, other = (same, middle) if alters(middle) else (middle, other)
    step = math.copysign(1e-4, near - now)
    limit = round(other, 4)
    within = [value for value in (limit, limit + step) if min(now, near) <= value <= max(now, near)]
    if abs(other - limit) >= _BESIDE:  # no limit that four decimals can write: the next number that they can
        return next((round(value, 4) for value in within if alters(round(value, 4))), near)
    return next((value for value in (limit, limit + math.copysign(_BESIDE / 2, near - now)) if alters(value)), near)


def _distance(value: float | str, now: float | str | None) -> float:
    if isinstance(value, str) or isinstance(now, str) or now is None:
        return 0.0
    return abs(value - now)


def _changed(
    card: Scorecard, case: Case, changes: tuple[Mapping[str, float | str], ...], language: str
) -> Iterator[Message]:
    yield say("The result is: {result}.", result=_outcome(card, case))
    if not changes:
        yield say("No change of one or two of the values tried would have changed it.")
        return
    if len(changes[0]) > 1:
        yield say("None of the values tried would have changed it alone; two together would have.")
    for change in changes[:_SHOWN]:
        parts = [
            say("“{field}”, {value} instead of {before}", field=_name(card, name, language),
                value=_value(card, name, value, language),
                before=_value(card, name, case[name], language)).text(language)
            for name, value in change.items()
        ]  # fmt: skip
        result = _outcome(card, {**case, **change})
        yield say("With {change}, the result would have been: {result}.", change=listed(parts, language), result=result)
    if len(changes) > _SHOWN:
        yield say("{count} further changes would have changed it too.", count=len(changes) - _SHOWN)
    yield say("Some of these are not in the person’s power; they show what the result rests on.")
