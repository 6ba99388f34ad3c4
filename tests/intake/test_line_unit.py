"""What one line is: tables of counts taken for rows, stocks beside flows, a share with those selected."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from auditkit.counts.published import published_cells
from auditkit.errors import DataError
from auditkit.intake.count_tables import read_counts
from auditkit.intake.doubts import Unanswered
from auditkit.intake.line_unit import ColumnFacts, counts_left_over
from tests.counts.counting import audit, count_text, rows_of

HEADS = [
    "Appeals determined", "Number", "count",
    "Effectifs", "Nombre de dossiers", "Aantal", "Anzahl", "Número", "Casi", "n",
]  # fmt: skip
GRIDS = [
    pytest.param(head, labels, id=f"{head}-{len(labels)}")
    for head, labels in product(HEADS, ([2, 2], [2, 2, 2], [8, 2, 2], [12, 8, 2, 2], [5, 40]))
]
assert len(GRIDS) >= 50


def facts(labels: list[int], head: str, low: float = 0, high: float = 400) -> tuple[list[ColumnFacts], int]:
    rows = 1
    for one in labels:
        rows *= one
    names = ["sex", "decision", "place", "year"]
    columns = [ColumnFacts(names[i], one, False, 0, 0) for i, one in enumerate(labels)]
    return [*columns, ColumnFacts(head, min(rows, 90), True, low, high)], rows


@pytest.mark.parametrize(("head", "labels"), GRIDS)
def test_counts_are_found_under_any_head(head: str, labels: list[int]) -> None:
    columns, rows = facts(labels, head)
    assert counts_left_over(columns, rows, {"sex", "decision"}, {"sex"}, set()) == [head]


@pytest.mark.parametrize("rows", [50, 200, 1000, 5000, 20_000])
@pytest.mark.parametrize("more", [1, 3, 10])
def test_people_are_not_taken_for_counts(rows: int, more: int) -> None:
    """People have an identifier, or ages and amounts that fill no grid."""
    columns = [ColumnFacts("sex", 2, False, 0, 0), ColumnFacts("decision", 2, False, 0, 0)]
    columns += [ColumnFacts(f"x{i}", 7, False, 0, 0) for i in range(more)]
    columns += [ColumnFacts("income", rows // 2, False, 0, 9e4), ColumnFacts("age", 70, True, 18, 90)]
    assert counts_left_over(columns, rows, {"sex", "decision"}, {"sex"}, set()) == []


def appeals() -> dict[str, list[Any]]:
    lines = [
        (year, nation, sex, outcome, people)
        for year in range(2010, 2022)
        for nation in "ABCDEFGH"
        for sex, outcome, people in (
            ("Female", "Allowed", 60), ("Female", "Dismissed", 40), ("Male", "Allowed", 30), ("Male", "Dismissed", 170),
        )
    ]  # fmt: skip
    return dict(zip(("year", "nation", "sex", "outcome", "Appeals determined"), zip(*lines, strict=True), strict=True))


def test_a_table_of_counts_is_refused_as_rows() -> None:
    content: dict[str, Any] = {"selected": {"column": "outcome", "in": ["Allowed"]}}
    with pytest.raises(Unanswered, match='count: "Appeals determined"'):
        count_text(audit(**content), appeals())
    assert count_text(audit(**content, unit="person"), appeals()).account.used == 384


def tabulated(folder: Path, text: str, data: dict[str, Any], **content: Any) -> dict[tuple[Any, ...], float]:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    spec = audit(**({"groups": {"g": {"column": "g"}}, "data": {"file": "t.csv"} | data} | content))
    tabulation = published_cells(spec, read_counts(spec, folder))
    cells = tabulation.joint[0]
    if cells.lower is None:
        return rows_of(cells) | {("people",): tabulation.account.read or 0}
    found: dict[tuple[Any, ...], Any] = {("people",): tabulation.account.read or 0}
    for i in range(len(cells)):
        group = cells.level("g").values[cells.codes["g"][i]]
        found[(group, int(cells.selected[i]))] = (float(cells.lower[i]), float(cells.upper[i]))
    return found


def test_appeals_counted(tmp_path: Path) -> None:
    columns = appeals()
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    found = tabulated(tmp_path, "\n".join(lines) + "\n", {"count": "Appeals determined"},
                      groups={"g": {"column": "sex"}}, selected={"column": "outcome", "in": ["Allowed"]})  # fmt: skip
    assert (found["Female", 1, -1], found["Female", 0, -1]) == (5760, 3840)  # 60 % of 9,600
    assert (found["Male", 1, -1], found["Male", 0, -1]) == (2880, 16320)  # 15 % of 19,200


def test_number_beside_per_cent_is_those_selected(tmp_path: Path) -> None:
    text = "g,Number,%\nNorth,300,20\nSouth,400,25\nWest,600,50\n"
    found = tabulated(tmp_path, text, {"columns": {"selected": "Number", "share": "%"}})
    # 300 / 0.205 = 1463.4 and 300 / 0.195 = 1538.5; 400 / 0.255 and 0.245; 600 / 0.505 and 0.495
    assert found["North", 0] == (1464 - 300, 1538 - 300)
    assert found["South", 0] == (1569 - 400, 1632 - 400)
    assert found["West", 0] == (1189 - 600, 1212 - 600)


SHARES = [
    (people, selected, decimals, scale)
    for people, selected in ((1500, 300), (271, 56), (18_500, 1002), (84_820, 800), (640, 3), (77, 76), (1000, 999))
    for decimals in (0, 1, 2)
    for scale in (100, 1000, 1)
    if round(selected / people * scale, decimals + (2 if scale == 1 else 0)) > 0
]
assert len(SHARES) >= 50


def test_any_count_and_its_share_hold_the_truth_within_bounds(tmp_path: Path) -> None:
    """The printed share is rounded; the true number of people lies within what is read from it."""
    for people, selected, decimals, scale in SHARES:
        digits = decimals + (2 if scale == 1 else 0)
        head = {100: "%", 1000: "per 1,000", 1: "share"}[scale]
        text = (
            f'g,Number,"{head}"\nA,{selected},{selected / people * scale:.{digits}f}\nB,500,{0.5 * scale:.{digits}f}\n'
        )
        found = tabulated(tmp_path, text, {"columns": {"selected": "Number", "share": head}})
        exact = found.get(("A", 0, -1))
        low, high = (exact, exact) if exact is not None else found["A", 0]
        assert low <= people - selected <= high, (people, selected, decimals, scale)


def test_controlled_and_of_them_found(tmp_path: Path) -> None:
    text = "g,Allocataires,Contrôlés,Indus\nA,1000,200,50\nB,2000,100,30\n"
    columns = {"selected": "Contrôlés", "total": "Allocataires", "true_positive": "Indus"}
    found = tabulated(tmp_path, text, {"columns": columns})
    assert found == {
        ("A", 1, 1): 50, ("A", 1, 0): 150, ("A", 0, -1): 800,
        ("B", 1, 1): 30, ("B", 1, 0): 70, ("B", 0, -1): 1900, ("people",): 3000,
    }  # fmt: skip
    with pytest.raises(DataError, match="larger than its whole"):
        tabulated(
            tmp_path, text, {"columns": {"selected": "Indus", "total": "Allocataires", "true_positive": "Contrôlés"}}
        )


@pytest.mark.parametrize("periods", [2, 3, 4, 8, 12])
@pytest.mark.parametrize("across", [False, True])
def test_a_stock_is_asked_and_counted_once(periods: int, across: bool, tmp_path: Path) -> None:
    stock = {"alone": 18_500, "others": 84_820, "more": 70_000}
    pairs = [(g, t) for g in stock for t in range(periods)]
    pairs = sorted(pairs, key=lambda pair: pair[1]) if across else pairs
    lines = ["g,period,people,checked", *(f"{g},T{t},{stock[g]},{200 + t}" for g, t in pairs)]
    columns = {"columns": {"selected": "checked", "total": "people"}}
    with pytest.raises(Unanswered, match=r'stock: \["people"\]'):
        tabulated(tmp_path, "\n".join(lines) + "\n", columns)
    found = tabulated(tmp_path, "\n".join(lines) + "\n", columns | {"stock": ["people"]})
    checked = sum(200 + t for t in range(periods))
    for group, people in stock.items():
        assert (found[group, 1, -1], found[group, 0, -1]) == (checked, people - checked)
    assert found["people",] == sum(stock.values())
    added = tabulated(tmp_path, "\n".join(lines) + "\n", columns, unit="event")
    assert added["people",] == periods * sum(stock.values())


def test_a_stock_that_is_none_is_refused(tmp_path: Path) -> None:
    text = "g,period,people,checked\nA,1,100,10\nA,2,110,10\nB,1,50,5\n"
    with pytest.raises(DataError, match=r"line 3.*expected 100"):
        tabulated(tmp_path, text, {"columns": {"selected": "checked", "total": "people"}, "stock": ["people"]})


def test_a_printed_total_wins_over_the_sum_of_lower_ends(tmp_path: Path) -> None:
    text = "g,tp,fp,rest\nA,50,150,800\nB,s,s,900\nC,s,s,500\nTotal,64,246,2200\n"
    data = {
        "columns": {"true_positive": "tp", "false_positive": "fp", "not_selected": "rest"},
        "suppressed": [{"text": "s", "means": [0, 95]}],
        "totals": ["Total"],
    }
    assert tabulated(tmp_path, text, data)["people",] == 2510
