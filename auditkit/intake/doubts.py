"""What a table leaves open: one list of questions for terminal, page and report.

A doubt that changes a figure stops a run until audit.yaml answers it; the keys that answer stand in the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from auditkit.errors import DataError, cut
from auditkit.intake.spelling import folded, group_key, is_missing_word, is_total_word, meaning_key
from auditkit.spec import AuditSpec
from auditkit.spec.data_spec import Scalar
from auditkit.text import Message, say, say_plural

__all__ = ["Answer", "Asked", "Doubt", "Unanswered", "refuse_doubts", "role_columns", "value_questions"]


@dataclass(frozen=True)
class Answer:
    """One way out: the key to type, in words, and what it puts into audit.yaml."""

    key: str
    text: Message
    patch: Mapping[str, object]


@dataclass(frozen=True)
class Doubt:
    """A question about a column, with the values it is about and how many rows hold each."""

    key: str
    column: str
    question: Message
    values: tuple[tuple[str, int], ...]
    answers: tuple[Answer, ...]
    stops: bool = True
    example: str = ""


class Unanswered(DataError):
    """Doubts that change a figure and that audit.yaml does not answer."""

    def __init__(self, doubts: Sequence[Doubt], file: str) -> None:
        self.doubts = tuple(doubts)
        said: Message | None = None
        for doubt in doubts[:6]:
            part = say("{file}: {question}", file=file, question=doubt.question)
            said = part if said is None else say("{first}\n{second}", first=said, second=part)
        assert said is not None
        super().__init__(said)


def refuse_doubts(doubts: Iterable[Doubt], file: str) -> None:
    """Raise Unanswered where any doubt changes a figure."""
    if open_ones := [doubt for doubt in doubts if doubt.stops]:
        raise Unanswered(open_ones, file)


@dataclass(frozen=True)
class Asked:
    """A column of values in a role: `listed` are those that the audit names, where it names any."""

    column: str
    role: str
    listed: tuple[Scalar, ...] | None = None
    other: tuple[Scalar, ...] | None = None
    reference: str | None = None


def role_columns(spec: AuditSpec) -> Iterator[Asked]:
    """Every column whose values, as they are spelt, decide on whom a figure is about."""
    for name, group in spec.groups.items():
        if group.data is None and group.bins is None:
            yield Asked(group.column, f"groups: {name}")
    for name, stratum in spec.strata.items():
        if stratum.bins is None:
            yield Asked(stratum.column, f"strata: {name}")
    choices = [("selected", spec.selected), *(("stages", stage.selected) for stage in spec.stages or [])]
    for role, choice in choices:
        if choice is not None and choice.is_in is not None and choice.column is not None:
            yield Asked(choice.column, role, tuple(choice.is_in))
    if spec.selected is not None and spec.selected.places is not None:
        yield Asked(spec.selected.places.by, "selected", tuple(spec.selected.places.values))
    if spec.outcome is not None and (spec.outcome.positive is not None or spec.outcome.negative is not None):
        yes, no = tuple(spec.outcome.positive or ()), tuple(spec.outcome.negative or ())
        yield Asked(spec.outcome.column, "outcome", yes or no, no if yes else ())
    for condition in spec.keep:
        listed = condition.is_in if condition.is_in is not None else condition.not_in
        if listed is not None:
            yield Asked(condition.column, "keep", tuple(listed))
    if spec.arm is not None:
        yield Asked(spec.arm.column, "observed: arm", tuple(spec.arm.is_in))


def value_questions(asked: Asked, counts: Mapping[str, int], spec: AuditSpec) -> Iterator[Doubt]:
    """The questions that the values of one column raise, `counts` being rows by value, folded, none missing."""
    apart = [frozenset(map(folded, pair)) for pair in spec.apart]
    values = [value for value in counts if value not in spec.missing_values]
    if asked.listed is None:
        yield from _twins(asked, counts, _alike(values, group_key), apart)
        yield from _missing_words(asked, counts, values, apart, spec)
        yield from _no_groups(asked, counts, values, apart)
        yield from _dates_among_classes(asked, counts, values, apart)
        return
    sides = [_taken(asked.listed), _taken(asked.other or ())]
    clusters = []
    for alike in _alike(values, meaning_key):
        # Only values of which one is listed and another is not change what is counted.
        if len({tuple(value in side for side in sides) for value in alike}) > 1:
            clusters.append(alike)
    yield from _twins(asked, counts, clusters, apart)
    if asked.role in ("selected", "stages"):
        yield from _missing_decisions(asked, counts, [one for one in values if one not in sides[0]], apart, spec)


def _missing_decisions(
    asked: Asked, counts: Mapping[str, int], values: Sequence[str], apart: Sequence[frozenset[str]], spec: AuditSpec
) -> Iterator[Doubt]:
    """Words for missing among the values of a decision: whoever holds one would count as not selected."""
    for value in values:
        if not is_missing_word(value) or any(value in group for group in apart):
            continue
        question = say(
            "column {column}, under {role}: found {values}. If it says that the decision is not known, write in "
            "audit.yaml: missing_values: {missing}; if whoever holds it was not selected: apart: [[{value}]].",
            column=f'"{cut(asked.column)}"', role=asked.role, values=_with_rows([value], counts),
            value=f'"{cut(value)}"',
            missing="[" + ", ".join(f'"{cut(v)}"' for v in [*spec.missing_values, value]) + "]",
        )  # fmt: skip
        answers = (
            Answer("missing_values", say("It is missing."), {"missing_values": [*spec.missing_values, value]}),
            Answer("apart", say("Whoever holds it was not selected."), {"apart": [[value]]}),
        )
        yield Doubt("missing_word", asked.column, question, ((value, counts[value]),), answers)


def _no_groups(
    asked: Asked, counts: Mapping[str, int], values: Sequence[str], apart: Sequence[frozenset[str]]
) -> Iterator[Doubt]:
    """A line that sums up others, and cells that hold several groups at once: A|B."""
    known = set(values)
    for value in values:
        if any(value in group for group in apart):
            continue
        parts = [part.strip() for part in value.replace(";", "|").split("|")]
        if is_total_word(value) and len(values) > 2:
            question = say(
                "column {column}, under {role}: {values} is called as a line that sums up others is. If it is one, "
                "leave it out in audit.yaml: keep: [{{column: {column}, not_in: [{value}]}}]; if it is a group: apart: "
                "[[{value}]].",
                column=f'"{cut(asked.column)}"', role=asked.role, values=_with_rows([value], counts),
                value=f'"{cut(value)}"',
            )  # fmt: skip
        elif len(parts) > 1 and known.issuperset(parts):
            question = say(
                "column {column}, under {role}: {values} holds several groups at once. If these people are a group of "
                "their own, write in audit.yaml: apart: [[{value}]]; if they count in one of them, say which: same: "
                "[[{first}, {value}]].",
                column=f'"{cut(asked.column)}"', role=asked.role, values=_with_rows([value], counts),
                value=f'"{cut(value)}"', first=f'"{cut(parts[0])}"',
            )  # fmt: skip
        else:
            continue
        answers = (Answer("apart", say("It is a group of its own."), {"apart": [[value]]}),)
        yield Doubt("no_group", asked.column, question, ((value, counts[value]),), answers)


def _taken(values: Sequence[Scalar]) -> set[str]:
    from auditkit.intake.spelling import listed_spellings

    return set(listed_spellings(values))


def _alike(values: Sequence[str], key: object) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)  # type: ignore[operator]
    return [sorted(alike) for alike in found.values() if len(alike) > 1]


def _twins(
    asked: Asked, counts: Mapping[str, int], clusters: Sequence[list[str]], apart: Sequence[frozenset[str]]
) -> Iterator[Doubt]:
    for alike in clusters:
        if all(any({one, other} <= group for group in apart) for one, other in combinations(alike, 2)):
            continue
        shown = sorted(alike, key=lambda value: (-counts[value], value))[:6]
        listed = "[" + ", ".join(f'"{cut(value)}"' for value in shown) + "]"
        question = say(
            "column {column}, under {role}: {values} look like one value spelt in several ways. If they are one, write "
            "in audit.yaml: same: [{listed}]; if they are not: apart: [{listed}].",
            column=f'"{cut(asked.column)}"', role=asked.role, values=_with_rows(shown, counts), listed=listed,
        )  # fmt: skip
        one, two = say("They are one value."), say("They are different values.")
        answers = (Answer("same", one, {"same": [shown]}), Answer("apart", two, {"apart": [shown]}))
        yield Doubt("twins", asked.column, question, tuple((v, counts[v]) for v in shown), answers)


def _missing_words(
    asked: Asked, counts: Mapping[str, int], values: Sequence[str], apart: Sequence[frozenset[str]], spec: AuditSpec
) -> Iterator[Doubt]:
    named = {key for group in spec.groups.values() if group.column == asked.column for key in group.values}
    meant = {
        word
        for group in spec.groups.values()
        if group.column == asked.column
        for word in (group.reference, group.missing)
    }
    for value in values:
        if not is_missing_word(value) or value in named or value in meant or any(value in group for group in apart):
            continue
        quoted = f'"{cut(value)}"'
        question = say(
            "column {column}, under {role}: found {values} among the groups. If it says that the value is missing, "
            "write in audit.yaml: missing_values: {missing}; if it is a group of its own: apart: [[{value}]].",
            column=f'"{cut(asked.column)}"', role=asked.role, values=_with_rows([value], counts), value=quoted,
            missing="[" + ", ".join(f'"{cut(v)}"' for v in [*spec.missing_values, value]) + "]",
        )  # fmt: skip
        answers = (
            Answer("missing_values", say("It is missing."), {"missing_values": [*spec.missing_values, value]}),
            Answer("apart", say("It is a group of its own."), {"apart": [[value]]}),
        )
        yield Doubt("missing_word", asked.column, question, ((value, counts[value]),), answers)


def _dates_among_classes(
    asked: Asked, counts: Mapping[str, int], values: Sequence[str], apart: Sequence[frozenset[str]]
) -> Iterator[Doubt]:
    """Dates beside classes such as 13-17: a spreadsheet made them from 10-12."""
    import re

    # Months as spreadsheets shorten them (en, fr, de, es, it, nl, pt): "65 ans" is an age, no date.
    month = (
        r"(jan|janv|ene|gen|feb|févr?|fev|mar|mars|märz?|mrz|mrt|apr|avr|avril|abr|may|mai|mei|mag|june?|juin|giu|"
        r"july?|juil|lug|aug|août|aout|ago|sept?|set|oct|okt|ott|out|nov|dec|déc|dez|dic)"
    )
    date = re.compile(
        r"\d{4}-\d{2}-\d{2}([ T].*)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|"
        rf"(\d{{1,2}}[- ./])?{month}\.?[- ./]\d{{1,4}}|\d{{1,2}}[- ./]{month}\.?",
        re.IGNORECASE,
    )
    classes = [value for value in values if re.fullmatch(r"\d{1,3}\s?[-\u2013]\s?\d{1,3}(\D.*)?", value)]
    dates = [value for value in values if date.fullmatch(value) and not any(value in group for group in apart)]
    if not classes or not dates:
        return
    shown = dates[:6]
    question = say(
        "column {column}, under {role}: {values} stand among classes such as {known}; a spreadsheet turns 10-12 into a "
        "date. Say which class each is: same: [[{example}, {value}]]; if they are meant: apart: [[{value}]].",
        column=f'"{cut(asked.column)}"', role=asked.role, values=_with_rows(shown, counts),
        known=f'"{cut(classes[0])}"', example='"10-12"', value=f'"{cut(shown[0])}"',
    )  # fmt: skip
    answers = (Answer("apart", say("They are meant as they are."), {"apart": [[value] for value in shown]}),)
    yield Doubt("dates", asked.column, question, tuple((v, counts[v]) for v in shown), answers)


def _with_rows(values: Sequence[str], counts: Mapping[str, int]) -> Message | str:
    said: Message | str = ""
    for value in values:
        part = say_plural("{value} ({count} row)", "{value} ({count} rows)", counts[value], value=f'"{cut(value)}"')
        said = part if said == "" else say("{first}, {second}", first=said, second=part)
    return said
