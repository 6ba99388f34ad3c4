"""Results that others wrote: those of release 0.1.0, and those that were damaged or forged."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from auditkit.cli import exit_code
from auditkit.compare import compare
from auditkit.errors import InputError
from auditkit.report import render_report
from auditkit.result.read_results import FIRST_RELEASE, as_a_run_writes, parse_results
from auditkit.result.results_file import results_schema
from auditkit.write.results_json import results_json
from tests.commands import ROOT

STORED = gzip.decompress((ROOT / "tests/fixtures/release-0.1.0/la-vi-spdat.results.json.gz").read_bytes())
"""The results.json that release 0.1.0 wrote of its audit la-vi-spdat."""

Path_ = tuple[str | int, ...]


def smaller() -> dict[str, Any]:
    """The stored result with three of its analyses and six items, so that it is quick to show."""
    plain: dict[str, Any] = json.loads(STORED)
    for key in list(plain["analyses"]):
        if key not in ("main", "scores", "as_recorded"):
            del plain["analyses"][key], plain["audit"]["spec"]["analyses"][key]
    plain["rights"]["items"] = plain["rights"]["items"][:6]
    return plain


def test_a_result_of_the_first_release_is_read_with_its_p_values_as_no_gap() -> None:
    stored = json.loads(STORED)
    read = parse_results(STORED, "results.json")
    for analysis in read.analyses:
        for gap, written in zip(analysis.gaps, stored["analyses"][analysis.key]["gaps"], strict=True):
            assert (gap.p_no_gap, gap.p_no_gap_adjusted) == (written["p_value"], written["p_adjusted"])
            verdict = "present" if written["verdict"] == "likely" else written["verdict"]  # a word no longer used
            assert (gap.value, gap.verdict, gap.reason) == (written["value"], verdict, written["reason"])
            assert gap.p_beyond is None
    assert read.notes[-1] == FIRST_RELEASE
    assert FIRST_RELEASE.text("en") in render_report(read, "en")
    assert FIRST_RELEASE.text("fr") in unescape(render_report(read, "fr"))
    again = parse_results(results_json(read), "results.json")  # now of the second schema
    assert results_json(again) == results_json(read)
    assert again.notes.count(FIRST_RELEASE) == 1


def test_two_releases_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_bytes(STORED)
    second.write_bytes(results_json(parse_results(STORED, "results.json")))
    assert exit_code(["compare", str(first), str(second), "--out", str(tmp_path / "out"), "--language", "en"]) == 0
    assert FIRST_RELEASE.text("en") in capsys.readouterr().err


def places(plain: Any, at: Path_ = ()) -> Iterator[Path_]:
    """Every place of a JSON value below its top."""
    entries = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, list) else ()
    for key, entry in entries:
        yield (*at, key)
        yield from places(entry, (*at, key))


FORGED: tuple[Any, ...] = (
    None, True, 0, -1, 1e300, -3.7, "", "x", "{x.__class__}", "\u202e", [], {}, ["a"], {"a": 1}, 10**400, "a" * 300,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(80))
def test_a_changed_result_is_shown_or_refused_in_one_sentence(seed: int) -> None:
    plain = smaller()
    chance = random.Random(seed)
    shapes: dict[Path_, list[Path_]] = {}
    for place in places(plain):
        shapes.setdefault(tuple("*" if isinstance(key, int) else key for key in place), []).append(place)
    place = chance.choice(shapes[chance.choice(sorted(shapes))])
    holder = plain
    for key in place[:-1]:
        holder = holder[key]  # type: ignore[index]
    if chance.random() < 0.2:
        del holder[place[-1]]  # type: ignore[arg-type]
    else:
        holder[place[-1]] = chance.choice(FORGED)  # type: ignore[index]
    said = None
    try:
        read = parse_results(json.dumps(plain).encode(), "results.json")
        with as_a_run_writes("results.json"):
            render_report(read, "fr")
            compare(parse_results(STORED, "results.json"), read)
    except InputError as error:
        said = str(error)
    if said is not None:
        assert "results.json" in said or "no attribute in common" in said
        assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"schema": "auditkit/results/2", "audit": ' + b'{"a": ' * 5_000 + b"1" + b"}" * 5_001,
        b'{"schema": "auditkit/results/2", "audit": NaN}',
        b'{"schema": "auditkit/results/2", "audit": 1e999}',
        b"\xff\xfe",
        b'{"schema": ["auditkit/results/2"]}',
        b"null",
    ],
    ids=range(7),
)
def test_no_file_ends_in_a_traceback(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results.json"
    path.write_bytes(content)
    assert exit_code(["report", str(path), "--language", "en"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "results.json" in said


@pytest.mark.parametrize("template", ["{rows.__class__}", "{rows:>999999999}", "{rows!r}", "{0}", "{other}", "{"])
def test_a_sentence_of_a_file_reaches_into_nothing(template: str) -> None:
    plain = smaller()
    plain["notes"] = [{"en": "x", "fr": "x", "template": template, "values": {"rows": 3}}]
    with pytest.raises(InputError, match=r"notes\.0"):
        parse_results(json.dumps(plain).encode(), "results.json")


def test_the_schema_of_each_gap_names_the_columns_to_come() -> None:
    gap = results_schema()["$defs"]["Gap"]
    assert {"p_no_gap", "p_beyond", "p_inside", "lead_lower", "harm", "within", "smallest_told"} <= set(gap["required"])
