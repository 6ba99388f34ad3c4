"""What `auditkit new` writes works as it stands: its test passes in a copy of the checkout, nothing else is told."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auditkit.errors import InputError, TargetError
from auditkit.skeleton import KINDS, write_skeleton
from tests.commands import ROOT, environment


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a contributor has."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("auditkit", "report_templates", "tests", "audits", "datasets"):
        ignored = shutil.ignore_patterns("__pycache__", "*.parquet", "*.gz")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(PYTHONPATH=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("kind", ["measure", "panel", "format"])
def test_its_own_test_passes(kind: str, checkout: Path) -> None:
    written = write_skeleton(kind, "tried_out", checkout)
    (test,) = [path for path in written if path.name.startswith("test_")]
    done = python(checkout, "-m", "pytest", "-q", "-p", "no:randomly", str(test))
    assert done.returncode == 0, done.stdout + done.stderr
    checked = python(checkout, "-m", "ruff", "check", *(str(path) for path in written if path.suffix == ".py"))
    assert checked.returncode == 0, checked.stdout


def test_a_language_of_one_sentence_is_known(checkout: Path) -> None:
    (path,) = write_skeleton("language", "nl", checkout)
    path.write_text(path.read_text().replace('msgstr "people"', 'msgstr "mensen"'))
    code = "from auditkit.text import LANGUAGES, translate; print(LANGUAGES, translate('people', 'nl'))"
    assert python(checkout, "-c", code).stdout.strip() == "('en', 'fr', 'nl') mensen"


def test_a_country_is_read(checkout: Path) -> None:
    write_skeleton("country", "belgium", checkout)
    code = "from auditkit.rights import load_library; print('belgium-law' in load_library().instruments)"
    done = python(checkout, "-c", code)
    assert done.stdout.strip() == "True", done.stderr


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["", "Name", "two words", "../up", "a/b", "1st", "é", "a.py"])
def test_a_name_that_cannot_be_is_refused(kind: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        write_skeleton(kind, name, tmp_path)


def test_outside_a_checkout_and_over_a_file(tmp_path: Path, checkout: Path) -> None:
    with pytest.raises(InputError, match="no checkout"):
        write_skeleton("measure", "one", tmp_path)
    with pytest.raises(InputError, match="no kind"):
        write_skeleton("model", "one", checkout)
    write_skeleton("measure", "twice", checkout)
    with pytest.raises(TargetError, match="nothing was written"):
        write_skeleton("measure", "twice", checkout)
