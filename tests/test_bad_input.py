"""What is wrong is refused in one sentence that says what, where and what was expected; nothing is half written."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.cli import exit_code

HEAD = "title: A test\nsystem: {name: Score, harm: punitive}\n"
ROWS = HEAD + (
    "data: rows.csv\nscore: score\nselected: {at_least: 0.5}\noutcome: {column: fraud, positive: [1]}\n"
    "groups:\n  sex: {column: sex, reference: F}\n"
)
COUNTS = HEAD + (
    "data: {file: counts.csv, columns: {selected: controlled, total: total}, totals: [Total]}\n"
    "groups:\n  sex: {column: sex, reference: F}\n"
)


def rows(count: int = 200, **fixed: str) -> str:
    """A table of rows, some of whose columns hold one value only."""
    chance = random.Random(1)
    lines = ["id,sex,score,fraud"]
    for i in range(count):
        row = {
            "id": str(i),
            "sex": "FM"[chance.random() < 0.5],
            "score": f"{chance.random():.3f}",
            "fraud": str(int(chance.random() < 0.3)),
        }
        lines.append(",".join((row | fixed).values()))
    return "\n".join(lines) + "\n"


def change(text: str, line: int, column: int, value: str) -> str:
    """The table with one field changed; line 1 holds the names."""
    lines = text.split("\n")
    fields = lines[line - 1].split(",")
    fields[column] = value
    lines[line - 1] = ",".join(fields)
    return "\n".join(lines)


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Write files, run the audit among them, and give exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")

    def go(spec: str, *options: str, **files: str | bytes) -> tuple[int, str, str]:
        Path("audit.yaml").write_text(spec, encoding="utf-8")
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            Path(name.replace("_", ".")).write_bytes(data)
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
        code = exit_code(["run", "audit.yaml", "--out", "report", *options])
        captured = capsys.readouterr()
        if code != 0:
            assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
        return code, captured.out, captured.err

    return go


def refused(outcome: tuple[int, str, str], *found: str) -> str:
    """The one sentence on stderr, exit 2; it holds each of the texts."""
    code, out, error = outcome
    assert code == 2, error
    assert out == ""
    assert error.count("\n") == 1, error
    for text in found:
        assert text in error, error
    return error


def test_a_missing_file(run: Run) -> None:
    refused(run(ROWS, rows_cvs=rows()), "rows.csv", '"rows.cvs"')


def test_a_missing_audit(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["run", "compass"]) == 2
    assert '"compas"' in capsys.readouterr().err


def test_an_unknown_key(run: Run) -> None:
    refused(run(ROWS + "outcomes: 3\n", rows_csv=rows()), "audit.yaml, line 9", '"outcomes"', '"outcome"')
    spec = ROWS.replace("harm", "harms")
    refused(run(spec, rows_csv=rows()), "line 2", '"harms"', '"harm"')


def test_a_missing_key(run: Run) -> None:
    refused(run("title: x\ndata: none\n"), "audit.yaml", '"system"', "missing")


def test_a_column_that_is_not_in_the_data(run: Run) -> None:
    refused(run(ROWS.replace("column: sex", "column: sexe"), rows_csv=rows()), "rows.csv", '"sexe"', '"sex"')
    refused(run(ROWS.replace("score: score", "score: skore"), rows_csv=rows()), '"skore"', '"score"')


def test_an_outcome_with_a_third_value(run: Run) -> None:
    refused(run(ROWS, rows_csv=change(rows(), 5, 3, "maybe")), "rows.csv", '"fraud"', '"maybe"', "rest")


def test_a_reference_that_is_absent(run: Run) -> None:
    refused(run(ROWS.replace("reference: F", "reference: G"), rows_csv=rows()), '"G"', '"F"', "sex")


def test_an_empty_table_and_an_empty_file(run: Run) -> None:
    refused(run(ROWS, rows_csv="id,sex,score,fraud\n"), "rows.csv", "no rows")
    refused(run(ROWS, rows_csv=""), "rows.csv", "empty")
    refused(run(ROWS, rows_csv="\n\n"), "rows.csv", "empty")


def test_all_rows_filtered_out(run: Run) -> None:
    spec = ROWS + "keep:\n  - {column: score, at_least: 7, because: too low}\n"
    refused(run(spec, rows_csv=rows()), "rows.csv", "200", "too low")


def test_duplicated_join_keys(run: Run) -> None:
    spec = ROWS.replace("data: rows.csv", "data: {file: rows.csv, join: {file: more.csv, key: id}}")
    table = "id,town\n1,a\n2,b\n1,c\n"
    refused(run(spec, rows_csv=rows(), more_csv=table), "more.csv", '"1"', "id")


@pytest.mark.parametrize("value", ["high", "0,5", "1e", "--"])
def test_a_score_that_is_no_number(run: Run, value: str) -> None:
    quoted = f'"{value}"' if "," in value else value
    refused(run(ROWS, rows_csv=change(rows(), 9, 2, quoted)), "rows.csv", '"score"', f'"{value}"', "number")


@pytest.mark.parametrize("value", ["inf", "-inf", "Infinity", "nan", "NaN"])
def test_scores_that_are_not_finite(run: Run, value: str) -> None:
    refused(run(ROWS, rows_csv=change(rows(), 9, 2, value)), "rows.csv", '"score"', f'"{value}"')


def test_a_truncated_parquet_file(run: Run) -> None:
    import duckdb

    duckdb.sql("select range as id, 'F' as sex, 0.5 as score, 1 as fraud from range(5000)").write_parquet("r.parquet")
    whole = Path("r.parquet").read_bytes()
    Path("r.parquet").unlink()
    spec = ROWS.replace("rows.csv", "rows.parquet")
    for length in (len(whole) // 2, len(whole) - 3, 5, 0):
        refused(run(spec, rows_parquet=whole[:length]), "rows.parquet")


def test_a_wrong_encoding(run: Run) -> None:
    table = change(rows(), 7, 1, "féminin").encode("latin-1")
    refused(run(ROWS, rows_csv=table), "rows.csv", "line 7", "UTF-8", "encoding: ")


def test_ragged_rows(run: Run) -> None:
    refused(run(ROWS, rows_csv=change(rows(), 6, 3, "1,extra")), "rows.csv", "line 6", "5", "4")
    lines = rows().split("\n")
    lines[11] = "11,F"
    refused(run(ROWS, rows_csv="\n".join(lines)), "rows.csv", "line 12", "2", "4")


def test_totals_that_do_not_add_up(run: Run) -> None:
    table = "sex,controlled,total\nF,30,100\nM,50,100\nTotal,81,200\n"
    refused(run(COUNTS, counts_csv=table), "counts.csv", "80", "81", "line 4")


@pytest.mark.parametrize("value", ["-3", "2.5", "many", "s"])
def test_a_count_that_is_none(run: Run, value: str) -> None:
    table = f"sex,controlled,total\nF,{value},100\nM,50,100\n"
    refused(run(COUNTS, counts_csv=table), "counts.csv", "line 2", "controlled", f'"{value}"')


@pytest.mark.parametrize(
    ("tag", "named"),
    [
        ("!!python/object/apply:os.system ['touch owned']", "python/object"),
        ("!!python/name:os.system", "python/name"),
        ("!run {a: 1}", "!run"),
    ],
)
def test_tags_that_call_code(run: Run, tag: str, named: str) -> None:
    refused(run(ROWS.replace("A test", tag), rows_csv=rows()), "audit.yaml", "line 1", named)
    assert not Path("owned").exists()


def test_text_that_is_no_yaml(run: Run) -> None:
    refused(run("title: [\n"), "audit.yaml", "YAML")
    refused(run("title: a\ntitle: b\n"), "audit.yaml", "line 2")
    refused(run("just words\n"), "audit.yaml", "title")


@pytest.mark.parametrize("threshold", [".nan", ".inf", "high", "[]"])
def test_a_threshold_that_is_no_number(run: Run, threshold: str) -> None:
    spec = ROWS.replace("at_least: 0.5", f"at_least: {threshold}")
    refused(run(spec, rows_csv=rows()), "audit.yaml, line 5", "at_least", "number")


def test_a_target_that_is_not_ours(run: Run) -> None:
    Path("report").mkdir()
    Path("report/mine.txt").write_text("mine")
    refused(run(ROWS, rows_csv=rows()), "report", "was not written by auditkit")


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--language", "de"], ['"de"', "en"]),
        (["--fail-on", "certain"], ['"certain"', "established"]),
        (["--fast"], ["--fast", "nearest"]),
    ],
)
def test_option_values_that_are_not_known(run: Run, options: list[str], found: list[str]) -> None:
    refused(run(ROWS, *options, rows_csv=rows()), *found)


def test_the_sentence_comes_in_french(run: Run) -> None:
    error = refused(run(ROWS + "language: fr\n", "--language", "fr", rows_csv=""), "rows.csv")
    assert "vide" in error
    # the audit's own language is enough
    assert "vide" in refused(run(ROWS + "language: fr\n", rows_csv=""), "rows.csv")


# What is unusual and right runs.


def test_a_constant_score(run: Run) -> None:
    code, _, error = run(ROWS + "publish: {minimum_count: 0, because: test}\n", rows_csv=rows(score="0.7"))
    assert code == 0, error
    assert "Every row has the same score" in Path("report/results.json").read_text(encoding="utf-8")


def test_a_group_value_that_occurs_once(run: Run) -> None:
    code, _, error = run(ROWS, rows_csv=change(rows(), 3, 1, "X"))
    assert code == 0, error


def test_two_hundred_columns(run: Run) -> None:
    header, *lines = rows().strip().split("\n")
    more = ",".join(f"c{i}" for i in range(196))
    table = "\n".join([f"{header},{more}", *(line + ",x" * 196 for line in lines)]) + "\n"
    code, _, error = run(ROWS, rows_csv=table)
    assert code == 0, error


def test_ten_thousand_groups(run: Run) -> None:
    header, *lines = rows(20_000).strip().split("\n")
    table = "\n".join([header, *(line.replace(",M,", f",M{i % 10_000},") for i, line in enumerate(lines))]) + "\n"
    code, _, error = run(ROWS, rows_csv=table)
    assert code == 0, error
    assert Path("report/report.html").stat().st_size < 20_000_000


HOSTILE = [
    "<script>alert(1)</script>",
    "=HYPERLINK(0)",
    '"><img src=x onerror=alert(1)>',
    "x" * 10_000,
    "\u202eright to left",
    "{{ 7 * 7 }}",
    "{curly}",
    "a & b",
    "%s",
]


def test_hostile_group_names_are_text(run: Run) -> None:
    header, *lines = rows(900).strip().split("\n")
    names = ['"' + name.replace('"', '""') + '"' for name in HOSTILE]
    changed = [line.replace(",M,", f",{names[i % len(names)]},") for i, line in enumerate(lines)]
    code, _, error = run(ROWS, rows_csv="\n".join([header, *changed]) + "\n")
    assert code == 0, error
    page = Path("report/report.html").read_text(encoding="utf-8")
    own = page.count('<script>"use strict";')  # the explorer of thresholds, where there is a sweep
    assert page.count("<script") == own <= 1
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert "\n=HYPERLINK" not in Path("report/estimates.csv").read_text(encoding="utf-8")
    assert ",'=HYPERLINK(0)," in Path("report/estimates.csv").read_text(encoding="utf-8")


def test_a_query_that_reaches_for_another_file_is_refused(run: Run, tmp_path: Path) -> None:
    import duckdb

    (tmp_path / "other.csv").write_text("a\n1\n")
    with duckdb.connect("base.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    query = f"FROM read_csv('{tmp_path}/other.csv')"
    audit = ROWS.replace("data: rows.csv", f'data: {{file: base.duckdb, query: "{query}"}}')
    assert audit != ROWS
    code, _, error = run(audit)
    assert code == 2
    assert "another file" in error
    assert "other.csv" not in error
