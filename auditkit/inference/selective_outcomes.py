"""Outcomes that only the selected have: what the others would have shown is unknown, but not without limit. Each named
assumption gives bounds, never a point, and an interval for the figure that lies somewhere between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from auditkit.inference.array_shapes import FloatArray, Interval, divide, floats, quantile_of, quietly
from auditkit.inference.root_finding import decreasing_root


@dataclass(frozen=True)
class BoundedRate:
    """Bounds of a rate, and the interval that holds the rate itself."""

    bound_lower: FloatArray
    bound_upper: FloatArray
    lower: FloatArray
    upper: FloatArray


def imbens_manski(
    bound_lower: ArrayLike,
    bound_upper: ArrayLike,
    lower_error: ArrayLike,
    upper_error: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> Interval:
    """Between which limits does a figure lie that is only known to lie between two bounds, both estimated?

    Each bound is moved out by c standard errors, with Phi(c + width / larger error) - Phi(-c) = confidence: 1.645 where
    the bounds are far apart, 1.96 where they meet. Shapes broadcast. Source: Imbens and Manski, Econometrica 72 (2004)
    1845. Example: bounds 0.2 and 0.6.

    >>> lower, upper = imbens_manski(0.2, 0.6, 0.02, 0.03)
    >>> print(f"{lower:.4f} to {upper:.4f}")
    0.1671 to 0.6493
    """
    low, high, first, second = np.broadcast_arrays(
        *(floats(value) for value in (bound_lower, bound_upper, lower_error, upper_error))
    )
    level = floats(confidence)
    with quietly():
        apart = np.nan_to_num((high - low) / np.maximum(np.maximum(first, second), 1e-300), nan=0.0, posinf=1e9)

    def short(c: FloatArray) -> FloatArray:
        return floats(level - (ndtr(c + apart) - ndtr(-c)))

    widest = np.broadcast_to(quantile_of(level), low.shape)
    c = decreasing_root(short, np.array(widest, dtype=np.float64), np.ones(low.shape))
    return low - c * first, high + c * second


def selective_rates(
    seen_positive: ArrayLike, seen: ArrayLike, unseen: ArrayLike, gamma: float = 1.0, confidence: float = 0.95
) -> dict[str, BoundedRate]:
    """Between which ends do the error rates lie, if the unseen are at most so much riskier than the seen like them?

    By stratum of equal score (last axis): the odds of the outcome among the unselected are at most `gamma` times those
    of the selected. Gamma 1: the unselected are no riskier (monotone selection); infinite: worst case (Manski). Where a
    stratum has nobody selected, its unselected may be anything. Keys base_rate, true_positive_rate,
    false_positive_rate; intervals after Imbens and Manski, errors by the delta method. Source: Manski (1989);
    Rosenbaum (2002) for Gamma; docs/statistics.md. Example: 30 of 100 selected have it, 300 unselected.

    >>> rates = selective_rates([30], [100], [300])
    >>> print(f"{rates['base_rate'].bound_lower:.3f} to {rates['base_rate'].bound_upper:.3f}")
    0.075 to 0.300
    """
    yes, here, gone = np.broadcast_arrays(floats(seen_positive), floats(seen), floats(unseen))
    with quietly():
        p = np.where(here > 0, yes / here, 1.0)
    # A stratum that saw only one kind is given half a row of the other, for the error.
    edge = (here > 0) & ((p == 0) | (p == 1))
    soft, rows = np.where(edge, (yes + 0.5) / (here + 1.0), p), here + edge
    most, slope = _at_most(p, soft, gamma)
    tp, fp, out = yes.sum(axis=-1), (here - yes).sum(axis=-1), gone.sum(axis=-1)
    fn = (gone * most).sum(axis=-1)

    def error(of_tp: FloatArray, of_fp: FloatArray, of_out: FloatArray, of_fn: FloatArray) -> FloatArray:
        """Delta method over cells (seen with and without the outcome, unseen), from the slopes in the four sums."""
        share = np.where(here > 0, gone * slope / np.maximum(rows, 1.0), 0.0)
        total, wrong, left, missed = (part[..., None] for part in (of_tp, of_fp, of_out, of_fn))
        variance = (
            rows * soft * (total + missed * share * (1.0 - soft)) ** 2
            + rows * (1.0 - soft) * (wrong - missed * share * soft) ** 2
            + gone * (left + missed * most) ** 2
        )
        return floats(np.sqrt(variance.sum(axis=-1)))

    result = {}
    for name, ((low, *low_slopes), (high, *high_slopes)) in _ends(tp, fp, out, fn).items():
        lower, upper = imbens_manski(low, high, error(*low_slopes), error(*high_slopes), confidence)
        result[name] = BoundedRate(low, high, np.clip(lower, 0.0, 1.0), np.clip(upper, 0.0, 1.0))
    return result


def _at_most(p: FloatArray, soft: FloatArray, gamma: float) -> tuple[FloatArray, FloatArray]:
    """The largest rate of the unseen, and how fast it moves with that of the seen."""
    if np.isinf(gamma):
        return np.ones(p.shape), np.zeros(p.shape)
    return gamma * p / (1.0 - p + gamma * p), gamma / (1.0 - soft + gamma * soft) ** 2


def _ends(
    tp: FloatArray, fp: FloatArray, out: FloatArray, fn: FloatArray
) -> dict[str, tuple[tuple[FloatArray, ...], tuple[FloatArray, ...]]]:
    """Lowest and highest figure, each with its slopes in true and false positives, unselected, and missed."""
    everyone, zero, nothing = tp + fp + out, np.zeros(tp.shape), np.where(tp > 0, 0.0, np.nan)
    least, base = divide(tp, everyone), divide(tp + fn, everyone)
    own, one = divide(1.0, everyone), divide(1.0, (tp + fn) ** 2)
    wide, narrow = divide(1.0, (fp + out) ** 2), divide(1.0, (fp + out - fn) ** 2)
    return {
        "base_rate": (
            (least, own * (1.0 - least), -own * least, -own * least, zero),
            (base, own * (1.0 - base), -own * base, -own * base, own),
        ),
        "true_positive_rate": (
            (divide(tp, tp + fn), fn * one, zero, zero, -tp * one),
            (1.0 + nothing, zero, zero, zero, zero),
        ),
        "false_positive_rate": (
            (divide(fp, fp + out), zero, out * wide, -fp * wide, zero),
            (divide(fp, fp + out - fn), zero, (out - fn) * narrow, -fp * narrow, fp * narrow),
        ),
    }
