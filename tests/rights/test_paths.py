"""Paths: days by hand and by another implementation, where one stands, an advocacy group's way in French counted."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.cli import exit_code
from auditkit.errors import InputError
from auditkit.rights.letters.letter_kinds import letter_kinds
from auditkit.rights.letters.paths import (
    add_months,
    calendar_file,
    events_of,
    next_step,
    path_named,
    paths,
    timeline,
)
from auditkit.rights.library import load_library
from auditkit.rights.rights_words import is_blank, read_day
from auditkit.spec import AuditSpec

LIBRARY = load_library()

# Received; implied refusal; last day for CADA; registered; confirmed refusal; last day for the court, from overseas.
# By hand: R.*311-12 (one month), R.343-1 (two), R.343-5 (two from registration), CJA R.421-1 (two), R.421-7 (one more).
BY_HAND = [
    ("2026-12-03", "2027-01-03", "2027-03-03", "2027-01-15", "2027-03-15", "2027-05-15", "2027-06-15"),
    ("2026-12-31", "2027-01-31", "2027-03-31", "2027-02-28", "2027-04-28", "2027-06-28", "2027-07-28"),
    ("2028-01-31", "2028-02-29", "2028-04-29", "2028-02-29", "2028-04-29", "2028-06-29", "2028-07-29"),
    ("2027-01-31", "2027-02-28", "2027-04-28", "2027-12-31", "2028-02-29", "2028-04-29", "2028-05-29"),
    ("2028-01-29", "2028-02-29", "2028-04-29", "2028-06-30", "2028-08-30", "2028-10-30", "2028-11-30"),
    ("2027-10-31", "2027-11-30", "2028-01-30", "2027-12-30", "2028-02-29", "2028-04-29", "2028-05-29"),
]
DAYS = [date(2026, 11, 30) + timedelta(days=41 * step) for step in range(20)] + [date(2028, 2, 29), date(2027, 8, 31)]


def audit(**letters: dict[str, str]) -> AuditSpec:
    return AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": "punitive", "country": "FR"}, "data": "none", "letters": letters}
    )


def days(aim: str, farther: int = 0, **letters: dict[str, str]) -> dict[str, date | None]:
    return {one.step.key: one.day for one in timeline(path_named(aim), events_of(audit(**letters)), farther)}


@pytest.mark.parametrize("row", BY_HAND)
def test_the_french_path_to_documents_by_hand(row: tuple[str, ...]) -> None:
    received, refusal, cada, registered, confirmed, court, overseas = row
    letters = {"documents": {"received": received}, "cada": {"received": registered, "registered": registered}}
    found = days("documents", **letters)
    expected = {"refusal": refusal, "cada": cada, "confirmed": confirmed, "tribunal": court}
    assert {key: str(found[key]) for key in expected} == expected
    assert str(days("documents", 1, **letters)["tribunal"]) == overseas


@pytest.mark.parametrize("received", DAYS)
@pytest.mark.parametrize("farther", [0, 1, 2])
def test_the_french_path_by_another_implementation(received: date, farther: int) -> None:
    registered = received + timedelta(days=50)
    letters = {
        "documents": {"received": str(received)},
        "cada": {"sent": str(registered), "registered": str(registered)},
    }
    found = days("documents", farther, **letters)
    refusal = received + relativedelta(months=1)
    confirmed = registered + relativedelta(months=2)
    assert found["refusal"] == refusal
    assert found["cada"] == refusal + relativedelta(months=2)
    assert found["opinion"] == registered + relativedelta(months=1)
    assert found["confirmed"] == confirmed
    assert found["tribunal"] == confirmed + relativedelta(months=2) + relativedelta(months=farther)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
@settings(max_examples=300)
def test_months_as_another_implementation_counts_them(day: date, months: int) -> None:
    assert add_months(day, months) == day + relativedelta(months=months)


def test_a_written_refusal_takes_the_place_of_silence() -> None:
    found = days("documents", documents={"received": "2026-12-03", "refused": "2026-12-10"})
    assert found["refusal"] == date(2026, 12, 10)
    assert found["cada"] == date(2027, 2, 10)


def test_what_has_not_happened_has_no_day() -> None:
    assert set(days("documents").values()) == {None}
    sent = days("documents", documents={"sent": "2026-12-01"})
    assert sent["cada"] == date(2027, 3, 1)  # provisional, from the sending
    assert sent["tribunal"] is None


def test_where_one_stands() -> None:
    path, today = path_named("documents"), date(2027, 1, 5)
    for letters, kind, ready in (
        ({}, "documents", True),
        ({"documents": {"received": "2026-12-03"}}, "cada", True),
        ({"documents": {"received": "2026-12-20"}}, "cada", False),
        ({"documents": {"received": "2026-11-01"}, "cada": {"registered": "2026-12-01"}}, "tribunal", False),
        ({"documents": {"received": "2026-08-01"}, "cada": {"registered": "2026-10-01"}}, "tribunal", True),
    ):
        spec = audit(**letters)  # type: ignore[arg-type]
        timed, now = next_step(timeline(path, events_of(spec)), spec, today)
        assert timed is not None
        assert (timed.step.letter, now) == (kind, ready), letters


@pytest.mark.parametrize("aim", paths())
def test_a_path_names_letters_law_and_events_that_exist(aim: str) -> None:
    path, kinds = path_named(aim), letter_kinds()
    assert path.key == aim
    known = {step.key for step in path.steps}
    for step in path.steps:
        assert step.letter is None or step.letter in kinds
        assert step.what.text("fr") != step.what.text("en")
        for name in (step.after, step.known):
            kind, _, event = (name or "").partition(".")
            assert name is None or name in known or (event and (kind in kinds or kind in ("decision", "request")))
        for key in step.basis:
            assert not LIBRARY.provisions[key].to_be_checked, key
        assert step.months is None or step.after is not None
    with pytest.raises(InputError, match="documents"):
        path_named("document")


def test_the_calendar_is_one_that_calendars_read() -> None:
    letters = {"documents": {"received": "2026-12-03"}}
    text = calendar_file(
        path_named("documents"), timeline(path_named("documents"), events_of(audit(**letters))), "fr"
    ).decode()
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20270303" in lines
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2
    assert text.count("TRIGGER:-P7D") == 1
    assert all(len(line.encode()) <= 75 for line in lines)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-15", "2026-01-15"), ("15/01/2026", "2026-01-15"), ("15.1.26", "2026-01-15"),
        ("1er mars 2026", "2026-03-01"),
        ("15 août 2026", "2026-08-15"), ("3rd May 2026", "2026-05-03"),
        ("31/02/2026", None), ("hier", None), ("12/2026", None),
    ],
)  # fmt: skip
def test_a_day_as_people_write_it(text: str, day: str | None) -> None:
    found = read_day(text)
    assert (None if found is None else str(found)) == day


@pytest.mark.parametrize(
    "text", ["?", "", "jsp", "je ne sais pas", "Je sais pas", "I don't know", "n’en sais rien", "inconnu", "…"]
)
def test_i_do_not_know_is_a_blank(text: str) -> None:
    assert is_blank(text)
    for name in ("CAF de Gironde", "Inconnue SA 3", "Savoir", "2026"):
        assert not is_blank(name)


def test_an_advocacy_group_from_two_articles_to_the_court(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    (tmp_path / "dossier").mkdir()
    for name in ("le-monde.txt", "mediapart.txt"):
        (tmp_path / "dossier" / name).write_text("un article", encoding="utf-8")
    path = ["path", "dossier/audit.yaml", "documents", "--language", "fr"]
    steps = [
        (["init", "--documents", "dossier", "--country", "FR", "--ask", "--language", "fr"],
         "Score de contrôle\nCaisse d’allocations familiales de la Gironde\n1 place Neuve, 33000 Bordeaux\n"
         "Service des documents\nqui est contrôlé\nallocataires\ntort\n"),
        (path, "Association des usagers\nAnne Martin, présidente\n3 rue Haute, 33000 Bordeaux\nbureau@example.org\n\n"),
        ([*path, "--today", "2027-01-05"], "1/12/2026\n3/12/2026\n\n\n\n"),
        ([*path, "--today", "2027-03-20"], "6/1/2027\n8/1/2027\n11/1/2027\n\n"),
    ]  # fmt: skip
    for command, lines in steps:
        typed = io.StringIO(lines)
        monkeypatch.setattr("sys.stdin", typed)
        assert exit_code(command) == 0, capsys.readouterr().err
        assert typed.read() == "", command
    assert len(steps) < 6
    assert sum(lines.count("\n") for _, lines in steps) < 25
    for kind in ("documents", "cada", "tribunal"):
        assert "[à compléter" not in Path(f"{kind}.fr.txt").read_text(encoding="utf-8"), kind
    cada = Path("cada.fr.txt").read_text(encoding="utf-8")
    assert cada.startswith("Association des usagers\nAnne Martin, présidente\n")
    assert "envoyée le 1er décembre 2026 et reçue le 3 décembre 2026" in cada
    assert "À envoyer au plus tard le 3 mars 2027" in Path("cada.fr.cover.txt").read_text(encoding="utf-8")
    court = Path("tribunal.fr.txt").read_text(encoding="utf-8")
    assert "le tribunal peut être saisi jusqu’au 11 mai 2027" in court
    assert re.search(r"received: 2026-12-03", Path("dossier/audit.yaml").read_text(encoding="utf-8"))
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert exit_code([*path, "--today", "2027-03-20", "--overseas"]) == 0
    assert "au plus tard le 11 juin 2027" in capsys.readouterr().out


def test_aims_are_listed_and_wrong_ones_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["path", "cnaf-dmde", "--language", "fr"]) == 0
    printed = capsys.readouterr().out
    assert all(path.one_line.text("fr") in printed for path in paths().values())
    assert exit_code(["path", "cnaf-dmde", "document", "--language", "fr"]) == 2
    assert exit_code(["path", "compas", "documents", "--language", "en"]) == 2
    assert exit_code(["path", "cnaf-dmde", "contest", "--blank", "--benefit", "rent", "--language", "en"]) == 2
    assert exit_code(["path", "cnaf-dmde", "documents", "--date", "documents=2026", "--language", "en"]) == 2
    assert "KIND.EVENT=DAY" in capsys.readouterr().err
