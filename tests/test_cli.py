"""The command line: help and errors in the reader's language, exit codes, what is loaded, what is written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import auditkit as public
from auditkit.cli import exit_code
from auditkit.cli.app import command
from auditkit.errors import NotHeld
from auditkit.spec.file_lines import shipped_names
from tests.commands import auditkit, environment, small_audit

HEAVY = {"sklearn", "shap", "statsmodels", "fairlearn"}


@pytest.fixture(autouse=True)
def quiet_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


def test_the_public_names_are_these() -> None:
    assert public.__all__ == [
        "Audit", "AuditResult", "AuditSpec", "AuditkitError", "DataError", "InputError", "NotHeld", "SpecError",
        "TargetError", "audit", "find_audit", "load_audit", "pack_model", "read_results", "render_report",
        "results_json", "run_audit",
    ]  # fmt: skip
    assert all(callable(getattr(public, name)) for name in public.__all__)
    assert set(public.__all__) < set(dir(public))
    with pytest.raises(AttributeError):
        public.run_audits  # noqa: B018


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The top packages that a command loads."""
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('LOADED', *{name.split('.')[0] for name in sys.modules}))\n"
        "from auditkit.cli import main\n"
        f"main({list(arguments)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("LOADED ")[-1].split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_looking_around_loads_no_engine(arguments: list[str], tmp_path: Path) -> None:
    assert not loaded(tmp_path, *arguments) & (HEAVY | {"pandas", "scipy", "duckdb", "numpy", "rich", "jinja2"})


def test_the_measures_load_what_they_compute_with_and_no_more(tmp_path: Path) -> None:
    assert not loaded(tmp_path, "measures") & (HEAVY | {"pandas", "duckdb", "rich", "jinja2"})


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["check", "audit.yaml"], set()),
        (["init", "rows.csv", "--out", "new.yaml"], {"rich"}),  # the picture of the columns that it took
        (["run", "audit.yaml"], set()),
    ],
)
def test_without_a_model_nothing_heavy_is_loaded(arguments: list[str], needed: set[str], tmp_path: Path) -> None:
    small_audit(tmp_path)
    assert loaded(tmp_path, *arguments) & (HEAVY | {"pandas", "rich"}) == needed


def commands() -> dict[str, object]:
    """Every command by the words that call it."""
    found: dict[str, object] = {}
    for name, one in command().commands.items():
        inner = getattr(one, "commands", None)
        found |= {f"{name} {sub}": c for sub, c in inner.items()} if inner else {name: one}
    return found


def test_these_commands_are_offered() -> None:
    assert set(commands()) == {
        "run", "check", "checklist", "compare", "init", "letter", "measures", "new", "open", "path", "reproduce",
        "report", "policies", "trend", "verify",
        "datasets list", "datasets fetch", "model pack", "model check",
        "scorecard check", "scorecard compare", "scorecard import",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_has_help_in_both_languages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    pages = {}
    for language in ("en", "fr"):
        assert exit_code([*name.split(), "--help", "--language", language]) == 0
        pages[language] = capsys.readouterr().out
    one = commands()[name]
    for parameter in one.params:  # type: ignore[attr-defined]
        assert parameter.help, parameter.name
        for page in pages.values():
            assert parameter.metavar in page if parameter.metavar else parameter.opts[0] in page
    assert pages["en"].startswith("Usage: auditkit ")
    assert pages["fr"].startswith("Utilisation")
    assert not set(pages["en"].split("\n\n")) & set(pages["fr"].split("\n\n"))


def test_the_locale_chooses_the_language(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert exit_code(["run"]) == 2
    assert "attend" in capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert exit_code(["run"]) == 2
    assert "expects" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["runn"], '"run"'),
        (["datasets", "fetsh"], '"fetch"'),
        (["run"], "expects AUDIT"),
        (["run", "a", "b"], "not understood"),
        (["run", "a", "--out"], "--out"),
        (["run", "a", "--outt", "x"], "--out"),
        (["reproduce"], "--all"),
        (["reproduce", "compas", "--all"], "--all"),
        (["reproduce", "compas", "compas"], "twice"),
        (["init"], "FILE"),
        (["report", "nowhere.json"], "nowhere.json"),
        (["verify", "nowhere"], "manifest.json"),
        (["--language", "de", "measures"], '"de"'),
    ],
)
def test_wrong_arguments_are_told_in_one_sentence(
    arguments: list[str], found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert found in captured.err
    assert captured.out == ""


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_a_fault_of_ours_is_3_and_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Never that the input is wrong; the trace only where it is asked for."""

    def broken(name: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("auditkit.cli.run_command.find_audit", broken)
    assert exit_code(["run", "x"]) == 3
    said = capsys.readouterr().err
    assert said.startswith("This is a fault of auditkit, not of what you gave it (ZeroDivisionError")
    assert said.count("\n") == 1
    assert exit_code(["run", "x", "--debug"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditkit.cli.run_command.find_audit", interrupted)
    assert exit_code(["run", "x"]) == 130
    assert "nothing was written" in capsys.readouterr().err


def test_one_run_and_what_can_be_done_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_audit(tmp_path)
    assert exit_code(["run", "audit.yaml", "--out", "out", "--fail-on", "small"]) == 1
    captured = capsys.readouterr()
    assert "A small audit" in captured.out
    assert "to the disadvantage of a group" in captured.err
    folder = tmp_path / "out"
    assert sorted(path.name for path in folder.iterdir()) == [
        "counts.csv", "estimates.csv", "gaps.csv", "manifest.json", "numbers.csv", "released.yaml", "report.html",
        "results.json", "scores.csv",
    ]  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    assert str(tmp_path) not in json.dumps(manifest)
    assert manifest["data"][0]["name"] == "rows.csv"
    english = (folder / "report.html").read_bytes()

    # the same report again, and one in French, from results.json alone
    (tmp_path / "rows.csv").rename(tmp_path / "elsewhere.csv")
    assert exit_code(["report", "out", "--language", "en", "--quiet"]) == 0
    assert (folder / "report.html").read_bytes() == english
    assert exit_code(["report", "out/results.json", "--language", "fr"]) == 0
    assert '<html lang="fr"' in (folder / "report.fr.html").read_text(encoding="utf-8")
    assert exit_code(["report", "out", "--out", "alone.html"]) == 0
    assert (tmp_path / "alone.html").read_bytes() == english

    # a new run says whether all is as it was
    (tmp_path / "elsewhere.csv").rename(tmp_path / "rows.csv")
    capsys.readouterr()
    assert exit_code(["verify", "out"]) == 0
    assert "byte for byte" in capsys.readouterr().out
    (folder / "gaps.csv").write_text("other")
    assert exit_code(["verify", "out"]) == 1
    assert "gaps.csv: changed" in capsys.readouterr().out
    assert exit_code(["report", "out", "--language", "fr"]) == 2
    assert exit_code(["run", "audit.yaml", "--out", "out", "--json", "--language", "fr"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "auditkit/results/2"
    with (tmp_path / "rows.csv").open("a") as file:
        file.write("M,0.99,1\n")
    assert exit_code(["verify", "out"]) == 1
    assert "a different results.json" in capsys.readouterr().out


def test_there_is_no_choice_of_engine(tmp_path: Path) -> None:
    small_audit(tmp_path)
    assert exit_code(["run", "audit.yaml", "--engine", "pandas"]) == 2
    assert exit_code(["run", "audit.yaml", "--out", "report", "--quiet"]) == 0
    assert json.loads((tmp_path / "report" / "manifest.json").read_bytes())["engine"] == "duckdb"


def test_quiet_is_quiet_and_stderr_is_silent_without_a_terminal(tmp_path: Path) -> None:
    small_audit(tmp_path)
    done = auditkit(tmp_path, "run", "audit.yaml", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_gate_that_holds_is_0() -> None:
    from auditkit.cli.gates import hold
    from tests.test_write import GAP, RESULT

    assert GAP.verdict == "present"
    hold(RESULT, "established")
    for verdict in ("present", "small", "inconclusive"):
        with pytest.raises(NotHeld):
            hold(RESULT, verdict)


def test_measures_lists_every_measure(capsys: pytest.CaptureFixture[str]) -> None:
    from auditkit.measures import MEASURES

    assert exit_code(["measures"]) == 0
    out = capsys.readouterr().out
    for key, row in MEASURES.items():
        assert f"{key}: {row.name}\n" in out
    assert exit_code(["measures", "--language", "fr"]) == 0
    assert "taux de sélection" in capsys.readouterr().out


def test_datasets_lists_the_shipped_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["datasets", "list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in shipped_names("datasets"))
    assert exit_code(["datasets", "fetch", "compass"]) == 2
    assert '"compas"' in capsys.readouterr().err


def test_reproduce_writes_what_it_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_audit(tmp_path)
    # of M, 30 of the 50 scores there are reach 0.6; of F, 20 of 50
    (tmp_path / "published.csv").write_text(
        "figure_id,analysis,attribute,group,measure,kind,published,decimals,basis,expected\n"
        "men,main,sex,M,selection_rate,rate,0.60,2,rows,same\n"
        "women,main,sex,F,selection_rate,rate,0.90,2,rows,different: a misprint\n"
    )
    assert exit_code(["reproduce", "audit.yaml", "--out", "out"]) == 0
    out = capsys.readouterr().out
    assert "2 figures (recomputed from rows). the same: 1, different: 1." in out
    (found,) = (tmp_path / "out").rglob("reproduce.csv")
    assert found.read_text().split("\n")[2].endswith("different,a misprint")
    assert exit_code(["verify", "out"]) == 0


def test_the_schema_of_results_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["report", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["schema"]["const"] == "auditkit/results/2"
    assert {"Estimate", "Gap", "AnalysisResult"} <= set(schema["$defs"])
