"""`auditkit policies`: what other rules would do and to whom, as a page, a CSV file and on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.arguments import Audit, Language, Quiet, Trust
from auditkit.text import mark, say

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["POLICIES_HELP", "policies"]

POLICIES_HELP = mark("What other rules would do and to whom, each beside today and beside one threshold for all.")


def policies(
    audit: Audit,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=mark("The folder to write (default: reports/NAME-policies).")),
    ] = None,
    private: Annotated[
        Path | None,
        typer.Option(
            "--private",
            metavar="DIR",
            help=mark(
                "Also write exact figures and the rules that are learnt from rows, for inside: not for publication."
            ),
        ),
    ] = None,
    language: Language = None,
    trust: Trust = None,
    quiet: Quiet = False,
) -> None:
    """Put the policies of an audit side by side; without any declared, the usual ones."""
    from auditkit.cli.compare_commands import made_manifest
    from auditkit.cli.run_command import audit_name
    from auditkit.cli.terminal_reader import READER, choose_language, progress, tell
    from auditkit.report.policies_page import render_policies
    from auditkit.run import run_audit
    from auditkit.spec import find_audit, load_audit
    from auditkit.spec.policy_spec import with_policies
    from auditkit.write.output_folder import check_target, write_folder
    from auditkit.write.policies_csv import policies_csv
    from auditkit.write.private_files import check_apart

    READER.quiet = quiet
    choose_language(language)
    path = find_audit(audit)
    spec = load_audit(path)
    chosen = choose_language(language, spec.language)
    target = out if out is not None else Path("reports") / f"{audit_name(path)}-policies"
    check_target(target)
    if private is not None:
        check_apart(private, target)
        check_target(private)
    with progress(say("Reading and measuring …")):
        asked = with_policies(spec)
        result = run_audit(asked, path.parent, progress=tell, trust=trust, private=private is not None)
        name = "policies.html" if chosen == "en" else f"policies.{chosen}.html"
        for folder, one in ((target, result), (private, None if result.private is None else result.private.result)):
            if folder is not None and one is not None:
                files = {name: render_policies(one, chosen).encode(), "policies.csv": policies_csv(one)}
                write_folder(folder, {**files, "manifest.json": made_manifest(files)})
    if not quiet:
        sys.stdout.write(_summary(result, chosen, target, name))


def _summary(result: AuditResult, language: str, target: Path, name: str) -> str:
    """The table of everyone, one line a rule; where no counts are of everyone, the tables of each attribute."""
    from auditkit.report.number_words import plain
    from auditkit.report.panels.policies import policy_view

    tables = policy_view(result, language)["tables"]
    whole = [table for table in tables if table.anchor.count("-") == 1]
    unlinked = say("The counts of the attributes are not linked: none of them is of everyone.")
    lines = [] if whole else [unlinked.text(language)]
    for table in whole or tables:
        heads = [plain(head, language) for head in table.heads]
        lines.append(plain(table.caption, language))
        for row in table.rows:
            lines += [f"  {plain(row.name, language)}", f"    {_cells(heads, row.cells, language)}"]
    lines.append(say("Written to {folder}: {file} and the files beside it.", folder=target, file=name).text(language))
    return "\n".join(lines) + "\n"


def _cells(heads: Sequence[str], cells: Sequence[tuple[str, str]], language: str) -> str:
    """Each figure under its head, with what stands under it; the reason once, where all are missing for the same."""
    from auditkit.report.number_words import plain

    if len(set(cells)) == 1 and cells[0][1]:
        return plain(cells[0][1], language)
    texts = (f" ({plain(under, language)})" if under else "" for _, under in cells)
    return "; ".join(f"{head}: {cell[0]}{text}" for head, cell, text in zip(heads, cells, texts, strict=True))
