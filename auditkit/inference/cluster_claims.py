"""The three p of a gap where rows come in clusters: the same melded tails, on the number of independent rows that each
rate is worth, read on Student's t for the spread between clusters is itself an estimate."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtr

from auditkit.inference.array_shapes import FloatArray, floats, quietly
from auditkit.inference.cluster_variance import JointSpread, joint_spread, worth
from auditkit.inference.gap_claims import GapClaims
from auditkit.inference.melded import LIMITS, Limits, melded_test, no_gap


def cluster_claims(
    numerator: ArrayLike,
    denominator: ArrayLike,
    reference_numerator: ArrayLike,
    reference_denominator: ArrayLike,
    rows: ArrayLike | None = None,
    reference_rows: ArrayLike | None = None,
    limits: Limits = LIMITS,
) -> GapClaims:
    """Is there a gap, is it beyond the limits, is it inside them, when rows come in clusters?

    Group and reference are linearised together over clusters (last axis; `cluster_gap`). For each limit, both rates
    enter the melded test at the rows they are worth, times what moving together does to the variance of the group's
    rate less the limit's slope times the reference's; the p is read on Student's t with the degrees of the clusters
    that make the variance. NaN where either has under 20 clusters. Source: `gap_claims`; Korn and Graubard (1998).
    Example: in each of 40 clusters the group has one case of ten more than the reference.

    >>> cases = np.arange(40) % 4
    >>> claims = cluster_claims(cases + 1, np.full(40, 10), cases, np.full(40, 10))
    >>> bool(claims.no_gap < 1e-9), bool(claims.beyond < 1e-9)
    (True, True)
    """
    joint = joint_spread(numerator, denominator, reference_numerator, reference_denominator, rows, reference_rows)
    reference = joint.other.rate
    slopes = {
        "upper": np.where(limits.upper(reference) < reference * limits.ratio, 1.0, limits.ratio),
        "lower": np.where(limits.lower(reference) > reference / limits.ratio, 1.0, 1.0 / limits.ratio),
    }
    curves: dict[str, Callable[[FloatArray], FloatArray]] = {"upper": limits.upper, "lower": limits.lower}

    def tails(above: bool) -> dict[str, FloatArray]:
        found = {name: _tail(joint, slopes[name], curves[name], above) for name in slopes}
        return found | {"none": _tail(joint, np.ones_like(reference), no_gap, above)}

    over, under = tails(True), tails(False)
    testable = np.where(joint.one.rate + reference > 0, 1.0, np.nan)
    p_no_gap = np.minimum(2.0 * np.minimum(over["none"], under["none"]), 1.0) * testable
    higher = joint.one.rate >= reference
    one_way = np.where(higher, over["upper"] + over["lower"], under["lower"] + under["upper"])
    beyond = np.maximum(p_no_gap, np.minimum(one_way, 1.0))
    inside = np.maximum(under["upper"], over["lower"]) * testable
    test = np.where(np.isnan(p_no_gap), "", "melded_clusters")
    return GapClaims(p_no_gap, beyond, inside, test)


def _tail(joint: JointSpread, slope: FloatArray, curve: Callable[[FloatArray], FloatArray], above: bool) -> FloatArray:
    factor = joint.factor(slope)
    n, n0 = worth(joint.one, factor), worth(joint.other, factor)
    counts = (np.where(joint.few, np.nan, joint.one.rate) * n, n, joint.other.rate * n0, n0)
    p_value = melded_test(*counts, curve=curve, above=above)
    with quietly():
        return floats(np.where(p_value < 0.5, stdtr(joint.degrees, ndtri(p_value)), p_value))
