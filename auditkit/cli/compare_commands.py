"""`auditkit compare`: two results side by side, as a page, a CSV file and a JSON file."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli.terminal_reader import READER, choose_language, progress, warn
from auditkit.errors import InputError
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.compare.comparison import Comparison

__all__ = ["compare_results_command", "made_manifest"]


def compare_results_command(
    first: Path,
    second: Path,
    out: Path | None,
    same_people: bool,
    independent: bool,
    language: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Compare two results and write the folder; nothing is computed again from data."""
    READER.quiet = quiet
    choose_language(language)
    if same_people and independent:
        raise InputError("Expected one of --same-people and --independent, not both.")

    from auditkit.compare import compare, comparison_csv, comparison_json, render_comparison
    from auditkit.compare.comparison import Assumption
    from auditkit.result.read_results import FIRST_RELEASE, as_a_run_writes, read_results
    from auditkit.write.output_folder import check_target, write_folder

    results = [read_results(path / "results.json" if path.is_dir() else path) for path in (first, second)]
    chosen = choose_language(language, results[1].spec.language)
    if any(FIRST_RELEASE in result.notes for result in results):
        warn(FIRST_RELEASE)
    assumption: Assumption | None = "same_people" if same_people else "independent" if independent else None
    target = out if out is not None else Path("reports") / "comparison"
    check_target(target)
    with progress(say("Comparing …")):
        name = "comparison.html" if chosen == "en" else f"comparison.{chosen}.html"
        with as_a_run_writes(f"{first.name}, {second.name}"):
            comparison = compare(results[0], results[1], assumption)
            files = {
                name: render_comparison(comparison, chosen).encode(),
                "comparison.csv": comparison_csv(comparison),
                "comparison.json": comparison_json(comparison),
            }
        write_folder(target, {**files, "manifest.json": made_manifest(files)})
    if as_json:
        sys.stdout.write(files["comparison.json"].decode())
    elif not quiet:
        sys.stdout.write(_summary(comparison, chosen, target, name))


def made_manifest(files: dict[str, bytes]) -> bytes:
    """The manifest of files made from results alone."""
    from auditkit import __version__
    from auditkit.manifest import hash_bytes, manifest_bytes, versions
    from auditkit.write.output_folder import MANIFEST_SCHEMA

    return manifest_bytes(
        {
            "schema": MANIFEST_SCHEMA,
            "auditkit": __version__,
            "python": platform.python_version(),
            "packages": versions(),
            "outputs": {name: hash_bytes(content) for name, content in sorted(files.items())},
        }
    )


def _summary(comparison: Comparison, language: str, target: Path, name: str) -> str:
    from auditkit.compare.comparison_page import prepare_comparison
    from auditkit.report.number_words import plain

    page = prepare_comparison(comparison, language)
    lines = [page.title_plain, *(plain(line, language) for line in (*page.opening, *page.leading[:3]))]
    lines.append(say("Verdicts that moved: {count}.", count=len(comparison.moved)).text(language))
    lines.append(say("Written to {folder}: {file} and the files beside it.", folder=target, file=name).text(language))
    return "\n".join(lines) + "\n"
