"""Two publications of the same people: no change of one to ten of them can be read off both, by an attacker apart."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize

from auditkit.cli import exit_code
from auditkit.protect.released_files import released_files
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

Table = Mapping[str, tuple[int, int]]
"""Group -> people, of them selected."""

UNIONS = {"people": (1, 1), "selected": (1, 0), "not_selected": (0, 1)}


def _publish(folder: Path, name: str, table: Table, publish: dict[str, object]) -> Path:
    lines = [f"{group},{int(i < chosen)}" for group, (n, chosen) in table.items() for i in range(n)]
    (folder / f"{name}.csv").write_text("grp,sel\n" + "\n".join(lines) + "\n")
    spec = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": {"file": f"{name}.csv"},
        "selected": {"column": "sel", "in": [1]}, "groups": {"grp": {"column": "grp"}},
        "publish": {"minimum_count": 11} | publish,
    }  # fmt: skip
    out = folder / f"out-{name}"
    out.mkdir()
    for file, content in released_files(run_audit(AuditSpec.model_validate(spec), folder).released).items():
        (out / file).write_bytes(content)
    return out


def _known(folder: Path) -> dict[tuple[str, str], float]:
    """Group ("" for everyone) and sum -> value, as published."""
    rows = csv.DictReader((folder / "counts.csv").open())
    return {(r["groups"], r["sum"]): float(r["value"]) for r in rows if r["value"] and r["sum"] in UNIONS}


def _ends(before: Path, after: Path, groups: list[str], group: str, name: str) -> tuple[float, float]:
    """The least and the largest change of a sum that fits both publications: whole people, not negative."""
    size = 2 * len(groups)

    def row(group: str, name: str) -> np.ndarray:
        return np.concatenate([np.array(UNIONS[name]) * (group in ("", one)) for one in groups]).astype(float)

    lines, values = [], []
    for place, folder in enumerate((before, after)):
        for (one, kind), value in _known(folder).items():
            line = np.zeros(2 * size)
            line[place * size : (place + 1) * size] = row(one, kind)
            lines.append(line)
            values.append(value)
    aim = np.concatenate((-row(group, name), row(group, name)))
    ends = []
    for sign in (1, -1):
        found = optimize.milp(
            sign * aim, constraints=optimize.LinearConstraint(np.array(lines), values, values),
            integrality=np.ones(2 * size), bounds=optimize.Bounds(0, 1e5),
        )  # fmt: skip
        ends.append(sign * found.fun)
    return ends[0], ends[1]


def _tables(seed: int) -> tuple[Table, Table]:
    """Three to five groups, and the same with one to ten people changed in some of them; one group by many."""
    random = np.random.default_rng([17, seed])
    before, after = {}, {}
    groups = "ABCDE"[: int(random.integers(3, 6))]
    for group in groups:
        n = int(random.integers(60, 400))
        chosen = int(n * random.uniform(0.02 if seed % 5 == 0 else 0.2, 0.8))
        before[group] = (n, chosen)
        more, fewer = (int(random.integers(0, 11)) * int(random.random() < 0.6) for _ in range(2))
        after[group] = (n + more, chosen + min(more, fewer))
    grown = groups[-1]
    after[grown] = (after[grown][0] + 40, after[grown][1] + 20)
    return before, after


@pytest.mark.parametrize("block", range(2))
def test_no_change_of_a_few_people_is_read_off_two_publications(block: int, tmp_path: Path) -> None:
    told = 0
    for seed in range(block * 5, block * 5 + 5):
        folder = tmp_path / str(seed)
        folder.mkdir()
        before, after = _tables(seed)
        first = _publish(folder, "before", before, {})
        second = _publish(folder, "after", after, {"earlier": "out-before", "same_people": True})
        told += len(_known(second))
        for group in ["", *after]:
            for name, (chosen, other) in UNIONS.items():
                then, now = (_sum(table, group, chosen, other) for table in (before, after))
                if 0 < abs(now - then) < 11 and (group, name) in _known(first):
                    low, high = _ends(first, second, list(after), group, name)
                    assert high - low >= 11, (seed, group, name, low, now - then, high)
    assert told > 20  # and not everything is withheld


def _sum(table: Table, group: str, chosen: int, other: int) -> int:
    return sum(selected * chosen + (n - selected) * other for one, (n, selected) in table.items() if group in ("", one))


def test_the_newcomer_of_the_second_publication(tmp_path: Path) -> None:
    # A 300/150, B 200/100, C 150/60; then one more selected person in C (findings R12).
    before = {"A": (300, 150), "B": (200, 100), "C": (150, 60)}
    after = before | {"C": (151, 61)}
    first = _publish(tmp_path, "before", before, {})
    assert _known(first)["C", "selected"] == 60
    second = _publish(tmp_path, "after", after, {"earlier": "out-before", "same_people": True})
    low, high = _ends(first, second, list(after), "C", "selected")
    assert high - low >= 11
    other = _publish(tmp_path, "other", after, {"earlier": "out-before", "same_people": False})
    assert _known(other)["C", "selected"] == 61  # other people: nothing follows


def test_what_is_named_as_earlier_must_be_a_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [f"{'AB'[i % 2]},{i % 3 % 2}" for i in range(200)]
    (tmp_path / "rows.csv").write_text("grp,sel\n" + "\n".join(rows) + "\n")
    audit = (
        "title: t\nsystem: {name: s, harm: punitive}\ndata: rows.csv\nselected: {column: sel, in: [1]}\n"
        "groups: {grp: {column: grp}}\npublish: {earlier: before"
    )
    (tmp_path / "audit.yaml").write_text(audit + "}\n")
    assert exit_code(["run", "audit.yaml", "--quiet"]) == 2
    assert "same_people" in capsys.readouterr().err
    (tmp_path / "audit.yaml").write_text(audit + ", same_people: true}\n")
    assert exit_code(["run", "audit.yaml", "--quiet"]) == 2
    assert "released.yaml is missing" in capsys.readouterr().err
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "released.yaml").write_text("{}")
    assert exit_code(["run", "audit.yaml", "--quiet"]) == 2
    assert "no released table" in capsys.readouterr().err
