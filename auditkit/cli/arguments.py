"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.text import mark

__all__ = ["AllowedPickle", "Audit", "Language", "Quiet", "Trust"]

Audit = Annotated[
    str,
    typer.Argument(
        metavar="AUDIT",
        help=mark("An audit.yaml, the folder that holds one, or the name of a shipped audit."),
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--language", metavar="en|fr", help=mark("The language of everything printed; else the locale's.")),
]
AllowedPickle = Annotated[
    str | None,
    typer.Option(
        "--allow-unsafe-pickle",
        metavar="SHA256",
        help=mark("Load the model from this very pickle, which runs whatever program is in it."),
    ),
]
Trust = Annotated[
    str | None,
    typer.Option(
        "--trust",
        metavar="SHA256",
        help=mark("Let everything in the audit run or leave this machine that a refusal or check lists, by its hash."),
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help=mark("Print nothing but errors and what was asked to hold."))]
