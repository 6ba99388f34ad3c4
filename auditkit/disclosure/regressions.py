"""Regressions under disclosure: published whole, or withheld whole.

Coefficients and standard errors of few terms give the counts behind them away to the last person, and so does a single
line left out beside a total. So a regression is withheld where any level of any category, with or without the
outcome, holds fewer people than the minimum, where such a figure of an attribute in it is withheld, and where it was
refused for a reason that tells of a count (separation says that one is nought). Of one that is shown, the sizes of
levels are left to the tables of groups, which protect them. Not proved: what several regressions, or many coefficients
taken together, let one narrow down.
"""

from __future__ import annotations

from dataclasses import replace

from auditkit.findings.records import Estimate
from auditkit.regression.records import INTERCEPT, Regression

__all__ = ["disclosed_regressions", "emptied_regressions"]

_TELLS = ("separation", "one_outcome", "singular", "few_rows", "no_rows")
"""Refusals that tell of a count."""
_TOLD = {
    "selected": ("selection_rate", "share_of_selected", "share_of_population"),
    "outcome": ("base_rate", "share_of_population"),
}
"""The figures that the counts of a group, with and without the outcome, amount to; for other outcomes, any figure."""


def disclosed_regressions(
    regressions: tuple[Regression, ...], estimates: tuple[Estimate, ...], minimum: int
) -> tuple[Regression, ...]:
    """The regressions of one analysis that may be shown; `estimates` are those left after their own disclosure."""
    hidden = [e for e in estimates if e.status == "suppressed" and len(e.attributes) <= 1]
    return tuple(_disclosed(one, _touched(one, hidden), minimum) for one in regressions)


def _touched(one: Regression, hidden: list[Estimate]) -> set[str]:
    """The attributes (and everyone together, in the intercept) of which a withheld figure would be given away."""
    measures = _TOLD.get(one.outcome)
    return {e.attributes[0] if e.attributes else INTERCEPT for e in hidden if measures is None or e.measure in measures}


def _disclosed(one: Regression, hidden: set[str], minimum: int) -> Regression:
    terms = {term.term for term in one.terms}
    small = one.status == "computed" and (one.smallest < minimum or bool(terms & hidden))
    if small or one.reason in _TELLS:
        return Regression(
            one.name, one.kind, one.outcome, "suppressed", "small_count",
            standard_errors=one.standard_errors, confidence=one.confidence,
        )  # fmt: skip
    shown = tuple(replace(term, n=None, events=None) for term in one.terms)
    few = one.left_out is not None and 0 < one.left_out < minimum
    return replace(
        one, terms=shown, smallest=0.0, n=None if few else one.n, left_out=None if few else one.left_out, events=None
    )


def emptied_regressions(regressions: tuple[Regression, ...]) -> tuple[Regression, ...]:
    """All of it, without what only disclosure needs."""
    return tuple(replace(one, smallest=0.0) for one in regressions)
