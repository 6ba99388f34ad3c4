"""Words for no value, columns that name people, hidden numbers whose guess does not fit, titles between blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.check import check_audit
from auditkit.errors import DataError
from auditkit.init import audit_of_table
from auditkit.init.personal_columns import personal_warning
from auditkit.spec import AuditSpec, load_audit


def begun(folder: Path, content: str) -> AuditSpec:
    (folder / "table.csv").write_text(content, encoding="utf-8")
    (folder / "audit.yaml").write_text(audit_of_table(folder / "table.csv", folder, "en").text, encoding="utf-8")
    return load_audit(folder / "audit.yaml")


def test_french_words_for_no_value_among_rows(tmp_path: Path) -> None:
    words = ["N.C.", "n.c.", "nd", "s.o."]
    rows = [f"{('F', 'H', words[i % 4])[i % 3]};{('oui', 'non', words[i % 4])[i % 3]}" for i in range(240)]
    spec = begun(tmp_path, "\n".join(["sexe;contrôle", *rows]))
    assert sorted(spec.missing_values) == ["", "N.C.", "n.c.", "nd", "s.o."]
    assert spec.selected is not None
    assert spec.selected.is_in == ["oui"]
    understood = "\n".join(message.text() for message in check_audit(spec, tmp_path / "audit.yaml").understood)
    assert 'Groups by sexe ("sexe"): F, H;' in understood


def test_french_words_for_hidden_counts(tmp_path: Path) -> None:
    """More of them than numbers: the column still holds counts."""
    spec = begun(tmp_path, "Sexe;Contrôlés;Effectif\nF;30;200\nH;N.C.;300\nAutre;non communiqué;10\nNon dit;s.o.;5\n")
    assert spec.data is not None
    assert spec.data.columns is not None
    assert (spec.data.columns.selected, spec.data.columns.total) == ("Contrôlés", "Effectif")
    assert {mark.text for mark in spec.data.suppressed} == {"N.C.", "non communiqué", "s.o."}


@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        ("Prénom", ["Anne", "Jean"] * 90 + ["Luc"] * 120, "names of people"),
        ("Nom", [f"Nom{i % 15}" for i in range(300)], "names of people"),
        ("nom d'usage", [f"Nom{i}" for i in range(30)], "names of people"),
        ("N° dossier", [str(1000 + i) for i in range(40)], "numbers that identify people"),
        ("identifiant", [f"A{i}" for i in range(40)], "numbers that identify people"),
        ("NIR", ["180017500000142", "290077512345678"] * 3, "social security numbers (NIR)"),
        ("contact", ["a@b.org", "c@d.fr"], "e-mail addresses"),
        ("Tél.", ["x"], "addresses or ways to reach people"),
        ("joindre", ["06 12 34 56 78", "+33 1 23 45 67 89", "01.23.45.67.89"], "addresses or ways to reach people"),
        ("Date de naissance", ["01/02/1950", "13/11/1999"], "birth dates"),
    ],
)
def test_columns_that_name_people(column: str, values: list[str], what: str) -> None:
    found = personal_warning(column, values)
    assert found is not None
    assert found.values["what"].text("en") == what  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("nom_commune", ["Lyon", "Paris"] * 100),
        ("Nom", ["1", "2", "3"]),
        ("dossier", ["ouvert", "clos"] * 50),
        ("statut_n_dossier", ["ouvert", "clos"] * 50),
        ("revenu", ["0612345", "12000"] * 20),
        ("score", ["0.1", "0.7"]),
        ("active_address_count", ["1", "2", "1", "3"] * 20),
    ],
)
def test_columns_that_do_not(column: str, values: list[str]) -> None:
    assert personal_warning(column, values) is None


TOTALS = "Sexe;Contrôlés;Effectif\nF;30;200\nH;N.C.;300\nAutre;n.c.;10\nTotal;95;510\n"


def test_a_guess_about_hidden_numbers_is_not_blamed_on_the_total(tmp_path: Path) -> None:
    spec = begun(tmp_path, TOTALS)  # N.C. taken for 0 to 10, and 95 - 30 = 65 are hidden
    with pytest.raises(DataError) as refused:
        check_audit(spec, tmp_path / "audit.yaml")
    said = str(refused.value)
    assert 'line 5: what suppressed says of "N.C.", "n.c." does not fit' in said
    assert "the total printed, 95, and the numbers shown, 30 in all" in said
    assert "must come to 65 together, and suppressed allows 0–20" in said
    mended = (tmp_path / "audit.yaml").read_text(encoding="utf-8").replace("means: [0, 10]", "means: [0, 65]")
    (tmp_path / "audit.yaml").write_text(mended, encoding="utf-8")
    assert check_audit(load_audit(tmp_path / "audit.yaml"), tmp_path / "audit.yaml").understood


def test_a_total_that_is_wrong_whatever_is_hidden_is_still_blamed(tmp_path: Path) -> None:
    spec = begun(tmp_path, TOTALS.replace("Total;95", "Total;25"))
    with pytest.raises(DataError, match="the counts do not add up: the total printed is 25"):
        check_audit(spec, tmp_path / "audit.yaml")


def test_a_hidden_part_that_does_not_fit_the_total_of_its_row(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("sex,yes,no,all\nF,30,70,100\nM,s,80,200\n", encoding="utf-8")
    (tmp_path / "audit.yaml").write_text(
        "title: t\nsystem: {name: t, harm: punitive}\n"
        "data: {file: t.csv, columns: {selected: yes, not_selected: no, total: all},"
        " suppressed: [{text: s, means: [0, 9]}]}\ngroups: {sex: {column: sex, reference: F}}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=r'"s" does not fit.* must come to 120 together, and suppressed allows 0–9'):
        check_audit(load_audit(tmp_path / "audit.yaml"), tmp_path / "audit.yaml")


def test_titles_between_blocks_lead_to_stacked(tmp_path: Path) -> None:
    spec = begun(tmp_path, "Groupe;Contrôlés;Effectif\nSexe;;\nF;30;200\nH;40;300\nÂge;;\n<30;10;100\n30+;60;400\n")
    assert spec.data is not None
    assert spec.data.stacked is not None
    assert (spec.data.stacked.attribute, spec.data.stacked.group) == ("section", "Groupe")
    assert list(spec.groups) == ["Sexe", "Âge"]
    check_audit(spec, tmp_path / "audit.yaml")


def test_every_ground_that_init_proposes_is_known_to_the_checklist() -> None:
    from auditkit.init.heading_words import GROUNDS
    from auditkit.rights.library import load_library

    library = load_library()
    assert [ground for ground in GROUNDS if library.ground_of(ground) is None] == []
