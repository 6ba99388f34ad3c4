"""`init` writes an audit.yaml that `check` takes, marks its guesses, and gives no person away."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from auditkit.check import check_audit
from auditkit.cli import exit_code
from auditkit.errors import DataError, InputError
from auditkit.init import audit_of_documents, audit_of_table
from auditkit.spec import AuditSpec, load_audit


def begun(folder: Path, content: str | bytes, name: str = "table.csv", language: str = "en") -> tuple[str, str]:
    """The audit.yaml of a table, and what was said."""
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(data)
    found = audit_of_table(folder / name, folder, language)
    return found.text, "\n".join(note.text(language) for note in found.notes)


def accepted(folder: Path, text: str) -> AuditSpec:
    """The audit as loaded, once `check` has taken it."""
    path = folder / "audit.yaml"
    path.write_text(text, encoding="utf-8")
    spec = load_audit(path)
    check_audit(spec, path)
    return spec


def french_rows(separator: str = ";") -> str:
    chance = random.Random(3)
    lines = ["num_allocataire;prénom;sexe;âge;nationalité;situation_familiale;score_risque;contrôle;indu;courriel"]
    for i in range(400):
        controlled = chance.random() < 0.4
        lines.append(
            ";".join(
                [
                    f"{i:07d}",
                    f"Prénom{i}",
                    chance.choice("FH"),
                    str(chance.randrange(18, 80)),
                    chance.choice(["française", "autre"]) if i else "syldave",
                    chance.choice(["seule", "couple"]),
                    f"0,{chance.randrange(1000):03d}",
                    "oui" if controlled else "non",
                    chance.choice(["oui", "non"]) if controlled else "",
                    f"p{i}@exemple.fr",
                ]
            )
        )
    return "\n".join(lines).replace(";", separator) + "\n"


def test_rows_in_french(tmp_path: Path) -> None:
    text, said = begun(tmp_path, french_rows(), language="fr")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.decimal == ","
    assert spec.score is not None
    assert spec.score.column == "score_risque"
    assert spec.selected is not None
    assert (spec.selected.column, spec.selected.is_in) == ("contrôle", ["oui"])
    assert spec.outcome is not None
    assert (spec.outcome.column, spec.outcome.positive) == ("indu", ["oui"])
    assert spec.observed == "when_selected"
    assert {name: group.ground for name, group in spec.groups.items()} == {
        "sexe": "sex",
        "âge": "age",
        "nationalité": "nationality",
        "situation_familiale": "family",
    }
    assert spec.groups["âge"].bins == [25, 45, 65]
    assert text.count("supposition à vérifier") >= 8
    assert "# Le titre du rapport." in text
    assert "«\u202fcourriel\u202f» semble contenir des adresses électroniques" in said
    assert "«\u202fprénom\u202f» semble contenir des noms de personnes" in said
    assert "«\u202fnum_allocataire\u202f»" in said


def test_no_value_of_a_few_people_is_written_or_said(tmp_path: Path) -> None:
    text, said = begun(tmp_path, french_rows())
    for value in ("syldave", "Prénom7", "exemple.fr", "0000007"):
        assert value not in text + said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("latin.csv", french_rows().replace(";0,", ";0.").replace(";", ",").encode("utf-8-sig")),
        ("tabs.tsv", french_rows("\t").encode()),
    ],
)
def test_other_separators(name: str, content: bytes, tmp_path: Path) -> None:
    text, _ = begun(tmp_path, content, name)
    assert set(accepted(tmp_path, text).groups) >= {"sexe", "âge"}


@pytest.mark.parametrize("kind", ["parquet", "xlsx"])
def test_other_formats(kind: str, tmp_path: Path) -> None:
    import pandas

    lines = [line.split(";") for line in french_rows().strip().split("\n")]
    frame = pandas.DataFrame(lines[1:], columns=lines[0])
    frame["score_risque"] = frame["score_risque"].str.replace(",", ".").astype(float)
    path = tmp_path / f"table.{kind}"
    frame.to_parquet(path) if kind == "parquet" else frame.to_excel(path, index=False)
    found = audit_of_table(path, tmp_path, "en")
    assert set(accepted(tmp_path, found.text).groups) >= {"sexe", "âge", "nationalité"}


def test_a_score_without_a_decision(tmp_path: Path) -> None:
    lines = ["gender,risk"] + [f"{'FM'[i % 2]},{i}" for i in range(100)]
    text, _ = begun(tmp_path, "\n".join(lines) + "\n")
    spec = accepted(tmp_path, text)
    assert spec.selected is not None
    assert spec.selected.top_share == 0.1


WIDE = """\
Contrôles en 2023;;
Situation;Contrôlés;Ensemble
Seule avec enfants;1 234;8 000
Couple;<5;12 000
Personne seule;s;20 500
Total;2 100;40 500
Source : réponse de l'organisme;;
"""


def test_a_published_table(tmp_path: Path) -> None:
    text, said = begun(tmp_path, WIDE, "reponse.csv", "fr")
    spec = load_text(tmp_path, text)
    assert spec.data is not None
    assert spec.data.columns is not None
    assert (spec.data.columns.selected, spec.data.columns.total) == ("Contrôlés", "Ensemble")
    assert spec.data.totals == ["Total"]
    assert {(mark.text, mark.means) for mark in spec.data.suppressed} == {("<5", (0, 4)), ("s", (0, 10))}
    assert "effectifs" in said
    # the sum of what the marks may hide does not reach the total: check says where, and a person mends the limits
    mended = text.replace("{text: s, means: [0, 10]}", "{text: s, means: [0, 900]}")
    assert set(accepted(tmp_path, mended).groups) == {"Situation"}


def load_text(folder: Path, text: str) -> AuditSpec:
    (folder / "audit.yaml").write_text(text, encoding="utf-8")
    return load_audit(folder / "audit.yaml")


def test_a_confusion_table_that_stacks_attributes(tmp_path: Path) -> None:
    lines = [
        "attribute,group,TP,FP,TN,FN",
        "sex,men,30,20,100,15",
        "sex,women,25,40,90,14",
        "age,young,35,40,80,19",
        "age,old,20,20,110,10",
    ]
    text, _ = begun(tmp_path, "\n".join(lines) + "\n")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.stacked is not None
    assert {name: group.ground for name, group in spec.groups.items()} == {"sex": "sex", "age": "age"}


def test_a_long_table_of_counts(tmp_path: Path) -> None:
    text, _ = begun(tmp_path, "sex,flagged,n\nF,yes,30\nF,no,170\nM,yes,50\nM,no,150\n")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.count == "n"
    assert spec.selected is not None
    assert (spec.selected.column, spec.selected.is_in) == ("flagged", ["yes"])
    assert set(spec.groups) == {"sex"}


def test_shares(tmp_path: Path) -> None:
    text, _ = begun(tmp_path, "Sexe;Part;Effectif\nFemmes;36 %;1 200\nHommes;12 %;2 000\n")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.columns is not None
    assert (spec.data.columns.share, spec.data.columns.total) == ("Part", "Effectif")


def test_groups_across_the_columns(tmp_path: Path) -> None:
    text, _ = begun(tmp_path, ";Femmes;Hommes\nContrôlés;120;300\nNon contrôlés;880;700\n")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.across == "group"


def test_documents_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answer: first.pdf").write_bytes(b"%PDF")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "note.docx").write_bytes(b"PK")
    assert exit_code(["init", "--documents", str(tmp_path)]) == 0
    spec = load_audit(tmp_path / "audit.yaml")
    assert spec.data is None
    assert spec.system.sources == ["answer: first.pdf", "deeper/note.docx"]
    assert "deeper/note.docx" in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no documents"):
        audit_of_documents(tmp_path / "empty", tmp_path, "en")


def test_an_audit_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "table.csv"
    table.write_text(french_rows(), encoding="utf-8")
    (tmp_path / "audit.yaml").write_text("mine")
    assert exit_code(["init", str(table)]) == 2
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "audit.yaml").read_text() == "mine"
    assert exit_code(["init", str(table), "--force"]) == 0
    assert (tmp_path / "audit.yaml").read_text(encoding="utf-8") != "mine"


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r'"table\.csv"'):
        audit_of_table(tmp_path / "tabel.csv", tmp_path, "en")


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    text, _ = begun(tmp_path, french_rows().encode("cp1252"), "rows.csv", "fr")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.encoding == "cp1252"
    assert "encoding: cp1252" in text
    assert "prénom" not in text
    text, _ = begun(
        tmp_path, "Âge;Contrôlés;Ensemble\n18-24 ans;1\u00a0234;12\u00a0000\n65 ans;90;900\n".encode("cp1252"), "c.csv"
    )
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert (spec.data.encoding, spec.data.is_counts) == ("cp1252", True)


def test_names_in_two_rows(tmp_path: Path) -> None:
    """A merged cell over two names: the row under it is no group, and no mark that hides a number."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Contrôles selon la situation familiale, 2023"],
        ["Situation familiale", "Foyers contrôlés", None, "Ensemble des foyers"],
        [None, "Effectif", "Part (en %)"],
        ["Personne seule", 1530, "7,5 %", "20\u202f500"],
        ["Parent isolé", 1234, "15,4 %", "8\u202f000"],
        ["Couple", "s", "s", 410],
    ):
        sheet.append(row)
    for cells in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "t.xlsx")
    text, _ = begun(tmp_path, (tmp_path / "t.xlsx").read_bytes(), "t.xlsx", "fr")
    spec = accepted(tmp_path, text)
    assert spec.data is not None
    assert spec.data.columns is not None
    assert spec.data.columns.selected == "Foyers contrôlés / Effectif"
    assert [mark.text for mark in spec.data.suppressed] == ["s"]


def test_a_note_under_a_table_is_no_row_of_counts(tmp_path: Path) -> None:
    text, _ = begun(
        tmp_path,
        "Profil;Candidats;Admis;Taux\nFilles;1250;980;78,4 %\nGarçons;1010;750;74,3 %\nEnsemble;2260;1730;76,5 %\n"
        "Lecture : 78,4 % des filles sont admises.;;;\n",
        language="fr",
    )
    assert "across" not in text
    assert "columns: {selected: Admis, total: Candidats}" in text
    accepted(tmp_path, text)


def test_kept_and_not_kept(tmp_path: Path) -> None:
    text, _ = begun(
        tmp_path,
        "Tranche d'âge;Dossiers retenus;Dossiers non retenus;Total\n18-24 ans;120;880;1000\n25-49 ans;300;2700;3000\n",
    )
    assert "{selected: Dossiers retenus, not_selected: Dossiers non retenus}" in text
    accepted(tmp_path, text)
