"""The arguments and options of `auditkit trend`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.arguments import Language, Quiet
from auditkit.text import mark

__all__ = ["TREND_HELP", "trend"]

TREND_HELP = mark("Many results of one system over time: what lasts for whom, since when, and why a rate changed.")


def trend(
    results: Annotated[
        list[Path],
        typer.Argument(metavar="A B...", help=mark("Folders of runs or results.json, in the order of time.")),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=mark("The folder to write (default: reports/trend).")),
    ] = None,
    independent: Annotated[
        bool,
        typer.Option(
            "--independent", help=mark("Every period holds other people: changes of a few people may be shown.")
        ),
    ] = False,
    fail_on: Annotated[
        str | None,
        typer.Option(
            "--fail-on",
            metavar="VERDICT",
            help=mark("Leave with 1 where a group fares worse over time: established, present or inconclusive."),
        ),
    ] = None,
    language: Language = None,
    quiet: Quiet = False,
    json: Annotated[bool, typer.Option("--json", help=mark("Print trend.json in place of the summary."))] = False,
) -> None:
    """Follow results over time."""
    from auditkit.cli.trend_commands import trend_command

    trend_command(results, out, independent, fail_on, language, quiet, json)
