"""`check` says back in plain words what an audit means, and what it lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.check import check_audit
from auditkit.errors import DataError, SpecError
from auditkit.spec import AuditSpec, find_audit, load_audit
from tests.commands import ROWS, small_audit


def checked(path: Path, language: str = "en") -> tuple[str, str]:
    found = check_audit(load_audit(path), path)
    return (
        "\n".join(message.text(language) for message in found.understood),
        "\n".join(message.text(language) for message in found.warnings),
    )


def test_what_was_understood(tmp_path: Path) -> None:
    understood, warnings = checked(small_audit(tmp_path))
    for sentence in (
        "Audit: A small audit",
        "Being selected is unfavourable. The wrong counted is: selected wrongly.",
        'Score: "score"; the highest are selected first.',
        'Selected: "score" is 0.6 or more.',
        'Outcome: positive where "fraud" is "1"; its one other value is the opposite.',
        "The outcome is known whoever was selected.",
        "Data: rows.csv, with the columns sex, score, fraud.",
        'Groups by sex ("sex"): F, M; compared with "F"; ground: Sex.',
        "Rows (or people counted): 400 read, 400 used.",
    ):
        assert sentence in understood.split("\n")
    assert "operator" not in warnings
    for key in ("decision", "affected", "country", "period", "sources"):
        assert f"system: {key} is missing" in warnings


def test_in_french(tmp_path: Path) -> None:
    understood, _ = checked(small_audit(tmp_path), "fr")
    assert "Être sélectionné est défavorable. Le tort compté est\u202f: avoir été sélectionné à tort." in understood
    assert "Groupes selon sexe" in understood


def test_assistive(tmp_path: Path) -> None:
    path = small_audit(tmp_path)
    path.write_text(ROWS.replace("punitive", "assistive"))
    assert "The wrong counted is: left out wrongly." in checked(path)[0]


@pytest.mark.parametrize(
    ("selected", "sentence"),
    [
        ("{at_most: 0.2}", '"score" is 0.2 or less'),
        ("{at_least: 0.2, at_most: 0.4}", '"score" is between 0.2 and 0.4'),
        ("{top_share: 0.1}", "the top 10 % of the scores"),
        ("{top: 50}", "the top 50 scores"),
        ("{column: fraud, in: [1]}", '"fraud" is "1"'),
        ("{at_least: {by: sex, values: {F: 0.3, M: 0.4}}}", '"score" is a limit that differs by "sex" or more'),
    ],
)
def test_selections_in_words(selected: str, sentence: str, tmp_path: Path) -> None:
    path = small_audit(tmp_path)
    path.write_text(ROWS.replace("{at_least: 0.6}", selected))
    assert f"Selected: {sentence}." in checked(path)[0]


def test_columns_that_name_people_are_pointed_out(tmp_path: Path) -> None:
    path = small_audit(tmp_path)
    lines = (tmp_path / "rows.csv").read_text().strip().split("\n")
    people = ["contact,nir", *(f"p{i}@example.org,{1800175000000 + i * 1009}" for i in range(400))]
    table = "\n".join(f"{line},{more}" for line, more in zip(lines, people, strict=True))
    (tmp_path / "rows.csv").write_text(table + "\n")
    _, warnings = checked(path)
    assert 'The column "contact" seems to hold e-mail addresses' in warnings
    assert 'The column "nir" seems to hold social security numbers (NIR)' in warnings
    assert "example.org" not in warnings


def test_a_reference_that_is_absent_is_refused(tmp_path: Path) -> None:
    path = small_audit(tmp_path)
    path.write_text(ROWS.replace("reference: F", "reference: G"))
    with pytest.raises(SpecError, match='"G"'):
        checked(path)


def test_documents_only() -> None:
    content = {"title": "x", "system": {"name": "y", "harm": "punitive"}, "data": "none"}
    found = check_audit(AuditSpec.model_validate(content), Path("audit.yaml"))
    assert "There are no data" in found.understood[-1].text()
    assert any("known_figures" in message.text() for message in found.warnings)


def test_published_counts_are_read() -> None:
    understood, warnings = checked(find_audit("amsterdam-smart-check"))
    assert "1,255 used" in understood
    assert "Pilot, original model" in understood
    assert "outcome is missing" not in warnings


def test_a_selection_that_no_row_meets_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("sex,control\n" + "F,Yes\nM,No\n" * 50, encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(
        "title: A\nsystem: {name: A, harm: punitive}\ndata: rows.csv\nselected: {column: control, in: [yes]}\n"
        "groups: {sex: {column: sex, reference: F}}\n",
        encoding="utf-8",
    )
    with pytest.raises(SpecError, match='"control" is "yes" in no row'):
        check_audit(load_audit(path), path)


def test_a_decimal_comma_is_told_from_a_missing_value(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("sex;score\n" + "F;0,462\nM;0,281\n" * 50, encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(
        "title: A\nsystem: {name: A, harm: punitive}\ndata: rows.csv\nscore: score\nselected: {at_least: 0.3}\n"
        "groups: {sex: {column: sex, reference: F}}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match='say decimal: "," under data'):
        check_audit(load_audit(path), path)


def table_with(tmp_path: Path, header: str, rows: list[str], groups: str) -> Path:
    (tmp_path / "rows.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(
        "title: A\nsystem: {name: A, harm: punitive}\ndata: rows.csv\nselected: {column: control, in: [1]}\n"
        f"groups: {groups}\n",
        encoding="utf-8",
    )
    return path


def test_the_largest_group_asked_for_is_said_and_not_doubted(tmp_path: Path) -> None:
    rows = ["F,1", "M,0", "M,1"] * 20
    path = table_with(tmp_path, "sex,control", rows, "{sex: {column: sex, ground: sex, reference: {is: largest}}}")
    understood, warnings = checked(path)
    assert "compared with the largest group" in understood
    assert "no reference is named" not in warnings
    path = table_with(tmp_path, "sex,control", rows, "{sex: {column: sex, ground: sex}}")
    assert "no reference is named for sex: the largest group is taken" in checked(path)[1]


def test_grounds_are_in_the_readers_language_and_unknown_ones_are_doubted(tmp_path: Path) -> None:
    rows = ["F,1", "M,0"] * 20
    path = table_with(tmp_path, "sex,control", rows, "{sex: {column: sex, reference: F, ground: gender}}")
    assert "critère juridique\u202f: Sexe." in checked(path, "fr")[0]
    path = table_with(tmp_path, "sex,control", rows, "{sex: {column: sex, reference: F, ground: gendre}}")
    understood, warnings = checked(path)
    assert 'ground: "gendre".' in understood
    assert 'stands for the ground "gendre", which the checklist does not know; the nearest: "gender"' in warnings


def test_a_birth_date_or_a_column_of_many_values_is_doubted_as_a_group(tmp_path: Path) -> None:
    rows = [f"19{40 + i % 60}-0{1 + i % 9}-1{i % 10},c{i % 60},{i % 2}" for i in range(360)]
    path = table_with(tmp_path, "born,commune,control", rows,
                      "{born: {column: born, ground: age}, commune: {column: commune, ground: residence}}")  # fmt: skip
    _, warnings = checked(path)
    assert 'the column "born" holds dates, 180 different ones' in warnings
    assert 'the column "commune" holds 60 different values' in warnings
    assert "1940-01-10" not in warnings
    few = [f"c{i % 50},{i % 2}" for i in range(200)]
    path = table_with(tmp_path, "commune,control", few, "{commune: {column: commune, ground: residence}}")
    assert "different values" not in checked(path)[1]


@pytest.mark.parametrize(
    ("measures", "said"),
    [("[selection_rat]", 'there is no measure "selection_rat"; the nearest: "selection_rate"'),
     ("[conditional_disparity]", "add strata"), ("[passing_rate]", "add stages")],
)  # fmt: skip
def test_measures_that_a_run_would_refuse_are_refused(measures: str, said: str, tmp_path: Path) -> None:
    path = table_with(tmp_path, "sex,control", ["F,1", "M,0"] * 20, "{sex: {column: sex, reference: F}}")
    path.write_text(path.read_text(encoding="utf-8") + f"measures: {measures}\n", encoding="utf-8")
    with pytest.raises(SpecError, match=said):
        checked(path)
