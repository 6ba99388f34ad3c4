"""Score bins shared by all groups, and how far outcomes are from scores within them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import calibration_error_by_bin
from auditkit.measures.estimates import Estimates
from auditkit.protect.released import POSITIVE, SEEN, Steps

__all__ = ["CALIBRATION_BINS", "calibration_by_bin", "even_bins"]

Floats = NDArray[np.float64]

CALIBRATION_BINS = 10


def even_bins(rows: Floats, count: int) -> list[tuple[int, int]]:
    """Neighbouring score bins joined into at most `count` of nearly equal size: first and last bin of each.

    >>> even_bins(np.array([5.0, 5, 5, 5]), 2)
    [(0, 1), (2, 3)]
    >>> even_bins(np.zeros(3), 2)  # no step of the score may be shown
    []
    """
    share = np.cumsum(rows) / max(rows.sum(), 1.0)
    ends = sorted({int(np.searchsorted(share, (i + 1) / count - 1e-12)) for i in range(count)} - {len(rows)})
    starts = [0, *(end + 1 for end in ends[:-1])] if ends else []
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a <= b]


def calibration_by_bin(steps: Steps, weighted: bool) -> Estimates:
    """The debiased calibration error over ten common bins; its chi-square and degrees stand as the counts.

    Bins hold nearly equal numbers of rows; under weights a bin is worth its effective rows, and there is no test.

    No percentile interval: of a debiased root it does not hold. The test is the chi-square against "every score
    is the chance it says".
    """
    rows = steps.rows[..., SEEN].sum(axis=-1)
    sums = (
        steps.weights[..., SEEN],
        steps.score_sum[..., SEEN],
        steps.weights[..., POSITIVE],
        steps.score_squared[..., SEEN],
        steps.squares[..., SEEN],
    )
    bins = even_bins(rows.sum(axis=0), CALIBRATION_BINS)
    by_step = [array.sum(axis=-1) for array in sums]
    joined = [
        np.stack([part[:, a : b + 1].sum(axis=1) for a, b in bins], axis=-1) if bins else part for part in by_step
    ]
    in_bin, scores, happened, squared, weights_squared = joined
    result = calibration_error_by_bin(in_bin, scores, happened, squared, weights_squared if weighted else None)
    n, positive = rows.sum(axis=-1), steps.rows[..., POSITIVE].sum(axis=(1, 2))
    degrees = np.full(len(n), np.nan) if weighted else result.degrees
    reason = np.full(len(n), None, dtype=object)
    reason[np.isnan(result.error)] = "no_outcome"
    return Estimates.known(result.error, None, n, reason, "debiased", (result.statistic, degrees),
                           (positive, n - positive))  # fmt: skip
