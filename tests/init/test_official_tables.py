"""`init` on tables as public bodies print them: the right counts, or a sentence that says why not.

Each layout is drawn from one truth: of the people of three groups so many were controlled, of them so many found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from auditkit.counts.published import published_cells
from auditkit.errors import InputError
from auditkit.init import audit_of_table
from auditkit.intake.count_tables import read_counts
from auditkit.spec import load_audit

TRUTH = {"North": (1500, 300), "South": (1600, 400), "West": (1200, 600)}
Rows = list[list[Any]]


@dataclass(frozen=True)
class Layout:
    """One way to print the truth: rows of cells, merged ranges, and whether a rate can be known from it."""

    rows: Rows
    merged: tuple[str, ...] = ()
    known: bool = True
    text: bool = False
    separator: str = ","


def plain(head: list[str], *, total: str | None = None) -> Rows:
    rows: Rows = [list(head), *([name, people, checked] for name, (people, checked) in TRUTH.items())]
    return [*rows, [total, 4300, 1300]] if total else rows


def years(order: list[int], head: tuple[str, str]) -> Rows:
    """Columns of several years; the truth is that of the newest."""
    first: Rows = [["Area", *(f"{year} {name}" for year in order for name in head)]]
    last = max(order)
    for name, (people, checked) in TRUTH.items():
        cells = [n for year in order for n in (people + 10 * (last - year), checked - 5 * (last - year))]
        first.append([name, *cells])
    return first


def merged_heads() -> Rows:
    return [
        ["Controls by area"],
        [None, 2020, None, 2021, None],
        [None, "Number", "%", "Number", "%"],
        ["North", 250, 20, 300, 20],
        ["South", 390, 25, 400, 25],
        ["West", 580, 50, 600, 50],
    ]


LAYOUTS: dict[str, Callable[[], Layout]] = {
    "plain en": lambda: Layout(plain(["Area", "Households", "Controlled"])),
    "plain fr": lambda: Layout(plain(["Zone", "Allocataires", "Contrôlés"]), text=True, separator=";"),
    "plain nl": lambda: Layout(plain(["Wijk", "Huishoudens", "Gecontroleerd"])),
    "plain es": lambda: Layout(plain(["Barrio", "Hogares", "Controlados"])),
    "plain de": lambda: Layout(plain(["Bezirk", "Haushalte", "Geprüft"]), text=True, separator=";"),
    "plain it": lambda: Layout(plain(["Comune", "Famiglie", "Controllati"])),
    "preamble": lambda: Layout(
        [["Controls"], [], ["Filters:"], ["Year: 2020/21"], [], *plain(["", "Households", "Controlled"])], text=True
    ),
    "total row": lambda: Layout(plain(["Zone", "Allocataires", "Contrôlés"], total="Ensemble")),
    "footnotes": lambda: Layout(
        [["Table 3: controls"], *plain(["Area", "Households", "Controlled"]), [], ["Source: agency"], ["(1) revised"]]
    ),
    "number and per cent": lambda: Layout(
        [["Council", "Number", "%"], ["North", 300, 20], ["South", 400, 25], ["West", 600, 50]], text=True
    ),
    "population and per cent": lambda: Layout(
        [["Council", "Population", "% controlled"], ["North", 1500, 20], ["South", 1600, 25], ["West", 1200, 50]]
    ),
    "per 1,000": lambda: Layout(
        [["Council", "Population", "Rate per 1,000"], ["North", 1500, 200], ["South", 1600, 250], ["West", 1200, 500]]
    ),
    "selected and not": lambda: Layout(
        [["Zone", "Contrôlés", "Non contrôlés"], ["North", 300, 1200], ["South", 400, 1200], ["West", 600, 600]]
    ),
    "controlled, of them found": lambda: Layout(
        [
            ["Zone", "Allocataires", "Contrôlés", "Indus"],
            ["North", 1500, 300, 20],
            ["South", 1600, 400, 30],
            ["West", 1200, 600, 40],
        ]
    ),
    "years side by side": lambda: Layout(years([2021, 2022, 2023], ("Households", "Controlled"))),
    "years from the newest": lambda: Layout(years([2023, 2022], ("Allocataires", "Contrôlés"))),
    "merged heads, blank corner": lambda: Layout(merged_heads(), ("A1:E1", "B2:C2", "D2:E2")),
    "merged years, named corner": lambda: Layout(
        [
            ["Extraction"],
            [None, 2022, None, 2023, None],
            ["Zone", "Foyers", "Contrôlés", "Foyers", "Contrôlés"],
            ["North", 1400, 250, 1500, 300],
            ["South", 1500, 350, 1600, 400],
            ["West", 1100, 500, 1200, 600],
        ],
        ("B2:C2", "D2:E2"),
    ),
    "merged heads as text": lambda: Layout(merged_heads()[1:], text=True),
    "spacer column": lambda: Layout(
        [["Area", "", "Households", "", "Controlled"], *([n, "", p, "", c] for n, (p, c) in TRUTH.items())]
    ),
    "sections": lambda: Layout(
        [
            ["Group", "Households", "Controlled"],
            ["By area"],
            *([n, p, c] for n, (p, c) in TRUTH.items()),
            ["By sex"],
            ["Women", 2300, 700],
            ["Men", 2000, 600],
        ]
    ),
    "parts of one total": lambda: Layout(
        [["Area", "Number", "%"], ["North", 300, 23.1], ["South", 400, 30.8], ["West", 600, 46.2]], known=False
    ),
    "shares alone": lambda: Layout([["Area", "% controlled"], ["North", 20], ["South", 25], ["West", 50]], known=False),
    "two shares": lambda: Layout(
        [
            ["Foyer", "Part des allocataires (%)", "Part des contrôles (%)"],
            ["North", 20, 36],
            ["South", 50, 44],
            ["West", 30, 20],
        ],
        known=False,
        text=True,
        separator=";",
    ),
    "two shares, no sign": lambda: Layout(
        [["Area", "Households", "Controlled"], ["North", 20, 16], ["South", 50, 44], ["West", 30, 40]], known=False
    ),
    "shares de": lambda: Layout(
        [["Bezirk", "Anteil Haushalte", "Anteil geprüft"], ["North", 20, 16], ["South", 50, 44], ["West", 30, 41]],
        known=False,
    ),
    "heads of no meaning": lambda: Layout(plain(["Area", "Alpha", "Beta"]), known=False),
}
assert len(LAYOUTS) >= 20


def drawn(layout: Layout, folder: Path) -> Path:
    """The layout as a file: a workbook with its merged cells, or text."""
    if layout.text:
        path = folder / "table.csv"
        lines = [layout.separator.join("" if cell is None else str(cell) for cell in row) for row in layout.rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
    path = folder / "table.xlsx"
    book = Workbook()
    sheet = book.active
    for row in layout.rows:
        sheet.append([None if cell == "" else cell for cell in row])
    for cells in layout.merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def read(layout: Layout, folder: Path) -> dict[str, tuple[float, float, float, float]]:
    """What an audit begun by `init` counts: people (at least, at most) and those selected, of each group."""
    begun = audit_of_table(drawn(layout, folder), folder, "en")
    (folder / "audit.yaml").write_text(begun.text, encoding="utf-8")
    spec = load_audit(folder / "audit.yaml")
    tabulation = published_cells(spec, read_counts(spec, folder))
    found: dict[str, tuple[float, float, float, float]] = {}
    for cells in tabulation.joint:
        (name,) = cells.names
        lower = cells.n if cells.lower is None else cells.lower
        upper = cells.n if cells.upper is None else cells.upper
        for code, group in enumerate(cells.level(name).values):
            here = cells.codes[name] == code
            chosen = here & (cells.selected == 1)
            found[group] = (lower[here].sum(), upper[here].sum(), lower[chosen].sum(), upper[chosen].sum())
    return found


def outcome(layout: Layout, folder: Path) -> str:
    """right, asked or wrong."""
    try:
        found = read(layout, folder)
    except InputError:
        return "asked"
    for group, (people, checked) in TRUTH.items():
        low, high, few, many = found.get(group, (0.0, 0.0, 0.0, 0.0))
        if not (low <= people <= high and few <= checked <= many and high - low <= 0.2 * people):
            return "wrong"
    return "right"


@pytest.mark.parametrize("name", LAYOUTS)
def test_right_or_asked_never_wrong(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]()
    assert outcome(layout, tmp_path) == ("right" if layout.known else "asked")
