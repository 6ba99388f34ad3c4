"""Like with like where rows stand or fall together: the rates over strata, their gap and its change, each cluster left
out in turn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit

from auditkit.inference.array_shapes import BooleanArray, FloatArray, divide, floats, quietly
from auditkit.inference.bootstrap import FEWEST_CLUSTERS
from auditkit.inference.cluster_variance import FEW_DISCORDANT, contributing_degrees
from auditkit.inference.gap_claims import GapClaims
from auditkit.inference.like_with_like import CHANGE, LEAST_OVERLAP, LikeWithLike, word_of
from auditkit.inference.melded import LIMITS, Limits


@dataclass(frozen=True)
class ClusteredStrata:
    """What is left of a gap within strata, and the interval of its ratio."""

    alike: LikeWithLike
    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    few_clusters: BooleanArray


@dataclass(frozen=True)
class _Moves:
    """A figure, what it is without each cluster (last axis), the clusters, and the least variance it may have."""

    value: FloatArray
    without: FloatArray
    clusters: FloatArray
    least: FloatArray

    def times(self, factor: float) -> "_Moves":
        return _Moves(self.value * factor, self.without * factor, self.clusters, self.least)

    def less(self, other: "_Moves") -> "_Moves":
        return _Moves(self.value - other.value, self.without - other.without, self.clusters, self.least)

    @property
    def moves(self) -> FloatArray:
        return np.nan_to_num(self.without - self.value[..., None])

    @property
    def error(self) -> FloatArray:
        variance = divide(self.clusters - 1.0, self.clusters) * (self.moves**2).sum(axis=-1)
        return floats(np.sqrt(np.maximum(variance, self.least)))

    @property
    def degrees(self) -> FloatArray:
        return contributing_degrees(self.moves, self.clusters)

    def above(self, degrees: FloatArray, points: float = 0.0) -> FloatArray:
        """The p of the figure not lying above `points`."""
        with quietly():
            return floats(stdtr(np.maximum(degrees, 1.0), -(self.value - points) / self.error))


def clustered_strata(
    cases: ArrayLike, n: ArrayLike, reference_cases: ArrayLike, reference_n: ArrayLike, level: ArrayLike,
    limits: Limits = LIMITS, confidence: float = 0.95,
) -> ClusteredStrata:  # fmt: skip
    """Among like cases, what becomes of the gap, when rows come in clusters?

    As `like_with_like`, with the variance of every figure (the gap within strata, the crude one, the change from one to
    the other, the gap of each stratum) from leaving each cluster out in turn, and Student's t with the degrees of the
    clusters that make it. Axes: comparisons, strata, clusters. NaN where either side has under 20 clusters. Source:
    Mantel and Haenszel (1959); Efron and Stein (1981) for the jackknife. Example: 60 clusters in which the group has
    one case more of ten than the reference, in both strata.

    >>> x = np.tile(np.arange(60) % 4, (1, 2, 1))
    >>> found = clustered_strata(x + 1, np.full((1, 2, 60), 10), x, np.full((1, 2, 60), 10), 0.01)
    >>> str(found.alike.word[0]), round(float(found.ratio[0]), 3)
    ('remains', 1.667)
    """
    x, n1, x0, n0 = np.broadcast_arrays(*(floats(one) for one in (cases, n, reference_cases, reference_n)))
    there = (n1.sum(axis=-1) > 0) & (n0.sum(axis=-1) > 0)
    everyone = n1.sum(axis=(-1, -2))
    x, n1, x0, n0 = (np.where(there[..., None], one, 0.0) for one in (x, n1, x0, n0))
    held = [(one.sum(axis=-2) > 0).sum(axis=-1) for one in (n1, n0)]
    few = (held[0] < FEWEST_CLUSTERS) | (held[1] < FEWEST_CLUSTERS)
    clusters = floats(((n1 + n0).sum(axis=-2) > 0).sum(axis=-1))
    parts = (x, n1, x0, n0)
    people, others = n1.sum(axis=(-1, -2)), n0.sum(axis=(-1, -2))
    least = divide(FEW_DISCORDANT, people * others)
    within = [_jackknife(parts, _pair, side, clusters, least) for side in (0, 1)]
    crude = [_jackknife(parts, _crude, side, clusters, least) for side in (0, 1)]
    claims, crude_claims = _claims(within[0], within[1], limits), _claims(crude[0], crude[1], limits)
    a = floats(level)
    word = _word(parts, there, within, crude, (claims, crude_claims), clusters, a, limits)
    enough = (people >= LEAST_OVERLAP * everyone) & there.any(axis=-1) & ~few
    blank = np.where(enough, 1.0, np.nan)
    low, high = _ratio_interval(within, confidence)
    alike = LikeWithLike(
        np.where(enough, word, "cannot_tell").astype(object), within[0].value * blank, within[1].value * blank,
        GapClaims(claims.no_gap * blank, claims.beyond * blank, claims.inside * blank, claims.test), crude_claims,
        people, everyone, others, np.full(people.shape, np.nan),
    )  # fmt: skip
    with quietly():
        ratio = within[0].value / within[1].value
    return ClusteredStrata(alike, ratio * blank, low * blank, high * blank, np.asarray(few))


Four = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def _pair(x: FloatArray, n1: FloatArray, x0: FloatArray, n0: FloatArray, axis: int) -> tuple[FloatArray, FloatArray]:
    total = np.where(n1 + n0 > 0, n1 + n0, 1.0)
    weight = (n1 * n0 / total).sum(axis=axis)
    return divide((x * n0 / total).sum(axis=axis), weight), divide((x0 * n1 / total).sum(axis=axis), weight)


def _crude(x: FloatArray, n1: FloatArray, x0: FloatArray, n0: FloatArray, axis: int) -> tuple[FloatArray, FloatArray]:
    return divide(x.sum(axis=axis), n1.sum(axis=axis)), divide(x0.sum(axis=axis), n0.sum(axis=axis))


def _jackknife(parts: Four, figure: object, side: int, clusters: FloatArray, least: FloatArray) -> _Moves:
    """One of the two rates, whole and without each cluster."""
    sums = [one.sum(axis=-1) for one in parts]
    without = [whole[..., None] - one for whole, one in zip(sums, parts, strict=True)]
    value = figure(*sums, -1)[side]  # type: ignore[operator]
    return _Moves(value, figure(*without, -2)[side], clusters, least)  # type: ignore[operator]


def _claims(one: _Moves, other: _Moves, limits: Limits) -> GapClaims:
    """The three p of a gap between two rates that move together."""
    gap = one.less(other)
    df = gap.degrees
    up, down = one.less(other.times(limits.ratio)), one.less(other.times(1.0 / limits.ratio))
    over = np.minimum(up.above(df), gap.above(df, limits.points))  # above either upper limit
    not_over = np.maximum(1.0 - up.above(df), 1.0 - gap.above(df, limits.points))
    under = np.minimum(1.0 - down.above(df), 1.0 - gap.above(df, -limits.points))
    not_under = np.maximum(down.above(df), gap.above(df, -limits.points))
    above = gap.above(df)
    no_gap = np.minimum(2.0 * np.minimum(above, 1.0 - above), 1.0)
    no_gap = np.where(one.value + other.value > 0, no_gap, np.nan)
    one_way = np.where(gap.value >= 0, over + not_under, under + not_over)
    beyond = np.maximum(no_gap, np.minimum(one_way, 1.0))
    inside = np.where(np.isnan(no_gap), np.nan, np.maximum(not_over, not_under))
    return GapClaims(no_gap, beyond, inside, np.where(np.isnan(no_gap), "", "mantel_haenszel_clusters"))


def _word(
    parts: Four, there: BooleanArray, within: list[_Moves], crude: list[_Moves], claims: tuple[GapClaims, GapClaims],
    clusters: FloatArray, level: FloatArray, limits: Limits,
) -> NDArray[np.object_]:  # fmt: skip
    gap, apart = within[0].less(within[1]), crude[0].less(crude[1])
    sign = np.where(gap.value < 0, -1.0, 1.0)
    shrunk, grown = (gap.less(apart.times(factor)) for factor in (1.0 / CHANGE, CHANGE))
    below, above = 1.0 - shrunk.above(shrunk.degrees), grown.above(grown.degrees)
    has_shrunk = np.where(sign > 0, below, 1.0 - below) <= level
    has_grown = np.where(sign > 0, above, 1.0 - above) <= level
    opposed = _opposed(parts, there, clusters, level, limits)
    same = np.sign(gap.value) == np.sign(apart.value)
    return word_of(claims[0], claims[1], level, same, has_shrunk, has_grown, opposed)


def _opposed(parts: Four, there: BooleanArray, clusters: FloatArray, level: FloatArray, limits: Limits) -> BooleanArray:
    """One stratum worse and one better, or one beyond the limits and one inside them."""
    x, n1, x0, n0 = parts
    sums = [one.sum(axis=-1) for one in parts]
    least = divide(FEW_DISCORDANT, sums[1] * sums[3])
    count = np.broadcast_to(clusters[..., None], there.shape)
    rates = [
        _Moves(divide(a, b), divide(a[..., None] - y, b[..., None] - m), count, least)
        for a, b, y, m in ((sums[0], sums[1], x, n1), (sums[2], sums[3], x0, n0))
    ]
    each = _claims(rates[0], rates[1], limits)
    a = (level / np.maximum(there.sum(axis=-1), 1))[..., None]
    with quietly():
        higher = rates[0].value > rates[1].value
        gap, beyond, inside = each.no_gap <= a, each.beyond <= a, each.inside <= a
    gap, beyond, inside = gap & there, beyond & there, inside & there
    worse, better = (gap & higher).any(axis=-1), (gap & ~higher).any(axis=-1)
    return np.asarray((worse & better) | (beyond.any(axis=-1) & inside.any(axis=-1)))


def _ratio_interval(within: list[_Moves], confidence: float) -> tuple[FloatArray, FloatArray]:
    """Limits of the ratio, on the logarithmic scale."""
    with quietly():
        logs = [
            _Moves(np.log(one.value), np.log(one.without), one.clusters, np.zeros_like(one.least)) for one in within
        ]
        apart = logs[0].less(logs[1])
        width = -stdtrit(np.maximum(apart.degrees, 1.0), (1.0 - confidence) / 2.0) * apart.error
        low, high = np.exp(apart.value - width), np.exp(apart.value + width)
    known = np.isfinite(apart.value)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
