"""What the brief and the story rest on, picked from the result once: comparisons, duties, groups, limits."""

from __future__ import annotations

from functools import cached_property
from statistics import median

from auditkit.measures import MEASURES, primary_of
from auditkit.report.comparisons import Comparison, comparisons_of, leading_order
from auditkit.report.group_names import Names
from auditkit.report.number_words import Name
from auditkit.report.pair_panel import EstimateKey, estimate_index
from auditkit.report.phrases import Phrase, Phrases
from auditkit.report.value_texts import is_withheld
from auditkit.result import AnalysisResult, AuditResult, Estimate, RightsItem
from auditkit.text import Message, say, say_plural

__all__ = ["AuditFacts"]


class AuditFacts:
    """One audit in one language."""

    def __init__(self, result: AuditResult, language: str) -> None:
        self.result = result
        self.language = language
        self.names = Names(result.main.spec if result.analyses else result.spec, language)
        self.phrases = Phrases(self.names)
        self.harm = result.spec.system.harm
        self.limit = result.spec.verdict.ratio
        self._compared: dict[str, dict[tuple[tuple[str, ...], ...], Comparison]] = {}
        self.is_test = result.spec.system.status == "planned"

    @property
    def is_capped(self) -> bool:
        """Whether a fixed number of people is selected."""
        chosen = self.main.spec.selected if self.result.analyses else None
        return chosen is not None and (chosen.top is not None or chosen.top_share is not None)

    @property
    def sees_selected_only(self) -> bool:
        """Whether outcomes are known of those selected alone."""
        return bool(self.result.analyses) and self.main.spec.observed == "when_selected"

    @cached_property
    def hits(self) -> Comparison | None:
        """The comparison of how often being selected was wrong that comes first, where only those selected are seen."""
        if not self.sees_selected_only:
            return None
        found = (o for o in self.primary if o.gap.measure == "false_discovery_rate" and not o.withheld)
        return next(iter(leading_order(found)), None)

    @property
    def main(self) -> AnalysisResult:
        """The base analysis."""
        return self.result.main

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The primary measures that the result holds, at most two, in the order of the audit."""
        held = {estimate.measure for estimate in self.main.estimates}
        wanted = [m for m in primary_of(self.main.spec) if m in held]
        rates = [m for m in wanted if m in MEASURES and MEASURES[m].unit() == "share"]
        return tuple((rates or wanted)[:2])

    @cached_property
    def crossed_names(self) -> set[tuple[str, ...]]:
        """The crossings that were measured."""
        return {view.attributes for view in self.main.views if len(view.attributes) > 1}

    @cached_property
    def primary(self) -> tuple[Comparison, ...]:
        """The comparisons on primary measures of single attributes, in the order of the result."""
        return tuple(one for one in comparisons_of(self.main) if len(one.gap.attributes) == 1)

    @cached_property
    def told(self) -> dict[tuple[tuple[str, ...], tuple[str, ...], str], Comparison]:
        """The comparisons on primary measures, crossed ones too, by attribute, group and measure."""
        return {(o.gap.attributes, o.gap.groups, o.gap.measure): o for o in comparisons_of(self.main)}

    @cached_property
    def leading(self) -> tuple[Comparison, ...]:
        """The same as they lead: by verdict, worse first, then by people."""
        return tuple(leading_order(one for one in self.primary if one.verdict is not None))

    @cached_property
    def withheld_attributes(self) -> tuple[tuple[str, ...], ...]:
        """The attributes of which every primary comparison is withheld; where none was made, every primary rate."""
        found: dict[tuple[str, ...], list[bool]] = {}
        for one in self.primary:
            found.setdefault(one.gap.attributes, []).append(one.withheld)
        compared = set(found)
        for estimate in self.main.estimates:
            single = len(estimate.attributes) == 1 and estimate.attributes not in compared
            if single and estimate.measure in self.measures:
                found.setdefault(estimate.attributes, []).append(is_withheld(estimate))
        return tuple(attributes for attributes, hidden in found.items() if all(hidden))

    @cached_property
    def _index(self) -> dict[EstimateKey, Estimate]:
        return estimate_index(self.main.estimates)

    def estimate(self, attributes: tuple[str, ...], groups: tuple[str, ...], measure: str) -> Estimate | None:
        """One measure of one group of the base analysis."""
        return self._index.get((attributes, groups, measure))

    def rates_of(self, one: Comparison, measure: str) -> tuple[Estimate | None, Estimate | None]:
        """A measure of the group of a comparison and of its reference, whoever the reference is."""
        gap = one.gap
        if measure not in self._compared:
            self._compared[measure] = {
                (o.gap.attributes, o.gap.groups, o.gap.reference): o for o in comparisons_of(self.main, (measure,))
            }
        found = self._compared[measure].get((gap.attributes, gap.groups, gap.reference))
        if found is not None:
            return found.rate, found.reference_rate
        mine, other = (self.estimate(gap.attributes, groups, measure) for groups in (gap.groups, gap.reference))
        return mine, other

    @cached_property
    def due(self) -> list[RightsItem]:
        """The duties that apply or may apply."""
        rights = self.result.rights
        return [] if rights is None else [item for item in rights.items if item.is_due]

    @cached_property
    def first_questions(self) -> list[RightsItem]:
        """The questions that the framework asks first, in its order; those that do not apply are left out."""
        rights = self.result.rights
        known = (
            [] if rights is None else [i for i in rights.items if i.core is not None and i.status != "not_applicable"]
        )
        return sorted(known, key=lambda item: item.core or 0)

    @cached_property
    def median_detectable(self) -> float | None:
        """The median, over primary comparisons, of the smallest ratio that would have shown; None where too few say."""
        told = [one.detectable for one in self.primary if one.verdict is not None]
        known = [value if value is not None else float("inf") for value in told]
        found = median(known) if known else None
        return None if found is None or found == float("inf") else found

    def sides_of(self, one: Comparison) -> tuple[Phrase, Phrase]:
        """The group of a comparison and its reference, where room is short."""
        gap = one.gap
        return (
            self.phrases.short(gap.attributes, gap.groups),
            self.phrases.short(gap.attributes, gap.reference, gap.reference_rule),
        )

    def labels_of(self, one: Comparison) -> tuple[Name, Name]:
        """The bare names of the group of a comparison and of its reference."""
        gap = one.gap
        return (
            self.names.group(gap.attributes, gap.groups),
            self.names.reference_group(gap.attributes, gap.reference, gap.reference_rule),
        )

    def duties_sentence(self) -> Message | None:
        """How many duties are contradicted by figures and how many have no answer."""
        if self.result.rights is None:
            return None
        contradicted = sum(item.status == "contradicted" for item in self.due)
        unanswered = sum(item.status == "unanswered" for item in self.due)
        return (
            say_plural(
                "{count} duty is contradicted, {open} have no answer:",
                "{count} duties are contradicted, {open} have no answer:",
                contradicted,
                open=unanswered,
            )
            if contradicted
            else say("No duty is contradicted so far, {open} have no answer:", open=unanswered)
        )
