"""The one family of an audit: how many comparisons it makes, and at which level each is tested.

Main comparisons are those of the primary measures, for single attributes and declared crossings, in the main analysis,
and their figures within strata, which count twice (their average and their strata). A search for subgroups counts for
as many main comparisons as it may claim, which those that it claims share; what it looked at, on the other half of the
people, counts for none. Everything else that carries a verdict is another, all analyses together. The numbers follow
from the audit and its groups, before any figure is seen.

A hypothesis counts once: a rate and its complement, or a rate and its odds, test the same thing, and so does either of
two groups against the rest, which is the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from auditkit.findings.chosen_measures import chosen_measures
from auditkit.inference import family_levels
from auditkit.measures import MEASURES, Measure, primary_of
from auditkit.measures.rates import STAGE_MEASURE, Rate, RatioOfCounts
from auditkit.protect.released import ReleasedAnalysis, ReleasedView
from auditkit.spec import AuditSpec
from auditkit.spec.search_spec import MOST_SUBGROUPS, SEARCH

__all__ = ["Declared", "declare"]

Kind = Literal["main", "other", "search"]


@dataclass(frozen=True)
class Declared:
    """The family of an audit: how many comparisons of each kind, the hypotheses that are main, the total error."""

    main: int
    others: int
    total: float
    hypotheses: frozenset[tuple[str, tuple[str, ...], str]]
    """Analysis, attributes and hypothesis of the main comparisons."""
    searched: int = 0
    """How many subgroups a search claims."""

    def kind(self, analysis: str, attributes: tuple[str, ...], hypothesis: str) -> Kind:
        """Whether a comparison is one of the main ones, or of a search."""
        if self.searched and analysis == SEARCH:
            return "search"
        return "main" if (analysis, attributes, hypothesis) in self.hypotheses else "other"

    def size(self, kind: Kind) -> int:
        """How many comparisons there are of a kind."""
        return {"main": self.main, "other": self.others, "search": self.searched}[kind]

    def level(self, kind: Kind) -> float:
        """The level of each comparison of a kind."""
        level = family_levels(self.main, self.others, self.total)[kind == "other"]
        return level if kind != "search" else level * MOST_SUBGROUPS / self.searched


def declare(analyses: Iterable[ReleasedAnalysis]) -> Declared:
    """Count the comparisons of all analyses together."""
    found = list(analyses)
    chief = next((one.key for one in found if one.key == "main"), found[0].key if found else "main")
    search = bool(found) and found[0].spec.search is not None
    main: set[tuple[object, ...]] = set()
    others: set[tuple[object, ...]] = set()
    leading: set[tuple[str, tuple[str, ...], str]] = set()
    within, searched = 0, 0
    for analysis in found:
        if search and analysis.key == SEARCH:
            searched = len(analysis.views)
            continue
        primary = {MEASURES[key].hypothesis for key in primary_of(analysis.spec) if key in MEASURES}
        for view in analysis.views:
            groups = list(_groups_compared(view))
            declared = analysis.key == chief and (not view.crossed or analysis.spec.crossed is not None)
            for hypothesis in _hypotheses(analysis, view):
                is_main = declared and hypothesis in primary
                if is_main:
                    leading.add((analysis.key, view.names, hypothesis))
                (main if is_main else others).update((analysis.key, view.names, group, hypothesis) for group in groups)
            if declared and not view.crossed and "selection" in primary:
                within += 2 * len(groups) * len(view.strata)
    total = 1.0 - found[0].spec.confidence if found else 0.05
    counted = len(main) + within + (MOST_SUBGROUPS if search else 0)
    return Declared(counted, len(others), round(total, 12), frozenset(leading), searched)


def _hypotheses(analysis: ReleasedAnalysis, view: ReleasedView) -> set[str]:
    """What the measures of a view test; of a stage, that stage alone."""
    spec = analysis.spec
    tested = {one.hypothesis for one in chosen_measures(spec, analysis.holds) if _is_judged(one, spec)}
    if not view.crossed and MEASURES[STAGE_MEASURE].hurts(spec) != "context":
        tested |= {f"{STAGE_MEASURE}:{number}" for number in range(1, len(view.stages) + 1)}
    return tested


def _is_judged(measure: Measure, spec: AuditSpec) -> bool:
    rated = isinstance(measure, (Rate, RatioOfCounts)) and measure.key != STAGE_MEASURE
    return rated and bool(measure.hypothesis) and measure.hurts(spec) != "context"


def _groups_compared(view: ReleasedView) -> Iterable[tuple[str, ...]]:
    """The groups that are held against a reference; of two groups against the rest, the first."""
    compared = view.compared
    if compared.reason is not None or compared.rule == "highest_rate":
        return
    stated = [group for group, is_stated in zip(view.everyone.groups, view.everyone.stated, strict=True) if is_stated]
    if compared.rule == "rest":
        yield from stated[:1] if len(compared.groups) == 2 else stated
    elif compared.index is not None:
        yield from (group for group in stated if group != compared.groups[compared.index])
