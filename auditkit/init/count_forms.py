"""Which columns of a published table give the rate: told by their heads and held against each other by arithmetic.

A reading that the numbers contradict is not proposed. What is proposed is shown as one worked line, so that a person
sees at a glance when it is absurd.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from auditkit.errors import cut
from auditkit.init.heading_words import COUNT_KINDS, NUMBER_WORDS, TOTALS, plain_word
from auditkit.text import Message, say

__all__ = ["Form", "choose_form", "is_period", "newest", "period_of"]

FORMS = (
    ("true_positive", "false_positive", "true_negative", "false_negative"),
    ("selected", "total", "true_positive"),
    ("selected", "not_selected"),
    ("selected", "total"),
    ("selected", "share"),
    ("share", "total"),
)

_BARE = frozenset("number nombre aantal anzahl numero n nb count counts zahl cantidad casi casos falle".split())
"""Heads that do not say of whom: beside a share they are those selected, more often than not. An effectif is everyone
of a group: it is the base."""

_SHARE_WORDS = frozenset(
    "share shares percent percentage pct proportion rate rates part parts pourcentage taux aandeel percentages anteil "
    "anteile prozent quote porcentaje proporcion tasa percentuale quota tasso".split()
)

_PERIOD = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:\s*[-/]\s*(?:\d{2}|\d{4}))?(?!\d)|\b([TQKC])\s?([1-4])\b")


@dataclass(frozen=True)
class Form:
    """The column of each kind, and one line worked out; or, without columns, why no reading holds."""

    columns: dict[str, int]
    worked: Message | None = None
    refused: Message | None = None
    asked: bool = False
    """Whether a person can put it right by naming the columns: then no other reading of the heads is taken."""


_MONTHS = frozenset(
    "jan janv january janvier januari januar enero gennaio feb fev fevr february fevrier februari februar febrero "
    "febbraio mar mars march maart marz marzo apr avr april avril abril aprile may mai mei mayo maggio jun juin june "
    "juni junio giugno jul juil july juillet juli julio luglio aug aout august augustus agosto sep sept september "
    "septembre septiembre settembre oct okt october octobre oktober octubre ottobre nov november novembre noviembre "
    "dec december decembre dezember diciembre dicembre".split()
)
_TIME_WORDS = frozenset("trimestre trim quarter kwartaal quartal semestre semester s1 s2 annee year jaar jahr".split())


def is_period(text: str) -> bool:
    """Whether a label says when and not of whom: a quarter, a month, a year.

    >>> is_period("T3"), is_period("2e trimestre 2023"), is_period("mars 2023"), is_period("Couple"), is_period("2023")
    (True, True, True, False, True)
    """
    words = plain_word(text).split()
    if not words or len(words) > 4:
        return False

    def one(word: str) -> bool:
        known = word in _MONTHS or word in _TIME_WORDS or re.fullmatch(r"(19|20)\d{2}|[tqkc][1-4]", word) is not None
        return known or re.fullmatch(r"[1-4](er|e|eme|st|nd|rd|th|o|a)?", word) is not None

    named = any(w in _MONTHS or w in _TIME_WORDS or re.fullmatch(r"(19|20)\d{2}|[tqkc][1-4]", w) for w in words)
    return named and all(one(word) for word in words)


def period_of(name: str) -> tuple[int, int] | None:
    """The year and the quarter that a head names; None where it names no year.

    >>> period_of("2023 Contrôlés"), period_of("2022 T3 / Number"), period_of("2020/21"), period_of("Number")
    ((2023, 0), (2022, 3), (2020, 0), None)
    """
    year = quarter = 0
    for found in _PERIOD.finditer(name):
        if found[1]:
            year = int(found[1])
        elif found[3]:
            quarter = int(found[3])
    return (year, quarter) if year else None


def newest(names: Mapping[int, str]) -> tuple[dict[int, str], str | None, list[str]]:
    """The heads of the newest period beside those of none, that period, and the heads of the others."""
    periods = {column: found for column, name in names.items() if (found := period_of(name)) is not None}
    if len(set(periods.values())) < 2:
        only = next(iter(set(periods.values())), None)
        return dict(names), None if only is None else _said(only), []
    last = max(periods.values())
    kept = {column: name for column, name in names.items() if periods.get(column, last) == last}
    return kept, _said(last), [name for column, name in names.items() if column not in kept]


def whole_heads(names: Mapping[int, str]) -> dict[int, str]:
    """The heads without those of parts: where one of several side by side counts all together, it stands for all.

    >>> whole_heads({1: "Checked / Women", 2: "Checked / Men", 3: "Checked / Total", 4: "Households"})
    {3: 'Checked / Total', 4: 'Households'}
    """
    return {
        column: name
        for column, name in names.items()
        if not any(plain_word(other) in TOTALS for _, other in _beside(name, names.values()))
    }


def _beside(name: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The heads that count the same of other people, and the part that says whom; none beside a head of all together.

    They agree in all parts (words, where a head has one part) but one, which says neither what is counted nor when.
    """
    for one in names:
        apart = _apart(name, one)
        if apart is not None and plain_word(apart[0]) not in TOTALS and not any(_says_measure(part) for part in apart):
            yield one, apart[1]


def _apart(name: str, other: str) -> tuple[str, str] | None:
    """The one part in which two heads differ; None where nothing is common to both, or one goes on from the other.

    >>> _apart("Checked / Women", "Checked / Men"), _apart("checks under 30", "checks 30 or more"), _apart("a", "a b")
    (('Women', 'Men'), ('under 30', '30 or more'), None)
    """
    if " / " in name and " / " in other:
        parts, others = name.split(" / "), other.split(" / ")
        apart = [pair for pair in zip(parts, others, strict=False) if pair[0] != pair[1]]
        return apart[0] if len(parts) == len(others) and len(apart) == 1 else None
    words, more = plain_word(name).split(), plain_word(other).split()
    start = _alike(words, more)
    end = _alike(words[start:][::-1], more[start:][::-1])
    if start and end and start + end == min(len(words), len(more)):
        end -= 1  # "checked Dutch" and "checked not Dutch": a word put in between sets apart what follows
    rest, others_rest = (" ".join(one[start : len(one) - end]) for one in (words, more))
    return (rest, others_rest) if rest and others_rest and start + end else None


def _alike(words: Sequence[str], others: Sequence[str]) -> int:
    """How many words both begin with."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(words, others, strict=False))))


def _says_measure(part: str) -> bool:
    """Whether a part of a head says what is counted, or when; a word for all together says of whom."""
    text = plain_word(part)
    if text in TOTALS:
        return False
    words = [word for kind in COUNT_KINDS.values() for word in kind] + list(NUMBER_WORDS) + list(_BARE)
    return _says_share(part) or is_period(part) or any(f" {word} " in f" {text} " for word in words)


def _said(period: tuple[int, int]) -> str:
    return str(period[0]) if not period[1] else f"{period[0]} Q{period[1]}"


def choose_form(
    kinds: Mapping[str, int],
    names: Mapping[int, str],
    numbers: Mapping[int, Sequence[float | None]],
    rows: Sequence[str],
) -> Form | None:
    """The form that heads and numbers allow; None where the heads name none.

    `numbers` are the cells of each column, None where none can be read; `rows` the labels beside them.
    """
    shares = [kind for kind, column in kinds.items() if kind == "share" or _says_share(names[column])]
    kinds = {kind: column for kind, column in kinds.items() if kind == "share" or kind not in shares}
    if (shares and not set(kinds) - {"share"}) or _all_distributions(kinds, numbers):
        return Form({}, refused=say(
            "there is no denominator in this table: ask for it (letter documents), or quote the figures under "
            "known_figures"))  # fmt: skip
    bare = "total" in kinds and plain_word(_bare_name(names[kinds["total"]])) in _BARE
    if "share" in kinds and bare and "selected" not in kinds:
        share, number = numbers[kinds["share"]], numbers[kinds["total"]]
        if _is_distribution(share, number):
            return Form({}, refused=say(
                "the column {share} is each line's part of the sum of {number}, so that there is no denominator in "
                "this table: ask for it (letter documents), or quote the figures under known_figures",
                share=f'"{names[kinds["share"]]}"', number=f'"{names[kinds["total"]]}"'))  # fmt: skip
        kinds["selected"] = kinds.pop("total")
    if "share" in kinds and {"selected", "total"} <= set(kinds):
        del kinds["share"]
    for form in FORMS:
        if set(form) <= set(kinds):
            columns = {kind: kinds[kind] for kind in form}
            if _fits(columns, numbers):
                if (asked := _several(columns, names)) is not None:
                    return Form({}, refused=asked, asked=True)
                return Form(columns, worked=_worked(columns, names, numbers, rows))
    return None


def _several(columns: Mapping[str, int], names: Mapping[int, str]) -> Message | None:
    """What is asked where columns side by side count the same of other people, so that one of them is a part."""
    for column in columns.values():
        beside = [one for one, _ in _beside(names[column], names.values())]
        if beside:
            return say(
                "the columns {names} count the same of different people, side by side, and none of them counts all; "
                "write one line for each of these groups, with a column that says which, or keep one of them in an "
                "audit.yaml: {example}",
                names=", ".join(f'"{cut(name)}"' for name in (names[column], *beside)),
                example="data: {columns: {"
                + ", ".join(f'{kind}: "{cut(names[at])}"' for kind, at in columns.items())
                + "}}",
            )
    return None


def _says_share(name: str) -> bool:
    """Whether a head says that its numbers are parts of a whole, not counts.

    >>> _says_share("Part des contrôles (%)"), _says_share("Taux de contrôle"), _says_share("Participants")
    (True, True, False)
    """
    return "%" in name or bool(_SHARE_WORDS & set(plain_word(name).split()))


def _all_distributions(kinds: Mapping[str, int], numbers: Mapping[int, Sequence[float | None]]) -> bool:
    """Whether the numbers of everybody and of those selected both add up to 100, as parts of a whole do."""
    if not {"selected", "total"} <= set(kinds):
        return False
    columns = [[n for n in numbers[kinds[kind]] if n is not None] for kind in ("selected", "total")]
    return all(len(one) > 2 and any(abs(sum(part) - 100) <= 0.6 for part in (one, one[:-1])) for one in columns)


def _bare_name(name: str) -> str:
    """The last part of a head, without its period."""
    return _PERIOD.sub(" ", name.split(" / ")[-1])


def _is_distribution(share: Sequence[float | None], number: Sequence[float | None]) -> bool:
    pairs = [(s, n) for s, n in zip(share, number, strict=True) if s is not None and n is not None]
    for scale in (1.0, 100.0):
        for part in (pairs, pairs[:-1], pairs[1:]):  # with or without a total line
            whole = sum(n for _, n in part)
            if len(part) > 1 and whole and all(abs(s - scale * n / whole) <= 0.006 * scale for s, n in part):
                return True
    return False


def _fits(columns: Mapping[str, int], numbers: Mapping[int, Sequence[float | None]]) -> bool:
    """Whether a part is never larger than its whole."""
    pairs = [("selected", "total"), ("true_positive", "selected"), ("not_selected", "total")]
    for part, whole in pairs:
        if part in columns and whole in columns:
            both = zip(numbers[columns[part]], numbers[columns[whole]], strict=True)
            if any(p is not None and w is not None and p > w for p, w in both):
                return False
    return all(n is None or n.is_integer() for kind, c in columns.items() if kind != "share" for n in numbers[c])


def scale_of(name: str, share: Sequence[float | None]) -> float:
    """Of how many a share is told: 1,000, 100 or 1."""
    if re.search(r"\u2030|1[\s.,\u00a0\u202f]?000|\bmille?\b|\bduizend\b|\btausend\b", name, re.IGNORECASE):
        return 1000.0
    return 100.0 if "%" in name or any(s is not None and s > 1 for s in share) else 1.0


def _worked(
    columns: Mapping[str, int],
    names: Mapping[int, str],
    numbers: Mapping[int, Sequence[float | None]],
    rows: Sequence[str],
) -> Message | None:
    """The first line that all numbers stand in, worked out."""
    for place, label in enumerate(rows):
        cells = {kind: numbers[column][place] for kind, column in columns.items()}
        if not label or any(cell is None for cell in cells.values()):
            continue
        found = {kind: cell for kind, cell in cells.items() if cell is not None}
        if "share" in found:
            scale = scale_of(names[columns["share"]], numbers[columns["share"]])
            share = found["share"] / scale
            mark = {100.0: " %", 1000.0: " \u2030"}.get(scale, "")
            if not share:
                continue
            selected = found.get("selected", share * found.get("total", 0))
            total = found.get("total", selected / share)
            return say("{group}: {selected} of {total}, as {part} is {share}.", group=f'"{label}"',
                       selected=round(selected), total=round(total), part=round(selected),
                       share=_decimal(f"{found['share']:g}", mark))  # fmt: skip
        selected = found.get("selected", found.get("true_positive", 0) + found.get("false_positive", 0))
        rest = found.get("not_selected", found.get("true_negative", 0) + found.get("false_negative", 0))
        total = found.get("total", selected + rest)
        if not total:
            continue
        line = say("{group}: {selected} of {total} selected, {share}.", group=f'"{label}"', selected=round(selected),
                   total=round(total), share=_decimal(f"{100 * selected / total:.3g}", " %"))  # fmt: skip
        if "true_positive" in found and "selected" in found:
            return say("{line} Of these {found} rightly.", line=line, found=round(found["true_positive"]))
        return line
    return None


def _decimal(number: str, unit: str) -> Message | str:
    """A number with its unit, whose decimal mark is the reader's."""
    whole, point, decimals = number.partition(".")
    return say("{whole}.{decimals}{unit}", whole=whole, decimals=decimals, unit=unit) if point else number + unit
