"""`auditkit run`: one audit, from its audit.yaml to a folder that others can check."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from subprocess import list2cmdline
from typing import TYPE_CHECKING

from auditkit.cli.gates import gate_of, hold
from auditkit.cli.import_ahead import loading_ahead
from auditkit.cli.terminal_reader import READER, choose_language, progress, tell
from auditkit.spec import find_audit, load_audit
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["audit_files", "audit_name", "report_name", "run_command"]


def run_command(
    audit: str,
    out: Path | None,
    language: str | None,
    fail_on: str | None,
    quiet: bool,
    as_json: bool,
    allow_unsafe_pickle: str | None = None,
    trust: str | None = None,
    private: Path | None = None,
) -> None:
    """Run an audit, write its folder and, where asked, the one that stays inside; NotHeld where a gap meets it."""
    READER.quiet = quiet
    choose_language(language)
    verdict = None if fail_on is None else gate_of(fail_on)
    path = find_audit(audit)
    spec = load_audit(path)
    chosen = choose_language(language, spec.language)
    target = out if out is not None else Path("reports") / audit_name(path)

    from auditkit.run import run_audit
    from auditkit.write.output_folder import check_target, write_folder
    from auditkit.write.private_files import check_apart

    check_target(target)
    if private is not None:
        check_apart(private, target)
        check_target(private)
    began = time.perf_counter()
    with progress(say("Reading and measuring …")), loading_ahead(chosen):
        result = run_audit(
            spec, path.parent, allow_unsafe_pickle=allow_unsafe_pickle, progress=tell, trust=trust,
            private=private is not None,
        )  # fmt: skip
    measured = time.perf_counter() - began
    with progress(say("Writing the report …")):
        if private is None:
            files, result = audit_files(result, path, audit, chosen, measured)
        else:
            files, result = _with_private(private, result, path, audit, chosen, measured)
        write_folder(target, files)
    _print(files["results.json"] if as_json else None, result, audit, chosen, target)
    if verdict is not None:
        hold(result, verdict)


def _with_private(
    folder: Path, result: AuditResult, path: Path, asked: str, language: str, measured: float
) -> tuple[dict[str, bytes], AuditResult]:
    """The files to publish, with a commitment to the data; the internal report and private.json are written first."""
    from auditkit.protect.commitment import new_salt
    from auditkit.write.output_folder import write_folder
    from auditkit.write.private_files import PRIVATE, commitments, private_json

    salt, inside = new_salt(), result.private
    committed = commitments(inside, salt)
    files, public = audit_files(result, path, asked, language, measured, committed)
    more = {PRIVATE: private_json(inside, salt, committed, files)}
    write_folder(folder, audit_files(inside.result, path, asked, language, measured, more=more)[0])
    return files, public


def audit_name(path: Path) -> str:
    """The name of an audit: its folder's, or its file's where that is not audit.yaml."""
    return path.resolve().parent.name if path.name == "audit.yaml" else path.stem


def report_name(language: str) -> str:
    """The name of the report's file in a language: report.html, report.fr.html."""
    return "report.html" if language == "en" else f"report.{language}.html"


def audit_files(
    result: AuditResult, path: Path, asked: str, language: str, measured: float,
    commitments: Mapping[str, str] | None = None, more: Mapping[str, bytes] | None = None,
) -> tuple[dict[str, bytes], AuditResult]:  # fmt: skip
    """Every file of a run, in memory, and the result as its results.json holds it.

    The report is made from what results.json says, so that it can be made again from it, byte for byte.
    `commitments` go into the manifest, and `more` files beside the others.
    """
    from auditkit import __version__
    from auditkit.manifest import make_manifest, manifest_bytes
    from auditkit.report import render_report
    from auditkit.result.read_results import parse_results
    from auditkit.scorers.consent import foreign_parts
    from auditkit.spec.file_lines import shipped
    from auditkit.write.results_csv import estimates_csv, gaps_csv
    from auditkit.write.results_json import results_json

    began = time.perf_counter()
    found = replace(result, version=result.version or __version__)
    content = results_json(found)
    result = parse_results(content, "results.json")
    files = {
        "results.json": content,
        "estimates.csv": estimates_csv(result),
        "gaps.csv": gaps_csv(result),
        report_name(language): render_report(result, language).encode(),
        **(more or {}),
    }
    if found.released is not None:
        from auditkit.protect.released_files import released_files

        files |= released_files(found.released)
        answers = path.parent / (found.spec.rights.answers or "answers.yaml")
        if answers.is_file():
            files[answers.name] = answers.read_bytes()
    manifest = make_manifest(
        found,
        audit=asked,
        audit_file=path,
        language=language,
        templates=shipped("report_templates") / "full",
        outputs=files,
        consent=foreign_parts(load_audit(path), path.parent),
        commitments=commitments,
        durations={"measuring": measured, "writing": time.perf_counter() - began},
    )
    files["manifest.json"] = manifest_bytes(manifest)
    return files, result


def _as_typed(word: str) -> str:
    """A word of a command as a shell takes it: in quotes where it holds spaces or signs."""
    return list2cmdline([word]) if sys.platform == "win32" else shlex.quote(word)


def _print(as_json: bytes | None, result: AuditResult, asked: str, language: str, target: Path) -> None:
    if as_json is not None:
        sys.stdout.write(as_json.decode())
    elif not READER.quiet:
        from auditkit.report.terminal_summary import summary

        name = report_name(language)
        written = say("Written to {folder}: {file} and the files beside it.", folder=target, file=name)
        sys.stdout.write(f"{summary(result, language, _as_typed(asked)).rstrip()}\n\n{written.text(language)}\n")
