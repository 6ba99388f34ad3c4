"""The commands about datasets, their arguments and options."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.arguments import Language, Quiet
from auditkit.cli.help_text import LocalisedCommand, LocalisedGroup
from auditkit.text import mark

__all__ = ["dataset_app"]

dataset_app = typer.Typer(
    cls=LocalisedGroup,
    help=mark("The datasets that audits refer to by name: see which there are, fetch one."),
    rich_markup_mode=None,
    no_args_is_help=True,
)


@dataset_app.command("list", cls=LocalisedCommand, help=mark("List the datasets and where their files are."))
def datasets_list(language: Language = None) -> None:
    """List the datasets."""
    from auditkit.cli.dataset_commands import list_command

    list_command(language)


@dataset_app.command(
    "fetch", cls=LocalisedCommand, help=mark("Fetch the files of a dataset, and check each against its hash.")
)
def datasets_fetch(
    name: Annotated[str, typer.Argument(metavar="NAME", help=mark("The name of a dataset."))],
    language: Language = None,
    quiet: Quiet = False,
) -> None:
    """Fetch a dataset."""
    from auditkit.cli.dataset_commands import fetch_command

    fetch_command(name, language, quiet)
