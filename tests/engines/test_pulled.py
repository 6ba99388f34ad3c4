"""A regression and an attribution bring home the rows they compute on, and hardly any other."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from auditkit import load_audit
from auditkit.explain import explained_rows
from auditkit.intake.audit_tables import Tables
from auditkit.regression import regression_from_rows
from auditkit.regression.regression_sample import complete

AUDIT = """\
title: T
as_of: 2026-11-30
system: {name: S, harm: punitive}
publish: {minimum_count: 0, because: synthetic}
data: DATA
score: score
selected: {at_least: 0.6}
weight: weight
cluster: household
groups: {sex: {column: sex, reference: M}}
regressions:
  one: {kind: linear, outcome: score, terms: [sex, {column: income}, {column: age}]}
"""


@pytest.fixture(params=["rows.parquet", "database"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Half of the rows lack a number, two in five a score; every row is another one."""
    draw, n = np.random.default_rng(5), 2_000
    table = pandas.DataFrame({name: draw.random(n) for name in ("score", "income", "age", "weight")})
    table["sex"], table["household"] = draw.choice(["F", "M"], n), np.arange(n)
    table.loc[draw.random(n) < 0.5, "income"] = None
    table.loc[draw.random(n) < 0.4, "score"] = None
    data = request.param
    if data == "database":
        with sqlite3.connect(tmp_path / "rows.sqlite") as connection:
            table.to_sql("rows", connection, index=False)
        data = f'{{connection: "sqlite://{tmp_path}/rows.sqlite", table: rows}}'
    else:
        table.to_parquet(tmp_path / data)
    (tmp_path / "audit.yaml").write_text(AUDIT.replace("DATA", data))
    spec = load_audit(tmp_path / "audit.yaml")
    with Tables(spec, tmp_path, None, None) as tables:
        yield spec, tables.rows(spec), table


def counted(monkeypatch: pytest.MonkeyPatch, room: Any) -> list[int]:
    """How many rows each question of a room brings home."""
    brought: list[int] = []
    fetch = room.fetch

    def watched(*arguments: Any, **more: Any) -> Any:
        found = fetch(*arguments, **more)
        brought.append(found.rows)
        return found

    monkeypatch.setattr(room, "fetch", watched)
    return brought


def test_a_regression(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, table, rows = opened
    brought = counted(monkeypatch, regression_from_rows)
    sample = complete(regression_from_rows.sample_rows(table, spec, spec.regressions["one"], "one", None))
    stated = rows.dropna()
    assert len(sample) == len(stated)
    assert sample.left_out == rows.score.notna().sum() - len(stated)  # without a score nobody knows who is selected
    assert sum(brought) <= 1.2 * len(sample)


def test_an_attribution(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, table, rows = opened
    brought = counted(monkeypatch, explained_rows)
    sample = explained_rows.read_rows(table, spec, ["income", "age"])
    assert len(sample) == rows.score.notna().sum()
    assert sum(brought) <= 1.2 * len(sample)
