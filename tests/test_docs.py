"""What the pages say to type works, every command and option is described, and made pages are fresh."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from auditkit.cli import exit_code
from auditkit.spec import AuditSpec
from auditkit.spec.audit_spec import System
from auditkit.write.results_csv import ESTIMATE_COLUMNS, GAP_COLUMNS
from tests.test_cli import commands

ROOT = Path(__file__).parent.parent
GUIDES = ("docs/guide.md", "docs/fr/guide.md")
PAGES = ("README.md", "LISEZMOI.md", *GUIDES)
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    specification = importlib.util.spec_from_file_location("make_pages", ROOT / "docs" / "make_pages.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_made_pages_are_fresh(maker: ModuleType) -> None:
    for path, text in maker.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: type make docs"


def test_what_is_typed_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of the pages, in one folder; what one page typed is not typed again in another language."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C.UTF-8")
    guide = dict(found[1:] for found in BLOCK.findall(text_of("docs/guide.md")) if found[1])
    Path("answer.csv").write_text(guide["answer.csv"], encoding="utf-8")
    rows = [f"{'FM'[i % 2]},{(i * 37 % 100) / 100},{'yes' if i % 5 == 0 else 'no'}" for i in range(400)]
    Path("cases.csv").write_text("\n".join(["sex,score,fraud", *rows]) + "\n")
    worked: set[str] = set()
    for page in PAGES:
        for letter in Path().glob("documents.*"):  # no letter is written over
            letter.unlink()
        typed = 0
        for kind, name, content in BLOCK.findall(text_of(page)):
            if name:
                Path(name).write_text(content, encoding="utf-8")
            for line in content.split("\n") if kind == "sh" else ():
                if line.startswith("auditkit "):
                    typed += 1
                    long_one = re.sub(r" --(language|out) \S+", "", line)
                    if re.search(r" (run|reproduce) (compas|amsterdam\S*)", line) and long_one in worked:
                        continue
                    arguments = [*shlex.split(line)[1:], *(["--force"] if " init " in line else [])]
                    assert exit_code(arguments) in ((0, 1) if " reproduce " in line else (0,)), line
                    worked.add(long_one)
        assert typed >= 8


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_and_option_is_in_the_guide(page: str) -> None:
    text = text_of(page)
    for name, one in commands().items():
        assert f"auditkit {name}" in text, name
        for parameter in one.params:  # type: ignore[attr-defined]
            if parameter.param_type_name == "option" and parameter.opts[0] != "--audit":
                assert parameter.opts[0] in text, parameter.opts


@pytest.mark.parametrize("page", ["README.md", "LISEZMOI.md"])
def test_the_readmes_open_with_two_commands(page: str) -> None:
    kind, _, content = BLOCK.findall(text_of(page))[0]
    assert kind == "sh"
    assert [line.split("#")[0].strip() for line in content.strip().split("\n")] == ["cd auditkit", "make audit"]
    assert re.search(r"^audit:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_links_lead_somewhere() -> None:
    for page in (*PAGES, "CONTRIBUTING.md", "docs/file-formats.md", "docs/measures.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", text_of(page)):
            assert target.startswith("https://") or (ROOT / page).parent.joinpath(target).is_file(), (page, target)


def test_the_files_are_described_as_they_are() -> None:
    text = " ".join(text_of("docs/file-formats.md").split())
    assert ", ".join(ESTIMATE_COLUMNS) in text
    assert ", ".join(GAP_COLUMNS) in text
    for key in AuditSpec.model_fields:
        assert f"`{key}`" in text or key in ("score_bins", "model", "rights", "name"), key
    for key in System.model_fields:
        assert f"`{key}`" in text, key


def test_the_version_stands_once() -> None:
    from auditkit import __version__

    assert f"version: {__version__}\n" in text_of("CITATION.cff")
    assert f"## {__version__}" in text_of("CHANGELOG.md")
    assert f"auditkit-{__version__}-" in text_of("README.md")
