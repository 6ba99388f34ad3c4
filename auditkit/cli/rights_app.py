"""The commands about rights, their arguments and options: the checklist, letters, the path to the court."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.arguments import Audit, Language, Trust
from auditkit.text import mark

__all__ = ["CHECKLIST_HELP", "LETTER_HELP", "PATH_HELP", "checklist", "letter", "path_of"]

Blank = Annotated[
    bool, typer.Option("--blank", help=mark("Ask nothing: personal facts stay blank, to be written by hand."))
]

CHECKLIST_HELP = mark("Walk through the open questions of the checklist, or send it out and take the answers back in.")
LETTER_HELP = mark(
    "Write a letter or a form, filled from the audit, with a sheet for its sender; without KIND, list the kinds, "
    "each with a line on what it is for."
)
PATH_HELP = mark(
    "Where one stands between the first letter and the court: each step with its last day, a calendar file, and "
    "the next letter made from the last one. Without AIM, list the aims."
)


def checklist(
    audit: Audit,
    everything: Annotated[bool, typer.Option("--all", help=mark("Ask what is answered already, too."))] = False,
    export: Annotated[
        tuple[str, Path] | None,
        typer.Option(
            "--export",
            metavar="csv|md|xlsx FILE",
            help=mark("Write the checklist to a file, for those who answer by mail."),
        ),
    ] = None,
    taken: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help=mark("Take in the answers of a file that came back.")),
    ] = None,
    language: Language = None,
    trust: Trust = None,
) -> None:
    """Answer the checklist."""
    from auditkit.cli.rights_commands import checklist_command

    checklist_command(audit, everything, export, taken, language, trust)


def letter(
    audit: Audit,
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help=mark("Which letter or form."))] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help=mark("The file to write (default: KIND and the language, .html).")),
    ] = None,
    language: Language = None,
    scorecard: Annotated[
        str | None,
        typer.Option(
            "--scorecard", metavar="SCORE", help=mark("For reply: a score.yaml, or the name of a shipped one.")
        ),
    ] = None,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case", metavar="KEY=VALUE", help=mark("For reply: a value of the case, or a CSV file; may be repeated.")
        ),
    ] = None,
    row: Annotated[
        int, typer.Option("--row", metavar="NUMBER", help=mark("For reply: which row of the CSV file (default: 1)."))
    ] = 1,
    blank: Blank = False,
    force: Annotated[
        bool, typer.Option("--force", help=mark("Write it though it rests on the law of another country."))
    ] = False,
    trust: Trust = None,
) -> None:
    """Write a letter."""
    from auditkit.cli.letter_commands import letter_command

    letter_command(audit, kind, out, language, scorecard, case or [], row, not blank, force, trust)


def path_of(
    audit: Audit,
    aim: Annotated[
        str | None,
        typer.Argument(
            metavar="AIM", help=mark("documents, my-decision, my-data, contest, justify, change or answer.")
        ),
    ] = None,
    last: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help=mark("The last letter (.html): your name and address come from it.")
        ),
    ] = None,
    dates: Annotated[
        list[str] | None,
        typer.Option(
            "--date",
            metavar="KIND.EVENT=DAY",
            help=mark(
                "What happened: documents.received=2026-12-03; sent, received, refused, registered. May be repeated."
            ),
        ),
    ] = None,
    overseas: Annotated[
        bool, typer.Option("--overseas", help=mark("You live overseas: one month more for the court."))
    ] = False,
    abroad: Annotated[
        bool, typer.Option("--abroad", help=mark("You live abroad: two months more for the court."))
    ] = False,
    benefit: Annotated[
        str | None,
        typer.Option("--benefit", metavar="NAME", help=mark("For contest: rsa, family, aah, activity or housing.")),
    ] = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DAY", help=mark("Seen from another day."))] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help=mark("The folder to write into (default: here)."))
    ] = Path(),
    language: Language = None,
    blank: Blank = False,
    trust: Trust = None,
) -> None:
    """Follow a path."""
    from auditkit.cli.letter_commands import path_command

    farther = 2 if abroad else 1 if overseas else 0
    path_command(audit, aim, last, dates or [], farther, benefit, today, out, language, not blank, trust)
