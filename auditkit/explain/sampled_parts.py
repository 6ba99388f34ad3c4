"""From drawn pairs to parts that sum to the gap known from all rows, with the error that drawing leaves.

Two things are known of everyone: how each variable is spread in each group (16 bins), and the gap itself. The first
is a control for each variable (what its moves depend on its own bins), the second is one for all parts together: what
they miss of the gap is shared out by regression on the whole difference. Statistics, section 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.explain.model_inputs import Floats
from auditkit.explain.variable_bins import WIDTH

__all__ = ["Controls", "Estimated", "Sample", "estimate_parts", "fit_controls"]

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Sample:
    """Drawn pairs of one group and its reference: moves (pairs x variables) and the bins of both people."""

    moves: Floats
    x_bins: Codes
    b_bins: Codes

    def __len__(self) -> int:
        return len(self.moves)


@dataclass(frozen=True)
class Controls:
    """What a variable's move is expected to be: height at the bin of x less height at the bin of b."""

    heights: Floats

    def expected(self, sample: Sample) -> Floats:
        """The expected moves of each pair."""
        variable = np.arange(self.heights.shape[0])[None, :]
        return np.asarray(self.heights[variable, sample.x_bins] - self.heights[variable, sample.b_bins])

    def over_all(self, shares: Floats, reference_shares: Floats) -> Floats:
        """The expected move of each variable over all rows."""
        return np.asarray((self.heights * (shares - reference_shares)).sum(axis=1))

    def spread(self, shares: Floats) -> Floats:
        """The variance of the heights among the people of a group."""
        mean = (self.heights * shares).sum(axis=1)
        return np.asarray(np.maximum((self.heights**2 * shares).sum(axis=1) - mean**2, 0.0))


@dataclass(frozen=True)
class Estimated:
    """The parts of one gap, the standard error of drawing, and the variance of what no control explains."""

    parts: Floats
    error: Floats
    rest_variance: Floats
    nonzero: NDArray[np.int64]


def fit_controls(samples: Sequence[Sample]) -> Controls:
    """The heights that fit the moves of all samples best (least squares; the model is the same for every group)."""
    variables = samples[0].moves.shape[1]
    heights = np.zeros((variables, WIDTH))
    for k in range(variables):
        pairs = np.concatenate([s.x_bins[:, k].astype(np.int64) * WIDTH + s.b_bins[:, k] for s in samples])
        moves = np.concatenate([s.moves[:, k] for s in samples])
        if moves.any():
            heights[k] = _heights(pairs, moves)
    return Controls(heights)


def _heights(pairs: NDArray[np.int64], moves: Floats) -> Floats:
    count = np.bincount(pairs, minlength=WIDTH * WIDTH).reshape(WIDTH, WIDTH).astype(np.float64)
    total = np.bincount(pairs, weights=moves, minlength=WIDTH * WIDTH).reshape(WIDTH, WIDTH)
    both = count + count.T
    laplacian = np.diag(both.sum(axis=1)) - both
    np.fill_diagonal(laplacian, both.sum(axis=1) - np.diag(both))
    return np.asarray(np.linalg.pinv(laplacian, hermitian=True) @ (total.sum(axis=1) - total.sum(axis=0)))


def estimate_parts(
    sample: Sample, controls: Controls, shares: Floats, reference_shares: Floats, gap: float, fixed: Fixed | None = None
) -> Estimated:
    """The parts of a gap.

    Each is what its control says of all rows, plus the mean of what the control leaves in the pairs, plus its share of
    what all of these miss of `gap`: the parts sum to it exactly. `fixed` are parts known better (topped up).
    """
    n = len(sample)
    rest = sample.moves - controls.expected(sample)
    parts = controls.over_all(shares, reference_shares) + rest.mean(axis=0)
    free = np.ones(len(parts), dtype=np.bool_)
    if fixed is not None:
        parts = np.where(fixed.known, fixed.parts, parts)
        free = ~fixed.known
    used = sample.moves.any(axis=0) & free
    whole = np.where(free, rest, 0.0).sum(axis=1)
    slopes = _slopes(rest, whole, used)
    missed = gap - float(parts.sum())
    parts = parts + slopes * missed
    left = rest - rest.mean(axis=0) - np.outer(whole - whole.mean(), slopes)
    freedom = max(1, n - WIDTH)
    variance = (left**2).sum(axis=0) / freedom
    error = np.sqrt(variance / n)
    if fixed is not None:
        error = np.where(fixed.known, fixed.error, error)
    parts = _closed(parts, gap, used)
    return Estimated(parts, error, variance, (sample.moves != 0).sum(axis=0))


@dataclass(frozen=True)
class Fixed:
    """Parts of rare variables, worked out from pairs drawn for them."""

    known: NDArray[np.bool_]
    parts: Floats
    error: Floats


def _slopes(rest: Floats, whole: Floats, used: NDArray[np.bool_]) -> Floats:
    """The slope of each variable's rest on the whole rest; they sum to 1."""
    centred = whole - whole.mean()
    variance = float(centred @ centred)
    size = np.abs(rest).max(initial=0.0)
    if variance > 1e-18 * max(1.0, size * size) * len(whole):
        slopes = np.where(used, (rest - rest.mean(axis=0)).T @ centred / variance, 0.0)
        total = slopes.sum()
        if abs(total) > 1e-9:
            return np.asarray(slopes / total)
    count = int(used.sum())
    return np.where(used, 1.0 / count, 0.0) if count else np.zeros(len(used))


def _closed(parts: Floats, gap: float, used: NDArray[np.bool_]) -> Floats:
    """The last rounding error goes to the largest part."""
    if used.any():
        largest = int(np.argmax(np.where(used, np.abs(parts), -1.0)))
        parts = parts.copy()
        parts[largest] += gap - float(parts.sum())
    return parts
