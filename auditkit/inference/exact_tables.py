"""Exact methods for two-by-two tables with few expected cases: Fisher's test and the conditional odds ratio.
Given both margins, the first cell follows a hypergeometric law; it is built outwards from the observed table
as a cumulated sum of logarithms, which keeps ties exact and lets totals be of any size."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, logsumexp

from auditkit.inference.array_shapes import BooleanArray, FloatArray, IntegerArray, floats, on_valid, quietly
from auditkit.inference.hypergeometric import Margins, last_true
from auditkit.inference.root_finding import decreasing_root

BATCH_CELLS = 4_000_000
TIE = 1e-7  # R's relative tolerance for "as likely as the observed table"


def _batches(support: FloatArray) -> Iterator[IntegerArray]:
    """Elements sorted by the length of their law and cut so that a padded block stays small."""
    order = np.argsort(support, kind="stable")
    start = 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and (stop + 1 - start) * (support[order[stop]] + 1) <= BATCH_CELLS:
            stop += 1
        yield order[start:stop]
        start = stop


def _log_law(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> tuple[FloatArray, FloatArray, BooleanArray]:
    """Possible first cells less the observed one, their log probability relative to it, and which are
    padding."""
    lowest, highest = np.maximum(0.0, a - d), a + np.minimum(b, c)
    cells = lowest[:, None] + np.arange(int((highest - lowest).max()) + 1)
    real = cells <= highest[:, None]
    row, column, rest = (a + b)[:, None], (a + c)[:, None], (d - a)[:, None]
    with quietly():
        steps = np.log((row - cells) * (column - cells)) - np.log((cells + 1.0) * (rest + cells + 1.0))
    upto = np.concatenate([np.zeros((len(a), 1)), np.cumsum(np.where(real, steps, 0.0), axis=1)[:, :-1]], axis=1)
    observed = np.take_along_axis(upto, (a - lowest).astype(np.int64)[:, None], axis=1)
    return cells - a[:, None], np.where(real, upto - observed, -np.inf), ~real


def _fisher(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> tuple[FloatArray]:
    p_value = np.full(a.shape, np.nan)
    whole = np.logical_and.reduce([(count >= 0) & (count == np.rint(count)) for count in (a, b, c, d)])
    x, reference_x = a[whole], c[whole]
    law = Margins(x + b[whole], reference_x + d[whole], x + reference_x)
    # A group with fewer cases than is likeliest is a reference with more: one side serves both.
    fewer = x < law.mode
    x = np.where(fewer, reference_x, x)
    law = Margins(np.where(fewer, law.reference_n, law.n), np.where(fewer, law.n, law.reference_n), law.cases)
    likely = law.log_probability(x) + TIE
    # The other tail begins at the first count, seen from the mode, that is no likelier than the observed one.
    other = last_true(lambda k: law.log_probability(k) <= likely, law.lowest, np.minimum(x - 1.0, law.mode))
    sums = law.tail(x, up=True) + law.tail(other, up=False)
    p_value[whole] = np.minimum(sums, 1.0)
    return (p_value,)


def fisher_exact(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> FloatArray:
    """Could the table (a, b; c, d) come from equal chances? Fisher's exact test, two-sided.

    The probabilities of all tables with the same margins that are no likelier than the observed one, summed
    (relative tolerance 1e-7, as in R), walked outwards from the observed one, so that totals may be of any
    size. a and b are the group's cases and others, c and d the reference's.
    Shapes broadcast; a table whose margins leave one possibility has p = 1; counts that are not whole, or
    negative, give NaN. Source: Fisher, The Design of Experiments (1935), the lady tasting tea: 3 of 4 cups
    right, p = 34/70.

    >>> print(f"{fisher_exact(3, 1, 1, 3):.6f}")
    0.485714
    """
    return on_valid(_fisher, 1, a, b, c, d)[0]


def binomial_two_sided(cases: ArrayLike, n: ArrayLike) -> FloatArray:
    """Could so many of n come from a chance of one half? The exact two-sided p, twice the smaller tail.

    1 where n is 0; shapes broadcast. Example: McNemar's test of 15 against 5 discordant pairs.

    >>> print(f"{binomial_two_sided(15, 20):.6f}")
    0.041389
    """
    x, total = np.broadcast_arrays(floats(cases), floats(n))
    fewer = np.minimum(x, total - x)
    tail = betainc(np.maximum(total - fewer, 1e-300), fewer + 1.0, 0.5)
    return np.where(np.isnan(x + total), np.nan, np.where(total == 0, 1.0, np.minimum(2.0 * tail, 1.0)))


def _conditional(
    a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, confidence: FloatArray
) -> tuple[FloatArray, FloatArray]:
    lower, upper = np.zeros(a.shape), np.full(a.shape, np.inf)
    start = np.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    for batch in _batches(np.minimum(a, d) + np.minimum(b, c)):
        moved, law, _ = _log_law(a[batch], b[batch], c[batch], d[batch])
        tail = np.log((1.0 - confidence[batch]) / 2.0)
        # The chance of a first cell at least (at most) as large as observed rises (falls) with the odds
        # ratio.
        for limit, side, sign in ((lower, moved >= 0, -1.0), (upper, moved <= 0, 1.0)):
            has_limit = np.isfinite(np.where(side, -np.inf, law)).any(axis=1)
            if has_limit.any():
                chosen = batch[has_limit]
                root = _tail_root(
                    moved[has_limit], law[has_limit], side[has_limit], tail[has_limit], sign, start[chosen]
                )
                limit[chosen] = np.exp(root)
    return lower, upper


def _tail_root(
    moved: FloatArray, law: FloatArray, side: BooleanArray, tail: FloatArray, sign: float, start: FloatArray
) -> FloatArray:
    def excess(logarithm: FloatArray) -> FloatArray:
        tilted = law + moved * logarithm[:, None]
        share = logsumexp(np.where(side, tilted, -np.inf), axis=1) - logsumexp(tilted, axis=1)
        return sign * (floats(share) - tail)

    return decreasing_root(excess, start, np.full(start.shape, 2.0))


def conditional_odds_ratio(
    a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, confidence: ArrayLike = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Between which limits does the odds ratio lie, by the exact law of the table given its margins?

    Each limit is the odds ratio at which a first cell as extreme as the observed one, on that side, has half
    of 1 - confidence (Cornfield's exact limits; non-central hypergeometric). Lower limit 0 where the first
    cell is the smallest possible, upper infinite where it is the largest. Shapes broadcast; whole counts
    only, else NaN. Source: Cornfield, Proceedings of the Third Berkeley Symposium 4 (1956) 135; as in R and
    scipy.

    >>> lower, upper = conditional_odds_ratio(3, 1, 1, 3)
    >>> print(f"{lower:.4f} to {upper:.2f}")
    0.2117 to 626.24
    """
    counts = np.broadcast_arrays(*(floats(count) for count in (a, b, c, d)))
    with np.errstate(invalid="ignore"):
        whole = np.logical_and.reduce([(count >= 0) & (count == np.rint(count)) for count in counts])
    lower, upper = on_valid(_conditional, 2, *(np.where(whole, count, np.nan) for count in counts), confidence)
    return lower, upper
