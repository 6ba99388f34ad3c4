"""Identifiers that stand on several lines: clusters, pairs, and columns that are neither."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

from auditkit.check import check_audit
from auditkit.init import audit_of_table
from auditkit.intake import open_table
from auditkit.intake.line_repeats import Repeats, find_repeats
from auditkit.spec import DataSpec, load_audit
from auditkit.text import Message

NAMES = ["officer_id", "Matricule", "numéro de dossier", "case number", "BSN", "agent"]
EACH = [2, 3, 5, 10, 15, 50]
SPELT = [str, lambda i: f"P-{i:05d}"]
assert len(NAMES) * len(EACH) * len(SPELT) >= 50


def found_in(folder: Path, text: str, taken: set[str]) -> list[Repeats]:
    (folder / "rows.csv").write_text(text, encoding="utf-8")
    with open_table(DataSpec(file="rows.csv"), folder) as table:
        return find_repeats(table, ["g"], taken)


@pytest.mark.parametrize("each", EACH)
def test_every_repeated_identifier_is_found(each: int, tmp_path: Path) -> None:
    """60 people with so many lines each, mixed; the group never changes within one."""
    for name, spelt in product(NAMES, SPELT):
        lines = [f"{spelt(1000 + i % 60)},{'AB'[i % 2]},{i % 3}" for i in range(60 * each)]
        [one] = found_in(tmp_path, f"{name},g,d\n" + "\n".join(lines) + "\n", {"g", "d"})
        assert (one.column, one.distinct, one.lines, one.most, one.paired) == (name, 60, 60 * each, each, False)


@pytest.mark.parametrize("people", [30, 100, 400])
def test_two_lines_with_both_groups_are_pairs(people: int, tmp_path: Path) -> None:
    lines = [f"{i // 2},{'AB'[i % 2]},{i % 3}" for i in range(2 * people)]
    [one] = found_in(tmp_path, "offer,g,d\n" + "\n".join(lines) + "\n", {"g", "d"})
    assert (one.paired, one.distinct, one.most) == (True, people, 2)


@pytest.mark.parametrize(
    "column",
    [
        lambda i: i,  # a number of its own a line
        lambda i: i // 7 % 9,  # few classes
        lambda i: 18 + (i * 37) % 60,  # ages, in each of which there are both groups
        lambda i: "" if i % 2 else i,  # half of it missing, the rest alone
        lambda i: f"street {i * 7 % 50}",  # streets, in each of which there are both groups
    ],
)
def test_columns_that_tell_nobody_apart(column: object, tmp_path: Path) -> None:
    assert callable(column)
    lines = [f"{column(i)},{'AB'[(i * i) % 7 % 2]},{i % 3}" for i in range(600)]
    assert found_in(tmp_path, "x,g,d\n" + "\n".join(lines) + "\n", {"g", "d"}) == []


def said_by(messages: Iterable[Message]) -> list[str]:
    return [one.text("en") for one in messages]


OFFICERS = "officer_id,race,finding\n" + "".join(
    f"{1000 + i // 15},{'AB'[i // 15 % 2]},{'sustained' if i % 10 < 3 else 'not sustained'}\n" for i in range(900)
)


def test_check_asks_until_it_is_answered_and_shows_values(tmp_path: Path) -> None:
    """900 lines of 60 officers, 15 each: 450 lines a race, 270 sustained (three of ten)."""
    (tmp_path / "rows.csv").write_text(OFFICERS)
    text = (
        "title: t\nsystem: {name: s, harm: punitive}\ndata: rows.csv\nselected: {column: finding, in: [sustained]}\n"
        "groups: {race: {column: race, reference: A}}\n"
    )
    asked = {}
    for more in ("", "cluster: officer_id\n", "unit: event\n", "weight: officer_id\n"):
        (tmp_path / "audit.yaml").write_text(text + more)
        checked = check_audit(load_audit(tmp_path / "audit.yaml"), tmp_path / "audit.yaml")
        asked[more] = [one for one in said_by(checked.warnings) if "stand on 900 lines, up to 15 each" in one]
        said = said_by(checked.understood)
        assert 'Values of "race" (groups: race): "A": 450, "B": 450.' in said
        assert 'Values of "finding" (selected): "not sustained": 630, "sustained" (listed): 270.' in said
    assert [len(one) for one in asked.values()] == [1, 0, 0, 0]
    # 15 times the sum of 1000 to 1059, which is 60 x 1029.5
    assert any("add up to 926550, from 1000 to 1059 a row: the 900 rows" in one for one in said)


def test_init_proposes_the_cluster(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(OFFICERS)
    begun = audit_of_table(tmp_path / "rows.csv", tmp_path, "en")
    assert "\ncluster: officer_id " in begun.text
    assert "\nselected: {column: finding, in: [sustained]}" in begun.text
    (tmp_path / "audit.yaml").write_text(begun.text)
    assert load_audit(tmp_path / "audit.yaml").cluster == "officer_id"


def test_rare_values_are_not_shown(tmp_path: Path) -> None:
    """Ten people of one group, and one column that nothing uses."""
    rows = "".join(f"{'A' if i < 50 else 'B' if i < 100 else 'rare'},{i % 2},{i}\n" for i in range(110))
    (tmp_path / "rows.csv").write_text("g,d,extra\n" + rows)
    (tmp_path / "audit.yaml").write_text(
        "title: t\nsystem: {name: s, harm: punitive}\ndata: rows.csv\nselected: {column: d, in: [1]}\n"
        "groups: {g: {column: g, reference: A}}\n"
    )
    checked = check_audit(load_audit(tmp_path / "audit.yaml"), tmp_path / "audit.yaml")
    said = said_by(checked.understood)
    assert 'Values of "g" (groups: g): "A": 50, "B": 50, 1 other: 10.' in said
    assert 'Columns that this audit does not use: "extra".' in said
