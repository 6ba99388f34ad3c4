"""A gap between groups, and the same gap among people who are alike in what someone may claim is legitimate: does it
disappear, shrink, remain, grow or turn round? One pair of rates over the strata decides, and a word that no test
supports is not said."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from auditkit.inference.array_shapes import BooleanArray, FloatArray, divide, floats, quietly
from auditkit.inference.gap_claims import GapClaims, gap_claims
from auditkit.inference.hypergeometric import Margins
from auditkit.inference.melded import LIMITS, Limits
from auditkit.inference.restricted_rates import rates_at_difference, rates_at_ratio
from auditkit.inference.stratified import unbiased_variance

LEAST_OVERLAP = 0.5
CHANGE = 1.25
"""A gap has shrunk where it is under four fifths of what it was, grown where it is over five quarters."""
EXACT_UNDER = 1000.0
TIE = 1e-7

Strata = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class LikeWithLike:
    """What is left of a gap within strata; arrays over comparisons."""

    word: NDArray[np.object_]
    """disappears, shrinks, remains, grows, reversed, differs, cannot_tell; empty where there is none to say."""
    rate: FloatArray
    reference_rate: FloatArray
    """The pair of rates over strata that hold both groups, weights n1 n0 / (n1 + n0): their difference and ratio are
    those of Mantel and Haenszel. NaN under half overlap."""
    within: GapClaims
    crude: GapClaims
    """The same people, strata left aside."""
    people_alike: FloatArray
    """People of the group in strata that hold both groups."""
    people: FloatArray
    reference_alike: FloatArray
    breslow_day: FloatArray
    """Chi-square of equal odds ratios (strata - 1 degrees); it decides nothing."""


def like_with_like(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    level: ArrayLike,
    limits: Limits = LIMITS,
) -> LikeWithLike:
    """Among like cases, what becomes of the gap?

    Strata are the last axis, comparisons those before it; counts are those of the rarer side. Within: P1 and P0 over
    weights n1 n0 / (n1 + n0); no gap by Cochran, Mantel and Haenszel (exact by convolution where under 1,000 cases are
    expected), limits by score tests at the larger of the restricted and the free variance. A change against the crude
    gap of the same people by the delta method. The words and their order: docs/statistics.md; no false word above 5.2 %
    in simulation. Source: Mantel and Haenszel (1959); Miettinen and Nurminen (1985); docs/statistics.md. Example: among
    800 and 200 of high need, and 200 and 800 of low need.

    >>> result = like_with_like([400, 10], [800, 200], [120, 80], [200, 800], 0.01)
    >>> str(result.word), f"{result.rate:.3f} against {result.reference_rate:.3f}, p {result.within.no_gap:.5f}"
    ('reversed', '0.275 against 0.350, p 0.00097')
    """
    x, n1, x0, n0 = np.broadcast_arrays(*(floats(value) for value in (cases, n, reference_cases, reference_n)))
    there = (n1 > 0) & (n0 > 0)
    everyone = n1.sum(axis=-1)
    used: Strata = tuple(np.where(there, value, 0.0) for value in (x, n1, x0, n0))  # type: ignore[assignment]
    a = floats(level)
    one, other = _pair(used)
    within = _within(used, one, other, limits)
    sums = [value.sum(axis=-1) for value in used]
    crude = gap_claims(sums[0], sums[1], sums[2], sums[3], limits)
    enough = (used[1].sum(axis=-1) >= LEAST_OVERLAP * everyone) & there.any(axis=-1)
    word = _word(used, there, (one, other), within, crude, a, limits)
    word = np.where(enough, word, "cannot_tell").astype(object)
    blank = np.where(enough, 1.0, np.nan)
    return LikeWithLike(
        word,
        one * blank,
        other * blank,
        GapClaims(within.no_gap * blank, within.beyond * blank, within.inside * blank, within.test),
        crude,
        used[1].sum(axis=-1),
        everyone,
        used[3].sum(axis=-1),
        _breslow_day(used, there),
    )


def _pair(used: Strata) -> tuple[FloatArray, FloatArray]:
    x, n1, x0, n0 = used
    total = np.maximum(n1 + n0, 1.0)
    weight = (n1 * n0 / total).sum(axis=-1)
    return divide((x * n0 / total).sum(axis=-1), weight), divide((x0 * n1 / total).sum(axis=-1), weight)


def _within(used: Strata, one: FloatArray, other: FloatArray, limits: Limits) -> GapClaims:
    upper = np.fmax(_ratio_z(used, one, other, limits.ratio), _points_z(used, one, other, limits.points))
    lower = np.fmin(_ratio_z(used, one, other, 1.0 / limits.ratio), _points_z(used, one, other, -limits.points))
    no_gap = _cochran_mantel_haenszel(used)
    with quietly():
        one_way = np.where(one >= other, ndtr(-upper) + ndtr(-lower), ndtr(lower) + ndtr(upper))
        inside = np.maximum(ndtr(upper), ndtr(-lower))
    beyond = np.maximum(no_gap, np.minimum(one_way, 1.0))
    known = np.where(np.isnan(no_gap), np.nan, 1.0)
    return GapClaims(no_gap, beyond, inside * known, np.where(np.isnan(no_gap), "", "mantel_haenszel"))


def _weights(used: Strata) -> FloatArray:
    _, n1, _, n0 = used
    weight = n1 * n0 / np.maximum(n1 + n0, 1.0)
    return divide(weight, weight.sum(axis=-1)[..., None])


def _z(used: Strata, apart: FloatArray, slope: float, restricted: tuple[FloatArray, FloatArray]) -> FloatArray:
    x, n1, x0, n0 = used
    share = _weights(used)
    with quietly():
        held = [rate * (1.0 - rate) / n for rate, n in zip(restricted, (n1, n0), strict=True)]
        free = [unbiased_variance(x, n1), unbiased_variance(x0, n0)]
        variances = [np.nansum(share**2 * (first + slope**2 * second), axis=-1) for first, second in (held, free)]
        return floats(apart / np.sqrt(np.maximum(*variances)))


def _ratio_z(used: Strata, one: FloatArray, other: FloatArray, ratio: float) -> FloatArray:
    return _z(used, one - ratio * other, ratio, rates_at_ratio(*used, ratio))


def _points_z(used: Strata, one: FloatArray, other: FloatArray, points: float) -> FloatArray:
    return _z(used, one - other - points, 1.0, rates_at_difference(*used, points))


def _cochran_mantel_haenszel(used: Strata) -> FloatArray:
    """Two-sided p; exact where few cases are expected."""
    x, n1, x0, n0 = used
    total, cases = n1 + n0, x + x0
    with quietly():
        expected = np.nan_to_num(n1 * cases / total)
        variance = np.nan_to_num(n1 * n0 * cases * (total - cases) / (total**2 * (total - 1.0)))
        z = (x - expected).sum(axis=-1) / np.sqrt(variance.sum(axis=-1))
    p_value = np.where(variance.sum(axis=-1) > 0, 2.0 * ndtr(-np.abs(z)), np.nan)
    whole = (np.rint(x) == x).all(axis=-1) & (np.rint(n1) == n1).all(axis=-1) & (np.rint(n0) == n0).all(axis=-1)
    for index in zip(*np.nonzero(np.atleast_1d(whole & (expected.sum(axis=-1) < EXACT_UNDER))), strict=True):
        place = index if np.ndim(p_value) else ()
        if not np.isnan(p_value[place]):
            p_value[place] = _exact(x[place], n1[place], x0[place], n0[place])
    return p_value


def _exact(x: FloatArray, n1: FloatArray, x0: FloatArray, n0: FloatArray) -> float:
    """The sum over strata of hypergeometric counts: chances of all sums no likelier than the one seen."""
    law, start = np.ones(1), 0.0
    for stratum in np.flatnonzero((n1 > 0) & (n0 > 0)):
        margins = Margins(*(np.array([value[stratum]]) for value in (n1, n0, x + x0)))
        support = np.arange(margins.lowest[0], margins.highest[0] + 1.0)
        spread = Margins(*(np.full(support.shape, part[0]) for part in (margins.n, margins.reference_n, margins.cases)))
        chances = np.exp(spread.log_probability(support))
        law = np.convolve(law, chances)
        start += support[0]
    seen = law[round(x[(n1 > 0) & (n0 > 0)].sum() - start)]
    return float(min(law[law <= seen * (1.0 + TIE)].sum() / law.sum(), 1.0))


def _breslow_day(used: Strata, there: BooleanArray) -> FloatArray:
    """Sum of (cases - cases expected at the common odds ratio)^2 over their variance."""
    x, n1, x0, n0 = used
    total = np.maximum(n1 + n0, 1.0)
    odds = divide((x * (n0 - x0) / total).sum(axis=-1), (x0 * (n1 - x) / total).sum(axis=-1))[..., None]
    cases = x + x0
    with quietly():
        # Fitted first cell at the common odds ratio: the root of a quadratic, at equal odds n1 K / N.
        second = -(n0 - cases + odds * (n1 + cases))
        root = np.sqrt(second**2 - 4.0 * (odds - 1.0) * odds * n1 * cases)
        fitted = np.where(odds == 1.0, n1 * cases / total, (-second - root) / (2.0 * (odds - 1.0)))
        variance = 1.0 / (1.0 / fitted + 1.0 / (n1 - fitted) + 1.0 / (cases - fitted) + 1.0 / (n0 - cases + fitted))
        parts = np.where(there & (variance > 0), (x - fitted) ** 2 / variance, 0.0)
    return np.where(np.isnan(odds[..., 0]), np.nan, parts.sum(axis=-1))


def _change(used: Strata, one: FloatArray, other: FloatArray, times: float) -> FloatArray:
    """How far the gap within lies above `times` the crude one, in its own direction and standard errors.

    Delta method over Poisson cells: case and other of the group, case and other of the reference, in each stratum.
    """
    x, n1, x0, n0 = used
    total = np.maximum(n1 + n0, 1.0)
    weight = (n1 * n0 / total).sum(axis=-1)[..., None]
    sums = [value.sum(axis=-1)[..., None] for value in used]
    within, crude = one - other, divide(sums[0] / sums[1] - sums[2] / sums[3], 1.0)[..., 0]
    sign = np.where(within < 0, -1.0, 1.0)
    square = total**2
    own, theirs = x * n0 / square, x0 * n1 / square
    gradients = []
    for case, group in ((1.0, True), (0.0, True), (1.0, False), (0.0, False)):
        if group:
            top = case * n0 / total - own - x0 * n0 / square
            bottom = n0**2 / square
            outer = (case - sums[0] / sums[1]) / sums[1]
        else:
            top = x * n1 / square - case * n1 / total + theirs
            bottom = n1**2 / square
            outer = -(case - sums[2] / sums[3]) / sums[3]
        gradients.append((top - within[..., None] * bottom) / weight - times * outer)
    cells = (x, n1 - x, x0, n0 - x0)
    variance = sum((cell * slope**2).sum(axis=-1) for cell, slope in zip(cells, gradients, strict=True))
    return floats(sign * (within - times * crude) / np.sqrt(variance))


def _opposed(used: Strata, there: BooleanArray, level: FloatArray, limits: Limits) -> BooleanArray:
    """One stratum worse and one better, or one beyond the limits and one inside them."""
    x, n1, x0, n0 = used
    common = divide(x + x0, n1 + n0) > 0.5
    own, theirs = np.where(common, n1 - x, x), np.where(common, n0 - x0, x0)
    each = gap_claims(own, np.where(there, n1, np.nan), theirs, np.where(there, n0, np.nan), limits)
    least = (level / np.maximum(there.sum(axis=-1), 1))[..., None]
    with quietly():
        higher = x / n1 > x0 / n0
    gap, beyond, inside = each.no_gap <= least, each.beyond <= least, each.inside <= least
    worse, better = (gap & higher).any(axis=-1), (gap & ~higher).any(axis=-1)
    return np.asarray((worse & better) | (beyond.any(axis=-1) & inside.any(axis=-1)))


def _word(
    used: Strata, there: BooleanArray, pair: tuple[FloatArray, FloatArray], within: GapClaims, crude: GapClaims,
    level: FloatArray, limits: Limits,
) -> NDArray[np.object_]:  # fmt: skip
    x, n1, x0, n0 = (value.sum(axis=-1) for value in used)
    with quietly():
        same = np.sign(pair[0] - pair[1]) == np.sign(x / n1 - x0 / n0)
        shrunk = ndtr(_change(used, *pair, 1.0 / CHANGE)) <= level
        grown = ndtr(-_change(used, *pair, CHANGE)) <= level
    return word_of(within, crude, level, same, shrunk, grown, _opposed(used, there, level, limits))


def word_of(
    within: GapClaims, crude: GapClaims, level: FloatArray, same: BooleanArray, shrunk: BooleanArray,
    grown: BooleanArray, opposed: BooleanArray,
) -> NDArray[np.object_]:  # fmt: skip
    """The first word whose tests hold, in the order of docs/statistics.md."""
    gap, crude_gap = within.no_gap <= level, crude.no_gap <= level
    inside, crude_inside = within.inside <= level, crude.inside <= level
    word: NDArray[np.object_] = np.select(
        [
            opposed,
            gap & crude_gap & ~same,
            crude_gap & inside & ~crude_inside,
            gap & ~crude_gap,
            gap & crude_gap & shrunk,
            gap & crude_gap & grown,
            gap & crude_gap,
            inside & crude_inside,
        ],
        ["differs", "reversed", "disappears", "grows", "shrinks", "grows", "remains", ""],
        default="cannot_tell",
    ).astype(object)
    return word
