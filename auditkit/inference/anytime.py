"""What may be said however often one looks: evidence of a gap that grows over time, and intervals that hold together.

A test at 0.05 in each of 60 months raises a false alarm in most series. Here the evidence of a series is one number E,
a betting capital whose mean stays 1 where no gap exists: it passes 1/0.05 in at most 5 % of series, ever (Ville).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, gammaln, logsumexp

__all__ = ["Evidence", "gap_evidence", "lasting_interval", "mixture_radius"]

Floats = NDArray[np.float64]

_RATIOS = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0)
"""The odds ratios, and their inverses, among which the bets are spread evenly."""

_FINE, _REACH = 4, 110
"""Sums over a hypergeometric count go in steps of a quarter deviation, so many to each side: 13 deviations or more."""


@dataclass(frozen=True)
class Evidence:
    """The evidence of a series, period by period: `log_value` the logarithm of E, `p` = min(1, 1 / the largest E yet).

    `since` is the period (from 0) at which the gap most likely began, -1 where E is below 1.
    """

    log_value: Floats
    p: Floats
    since: NDArray[np.int64]


def gap_evidence(
    cases: ArrayLike, people: ArrayLike, cases_other: ArrayLike, people_other: ArrayLike, beyond: float = 1.0
) -> Evidence:
    """Do two groups meet the same rate in every period, or do they part at some time, however often one looks?

    In a period, given how many cases both groups have together, those of the group are hypergeometric where rates are
    equal. A bet on an odds ratio r multiplies the capital by P_r(count) / P_1(count); bets are spread over twelve odds
    ratios and over the period s at which the gap begins (weight 1 / (s (s + 1))), so that E is a martingale of mean 1
    and exact at every size. With `beyond` b over 1 the null hypothesis is an odds ratio of at most b, below 1 of at
    least b: bets lie beyond it, against P_b. Arrays: one entry a period; a period with an empty group, or with a count
    that is NaN, leaves E as it is. Sources: Ville 1939; Turner, Ly, Gruenwald 2024; Shin, Ramdas, Rinaldo 2023.

    >>> found = gap_evidence([30, 30, 30], [100] * 3, [10, 10, 10], [100] * 3)
    >>> [round(float(p), 5) for p in found.p], found.since.tolist()
    ([0.01939, 4e-05, 0.0], [0, 0, 0])
    """
    x, n, y, m = (np.atleast_1d(np.asarray(a, dtype=float)) for a in (cases, people, cases_other, people_other))
    bets = np.log([*_RATIOS, *(1 / r for r in _RATIOS)])
    at = float(np.log(beyond))
    if at > 0:
        bets = at + np.log(_RATIOS)
    elif at < 0:
        bets = at - np.log(_RATIOS)
    return _over_starts(_log_gains(x, n, y, m, bets, at))


def _over_starts(gains: Floats) -> Evidence:
    """E over bets and starts, from the logarithms of what each bet gains in each period: periods x bets."""
    periods = len(gains)
    begin = np.arange(1, periods + 1, dtype=float)
    share = -np.log(begin * (begin + 1))
    capital = np.full((periods, gains.shape[1]), -np.inf)
    log_value, since = np.empty(periods), np.full(periods, -1, dtype=np.int64)
    for t in range(periods):
        capital[t] = 0.0
        capital[: t + 1] += gains[t]
        by_start = share[: t + 1] + logsumexp(capital[: t + 1], axis=1) - np.log(gains.shape[1])
        log_value[t] = logsumexp(np.append(by_start, -np.log(t + 2.0)))
        if log_value[t] > 0:
            since[t] = int(np.argmax(by_start))
    return Evidence(log_value, np.exp(-np.maximum(np.maximum.accumulate(log_value), 0.0)), since)


def _log_gains(x: Floats, n: Floats, y: Floats, m: Floats, bets: Floats, at: float) -> Floats:
    """log(P_bet(x) / P_at(x)) in the noncentral hypergeometric family: periods x bets; 0 where nothing is learnt."""
    total = x + y
    with np.errstate(invalid="ignore"):
        told = (n > 0) & (m > 0) & (total > 0) & (total < n + m)  # NaN is not told
    found = np.zeros((len(x), len(bets)))
    scale = _log_sums(n[told], m[told], total[told], np.append(bets, at))
    found[told] = (bets - at) * x[told, None] - (scale[:, :-1] - scale[:, -1:])
    return found


def _log_sums(n: Floats, m: Floats, total: Floats, tilts: Floats) -> Floats:
    """log of the sum over k of exp(tilt * k) / (k! (n - k)! (total - k)! (m - total + k)!): periods x tilts.

    The terms are log-concave. A sum over every h-th of them, times h, is as good as over all where h is a quarter of a
    standard deviation (a trapezoid sum of a bell curve errs by e^-300), which keeps a million people cheap.
    """
    n, m, total = (one[:, None] for one in (n, m, total))
    middle = _mode(n, m, total, tilts)
    curve = 1 / (middle + 1) + 1 / (n - middle + 1) + 1 / (total - middle + 1) + 1 / (m - total + middle + 1)
    step = np.maximum(1.0, np.floor(curve**-0.5 / _FINE))
    k = np.round(middle)[..., None] + step[..., None] * np.arange(-_REACH, _REACH + 1, dtype=float)
    n, m, total = (one[..., None] for one in (n, m, total))
    inside = (k >= np.maximum(0.0, total - m)) & (k <= np.minimum(n, total))
    k = np.where(inside, k, np.round(middle)[..., None])
    four = gammaln(k + 1) + gammaln(n - k + 1) + gammaln(total - k + 1) + gammaln(m - total + k + 1)
    terms = np.where(inside, tilts[:, None] * k - four, -np.inf)
    return np.asarray(logsumexp(terms, axis=-1) + np.log(step), dtype=float)


def _mode(n: Floats, m: Floats, total: Floats, tilts: Floats) -> Floats:
    """Near the most likely count: the root of (n - k)(total - k) w = k (m - total + k)."""
    w = np.exp(tilts)
    b, c = (m - total) + w * (n + total), w * n * total
    root = 2 * c / (b + np.sqrt(b * b - 4 * (w - 1) * c))
    return np.asarray(np.clip(root, np.maximum(0.0, total - m), np.minimum(n, total)), dtype=float)


def lasting_interval(cases: ArrayLike, people: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Between which limits lie the rates of all periods at once, however long the series becomes?

    The exact interval (Clopper and Pearson) of period t at the level alpha / (t (t + 1)), which sum to alpha. Arrays
    of one entry a period, which may each have a rate of their own; NaN where nobody is there.

    >>> low, high = lasting_interval([10, 10], [50, 50])
    >>> [(round(float(a), 4), round(float(b), 4)) for a, b in zip(low, high)]
    [(0.09, 0.3568), (0.0766, 0.3849)]
    """
    x, n = (np.atleast_1d(np.asarray(a, dtype=float)) for a in (cases, people))
    t = np.arange(1, len(x) + 1, dtype=float)
    half = (1 - confidence) / (t * (t + 1)) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, half), 0.0)
        high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - half), 1.0)
    known = np.isfinite(x) & (n > 0)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def mixture_radius(n: ArrayLike, variance: ArrayLike, tuning: float = 1 / 2000, alpha: float = 0.05) -> Floats:
    """How far may a running mean of n people be from the truth, at every n at once?

    Robbins's normal mixture: sqrt(2 v (n r + 1) / (n^2 r) * log(sqrt(n r + 1) / alpha)), v the variance of one person
    and r (`tuning`) 1 over the n at which it is to be narrowest. Source: Howard, Ramdas, McAuliffe, Sekhon 2021;
    in this form Waudby-Smith et al. 2024.

    >>> round(float(mixture_radius(2000, 0.25)), 5)
    0.04088
    """
    size, spread = np.asarray(n, dtype=float), np.asarray(variance, dtype=float)
    grown = size * tuning + 1
    return np.asarray(np.sqrt(2 * spread * grown / (size**2 * tuning) * np.log(np.sqrt(grown) / alpha)), dtype=float)
