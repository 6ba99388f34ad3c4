"""What may be said of a gap: that there is one, that it is beyond the limits, that it is inside them. Each claim has
the p of its own denial, and the words follow from the three, compared with the level that the comparison has in the
audit's one declared family."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditkit.inference.array_shapes import FloatArray, counted, floats
from auditkit.inference.exact_tables import fisher_exact
from auditkit.inference.melded import LIMITS, Limits, melded_test

MAIN_SHARE = 0.8
"""What the main comparisons get of the error that an audit may make; the others share the rest."""

WORDS = ("established", "small", "present", "equivalent", "inconclusive")


@dataclass(frozen=True)
class GapClaims:
    """The p of three denials, as arrays; NaN where nothing can be tested."""

    no_gap: FloatArray
    """Small where there is a gap."""
    beyond: FloatArray
    """Small where the gap is beyond a limit."""
    inside: FloatArray
    """Small where the gap is inside both limits."""
    test: NDArray[np.str_]
    """What no_gap comes from: `fisher` or `melded`; the two others are always `melded`. Empty: not tested."""


def gap_claims(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    limits: Limits = LIMITS,
    effective: bool = False,
) -> GapClaims:
    """Is there a gap, is it beyond the limits, is it inside them?

    no_gap: Fisher's exact test, two-sided by point probabilities; twice the smaller melded tail for effective counts.
    beyond: the larger of no_gap and near + far, near the melded p of the limit on the side of the estimate, far that of
    the other limit in the same direction. inside: the larger of the two melded p of "on or beyond a limit". Counts are
    those of the rarer side. Shapes broadcast; NaN where a denominator is 0 or neither group has a case. Source:
    Fisher (1935); Fay, Proschan and Brittain, Biometrics 71 (2015) 146; the family in docs/statistics.md. Example:
    wrongly flagged 61 of 139 against 120 of 464.

    >>> claims = gap_claims(61, 139, 120, 464)
    >>> print(f"{claims.no_gap:.1e} {claims.beyond:.4f} {claims.inside:.3f}")
    8.5e-05 0.0031 0.998
    """
    x, total, x0, total0 = np.broadcast_arrays(*counted(cases, n), *counted(reference_cases, reference_n))
    some = floats(np.where(x + x0 > 0, 1.0, np.nan))
    counts = (x, total * some, x0, total0 * some)
    upper_above = melded_test(*counts, curve=limits.upper)
    lower_above = melded_test(*counts, curve=limits.lower)
    upper_below = melded_test(*counts, curve=limits.upper, above=False)
    lower_below = melded_test(*counts, curve=limits.lower, above=False)
    tails = np.fmin(melded_test(*counts), melded_test(*counts, above=False))
    no_gap = np.where(np.isnan(some), np.nan, np.minimum(2.0 * tails, 1.0))
    exact = np.full(no_gap.shape, np.nan)
    if not effective:
        exact = fisher_exact(*(part * some for part in (x, total - x, x0, total0 - x0)))
        no_gap = np.where(np.isnan(exact), no_gap, exact)
    higher = x / total >= x0 / total0
    one_way = np.where(higher, upper_above + lower_above, lower_below + upper_below)
    beyond = np.maximum(no_gap, np.minimum(one_way, 1.0))
    test = np.where(np.isnan(no_gap), "", np.where(np.isnan(exact), "melded", "fisher"))
    return GapClaims(no_gap, beyond, np.maximum(upper_below, lower_above), test)


def claim_words(
    claims: GapClaims, level: ArrayLike, smaller_n: ArrayLike, minimum_n: float = 30.0
) -> NDArray[np.object_]:
    """Which word do the three p of a gap allow, at the level of its comparison?

    The first that applies: established (both denominators at least `minimum_n`, beyond), small (a gap, and inside),
    present (a gap), equivalent (inside), inconclusive. Each p is compared with the same level, because only one of "no
    gap", "inside", "beyond" can be true. Shapes broadcast; NaN p allow nothing. Source: docs/statistics.md. Example:
    one gap alone and among 13 and 14 main comparisons.

    >>> claims = gap_claims(61, 139, 120, 464)
    >>> [str(claim_words(claims, 0.04 / m, 139)) for m in (1, 13, 14)]
    ['established', 'established', 'present']
    """
    least = floats(level)
    gap, beyond, inside = (np.less_equal(p, least) for p in (claims.no_gap, claims.beyond, claims.inside))
    large = beyond & (floats(smaller_n) >= minimum_n)
    words: NDArray[np.object_] = np.select(
        [large, gap & inside, gap, inside], list(WORDS[:4]), default=WORDS[4]
    ).astype(object)
    return words


def family_levels(main: int, others: int, total: float = 0.05) -> tuple[float, float]:
    """At which level is each comparison of an audit tested, so that the whole audit errs at most `total`?

    Four fifths of the total are shared by the main comparisons, one fifth by the others; where either set is empty the
    other has the whole. No step-down: the three p of a comparison share its level. Source: Bonferroni; docs/
    statistics.md for what Holm and Benjamini-Hochberg did here.

    >>> family_levels(40, 200), family_levels(44, 0)[0] == 0.05 / 44
    ((0.001, 5e-05), True)
    """
    if not main or not others:
        return total / max(main, 1), total / max(others, 1)
    first, second = round(total * MAIN_SHARE, 12), round(total * (1.0 - MAIN_SHARE), 12)
    return first / main, second / others


def adjusted_p(p_values: ArrayLike, level: ArrayLike, total: float = 0.05) -> FloatArray:
    """What is a p worth, seen in its family: the p that compares with `total` as the raw one does with its level?

    >>> print(f"{adjusted_p(0.0028150979663466654, 0.05 / 44):.4f}")
    0.1239
    """
    return np.minimum(floats(p_values) * (total / floats(level)), 1.0)


def weakest(claims: GapClaims, higher: ArrayLike) -> GapClaims:
    """Which p hold for every one of several tables that may be the true one (first axis)?

    The largest of each p; where the tables do not agree on the direction (`higher`: the group's rate is above the
    reference's), somewhere between them there is no gap, and no_gap and beyond are 1.

    >>> both = gap_claims([30, 36], [100, 110], [40, 40], [200, 200])
    >>> bool(weakest(both, [True, True]).no_gap == both.no_gap.max())
    True
    """
    up = np.asarray(higher, dtype=bool)
    turns = up.any(axis=0) & ~up.all(axis=0)
    no_gap, beyond = (np.where(turns, 1.0, p.max(axis=0)) for p in (claims.no_gap, claims.beyond))
    return GapClaims(no_gap, beyond, np.asarray(claims.inside.max(axis=0)), claims.test[0])
