"""What a workbook knows beside its values is asked about: hidden rows, formulas without a result, errors in cells."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from auditkit.counts.count_rows import count_cells
from auditkit.errors import DataError
from auditkit.intake import open_table
from auditkit.intake.count_tables import read_counts
from auditkit.intake.file_source import FileSource
from auditkit.intake.sheet_state import sheet_state
from tests.counts.counting import audit

COLUMNS = ["g", "score", "y", "other"]
ERRORS = ["#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!"]


def book(folder: Path, draw: random.Random, feature: str) -> tuple[Path, set[tuple[int, int]]]:
    """120 rows under title lines or none; the feature at random rows, or at random cells of one column in a role."""
    made = Workbook()
    sheet = made.active
    sheet.title = draw.choice(["Sheet", "Données é & <x>", "by sex"])
    if draw.random() < 0.5:
        made.create_sheet("first", 0)
        made.move_sheet("first", 1)
    sheet.append(COLUMNS)
    for i in range(120):
        sheet.append(["AB"[i % 2], i % 10, int(i % 3 == 0), i])
    column = draw.randrange(3)
    rows = sorted(draw.sample(range(1, 121), draw.randint(1, 40)))
    for row in rows:
        cell = sheet.cell(row + 1, column + 1)
        if feature in ("hidden", "filter"):
            sheet.row_dimensions[row + 1].hidden = True
        elif feature == "formulas":
            cell.value = draw.choice(["=1+1", "=B2", '=IF(B2>5,"A","B")'])
        else:
            cell.value, cell.data_type = draw.choice(ERRORS), "e"
    if feature == "filter":
        sheet.auto_filter.ref = "A1:D121"
    path = folder / f"{feature}-{draw.random()}.xlsx"
    made.save(path)
    return path, {(row, column) for row in rows}


def counted(path: Path, data: dict[str, Any] | None = None, **content: Any) -> int:
    spec = audit(
        groups={"g": {"column": "g"}}, score="score", selected={"at_least": 5},
        outcome={"column": "y", "positive": [1]}, data={"file": path.name} | (data or {}), **content,
    )  # fmt: skip
    assert spec.data is not None
    with open_table(spec.data, path.parent) as table:
        return round(count_cells(table, spec).account.used or 0)


@pytest.mark.parametrize("feature", ["hidden", "filter", "formulas", "errors"])
def test_each_at_random_cells_of_a_column_in_a_role(feature: str, tmp_path: Path) -> None:
    for number in range(13):
        draw = random.Random(f"{feature} {number}")
        path, places = book(tmp_path, draw, feature)
        key = "hidden_rows: read" if feature in ("hidden", "filter") else f"confirm: [{feature}]"
        with pytest.raises(DataError) as error:
            counted(path)
        assert key in str(error.value)
        assert str(len(places)) in str(error.value)
        if feature in ("hidden", "filter"):
            answer = draw.choice(["read", "left_out"])
            assert counted(path, {"hidden_rows": answer}) == (120 if answer == "read" else 120 - len(places))
        elif min(column for _, column in places) != 1:  # a score that is missing leaves its row out
            assert counted(path, confirm=[feature]) == 120
        else:
            assert counted(path, confirm=[feature]) == 120 - len(places)


def test_a_column_without_a_role_is_not_asked_about(tmp_path: Path) -> None:
    made = Workbook()
    made.active.append(COLUMNS)
    for i in range(120):
        made.active.append(["AB"[i % 2], i % 10, int(i % 3 == 0), "=1/0"])
    made.save(tmp_path / "rows.xlsx")
    assert counted(tmp_path / "rows.xlsx") == 120


def test_hidden_lines_of_a_table_of_counts(tmp_path: Path) -> None:
    made = Workbook()
    for row in (["g", "Controlled", "Total"], ["North", 20, 100], ["South", 30, 100], ["West", 40, 100]):
        made.active.append(row)
    made.active.row_dimensions[3].hidden = True
    made.save(tmp_path / "t.xlsx")
    for answer, tables in ((None, 0), ("read", 3), ("left_out", 2)):
        data = {"file": "t.xlsx", "columns": {"selected": "Controlled", "total": "Total"}}
        spec = audit(groups={"g": {"column": "g"}}, data=data | ({"hidden_rows": answer} if answer else {}))
        if answer is None:
            with pytest.raises(DataError, match="1 row is hidden"):
                read_counts(spec, tmp_path)
        else:
            assert len(read_counts(spec, tmp_path).tables[0].rows) == tables


ODS = (
    '<office:document-content><table:table table:name="S"><table:table-row><table:table-cell/></table:table-row>'
    '<table:table-row table:visibility="filter" table:number-rows-repeated="3"/><table:table-row '
    'table:visibility="collapse"/></table:table></office:document-content>'
)


def test_an_open_document(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("content.xml", ODS)
    state = sheet_state(FileSource("t.ods", tmp_path / "t.ods"), "S")
    assert (state.hidden, state.filtered) == (frozenset({1, 2, 3, 4}), True)
    assert sheet_state(FileSource("t.ods", tmp_path / "t.ods"), "other").hidden == frozenset()


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 40, b"\xd0\xcf\x11\xe0"])
def test_what_is_no_archive_has_no_state(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(content)
    assert sheet_state(FileSource("t.xlsx", tmp_path / "t.xlsx"), "S").hidden == frozenset()
