"""`auditkit datasets`: which datasets there are, where their files are, and fetching them."""

from __future__ import annotations

from auditkit.cli.terminal_reader import READER, choose_language
from auditkit.text import mark, say, translate

__all__ = ["fetch_command", "list_command"]

_PLACES = {
    "shipped": mark("shipped with auditkit"),
    "mirror": mark("in the mirror folder"),
    "cache": mark("fetched"),
    "to_fetch": mark("to fetch"),
    "not_available": mark("not available by download"),
}


def list_command(language: str | None) -> None:
    """Print each dataset with its files and where they are."""
    from auditkit.intake.dataset_files import datasets

    chosen = choose_language(language)
    for dataset in datasets():
        print(say("{name}:", name=dataset.name).text(chosen), dataset.spec.title.text(chosen))  # noqa: T201
        for place in dataset.files:
            line = say(
                "{name}, {bytes} bytes: {place}",
                name=f"{dataset.name}/{place.key}",
                bytes=place.file.bytes,
                place=translate(_PLACES[place.place], chosen),
            )
            print(f"  {line.text(chosen)}")  # noqa: T201


def fetch_command(name: str, language: str | None, quiet: bool) -> None:
    """Fetch the files of a dataset that are not on this machine yet."""
    from auditkit.intake.fetch_dataset import fetch

    READER.quiet = quiet
    chosen = choose_language(language)
    for path in fetch(name):
        if not quiet:
            print(say("Here: {file}", file=path).text(chosen))  # noqa: T201
