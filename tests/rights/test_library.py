"""Files that are wrong: half translated, naming what is not there, or twice the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import auditkit.rights.library
from auditkit.errors import SpecError
from auditkit.rights.library import load_library

DATA = Path(auditkit.rights.library.__file__).parent / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def refused(folder: Path) -> str:
    with pytest.raises(SpecError) as caught:
        load_library(folder)
    assert caught.value.text("fr") != str(caught.value)
    return str(caught.value)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_item_may_be_without_its_french(data: Path) -> None:
    change(
        data / "items" / "purpose.yaml",
        "      fr: Information ; limitation des finalités\n".replace(" ;", "\u202f;"),
        "",
    )
    item = load_library(data).items["PUR-01"]
    assert item.right.text("fr") == item.right.text("en")


def test_an_item_without_its_english_is_refused_with_its_line(data: Path) -> None:
    change(
        data / "items" / "purpose.yaml",
        "      en: Is the purpose of the system stated precisely, in public, and in words a claimant understands?\n",
        "",
    )
    sentence = refused(data)
    assert "purpose.yaml" in sentence
    assert "line 6" in sentence
    assert "expected a text in en" in sentence


def test_a_basis_that_no_law_holds_is_refused_with_the_nearest(data: Path) -> None:
    change(data / "items" / "equality.yaml", "- loi-2008-496-art-1\n", "- loi-2008-496-art1\n")
    sentence = refused(data)
    assert "loi-2008-496-art1" in sentence
    assert '"loi-2008-496-art-1"' in sentence


def test_an_instrument_that_is_not_there_is_refused(data: Path) -> None:
    change(data / "laws" / "canada.yaml", "    instrument: ca-directive\n", "    instrument: ca-directves\n")
    assert '"ca-directive"' in refused(data)


def test_the_same_item_twice_is_refused(data: Path) -> None:
    shutil.copy(data / "items" / "access.yaml", data / "items" / "again.yaml")
    assert "ACC-01" in refused(data)


def test_an_unknown_key_and_a_wrong_confidence_are_refused(data: Path) -> None:
    change(data / "laws" / "france.yaml", "confidence: V2", "confidence: sure")
    assert "france.yaml" in refused(data)


def test_a_framework_that_names_no_item_is_refused(data: Path) -> None:
    change(data / "frameworks" / "nyc-ll144.yaml", "- PUR-01\n", "- PUR-99\n")
    assert "PUR-99" in refused(data)


def test_a_country_is_added_by_files_alone(data: Path) -> None:
    (data / "laws" / "freedonia.yaml").write_text(
        "instruments:\n"
        "  xx-act: {name: {en: Act, fr: Loi}, short: {en: Act, fr: Loi}, jurisdiction: FD, binding: true,\n"
        "    applies_to: {en: all, fr: tous}, url: 'https://gazette.example'}\n"
        "provisions:\n"
        "  xx-act-1:\n"
        "    instrument: xx-act\n"
        "    citation: {en: 'Act, 1', fr: 'Loi, 1'}\n"
        "    demands: {en: Something., fr: Quelque chose.}\n"
        "    in_force: 2020-01-01\n"
        "    reviewed: 2026-11-21\n"
        "    source: gazette\n"
        "    confidence: V1\n",
        encoding="utf-8",
    )
    assert not load_library(data).provisions["xx-act-1"].to_be_checked
