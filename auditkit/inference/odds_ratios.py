"""The odds ratio of two rates, which published audits built on regressions report.
A score interval by default, the exact conditional one where too few cases are expected for it."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, Interval, counted, on_valid, quantile_of, quietly
from auditkit.inference.exact_tables import conditional_odds_ratio
from auditkit.inference.root_finding import score_limits

FEW_EXPECTED = 5.0


def smallest_expected(x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray) -> FloatArray:
    """The smallest of the four counts expected if both rates were the pooled one."""
    cases = x + x0
    everyone = n + n0
    least: FloatArray = np.minimum(n, n0) * np.minimum(cases, everyone - cases) / everyone
    return least


def _score(logarithm: FloatArray, x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray) -> FloatArray:
    """Observed less fitted cases of the group over their standard error, at a given odds ratio."""
    odds_ratio = np.exp(logarithm)
    cases = x + x0
    # n0 (R - 1) p0^2 + linear p0 - cases = 0; the form below has no cancellation on either side of R = 1.
    square = n0 * (odds_ratio - 1.0)
    linear = n * odds_ratio + n0 - cases * (odds_ratio - 1.0)
    root = np.sqrt(np.maximum(linear**2 + 4.0 * square * cases, 0.0))
    p0 = np.where(linear >= 0, 2.0 * cases / (linear + root), (root - linear) / (2.0 * square))
    p0 = np.clip(p0, 0.0, 1.0)
    p = odds_ratio * p0 / (1.0 - p0 + odds_ratio * p0)
    information = 1.0 / (n * p * (1.0 - p)) + 1.0 / (n0 * p0 * (1.0 - p0))
    everyone = n + n0
    value = (x - n * p) * np.sqrt(information * np.maximum(everyone - 1.0, 1e-12) / everyone)
    return np.where(np.isfinite(value), value, 0.0)


def _limits(
    x: FloatArray, n: FloatArray, x0: FloatArray, n0: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray]:
    start = np.log((x + 0.5) * (n0 - x0 + 0.5) / ((x0 + 0.5) * (n - x + 0.5)))
    smallest = [np.maximum(count, 0.5) for count in (x, x0, n - x, n0 - x0)]
    step = z * np.sqrt(sum((1.0 / count for count in smallest), np.zeros(x.shape))) + 0.1
    return score_limits(_score, (x, n, x0, n0), z, start, step, ((x > 0) & (x0 < n0), (x0 > 0) & (x < n)))


def odds_ratio_interval(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    confidence: ArrayLike = 0.95,
    exact: bool = False,
) -> Interval:
    """Between which limits does the odds ratio lie, group over reference?

    The odds ratios that a score test (with Miettinen and Nurminen's (N-1)/N) does not reject. With `exact`,
    tables of whole counts with an expected count under 5 take the exact conditional interval instead. Lower
    limit 0 where the group has no case or the reference nothing but cases; upper infinite in the mirror case.
    Shapes broadcast; NaN where a denominator is 0. Source: Miettinen and Nurminen, Statistics in Medicine 4
    (1985) 213. Example: 15 of 20 against 5 of 20, odds ratio 9.

    >>> lower, upper = odds_ratio_interval(15, 20, 5, 20)
    >>> print(f"{lower:.3f} to {upper:.2f}")
    2.176 to 37.22
    """
    x, total = counted(cases, n)
    x0, total0 = counted(reference_cases, reference_n)
    with quietly():
        lower, upper = on_valid(_limits, 2, x, total, x0, total0, quantile_of(confidence))
        if exact:
            few = smallest_expected(x, total, x0, total0) < FEW_EXPECTED
            few = np.broadcast_to(few, lower.shape)
            a, b, c, d = (np.where(few, count, np.nan) for count in (x, total - x, x0, total0 - x0))
            exact_lower, exact_upper = conditional_odds_ratio(a, b, c, d, confidence)
            known = ~np.isnan(exact_lower)
            lower, upper = np.where(known, exact_lower, lower), np.where(known, exact_upper, upper)
    return lower, upper
