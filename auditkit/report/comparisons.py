"""Comparisons as the report tells them: one group against its reference on one measure, on the side that hurts.

Nothing is computed that the result does not hold: a ratio, an interval, people are picked, never made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditkit.measures import MEASURES, direction_of, primary_of
from auditkit.report.pair_panel import Pair, estimate_index, pairs_of
from auditkit.report.value_texts import finite, is_withheld
from auditkit.result import VERDICTS, AnalysisResult, Estimate, Gap

__all__ = ["GAPS", "Comparison", "comparisons_of", "ends", "leading_order", "verdict_code"]

GAPS = ("established", "small", "present")
"""The verdicts that say that there is a gap."""


def verdict_code(verdict: str | None) -> str | None:
    """The code of a verdict."""
    return verdict


def ends(record: Estimate | None) -> tuple[float | None, float | None, float | None]:
    """Value, lower and upper end of an estimate; all None where it is withheld or was not computed."""
    if record is None or is_withheld(record):
        return None, None, None
    return finite(record.value), finite(record.lower), finite(record.upper)


@dataclass(frozen=True)
class Comparison:
    """One group against its reference. `ratio`, `lower`, `upper` are of the event that hurts, so over 1 is worse.

    `lower` and `upper` hold alone; `lead_lower` and `lead_upper` also where this is the comparison that leads.
    """

    pair: Pair
    verdict: str | None
    withheld: bool
    ratio: float | None
    lower: float | None
    upper: float | None
    rate: Estimate | None
    reference_rate: Estimate | None

    @property
    def gap(self) -> Gap:
        """The row of gaps.csv that carries the verdict."""
        return self.pair.main

    @property
    def is_worse(self) -> bool:
        """Whether the group fares worse than its reference."""
        return self.gap.direction == "worse"

    @property
    def is_precision(self) -> bool:
        """Whether it is of how often being selected is right: unequal risks make such a gap, so that it never leads."""
        measure = MEASURES.get(self.gap.measure)
        return measure is not None and measure.hypothesis == MEASURES["positive_predictive_value"].hypothesis

    @property
    def is_accented(self) -> bool:
        """Whether the group fares worse and the interval leaves 1 out: the one use of the accent."""
        return self.is_worse and self.lower is not None and self.lower > 1

    @property
    def is_gap(self) -> bool:
        """Whether the verdict says that there is a gap."""
        return self.verdict in GAPS

    @property
    def people(self) -> tuple[float, float | None, float | None] | None:
        """How many people the gap makes at the reference's rate, with both ends; None where that is not known."""
        for gap in (self.pair.ratio, self.pair.difference):
            if gap is not None and not is_withheld(gap) and (value := finite(gap.people)) is not None:
                return value, finite(gap.people_lower), finite(gap.people_upper)
        return None

    @property
    def detectable(self) -> float | None:
        """The smallest ratio that so many people would have shown as established."""
        gap = self.gap
        found = getattr(gap, "smallest_established", None) or getattr(gap, "smallest_detectable", None)
        return finite(found)

    @property
    def within(self) -> str | None:
        """What becomes of the gap among like cases, where strata are declared."""
        return getattr(self.gap, "within", None)


def _hurting(pair: Pair, harm: str) -> tuple[float | None, float | None, float | None]:
    """The ratio of the event that hurts, with its interval."""
    gap = pair.ratio
    if gap is None or is_withheld(gap):
        return None, None, None
    base = gap.measure.partition(":")[0]
    if base in MEASURES and direction_of(base, harm) == "lower":
        found = (gap.complement_value, gap.complement_lower, gap.complement_upper)
    else:
        found = (gap.value, gap.lower, gap.upper)
    value, lower, upper = found
    return finite(value), finite(lower), finite(upper)


def _rate_of_the_rest(pair: Pair, rate: Estimate | None) -> Estimate | None:
    """The rate of everyone else, which is no group of its own: the group's rate less the difference, no interval."""
    gap = pair.difference
    value, difference = ends(rate)[0], None if gap is None or is_withheld(gap) else finite(gap.value)
    if rate is None or gap is None or value is None or difference is None:
        return None
    return replace(
        rate, groups=gap.reference, value=max(0.0, value - difference), lower=None, upper=None, numerator=None,
        denominator=gap.n_reference, n=gap.n_reference,
    )  # fmt: skip


def comparisons_of(analysis: AnalysisResult, measures: Iterable[str] | None = None) -> tuple[Comparison, ...]:
    """The comparisons of an analysis on some measures (default: the primary ones), in the order of the result."""
    wanted = tuple(primary_of(analysis.spec) if measures is None else measures)
    index = estimate_index(analysis.estimates)
    found = []
    for pair in pairs_of(analysis):
        gap = pair.main
        if gap.measure not in wanted:
            continue
        hidden = any(part is not None and is_withheld(part) for part in (pair.ratio, pair.difference))
        ratio, lower, upper = (None, None, None) if hidden else _hurting(pair, analysis.spec.system.harm)
        rate = index.get((gap.attributes, gap.groups, gap.measure))
        reference_rate = index.get((gap.attributes, gap.reference, gap.measure))
        found.append(
            Comparison(
                pair=pair,
                verdict=None if hidden else verdict_code(gap.verdict),
                withheld=hidden,
                ratio=ratio,
                lower=lower,
                upper=upper,
                rate=rate,
                reference_rate=_rate_of_the_rest(pair, rate) if reference_rate is None else reference_rate,
            )
        )
    return tuple(found)


def verdict_rank(verdict: str | None) -> int:
    """The place of a verdict in the order of the report; no verdict comes last."""
    order = list(VERDICTS)
    return order.index(verdict) if verdict in order else len(order)


def leading_order(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """By verdict, worse before better, then by people, precision after all else; equals keep the audit's order."""

    def rank(one: Comparison) -> tuple[bool, int, bool, float]:
        people = -abs(one.people[0]) if one.people else 0.0
        return one.is_precision, verdict_rank(one.verdict), not one.is_worse, people

    return sorted(comparisons, key=rank)
