"""The widest gap between any two groups of an attribute, with an interval that holds when there is none.

The largest of many differences is biased upward, so it carries no verdict: Newcombe's interval for every
pair at a level shared among the pairs, the pair named, and a test of homogeneity beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.figures import rate_basis
from auditkit.findings.records import Gap
from auditkit.findings.rows import number
from auditkit.findings.views import View
from auditkit.inference import EqualisedOddsGap, LargestGap, equalised_odds_gap, largest_gap
from auditkit.measures import MEASURES, Measure, direction_of
from auditkit.spec import AuditSpec

__all__ = ["EQUALISED_ODDS", "largest_gaps"]

EQUALISED_ODDS = "equalised_odds"


def largest_gaps(found: View, rows: list[Measure], spec: AuditSpec, analysis: str) -> Iterator[Gap]:
    """One record a rate that has a direction, and one for equalised odds (the larger of two gaps)."""
    stated = np.flatnonzero(found.counts.stated)
    if len(stated) < 2 or found.counts.lower is not None:
        return
    unseen = spec.observed == "when_selected"
    keys = {row.key for row in rows}
    for row in rows:
        if row.kind != "rate" or direction_of(row.key, spec.system.harm) == "context":
            continue
        basis = rate_basis(found.everyone if row.needs == "selection" else found.counts, row, unseen)
        if len(basis.cases) > 1:
            continue
        cases, n = basis.cases[0][stated], basis.n[0][stated]
        if np.count_nonzero(n > 0) >= 2:
            yield _record(found, stated, row.key, largest_gap(cases, n, spec.confidence), n, spec, analysis)
    if {"true_positive_rate", "false_positive_rate"} <= keys and not unseen:
        yield from _equalised_odds(found, stated, spec, analysis)


def _equalised_odds(found: View, stated: NDArray[np.int64], spec: AuditSpec, analysis: str) -> Iterator[Gap]:
    true = rate_basis(found.counts, MEASURES["true_positive_rate"], False)
    false = rate_basis(found.counts, MEASURES["false_positive_rate"], False)
    positives, negatives = true.n[0][stated], false.n[0][stated]
    if min(np.count_nonzero(positives > 0), np.count_nonzero(negatives > 0)) < 2:
        return
    gap: EqualisedOddsGap = equalised_odds_gap(
        true.cases[0][stated], positives, false.cases[0][stated], negatives, spec.confidence
    )
    n = positives if int(gap.side) == 0 else negatives
    yield _record(found, stated, EQUALISED_ODDS, gap.gap, n, spec, analysis)


def _record(
    found: View, stated: NDArray[np.int64], measure: str, gap: LargestGap, n: NDArray[np.float64], spec: AuditSpec,
    analysis: str,
) -> Gap:
    high, low = int(gap.highest), int(gap.lowest)
    groups = found.counts.groups
    value = number(float(gap.value))
    return Gap(
        analysis=analysis, attributes=found.names, groups=groups[stated[high]], reference=groups[stated[low]],
        measure=measure, kind="largest_difference", side=None, direction="none",
        value=value, lower=number(float(gap.lower)), upper=number(float(gap.upper)), bound_lower=None, bound_upper=None,
        confidence=spec.confidence, method="newcombe_pairs", p_value=number(float(gap.p_homogeneity)), p_adjusted=None,
        test="chi_square", verdict=None, people=None, people_lower=None, people_upper=None,
        n=float(n[high]), n_reference=float(n[low]), smallest_detectable=None,
        status="computed" if value is not None else "not_computed", reason=None if value is not None else "empty_group",
        reference_rule="group", crossed=found.crossed,
    )  # fmt: skip
