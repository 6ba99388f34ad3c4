"""Six French spreadsheets as people make them: read on the page with few answers, and counted right."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest

from auditkit.intake.count_tables import read_counts
from auditkit.spec import load_audit
from tests.page.person import TABLE, Person, person, upload

FIXTURES = Path(__file__).parent.parent / "fixtures"
REST = 7 + 1 + 1 + 1
"""Answers after the doubts: the system, the press passed over, the letters passed over, the folder saved."""


def workbook(sheets: dict[str, list[list[Any]]], merged: tuple[str, ...] = ()) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


YEARS = [
    ["Contrôles par sexe", None, None, None, None], [None] * 5, [None, "2022", None, "2023", None],
    ["Sexe", "Allocataires", "Contrôlés", "Allocataires", "Contrôlés"],
    ["Femmes", 41_000, 820, 42_000, 1_050], ["Hommes", 30_000, 450, 31_000, 465],
    ["Ensemble", 71_000, 1_270, 73_000, 1_515],
    ["Source : réponse de la caisse", None, None, None, None],
]  # fmt: skip
SHEETS = {
    "Lisez-moi": [["Données communiquées le 12 octobre"], ["Champ : foyers allocataires"]],
    "Âge": [
        ["Tranche d’âge", "Effectif total", "Contrôlés"],
        ["Moins de 30 ans", 12_000, 240],
        ["30 ans et plus", 50_000, 600],
    ],
}
SHARES = (
    "Situation;Nombre d'allocataires;Part de contrôlés\nSeul avec enfant;12 780;5,4 %\nCouple;45 300;1,5 %\n"
    "Total;58 080;2,4 %\n"
)
TOTALS = (
    "Situation familiale;Allocataires;Contrôlés;Indus\nFemme seule;18 500;1 002;271\nHomme seul;3 100;130;s\n"
    "Couple;27 900;418;122\nTotal;49 500;1 550;396\n"
)

CASES: dict[str, tuple[str, bytes, dict[str, tuple[float, float]]]] = {
    "quarters": (
        "trimestres.csv", TABLE.encode(), {"Couple": (418, 27_900), "Femme seule avec enfant(s)": (1_002, 18_500)},
    ),
    "hidden": ("totaux.csv", TOTALS.encode("cp1252"), {"Femme seule": (1_002, 18_500), "Homme seul": (130, 3_100)}),
    "years": (
        "annees.xlsx", workbook({"Sexe": YEARS}, ("B3:C3", "D3:E3")),
        {"Femmes": (1_050, 42_000), "Hommes": (465, 31_000)},
    ),
    "sheets": ("feuilles.xlsx", workbook(SHEETS), {"Moins de 30 ans": (240, 12_000), "30 ans et plus": (600, 50_000)}),
    "shares": ("parts.csv", SHARES.encode(), {"Couple": (679.5, 45_300)}),
    "fixture": ("controles.xlsx", (FIXTURES / "controles.xlsx").read_bytes(), {}),
}  # fmt: skip
"""The file as it comes, and by hand: those controlled and all people of a group. 1.5 % of 45,300 is 679.5 or so."""


def clicked_through(somebody: Person) -> int:
    """The table taken as it is, the first answer of every doubt; how many answers that was."""
    fields = {name: _chosen(somebody.page, name) for name in re.findall(r'<select id="(column\d+)"', somebody.page)}
    if (year := re.search(r'name="year"[^>]*value="(\d+)" checked', somebody.page)) is not None:
        fields["year"] = year[1]
    somebody.send("/tableau", **fields)
    answers = 2
    while 'name="doubt"' in somebody.page:
        key = somebody.page.partition('name="doubt" value="')[2].partition('"')[0]
        choice = re.findall(r'name="choice" id="[^"]*" value="([^"]+)"', somebody.page)[0]
        somebody.send("/doutes", doubt=key, choice=choice)
        answers += 1
        assert answers < 15
    return answers


def _chosen(page: str, name: str) -> str:
    part = page.partition(f'<select id="{name}"')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)" selected', part)[0]


@pytest.mark.parametrize("case", CASES)
def test_a_messy_spreadsheet_is_read_right_with_few_answers(case: str) -> None:
    name, content, truth = CASES[case]
    with person() as somebody:
        upload(somebody, name, content)
        assert somebody.url == "/tableau", somebody.texts("p")
        assert clicked_through(somebody) + REST <= 25
        assert somebody.url in ("/doutes", "/systeme"), somebody.texts("p")
        path = somebody.desk.session.audit
        counted = read_counts(load_audit(path), path.parent)
    found: dict[str, tuple[float, float]] = {}
    for table in counted.tables:
        for row in table.rows:
            chosen = sum(
                row.counts[k].printed for k in ("selected", "true_positive", "false_positive") if k in row.counts
            )
            people = row.total.printed if row.total is not None else sum(one.printed for one in row.counts.values())
            for group in row.groups.values():
                known = found.get(group, (0.0, 0.0))
                found[group] = (known[0] + chosen, people if "trimestres" in name else known[1] + people)
    assert found
    for group, (chosen, people) in truth.items():
        assert found[group][1] == people, group
        assert abs(found[group][0] - chosen) <= 0.5, group


def test_an_answer_that_the_table_contradicts_is_taken_back_and_said() -> None:
    """The printed total leaves 396 + 5 - 393 = 8 for one hidden number: 0 to 4 is impossible."""
    with person() as somebody:
        upload(somebody, "totaux.csv", TOTALS.replace("396", "401").encode())
        fields = {name: _chosen(somebody.page, name) for name in re.findall(r'<select id="(column\d+)"', somebody.page)}
        somebody.send("/tableau", **fields)
        before = somebody.desk.session.text()
        answer = somebody.send("/doutes", doubt="hidden:s", choice="to4")
        assert answer.status_code == 400
        assert "8" in somebody.texts("li")[0]
        assert somebody.desk.session.text() == before
        somebody.send("/doutes", doubt="hidden:s", choice="other", low="5", high="9")
        assert somebody.url == "/doutes"
        assert 'value="observed"' in somebody.page
