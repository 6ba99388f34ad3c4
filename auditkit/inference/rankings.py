"""Lists in an order: how attention falls along one, how far its order is from the make-up of the list, and what chance
alone would give. Arrays in, numbers out; what cannot be worked out is NaN."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, divide, floats, quantile_of

LEAST_LISTS = 20
"""Fewer lists than that give no interval over lists."""


def attention(position: ArrayLike, weight: str = "log2", stop: float = 0.5) -> FloatArray:
    """How much attention falls on a place of a list, 1 being the first?

    log2: 1 / log2(place + 1). geometric: stop (1 - stop)^(place - 1), a reader who stops at each place with that
    chance. Source: Singh and Joachims, KDD 2018; Biega, Gummadi, Weikum, SIGIR 2018. Example:

    >>> attention([1, 2, 3]).round(4).tolist(), attention([1, 2, 3], "geometric").tolist()
    ([1.0, 0.6309, 0.5], [0.5, 0.25, 0.125])
    """
    place = floats(position)
    return floats(stop * (1.0 - stop) ** (place - 1.0)) if weight == "geometric" else 1.0 / np.log2(place + 1.0)


def divergence_along(order: ArrayLike, groups: int) -> float:
    """How far is the make-up of the first k of a list from that of the whole list, over every k?

    NDKL, in bits: sum over k of KL(first k || whole) / log2(k + 1), over the sum of 1 / log2(k + 1). 0 where every
    beginning of the list is made up like the whole. Shape: the group (0 to groups - 1) of each place, in order. Source:
    Geyik, Ambler, Kenthapadi, KDD 2019. Example: a list by turns, and one group after the other.

    >>> print(f"{divergence_along([0, 0, 1, 0, 1, 1, 0, 1], 2):.6f}")
    0.447512
    """
    codes = np.asarray(order, dtype=np.int64)
    if not len(codes):
        return float("nan")
    member = codes[:, None] == np.arange(groups)
    k = np.arange(1, len(codes) + 1)
    share, whole = np.cumsum(member, axis=0) / k[:, None], member.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(share > 0, share * np.log2(share / whole), 0.0)
    falling = 1.0 / np.log2(k + 1.0)
    return float((part.sum(axis=1) * falling).sum() / falling.sum())


def ratio_over_lists(
    total: ArrayLike, people: ArrayLike, other_total: ArrayLike, other_people: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float, float]:
    """How many times as much does a member of the group get as one of the other, where lists are drawn, not people?

    (total / people) / (other total / other people), the interval by joint linearisation over lists on the log scale
    with Student's t; its p last. Members of one list share it, so that one's place is another's loss. Shapes: one entry
    a list. No interval under 20 lists that hold a member of both. Source: docs/kinds.md.

    >>> value, lower, upper, p = ratio_over_lists([2.0] * 30, [2] * 30, [1.0, 3.0] * 15, [2] * 30)
    >>> print(f"{value:.3f}: {lower:.3f} to {upper:.3f}")
    1.000: 0.827 to 1.209
    """
    from scipy.special import stdtr, stdtrit

    a, n, b, m = floats(total), floats(people), floats(other_total), floats(other_people)
    mine, other = divide(a.sum(), n.sum()), divide(b.sum(), m.sum())
    value = float(divide(mine, other))
    lists = int(((n > 0) | (m > 0)).sum())
    if int(((n > 0) & (m > 0)).sum()) < LEAST_LISTS or not (mine > 0 and other > 0):
        return value, np.nan, np.nan, np.nan
    influence = (a - mine * n) / (mine * n.sum()) - (b - other * m) / (other * m.sum())
    spread = (lists / (lists - 1.0) * float((influence**2).sum())) ** 0.5
    half = float(stdtrit(lists - 1, (1.0 + confidence) / 2.0)) * spread
    p = 2.0 * float(stdtr(lists - 1, -abs(np.log(value)) / spread)) if spread > 0 else np.nan
    return value, float(value * np.exp(-half)), float(value * np.exp(half)), p


def ratio_in_one_list(
    values: ArrayLike, other_values: ArrayLike, all_values: ArrayLike, confidence: float = 0.95
) -> tuple[float, float, float, float]:
    """The same within one list: could its order, drawn at random, set these two groups so far apart?

    Places are drawn without replacement: the difference of two means has variance S^2 (1/n + 1/m), S^2 that of all
    places of the list (divisor N - 1). The interval is that of the ratio on the log scale, p the normal test of the
    difference. Source: Neyman (1923); Cochran, Sampling Techniques (1977).

    >>> value, _, _, p = ratio_in_one_list([1.0, 0.6309], [0.5, 0.4307], [1.0, 0.6309, 0.5, 0.4307])
    >>> print(f"{value:.4f}, p {p:.3f}")
    1.7523, p 0.168
    """
    from scipy.special import ndtr

    a, b, everyone = floats(values), floats(other_values), floats(all_values)
    if not len(a) or not len(b):
        return np.nan, np.nan, np.nan, np.nan
    mine, other = float(a.mean()), float(b.mean())
    value = mine / other if other > 0 else np.nan
    if len(everyone) < 3 or not mine > 0:
        return value, np.nan, np.nan, np.nan
    square = float(everyone.var(ddof=1))
    spread = (square * (1 / len(a) + 1 / len(b))) ** 0.5
    p = 2.0 * float(ndtr(-abs(mine - other) / spread)) if spread > 0 else np.nan
    half = float(quantile_of(confidence)) * (square / len(a) / mine**2 + square / len(b) / other**2) ** 0.5
    return value, value * float(np.exp(-half)), value * float(np.exp(half)), p
