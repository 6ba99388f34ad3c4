"""How long something takes where not everybody has it yet: Kaplan-Meier, log-rank and the ratio of paces.

Rows alike are counted once: `times`, whether it came then (`came`; else no more is known) and `n` of each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditkit.inference.array_shapes import FloatArray, floats, quantile_of
from auditkit.inference.rate_intervals import wilson

__all__ = ["FEWEST_EVENTS", "PaceRatio", "SharesBy", "pace_ratio", "shares_by"]

FEWEST_EVENTS = 5
"""With fewer events in a group its pace has no interval that can be trusted."""

_NONE = float("nan")


@dataclass(frozen=True)
class SharesBy:
    """Shares that have it by each time asked, their intervals; how many had it by then, and are followed beyond."""

    share: FloatArray
    lower: FloatArray
    upper: FloatArray
    events: FloatArray
    beyond: FloatArray
    median: tuple[float, float, float]


@dataclass(frozen=True)
class PaceRatio:
    """The ratio of paces with its interval, the p of the log-rank test, and the most that one person moves it."""

    value: float
    lower: float
    upper: float
    p_value: float
    one_person: float


@dataclass(frozen=True)
class _Table:
    times: FloatArray
    events: FloatArray
    at_risk: FloatArray


def _table(times: FloatArray, came: FloatArray, n: FloatArray, at: FloatArray | None = None) -> _Table:
    """Events and people at risk at each distinct time of an event (or at those of `at`)."""
    order = np.argsort(times, kind="stable")
    held, had, many = times[order], came[order], n[order]
    asked = np.unique(held[had > 0]) if at is None else at
    left = np.concatenate(([0.0], np.cumsum(many)))
    events = np.concatenate(([0.0], np.cumsum(many * had)))
    before, until = np.searchsorted(held, asked, "left"), np.searchsorted(held, asked, "right")
    return _Table(asked, events[until] - events[before], left[-1] - left[before])


def shares_by(times: ArrayLike, came: ArrayLike, n: ArrayLike, by: ArrayLike, confidence: float = 0.95) -> SharesBy:
    """What share has it by each of the times `by`, where some were followed for less than that?

    1 - product over event times of (1 - events / people at risk) (Kaplan and Meier 1958), Greenwood's variance, the
    interval on the scale of log(-log) (Kalbfleisch and Prentice 2002); Wilson's of those at risk where none or all
    have it. NaN beyond what is known of anybody. The median is the first time at which half have it, its interval
    that of Brookmeyer and Crowley (1982) on the same scale. Example: of five, three had it after 1, 2 and 4 days.

    >>> found = shares_by([1, 2, 3, 4, 5], [1, 1, 0, 1, 0], [1] * 5, [2, 4])
    >>> found.share.round(3).tolist(), found.median[0]
    ([0.4, 0.7], 4.0)
    """
    time, had, many, asked = floats(times), floats(came), floats(n), floats(by)
    made = _table(time, had, many)
    left = floats(np.cumprod(1.0 - made.events / made.at_risk))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = floats(np.sqrt(np.cumsum(made.events / (made.at_risk * (made.at_risk - made.events)))))
        lower, upper = _log_log(left, spread, confidence)
    place = np.searchsorted(made.times, asked, "right") - 1
    share, low, high = (np.where(place < 0, np.nan, one[place]) if len(one) else np.full(len(asked), np.nan)
                        for one in (1 - left, 1 - upper, 1 - lower))  # fmt: skip
    at_risk = np.array([many[time >= one].sum() for one in asked])
    events = np.array([(many * had)[time <= one].sum() for one in asked])
    share = np.where(place < 0, 0.0, share)
    edge = (share <= 0) | (share >= 1)
    wide = np.where(share >= 1, many.sum(), at_risk)
    wilson_low, wilson_high = wilson(np.where(share >= 1, wide, 0.0), np.maximum(wide, 1.0), confidence)
    known = (at_risk > 0) | (share >= 1)
    low, high = np.where(edge, wilson_low, low), np.where(edge, wilson_high, high)
    middle = _first(made.times, left <= 0.5), _first(made.times, lower <= 0.5), _first(made.times, upper <= 0.5)
    share, low, high = (np.where(known, one, np.nan) for one in (share, low, high))
    beyond = np.array([many[time > one].sum() for one in asked])
    return SharesBy(share, low, high, events, beyond, middle)


def _log_log(left: FloatArray, spread: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    wide = quantile_of(confidence) * spread / np.abs(np.log(left))
    return left ** np.exp(wide), left ** np.exp(-wide)


def _first(times: FloatArray, reached: NDArray[np.bool_]) -> float:
    where = np.flatnonzero(reached)
    return float(times[where[0]]) if len(where) else _NONE


def pace_ratio(
    times: ArrayLike, came: ArrayLike, group: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> PaceRatio:
    """At how many times the pace of the others does the group have it?

    The hazard ratio of Cox's model with ties as Efron has them (1977), Wald's interval on the log scale; p of the
    log-rank test (Mantel 1966), which needs no model. `group` is 1 for the group and 0 for the others. NaN under 5
    events in either. Source: Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2002. Example:
    everybody of two alike groups.

    >>> found = pace_ratio([1, 2, 3, 4, 5, 6] * 2, [1] * 12, [0] * 6 + [1] * 6, [1] * 12)
    >>> round(found.value, 6), round(found.p_value, 6)
    (1.0, 1.0)
    """
    time, had, many, mine = floats(times), floats(came), floats(n), floats(group) > 0
    every = _table(time, had, many)
    own = _table(time[mine], had[mine], many[mine], every.times)
    if own.events.sum() < FEWEST_EVENTS or (every.events - own.events).sum() < FEWEST_EVENTS:
        return PaceRatio(_NONE, _NONE, _NONE, _NONE, _NONE)
    beta, information = _cox(every, own)
    if not (np.isfinite(beta) and information > 0):
        return PaceRatio(_NONE, _NONE, _NONE, _log_rank(every, own), _NONE)
    half = quantile_of(confidence) / information**0.5
    moved = 2 * _most_moved(time, had, mine, every, own, beta) / information  # one step of leaving out, and as much
    value = float(np.exp(beta))
    return PaceRatio(
        value, float(np.exp(beta - half)), float(np.exp(beta + half)), _log_rank(every, own), value * moved
    )


def _log_rank(every: _Table, own: _Table) -> float:
    from scipy.special import chdtrc

    d, y, share = every.events, every.at_risk, own.at_risk / every.at_risk
    several = y > 1
    spread = (d * share * (1 - share) * (y - d))[several] / (y[several] - 1)
    apart = float((own.events - d * share).sum())
    return float(chdtrc(1, apart**2 / spread.sum())) if spread.sum() > 0 else _NONE


def _cox(every: _Table, own: _Table) -> tuple[float, float]:
    """Newton's steps on the partial likelihood of one yes or no; the log ratio and its information."""
    d = every.events.astype(np.int64)
    times = np.repeat(np.arange(len(d)), d)
    part = (np.arange(d.sum()) - np.repeat(np.cumsum(d) - d, d)) / np.repeat(d, d)
    mine = own.at_risk[times] - part * own.events[times]
    other = (every.at_risk - own.at_risk)[times] - part * (every.events - own.events)[times]
    beta, information = 0.0, 0.0
    for _ in range(50):
        weighted = mine * np.exp(beta)
        share = weighted / (weighted + other)
        information = float((share * (1 - share)).sum())
        if not information > 0:
            return _NONE, 0.0
        step = float(own.events.sum() - share.sum()) / information
        beta += float(np.clip(step, -2.0, 2.0))
        if abs(step) < 1e-12:
            break
        if abs(beta) > 20:
            return _NONE, 0.0
    return beta, information


def _most_moved(
    time: FloatArray, had: FloatArray, mine: NDArray[np.bool_], every: _Table, own: _Table, beta: float
) -> float:
    """The largest score residual of one person, times the information: how far leaving one out moves the log ratio."""
    weighted = own.at_risk * np.exp(beta)
    total = weighted + (every.at_risk - own.at_risk)
    middle, hazard = weighted / total, every.events / total
    place = np.searchsorted(every.times, time, "right")
    sums = [np.concatenate(([0.0], np.cumsum(one * hazard)))[place] for one in (1 - middle, middle)]
    at = np.clip(np.searchsorted(every.times, time, "left"), 0, len(middle) - 1)
    x = mine.astype(np.float64)
    residual = had * (x - middle[at]) - np.where(mine, np.exp(beta) * sums[0], -sums[1])
    return float(np.abs(residual).max())
