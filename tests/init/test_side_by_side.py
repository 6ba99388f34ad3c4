"""Columns side by side that count the same of different people: the one of all is read, or a question asked; never one
group's counts as everybody's."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from auditkit.errors import InputError
from auditkit.init import audit_of_table
from tests.init.test_official_tables import Layout, read
from tests.init.test_official_tables import drawn as table

AREAS = {"North": ((1200, 120), (800, 40)), "South": ((2000, 200), (1500, 90)), "West": ((900, 90), (700, 30))}
"""People and those controlled, of two groups."""

LANGUAGES = {
    "fr": ("Allocataires", "Contrôlés", [("Femmes", "Hommes"), ("Moins de 30 ans", "30 ans ou plus")], "Ensemble"),
    "en": ("Households", "Controlled", [("Women", "Men"), ("Born here", "Born elsewhere")], "Total"),
    "de": ("Haushalte", "Geprüft", [("Frauen", "Männer"), ("Deutsch", "Nicht deutsch")], "Insgesamt"),
    "nl": ("Huishoudens", "Gecontroleerd", [("Vrouwen", "Mannen"), ("Jong", "Oud")], "Totaal"),
    "es": ("Hogares", "Controlados", [("Mujeres", "Hombres"), ("Rural", "Urbano")], "Total"),
}
CASES = [
    (language, pair, layout, whole, kind)
    for language, (_, _, pairs, _) in LANGUAGES.items()
    for pair, layout, whole, kind in product(pairs, ("under", "above", "one line"), (None, "first", "last"), ("csv",))
] + [("fr", ("Femmes", "Hommes"), layout, whole, "xlsx") for layout in ("under", "above") for whole in (None, "last")]


def drawn(language: str, pair: tuple[str, str], layout: str, whole: str | None) -> list[list[object]]:
    """The truth with the groups' names under what is counted, above it, or in one line of heads."""
    people, controlled, _, total = LANGUAGES[language]
    groups = {None: [*pair], "first": [total, *pair], "last": [*pair, total]}[whole]
    columns = (
        [(group, counted) for group in groups for counted in (people, controlled)]
        if layout == "above"
        else [(group, counted) for counted in (people, controlled) for group in groups]
    )
    tops = [group if layout == "above" else counted for group, counted in columns]
    subs = [counted if layout == "above" else group for group, counted in columns]
    shown: list[object] = [top if i == 0 or tops[i - 1] != top else "" for i, top in enumerate(tops)]
    heads: list[list[object]] = (
        [["Area", *(f"{counted} {group.lower()}" for group, counted in columns)]]
        if layout == "one line"
        else [["", *shown], ["Area", *subs]]
    )
    rows = [
        [area, *(
            (sum(both) if group == total else both[pair.index(group)])
            for group, counted in columns
            for both in [[one[counted == controlled] for one in counts]]
        )]
        for area, counts in AREAS.items()
    ]  # fmt: skip
    return [*heads, *rows]


@pytest.mark.parametrize(("language", "pair", "layout", "whole", "kind"), CASES)
def test_a_part_is_never_read_as_all(
    language: str, pair: tuple[str, str], layout: str, whole: str | None, kind: str, tmp_path: Path
) -> None:
    rows = drawn(language, pair, layout, whole)
    if whole is None:
        with pytest.raises(InputError) as asked:
            audit_of_table(table(Layout(rows, text=kind == "csv", separator=";"), tmp_path), tmp_path, "en")
        assert all(group.lower() in str(asked.value).lower() for group in pair), str(asked.value)
        assert "data: {columns: {selected:" in str(asked.value)
        return
    found = read(Layout(rows, text=kind == "csv", separator=";"), tmp_path)
    for area, counts in AREAS.items():
        people, controlled = (sum(one[i] for one in counts) for i in (0, 1))
        assert found[area] == (people, people, controlled, controlled)
