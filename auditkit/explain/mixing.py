"""Scores of mixed rows: some variables from one person, the rest from another.

A score that is a sum of one-variable parts under a link needs no model for that, only its parts; any other score is
asked through its own `score`, in batches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from auditkit.explain.model_inputs import Inputs

__all__ = ["AdditiveMixer", "Link", "Mixer", "ModelMixer", "linked"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_BATCH = 400_000
"""How many mixed rows are scored at once: 30 variables of them take about 100 MB."""


class Link:
    """The names of the links from a sum to a score."""

    IDENTITY = "identity"
    LOGISTIC = "logistic"
    EXPONENTIAL = "exp"


def linked(link: str, total: Floats, scale: float = 1.0) -> Floats:
    """The score of a sum: as it is, 1 / (1 + exp(-sum)) or exp(sum), times a scale.

    >>> linked("logistic", np.array([0.0]), 100.0).tolist()
    [50.0]
    """
    if link == Link.LOGISTIC:
        value = 1.0 / (1.0 + np.exp(-np.clip(total, -700.0, 700.0)))
    elif link == Link.EXPONENTIAL:
        value = np.exp(np.minimum(total, 709.0))
    else:
        value = total
    return np.asarray(value * scale, dtype=np.float64)


class Mixer(Protocol):
    """What gives the scores of mixed rows."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables."""
        ...

    def whole(self, rows: Integers) -> Floats:
        """The scores of rows as they are."""
        ...

    def mixed(self, x: Integers, b: Integers, takes_x: Flags) -> Floats:
        """The scores of len(x) rows that take the variables marked in `takes_x` from row x, the others from row b."""
        ...

    def differs(self, x: Integers, b: Integers) -> Flags:
        """Which variables of the pairs can make a difference: pairs x variables."""
        ...


@dataclass(frozen=True)
class ModelMixer:
    """Any score, asked through a function of inputs. `used` marks the variables that can count at all."""

    inputs: Inputs
    score: Callable[[Inputs], Floats]
    used: Flags | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables."""
        return self.inputs.columns

    def whole(self, rows: Integers) -> Floats:
        """The scores of rows as they are."""
        return _batched(self.score, self.inputs, self.inputs.values, rows)

    def mixed(self, x: Integers, b: Integers, takes_x: Flags) -> Floats:
        """The scores of mixed rows."""
        found = np.empty(len(x))
        for start in range(0, len(x), _BATCH):
            part = slice(start, start + _BATCH)
            values = np.where(takes_x[part], self.inputs.values[x[part]], self.inputs.values[b[part]])
            found[part] = self.score(self.inputs.with_values(values))
        return found

    def differs(self, x: Integers, b: Integers) -> Flags:
        """Which variables of the pairs have unequal values (two missing values are equal)."""
        one, other = self.inputs.values[x], self.inputs.values[b]
        unequal = (one != other) & ~(np.isnan(one) & np.isnan(other))
        return np.asarray(unequal if self.used is None else unequal & self.used, dtype=np.bool_)


def _batched(score: Callable[[Inputs], Floats], inputs: Inputs, values: Floats, rows: Integers) -> Floats:
    found = np.empty(len(rows))
    for start in range(0, len(rows), _BATCH):
        part = slice(start, start + _BATCH)
        found[part] = score(inputs.with_values(values[rows[part]]))
    return found


@dataclass(frozen=True)
class AdditiveMixer:
    """A score that is link(base + one part a variable) times scale: `parts` is rows x variables."""

    names: tuple[str, ...]
    parts: Floats
    base: float
    link: str = Link.IDENTITY
    scale: float = 1.0

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables."""
        return self.names

    @property
    def is_linear(self) -> bool:
        """Whether the score itself is the sum."""
        return self.link == Link.IDENTITY

    def margin(self, rows: Integers) -> Floats:
        """The sums before the link."""
        return np.asarray(self.base + self.parts[rows].sum(axis=1), dtype=np.float64)

    def whole(self, rows: Integers) -> Floats:
        """The scores of rows as they are."""
        return linked(self.link, self.margin(rows), self.scale)

    def mixed(self, x: Integers, b: Integers, takes_x: Flags) -> Floats:
        """The scores of mixed rows."""
        total = self.base + np.where(takes_x, self.parts[x], self.parts[b]).sum(axis=1)
        return linked(self.link, np.asarray(total, dtype=np.float64), self.scale)

    def differs(self, x: Integers, b: Integers) -> Flags:
        """Which variables of the pairs have unequal parts."""
        return np.asarray(self.parts[x] != self.parts[b], dtype=np.bool_)
