"""People in one household, class or office are alike, and so are decisions made at one desk: a thousand rows
of a hundred clusters tell less than a thousand rows. Here the spread between clusters gives each rate the
number of independent rows it is worth, and the intervals for rates and gaps take it from there."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit

from auditkit.inference.array_shapes import BooleanArray, FloatArray, divide, floats, quantile_of, quietly
from auditkit.inference.bootstrap import FEWEST_CLUSTERS
from auditkit.inference.rate_intervals import newcombe, wilson
from auditkit.inference.ratio_intervals import ratio_interval, ratio_test

CONTRIBUTORS = 2.5


@dataclass(frozen=True)
class ClusterRate:
    """A rate over clusters, its interval and what it rests on."""

    value: FloatArray
    lower: FloatArray
    """NaN under 20 clusters with rows, as is `upper`."""
    upper: FloatArray
    effective_n: FloatArray
    """The number of independent rows that would give this interval by Wilson's formula."""
    degrees: FloatArray
    clusters: FloatArray
    """Clusters with rows."""
    few_clusters: BooleanArray


@dataclass(frozen=True)
class ClusterGap:
    """Difference and ratio of two rates over the same clusters; all NaN where either has under 20
    clusters."""

    difference: FloatArray
    difference_lower: FloatArray
    difference_upper: FloatArray
    ratio: FloatArray
    ratio_lower: FloatArray
    ratio_upper: FloatArray
    p_value: FloatArray
    degrees: FloatArray
    few_clusters: BooleanArray


@dataclass(frozen=True)
class ClusterSpread:
    """What one rate's clusters say: the rate, how far it moves when each is left out, the variance from
    that."""

    rate: FloatArray
    moves: FloatArray
    variance: FloatArray
    clusters: FloatArray
    most: FloatArray
    alone: FloatArray
    total: FloatArray


def cluster_spread(numerator: ArrayLike, denominator: ArrayLike, rows: ArrayLike | None) -> ClusterSpread:
    cases, sizes = np.broadcast_arrays(floats(numerator), floats(denominator))
    there = sizes > 0
    total = sizes.sum(axis=-1)
    rate = divide(cases.sum(axis=-1), total)
    moves = np.nan_to_num(divide(cases - rate[..., None] * sizes, total[..., None] - sizes))
    clusters = floats(there.sum(axis=-1))
    variance = divide(clusters - 1.0, clusters) * (moves**2).sum(axis=-1)
    most = floats(total if rows is None else rows)
    alone = np.minimum(divide(total**2, (sizes**2).sum(axis=-1)), most)
    return ClusterSpread(rate, moves, variance, clusters, most, alone, most)


def contributing_degrees(moves: FloatArray, clusters: FloatArray) -> FloatArray:
    """Clusters - 1, or fewer where a few clusters make the whole variance."""
    second, fourth = (moves**2).sum(axis=-1), (moves**4).sum(axis=-1)
    contributors = np.where(fourth > 0, divide(second**2, fourth), np.inf)
    return np.minimum(clusters, CONTRIBUTORS * contributors) - 1.0


def worth(spread: ClusterSpread, factor: FloatArray | float) -> FloatArray:
    """Independent rows a rate is worth, at most its own rows, times what moving together with another rate does to the
    gap between them; where the rate is 0 or 1, as if clusters were alike."""
    with quietly():
        mixed = (spread.rate > 0) & (spread.rate < 1)
        rows = np.where(spread.variance > 0, spread.rate * (1.0 - spread.rate) / spread.variance, np.inf)
        return np.where(mixed, np.minimum(rows, spread.most) * factor, spread.alone)


def _student(degrees: FloatArray, confidence: ArrayLike) -> FloatArray:
    """(z/t)^2: what Student's t takes off the effective number of rows."""
    with quietly():
        t = -stdtrit(np.maximum(degrees, 1e-9), (1.0 - floats(confidence)) / 2.0)
        return floats((quantile_of(confidence) / t) ** 2)


def cluster_interval(
    numerator_by_cluster: ArrayLike,
    denominator_by_cluster: ArrayLike,
    confidence: ArrayLike = 0.95,
    rows: ArrayLike | None = None,
) -> ClusterRate:
    """Between which limits does a rate lie, when its rows come in clusters?

    Total cases over total rows. Its variance is the jackknife's: how far the rate moves when each cluster is left
    out. p(1-p)/variance rows would be as informative if independent (at most the rows there are: `rows`, or the sum
    of the denominators); with Student's t for z they go into Wilson's formula. Degrees: clusters - 1, but never more
    than 2.5 times the number of clusters that make the variance ((sum of squared moves)^2 / sum of fourth powers) -
    1, as a few eventful clusters in a hundred are few clusters (docs/coverage.md: the plain rate +- t standard errors
    holds in as few as 87 %). Rates of 0 and 1 count clusters, not rows. Last axis: clusters. Under 20 with rows, no
    interval. Source: Korn and Graubard, Survey Methodology 24 (1998) 193; Efron and Stein (1981) for the jackknife.
    Example: 40 clusters of 10 rows with 0 to 3 cases each.

    >>> rate = cluster_interval(np.arange(40) % 4, np.full(40, 10))
    >>> print(f"{rate.value:.2f}: {rate.lower:.3f} to {rate.upper:.3f}, worth {rate.effective_n:.0f} rows")
    0.15: 0.117 to 0.190, worth 374 rows
    """
    spread = cluster_spread(numerator_by_cluster, denominator_by_cluster, rows)
    degrees = contributing_degrees(spread.moves, spread.clusters)
    few = spread.clusters < FEWEST_CLUSTERS
    size = np.where(few, np.nan, worth(spread, 1.0) * _student(degrees, confidence))
    lower, upper = wilson(spread.rate * size, size, confidence)
    return ClusterRate(spread.rate, lower, upper, size, degrees, spread.clusters, np.asarray(few))


FEW_DISCORDANT = 3.0
"""Cases that may set the groups apart without one having been seen."""


@dataclass(frozen=True)
class JointSpread:
    """How two rates move together over the clusters they share."""

    one: ClusterSpread
    other: ClusterSpread
    shared: FloatArray
    """Their covariance; 0 where no cluster holds both groups."""
    degrees: FloatArray
    few: BooleanArray

    def variance(self, slope: ArrayLike = 1.0) -> FloatArray:
        """Of the group's rate less `slope` times the reference's; never under that of three discordant cases."""
        least = divide(FEW_DISCORDANT, self.one.total * self.other.total)
        together = self.one.variance + floats(slope) ** 2 * self.other.variance - 2.0 * floats(slope) * self.shared
        return np.maximum(together, least)

    def factor(self, slope: ArrayLike = 1.0) -> FloatArray:
        """Times how many rows the two are worth for a gap, for moving together."""
        apart = self.one.variance + floats(slope) ** 2 * self.other.variance
        with quietly():
            return np.where(np.isnan(apart) | (self.shared == 0) | ~(apart > 0), 1.0, apart / self.variance(slope))


def joint_spread(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    rows: ArrayLike | None = None,
    reference_rows: ArrayLike | None = None,
) -> JointSpread:
    """Both rates over the same clusters (last axis), linearised together."""
    one = cluster_spread(numerator, denominator, rows)
    other = cluster_spread(reference_numerator, reference_denominator, reference_rows)
    here, there = floats(denominator) > 0, floats(reference_denominator) > 0
    either = floats((here | there).sum(axis=-1))
    shared = divide(either - 1.0, either) * (one.moves * other.moves).sum(axis=-1)
    shared = np.where((here & there).any(axis=-1), shared, 0.0)
    few = (one.clusters < FEWEST_CLUSTERS) | (other.clusters < FEWEST_CLUSTERS)
    return JointSpread(one, other, shared, contributing_degrees(one.moves - other.moves, either), np.asarray(few))


def cluster_gap(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    confidence: ArrayLike = 0.95,
    rows: ArrayLike | None = None,
    reference_rows: ArrayLike | None = None,
) -> ClusterGap:
    """How far apart are two groups' rates, when both are spread over the same clusters?

    Where clusters hold members of both groups, the difference has the variance of the difference itself, both rates
    linearised together (each cluster left out in turn), with Student's t: what the groups share does not blur their
    gap, and there is no cap at the precision of independent rows. Where no cluster holds both, each rate gets the
    number of independent rows it is worth, as in `cluster_interval`, and these go into Newcombe's interval. The ratio:
    those numbers, times what moving together does to the variance of its logarithm, in Miettinen and Nurminen's
    interval. Last axis: clusters, the same for both groups; a cluster may lack one of them. NaN where either has under
    20 clusters with rows. Source: Korn and Graubard (1998); Newcombe (1998); Miettinen and Nurminen (1985). Example: in
    each of 40 clusters the group has one case more than the reference.

    >>> cases = np.arange(40) % 4
    >>> gap = cluster_gap(cases + 1, np.full(40, 10), cases, np.full(40, 10))
    >>> print(f"{gap.difference:.2f}: {gap.difference_lower:.3f} to {gap.difference_upper:.3f}")
    0.10: 0.091 to 0.109
    """
    joint = joint_spread(numerator, denominator, reference_numerator, reference_denominator, rows, reference_rows)
    one, other, few = joint.one, joint.other, joint.few
    student = np.where(few, np.nan, _student(joint.degrees, confidence))
    with quietly():
        ratio = np.where(few, np.nan, one.rate / other.rate)
        factor = np.where((one.rate > 0) & (other.rate > 0), joint.factor(ratio), 1.0)
        t = -stdtrit(np.maximum(joint.degrees, 1e-9), (1.0 - floats(confidence)) / 2.0)
    width = np.where(few, np.nan, t * np.sqrt(joint.variance()))
    alone = [worth(spread, 1.0) * student for spread in (one, other)]
    n, n0 = (worth(spread, factor) * student for spread in (one, other))
    difference = np.where(few, np.nan, one.rate - other.rate)
    lower, upper = newcombe(one.rate * alone[0], alone[0], other.rate * alone[1], alone[1], confidence)
    together = joint.shared != 0
    p_value = ratio_test(one.rate * alone[0], alone[0], other.rate * alone[1], alone[1])
    with quietly():
        p_joint = 2.0 * stdtr(joint.degrees, -np.abs(difference) / np.sqrt(joint.variance()))
    return ClusterGap(
        difference,
        np.where(together, difference - width, lower),
        np.where(together, difference + width, upper),
        ratio,
        *ratio_interval(one.rate * n, n, other.rate * n0, n0, confidence),
        np.where(together, p_joint, p_value),
        joint.degrees,
        few,
    )
