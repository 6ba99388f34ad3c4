"""`auditkit trend`: many results of one system over time, as a page, a CSV file and a JSON file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli.gates import gate_of, refuse, worse
from auditkit.cli.terminal_reader import READER, choose_language, progress, warn
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.result import AuditResult
    from auditkit.trend import Trend

__all__ = ["trend_command"]


def trend_command(
    results: list[Path], out: Path | None, independent: bool, fail_on: str | None, language: str | None, quiet: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Put results side by side in the order of time and write the folder; NotHeld where a gap meets `fail_on`."""
    from auditkit.result.read_results import FIRST_RELEASE, as_a_run_writes
    from auditkit.trend import render_trend, trend, trend_csv, trend_json
    from auditkit.write.output_folder import check_target, write_folder

    READER.quiet = quiet
    choose_language(language)
    verdict = None if fail_on is None else gate_of(fail_on)
    read = [_read(path) for path in results]
    if any(FIRST_RELEASE in result.notes for result in read):
        warn(FIRST_RELEASE)
    chosen = choose_language(language, read[-1].spec.language if read else None)
    target = out if out is not None else Path("reports") / "trend"
    check_target(target)
    with progress(say("Comparing …")), as_a_run_writes(", ".join(path.name for path in results)):
        found = trend(read, _labels(results, read), independent)
        name = "trend.html" if chosen == "en" else f"trend.{chosen}.html"
        files = {
            name: render_trend(found, chosen).encode(),
            "trend.csv": trend_csv(found),
            "trend.json": trend_json(found),
        }
        from auditkit.cli.compare_commands import made_manifest

        write_folder(target, {**files, "manifest.json": made_manifest(files)})
    if as_json:
        sys.stdout.write(files["trend.json"].decode())
    elif not quiet:
        sys.stdout.write(_summary(found, chosen, target, name))
    if verdict is not None:
        refuse(len(worse(found.watched, verdict)), verdict)


def _read(path: Path) -> AuditResult:
    """The result of a results.json, of the folder of a run, or of a folder that holds a released table alone."""
    from auditkit.result.read_results import read_results

    released = path / "released.yaml" if path.is_dir() else path
    if released.name == "released.yaml" and not (released.parent / "results.json").is_file() and released.is_file():
        from auditkit.run import run_audit
        from auditkit.spec import load_audit

        return run_audit(load_audit(released), released.parent)
    return read_results(path / "results.json" if path.is_dir() else path)


def _labels(paths: list[Path], results: list[AuditResult]) -> list[str]:
    """What the periods are called: what the audits say of them, where that tells them apart; else their folders."""
    said = [result.spec.system.period or "" for result in results]
    days = [str(result.spec.as_of or "") for result in results]
    folders = [(path if path.is_dir() else path.parent).resolve().name for path in paths]
    for names in (said, days, folders):
        if all(names) and len(set(names)) == len(names):
            return names
    return [str(place) for place in range(1, len(paths) + 1)]


def _summary(found: Trend, language: str, target: Path, name: str) -> str:
    from auditkit.report.number_words import plain
    from auditkit.trend import prepare_trend

    page = prepare_trend(found, language)
    lines = [page.title_plain, *(plain(line, language) for line in (page.answer, *page.opening, *page.cannot[2:]))]
    lines.append(say("Written to {folder}: {file} and the files beside it.", folder=target, file=name).text(language))
    return "\n".join(lines) + "\n"
