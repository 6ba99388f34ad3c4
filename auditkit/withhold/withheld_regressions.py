"""Regressions under disclosure: published whole, or withheld whole.

Coefficients and standard errors of few terms give the counts behind them away to the last person, and so does a single
line left out beside a total. So a regression is withheld where a level, a pair of levels of two terms, or the rows
left out, hold fewer people than the minimum (`auditkit.regression.fewest_rows`), with or without the outcome; where
such a figure of its attributes, or of their crossing, is withheld; where it rests on a few people more or fewer than
another that is shown; and where it was refused for a reason that tells of a count (separation says that one is nought).
Of one that is shown, the sizes of levels are left to the tables of groups, which protect them. Not proved: what several
regressions, or many coefficients taken together, let one narrow down.
"""

from __future__ import annotations

from dataclasses import replace

from auditkit.result import Estimate
from auditkit.result.regression import Regression

__all__ = ["disclosed_regressions", "emptied_regressions"]

_TELLS = ("separation", "one_outcome", "singular", "few_rows", "no_rows")
"""Refusals that tell of a count."""
_TOLD = {
    "selected": ("selection_rate", "share_of_selected", "share_of_population"),
    "outcome": ("base_rate", "share_of_population"),
}
"""The figures that the counts of a group, with and without the outcome, amount to; for other outcomes, any figure."""


def disclosed_regressions(
    regressions: tuple[Regression, ...],
    estimates: tuple[Estimate, ...],
    minimum: int,
    earlier: tuple[Regression, ...] = (),
) -> tuple[Regression, ...]:
    """The regressions of one analysis that may be shown; `estimates` are those left after their own disclosure.

    `earlier` are the regressions of the analyses before, as they are shown.
    """
    hidden = [e for e in estimates if e.status == "suppressed"]
    result: list[Regression] = []
    for one in regressions:
        before = [other.n for other in (*earlier, *result)]
        result.append(_disclosed(one, _touched(one, hidden), minimum, before))
    return tuple(result)


def _touched(one: Regression, hidden: list[Estimate]) -> bool:
    """Whether a withheld figure would be given away: of everyone, of an attribute among the terms, or of a crossing."""
    measures, terms = _TOLD.get(one.outcome), {term.term for term in one.terms}
    return any(set(e.attributes) <= terms for e in hidden if measures is None or e.measure in measures)


def _disclosed(one: Regression, hidden: bool, minimum: int, before: list[float | None]) -> Regression:
    apart = any(0.5 < abs(one.n - n) < minimum for n in before if n is not None and one.n is not None)
    small = one.status == "computed" and (one.smallest < minimum or hidden or apart)
    if small or one.reason in _TELLS:
        return Regression(
            one.name, one.kind, one.outcome, "suppressed", "withheld",
            standard_errors=one.standard_errors, confidence=one.confidence,
        )  # fmt: skip
    shown = tuple(replace(term, n=None, events=None) for term in one.terms)
    return replace(one, terms=shown, smallest=0.0, events=None)


def emptied_regressions(regressions: tuple[Regression, ...]) -> tuple[Regression, ...]:
    """All of it, without what only disclosure needs."""
    return tuple(replace(one, smallest=0.0) for one in regressions)
