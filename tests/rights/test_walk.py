"""The checklist asked in the terminal: an interruption at any prompt loses nothing that was answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from auditkit.cli import exit_code
from auditkit.result import RightsResult
from auditkit.rights.answers import read_answers
from auditkit.rights.chosen_items import chosen_items
from auditkit.rights.library import load_library
from auditkit.rights.question_walk import Desk, open_items, walk
from auditkit.rights.rights_record import rights_of
from auditkit.spec.audit_spec import Rights
from tests.rights.samples import documents_only

LIBRARY = load_library()
TYPED = [
    "", "head of service",  # a function is needed
    "yes", "published in May", "https://example.org/a https://example.org/b",
    "perhaps", "no", "nobody thought of it",
    "",  # the third question is skipped
    "sans objet", "", "it decides nothing alone",
    "oui", "", "",
    "u", "",
    "q",
]  # fmt: skip


def rights() -> RightsResult:
    return rights_of(documents_only(), {}, LIBRARY)


def desk(folder: Path, ask: Callable[[str], str], told: list[str] | None = None) -> Desk:
    said = told if told is not None else []
    return Desk(folder / "answers.yaml", folder, LIBRARY, "en", date(2026, 11, 21), ask, said.append)


def typing(lines: list[str], stop_at: int | None = None) -> Callable[[str], str]:
    """What answers each prompt; Ctrl-C at prompt number `stop_at`."""
    left = iter(enumerate(lines))

    def ask(prompt: str) -> str:
        number, line = next(left)
        if number == stop_at:
            raise KeyboardInterrupt
        return line

    return ask


def test_the_answers_are_those_that_were_typed(tmp_path: Path) -> None:
    told: list[str] = []
    assert walk(rights(), desk(tmp_path, typing(TYPED), told), everything=False) == 5
    items = [item.key for item in open_items(rights())]
    found = read_answers(tmp_path / "answers.yaml", LIBRARY)
    assert list(found) == [items[0], items[1], items[3], items[4], items[5]]
    values = [(one.value, one.role, one.because, len(one.documents)) for one in found.values()]
    assert values == [
        ("yes", "head of service", "published in May", 2),
        ("no", "head of service", "nobody thought of it", 0),
        ("not_applicable", "head of service", "it decides nothing alone", 0),
        ("yes", "head of service", None, 0),
        ("unknown", "head of service", None, 0),
    ]
    assert any("expected yes, no" in line for line in told)
    assert all(one.when == date(2026, 11, 21) for one in found.values())


@pytest.mark.parametrize("stop_at", range(len(TYPED)))
def test_an_interruption_at_any_prompt_loses_nothing(tmp_path: Path, stop_at: int) -> None:
    # The prompt before which each value is on disk: at once, but for "not applicable", which waits for its reason.
    saved_from = {3: 1, 7: 2, 12: 3, 13: 4, 16: 5}
    with pytest.raises(KeyboardInterrupt):
        walk(rights(), desk(tmp_path, typing(TYPED, stop_at)))
    found = read_answers(tmp_path / "answers.yaml", LIBRARY)
    assert len(found) == max((count for prompt, count in saved_from.items() if stop_at >= prompt), default=0)
    first = next(iter(found.values()), None)
    if first is not None:
        assert first.because == ("published in May" if stop_at >= 4 else None)
        assert len(first.documents) == (2 if stop_at >= 5 else 0)
    again = rights_of(documents_only(), found, LIBRARY)
    assert [item.key for item in open_items(again)] == [i.key for i in open_items(rights()) if i.key not in found]
    assert len(open_items(again, everything=True)) == len(open_items(rights()))


def test_a_document_that_is_not_there_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "register.pdf").write_bytes(b"%PDF")
    told: list[str] = []
    lines = ["r", "yes", "", "registre.pdf", "register.pdf", "q"]
    walk(rights(), desk(tmp_path, typing(lines), told))
    (found,) = read_answers(tmp_path / "answers.yaml", LIBRARY).values()
    assert [document.file for document in found.documents] == ["register.pdf"]
    assert any("registre.pdf" in line for line in told)


def test_the_last_function_is_offered_again(tmp_path: Path) -> None:
    walk(rights(), desk(tmp_path, typing(["clerk", "no", "", "q"])))
    walk(rights(), desk(tmp_path, typing(["", "", "no", "", "q"])))
    found = read_answers(tmp_path / "answers.yaml", LIBRARY)
    assert [one.role for one in found.values()] == ["clerk", "clerk"]


AUDIT = (
    "title: t\nsystem: {name: s, harm: punitive, country: FR}\ndata: none\nrights: {framework: public-benefits-fr}\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")
    (tmp_path / "audit.yaml").write_text(AUDIT, encoding="utf-8")
    return tmp_path


def test_the_command_walks_stops_and_resumes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("présidente\noui\nun fait\n\n"))
    assert exit_code(["checklist", "audit.yaml", "--language", "fr"]) == 0  # the input ends: as with q
    every = len(chosen_items(load_library(), "public-benefits-fr"))
    printed = capsys.readouterr().out
    assert f"1 sur {every}" in printed
    assert "20 sont posées d’abord" in printed
    assert "auditkit letter audit.yaml explanation" in printed  # as it can be typed
    monkeypatch.setattr("sys.stdin", io.StringIO("\nq\n"))
    assert exit_code(["checklist", "audit.yaml", "--language", "fr"]) == 0
    assert f"1 sur {every - 1}" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("\nq\n"))
    assert exit_code(["checklist", "audit.yaml", "--all"]) == 0
    assert f"1 of {every}" in capsys.readouterr().out


def test_ctrl_c_leaves_with_130_and_says_that_answers_are_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditkit.cli.rights_commands._ask", pressed)
    assert exit_code(["checklist", "audit.yaml"]) == 130
    assert "kept in answers.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["csv", "md", "xlsx"])
def test_out_and_back_in(folder: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "answers.yaml").write_text(
        "# kept\nanswers:\n  PUR-01: {value: yes, role: r, when: 2026-01-02, because: b}\n", encoding="utf-8"
    )
    assert exit_code(["checklist", "audit.yaml", "--export", kind, f"out.{kind}"]) == 0
    (folder / "answers.yaml").write_text("# kept\nanswers: {}\n", encoding="utf-8")
    assert exit_code(["checklist", "audit.yaml", "--import", f"out.{kind}"]) == 0
    text = (folder / "answers.yaml").read_text(encoding="utf-8")
    assert "# kept" in text
    assert "PUR-01" in text
    assert "1 answer taken in" in capsys.readouterr().out


def test_what_is_asked_wrongly_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["checklist", "audit.yaml", "--export", "pdf", "a.pdf"]) == 2
    assert exit_code(["checklist", "audit.yaml", "--export", "csv", "audit.yaml"]) == 2
    assert exit_code(["checklist", "cnaf-dmde", "--import", "a.csv", "--language", "en"]) == 2
    said = capsys.readouterr().err
    assert '"csv"' in said
    assert "left alone" in said
    assert "copy its folder" in said


def test_the_walk_goes_back_explains_and_asks_twenty_first(tmp_path: Path) -> None:
    french = documents_only().spec.model_copy(update={"rights": Rights(framework="public-benefits-fr")})
    at = rights_of(replace(documents_only(), spec=french), {}, LIBRARY)
    core = LIBRARY.frameworks["public-benefits-fr"].core
    assert [item.key for item in open_items(at)][:20] == core
    last = [item.who for item in open_items(at)]
    assert last[last.index("auditor") :] == ["auditor"] * last.count("auditor")
    told: list[str] = []
    lines = ["juriste", "?", "yes", "q1", "", "no", "<", "unknown", "a reason", "q"]
    assert walk(at, desk(tmp_path, typing(lines), told)) == 2
    found = read_answers(tmp_path / "answers.yaml", LIBRARY)
    assert {key: (one.value, one.because) for key, one in found.items()} == {
        core[0]: ("unknown", "a reason"), core[1]: ("no", None),
    }  # fmt: skip
    assert any(line.startswith("Why it is asked:") for line in told)
    assert any("auditkit letter audit.yaml explanation" in line for line in told)
    assert any("Answered just now: yes" in line for line in told)
    told.clear()
    assert walk(at, desk(tmp_path, typing(["", *[""] * 20, "q"]), told)) == 0
    assert sum(" of " in line and " · " in line for line in told) == 20
