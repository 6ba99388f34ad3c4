"""published.csv: one published figure a line, read with nothing guessed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, cut, nearest

__all__ = ["BASES", "COLUMNS", "KINDS", "Figure", "read_published"]

COLUMNS = (
    "figure_id", "analysis", "attribute", "group", "reference", "measure", "kind", "published",
    "decimals", "basis", "source", "expected", "note", "unit",
)  # fmt: skip
_OPTIONAL = {"note", "unit", "expected", "reference", "attribute", "group", "source"}
KINDS = ("rate", "difference", "ratio", "relative_difference", "count", "test", "coefficient", "share")
BASES = ("rows", "counts", "internal")


@dataclass(frozen=True)
class Figure:
    """One line of published.csv."""

    figure_id: str
    analysis: str
    attribute: str
    group: str
    reference: str
    measure: str
    kind: str
    published: float
    decimals: int
    basis: str
    source: str
    expected: str
    note: str
    unit: str

    @property
    def slip(self) -> str | None:
        """The formula by which the publication slipped, where it states one."""
        return self.expected.removeprefix("slip:").strip() if self.expected.startswith("slip:") else None

    @property
    def formula(self) -> str | None:
        """The figure as a formula over measures, where its measure begins with =."""
        return self.measure.removeprefix("=").strip() if self.measure.startswith("=") else None


def read_published(path: Path) -> list[Figure]:
    """The figures of a published.csv. Raises DataError with line, column and value where one cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or []
            for column in header:
                if column not in COLUMNS:
                    raise DataError(
                        '{file}: the column "{column}" is not known; the nearest known: {known}.',
                        file=path.name, column=cut(column), known=nearest(column, COLUMNS),
                    )  # fmt: skip
            if missing := [c for c in COLUMNS if c not in header and c not in _OPTIONAL]:
                raise DataError('{file}: the column "{column}" is missing.', file=path.name, column=missing[0])
            figures = [_figure(row, path, reader.line_num) for row in reader]
    except FileNotFoundError:
        raise DataError(
            "{folder} holds no published.csv; a reproduction needs the figures that were published.",
            folder=path.resolve().parent.name,
        ) from None
    if repeated := [name for name, n in Counter(f.figure_id for f in figures).items() if n > 1]:
        raise DataError('{file}: the figure_id "{value}" stands twice.', file=path.name, value=cut(repeated[0]))
    return figures


def _figure(row: Mapping[str, str | None], path: Path, line: int) -> Figure:
    values = {key: (row.get(key) or "").strip() for key in COLUMNS}

    def wrong(column: str, expected: str) -> DataError:
        return DataError(
            '{file}, line {line}, column {column}: found "{value}"; expected {expected}.',
            file=path.name, line=str(line), column=column, value=cut(values[column]), expected=expected,
        )  # fmt: skip

    if values["kind"] not in KINDS:
        raise wrong("kind", nearest(values["kind"], KINDS))
    if values["basis"] not in BASES:
        raise wrong("basis", nearest(values["basis"], BASES))
    if values["unit"] not in ("", "percent"):
        raise wrong("unit", "percent")
    try:
        published = float(values["published"])
    except ValueError:
        raise wrong("published", "1.91") from None
    if not values["decimals"].isdigit():
        raise wrong("decimals", "2")
    texts = {k: v for k, v in values.items() if k not in ("published", "decimals")}
    return Figure(published=published, decimals=int(values["decimals"]), **texts)
