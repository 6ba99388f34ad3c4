"""Six French spreadsheets as people make them: read on the page with few answers, and counted right."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.page.person import TABLE, Person, describe_system, person, save, upload

FIXTURES = Path(__file__).parent.parent / "fixtures"


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

QUARTERS_MERGED = [["Situation", "Trimestre", "Allocataires", "Contrôlés"]] + [
    [name if quarter == 1 else None, f"T{quarter}", people, chosen + quarter]
    for name, people, chosen in (("Seul avec enfant", 18_500, 240), ("Autres", 84_820, 200))
    for quarter in range(1, 5)
]
YEARS_DOWN = "Année;Sexe;Allocataires;Contrôlés\n2022;Femmes;4000;90\n2022;Hommes;3000;50\n" \
             "2023;Femmes;4100;100\n2023;Hommes;3100;60\n"  # fmt: skip
LONG = "Année;Nationalité;Sexe;Suite;Effectif\n" + "".join(
    f"{year};{nation};{sex};{end};{people}\n"
    for year in (2021, 2022) for nation in ("FR", "UE", "Hors UE")
    for sex, chosen in (("Femmes", 60), ("Hommes", 30))
    for end, people in (("Contrôlé", chosen + year - 2021), ("Non contrôlé", 940))
)  # fmt: skip
OTHER_WORDS = "Situation;Dossiers vus;Courriers partis\nSeul;2 000;300\nCouple;5 000;300\n"

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
    "shares": ("parts.csv", SHARES.encode(), {"Couple": (679.5, 45_300), "Seul avec enfant": (690.12, 12_780)}),
    "fixture": (
        "controles.xlsx", (FIXTURES / "controles.xlsx").read_bytes(),
        {"18 à 24 ans": (36, 1_234), "25 à 39 ans": (410, 12_345), "Femmes": (448, 13_000)},
    ),
    "merged": (
        "fusion.xlsx", workbook({"Données": QUARTERS_MERGED}, ("A2:A5", "A6:A9")),
        {"Seul avec enfant": (970, 18_500), "Autres": (810, 84_820)},
    ),
    "years down": ("annees.csv", YEARS_DOWN.encode(), {"Femmes": (100, 4_100), "Hommes": (60, 3_100)}),
    "long": ("long.csv", LONG.encode("utf-16"), {"Femmes": (183, 3_003), "Hommes": (93, 2_913), "UE": (92, 1_972)}),
    "other words": ("mots.csv", OTHER_WORDS.encode(), {"Seul": (300, 2_000), "Couple": (300, 5_000)}),
}  # fmt: skip
"""The file as it comes, and by hand: those controlled and all people of a group. 1.5 % of 45,300 is 679.5 or so.

Of "long", the newest year: 3 x (60 + 1) of 3 x (61 + 940) women.
"""

CORRECTED = {"long": {"value3": "Contrôlé"}, "other words": {"column1": "total", "column2": "selected"}}
"""What the person says of the columns where nothing else can."""


def clicked_through(somebody: Person, **corrected: str) -> int:
    """The table taken as it is but what is corrected, the first answer of every doubt; how many answers that was."""
    fields = {name: _chosen(somebody.page, name) for name in re.findall(r'<select id="(column\d+)"', somebody.page)}
    if (year := re.search(r'name="year"[^>]*value="(\d+)" checked', somebody.page)) is not None:
        fields["year"] = year[1]
    somebody.send("/tableau", **fields | corrected)
    answers = 2 + len(corrected)
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
def test_a_messy_spreadsheet_becomes_a_right_report_with_few_answers(case: str, tmp_path: Path) -> None:
    name, content, truth = CASES[case]
    with person() as somebody:
        upload(somebody, name, content)
        assert somebody.url == "/tableau", somebody.texts("p")
        answers = clicked_through(somebody, **CORRECTED.get(case, {}))
        assert somebody.url in ("/doutes", "/systeme"), somebody.texts("p")
        answers += describe_system(somebody) + 2  # and the press and the letters passed over
        folder = save(somebody, tmp_path)
        assert (folder / "report.fr.html").is_file(), somebody.texts("p")
        assert answers + 1 <= 25
    with (folder / "estimates.csv").open(encoding="utf-8") as file:
        rates = {row["group"]: row for row in csv.DictReader(file) if row["measure"] == "selection_rate"}
    for group, (chosen, people) in truth.items():
        found = rates[group]
        if found["numerator"]:
            assert (float(found["numerator"]), float(found["denominator"])) == (chosen, people), group
        else:
            assert float(found["lower"]) <= chosen / people <= float(found["upper"]), group


@pytest.mark.parametrize(("case", "left"), [("sheets", "Lisez-moi"), ("fixture", ""), ("years", "")])
def test_sheets_that_are_not_counted_are_named(case: str, left: str) -> None:
    with person() as somebody:
        upload(somebody, *CASES[case][:2])
        said = [text for text in somebody.texts("p") if text.startswith("Non comptées")]
    assert [text.rpartition(": ")[2] for text in said] == ([left] if left else [])


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
