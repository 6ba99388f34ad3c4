"""Score bins shared by all groups, and how far outcomes are from scores within them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.cell_filter import chosen
from auditkit.counts.count_table import Cells, Tabulation
from auditkit.findings.group_views import View
from auditkit.findings.rate_figures import Figures
from auditkit.inference import calibration_error_by_bin
from auditkit.spec import AuditSpec

__all__ = ["CALIBRATION_BINS", "by_bin_figures", "even_bins", "group_index"]

Floats = NDArray[np.float64]

CALIBRATION_BINS = 10


def even_bins(rows: Floats, count: int) -> list[tuple[int, int]]:
    """Neighbouring score bins joined into at most `count` of nearly equal size: first and last bin of each.

    >>> even_bins(np.array([5.0, 5, 5, 5]), 2)
    [(0, 1), (2, 3)]
    """
    share = np.cumsum(rows) / max(rows.sum(), 1.0)
    ends = sorted({int(np.searchsorted(share, (i + 1) / count - 1e-12)) for i in range(count)} - {len(rows)})
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if a <= b]


def group_index(cells: Cells, found: View) -> NDArray[np.int64]:
    """The place of each cell's group in the view; -1 for groups that the view leaves out."""
    place = {group: i for i, group in enumerate(found.counts.groups)}
    if not found.names:
        return np.zeros(len(cells), dtype=np.int64)
    sizes = [len(cells.level(name).values) for name in found.names]
    joint = np.ravel_multi_index([cells.codes[name] for name in found.names], sizes)
    levels = [cells.level(name).values for name in found.names]
    occurring, inverse = np.unique(joint, return_inverse=True)
    where = [
        place.get(tuple(level[code] for level, code in zip(levels, np.unravel_index(o, sizes), strict=True)), -1)
        for o in occurring
    ]
    return np.array(where, dtype=np.int64)[inverse]


def by_bin_figures(tabulation: Tabulation, found: View, spec: AuditSpec) -> Figures:
    """The debiased calibration error over ten common bins; its chi-square and degrees stand as the counts.

    Bins hold nearly equal numbers of rows; under weights a bin is worth its effective rows, and there is no test.

    No percentile interval: of a debiased root it does not hold. The test is the chi-square against "every score
    is the chance it says".
    """
    cells = tabulation.score_table(found.names)
    scale = tabulation.scale
    assert cells is not None
    assert scale is not None
    keep = (cells.score_bin >= 0) & (cells.outcome >= 0)
    if spec.arm is not None:
        keep &= cells.arm == 1
    cells = chosen(cells, keep)
    where, groups = group_index(cells, found), len(found.counts)
    cells, where = chosen(cells, where >= 0), where[where >= 0]
    shape = (groups, len(scale))
    flat = where * len(scale) + cells.score_bin

    def total(values: Floats) -> Floats:
        added: Floats = np.bincount(flat, values, minlength=groups * len(scale)).astype(np.float64)
        return added.reshape(shape)

    assert cells.score_sum is not None
    assert cells.score_squared is not None
    counts, rows = total(cells.weight), total(cells.n)
    sums = (counts, total(cells.score_sum), total(cells.weight * (cells.outcome == 1)), total(cells.score_squared),
            total(cells.weight_squared))  # fmt: skip
    bins = even_bins(rows.sum(axis=0), CALIBRATION_BINS)
    joined = [np.stack([part[:, a : b + 1].sum(axis=1) for a, b in bins], axis=-1) if bins else part for part in sums]
    in_bin, scores, happened, squared, weights_squared = joined
    result = calibration_error_by_bin(
        in_bin, scores, happened, squared, weights_squared if tabulation.weighted else None
    )
    n, positive = rows.sum(axis=-1), total(cells.n * (cells.outcome == 1)).sum(axis=-1)
    degrees = np.full(groups, np.nan) if tabulation.weighted else result.degrees
    blank, none = np.full(groups, np.nan), np.full(groups, None, dtype=object)
    none[np.isnan(result.error)] = "no_outcome"
    return Figures(result.error, blank, blank, result.statistic, degrees, n, none, "debiased",
                   np.zeros(groups, dtype=bool), blank, blank, (positive, n - positive))  # fmt: skip
