"""What an advocacy group does from LISEZMOI.md alone: from nothing to a filled letter and a report, counted."""

from __future__ import annotations

import io
import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from auditkit.cli import exit_code
from auditkit.spec import load_audit

ROOT = Path(__file__).parent.parent.parent
TYPED = (
    "Score de contrôle\nCaisse d’allocations\n1 place Neuve, 33000 Bordeaux\nService des documents\n"
    "qui est contrôlé\nallocataires\ntort\n",
    "Association des usagers\nAnne Martin, présidente\n3 rue Haute, 33000 Bordeaux\nbureau@example.org\n\n",
    "",
)


@pytest.mark.parametrize("page", ["LISEZMOI.md", "README.md", "docs/rights.md", "docs/fr/droits.md"])
def test_from_nothing_in_few_commands_and_questions(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    text = (ROOT / page).read_text(encoding="utf-8")
    commands = re.findall(r"^\$ (auditkit .*)$", text, re.MULTILINE)
    install = re.findall(r"^(?:cd auditkit|make audit)\b", text, re.MULTILINE)
    folder = shlex.split(commands[0])[3]
    Path(folder).mkdir()
    (Path(folder) / "article.txt").write_text("un article", encoding="utf-8")
    asked = 0
    for command, lines in zip(commands, TYPED, strict=True):
        typed = io.StringIO(lines)
        monkeypatch.setattr("sys.stdin", typed)
        english = "--language" not in command and "fr" not in page and page != "LISEZMOI.md"
        assert exit_code(shlex.split(command)[1:] + (["--language", "fr"] if english else [])) == 0, command
        assert typed.read() == "", command  # every line was asked for
        asked += lines.count("\n")
    printed = capsys.readouterr()
    assert len(commands) + len(install) < 10
    assert (len(commands), asked) == (3, 12)
    assert "Reste à compléter" not in printed.out
    letter = Path("documents.fr.txt").read_text(encoding="utf-8")
    assert "[à compléter" not in letter
    assert letter.startswith("Association des usagers\n")
    assert "Caisse d’allocations" in letter
    report = (Path("reports") / folder / "report.fr.html").read_text(encoding="utf-8")
    assert "Association" not in report
    assert "Les droits" in report
    items = json.loads((Path("reports") / folder / "results.json").read_text(encoding="utf-8"))["rights"]["items"]
    due = {item["key"] for item in items if item["is_due"]}
    assert "TRA-01" in due
    assert "GOV-01" not in due  # Article 27 of the AI Act: from 2 December 2027
    assert "Score de contrôle" in report


@pytest.mark.parametrize("options", [["--country", "France"], ["--country", "F1"]])
def test_a_country_has_two_letters(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "article.txt").write_text("un article", encoding="utf-8")
    assert exit_code(["init", "--documents", str(tmp_path), *options, "--language", "en"]) == 2
    assert "two letters" in capsys.readouterr().err


def test_what_nobody_answers_stays_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "article.txt").write_text("un article", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("Score X\n\n"))  # the input ends in the middle
    assert exit_code(["init", "--documents", str(tmp_path), "--country", "nl", "--ask", "--language", "en"]) == 0
    spec = load_audit(tmp_path / "audit.yaml")
    assert spec.as_of == date.today()
    assert (str(spec.system.name), spec.system.operator, spec.system.country) == ("Score X", None, "NL")
    assert spec.rights.framework == "public-benefits-eu"
