"""The arithmetic of a doubt: for each answer, what the counts would be, as the engine itself counts them."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditkit.errors import AuditkitError
from auditkit.intake.count_tables import CountTable, read_counts
from auditkit.intake.doubts import Doubt, Unanswered
from auditkit.intake.settle_counts import settle_counts
from auditkit.intake.written_numbers import Interval
from auditkit.page.audit_text import merged
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import read_yaml, validate
from auditkit.text import format_number, format_percent

__all__ = ["Sum", "sums_of"]

_ROUNDS = 6


@dataclass(frozen=True)
class Sum:
    """What an answer makes of one group: so many of so many, and the share, as texts."""

    answer: str
    group: str
    selected: str
    people: str
    share: str


def sums_of(path: Path, doubt: Doubt, language: str) -> list[Sum]:
    """A line for each answer that leaves different counts; none where the table is of rows or cannot be counted yet."""
    content, _ = read_yaml(path)
    found: dict[str, dict[str, tuple[float, float, float, float]]] = {}
    for answer in doubt.answers:
        counted = _counted(content, answer.patch, path, doubt.key)
        if counted:
            found[answer.key] = counted
    if len(found) < 2:
        return []
    group = _most_changed(found)
    lines = []
    for answer in doubt.answers:
        if answer.key in found and group in found[answer.key]:
            low, high, people, most = found[answer.key][group]
            share = low / people if people else 0.0
            top = min(1.0, high / people) if people else 0.0
            lines.append(
                Sum(answer.text.text(language), group, _span(low, high, language), _span(people, most, language),
                    _shares(share, top, language))
            )  # fmt: skip
    return lines if len({(line.selected, line.people) for line in lines}) > 1 else []


def _most_changed(found: Mapping[str, Mapping[str, tuple[float, float, float, float]]]) -> str:
    groups = {group for counted in found.values() for group in counted}
    return max(sorted(groups), key=lambda group: len({counted.get(group) for counted in found.values()}))


def _counted(
    content: Mapping[str, Any], patch: Mapping[str, object], path: Path, key: str
) -> dict[str, tuple[float, float, float, float]]:
    """By group: those selected (least, most) and people (least, most); empty where it cannot be counted."""
    plain = merged(copy.deepcopy(dict(content)), patch)
    for _ in range(_ROUNDS):
        try:
            spec: AuditSpec = validate(AuditSpec, plain, {}, path)
            if spec.data is None or not spec.from_counts:
                return {}
            tells_chosen = spec.data.columns is not None and spec.data.columns.selected is not None
            tables = [settle_counts(spec, table)[0] for table in read_counts(spec, path.parent).tables]
            part = "true_positive" if key.partition(":")[0] == "hidden" else ""
            return _by_group(tables[0], part, tells_chosen)
        except Unanswered as open_one:
            other = open_one.doubts[0]
            if not other.answers:
                return {}
            plain = merged(plain, other.answers[0].patch)
        except AuditkitError:
            return {}
    return {}


def _by_group(table: CountTable, part: str, tells_chosen: bool) -> dict[str, tuple[float, float, float, float]]:
    """The first attribute's groups; with `part`, those found right among those selected, where they are told apart.

    `tells_chosen`: the table has a column of those selected.
    """
    attribute = table.attributes[0]
    sums: dict[str, list[float]] = {}
    for row in table.rows:
        counts = row.counts
        chosen = {"selected", "true_positive", "false_positive"} & set(counts)
        whole = row.total
        low, high = (sum(getattr(counts[kind], end) for kind in chosen) for end in ("lower", "upper"))
        least = whole.lower if whole is not None else sum(count.lower for count in counts.values())
        most = whole.upper if whole is not None else sum(count.upper for count in counts.values())
        if part in counts and not counts[part].known:
            least, most = _chosen(counts, low, high) if tells_chosen else (low, high)
            low, high = counts[part].lower, counts[part].upper
        known = sums.setdefault(row.groups[attribute], [0.0, 0.0, 0.0, 0.0])
        for place, value in enumerate((low, high, least, most)):
            known[place] += value
    return {group: (v[0], v[1], v[2], v[3]) for group, v in sums.items() if math.isfinite(v[1])}


def _chosen(counts: Mapping[str, Interval], low: float, high: float) -> tuple[float, float]:
    """How many were chosen: where the table says it, what was found and what was not move against each other."""
    right, wrong = counts.get("true_positive"), counts.get("false_positive")
    if right is None or wrong is None or right.lower + wrong.upper != right.upper + wrong.lower:
        return low, high
    return right.lower + wrong.upper, right.lower + wrong.upper


def _span(low: float, high: float, language: str) -> str:
    first = format_number(low, 0, language)
    return first if high <= low or not math.isfinite(high) else f"{first} – {format_number(high, 0, language)}"


def _shares(low: float, high: float, language: str) -> str:
    first = format_percent(low, 1, language)
    last = format_percent(high, 1, language)
    return first if first == last else f"{first} – {last}"
