"""Which class the score speaks for: the one that the audit's outcome lists, or that `model: {positive: ...}` names.

A file knows its classes and an audit knows what it looks for; each is held against the other, and where they do not
meet the run stops: the order of two names must never decide who is harmed.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.errors import DataError, SpecError, cut
from auditkit.spec import AuditSpec

__all__ = ["NOTHING_ASKED", "Asked", "asked_class", "folded", "score_class", "two_classes"]

_CODES = ({"0", "1"}, {"-1", "1"})
"""Pairs of classes of which everybody calls 1 the one that is looked for."""


@dataclass(frozen=True)
class Asked:
    """What an audit says of the class: `named` under model: positive; `positive` and `negative` of the outcome."""

    named: object | None = None
    positive: tuple[object, ...] = ()
    negative: tuple[object, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the audit says nothing of any class."""
        return self.named is None and not self.positive and not self.negative


NOTHING_ASKED = Asked()


def asked_class(spec: AuditSpec) -> Asked:
    """What an audit.yaml says of the class whose probability is the score."""
    named = None if spec.model is None else spec.model.positive
    if spec.outcome is None:
        return Asked(named)
    return Asked(named, tuple(spec.outcome.positive or ()), tuple(spec.outcome.negative or ()))


def folded(value: object) -> str:
    """A class as it is compared: 1, 1.0, "1" and true are one, blanks at the ends and case do not count.

    >>> folded(1.0), folded("1"), folded(True), folded(" Bad "), folded("01")
    ('1', '1', '1', 'bad', '01')
    """
    if isinstance(value, (bool, np.bool_)):
        return "1" if value else "0"
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        return str(int(number)) if math.isfinite(number) and number == int(number) else repr(number)
    text = unicodedata.normalize("NFC", str(value)).strip().casefold()
    if text in ("true", "false"):
        return "1" if text == "true" else "0"
    whole, point, rest = text.partition(".")
    return whole if point and not rest.strip("0") and whole.lstrip("-").isdigit() else text


def two_classes(classes: Sequence[object], file: str) -> tuple[object, object]:
    """The two classes of a model. Raises DataError for any other number of them."""
    if len(classes) != 2 or any(isinstance(one, list) for one in classes):
        raise DataError(
            "{model} tells {count} classes apart ({classes}); expected two.",
            model=file,
            count=len(classes),
            classes=cut(", ".join(str(one) for one in classes), 80),
        )
    return classes[0], classes[1]


def score_class(classes: Sequence[object], asked: Asked, file: str) -> int:
    """The place, among two classes, of the one that the score is to speak for.

    `model: positive` decides; else the one class that `outcome` lists; else, where the audit has no outcome, the class
    1 of 0 and 1 (false and true) or of -1 and 1. Raises SpecError with the key to type where none of these is so.

    >>> score_class(["bad", "good"], Asked(positive=("bad",)), "m"), score_class([0, 1], NOTHING_ASKED, "m")
    (0, 1)
    """
    pair = two_classes(classes, file)
    if asked.named is not None:
        places = _places(pair, (asked.named,))
        if len(places) != 1:
            raise SpecError(
                'model: positive names "{value}", which is no class of {file}; its classes are {classes}.',
                value=cut(asked.named),
                file=file,
                classes=_listed(pair),
            )
        return places[0]
    wanted, unwanted = _places(pair, asked.positive), _places(pair, asked.negative)
    if len(wanted) == 1 and wanted != unwanted:
        return wanted[0]
    if not wanted and len(unwanted) == 1:
        return 1 - unwanted[0]
    if asked.empty and {folded(one) for one in pair} in _CODES:
        return next(place for place, one in enumerate(pair) if folded(one) == "1")
    raise _question(pair, asked, file)


def _places(pair: Sequence[object], values: Sequence[object]) -> list[int]:
    exact = [place for place, one in enumerate(pair) if any(type(v) is type(one) and v == one for v in values)]
    if len(exact) == 1 and folded(pair[0]) == folded(pair[1]):
        return exact
    keys = {folded(value) for value in values}
    return [place for place, one in enumerate(pair) if folded(one) in keys]


def _question(pair: Sequence[object], asked: Asked, file: str) -> SpecError:
    listed = [*asked.positive, *asked.negative]
    if listed:
        return SpecError(
            "{file} tells the classes {classes} apart, and outcome lists {found}: from these it cannot be told whose "
            "probability the score is. Write under model: positive: and the class for which a high score speaks, such "
            "as positive: {example}.",
            file=file,
            classes=_listed(pair),
            found=_listed(listed[:6]),
            example=cut(pair[1]),
        )
    return SpecError(
        "{file} tells the classes {classes} apart, and the audit does not say whose probability the score is. Write "
        "under model: positive: and the class for which a high score speaks, such as positive: {example}.",
        file=file,
        classes=_listed(pair),
        example=cut(pair[1]),
    )


def _listed(values: Sequence[object]) -> str:
    return ", ".join(f'"{cut(value)}"' for value in values)
