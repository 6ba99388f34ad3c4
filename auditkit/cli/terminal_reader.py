"""Who reads: the language of everything a command prints, and whether anybody watches its progress."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

from auditkit.errors import InputError, cut
from auditkit.text import LANGUAGES, Message

__all__ = [
    "READER",
    "Reader",
    "choose_language",
    "language_of_arguments",
    "locale_language",
    "progress",
    "show_columns",
    "tell",
    "warn",
]


class Reader:
    """The language in which the command at work speaks; errors on their way out are said in it too."""

    def __init__(self) -> None:
        self.language = "en"
        self.quiet = False
        self.debug = False


READER = Reader()


def language_of_arguments(arguments: Sequence[str]) -> str:
    """The language asked for by --language, else the locale's: known before any argument is understood."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        asked = following if argument == "--language" else argument.removeprefix("--language=")
        if argument.startswith("--language") and asked in LANGUAGES:
            return asked
    return locale_language()


def locale_language() -> str:
    """The language of the locale (LANGUAGE, LC_ALL, LC_MESSAGES, LANG in this order), else English."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            found = value.split(":")[0][:2].lower()
            return found if found in LANGUAGES else "en"
    return "en"


def choose_language(asked: str | None, preferred: str | None = None) -> str:
    """The language of a command and of its errors: asked for, else the audit's own, else the locale's."""
    if asked is not None and asked not in LANGUAGES:
        raise InputError(
            'There is no language "{asked}"; expected one of {known}.',
            asked=asked,
            known=", ".join(f'"{language}"' for language in LANGUAGES),
        )
    chosen = asked or (preferred if preferred in LANGUAGES else None) or locale_language()
    READER.language = chosen
    return chosen


@contextlib.contextmanager
def progress(message: Message) -> Iterator[None]:
    """A line on stderr while something takes its time; none where stderr is no terminal, or with --quiet."""
    if READER.quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(message.text(READER.language)):
        yield


def tell(message: Message) -> None:
    """A sentence on stderr about what takes its time; none where stderr is no terminal, or with --quiet."""
    if not READER.quiet and sys.stderr.isatty():
        sys.stderr.write(message.text(READER.language) + "\n")


def warn(message: Message) -> None:
    """A sentence on stderr that the reader has to know, wherever stderr goes; none with --quiet."""
    if not READER.quiet:
        sys.stderr.write(message.text(READER.language) + "\n")


def show_columns(picture: Sequence[Sequence[str]]) -> None:
    """A picture of columns on stdout: the key that each stands for, coloured, its head, its first cells."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    keys, heads, *cells = picture
    table = Table(show_lines=False, header_style="")
    for key, head in zip(keys, heads, strict=True):
        table.add_column(Text(f"{key}\n", _COLOURS.get(key, "bold cyan")) + Text(cut(head, 32), "bold"), max_width=32)
    for row in cells:
        table.add_row(*(Text(cut(cell, 32)) for cell in row))
    Console(width=max(80, 24 * len(keys)) if not sys.stdout.isatty() else None).print(table)


_COLOURS = {"groups": "bold green", "selected": "bold yellow", "total": "bold blue", "count": "bold blue"}
