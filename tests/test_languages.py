"""A language of one sentence: every command speaks it as far as it goes, and English for the rest."""

from __future__ import annotations

import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from auditkit.text import country_name, format_date, format_number, format_percent
from tests.commands import ROOT, auditkit, small_audit

NEW = "nl"
SENTENCE, TRANSLATED = (
    "Read everything, compute nothing: say what is wrong and where, and what was understood.",
    "Lezen",
)
HOME = ("audits", "datasets", "report_templates")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package that has one language more, of one sentence, with nothing else said of it."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "auditkit", home / "auditkit", ignore=shutil.ignore_patterns("__pycache__"))
    for name in HOME:
        (home / name).symlink_to(ROOT / name)
    folder = home / "auditkit" / "text" / NEW / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "cli.po").write_text(f'msgid "{SENTENCE}"\nmsgstr "{TRANSLATED}"\n', encoding="utf-8")
    return home


def test_every_command_speaks_a_language_of_one_sentence(home: Path, tmp_path: Path) -> None:
    audit = str(small_audit(tmp_path))

    def speak(*arguments: str) -> CompletedProcess[str]:
        done = auditkit(tmp_path, *arguments, "--language", NEW, PYTHONPATH=str(home))
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done

    assert TRANSLATED in speak("check", "--help").stdout
    speak("check", audit)
    speak("run", audit, "--out", "one")
    page = (tmp_path / "one" / f"report.{NEW}.html").read_text(encoding="utf-8")
    assert f'lang="{NEW}"' in page
    assert "Being selected is unfavourable." in page
    assert auditkit(tmp_path, "run", audit, "--out", "two").returncode == 0
    speak("report", "two")  # written by a release that did not know the language
    assert (tmp_path / "two" / f"report.{NEW}.html").is_file()
    speak("compare", "one", "two", "--out", "compared")
    speak("init", "rows.csv", "--out", "drafted.yaml")
    speak("checklist", audit, "--export", "csv", "list.csv")
    speak("checklist", audit, "--export", "md", "list.md")
    speak("letter", audit, "documents")
    speak("measures")
    speak("reproduce", "austria-ams")
    speak("datasets", "list")


def test_the_language_of_the_person_decides(home: Path, tmp_path: Path) -> None:
    done = auditkit(tmp_path, "check", "--help", PYTHONPATH=str(home), LC_ALL="nl_NL.UTF-8")
    assert TRANSLATED in done.stdout


@pytest.mark.parametrize("language", ["de", "es", "sv", "xx"])
def test_numbers_days_and_countries_need_no_catalogue(language: str) -> None:
    expected = {  # the Unicode CLDR; a language that it does not know is written as English
        "de": ("12.345,7", "44,9\u202f%", "Niederlande", "21. November 2026"),
        "es": ("12.345,7", "44,9\u202f%", "Países Bajos", "21 de noviembre de 2026"),
        "sv": ("12\u202f345,7", "44,9\u202f%", "Nederländerna", "21 november 2026"),
        "xx": ("12,345.7", "44.9%", "Netherlands", "21 November 2026"),
    }
    from datetime import date

    assert expected[language] == (
        format_number(12345.678, 1, language),
        format_percent(0.4486, 1, language),
        country_name("NL", language),
        format_date(date(2026, 11, 21), language),
    )


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [
        (1234567.0, 0, "1,234,567", "1\u202f234\u202f567"),
        (-0.004, 2, "0.00", "0,00"),
        (-1234.5, 1, "\u22121,234.5", "\u22121\u202f234,5"),
        (2.675, 2, "2.67", "2,67"),  # the double nearest to 2.675 lies below it
        (0.0, 0, "0", "0"),
    ],
)
def test_numbers_are_written_as_before(value: float, decimals: int, english: str, french: str) -> None:
    assert format_number(value, decimals, "en") == english
    assert format_number(value, decimals, "fr") == french
