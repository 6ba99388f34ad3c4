"""The same table wherever its rows live, whatever is asked of it: the same counts and figures, to the last byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest

from auditkit import load_audit, results_json, run_audit
from auditkit.counts.tabulate import tabulate
from auditkit.intake.audit_tables import Tables
from auditkit.regression import regress
from auditkit.scorers.consent import consent_hash, foreign_parts
from auditkit.spec.load_spec import analysis_spec
from tests.engines.cases import CASES
from tests.engines.sources import SOURCES, Given, Place, people

NEEDS = {"postgres": "needs_postgres", "spark": "needs_spark"}
Placed = Callable[[str], tuple[Place, Path]]


def _written(case: str, place: Place, folder: Path) -> tuple[Path, Any]:
    """The audit of a case where the rows are, and the frame that stands for its file."""
    joined = case == "joined tables"
    path = folder / f"{case}.yaml"
    path.write_text(CASES[case].replace("DATA", place.joined if joined else place.data), encoding="utf-8")
    return path, place.frame_joined if joined else place.frame


def counted(case: str, place: Place, folder: Path) -> str:
    """All that an audit counted, before anything is measured, as text."""
    path, frame = _written(case, place, folder)
    spec = load_audit(path)
    found = []
    with Tables(spec, folder, None, frame) as tables, numpy.printoptions(threshold=100_000, floatmode="unique"):
        for name in ("main", *spec.analyses):
            one = analysis_spec(spec, name)
            tabulation = tabulate(one, tables)
            account = replace(tabulation.account, notes=())  # what they say names the file
            found.append(repr(replace(tabulation, account=account)))
            if one.regressions:
                found.append(repr(regress(tables.rows(one), tabulation, one)))
    return "\n".join(found)


def figures(case: str, place: Place, folder: Path) -> str:
    """All that an audit found, as text."""
    path, frame = _written(case, place, folder)
    spec = load_audit(path)
    parts = foreign_parts(spec, folder)
    result = run_audit(spec, folder, frame=frame, trust=consent_hash(parts) if parts else None)
    return json.dumps(json.loads(results_json(result))["analyses"], sort_keys=True)


@pytest.fixture(scope="module")
def placed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Placed:
    """The rows put in each place once, when they are first asked for."""
    rows, found = people(), dict[str, tuple[Place, Path]]()
    split = {"left": rows.drop_columns(["tenure", "weight"]), "right": rows.select(["id", "tenure", "weight"])}

    def at(name: str) -> tuple[Place, Path]:
        if name not in found:
            folder = tmp_path_factory.mktemp("rows")
            servers: list[Callable[[], Any]] = [lambda: request.getfixturevalue("server"),
                                                lambda: request.getfixturevalue("cluster")]  # fmt: skip
            found[name] = SOURCES[name](Given(rows, split["left"], split["right"], folder, *servers)), folder
        return found[name]

    return at


@pytest.fixture(scope="module")
def expected(placed: Placed) -> Callable[[str], str]:
    """What every place must count: that of Parquet."""
    known: dict[str, str] = {}

    def of(case: str) -> str:
        if case not in known:
            known[case] = counted(case, *placed("parquet"))
        return known[case]

    return of


FEWER = {
    "spark connect": ["missing values", "days and moments", "joined tables"],
    "spark standalone": ["weights and clusters"],
}
"""The engine is the one of "spark local", behind other doors: what could differ there is how values come home."""


def _pairs() -> list[Any]:
    pairs = [(source, case) for source in SOURCES for case in FEWER.get(source, CASES) if source != "parquet"]
    return [
        pytest.param(*pair, marks=[getattr(pytest.mark, need) for word, need in NEEDS.items() if word in pair[0]])
        for pair in pairs
    ]


@pytest.mark.parametrize(("source", "case"), _pairs())
def test_the_same_counts(source: str, case: str, placed: Placed, expected: Callable[[str], str]) -> None:
    assert counted(case, *placed(source)) == expected(case)


@pytest.mark.parametrize("source", ["csv", "polars", pytest.param("postgres", marks=pytest.mark.needs_postgres)])
def test_the_same_figures(source: str, placed: Placed) -> None:
    case = "weights and clusters"
    assert figures(case, *placed(source)) == figures(case, *placed("parquet"))
