"""A list longer than the capacity to check it, and a random sample of the people not on it: outcomes are known for some
of the listed and some of the others. Each of the two strata speaks by its own checked people, under the assumption that
within it whom to check was a matter of chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from auditkit.inference.array_shapes import FloatArray, divide, floats, quietly

FEWEST = 1.0
"""Positives and negatives that the checked of a stratum must hold for an interval."""


@dataclass(frozen=True)
class VerifiedRate:
    """A rate with the number of independent rows it is worth (NaN without an interval), and what it can be at the ends
    without the assumption."""

    value: FloatArray
    effective_n: FloatArray
    bound_lower: FloatArray
    bound_upper: FloatArray


@dataclass(frozen=True)
class VerifiedRates:
    """Rates of a list that was checked in part."""

    false_positive_rate: VerifiedRate
    true_positive_rate: VerifiedRate
    base_rate: VerifiedRate
    precision: VerifiedRate


def verified_rates(
    listed: ArrayLike,
    listed_checked: ArrayLike,
    listed_positive: ArrayLike,
    others: ArrayLike,
    others_checked: ArrayLike,
    others_positive: ArrayLike,
) -> VerifiedRates:
    """What are the error rates of a list, when only some of the people on it, and off it, were checked?

    With a and b the shares of positives among the checked on and off the list, NL and NU the people: logit FPR =
    log(NL/NU) + log((1-a)/(1-b)), variance 1/NL + 1/NU + a/(cL(1-a)) + b/(cU(1-b)); TPR with a and 1-a, b and 1-b
    exchanged; base rate q a + (1-q) b, variance q^2 a(1-a)/cL + (1-q)^2 b(1-b)/cU + q(1-q)(a-b)^2/N. Each is worth
    p(1-p)/variance rows (on the scale of the rate), which go into the intervals and the melded tests. Bounds: what the
    unchecked of the list may be, the sample of the others kept. No interval where the checked of either stratum hold
    no positive or no negative. Shapes broadcast. Source: Begg and Greenes, Biometrics 39 (1983) 207, for the
    assumption; docs/statistics.md. Example: 2,000 listed, 1,800 of them checked, 720 positive; 8,000 others, 1,000
    checked, 100 positive.

    >>> rates = verified_rates(2000, 1800, 720, 8000, 1000, 100)
    >>> fpr = rates.false_positive_rate
    >>> print(f"{fpr.value:.4f} ({fpr.bound_lower:.4f} to {fpr.bound_upper:.4f}), worth {fpr.effective_n:.0f} rows")
    0.1429 (0.1304 to 0.1509), worth 7381 rows
    """
    nl, cl, yl, nu, cu, yu = np.broadcast_arrays(
        *(floats(v) for v in (listed, listed_checked, listed_positive, others, others_checked, others_positive))
    )
    a, b = divide(yl, cl), divide(yu, cu)
    enough = (np.minimum(yl, cl - yl) >= FEWEST) & (np.minimum(yu, cu - yu) >= FEWEST)
    with quietly():
        unlisted = nu * b
        low, high = yl, yl + (nl - cl)  # positives on the list, were none or all of the unchecked positive
        wrong_low, wrong_high = nl - high, nl - low
        fpr = _odds(nl, nu, a, b, cl, cu)
        tpr = _odds(nl, nu, 1.0 - a, 1.0 - b, cl, cu)
        q, everyone = nl / (nl + nu), nl + nu
        base = q * a + (1.0 - q) * b
        variance = (
            q**2 * a * (1.0 - a) / cl + (1.0 - q) ** 2 * b * (1.0 - b) / cu + q * (1.0 - q) * (a - b) ** 2 / everyone
        )
        right = nu - unlisted
        rates = (
            _rate(*fpr, enough, wrong_low / (wrong_low + right), wrong_high / (wrong_high + right)),
            _rate(*tpr, enough, low / (low + unlisted), high / (high + unlisted)),
            _rate(base, base * (1.0 - base) / variance, enough,
                  (low + unlisted) / everyone, (high + unlisted) / everyone),
            _rate(a, cl, cl > 0, low / nl, high / nl),
        )  # fmt: skip
    return VerifiedRates(*rates)


def _odds(
    nl: FloatArray, nu: FloatArray, a: FloatArray, b: FloatArray, cl: FloatArray, cu: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Share of the people without what a and b are shares of who are listed, and the rows it is worth."""
    value = expit(np.log(nl / nu) + np.log((1.0 - a) / (1.0 - b)))
    variance = 1.0 / nl + 1.0 / nu + a / (cl * (1.0 - a)) + b / (cu * (1.0 - b))
    # On the scale of the rate its variance is (p(1-p))^2 times that of its logit.
    return floats(value), floats(1.0 / (value * (1.0 - value) * variance))


def _rate(value: FloatArray, size: FloatArray, enough: ArrayLike, low: FloatArray, high: FloatArray) -> VerifiedRate:
    return VerifiedRate(value, np.where(np.asarray(enough), size, np.nan), low, high)
