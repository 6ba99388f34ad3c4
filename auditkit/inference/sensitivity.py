"""How strong would what was not measured have to be to make a finding by itself? Three answers: for a ratio (E-value),
for a coefficient (robustness value), and for outcomes that were recorded more often in one group (label bias)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from auditkit.inference.array_shapes import FloatArray, Interval, divide, floats, quietly
from auditkit.inference.root_finding import decreasing_root


def e_value(ratio: ArrayLike) -> FloatArray:
    """How strongly would something unmeasured have to go with both group and decision to make this ratio alone?

    R + sqrt(R (R - 1)), R the ratio or its inverse, whichever is above 1: the smallest ratio that it would need with
    each. 1 where the ratio is 1. For an interval, take the end nearer 1. Source: VanderWeele and Ding, Annals of
    Internal Medicine 167 (2017) 268. Their example: ratio 3.9 (1.8 to 8.7).

    >>> [f"{value:.2f}" for value in e_value([3.9, 1.8, 2.05])]
    ['7.26', '3.00', '3.52']
    """
    r = floats(ratio)
    with quietly():
        above = np.maximum(r, 1.0 / r)
        return np.where(np.isinf(above), np.inf, above + np.sqrt(above * (above - 1.0)))


def partial_r2(t_value: ArrayLike, degrees: ArrayLike) -> FloatArray:
    """Which share of what is left of the outcome does this variable explain? t^2 / (t^2 + degrees).

    >>> print(f"{partial_r2(4.18445, 783):.5f}")
    0.02187
    """
    square = floats(t_value) ** 2
    return square / (square + floats(degrees))


def robustness_value(t_value: ArrayLike, degrees: ArrayLike, share: float = 1.0, level: float = 1.0) -> FloatArray:
    """What share of both, left over, would something unmeasured have to explain to take a coefficient down to nothing?

    (sqrt(f^4 + 4 f^2) - f^2) / 2 with f = share |t| / sqrt(degrees), for a `share` of the coefficient; with a `level`
    under 1 what would take away its significance: f less the critical t over sqrt(degrees - 1). Source: Cinelli and
    Hazlett, JRSS B 82 (2020) 39; the example is the one of the package sensemakr (Darfur).

    >>> print(f"{robustness_value(4.18445, 783):.4f} {robustness_value(4.18445, 783, level=0.05):.4f}")
    0.1388 0.0763
    """
    df = floats(degrees)
    f = share * np.abs(floats(t_value)) / np.sqrt(df)
    if level < 1.0:
        f = f + stdtrit(df - 1.0, level / 2.0) / np.sqrt(df - 1.0)
    f = np.maximum(f, 0.0)
    return floats((np.sqrt(f**4 + 4.0 * f**2) - f**2) / 2.0)


def adjusted_coefficient(
    value: ArrayLike,
    standard_error: ArrayLike,
    degrees: ArrayLike,
    r2_with_group: ArrayLike,
    r2_with_outcome: ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """What would be left of a coefficient, and its standard error, had something of this strength been measured?

    `r2_with_group` and `r2_with_outcome` are partial R2. Nearer 0 by SE sqrt(df) sqrt(R2_y R2_d / (1 - R2_d)). Source:
    Cinelli and Hazlett (2020); sensemakr's example, something as strong as `female`.

    >>> left, error = adjusted_coefficient(0.09731582, 0.02325654, 783, 0.00916429, 0.12464092)
    >>> print(f"{left:.5f} {error:.5f}")
    0.07522 0.02187
    """
    estimate, error, df = floats(value), floats(standard_error), floats(degrees)
    d, y = floats(r2_with_group), floats(r2_with_outcome)
    bias = error * np.sqrt(df) * np.sqrt(y * d / (1.0 - d))
    left = np.sign(estimate) * (np.abs(estimate) - bias)
    return left, error * np.sqrt((1.0 - y) / (1.0 - d)) * np.sqrt(df / (df - 1.0))


def recorded_rate_bounds(
    true_positive: ArrayLike,
    false_positive: ArrayLike,
    false_negative: ArrayLike,
    true_negative: ArrayLike,
    recorded: ArrayLike,
) -> dict[str, Interval]:
    """Between which ends do the error rates lie, if at least this share of all outcomes was recorded as one?

    Of every recorded positive there may be up to 1/recorded - 1 that were not and stand among the negatives, among the
    selected and among the others apart: bounds over tables of selected x recorded x true. Keys false_positive_rate,
    false_negative_rate, positive_predictive_value. Source: docs/statistics.md.

    >>> low, high = recorded_rate_bounds(50, 50, 20, 180, 0.8)["false_positive_rate"]
    >>> print(f"{low:.4f} to {high:.4f}")
    0.1724 to 0.2222
    """
    tp, fp, fn, tn, share = np.broadcast_arrays(
        *(floats(v) for v in (true_positive, false_positive, false_negative, true_negative, recorded))
    )
    with quietly():
        selected, others = (np.minimum(seen * (1.0 / share - 1.0), no) for seen, no in ((tp, fp), (fn, tn)))
    return {
        "false_positive_rate": (
            divide(fp - selected, fp - selected + tn),
            divide(fp, fp + tn - others),
        ),
        "false_negative_rate": (
            divide(fn, fn + tp + selected),
            divide(fn + others, fn + others + tp),
        ),
        "positive_predictive_value": (divide(tp, tp + fp), divide(tp + selected, tp + fp)),
    }


def tipping_record(
    counts: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike], reference_rate: ArrayLike, measure: str
) -> FloatArray:
    """How small a share of the group's outcomes would have to be recorded, those of the reference all being so, to make
    this gap by itself?

    The share at which the group's bound meets the reference's rate; 0 where no share does, 1 where there is no gap.
    `counts`: true positive, false positive, false negative, true negative of the group. Example: wrongly selected
    50 of 230 against 0.18.

    >>> print(f"{tipping_record((50, 50, 20, 180), 0.18, 'false_positive_rate'):.3f}")
    0.827
    """
    target = floats(reference_rate)
    own = recorded_rate_bounds(*counts, 1.0)[measure][0]
    side = np.where(own > target, 0, 1)

    def distance(share: FloatArray) -> FloatArray:
        low, high = recorded_rate_bounds(*counts, share)[measure]
        return np.where(side == 0, low, high)

    return _crossing(distance, target, side)


def _crossing(bound: Callable[[FloatArray], FloatArray], target: FloatArray, side: ArrayLike) -> FloatArray:
    """The share at which a bound, which moves one way as it falls from 1, meets the target."""
    shape = np.broadcast(bound(floats(1.0)), target).shape
    smallest, sign = np.full(shape, 1e-6), np.where(np.asarray(side) == 0, -1.0, 1.0)

    def excess(share: FloatArray) -> FloatArray:
        return floats(sign * (bound(np.clip(share, 1e-6, 1.0)) - target))

    reachable = excess(smallest) >= 0
    root = decreasing_root(excess, np.full(shape, 0.5), np.full(shape, 0.5 - 1e-6))
    return np.where(excess(np.ones(shape)) >= 0, 1.0, np.where(reachable, root, 0.0))
