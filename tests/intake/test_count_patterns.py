"""Groups named in the columns of a published table: Berkeley's admissions as they are often printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.errors import DataError
from auditkit.run import run_audit
from auditkit.spec import load_audit

AUDIT = """
title: wide
system: {name: wide, harm: assistive}
data: {file: t.csv, across: sex, columns: COLUMNS}
groups: {sex: {column: sex, reference: male}}
strata: {department: department}
publish: {minimum_count: 0, because: test}
"""
PLAIN = "department,male_yes,male_no,female_yes,female_no\nA,512,313,89,19\nB,353,207,17,8\n"
COLUMNS = '{selected: "*_yes", not_selected: "*_no"}'


def _rates(folder: Path, table: str, columns: str = COLUMNS) -> dict[str, tuple[float | None, float | None]]:
    (folder / "t.csv").write_text(table)
    (folder / "audit.yaml").write_text(AUDIT.replace("COLUMNS", columns))
    result = run_audit(load_audit(folder / "audit.yaml"), folder)
    asked = [e for e in result.main.estimates if e.measure == "selection_rate"]
    return {e.group: (e.numerator, e.denominator) for e in asked}


def test_each_group_of_the_names_is_a_row(tmp_path: Path) -> None:
    assert _rates(tmp_path, PLAIN) == {"all": (971, 1518), "male": (865, 1385), "female": (106, 133)}


def test_other_columns_and_titles_are_left_alone(tmp_path: Path) -> None:
    table = "Admissions 1973\n\n" + PLAIN.replace("female_no", "female_no,page").replace(",19\n", ",19,1\n")
    assert _rates(tmp_path, table.replace(",8\n", ",8,2\n"))["female"] == (106, 133)


def test_a_share_and_its_total(tmp_path: Path) -> None:
    table = "department,male_yes,male_all,female_yes,female_all\nA,512,825,89,108\nB,353,560,17,25\n"
    found = _rates(tmp_path, table, '{selected: "*_yes", total: "*_all"}')
    assert found["male"] == (865, 1385)


def test_a_group_without_one_of_the_columns_is_none(tmp_path: Path) -> None:
    table = PLAIN.replace("female_no", "rest_no")
    assert set(_rates(tmp_path, table)) == {"all", "male"}


def test_no_group_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no group has a column for each of") as error:
        _rates(tmp_path, PLAIN.replace("_yes", " oui"))
    assert "aucun groupe" in error.value.text("fr")


def test_a_cell_that_is_no_count_is_named_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 3, column 4"):
        _rates(tmp_path, PLAIN.replace("17", "many"))
