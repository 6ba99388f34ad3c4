"""answers.yaml: nothing that a person wrote is lost, whatever stops the writing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditkit.errors import DataError, InputError, SpecError, TargetError
from auditkit.rights.answers import Answer, Document, changed_documents, document_at, read_answers, save_answer
from auditkit.rights.answers_exchange import export_csv, export_markdown, export_workbook, import_answers
from auditkit.rights.chosen_items import chosen_items
from auditkit.rights.library import load_library

LIBRARY = load_library()
CHOSEN = chosen_items(LIBRARY, "public-benefits-fr")
WRITTEN = """\
# our answers, agreed in the meeting of May
answers:
  # the purpose was public before the rest
  PUR-01:
    value: yes  # see the register
    role: data protection officer
    when: 2026-05-04
    documents:
      - link: https://example.org/register   # public
  DAT-07: {value: no, role: archivist, when: 2026-05-04}
"""


def answer(value: str = "yes", **more: Any) -> Answer:
    return Answer.model_validate({"value": value, "role": "head of service", "when": date(2026, 11, 1), **more})


def test_yes_and_no_are_words_and_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    save_answer(path, "HUM-01", answer(because="minutes"), LIBRARY)
    save_answer(path, "PUR-01", answer("no"), LIBRARY)
    text = path.read_text(encoding="utf-8")
    for comment in ("# our answers", "# the purpose was public", "# see the register"):
        assert comment in text
    found = read_answers(path, LIBRARY)
    assert {key: one.value for key, one in found.items()} == {"PUR-01": "no", "DAT-07": "no", "HUM-01": "yes"}
    assert found["PUR-01"].documents == []
    assert found["PUR-01"].role == "head of service"
    assert list(tmp_path.iterdir()) == [path]


def test_the_first_answer_makes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    assert read_answers(path, LIBRARY) == {}
    save_answer(path, "PUR-01", answer(documents=[Document(link="https://example.org")]), LIBRARY, "fr")
    assert path.read_text(encoding="utf-8").startswith("# Les réponses")
    assert read_answers(path, LIBRARY)["PUR-01"].is_proved


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError, SystemExit])
def test_what_stops_the_writing_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(WRITTEN, encoding="utf-8")

    def interrupted(*_: object) -> None:
        raise stop

    for step in ("os.fsync", "pathlib.Path.replace"):
        with monkeypatch.context() as patch:
            patch.setattr(step, interrupted)
            with pytest.raises(stop):
                save_answer(path, "HUM-01", answer(), LIBRARY)
        assert path.read_text(encoding="utf-8") == WRITTEN
        assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "answers:\n", "# nothing yet\nanswers: {}\n"])
def test_an_empty_file_takes_a_first_answer(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    if text == "":
        with pytest.raises(SpecError):
            read_answers(path, LIBRARY)
        return
    save_answer(path, "HUM-01", answer(), LIBRARY)
    assert set(read_answers(path, LIBRARY)) == {"HUM-01"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("HUM-99: {value: yes, role: r, when: 2026-05-04}", "HUM-99"),
        ("HUM-01: {value: perhaps, role: r, when: 2026-05-04}", "value"),
        ("HUM-01: {value: yes, when: 2026-05-04}", "role"),
        ("HUM-01: {value: yes, role: '', when: 2026-05-04}", "role"),
        ("HUM-01: {value: yes, role: r, when: yesterday}", "when"),
        ("HUM-01: {value: not_applicable, role: r, when: 2026-05-04}", "because"),
        ("HUM-01: {value: yes, role: r, when: 2026-05-04, documents: [{file: a.pdf}]}", "sha256"),
        ("HUM-01: {value: yes, role: r, when: 2026-05-04, name: somebody}", "name"),
        ("HUM-01: !!python/object:os.system {value: yes}", "tag"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_place(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(f"answers:\n  {line}\n", encoding="utf-8")
    with pytest.raises(SpecError, match=words) as caught:
        read_answers(path, LIBRARY)
    assert "answers.yaml" in str(caught.value)


def test_saving_to_an_item_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="HUM-10"):
        save_answer(tmp_path / "answers.yaml", "HUM-0l", answer(), LIBRARY)
    assert list(tmp_path.iterdir()) == []


def test_a_document_that_changed_or_went_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc", encoding="ascii")
    document = document_at("a.txt", tmp_path)
    # the SHA-256 of "abc" as FIPS 180 publishes it
    assert document.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    answers = {"PUR-01": answer(documents=[document])}
    assert changed_documents(answers, tmp_path) == ()
    (tmp_path / "a.txt").write_text("abd", encoding="ascii")
    assert "changed" in changed_documents(answers, tmp_path)[0].text("en")
    (tmp_path / "a.txt").unlink()
    assert "not there" in changed_documents(answers, tmp_path)[0].text("en")
    with pytest.raises(InputError, match=r"a\.txt"):
        document_at("a.txt", tmp_path)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ["csv", "md"])
def test_out_by_mail_and_back(tmp_path: Path, form: str, language: str) -> None:
    given = {
        "PUR-01": answer(documents=[Document(link="https://example.org/a,b;c")], because='=1+1 "quoted", and; more'),
        "ACC-03": answer("not_applicable", because="no such use"),
        "GOV-05": answer("unknown"),
    }
    export = export_csv if form == "csv" else export_markdown
    path = tmp_path / f"out.{form}"
    path.write_text(export(CHOSEN, given, language), encoding="utf-8", newline="")
    assert import_answers(path, LIBRARY, tmp_path) == given


def test_a_spreadsheet_never_runs_what_somebody_wrote() -> None:
    text = export_csv(CHOSEN, {"PUR-01": answer(because="=HYPERLINK(1)")}, "en")
    assert ",'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text


def test_a_french_spreadsheet_comes_back_with_semicolons_and_french_words(tmp_path: Path) -> None:
    path = tmp_path / "back.csv"
    path.write_bytes(
        "\ufeffitem;value;role;when;because\r\nPUR-01;Oui;juriste;2026-11-02;registre\r\nPUR-02;;;;\r\n".encode()
    )
    assert import_answers(path, LIBRARY, tmp_path) == {
        "PUR-01": Answer(value="yes", role="juriste", when=date(2026, 11, 2), because="registre")
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "item,value,role,when\nPUR-99,yes,r,2026-11-02\n", "PUR-"),
        ("a.csv", "item,value,role,when\nPUR-01,maybe,r,2026-11-02\n", "maybe"),
        ("a.csv", "item,value,role,when\nPUR-01,yes,r,31/02/26\n", "31/02/26"),
        ("a.csv", "item,value,role,when\nPUR-01,yes,,2026-11-02\n", "function"),
        ("a.csv", "item,value,role,when\nPUR-01,yes,r,2026-11-02\nPUR-01,no,r,2026-11-02\n", "twice"),
        ("a.csv", "item,value,role\nPUR-01,yes,r\n", "when"),
        ("a.csv", "", "item"),
        ("a.md", "## PUR-01\n- value: maybe\n", "maybe"),
    ],
)
def test_what_comes_back_wrong_is_refused_with_its_row(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words) as caught:
        import_answers(path, LIBRARY, tmp_path)
    assert caught.value.text("fr") != str(caught.value)


def test_a_workbook_goes_out_and_comes_back(tmp_path: Path) -> None:
    import openpyxl

    chosen = chosen_items(LIBRARY, "public-benefits-fr")
    path = tmp_path / "out.xlsx"
    given = {"HUM-01": answer(because="+ a fact", documents=[Document(link="https://example.org/a")])}
    path.write_bytes(export_workbook(chosen, given, "fr"))
    assert export_workbook(chosen, given, "fr") == path.read_bytes()
    book = openpyxl.load_workbook(path)  # read by somebody else's program
    sheet = book.active
    assert sheet is not None
    rows = {str(row[0].value): row for row in sheet.iter_rows()}
    assert len(rows) == 1 + len(chosen)
    assert rows["HUM-01"][7].value == "+ a fact"
    assert [cell.value for cell in rows["point"]][6:10] == ["réponse", "fait ou raison", "fonction", "jour"]
    assert [str(row[0].value) for row in list(sheet.iter_rows())[1:21]] == LIBRARY.frameworks["public-benefits-fr"].core
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == '"oui,non,sans objet,je ne sais pas"'
    assert rows["HUM-01"][6].coordinate in choice.sqref
    assert rows["EQU-01"][3].value == LIBRARY.items["EQU-01"].question.text("fr")
    for column, value in zip((7, 8, 9, 10), ("oui", "a fact", "control service", date(2026, 11, 20)), strict=True):
        sheet.cell(rows["EQU-01"][0].row, column, value)
    book.save(tmp_path / "back.xlsx")
    found = import_answers(tmp_path / "back.xlsx", LIBRARY, tmp_path)
    assert found["HUM-01"] == given["HUM-01"]
    assert (found["EQU-01"].value, found["EQU-01"].role, found["EQU-01"].when) == (
        "yes",
        "control service",
        date(2026, 11, 20),
    )
    assert set(found) == {"HUM-01", "EQU-01"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ["csv", "md", "xlsx"])
@pytest.mark.parametrize("value", ["yes", "no", "not_applicable", "unknown"])
def test_every_answer_comes_back_in_the_language_it_went_out(
    tmp_path: Path, form: str, language: str, value: str
) -> None:
    given = {"TRA-07": answer(value, because="un fait"), "ACC-04": answer(value, because="x")}
    path = tmp_path / f"out.{form}"
    if form == "xlsx":
        path.write_bytes(export_workbook(CHOSEN, given, language))
    else:
        text = (export_csv if form == "csv" else export_markdown)(CHOSEN, given, language)
        path.write_text(text, encoding="utf-8", newline="")
        if language == "fr":
            assert "not_applicable" not in text
            assert "unknown" not in text
            assert "01/11/2026" in text
    assert import_answers(path, LIBRARY, tmp_path) == given


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "point;réponse;fonction;jour;fait ou raison\nPUR-01;peut-être;r;15/01/2026;\nPUR-99;oui;r;15/01/2026;\n"
        "DAT-01;oui;r;hier;\nDAT-02;oui;;15/01/2026;\nEQU-01;;r;15/01/2026;un fait\nEQU-02;?;r;15/01/2026;\n"
        "HUM-01;oui;r;15 janvier 2026;un fait\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as caught:
        import_answers(path, LIBRARY, tmp_path)
    said = caught.value.text("fr")
    for words in ("5 points à corriger", "peut-être", "PUR-99", "hier", "DAT-02", "EQU-01"):
        assert words in said, words
    assert "EQU-02" not in said
    path.write_text(
        "point;réponse;fonction;jour\nEQU-02;?;r;15/01/2026\nHUM-01;Je ne sais pas;r;1er mars 2026\n", encoding="utf-8"
    )
    found = import_answers(path, LIBRARY, tmp_path)
    assert {key: (one.value, str(one.when)) for key, one in found.items()} == {
        "EQU-02": ("unknown", "2026-01-15"), "HUM-01": ("unknown", "2026-03-01"),
    }  # fmt: skip


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "out.xlsx"
    path.write_bytes(export_workbook(CHOSEN, {"HUM-01": answer(because='=HYPERLINK("http://x")<b>\x00')}, "en"))
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert '=HYPERLINK("http://x")&lt;b&gt;</t>' in sheet


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("no")
    with pytest.raises(DataError, match="workbook"):
        import_answers(tmp_path / "a.xlsx", LIBRARY, tmp_path)
    with pytest.raises(InputError, match="no file"):
        import_answers(tmp_path / "b.xlsx", LIBRARY, tmp_path)


def test_a_folder_that_may_not_be_written_to_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("tempfile.mkstemp", refused)
    with pytest.raises(TargetError, match=r"answers\.yaml"):
        save_answer(tmp_path / "answers.yaml", "HUM-01", answer(), LIBRARY)


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real, link = tmp_path / "kept" / "answers.yaml", tmp_path / "answers.yaml"
    real.write_text(WRITTEN, encoding="utf-8")
    link.symlink_to(real)
    save_answer(link, "HUM-01", answer(), LIBRARY)
    assert link.is_symlink()
    assert "HUM-01" in read_answers(real, LIBRARY)
