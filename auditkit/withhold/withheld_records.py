"""Withheld figures blanked in the records: estimates, then gaps with their rates, then sizes of groups.

A gap says of two groups what their rates say of each, so it goes with either. The widest gap of an attribute, and
p corrected for many tests, are functions of all groups together: they go, or are worked out again, where one is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED
from auditkit.measures import MEASURES
from auditkit.measures.scores import Auc, Calibration, Mean
from auditkit.result import AnalysisResult, Estimate, Family, Gap, ViewResult
from auditkit.withhold.figure_forms import SUMS, given_away
from auditkit.withhold.suppression_network import Network
from auditkit.withhold.suppression_rules import COMPLEMENTARY, SHOWN, SMALL_COUNT, Settled
from auditkit.withhold.withheld_figures import SIZE, Offer

__all__ = ["CODES", "Judgement", "blank_estimate", "blank_gap", "corrected_again", "families_again"]

CODES = {SMALL_COUNT: "small_count", COMPLEMENTARY: "small_count"}
"""One code for both: to know that a withheld count is small, or is not, can be enough to find it. Two groups of ten are
ten each when their sum is public and both are said to be under eleven."""

_EQUALISED_ODDS = ("true_positive_rate", "false_positive_rate")
_ON_SELECTION = "selection_rate"
_WHOLES = (("rest",), ("whole",))
_FAMILIES: tuple[tuple[str, bool], ...] = (("single", False), ("crossed", True))


def without_rows(estimate: Estimate) -> Estimate:
    """The estimate without the counts beneath it. There may be many: made without the checks of a constructor."""
    made = object.__new__(Estimate)
    made.__dict__.update(vars(estimate), rows=())
    return made


def blank_estimate(estimate: Estimate, reason: int) -> Estimate:
    """The estimate without any number."""
    return replace(
        estimate, value=None, lower=None, upper=None, bound_lower=None, bound_upper=None, method="none",
        numerator=None, denominator=None, n=None, status="suppressed", reason=CODES[reason], rows=(),
    )  # fmt: skip


def blank_gap(gap: Gap, reason: int) -> Gap:
    """The gap without any number, word or direction; also without the groups that it names because of their rates."""
    nameless = gap.kind == "largest_difference" or gap.reference_rule == "highest_rate"
    return replace(
        gap, value=None, lower=None, upper=None, bound_lower=None, bound_upper=None, method="none", side=None,
        direction="none", p_value=None, p_adjusted=None, test=None, verdict=None, people=None, people_lower=None,
        people_upper=None, n=None, n_reference=None, smallest_detectable=None, status="suppressed",
        reason=CODES[reason], complement_value=None, complement_lower=None, complement_upper=None,
        groups=() if nameless else gap.groups, reference=() if nameless else gap.reference,
    )  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """What was decided for one analysis, asked by group and figure."""

    analysis: AnalysisResult
    net: Network
    offered: Offer
    settled: Settled
    minimum: int

    def reason(self, attributes: tuple[str, ...], group: tuple[str, ...], figure: str) -> int:
        """Why a figure of a group is withheld (SHOWN where it is not)."""
        node = self.net.place.get((attributes, group))
        if node is None or not self.net.listed[node]:
            return COMPLEMENTARY  # its counts are not known, so that nothing about it can be proved safe
        column = self.offered.column.get(figure)
        if column is None:
            return self._unmeasured(node, figure)
        return int(self.settled.reasons[node, column])

    def _unmeasured(self, node: int, figure: str) -> int:
        """A rate that the audit does not show, though a gap rests on it: safe where its counts are known anyway."""
        sums = given_away(figure)
        if int(self.settled.sensitive[node]) & sum(1 << part for part in sums):
            return SMALL_COUNT
        known = int(self.settled.known[node])
        return SHOWN if all(known >> part & 1 for part in sums) else COMPLEMENTARY

    def estimate(self, estimate: Estimate) -> Estimate:
        """The estimate as it may leave the house."""
        reason = self.reason(estimate.attributes, estimate.groups, estimate.measure)
        return without_rows(estimate) if reason == SHOWN else blank_estimate(estimate, reason)

    def view(self, view: ViewResult) -> ViewResult:
        """The view with the sizes that may be known."""
        sizes = [
            size if size is None or self.reason(view.attributes, group, SIZE) == SHOWN else None
            for group, size in zip(view.groups, view.n, strict=True)
        ]
        return replace(view, n=tuple(sizes))

    def gap(self, gap: Gap) -> Gap:
        """The gap as it may leave the house."""
        reason = self._of_gap(gap)
        return gap if reason == SHOWN else blank_gap(gap, reason)

    def _of_gap(self, gap: Gap) -> int:
        figures = _figures(gap.measure)
        if gap.kind == "largest_difference":
            found = [self._worst(gap.attributes, figure) for figure in figures]
        else:
            found = [self.reason(gap.attributes, gap.groups, figure) for figure in figures]
            if gap.reference_rule == "highest_rate":
                # to be named says that nobody's rate is higher: of a hidden group of one, that tells all
                found += [self._worst(gap.attributes, figure) for figure in figures]
            if gap.reference_rule == "rest" or gap.reference in _WHOLES:
                found += [self._rest(gap, figure) for figure in figures]
            elif gap.reference:
                found += [self.reason(gap.attributes, gap.reference, figure) for figure in figures]
        return SMALL_COUNT if SMALL_COUNT in found else max(found)

    def _worst(self, attributes: tuple[str, ...], figure: str) -> int:
        """The reason of any group of the view: the interval of the widest gap is drawn from every pair."""
        view = next((v for v in self.analysis.views if v.attributes == attributes), None)
        groups = [g for g in view.groups if NOT_STATED not in g] if view is not None else []
        found = {self.reason(attributes, group, figure) for group in groups}
        return SMALL_COUNT if SMALL_COUNT in found else max(found, default=COMPLEMENTARY)

    def _rest(self, gap: Gap, figure: str) -> int:
        """Everyone else is everybody without the group: safe where the sums over everybody are public."""
        total = self._everybody(gap.attributes)
        node = self.net.place.get((gap.attributes, gap.groups))
        if total is None or node is None:
            return COMPLEMENTARY
        sums = [part for part in given_away(figure) if part & ~self.net.structural]
        rest = self.net.counts[total] - self.net.counts[node]
        if any(float(SUMS[part] @ rest) < self.minimum for part in sums):
            return SMALL_COUNT
        row = MEASURES.get(figure)
        if isinstance(row, (Mean, Auc, Calibration)):
            return SHOWN
        known = int(self.settled.known[total])
        return SHOWN if all(known >> part & 1 for part in sums) else COMPLEMENTARY

    def _everybody(self, attributes: tuple[str, ...]) -> int | None:
        lines = (line for line in self.net.lines if len(line.members))
        for line in lines:
            member, margin = self.net.names[int(line.members[0])], self.net.names[line.margin]
            if member[0] == attributes and (margin[0] == () or margin[1] == ()):
                return line.margin
        return None


def _figures(measure: str) -> tuple[str, ...]:
    """The rates that a gap rests on."""
    if measure == "equalised_odds":
        return _EQUALISED_ODDS
    return (_ON_SELECTION,) if ":" in measure else (measure,)


def corrected_again(before: tuple[Gap, ...], after: list[Gap], analysis: AnalysisResult) -> list[Gap]:
    """p corrected for the number of tests, without using any hidden p: as if all hidden tests came last.

    Holm's p of one test can be the p of another, times a number. So where a family has hidden members, the others are
    corrected as if these had the largest p: never smaller than it was, and from published numbers alone.
    """
    sizes = {family.key: family.size for family in families_again(before, after, analysis)}
    counted = {family.key: family.size for family in analysis.families}
    result = list(after)
    for key, crossed in _FAMILIES:
        places = [i for i, gap in enumerate(before) if gap.crossed is crossed and gap.p_adjusted is not None]
        if all(after[i].p_adjusted is not None for i in places) and sizes.get(key) == counted.get(key):
            continue
        shown = [i for i in places if after[i].p_adjusted is not None]
        tests = {_hypothesis(after[i]): after[i].p_value or 0.0 for i in shown}
        size = max(sizes.get(key, 0), len({_hypothesis(before[i]) for i in places}))
        corrected = dict(zip(tests, _holm(np.array(list(tests.values())), size), strict=True))
        for i in shown:
            result[i] = _with_p(after[i], float(corrected[_hypothesis(after[i])]))
    return result


def families_again(before: Sequence[Gap], after: Sequence[Gap], analysis: AnalysisResult) -> tuple[Family, ...]:
    """How large each family is, every hidden comparison counted whether or not it could be tested.

    The true size tells whether a hidden group had anyone selected, or with the outcome: where nobody had, one test is
    missing. Counted so, the size is never smaller than it was.
    """
    sizes = {family.key: family.size for family in analysis.families}
    result = []
    for key, crossed in _FAMILIES:
        tests = {
            _hypothesis(old) for old, new in zip(before, after, strict=True)
            if old.crossed is crossed and old.verdict is not None
            and (old.p_adjusted is not None or new.status == "suppressed")
        }  # fmt: skip
        hidden = any(new.status == "suppressed" for new in after if new.crossed is crossed)
        result.append(Family(key, len(tests) if hidden else sizes.get(key, 0)))
    return tuple(result)


def _hypothesis(gap: Gap) -> tuple[object, ...]:
    row = MEASURES.get(gap.measure)
    return (gap.attributes, gap.groups, row.hypothesis if row is not None else gap.measure)


def _holm(p: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(np.minimum(1.0, p[order] * (size - np.arange(len(p)))))
    result = np.empty_like(stepped)
    result[order] = stepped
    return result


def _with_p(gap: Gap, p: float) -> Gap:
    verdict = "likely" if gap.verdict == "established" and p >= 0.05 else gap.verdict
    return replace(gap, p_adjusted=p, verdict=verdict)
