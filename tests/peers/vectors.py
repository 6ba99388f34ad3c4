"""The published figures of the peers, read from the mirror as one flat list: a path and a value each.

Everything in a file that is not named here as an input or a remark counts as a published figure, so that a figure
can be left out only by saying so.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

Value = float | bool | None

INPUTS = frozenset(
    "id input note notes conventions formula why benefit tolerance data label pred pred_1 pred_2 predicted_override "
    "group groups weight favourable values value facet d p q sex score cutoff rows rows_feat_label "
    "rows_feat_feat2_label rows_label_pred_group rows_label_pred_gender do_not_match".split()
)
PUBLISHED = re.compile(r"expected|exact|published_p")
IDENTITY = ("reference_group", "attribute_name", "attribute_value")


def read(mirror: Path, name: str) -> Any:
    """One vector as its file has it."""
    return json.loads((mirror / f"{name}.json").read_text(encoding="utf-8"))


def table(path: Path) -> dict[str, list[str]]:
    """A CSV file as columns of text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def published(node: Any, path: tuple[str, ...] = (), inside: bool = False) -> Iterator[tuple[str, Value]]:
    """Every figure below a node of a vector, with its path."""
    if isinstance(node, Mapping):
        for key, part in node.items():
            if key == "tolerance" or (key in INPUTS and not inside):
                continue
            yield from published(part, (*path, key), inside or bool(PUBLISHED.match(key)))
    elif isinstance(node, list):
        for place, part in enumerate(node):
            yield from published(part, (*path, str(place)), inside)
    elif not isinstance(node, str):
        yield " / ".join(path), node


def published_by_aequitas(folder: Path) -> Iterator[tuple[str, Value]]:
    """The same for v01, whose figures are tables: undefined is NaN, NA or empty."""
    for case in json.loads((folder / "cases.json").read_text(encoding="utf-8"))["cases"]:
        with (folder / case["expected"]).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                start = f"case {case['case']} / {row['attribute_name']} {row['attribute_value']}"
                for name, text in row.items():
                    if name not in IDENTITY:
                        yield f"{start} / {name}", _aequitas_value(text)


def _aequitas_value(text: str) -> Value:
    if text in ("NaN", "NA", ""):
        return None
    return text == "TRUE" if text in ("TRUE", "FALSE") else float(text)


@dataclass
class Comparison:
    """One vector held against what auditkit says, `answers`; `faults` lists every figure that does not come out."""

    vector: str
    published: dict[str, Value]
    answers: dict[str, Value]
    without_counterpart: Iterable[str]
    refused: Mapping[str, Value]
    tolerance: Mapping[str, float] = field(default_factory=dict)

    @property
    def ours(self) -> dict[str, Value]:
        """The answers that are to agree."""
        return {path: value for path, value in self.answers.items() if not any(under(path, p) for p in self.refused)}

    def unaccounted(self) -> list[str]:
        """Figures neither compared nor listed, or listed twice; and paths that no figure has."""
        patterns = [*self.without_counterpart, *self.refused]
        listed = {path: [p for p in patterns if under(path, p)] for path in self.published}
        ours = self.ours
        wrong = [path for path, found in listed.items() if (path in ours) + bool(found) != 1]
        unused = [p for p in patterns if not any(p in found for found in listed.values())]
        return wrong + unused + [path for path in ours if path not in self.published]

    def faults(self) -> list[str]:
        """The figures that do not come out."""
        return [
            f"{self.vector}: {path}: published {self.published[path]}, ours {value}"
            for path, value in self.ours.items()
            if not agree(value, self.published[path], self._tolerance(path))
        ]

    def matches_refused(self) -> list[str]:
        """Refused figures that come out all the same, or for which something else than the right value does."""
        wrong = []
        for path, value in self.ours_refused().items():
            right = next(self.refused[p] for p in self.refused if under(path, p))
            if agree(value, self.published[path], 1e-6) or not agree(value, right, 1e-6):
                wrong.append(path)
        return wrong

    def ours_refused(self) -> dict[str, Value]:
        """What auditkit says where the published figure is refused; every such figure must be there."""
        found = {path: v for path, v in self.answers.items() if any(under(path, p) for p in self.refused)}
        expected = [path for path in self.published if any(under(path, p) for p in self.refused)]
        assert sorted(found) == sorted(expected)
        return found

    def _tolerance(self, path: str) -> float:
        return next((size for start, size in self.tolerance.items() if under(path, start)), 1e-6)


def under(path: str, pattern: str) -> bool:
    """Whether a path is a pattern's, or below it; * stands for any text."""
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern} / *")


def agree(ours: Value, theirs: Value, tolerance: float) -> bool:
    """The same number within a tolerance; the same truth; undefined only as undefined."""
    if ours is None or theirs is None or isinstance(theirs, bool) or isinstance(ours, bool):
        return ours is theirs
    return abs(ours - theirs) <= tolerance


def listed(text: str) -> dict[str, dict[str, str]]:
    """The lines `vector | path | reason` of a table, as {vector: {path: reason}}."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        parts = [part.strip() for part in line.split(" | ")]
        if len(parts) == 3 and re.match(r"v\d\d$", parts[0]):
            found.setdefault(parts[0], {})[parts[1]] = parts[2]
    return found
