"""The commands about scorecards, their arguments and options; each hands over to one function that does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.arguments import Language
from auditkit.cli.help_text import LocalisedCommand, LocalisedGroup
from auditkit.text import mark

__all__ = ["scorecard_app"]

scorecard_app = typer.Typer(
    cls=LocalisedGroup,
    help=mark("Scorecards: what one lacks, where two of them differ, one from a table of coefficients."),
    rich_markup_mode=None,
    no_args_is_help=True,
)

Score = Annotated[
    str,
    typer.Argument(
        metavar="SCORE", help=mark("A score.yaml, the folder that holds one, or the name of a shipped one.")
    ),
]


@scorecard_app.command(
    "check", cls=LocalisedCommand, help=mark("Say what a scorecard reads and decides, and what is missing in it.")
)
def scorecard_check(
    score: Score,
    steps: Annotated[
        bool,
        typer.Option(
            "--steps", help=mark("Find every step in which a worse situation gets the score of a better one.")
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=mark("A CSV file for the list of --steps."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=mark("Print JSON in place of sentences."))] = False,
    language: Language = None,
) -> None:
    """Check a scorecard."""
    from auditkit.cli.scorecard_printing import check_scorecard_command

    check_scorecard_command(score, steps, out, json, language)


@scorecard_app.command(
    "compare",
    cls=LocalisedCommand,
    help=mark("Find the profiles on which two scorecards differ: law and code, old and new."),
)
def scorecard_compare(
    first: Annotated[str, typer.Argument(metavar="FIRST", help=mark("A scorecard."))],
    second: Annotated[str, typer.Argument(metavar="SECOND", help=mark("Another scorecard, or another version."))],
    at_most: Annotated[
        int,
        typer.Option(
            "--at-most", metavar="NUMBER", help=mark("Try all profiles up to this number, else draw as many.")
        ),
    ] = 100_000,
    seed: Annotated[int, typer.Option("--seed", metavar="NUMBER", help=mark("The seed of the drawing."))] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=mark("A CSV file for the profiles that differ."))
    ] = None,
    json: Annotated[bool, typer.Option("--json", help=mark("Print JSON in place of sentences."))] = False,
    language: Language = None,
) -> None:
    """Compare two scorecards."""
    from auditkit.cli.scorecard_printing import compare_command

    compare_command(first, second, at_most, seed, out, json, language)


@scorecard_app.command(
    "import",
    cls=LocalisedCommand,
    help=mark("Make a scorecard from the coefficients that R, SAS or statsmodels print."),
)
def scorecard_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("The table of coefficients, as CSV."))],
    link: Annotated[
        str, typer.Option("--link", metavar="identity|logistic|exp", help=mark("What turns the sum into the score."))
    ] = "logistic",
    level: Annotated[
        list[str] | None,
        typer.Option(
            "--level",
            metavar="COLUMN=VALUE,...",
            help=mark("The values of a category, the one of reference first; may be repeated."),
        ),
    ] = None,
    coding: Annotated[
        str,
        typer.Option(
            "--coding", metavar="reference|effect", help=mark("How the program coded categories (SAS: effect).")
        ),
    ] = "reference",
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help=mark("The title of the scorecard."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=mark("The score.yaml to write (default: print it)."))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=mark("Replace a file that is there."))] = False,
    language: Language = None,
) -> None:
    """Import coefficients."""
    from auditkit.cli.scorecard_printing import import_command

    import_command(file, link, level or [], coding, title, out, force, language)
