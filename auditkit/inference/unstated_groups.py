"""People whose group is not stated belong to some group. A claim about a group holds only if it holds whoever they
are: for every number of them, selected anything between half and twice as often as those who stated theirs."""

from dataclasses import dataclass

import numpy as np

from auditkit.inference.array_shapes import FloatArray, floats, quietly
from auditkit.inference.gap_claims import GapClaims, claim_words, gap_claims, weakest
from auditkit.inference.melded import LIMITS, Limits

GRID = 33
LARGEST_FACTOR = 64.0

Table = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True)
class UnstatedRange:
    """The ratio of group to reference over what the unstated may be."""

    lower: float
    upper: float
    reference_may_be_zero: bool = False


def allocations(
    cases: float, n: float, reference_cases: float, reference_n: float, unstated_cases: float, unstated: float,
    factor: float, worse: bool, grid: int = GRID,
) -> Table:  # fmt: skip
    """Which tables do the unstated allow, seen from one claim?

    Against the claim "worse": a of the unstated join the group, for a on a grid from 0 to all that may, of whom the
    share p_g / factor is selected; of the rest the selected join the reference. Against "better": the share is
    min(1, p_g factor), and the others than the selected join the reference. An infinite factor gives the bounds over
    all allocations (even where nobody of the group is selected). Counts of group and reference, one element a table.

    >>> x, n, x0, n0 = allocations(30, 100, 40, 200, 6, 10, 2.0, True)
    >>> print(f"{(x / n / (x0 / n0)).min():.4f}")
    1.3292
    """
    rate = cases / n
    share = rate / factor if worse else 1.0 if np.isinf(factor) else min(1.0, rate * factor)
    not_cases = unstated - unstated_cases
    most = min(
        unstated_cases / share if share > 0 else np.inf, not_cases / (1.0 - share) if share < 1.0 else np.inf, unstated
    )
    joined = np.linspace(0.0, most, grid)
    rest_cases, rest_others = unstated_cases - share * joined, not_cases - (1.0 - share) * joined
    with_reference = np.maximum(rest_cases if worse else rest_others, 0.0)
    x, n1 = cases + share * joined, n + joined
    return (
        floats(x), floats(n1),
        floats(reference_cases + (with_reference if worse else 0.0 * joined)), floats(reference_n + with_reference),
    )  # fmt: skip


def unstated_range(
    cases: float, n: float, reference_cases: float, reference_n: float, unstated_cases: float, unstated: float,
    factor: float = 2.0,
) -> tuple[float, float]:  # fmt: skip
    """Between which ratios must group over reference lie, whoever the unstated are within the factor?

    Source: `allocations`; docs/statistics.md. NaN where the group or the reference is empty; an end may be infinite.
    Example: A 30 of 100, B 40 of 200, unstated 6 of 10.

    >>> print("%.4f to %.4f" % unstated_range(30, 100, 40, 200, 6, 10))
    1.3292 to 1.6364
    >>> print("%.6f to %.6f" % unstated_range(30, 100, 40, 200, 6, 10, float("inf")))
    1.291806 to 1.732075
    """
    if not n or not reference_n:
        return float("nan"), float("nan")
    ends = []
    for worse, choose in ((True, np.min), (False, np.max)):
        x, n1, x0, n0 = allocations(cases, n, reference_cases, reference_n, unstated_cases, unstated, factor, worse)
        with quietly():
            ratio = (x / n1) / (x0 / n0)
        ends.append(float(choose(np.where(np.isnan(ratio), 1.0, ratio))))
    return ends[0], ends[1]


def unstated_tables(
    cases: float, n: float, reference_cases: float, reference_n: float, unstated_cases: float, unstated: float,
    factor: float = 2.0, grid: int = GRID,
) -> Table:  # fmt: skip
    """Which tables do both claims, worse and better, have to answer to? What intervals and p range over.

    >>> len(unstated_tables(30, 100, 40, 200, 6, 10)[0]) == 2 * GRID
    True
    """
    counts = (cases, n, reference_cases, reference_n, unstated_cases, unstated)
    halves = [allocations(*counts, factor, worse, grid) for worse in (True, False)]
    return tuple(np.concatenate(part) for part in zip(*halves, strict=True))  # type: ignore[return-value]


def unstated_claims(
    cases: float, n: float, reference_cases: float, reference_n: float, unstated_cases: float, unstated: float,
    factor: float = 2.0, limits: Limits = LIMITS, grid: int = GRID,
) -> GapClaims:  # fmt: skip
    """Which p hold whoever the unstated are, within the factor?

    The largest of each p over the tables that are allowed; where the direction is not the same in all, there is no gap
    in one of them. Example: without the ten unstated p is 0.06 for no gap.

    >>> claims = unstated_claims(60, 100, 40, 200, 6, 10)
    >>> bool(claims.no_gap < 0.0001), bool(claims.no_gap > gap_claims(60, 100, 40, 200).no_gap)
    (True, True)
    """
    tables = unstated_tables(cases, n, reference_cases, reference_n, unstated_cases, unstated, factor, grid)
    x, n1, x0, n0 = tables
    claims = gap_claims(*tables, limits=limits, effective=True)
    return weakest(claims, x * n0 > x0 * n1)


def tipping_factor(
    cases: float, n: float, reference_cases: float, reference_n: float, unstated_cases: float, unstated: float,
    level: float, limits: Limits = LIMITS, grid: int = GRID,
) -> float:  # fmt: skip
    """Up to which factor would the word with the unstated left out still stand?

    The largest factor, to three digits, at which the weakest word over the allowed tables is still that word; infinite
    where it stands whoever they are. NaN where the word is `inconclusive`: there is nothing to tip.

    >>> round(tipping_factor(600, 2000, 300, 2000, 60, 100, 0.001), 2)
    inf
    """
    word = claim_words(gap_claims(cases, n, reference_cases, reference_n, limits), level, np.inf)
    if word == "inconclusive":
        return float("nan")

    def stands(factor: float) -> bool:
        counts = (cases, n, reference_cases, reference_n, unstated_cases, unstated)
        claims = unstated_claims(*counts, factor, limits, grid)
        return str(claim_words(claims, level, np.inf)) == str(word)

    if stands(float("inf")):
        return float("inf")
    low, high = 1.0, LARGEST_FACTOR
    if not stands(low):
        return 1.0
    while high / low > 1.0005:
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if stands(middle) else (low, middle)
    return low
