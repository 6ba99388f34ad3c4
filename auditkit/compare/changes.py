"""Compare two results: every figure that both hold, every verdict that moved, every group gained or lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from statistics import NormalDist

from auditkit.compare.change_intervals import (
    added_widths,
    independent_rates,
    largest_mcnemar,
    p_of_interval,
    squared_widths,
)
from auditkit.compare.comparison import Assumption, Change, Comparison, Moved, Roster, Status
from auditkit.compare.few_people import few_people
from auditkit.compare.one_confidence import at_confidence
from auditkit.errors import InputError
from auditkit.inference import holm
from auditkit.measures import MEASURES, primary_of
from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap

__all__ = ["compare"]

GapKey = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str]


def compare(before: AuditResult, after: AuditResult, assumption: Assumption | None = None) -> Comparison:
    """What changed from `before` to `after`, over the analyses, attributes, groups and measures that both hold.

    `assumption` says whether the two rest on different people (independent samples) or on the same people judged
    twice; where it is not given, the same data files mean the same people. Suppressed figures are compared with
    nothing. Raises InputError where the two hold no attribute in common.
    """
    guessed = assumption is None
    chosen = assumption or ("same_people" if _same_files(before, after) else "independent")
    pairs = [(a, b) for b in before.analyses for a in after.analyses if a.key == b.key]
    if not any(v.attributes == w.attributes for a, b in pairs for v in a.views for w in b.views):
        raise InputError(
            "The two results have no attribute in common: {before} against {after}; compare two results of one audit.",
            before=_attributes(before),
            after=_attributes(after),
        )
    confidence = before.spec.confidence
    changes: list[Change] = []
    moved: list[Moved] = []
    for later, earlier in ((at_confidence(a, confidence), at_confidence(b, confidence)) for a, b in pairs):
        changes += _values(earlier, later, chosen, confidence)
        changes += _gaps(earlier, later, chosen, confidence)
        moved += _moved(earlier, later)
    corrected, family = _corrected(changes)
    return Comparison(
        before=before,
        after=after,
        assumption=chosen,
        assumed=guessed,
        confidence=confidence,
        changes=corrected,
        moved=tuple(moved),
        rosters=_rosters(before, after),
        only_before=_only(before, after),
        only_after=_only(after, before),
        family=family,
    )


def _same_files(before: AuditResult, after: AuditResult) -> bool:
    """Whether both rest on the same files, whose hashes are given."""
    hashes = [sorted(source.sha256 for source in result.sources) for result in (before, after)]
    return bool(hashes[0]) and all(hashes[0]) and hashes[0] == hashes[1]


def _attributes(result: AuditResult) -> str:
    return ", ".join(sorted({a for analysis in result.analyses for v in analysis.views for a in v.attributes})) or "–"


def _only(one: AuditResult, other: AuditResult) -> tuple[str, ...]:
    """The attributes that stand in one result alone."""
    known = {a for analysis in other.analyses for view in analysis.views for a in view.attributes}
    mine = dict.fromkeys(a for analysis in one.analyses for view in analysis.views for a in view.attributes)
    return tuple(attribute for attribute in mine if attribute not in known)


def _values(
    before: AnalysisResult, after: AnalysisResult, assumption: Assumption, confidence: float
) -> Iterable[Change]:
    """The change of each estimate that both hold."""
    earlier = {(e.attributes, e.groups, e.measure): e for e in before.estimates}
    primary, few = primary_of(after.spec), few_people(before, after)
    for later in after.estimates:
        key = (later.attributes, later.groups, later.measure)
        found = earlier.get(key)
        if found is None:
            continue
        change = Change(
            "value", after.key, later.attributes, later.groups, later.measure, None, None, None, None, None, None, None,
            "", "suppressed" if key in few else _status(found, later), later.measure in primary,
        )  # fmt: skip
        yield _measured(change, found, later, assumption, confidence) if change.status == "computed" else change


def _status(*records: Estimate | Gap) -> Status:
    if any(record.status == "suppressed" for record in records):
        return "suppressed"
    complete = all(r.status == "computed" and r.value is not None for r in records)
    return "computed" if complete else "not_computed"


def _counts(estimate: Estimate) -> tuple[float, float] | None:
    """Cases and people of a rate from whole counts; None for weighted rates and for anything else."""
    row = MEASURES.get(estimate.measure)
    x, n = estimate.numerator, estimate.denominator
    if row is None or not row.is_part_of_whole or estimate.method != "wilson" or x is None or n is None:
        return None
    return (x, n) if float(x).is_integer() and float(n).is_integer() and 0 <= x <= n and n > 0 else None


def _measured(change: Change, before: Estimate, after: Estimate, assumption: Assumption, confidence: float) -> Change:
    assert before.value is not None
    assert after.value is not None
    known, found = _counts(before), _counts(after)
    told = replace(change, before=before.value, after=after.value, change=after.value - before.value)
    if assumption == "independent" and known is not None and found is not None:
        lower, upper, p, test = independent_rates(*found, *known, confidence)
        return replace(told, lower=lower, upper=upper, p_value=p, test=test if p is not None else "")
    told = _from_intervals(told, before, after, assumption, confidence)
    if assumption == "same_people" and known is not None and found is not None and known[1] == found[1]:
        p_largest = largest_mcnemar(found[0], known[0], found[1])
        return replace(told, p_value=p_largest, test="mcnemar_largest" if p_largest is not None else "")
    return told


def _from_intervals(
    change: Change, before: Estimate | Gap, after: Estimate | Gap, assumption: Assumption, confidence: float
) -> Change:
    """The interval of a change of two figures that have intervals of their own, and the p that it implies."""
    ends = [(r.value, r.lower, r.upper) for r in (after, before)]
    if any(end is None for figure in ends for end in figure) or change.change is None:
        return change
    later, earlier = ((float(v or 0), float(low or 0), float(high or 0)) for v, low, high in ends)
    lower, upper = (squared_widths if assumption == "independent" else added_widths)(later, earlier)
    scale = NormalDist().inv_cdf(0.975) / NormalDist().inv_cdf(0.5 + confidence / 2)
    middle = change.change
    p = p_of_interval(middle, middle - (middle - lower) * scale, middle + (upper - middle) * scale)
    return replace(change, lower=lower, upper=upper, p_value=p, test="from_interval" if p is not None else "")


def _gap_index(analysis: AnalysisResult, kind: str) -> dict[GapKey, Gap]:
    return {(g.kind, g.attributes, g.groups, g.reference, g.measure): g for g in analysis.gaps if g.kind == kind}


def _gaps(before: AnalysisResult, after: AnalysisResult, assumption: Assumption, confidence: float) -> Iterable[Change]:
    """The change of each difference to the same reference."""
    earlier = _gap_index(before, "difference")
    primary = primary_of(after.spec)
    few = few_people(before, after)
    for key, later in _gap_index(after, "difference").items():
        found = earlier.get(key)
        if found is None:
            continue
        sides = {(later.attributes, side, later.measure) for side in (later.groups, later.reference)}
        change = Change(
            "gap", after.key, later.attributes, later.groups, later.measure, None, None, None, None, None, None, None,
            "", "suppressed" if sides & few else _status(found, later), later.measure in primary,
        )  # fmt: skip
        if change.status == "computed" and found.value is not None and later.value is not None:
            told = replace(change, before=found.value, after=later.value, change=later.value - found.value)
            change = _from_intervals(told, found, later, assumption, confidence)
        yield change


def _moved(before: AnalysisResult, after: AnalysisResult) -> Iterable[Moved]:
    """The gaps whose verdict or side is another now; one that was or is suppressed, or by few people, is not said."""
    earlier, few = _verdicts(before), few_people(before, after)
    for key, later in _verdicts(after).items():
        found = earlier.get(key)
        if found is None or "suppressed" in (found.status, later.status):
            continue
        if any((later.attributes, side, later.measure) in few for side in (later.groups, later.reference)):
            continue
        if (found.verdict, found.direction) != (later.verdict, later.direction) and (found.verdict or later.verdict):
            yield Moved(
                after.key, later.attributes, later.groups, later.reference, later.measure,
                found.verdict, later.verdict, found.direction, later.direction,
            )  # fmt: skip


def _verdicts(analysis: AnalysisResult) -> dict[GapKey, Gap]:
    """The row that carries the verdict: the ratio's, else the difference's."""
    found = {("", *key[1:]): gap for key, gap in _gap_index(analysis, "difference").items()}
    return found | {("", *key[1:]): gap for key, gap in _gap_index(analysis, "ratio").items()}


def _rosters(before: AuditResult, after: AuditResult) -> tuple[Roster, ...]:
    """The groups that only one result holds, by attribute of the main analysis."""
    if not before.analyses or not after.analyses:
        return ()
    earlier = {view.attributes: view.groups for view in before.main.views}
    found = []
    for view in after.main.views:
        known = earlier.get(view.attributes)
        if known is None or len(view.attributes) > 1:
            continue
        gained = tuple(group for group in view.groups if group not in known)
        lost = tuple(group for group in known if group not in view.groups)
        if gained or lost:
            found.append(Roster(view.attributes, gained, lost))
    return tuple(found)


def _corrected(changes: list[Change]) -> tuple[tuple[Change, ...], int]:
    """Changes with p corrected over the values of single attributes' primary measures, and how many these are."""
    family = [
        i for i, c in enumerate(changes)
        if c.kind == "value" and c.primary and len(c.attributes) == 1 and c.p_value is not None
    ]  # fmt: skip
    adjusted = [float(p) for p in holm([changes[i].p_value or 0.0 for i in family])] if family else []
    by_place = dict(zip(family, adjusted, strict=True))
    made = (replace(c, p_adjusted=by_place[i]) if i in by_place else c for i, c in enumerate(changes))
    return tuple(made), len(family)
