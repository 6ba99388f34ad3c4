"""What the pages tell of reproductions holds, what the classroom types works, and --all passes over no audit."""

from __future__ import annotations

import csv
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest

from auditkit.cli import exit_code
from auditkit.cli import reproduce_commands as reproducing
from auditkit.result import AuditResult
from auditkit.spec.file_lines import shipped, shipped_names

ROOT = Path(__file__).parent.parent.parent
CLASSROOM = ("docs/classroom.md", "docs/fr/classroom.md")
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _published() -> dict[str, Counter[str]]:
    """How many figures each shipped audit has, by basis."""
    found = {}
    for name in shipped_names("audits"):
        path = shipped("audits") / name / "published.csv"
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                found[name] = Counter(row["basis"] for row in csv.DictReader(file))
    return found


def _page() -> dict[tuple[str, str], list[int]]:
    """The table of docs/reproductions.md: figures, then by status."""
    text = (ROOT / "docs/reproductions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w*-]+) \| ([\w ]+) \| (.*) \|$", text, re.MULTILINE)
    return {
        (name, basis): [int(cell.replace(",", "").strip() or 0) for cell in cells.split("|")]
        for name, basis, cells in rows
        if name != "audit"
    }


def test_the_page_counts_the_figures_that_ship() -> None:
    page = _page()
    words = {"rows": "from rows", "counts": "from counts", "internal": "internal"}
    wanted = {(name, words[basis]): n for name, counts in _published().items() for basis, n in counts.items()}
    assert {key: cells[0] for key, cells in page.items() if key[0] != "**all**"} == wanted
    for cells in page.values():
        assert cells[0] == sum(cells[1:])
        assert cells[5] == 0  # nothing on the page was passed over


LINKED = (*CLASSROOM, "docs/reproductions.md", *(f"audits/{name}/README.md" for name in _published()))


@pytest.mark.parametrize("page", LINKED)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / page).parent.joinpath(target).is_file(), target


def test_no_audit_holds_a_program() -> None:
    assert not list((ROOT / "audits").rglob("*.py"))


def test_the_page_shows_the_figures_that_differ() -> None:
    text = (ROOT / "docs/reproductions.md").read_text()
    differing = sum(cells[4] for (name, _), cells in _page().items() if name != "**all**")
    assert text.count("\n- ") == differing


@pytest.fixture
def classroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of the classroom page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    for _, name, content in BLOCK.findall((ROOT / CLASSROOM[0]).read_text(encoding="utf-8")):
        if name:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def _typed(page: str) -> list[list[str]]:
    blocks = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    lines = [line for kind, _, content in blocks if kind == "sh" for line in content.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("auditkit ")]


def test_both_pages_have_the_same_files_and_commands() -> None:
    english, french = ((ROOT / page).read_text(encoding="utf-8") for page in CLASSROOM)
    files = [[block for block in BLOCK.findall(text) if block[1]] for text in (english, french)]
    assert files[0] == files[1]
    plain = [[word for word in one if word not in ("--language", "fr")] for one in _typed(CLASSROOM[1])]
    assert plain == _typed(CLASSROOM[0])


def test_what_the_classroom_types_works(classroom: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in _typed(CLASSROOM[0]):
        if "compas" not in arguments:  # which other tests run
            assert exit_code(arguments) == 0, arguments
    assert "the same: 6" in capsys.readouterr().out
    with (classroom / "reports/high/gaps.csv").open(newline="", encoding="utf-8") as file:
        gaps = [row for row in csv.DictReader(file) if row["side"] == "event" and row["kind"] == "ratio"]
    told = {(row["measure"], row["group"], row["analysis"]): (row["verdict"], row["value"][:4]) for row in gaps}
    # the verdict that moves, and the one that does not
    assert told["false_positive_rate", "Other", "main"] == ("present", "0.62")
    assert told["false_positive_rate", "Other", "high_only"] == ("inconclusive", "0.45")
    for analysis in ("main", "high_only"):
        assert told["false_positive_rate", "African-American", analysis][0] == "established"


def test_a_changed_digit_is_seen(classroom: Path) -> None:
    path = classroom / "berkeley" / "published.csv"
    path.write_text(path.read_text().replace("30.4", "30.5"))
    assert exit_code(["reproduce", "berkeley"]) == 1


def test_all_takes_every_audit_and_passes_over_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(reproducing._all_audits()) == set(_published())
    monkeypatch.setattr(reproducing, "_all_audits", lambda: ["austria-ams", "compas-violent", "rotterdam-welfare"])
    monkeypatch.delenv("AUDITKIT_DATASETS_MIRROR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert exit_code(["reproduce", "--all", "--language", "en"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("austria-ams: 2 figures checked against each other only")
    assert said[1].startswith("compas-violent: 58 figures recomputed from rows (not recomputable here: 58)")
    assert "auditkit datasets fetch compas" in said[2]
    assert said[3] == ("rotterdam-welfare: 259 figures checked against each other only (the same: 252; different: 7).")
    assert said[4:] == [
        "3 audits:",
        "  58 figures recomputed from rows (not recomputable here: 58).",
        "  261 figures checked against each other only (the same: 254; different: 7).",
    ]


def test_an_audit_of_published_tables_runs_without_data() -> None:
    from auditkit.run import run_audit
    from auditkit.spec import load_audit

    path = shipped("audits") / "austria-ams" / "audit.yaml"
    result = run_audit(load_audit(path), path.parent)
    assert isinstance(result, AuditResult)
    assert result.analyses == ()
