"""Groups that stand in the names of columns: male_yes, male_no, female_yes, female_no; each is made a row.

Under `across: ATTRIBUTE` the star in `columns: {selected: "*_yes", not_selected: "*_no"}` stands for the group. Names
over two rows, the upper one merged, are matched as "Men / admitted".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from auditkit.errors import DataError, cut
from auditkit.intake.count_layout import Record, Records, find_columns, grid_row, names_in_row, read_records
from auditkit.intake.sheet_grid import Grid

__all__ = ["is_patterned", "read_patterned"]

STAR = "*"


def is_patterned(columns: Mapping[str, str]) -> bool:
    """Whether the names of columns hold a star for the group.

    >>> is_patterned({"selected": "*_yes", "not_selected": "*_no"}), is_patterned({"selected": "yes"})
    (True, False)
    """
    return any(STAR in name for name in columns.values())


def read_patterned(
    grid: Grid, attribute: str, keys: Sequence[str], patterns: Sequence[str], header_row: int | None
) -> Records:
    """Each data row once for each group that all patterns name; `keys` are the columns that hold labels.

    Raises DataError where no group has a column for every pattern.
    """
    groups = _groups(grid, keys, patterns, header_row)
    concrete = {group: {p: p.replace(STAR, group) for p in patterns} for group in groups}
    counts = [name for names in concrete.values() for name in names.values()]
    records = read_records(grid, [*keys, *counts], counts, header_row)
    rows = tuple(
        Record(
            {**record.texts, attribute: group},
            {**record.cells, **{p: record.cells[name] for p, name in names.items()}},
            {**record.places, **{p: record.places[name] for p, name in names.items()}},
            record.places[next(iter(names.values()))],
        )
        for record in records.rows
        for group, names in concrete.items()
    )
    return Records((attribute, *patterns, *records.columns), rows, records.notes)


def _groups(grid: Grid, keys: Sequence[str], patterns: Sequence[str], header_row: int | None) -> list[str]:
    """The groups for which every pattern has a column, in one row of names, in the order of the table."""
    rows = range(len(grid.rows)) if header_row is None else [grid_row(grid, header_row)]
    for row in rows:
        names = names_in_row(grid, row, joined=True)
        if any(not find_columns(key, names) for key in keys):
            continue
        found = [_matched(pattern, names) for pattern in patterns if STAR in pattern]
        if shared := [group for group in found[0] if all(group in other for other in found)]:
            return shared
    raise DataError(
        "{file}: no group has a column for each of {patterns}; the star stands for the group's name.",
        file=grid.file,
        patterns=", ".join(f'"{cut(pattern)}"' for pattern in patterns),
    )


def _matched(pattern: str, names: Sequence[tuple[str, ...]]) -> list[str]:
    """What the star stands for in each name that fits."""
    before, _, after = pattern.partition(STAR)
    fits = re.compile(re.escape(before) + r"(.+)" + re.escape(after))
    return list(dict.fromkeys(m[1] for found in names for name in found if (m := fits.fullmatch(name))))
