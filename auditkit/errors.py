"""The error family: everything a person can put right, in one sentence.

    AuditkitError                 base: a message in the reader's language, and an exit code
    +-- InputError                what was given is wrong                          exit 2
    |   +-- SpecError             audit.yaml, dataset.yaml: file, line, key        exit 2
    |   +-- DataError             a table: file, row or cell, column, value        exit 2
    |   +-- TargetError           a folder that may not be overwritten             exit 2
    +-- NotHeld                   done, and what was asked to hold does not        exit 1

Anything else that is raised is a bug: exit code 3, and its traceback with --debug.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from auditkit.text import Message, say, without_credentials

__all__ = [
    "AuditkitError",
    "DataError",
    "InputError",
    "NotHeld",
    "SpecError",
    "TargetError",
    "cut",
    "nearest",
]


class AuditkitError(Exception):
    """A failure that the reader can mend: `str(error)` is English, `error.text("fr")` is French."""

    exit_code = 2

    def __init__(self, message: Message | str, **values: object) -> None:
        self.message = message if isinstance(message, Message) else say(message, **values)
        super().__init__(self.message.text("en"))

    def text(self, language: str) -> str:
        """The sentence in `language`."""
        return self.message.text(language)


class InputError(AuditkitError):
    """What was given is wrong."""


class SpecError(InputError):
    """An audit.yaml or dataset.yaml is wrong at a line."""


class DataError(InputError):
    """A table is wrong at a row, cell or column."""


class TargetError(InputError):
    """A folder that may not be written to."""


class NotHeld(AuditkitError):
    """The work is done, and what was asked to hold does not."""

    exit_code = 1


def cut(value: object, length: int = 40) -> str:
    """A value as it may be shown in a message: at most `length` characters, control characters shown.

    >>> cut("a" * 60)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    plain = without_credentials(str(value)[: length + 1000])
    text = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in plain[: length + 1])
    return text if len(text) <= length else text[: length - 1] + "…"


def nearest(name: str, valid: Iterable[str], count: int = 3) -> str:
    """The valid names most like `name`, quoted and joined; all of the first few when none is alike.

    >>> nearest("colum", ["column", "values", "bins"])
    '"column"'
    """
    names = [str(v) for v in valid]
    close = get_close_matches(name, names, n=count, cutoff=0.5)
    if not close:
        lowered = {n.lower(): n for n in reversed(names)}
        close = [lowered[m] for m in get_close_matches(name.lower(), list(lowered), n=count, cutoff=0.5)]
    return ", ".join(f'"{cut(n)}"' for n in (close or names[:8]))
