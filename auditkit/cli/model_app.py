"""The commands about model files: reference scores written where a model lives, and held against its file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.arguments import Language
from auditkit.cli.help_text import LocalisedCommand, LocalisedGroup
from auditkit.text import mark

__all__ = ["model_app"]

model_app = typer.Typer(
    cls=LocalisedGroup,
    help=mark("Model files: reference scores that prove that a file scores as it should."),
    rich_markup_mode=None,
    no_args_is_help=True,
)

Model = Annotated[Path, typer.Argument(metavar="MODEL", help=mark("A model file."))]


@model_app.command(
    "pack",
    cls=LocalisedCommand,
    help=mark("Write reference scores beside a model file: 20 rows drawn within a sample, none of them a person's."),
)
def pack(
    model: Model,
    rows: Annotated[
        Path, typer.Option("--rows", metavar="SAMPLE", help=mark("A CSV file with the inputs of the model."))
    ],
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="A,B",
            help=mark("The inputs in their order (default: as the file or the sample has it)."),
        ),
    ] = None,
    categories: Annotated[
        str, typer.Option("--categories", metavar="A,B", help=mark("Inputs that are texts, whatever they look like."))
    ] = "",
    positive: Annotated[
        str | None,
        typer.Option("--positive", metavar="CLASS", help=mark("The class for which a high score speaks.")),
    ] = None,
    language: Language = None,
) -> None:
    """Write the sidecar of a model."""
    from auditkit.cli.model_commands import pack_command

    pack_command(model, rows, columns, categories, positive, language)


@model_app.command(
    "check",
    cls=LocalisedCommand,
    help=mark("Hold a model file against the reference scores beside it: the same, or where they differ."),
)
def check(model: Model, language: Language = None) -> None:
    """Check a model against its sidecar."""
    from auditkit.cli.model_commands import check_model_command

    check_model_command(model, language)
