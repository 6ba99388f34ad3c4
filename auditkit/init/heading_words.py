"""The words by which columns of public files give themselves away, from the one data file that holds them.

A word is compared without accents and capitals, as a whole word of the column's name. The first role that
matches wins; everything found this way is a guess and is marked as one.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = [
    "COUNT_KINDS",
    "FOR_NO_VALUE",
    "GROUNDS",
    "NUMBER_WORDS",
    "ROLES",
    "SELECTED_VALUES",
    "TOTALS",
    "has_word",
    "plain_word",
]

_WORDS: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml"))

ROLES: dict[str, str] = {role: " ".join(words) for role, words in _WORDS["roles"].items()}
GROUNDS: dict[str, str] = {ground: " ".join(words) for ground, words in _WORDS["grounds"].items()}
COUNT_KINDS: dict[str, tuple[str, ...]] = {kind: tuple(words) for kind, words in _WORDS["count_kinds"].items()}
NUMBER_WORDS: tuple[str, ...] = tuple(_WORDS["number_words"])
TOTALS: tuple[str, ...] = tuple(_WORDS["totals"])
SELECTED_VALUES: tuple[str, ...] = tuple(_WORDS["selected_values"])
FOR_NO_VALUE = frozenset(_WORDS["no_value"])
"""Words that stand where a value is missing, or is kept back, as `plain_word` has them (N.C. is "n c")."""


def plain_word(text: str) -> str:
    """A text without accents, capitals and signs, words joined by one space.

    >>> plain_word("Situation_Familiale (été)")
    'situation familiale ete'
    """
    letters = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in letters if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[a-z0-9%]+", kept))


def has_word(name: str, words: str) -> bool:
    """Whether a column's name holds one of the words (several words are joined by _ in the list).

    >>> has_word("Score_Risque_2019", "score rang"), has_word("language", "age")
    (True, False)
    """
    plain = f" {plain_word(name)} "
    return any(f" {word.replace('_', ' ')} " in plain for word in words.split())
