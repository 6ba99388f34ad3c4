"""Gaps as readers meet them: the difference and the ratio of one comparison side by side, and which come first.

The order is the contract's: primary measures, then the verdict, then people, then the order of the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.measures import MEASURES
from auditkit.report.value_texts import is_withheld
from auditkit.result import VERDICTS, AnalysisResult, Estimate, Gap

__all__ = [
    "EstimateKey",
    "Pair",
    "distinct",
    "estimate_index",
    "in_leading_order",
    "pairs_of",
]

EstimateKey = tuple[tuple[str, ...], tuple[str, ...], str]


@dataclass(frozen=True)
class Pair:
    """One comparison of a group with its reference: the difference row, the ratio row, or both."""

    difference: Gap | None
    ratio: Gap | None

    @property
    def main(self) -> Gap:
        """The row that carries verdict, p and people: the ratio's, else the difference's."""
        found = self.ratio or self.difference
        assert found is not None
        return found

    @property
    def verdict(self) -> str | None:
        """The verdict word of the comparison."""
        return self.main.verdict

    @property
    def people(self) -> float | None:
        """People affected, where either row says."""
        for gap in (self.main, self.difference):
            if gap is not None and gap.people is not None and not is_withheld(gap):
                return gap.people
        return None


def pairs_of(analysis: AnalysisResult) -> tuple[Pair, ...]:
    """All comparisons of an analysis, in the order in which the result holds them; largest gaps left out."""
    found: dict[tuple[object, ...], list[Gap | None]] = {}
    for gap in analysis.gaps:
        if gap.kind == "largest_difference":
            continue
        key = (gap.attributes, gap.groups, gap.reference, gap.measure)
        found.setdefault(key, [None, None])[gap.kind == "ratio"] = gap
    return tuple(Pair(difference, ratio) for difference, ratio in found.values())


def estimate_index(estimates: Iterable[Estimate]) -> dict[EstimateKey, Estimate]:
    """Estimates by attribute, group and measure."""
    return {(e.attributes, e.groups, e.measure): e for e in estimates}


def in_leading_order(pairs: Iterable[Pair], primary: tuple[str, ...]) -> list[Pair]:
    """Comparisons as they lead the report; equals keep the order they came in."""

    def rank(pair: Pair) -> tuple[bool, int, float]:
        verdict = VERDICTS.index(pair.main.verdict) if pair.main.verdict is not None else len(VERDICTS)
        return (pair.main.measure not in primary, verdict, -abs(pair.people or 0.0))

    return sorted(pairs, key=rank)


def distinct(pairs: Iterable[Pair]) -> list[Pair]:
    """One comparison a hypothesis: a rate and its complement say one thing, and the first said stands."""
    seen: set[tuple[object, ...]] = set()
    kept = []
    for pair in pairs:
        gap = pair.main
        row = MEASURES.get(gap.measure)
        key = (gap.attributes, gap.groups, gap.reference, row.hypothesis if row else gap.measure)
        if key not in seen:
            seen.add(key)
            kept.append(pair)
    return kept
