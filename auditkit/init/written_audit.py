"""The text of an audit.yaml to begin with: a comment above each key, a mark behind each guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.text import mark, translate

__all__ = ["Page", "flow", "scalar"]

GUESS = mark("a guess: check it")
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ][\wÀ-ÿ /-]*")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def scalar(value: object) -> str:
    """A value as YAML.

    >>> scalar("sexe"), scalar("no"), scalar("a: b"), scalar(3)
    ('sexe', '"no"', '"a: b"', '3')
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(entries: dict[str, object]) -> str:
    """A small mapping on one line.

    >>> flow({"column": "sexe", "in": ["F", "H"]})
    '{column: sexe, in: [F, H]}'
    """
    return "{" + ", ".join(f"{scalar(key)}: {_flow_value(value)}" for key, value in entries.items()) + "}"


def _flow_value(value: object) -> str:
    if isinstance(value, dict):
        return flow(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow_value(entry) for entry in value) + "]"
    return scalar(value)


@dataclass
class Page:
    """Lines being written, in one language; `country` and `facts` are those of the system that somebody gave."""

    language: str
    country: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def comment(self, sentence: str, indent: int = 0) -> None:
        """A comment of its own lines; `sentence` is a message id."""
        text = translate(sentence, self.language)
        self.lines += [" " * indent + "# " + line for line in _wrapped(text)]

    def key(self, key: str, value: str, comment: str | None = None, *, guess: bool = False, indent: int = 0) -> None:
        """A key with its value (already YAML), the comment above it, and the mark of a guess behind it."""
        if comment is not None:
            self.comment(comment, indent)
        behind = f"   # {translate(GUESS, self.language)}" if guess else ""
        self.lines.append(" " * indent + f"{key}: {value}".rstrip() + behind)

    def open_key(self, key: str, example: str, comment: str, indent: int = 0) -> None:
        """A key that waits for its value: commented out, with an example."""
        self.comment(comment, indent)
        self.lines.append(" " * indent + f"# {key}: {example}")

    def fact(self, key: str, example: str, comment: str, indent: int = 0) -> None:
        """A key with the fact that was given for it, else a key that waits."""
        if value := self.facts.get(key, ""):
            self.key(key, scalar(value), comment, indent=indent)
        else:
            self.open_key(key, example, comment, indent)

    def blank(self) -> None:
        """An empty line."""
        self.lines.append("")

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines).rstrip() + "\n"


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, 96) or [""]
