"""Column names that stand twice in a table, told apart by a number where audit.yaml asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.errors import cut
from auditkit.text import Message, say

__all__ = ["numbered_columns"]


def numbered_columns(header: Sequence[str], file: str) -> tuple[list[str], list[Message]]:
    """The names, of which the second and later of one name carry a number; and what was done, said.

    >>> numbered_columns(["id", "score", "Score"], "a.csv")[0]
    ['id', 'score', 'Score (2)']
    """
    seen: dict[str, int] = {}
    names: list[str] = []
    notes: list[Message] = []
    for name in header:
        plain = name.strip()
        seen[plain.lower()] = count = seen.get(plain.lower(), 0) + 1
        names.append(plain if count == 1 else f"{plain} ({count})")
        if count > 1:
            notes.append(
                say(
                    "{file}: the column {name} stands more than once; the later one is called {new}.",
                    file=file,
                    name=f'"{cut(plain)}"',
                    new=f'"{cut(names[-1])}"',
                )
            )
    return names, notes
