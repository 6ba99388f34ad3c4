"""`init` on a workbook of several sheets, as answers to a request for documents come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditkit.check import check_audit
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
