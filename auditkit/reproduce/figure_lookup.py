"""Where a figure is found in the result of a run: among estimates, as the count behind one, or in a regression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditkit.regression import INTERCEPT, Regression, Term
from auditkit.reproduce.published_figures import Figure
from auditkit.reproduce.resampling import Resampling
from auditkit.reproduce.two_by_two import TwoByTwo
from auditkit.result import AuditResult, Estimate

__all__ = ["COUNTS", "REGRESSION", "Found", "Lookup"]

COUNTS = {
    "n": ("selection_rate", "denominator"),
    "selected": ("selection_rate", "numerator"),
    "positives": ("base_rate", "numerator"),
    "true_positives": ("true_positive_rate", "numerator"),
    "false_positives": ("false_positive_rate", "numerator"),
    "true_negatives": ("true_negative_rate", "numerator"),
    "false_negatives": ("false_negative_rate", "numerator"),
}
"""Counts are the numerators of rates that are reported anyway."""

REGRESSION = "regression:"
_ALIASES = {"z": "statistic", "t": "statistic", "se": "standard_error"}


@dataclass(frozen=True)
class Found:
    """A figure of ours, with the ends of its interval where it has one; `reason` says why it is not there."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""


class Lookup:
    """The figures of a result by analysis, attribute, group and measure."""

    def __init__(self, result: AuditResult) -> None:
        self._estimates = {
            (e.analysis, e.attribute, e.group, e.measure): e for a in result.analyses for e in a.estimates
        }
        self._analyses = {a.key for a in result.analyses}
        self.resampled = Resampling(result)
        self._pairs = TwoByTwo(result)
        self._regressions = {(a.key, one.name): one for a in result.analyses for one in a.regressions}

    def find(self, analysis: str, attribute: str, group: str, measure: str) -> Found:
        """The figure that a line of published.csv names."""
        if measure.startswith(REGRESSION):
            return self._coefficient(analysis, attribute, group, measure)
        key, part = COUNTS.get(measure, (measure, "value"))
        place = (analysis, attribute, group if attribute else "all", key)
        estimate = self._estimates.get(place)
        if estimate is None:
            missing = measure in COUNTS and _known(self._estimates, place)
            return Found(0.0 if missing else None, reason="" if missing else "no such figure")
        value = getattr(estimate, part)
        reason = (estimate.reason or "") if value is None else ""
        if measure in COUNTS:
            return Found(value, reason=reason)
        return Found(value, estimate.lower, estimate.upper, reason)

    def beside(self, figure: Figure, name: str, of: str | None) -> float | None:
        """A figure that a slip's formula names: of the same group, of the reference, or of the level in brackets.

        For a regression the names are parts of its lines, and `[intercept]` is its intercept.
        """
        analysis = figure.analysis or "main"
        group = {None: figure.group, "group": figure.group, "reference": figure.reference}.get(of, of or "")
        place = (analysis, figure.attribute, figure.group)
        if of in self._analyses:
            return self.find(of, figure.attribute, figure.group, name).value
        other = {"reference": figure.reference}.get(of or "", of or "")
        if (pair := self._pairs.figure(place, name, other)) is not None:
            return pair
        if not figure.measure.startswith(REGRESSION):
            return None if of is None else self.find(analysis, figure.attribute, group, name).value
        regression = figure.measure.split(":")[1]
        attribute = INTERCEPT if of == INTERCEPT else figure.attribute
        group = "" if of == INTERCEPT else group
        return self.find(analysis, attribute, group, f"{REGRESSION}{regression}:{name}").value

    def _coefficient(self, analysis: str, attribute: str, group: str, measure: str) -> Found:
        """`regression:NAME:PART`, attribute and group naming term and level; or `regression:NAME:TERM:PART`."""
        words = measure.split(":")
        one = self._regressions.get((analysis, words[1]))
        if one is None or len(words) not in (3, 4):
            return Found(None, reason="no such figure")
        if one.status != "computed":
            return Found(None, reason=one.reason or one.status)
        attribute = words[2] if len(words) == 4 else attribute
        part = _ALIASES.get(words[-1], words[-1])
        record: Regression | Term | None = one
        if attribute:
            record = next((t for t in one.terms if (t.term, t.level) == (attribute, group)), None)
        value = getattr(record, part, None)
        if not isinstance(value, (int, float)):
            return Found(None, reason="no such figure")
        if part == "coefficient" and isinstance(record, Term):
            return Found(float(value), record.lower, record.upper)
        if part == "odds_ratio" and isinstance(record, Term):
            return Found(float(value), record.odds_ratio_lower, record.odds_ratio_upper)
        return Found(float(value))


def _known(index: Mapping[tuple[str, str, str, str], Estimate], place: tuple[str, str, str, str]) -> bool:
    """Whether a crossed group merely does not occur: each of its groups does."""
    analysis, attribute, group, key = place
    names, values = attribute.split(" & "), group.split(" & ")
    return len(names) == len(values) > 1 and all(
        (analysis, name, value, key) in index for name, value in zip(names, values, strict=True)
    )
