"""Opening tables: the same fields from every kind of file, and one clear sentence for each bad input."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.errors import DataError, SpecError
from auditkit.intake import open_table
from auditkit.spec import DataSpec

FIXTURES = Path(__file__).parent.parent / "fixtures"


def rows_of(table):
    """The rows as tuples with None for missing, sorted."""
    rows = table.frame.to_native().fetchall()
    return sorted((tuple(row) for row in rows), key=lambda row: tuple(map(str, row)))


def read(folder, missing=("",), **data):
    with open_table(DataSpec.model_validate(data), folder, missing) as table:
        return rows_of(table)


ROWS = sorted(
    [
        ("F", "24", "0.5", "plain"),
        ("M", "31", "0.25", 'said "no"'),
        ("F", None, "1", "two\nlines"),
        (None, "45", None, "None"),
        ("M", "52", "0.75", "é, à"),
    ],
    key=lambda row: tuple(map(str, row)),
)


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz", "rows_bom.csv", "rows.jsonl", "rows.xlsx", "rows.tsv"])
def test_the_same_rows_from_every_kind_of_file(name):
    with open_table(DataSpec(file=name), FIXTURES, ("", "N/A")) as table:
        assert table.columns == ("sex", "age", "score", "note")
        assert table.text
        assert table.name == name
        assert [source.name for source in table.sources] == [name]
        assert rows_of(table) == ROWS


def test_only_what_is_listed_is_missing(tmp_path):
    text = 'a,b\nNone,NA\nnull,"nan"\n"","N/A"\n,NULL\n'
    (tmp_path / "a.csv").write_text(text)
    expected = [("None", "NA"), ("null", "nan"), (None, None), (None, "NULL")]
    assert read(tmp_path, ("N/A",), file="a.csv") == sorted(expected, key=lambda r: tuple(map(str, r)))


@pytest.mark.parametrize("name", ["rows.parquet", "parts"])
def test_parquet_keeps_its_types(name):
    times = 2 if name == "parts" else 1
    with open_table(DataSpec(file=name), FIXTURES, ("", "N/A")) as table:
        assert not table.text
        assert len(table.sources) == times
        found = rows_of(table)
    expected = [("F", 24, 0.5, True), ("M", None, 0.25, False), ("", 45, None, None)] * times
    found = [tuple(None if v != v else v for v in row) for row in found]
    assert found == sorted(expected, key=lambda row: tuple(map(str, row)))


def test_statistical_files_hold_stored_values():
    assert read(FIXTURES, file="rows.xpt") == [("", 45.0), ("F", 24.0), ("M", 31.5)]
    with open_table(DataSpec(file="rows.dta"), FIXTURES) as table:
        assert [row[0] for row in rows_of(table)] == [1, 1, 2]
        assert any("1 = female, 2 = male" in note.text("en") for note in table.notes)


def test_a_duckdb_file_and_its_query(tmp_path):
    import duckdb

    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("CREATE TABLE people AS SELECT * FROM (VALUES ('F', 1), ('M', 2)) AS t(sex, n)")
    assert read(tmp_path, file="x.duckdb") == [("F", 1), ("M", 2)]
    query = "SELECT sex FROM people WHERE n > 1;"
    assert read(tmp_path, file="x.duckdb", query=query) == [("M",)]
    assert read(tmp_path, connection="duckdb:///x.duckdb") == [("F", 1), ("M", 2)]


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE people",
        "SELECT 1; DROP TABLE people",
        "COPY people TO 'out.csv'",
        "SELECT * FROM nobody",
        "SELEC",
        "SELECT * FROM read_csv('/etc/passwd')",
        "INSTALL httpfs",
    ],
)
def test_a_query_can_only_select_from_the_file(query, tmp_path):
    import duckdb

    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS n")
    with pytest.raises((SpecError, DataError, duckdb.PermissionException)):
        read(tmp_path, file="x.duckdb", query=query)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.duckdb"]
    assert read(tmp_path, file="x.duckdb") == [(1,)]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_other_encodings_when_they_are_said(encoding, tmp_path):
    text = 'âge;sexe\r\n24;"é\r\nà"\r\n;M\r\n'
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read(tmp_path, file="a.csv", encoding=encoding) == [("24", "é\r\nà"), (None, "M")]


@pytest.mark.parametrize(("given", "mark"), [(";", ";"), ("tab", "\t"), ("|", "|"), (":", ":")])
def test_a_separator_that_is_said(given, mark, tmp_path):
    (tmp_path / "a.txt").write_text(f"a{mark}b\n1,5{mark}x\n")
    assert read(tmp_path, file="a.txt", separator=given) == [("1,5", "x")]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_are_found_for_every_line_end(mark, end, tmp_path):
    (tmp_path / "a.csv").write_bytes(end.join([f"a{mark}b", f"1{mark}x y", f"2{mark}z", ""]).encode())
    assert read(tmp_path, file="a.csv") == [("1", "x y"), ("2", "z")]


def test_mixed_line_ends_are_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\r\n1,x\n2,y\r\n")
    assert read(tmp_path, file="a.csv") == [("1", "x"), ("2", "y")]


def test_mixed_line_ends_far_down_are_said(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"1,x\n" * 200_000 + b"2,y\r\n" * 3)
    with pytest.raises(DataError, match="Windows and Unix"):
        read(tmp_path, file="a.csv")


def test_title_lines_are_passed_by_header_row(tmp_path):
    (tmp_path / "a.csv").write_text('My table\n\n"a\nA",b\n1,x\n')
    with open_table(DataSpec(file="a.csv", header_row=3), tmp_path) as table:
        assert table.columns == ("a\nA", "b")
        assert rows_of(table) == [("1", "x")]


def test_header_only_is_an_empty_table(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n")
    assert read(tmp_path, file="a.csv") == []


def test_names_of_files_and_columns_are_only_names(tmp_path):
    names = ['"; DROP TABLE x; --', "it's {0} %s", "<b>", "ü ñ", "select"]
    header = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    file = "a [1] * 'quoted'.csv"
    (tmp_path / file).write_text(header + "\n1,2,3,4,5\n")
    (tmp_path / "a 1 x 'quoted'.csv").write_text(header + "\n6,7,8,9,10\n")
    with open_table(DataSpec(file=file), tmp_path) as table:
        assert table.columns == tuple(names)
        assert rows_of(table) == [("1", "2", "3", "4", "5")]


BAD = {
    "ragged.csv": (b"a,b\n1,2\n1,2,3\n", r"line 3: the number of fields is 3; expected 2"),
    "short.csv": (b"a,b\n1,2\n1\n", r"line 3: the number of fields is 1; expected 2"),
    "after_quotes.csv": (b'a,b\n"1\n\n2",2\n1\n', r"line 5: the number of fields is 1"),
    "open_quote.csv": (b'a,b\n1,"2\n3,4\n', r"line 2"),
    "latin.csv": (b"a,b\n1,2\n\xe9,3\n", r"line 3: byte 9 of the file \(0xe9\).*encoding: cp1252"),
    "empty.csv": (b"", r"is empty"),
    "blank.csv": (b"\n\n\n", r"is empty"),
    "twice.csv": (b"a,a\n1,2\n", r'"a" and "a"'),
    "capitals.csv": (b"Age,age\n1,2\n", r'"Age" and "age"'),
    "cut.csv.gz": (gzip.compress(os.urandom(4000).hex().encode())[:900], r"damaged or was cut off"),
    "not.csv.gz": (b"a,b\n1,2\n", r"damaged or was cut off"),
    "cut.xlsx": ((FIXTURES / "rows.xlsx").read_bytes()[:2000], r"cannot be read as a spreadsheet"),
    "text.xlsx": (b"a,b\n1,2\n", r"cannot be read as a spreadsheet"),
    "cut.parquet": ((FIXTURES / "truncated.parquet").read_bytes(), r"damaged, cut off"),
    "bad.jsonl": (b'{"a": 1}\n{"a": \n', r"line 2: this is not JSON"),
    "list.jsonl": (b"[1]\n", r"line 1: found \['1'\]"),
    "nested.jsonl": (b'{"a": {"b": 1}}\n', r'line 1, key "a"'),
    "none.jsonl": (b"\n", r"is empty"),
    "bad.dta": (b"nothing", r"damaged or cut off"),
    "bad.sas7bdat": (b"nothing" * 100, r"damaged or cut off"),
    "bad.xpt": (b"nothing" * 100, r"damaged or cut off"),
    "bad.duckdb": (b"nothing" * 1000, r"cannot be opened as a DuckDB"),
    "table.pdf": (b"%PDF", r"not known; expected one of .*\.csv"),
}


@pytest.mark.parametrize("name", BAD)
def test_each_bad_file_has_its_sentence(name, tmp_path):
    content, said = BAD[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said) as error:
        read(tmp_path, file=name)
    assert name in str(error.value)
    assert str(tmp_path) not in str(error.value)
    assert error.value.text("fr") != error.value.text("en")


def test_rows_ragged_far_down_are_found_while_counting(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2\n" * 300_000 + "1\n")
    with (
        pytest.raises(DataError, match=r"line 300,002: the number of fields is 1; expected 2"),
        open_table(DataSpec(file="a.csv"), tmp_path) as table,
    ):
        table.frame.to_native().aggregate("count(*), max(a)").fetchall()


def test_errors_of_counting_stay_what_they_are(tmp_path):
    import duckdb

    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(duckdb.Error), open_table(DataSpec(file="a.csv"), tmp_path) as table:
        table.frame.to_native().aggregate("max(nothing)").fetchall()


def test_a_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "people.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r'no file "peple\.csv".*"people\.csv"'):
        read(tmp_path, file="peple.csv")
    with pytest.raises(DataError, match="no file"):
        read(tmp_path, file="nowhere/people.csv")


def test_an_empty_folder_and_a_wrong_sheet(tmp_path):
    (tmp_path / "parts").mkdir()
    with pytest.raises(DataError, match="without Parquet"):
        read(tmp_path, file="parts")
    with pytest.raises(DataError, match=r'no sheet "Age".*"Âge"'):
        read(FIXTURES, file="controles.xlsx", sheet="Age")


def test_a_connection_with_a_password_says_where_it_belongs_and_does_not_repeat_it():
    with pytest.raises(SpecError, match=r"PGPASSWORD") as error:
        read(FIXTURES, connection="postgresql://user:secret@host/base", query="SELECT sex FROM t")
    assert "secret" not in str(error.value)


JOINED = "key,district\n1,north\n2,south\n4,east\n"


def test_a_join_keeps_every_row_once(tmp_path):
    (tmp_path / "a.csv").write_text("id,key\nx,1\ny,2\nz,3\nw,\n")
    (tmp_path / "b.csv").write_text(JOINED)
    data = DataSpec.model_validate({"file": "a.csv", "join": {"file": "b.csv", "key": "key"}})
    with open_table(data, tmp_path) as table:
        assert table.columns == ("id", "key", "district")
        assert rows_of(table) == [
            ("w", None, None),
            ("x", "1", "north"),
            ("y", "2", "south"),
            ("z", "3", None),
        ]
        assert [source.name for source in table.sources] == ["a.csv", "b.csv"]
        assert "2 of 4 rows have no match" in table.notes[-1].text("en")


def test_numbers_of_a_typed_file_meet_texts(tmp_path):
    import duckdb

    duckdb.sql("SELECT 1.0::DOUBLE AS key, 'x' AS id").write_parquet(str(tmp_path / "a.parquet"))
    (tmp_path / "b.csv").write_text(JOINED)
    assert read(tmp_path, file="a.parquet", join={"file": "b.csv", "key": "key"}) == [(1.0, "x", "north")]


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("id,key\nx,1\n", "key,v\n1,a\n2,b\n1,c\n", r'key is "1" in rows 1, 3'),
        ("id,k\nx,1\n", "key,v\n1,a\n", r'a\.csv has no column "key".*"k"'),
        ("id,key\nx,1\n", "k,v\n1,a\n", r'b\.csv has no column "key".*"k"'),
        ("id,key,V,b.v\nx,1,2,3\n", "key,v\n1,a\n", r'column "v"; rename'),
        ("id,key\nx,1\n", "key,v\n1\n", r"b\.csv, line 2: the number of fields is 1"),
    ],
)
def test_joins_that_cannot_be(left, right, said, tmp_path):
    (tmp_path / "a.csv").write_text(left)
    (tmp_path / "b.csv").write_text(right)
    with pytest.raises(DataError, match=said):
        read(tmp_path, file="a.csv", join={"file": "b.csv", "key": "key"})


fields = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff", exclude_categories=["Cs"]), max_size=6)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(fields, fields), min_size=1, max_size=5))
def test_any_text_comes_through_as_it_was(tmp_path, rows):
    import csv

    path = Path(tempfile.mkdtemp(dir=tmp_path)) / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(["a", "b"])
        writer.writerows(rows)
    expected = sorted((tuple(value or None for value in row) for row in rows), key=lambda row: tuple(map(str, row)))
    assert read(path.parent, file="a.csv") == expected


def test_nothing_heavy_is_loaded_for_duckdb():
    script = (
        "import sys; from pathlib import Path; from auditkit.intake import open_table; from "
        "auditkit.spec import DataSpec\n"
        f"with open_table(DataSpec(file='rows.csv'), Path({str(FIXTURES)!r})) as t: t.frame.to_native().fetchall()\n"
        "print([m for m in ('pandas', 'polars', 'pyarrow', 'sklearn', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_typed_file_joined_to_texts_has_the_same_missing_values(tmp_path):
    import duckdb

    duckdb.sql("SELECT 1 AS key, '' AS v, 'N/A' AS w, 2.0::DOUBLE AS n").write_parquet(str(tmp_path / "b.parquet"))
    (tmp_path / "a.csv").write_text("id,key\nx,1\n")
    data = {"file": "a.csv", "join": {"file": "b.parquet", "key": "key"}}
    assert read(tmp_path, ("", "N/A"), **data) == [("x", "1", None, None, "2")]


def test_columns_that_are_missing_for_thousands_of_rows_stay_texts(tmp_path):
    lines = ['{"a": null, "b": 1}'] * 5000 + ['{"a": "x", "b": "y"}']
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert read(tmp_path, file="a.jsonl")[-1] == ("x", "y")


@pytest.mark.parametrize(
    "content",
    [
        b'"a","b","c\n\r\n"","|",";a#"\r\n',  # the quotes of the header swallow the row
        b'a,b,c"\n\',,"""""b1"\r\n',
        b"a,b\n1," + b"x" * 3_000_000 + b"\n",
    ],
)
def test_what_one_reader_takes_and_another_does_not_is_refused(content, tmp_path):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.csv, line [12]: the quotes or line ends cannot be made out"):
        read(tmp_path, file="a.csv", separator=",")


def test_names_of_a_parquet_file_that_differ_only_by_capitals(tmp_path):
    import polars

    polars.DataFrame({"Age": [1], "age": [2]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match='"Age" and "age"'):
        read(tmp_path, file="a.parquet")
    polars.DataFrame({"a": [{"x": 1, "y": {"z": 2}}], "b": [[1]], "c": [3]}).write_parquet(tmp_path / "b.parquet")
    with open_table(DataSpec(file="b.parquet"), tmp_path) as table:
        assert table.columns == ("a", "b", "c")
