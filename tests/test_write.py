"""What a run writes: bytes that do not vary, tables for spreadsheets, folders that are whole or absent."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.errors import InputError, TargetError
from auditkit.report import render_report
from auditkit.result import (
    AnalysisResult,
    AuditResult,
    Estimate,
    Exclusion,
    Family,
    Gap,
    RowAccount,
    ScoreBins,
    Source,
    ViewResult,
)
from auditkit.result.field_types import number
from auditkit.result.read_results import parse_results, read_results
from auditkit.result.results_file import results_schema
from auditkit.run import run_audit
from auditkit.spec import AuditSpec
from auditkit.spec.file_lines import shipped
from auditkit.spec.load_spec import analysis_spec, load_audit
from auditkit.text import say, say_plural
from auditkit.write.output_folder import check_target, write_file, write_folder
from auditkit.write.results_csv import estimates_csv, gaps_csv, table_csv
from auditkit.write.results_json import as_written, results_json

SPEC = AuditSpec.model_validate(
    {
        "title": {"en": "A score", "fr": "Un score"},
        "system": {"name": "Score", "harm": "punitive"},
        "data": "/somewhere/of/mine/rows.csv",
        "as_of": "2026-11-21",
        "groups": {"sex": {"column": "sex", "reference": "m"}},
        "selected": {"column": "s", "in": [1]},
        "analyses": {"older": {"keep": [{"column": "a", "at_least": 1}], "data": "../up/other.csv"}},
    }
)
ESTIMATE = Estimate(
    "main", ("sex",), ("=1+1",), "selection_rate", 0.1 + 0.2, math.nan, math.inf, None, None, 0.95, "wilson",
    3.0, 10.0, 10.0, "computed", None, (3.0, 7.0),
)  # fmt: skip
GAP = Gap(
    "main", ("sex", "age"), ("f", "<b>old</b>"), ("m", "old"), "selection_rate", "ratio", "event", "worse", 2.0,
    1.5, math.inf, None, None, 0.95, "miettinen_nurminen", "fisher", "present", 3.0, 1.0, 4.0, 10.0,
    20.0, "computed", p_no_gap=0.01, p_no_gap_adjusted=0.02, smallest_established=1.5,
)  # fmt: skip


def analysis(key: str) -> AnalysisResult:
    account = RowAccount(
        10.0,
        9.0,
        (Exclusion("keep", say("{rows} rows of {which}", rows=1200, which=say("the other")), 1),),
        notes=(say_plural("{count} row", "{count} rows", 3),),
    )
    return AnalysisResult(
        key=key,
        spec=analysis_spec(SPEC, key),
        rows=account,
        views=(ViewResult(("sex",), (("f",), ("m",)), ("m",), "group", (1.0, None)),),
        estimates=(ESTIMATE,),
        gaps=(GAP,),
        families=(Family("main", 3),),
        scale=ScoreBins(np.array([0.0, 1.0]), np.array([0.0, 1.0]), exact=True),
        facts={"threshold": 0.5, "note": "x", "nothing": None},
    )


RESULT = AuditResult(
    SPEC, (analysis("main"), analysis("older")), (Source("rows.csv", "ab", 3),), {"estimates": 2}, (), "0.1.0"
)


def test_results_json_is_read_back_and_written_again_the_same() -> None:
    first = results_json(RESULT)
    assert results_json(parse_results(first, "results.json")) == first


def test_the_result_as_written_is_the_one_that_is_read_back() -> None:
    path = shipped("audits") / "compas" / "audit.yaml"
    raw = run_audit(load_audit(path), path.parent)
    written, read = as_written(raw), parse_results(results_json(raw), "results.json")
    assert results_json(written) == results_json(raw)
    for mine, theirs in zip(written.analyses, read.analyses, strict=True):
        assert mine.estimates == theirs.estimates
        assert mine.gaps == theirs.gaps
        assert mine.points == theirs.points
        assert mine.rows == theirs.rows
    assert render_report(written, "fr") == render_report(read, "fr")


def test_results_json_holds_neither_nan_nor_infinity_nor_paths_nor_what_is_for_disclosure_only() -> None:
    text = results_json(RESULT).decode()
    plain = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    row = plain["analyses"]["main"]["estimates"][0]
    assert (row["value"], row["lower"], row["upper"]) == (0.3, None, None)
    assert "/somewhere" not in text
    assert ".." not in text
    assert "rows" not in row
    assert "counts" not in plain["analyses"]["main"]
    assert list(plain) == ["schema", "audit", "analyses", "rights", "disclosure", "notes"]
    assert plain["schema"] == "auditkit/results/2"


def test_crossed_groups_are_joined_for_display_and_listed() -> None:
    row = json.loads(results_json(RESULT))["analyses"]["main"]["gaps"][0]
    assert (row["attribute"], row["group"]) == ("sex & age", "f & <b>old</b>")
    assert (row["attributes"], row["groups"]) == (["sex", "age"], ["f", "<b>old</b>"])
    assert (row["reference"], row["reference_group"]) == (["m", "old"], "m & old")


def test_sentences_are_there_in_every_language() -> None:
    account = json.loads(results_json(RESULT))["analyses"]["main"]["rows"]
    assert account["exclusions"][0]["because"]["en"] == "1,200 rows of the other"
    assert account["notes"][0]["en"] == "3 rows"
    assert {"en", "fr"} <= set(account["notes"][0])


def test_results_follow_the_schema_of_the_records() -> None:
    schema = results_schema()
    plain = json.loads(results_json(RESULT))
    assert list(violations(plain, schema, schema, "$")) == []
    plain["analyses"]["main"]["estimates"][0]["status"] = "fine"
    assert list(violations(plain, schema, schema, "$"))
    del plain["analyses"]["older"]["facts"]
    assert any("facts" in found for found in violations(plain, schema, schema, "$"))


TYPES = {
    "object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "boolean": bool,
    "null": type(None),
}  # fmt: skip


def violations(value: Any, schema: Any, root: Any, at: str) -> Any:
    """Where a value breaks a schema: as much of JSON Schema as our schema uses."""
    if schema is True:
        return
    assert set(schema) <= {
        "$ref", "anyOf", "enum", "const", "type", "properties", "required", "additionalProperties", "items",
        "description", "$schema", "$id", "$defs", "title", "readOnly", "default", "minimum", "maximum",
    }  # fmt: skip
    if "$ref" in schema:
        yield from violations(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
        return
    if "anyOf" in schema:
        if all(list(violations(value, option, root, at)) for option in schema["anyOf"]):
            yield f"{at}: none of the forms"
        return
    if ("enum" in schema and value not in schema["enum"]) or value != schema.get("const", value):
        yield f"{at}: {value!r}"
    names = schema.get("type", [])
    kinds = [TYPES[name] for name in ([names] if isinstance(names, str) else names)]
    if kinds and not any(isinstance(value, kind) for kind in kinds):
        yield f"{at}: {value!r} is not {names}"
        return
    if isinstance(value, dict):
        yield from (f"{at}: {key} is missing" for key in schema.get("required", []) if key not in value)
        for key, entry in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            if inner is False:
                yield f"{at}: {key} is not known"
            else:
                yield from violations(entry, inner, root, f"{at}.{key}")
    if isinstance(value, list):
        for i, entry in enumerate(value):
            yield from violations(entry, schema.get("items", {}), root, f"{at}[{i}]")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "is not JSON"),
        (b"{}", 'the schema is "None"'),
        (b"[]", 'the schema is "None"'),
        (b'{"schema": "auditkit/results/3"}', 'the schema is "auditkit/results/3"; expected "auditkit/results/2"'),
        (b'{"schema": "auditkit/results/2"}', 'audit.spec is "None"; expected keys and values'),
    ],
)
def test_another_file_is_refused_in_one_sentence(content: bytes, found: str, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_results(tmp_path / "results.json")
    assert found in str(caught.value)
    assert "results.json" in str(caught.value)


def test_tables_have_the_columns_of_the_contract() -> None:
    assert estimates_csv(RESULT).split(b"\n")[0].decode() == (
        "analysis,attribute,group,measure,value,lower,upper,bound_lower,bound_upper,confidence,method,"
        "numerator,denominator,n,status,reason"
    )
    assert gaps_csv(RESULT).split(b"\n")[0].decode() == (
        "analysis,attribute,group,reference,measure,kind,side,direction,harm,value,lower,upper,bound_lower,bound_upper,"
        "lead_lower,lead_upper,method,test,family,tests_in_family,p_no_gap,p_no_gap_adjusted,p_beyond,"
        "p_beyond_adjusted,p_inside,p_inside_adjusted,verdict,within,people,people_lower,people_upper,n,n_reference,"
        "smallest_established,smallest_told,status,reason"
    )
    row = next(csv.DictReader(io.StringIO(gaps_csv(RESULT).decode())))
    assert (row["attribute"], row["reference"], row["upper"], row["people"]) == (
        "sex & age",
        "m & old",
        "",
        "3",
    )


def test_texts_that_spreadsheets_take_for_formulas_are_told_apart() -> None:
    row = next(csv.DictReader(io.StringIO(estimates_csv(RESULT).decode())))
    assert row["group"] == "'=1+1"
    assert table_csv(["a"], [["-1"], [-1.0], ["@x"], ["\tx"], ["plain"]]) == b"a\n'-1\n-1\n'@x\n'\tx\nplain\n"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_twelve_digits_survive(value: float) -> None:
    written = number(value)
    assert written is not None
    assert float(f"{value:.12g}") == float(written)
    assert number(float(repr(written))) == written


def test_a_folder_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    target = tmp_path / "reports" / "deep" / "one"
    write_folder(target, run_files(b"1"))
    assert names(tmp_path) == ["reports"]
    assert names(target) == ["manifest.json", "report.html"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run_files(content: bytes) -> dict[str, bytes]:
    manifest = {"schema": "auditkit/manifest/1", "outputs": {"report.html": {}}}
    return {"report.html": content, "manifest.json": json.dumps(manifest).encode()}


def test_a_folder_of_a_run_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "one"
    write_folder(target, run_files(b"1"))
    write_folder(target, run_files(b"2"))
    assert (target / "report.html").read_bytes() == b"2"
    assert names(tmp_path) == ["one"]


def test_an_empty_folder_may_be_written_into(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    write_folder(tmp_path / "one", run_files(b"1"))
    assert (tmp_path / "one" / "report.html").read_bytes() == b"1"


def test_what_auditkit_did_not_write_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "thesis.odt").write_bytes(b"years")
    with pytest.raises(TargetError, match="was not written by auditkit"):
        write_folder(target, run_files(b"1"))
    (target / "manifest.json").write_text('{"schema": "auditkit/manifest/1", "outputs": {}}')
    with pytest.raises(TargetError, match=r"thesis\.odt"):
        write_folder(target, run_files(b"1"))
    (target / "manifest.json").unlink()
    (target / "sub").mkdir()
    (target / "thesis.odt").rename(target / "sub" / "thesis.odt")
    with pytest.raises(TargetError):
        write_folder(target, run_files(b"1"))
    assert (target / "sub" / "thesis.odt").read_bytes() == b"years"
    assert names(tmp_path) == ["mine"]


def test_targets_that_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x")
    for target in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(TargetError, match="is a file"):
            check_target(target)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TargetError, match="the folder you stand in"):
        check_target(Path())


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    write_error = pytest.raises(TargetError, match="the disk is full")
    with write_error:
        write_folder(tmp_path / "a" / "b", run_files(b"1"))
    with write_error:
        write_file(tmp_path / "c.html", b"1")
    assert names(tmp_path) == []


def test_files_and_folders_are_replaced_and_nothing_stays_beside_them(tmp_path: Path) -> None:
    for content in (b"1", b"2" * 100_000):
        write_folder(tmp_path / "one", run_files(content))
        assert (tmp_path / "one" / "report.html").read_bytes() == content
        write_file(tmp_path / "single", content)
        assert (tmp_path / "single").read_bytes() == content
    assert names(tmp_path) == ["one", "single"]


def test_a_folder_that_cannot_take_its_place_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "one", run_files(b"1"))
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(TargetError, match="you may not write there"):
        write_folder(tmp_path / "one", run_files(b"2"))
    assert (tmp_path / "one" / "report.html").read_bytes() == b"1"
    assert names(tmp_path) == ["one"]


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    stale, running = tmp_path / ".one.auditkit-killed", tmp_path / ".one.auditkit-running"
    for stage in (stale, running):
        (stage / "new").mkdir(parents=True)
    os.utime(stale, (0, 0))
    write_folder(tmp_path / "one", run_files(b"1"))
    assert names(tmp_path) == [".one.auditkit-running", "one"]


def test_what_a_killed_run_had_set_aside_comes_back(tmp_path: Path) -> None:
    write_folder(tmp_path / "one", run_files(b"1"))
    stage = tmp_path / ".one.auditkit-killed"
    stage.mkdir()
    (tmp_path / "one").rename(stage / "old")
    (stage / "old" / "thesis.odt").write_bytes(b"years")
    os.utime(stage, (0, 0))
    with pytest.raises(TargetError, match=r"thesis\.odt"):  # it is there again, and is not ours to replace
        write_folder(tmp_path / "one", run_files(b"2"))
