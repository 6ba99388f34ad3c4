"""Whether a gap between two groups could be chance, which method says so, and how large a gap would have had
to be for so many rows to show it. What was observed never enters the last."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditkit.inference.array_shapes import FloatArray, counted, on_valid, quantile_of, quietly
from auditkit.inference.exact_tables import fisher_exact
from auditkit.inference.odds_ratios import FEW_EXPECTED, smallest_expected
from auditkit.inference.ratio_intervals import ratio_test
from auditkit.inference.root_finding import decreasing_root

POWER_QUANTILE = 0.8416212335729143  # normal quantile of 80 % power


@dataclass(frozen=True)
class GapTest:
    """The p of each gap and the test it came from."""

    p_value: FloatArray
    """Two-sided p, NaN where nothing can be tested."""
    test: NDArray[np.str_]
    """`score`, `fisher`, or empty where nothing can be tested."""


def gap_test(
    cases: ArrayLike,
    n: ArrayLike,
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    weighted: bool = False,
) -> GapTest:
    """Could a gap like this come about with equal chances in group and reference?

    Miettinen and Nurminen's score test at ratio 1; Fisher's exact test where the smallest of the four
    expected counts is under 5. Weighted (effective) counts always take the score test. Nothing can be tested,
    and p is NaN, where a denominator is 0, both rates are 0 or both are 1. Shapes broadcast. Source:
    Miettinen and Nurminen (1985); Fisher (1935). Example: 3 of 4 against 1 of 4, Fisher's p = 34/70.

    >>> result = gap_test([3, 40], [4, 100], [1, 20], [4, 100])
    >>> result.p_value.round(5).tolist(), result.test.tolist()
    ([0.48571, 0.00208], ['fisher', 'score'])
    """
    x, total = counted(cases, n)
    x0, total0 = counted(reference_cases, reference_n)
    score = ratio_test(x, total, x0, total0)
    testable = ~np.isnan(score)
    with quietly():
        few = testable & (smallest_expected(x, total, x0, total0) < FEW_EXPECTED)
    if weighted:
        few = np.zeros_like(few)
    exact = fisher_exact(*(np.where(few, count, np.nan) for count in (x, total - x, x0, total0 - x0)))
    exactly = ~np.isnan(exact)
    test = np.where(exactly, "fisher", np.where(testable, "score", ""))
    return GapTest(np.where(exactly, exact, score), test)


def smallest_detectable_ratio(
    reference_cases: ArrayLike,
    reference_n: ArrayLike,
    n: ArrayLike,
    confidence: ArrayLike = 0.95,
) -> FloatArray:
    """How many times the reference's rate must the group's have been, for so many rows to show it in 80 % of
    cases?

    The smallest R above 1 with (R-1) p0 >= z sqrt(m(1-m)(1/n1 + 1/n0)) + 0.842 sqrt(R p0(1 - R p0)/n1 +
    p0(1-p0)/n0), p0 = (reference cases + 0.5)/(reference n + 1) and m the rate of both together if the
    group's were R p0. NaN where no R with R p0 < 1 will do ("no gap of any size") or a denominator is 0. It
    depends on the group's size, never on its cases. Shapes broadcast. Source: Fleiss, Levin and Paik,
    Statistical Methods for Rates and Proportions (2003) chapter 4, turned round. Example: 99 of 999, so p0 =
    0.0995, against a group of 1,000: R p0 = 0.1402.

    >>> print(f"{smallest_detectable_ratio(99, 999, 1000):.3f}")
    1.409
    """
    x0, total0 = counted(reference_cases, reference_n)
    _, total = counted(0.0, n)
    return on_valid(_smallest_ratio, 1, x0, total0, total, quantile_of(confidence))[0]


def _smallest_ratio(x0: FloatArray, n0: FloatArray, n: FloatArray, z: FloatArray) -> tuple[FloatArray]:
    p0 = (x0 + 0.5) / (n0 + 1.0)

    def shortfall(ratio: FloatArray) -> FloatArray:
        """Concave, positive at 1: it crosses zero once at most."""
        p = np.minimum(ratio * p0, 1.0)
        pooled = (n * p + n0 * p0) / (n + n0)
        chance = z * np.sqrt(pooled * (1.0 - pooled) * (1.0 / n + 1.0 / n0))
        return chance + POWER_QUANTILE * np.sqrt(p * (1.0 - p) / n + p0 * (1.0 - p0) / n0) - (p - p0)

    answer = np.full(p0.shape, np.nan)
    some = shortfall(1.0 / p0) < 0
    if some.any():
        p0, n0, n, z = p0[some], n0[some], n[some], z[some]
        half = (1.0 / p0 - 1.0) / 2.0
        answer[some] = decreasing_root(shortfall, 1.0 + half, half)
    return (answer,)
