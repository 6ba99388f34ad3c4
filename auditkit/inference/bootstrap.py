"""For figures without a closed form: draw the count table again, many times, cell by cell. No rows are
needed, adding a measure moves no other number, and a replicate that has no value widens the interval instead
of vanishing from it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from auditkit.inference.array_shapes import BooleanArray, FloatArray, divide, floats, quietly

BATCH_BYTES = 64 * 1024 * 1024
MOST_UNDEFINED = 0.01
FEWEST_CLUSTERS = 20

Statistic = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Bootstrap:
    """A figure, its interval and its standard deviation over replicates."""

    estimate: FloatArray
    lower: FloatArray
    """NaN where not computed, as are `upper` and `standard_deviation`."""
    upper: FloatArray
    standard_deviation: FloatArray
    undefined: FloatArray
    """Share of replicates in which the figure has no value."""
    computed: BooleanArray
    """False where over 1 % of replicates are undefined, the figure itself is, or there are under 20
    clusters."""


def stream(seed: int, key: str) -> np.random.Generator:
    """Which random numbers belong to this figure, and to no other?

    A generator seeded with the audit's seed and the CRC32 of a key such as "analysis|attribute|measure": the
    same whenever and in whatever order the figure is computed. Source: numpy, SeedSequence.

    >>> bool(stream(7, "main|sex|burden").random() == stream(7, "main|sex|burden").random())
    True
    """
    return np.random.default_rng(np.random.SeedSequence([seed, crc32(key.encode())]))


def replicate_weights(
    weight: ArrayLike,
    weight_squared: ArrayLike,
    replicates: int,
    generator: np.random.Generator,
    batch_bytes: int = BATCH_BYTES,
) -> Iterator[FloatArray]:
    """Which weights might the cells have had, if other people like these had come?

    For each cell (W2/W) times a Poisson number of mean W^2/W2: expectation W and variance W2, and plain
    Poisson(n) without weights. Yields arrays of replicates x cells, each of at most `batch_bytes`; the
    numbers do not depend on the size of the batches. A cell without weight stays at 0. Source: statistics
    page, section 3 (plain Poisson on weighted counts covers 76 to 78 %). Example: a cell of 3 rows with
    weight 2 each.

    >>> draw = next(replicate_weights([6.0], [12.0], 4, stream(1, "example")))
    >>> draw.shape, set((draw % 2.0).ravel().tolist())
    ((4, 1), {0.0})
    """
    total, squared = np.broadcast_arrays(floats(weight), floats(weight_squared))
    unit = np.nan_to_num(divide(squared, total))
    rate = np.nan_to_num(divide(total, unit))
    rows = max(1, batch_bytes // (16 * max(total.size, 1)))  # counts and weights, 8 bytes each
    for first in range(0, replicates, rows):
        yield unit * generator.poisson(rate, size=(min(rows, replicates - first), *total.shape))


def bootstrap(
    cell_columns: ArrayLike,
    statistic: Statistic,
    weight: ArrayLike,
    weight_squared: ArrayLike,
    replicates: int = 2000,
    seed: int = 0,
    key: str = "",
    confidence: float = 0.95,
) -> Bootstrap:
    """Between which limits does a figure built from a count table lie, when no formula says so?

    `cell_columns` (cells x any shape) says what one unit of a cell's weight adds to each total: 1 or 0 for
    counts, the cell's mean for a score. `statistic` turns totals (replicates x that shape) into figures
    (replicates x any shape). Percentile interval over replicates, from order statistics. An undefined
    replicate counts as minus infinity for the lower and as infinity for the upper end; with over 1 % of them
    nothing is computed. Roll cells up to the columns the figure needs first. Source: Efron and Tibshirani
    (1993), Hanley and MacGibbon (2006) for Poisson. Example: the ratio of two counts, 50 and 100.

    >>> counts = [50.0, 100.0]
    >>> result = bootstrap(np.eye(2), lambda t: t[..., 0] / t[..., 1], counts, counts, 4000, 1, "example")
    >>> print(f"{result.estimate:.2f}: {result.lower:.2f} to {result.upper:.2f}")
    0.50: 0.35 to 0.70
    """
    columns = floats(cell_columns)
    generator = stream(seed, key)
    with quietly():
        estimate = floats(statistic(np.tensordot(floats(weight), columns, axes=(0, 0))[None])[0])
        drawn = np.concatenate([
            floats(statistic(np.tensordot(batch, columns, axes=(1, 0))))
            for batch in replicate_weights(weight, weight_squared, replicates, generator)
        ])  # fmt: skip
    missing = np.isnan(drawn)
    tail = int(np.floor((1.0 - confidence) / 2.0 * (replicates - 1)))
    lower = np.sort(np.where(missing, -np.inf, drawn), axis=0)[tail]
    upper = np.sort(np.where(missing, np.inf, drawn), axis=0)[replicates - 1 - tail]
    return _result(estimate, lower, upper, drawn, 0)


def cluster_bootstrap(
    cluster_totals: ArrayLike,
    statistic: Statistic,
    replicates: int = 2000,
    seed: int = 0,
    key: str = "",
    confidence: float = 0.95,
) -> Bootstrap:
    """The same for rows that come in clusters (households, schools, offices), whose members are alike.

    Whole clusters are drawn again, each a Poisson number of times with mean 1. The interval is the figure +-
    Student's t with one degree fewer than clusters, times the standard deviation over replicates. Under 20
    clusters nothing is computed. `cluster_totals` is clusters x any shape, and `statistic` as in `bootstrap`.
    Source: statistics page, section 3. Example: 40 clusters of 10 rows with 0 to 3 cases each.

    >>> totals = np.column_stack([np.arange(40) % 4, np.full(40, 10)])
    >>> result = cluster_bootstrap(totals, lambda t: t[..., 0] / t[..., 1], 4000, 1, "example")
    >>> print(f"{result.estimate:.2f}: {result.lower:.2f} to {result.upper:.2f}")
    0.15: 0.11 to 0.19
    """
    totals = floats(cluster_totals)
    ones = np.ones(len(totals))
    with quietly():
        estimate = floats(statistic(totals.sum(axis=0)[None])[0])
        drawn = np.concatenate([
            floats(statistic(np.tensordot(batch, totals, axes=(1, 0))))
            for batch in replicate_weights(ones, ones, replicates, stream(seed, key))
        ])  # fmt: skip
        width = _deviation(drawn) * float(-stdtrit(max(len(totals) - 1, 1), (1.0 - confidence) / 2.0))
    return _result(estimate, estimate - width, estimate + width, drawn, FEWEST_CLUSTERS - len(totals))


def _deviation(drawn: FloatArray) -> FloatArray:
    """Standard deviation over the replicates that have a value."""
    valued = np.isfinite(drawn)
    count = valued.sum(axis=0)
    mean = divide(np.where(valued, drawn, 0.0).sum(axis=0), count)
    squares = np.where(valued, (np.where(valued, drawn, 0.0) - mean) ** 2, 0.0).sum(axis=0)
    return np.sqrt(divide(squares, count - 1))


def _result(
    estimate: FloatArray, lower: FloatArray, upper: FloatArray, drawn: FloatArray, clusters_missing: int
) -> Bootstrap:
    undefined = floats(np.isnan(drawn).mean(axis=0))
    computed = (undefined <= MOST_UNDEFINED) & ~np.isnan(estimate) & (clusters_missing <= 0)
    lower, upper, deviation = (np.where(computed, value, np.nan) for value in (lower, upper, _deviation(drawn)))
    return Bootstrap(estimate, lower, upper, deviation, undefined, np.asarray(computed))
