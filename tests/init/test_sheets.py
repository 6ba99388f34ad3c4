"""`init` on a workbook of several sheets, as answers to a request for documents come."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from auditkit.check import check_audit
from auditkit.errors import DataError
from auditkit.init import audit_of_table
from auditkit.spec import AuditSpec, load_audit


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def begun(path: Path, language: str = "en") -> tuple[AuditSpec, str, str]:
    found = audit_of_table(path, path.parent, language)
    audit = path.parent / "audit.yaml"
    audit.write_text(found.text, encoding="utf-8")
    return load_audit(audit), found.text, "\n".join(note.text(language) for note in found.notes)


SEX = [["Sexe", "Contrôlés", "Effectif"], ["F", 30, 200], ["H", 40, 300]]
AGE = [["Tranche d'âge", "Contrôlés", "Effectif"], ["moins de 30", 10, 100], ["30 et plus", "s", 400]]


def test_each_sheet_of_counts_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "answer.xlsx", {"Lisez-moi": [["Réponse à votre demande"]], "Sexe": SEX, "Âge": AGE})
    spec, text, said = begun(path)
    assert spec.data is not None
    assert (spec.data.sheet, spec.data.is_counts) == ("Sexe", True)
    assert set(spec.groups) == {"Sexe", "Tranche d'âge"}
    own = spec.groups["Tranche d'âge"].data
    assert own is not None
    assert (own.file, own.sheet) == ("answer.xlsx", "Âge")
    assert [(mark.text, mark.means) for mark in own.suppressed] == [("s", (0, 10))]
    assert 'Sheets read as tables of counts: "Sexe", "Âge".' in said
    assert 'Not read: "Lisez-moi". To read another, change sheet under data' in said
    checked = check_audit(spec, tmp_path / "audit.yaml")
    assert any("moins de 30" in message.text() for message in checked.understood)
    assert "guess" in text.split("sheet: Sexe")[1].split("\n")[0]


def test_two_sheets_of_one_attribute_are_not_mixed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "years.xlsx", {"2022": SEX, "2023": SEX})
    spec, _, said = begun(path, "fr")
    assert spec.data is not None
    assert spec.data.sheet == "2022"
    assert set(spec.groups) == {"Sexe"}
    assert 'Le classeur a 2 feuilles. Lues\u202f: "2022". Non lues\u202f: "2023".' in said


def test_rows_behind_an_empty_sheet(tmp_path: Path) -> None:
    people = ([("F", "H")[i % 2], i % 7 / 10, ("oui", "non")[i % 3 == 0]] for i in range(60))
    rows: list[list[Any]] = [["sexe", "score", "contrôle"], *people]
    spec, _, said = begun(workbook(tmp_path / "rows.xlsx", {"Page": [], "Dossiers": rows}))
    assert spec.data is not None
    assert (spec.data.sheet, spec.data.is_counts) == ("Dossiers", False)
    assert 'Read: "Dossiers". Not read: "Page".' in said
    assert check_audit(spec, tmp_path / "audit.yaml").understood


def test_one_sheet_is_not_spoken_of(tmp_path: Path) -> None:
    spec, text, said = begun(workbook(tmp_path / "one.xlsx", {"Feuil1": SEX}))
    assert spec.data is not None
    assert spec.data.sheet is None
    assert "sheet" not in said
    assert "sheet:" not in text


YEARS = [["Offices by year"], ["Return to contents"], ["Year", "Offices", "Budget"], [2015, 3, 4100], [2016, 5, 977]]
OFFICES = [["Office", "Checked", "Population"], ["North", 30, 200], ["South", 40, 300]]
ETHNICITY = [["Table by ethnicity"], [], ["Group", "Checked", "Population"], ["A", 30, 200], ["B", 40, 300]]


@pytest.mark.parametrize("number", [2, 3, 7, 20, 130])
def test_the_sheets_of_groups_are_found_wherever_they_stand(number: int, tmp_path: Path) -> None:
    """Fifty workbooks: a sheet by sex and one by ethnicity among sheets of years and of offices."""
    for seed in range(1 if number > 100 else 16 if number < 20 else 2):
        chance = random.Random(f"{number} {seed}")
        rows = [chance.choice([YEARS, OFFICES]) for _ in range(number)]
        first, second = sorted(chance.sample(range(number), 2))
        rows[first], rows[second] = SEX, ETHNICITY
        names = [f"T{i + 1}" for i in range(number)]
        path = workbook(tmp_path / f"book{seed}.xlsx", dict(zip(names, rows, strict=True)))
        spec, _, said = begun(path)
        assert spec.data is not None
        assert spec.data.sheet == names[first]
        assert set(spec.groups) == {"Sexe", "Group"}
        for name, sheet in zip(names, rows, strict=True):
            listed = "these hold tables of counts too" in said and f'"{name}"' in said.split("tables of counts too")[1]
            assert listed == (sheet is OFFICES)


def test_a_sheet_that_is_asked_for(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", {"One": SEX, "By office": OFFICES, "3": AGE})
    office = ("By office", "Office")
    expected = {"By office": office, "2": office, "*ff*": office, "3": ("3", "Tranche d'âge")}
    for asked, (sheet, group) in expected.items():
        (tmp_path / "audit.yaml").write_text(audit_of_table(path, tmp_path, "en", sheet=asked).text, encoding="utf-8")
        spec = load_audit(tmp_path / "audit.yaml")
        assert spec.data is not None
        assert (spec.data.sheet, set(spec.groups)) == (sheet, {group})
    with pytest.raises(DataError, match=r'has no sheet "Twwo"; it has: '):
        audit_of_table(path, tmp_path, "en", sheet="Twwo")


def test_the_picture_of_the_cells(tmp_path: Path) -> None:
    found = audit_of_table(workbook(tmp_path / "book.xlsx", {"One": ETHNICITY}), tmp_path, "en")
    assert found.picture == (
        ("groups", "selected", "total"), ("Group", "Checked", "Population"), ("A", "30", "200"), ("B", "40", "300"),
    )  # fmt: skip
