"""Do groups of the same estimated risk meet the same decision, and how much of a gap in error rates do different base
rates make by themselves?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, divide, floats, quantile_of, quietly


@dataclass(frozen=True)
class RiskAdjusted:
    """Selection rates of group and reference at the risk of both together."""

    rate: FloatArray
    reference_rate: FloatArray
    difference: FloatArray
    lower: FloatArray
    upper: FloatArray
    ratio: FloatArray
    overlap: FloatArray
    """Share of both groups' people whose risk both groups have."""


def risk_adjusted(
    selected: ArrayLike,
    n: ArrayLike,
    reference_selected: ArrayLike,
    reference_n: ArrayLike,
    confidence: float = 0.95,
) -> RiskAdjusted:
    """Would the groups be selected alike, if both had the risk of both together?

    The rate of each within strata of estimated risk (last axis), weighted by the people of both in the stratum; strata
    without one of the groups are left out. Variance: that of the rates, each with half a row more where it is 0 or 1.
    Source: Jung, Corbett-Davies, Gaebler, Shroff and Goel, Mitigating included- and omitted-variable bias in estimates
    of disparate impact (2018-2024). Example: 60 of 600 and 160 of 400 against 45 of 300 and 350 of 700.

    >>> result = risk_adjusted([45, 350], [300, 700], [60, 160], [600, 400])
    >>> print(f"{result.rate:.4f} against {result.reference_rate:.4f}, ratio {result.ratio:.3f}")
    0.3425 against 0.2650, ratio 1.292
    """
    x, n1, x0, n0 = np.broadcast_arrays(*(floats(v) for v in (selected, n, reference_selected, reference_n)))
    there = (n1 > 0) & (n0 > 0)
    both = np.where(there, n1 + n0, 0.0)
    share = divide(both, both.sum(axis=-1)[..., None])

    def over(cases: FloatArray, size: FloatArray) -> tuple[FloatArray, FloatArray]:
        with quietly():
            p = np.where(there, cases / size, 0.0)
            soft = np.where((p == 0) | (p == 1), (cases + 0.5) / (size + 1.0), p)
            variance = np.where(there, soft * (1.0 - soft) / size, 0.0)
        return (share * p).sum(axis=-1), (share**2 * variance).sum(axis=-1)

    (one, first), (other, second) = over(x, n1), over(x0, n0)
    width = quantile_of(confidence) * np.sqrt(first + second)
    overlap = divide(both.sum(axis=-1), (n1 + n0).sum(axis=-1))
    difference = one - other
    return RiskAdjusted(one, other, difference, difference - width, difference + width, divide(one, other), overlap)


def forced_false_positive_rate(base_rate: ArrayLike, precision: ArrayLike, true_positive_rate: ArrayLike) -> FloatArray:
    """Which false positive rate do a base rate, a precision and a true positive rate leave no choice about?

    p / (1 - p) * (1 - PPV) / PPV * TPR: with equal precision and equal true positive rates, groups of different base
    rates must have different false positive rates. NaN where the base rate is 1 or the precision 0. Source:
    Chouldechova, Big Data 5 (2017) 153; Kleinberg, Mullainathan and Raghavan (2017). Example: base rates 0.40 and
    0.25, precision 0.6; the second with its own and with the first's true positive rate.

    >>> [f"{rate:.3f}" for rate in forced_false_positive_rate([0.4, 0.25, 0.25], 0.6, [0.75, 0.3, 0.75])]
    ['0.333', '0.067', '0.167']
    """
    p, ppv, tpr = floats(base_rate), floats(precision), floats(true_positive_rate)
    return divide(p, 1.0 - p) * divide(1.0 - ppv, ppv) * tpr
