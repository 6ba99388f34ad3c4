"""Disclosure of a whole audit: the analyses in their order, each knowing what the ones before gave away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditkit.counts.count_table import NOT_STATED
from auditkit.result import AnalysisResult, AuditResult, Source
from auditkit.result.regression import Regression
from auditkit.withhold.figure_forms import EVERYBODY, SUMS
from auditkit.withhold.suppression_network import Name, network
from auditkit.withhold.suppression_rules import SHOWN, SMALL_COUNT, Earlier, settle
from auditkit.withhold.withheld_account import disclosed_accounts, disclosed_facts, disclosed_notes
from auditkit.withhold.withheld_attribution import disclosed_attribution
from auditkit.withhold.withheld_figures import SIZE, offer
from auditkit.withhold.withheld_points import disclosed_points
from auditkit.withhold.withheld_records import CODES, Judgement, corrected_again, families_again
from auditkit.withhold.withheld_regressions import disclosed_regressions, emptied_regressions
from auditkit.withhold.withheld_stages import disclosed_stage_gaps
from auditkit.withhold.withheld_strata import disclosed_strata_gaps, without_strata

__all__ = ["disclose"]


def disclose(result: AuditResult) -> AuditResult:
    """The result without any count below `publish.minimum_count`, and without what would let one be worked out.

    Withheld figures carry the status `suppressed` and no number, and one reason, `small_count`, whether they rest on a
    small count or protect one: to tell these apart would help to find it. `suppressed` counts them. With a minimum of
    0 nothing is withheld. The row counts that disclosure needs are emptied in any case.

    What is proved: no sum of classes below the minimum follows, by adding and subtracting, from the rates and sizes
    that are left; nor, in an audit of up to 120 groups, is one squeezed to a single number because no count is
    negative. Not proved: how narrow an interval around a hidden count can be drawn.
    """
    minimum = result.spec.publish.minimum_count
    if minimum <= 0:
        return replace(result, analyses=tuple(map(_emptied, result.analyses)))
    judged = _judged(result, minimum)
    accounts = disclosed_accounts(
        [one.analysis.rows for one in judged],
        minimum,
        [_hides_total(one) for one in judged],
        [_unstated(one) for one in judged],
    )
    analyses: list[AnalysisResult] = []
    for one, account in zip(judged, accounts, strict=True):
        before = [other.analysis for other in judged[: len(analyses)]]
        shown = tuple(regression for analysis in analyses for regression in analysis.regressions)
        analyses.append(replace(_disclosed(one, before, shown), rows=account))
    return replace(
        result,
        analyses=tuple(analyses),
        suppressed=_counted(analyses),
        notes=disclosed_notes(result.notes, minimum),
        sources=_unguessable(result),
    )


def _unguessable(result: AuditResult) -> tuple[Source, ...]:
    """The files without hash and size where they hold counts: so few numbers can be tried until the hash fits."""
    if not result.spec.from_counts:
        return result.sources
    return tuple(Source(source.name, "", 0) for source in result.sources)


def _emptied(analysis: AnalysisResult) -> AnalysisResult:
    estimates = tuple(replace(estimate, rows=()) for estimate in analysis.estimates)
    return replace(
        analysis,
        estimates=estimates,
        counts=(),
        regressions=emptied_regressions(analysis.regressions),
        attribution=disclosed_attribution(analysis.attribution, (), 0),
    )


def _judged(result: AuditResult, minimum: int) -> list[Judgement]:
    """What is withheld in each analysis, the earlier ones first."""
    earlier: dict[Name, list[Earlier]] = {}
    judged = []
    for analysis in result.analyses:
        net = network(without_strata(analysis.counts))
        offered = offer(analysis, net, minimum)
        settled = settle(net, offered, minimum, earlier)
        judged.append(Judgement(analysis, net, offered, settled, minimum))
        for node, name in enumerate(net.names if len(result.analyses) > 1 else ()):
            known = int(settled.known[node])
            withheld = int(settled.offered[node]) & ~known
            earlier.setdefault(name, []).append(Earlier(net.counts[node], known, withheld))
    return judged


def _disclosed(judged: Judgement, before: list[AnalysisResult], earlier: tuple[Regression, ...]) -> AnalysisResult:
    """One analysis without what is withheld, and without what only disclosure needs."""
    analysis = judged.analysis
    points = disclosed_points(judged, not before)
    gaps = disclosed_stage_gaps([judged.gap(gap) for gap in analysis.gaps], points, analysis)
    others = [counts for one in before for counts in one.counts]
    gaps = disclosed_strata_gaps(gaps, analysis.counts, others, judged.minimum)
    used = analysis.rows.used
    estimates = tuple(judged.estimate(estimate) for estimate in analysis.estimates)
    return replace(
        analysis,
        views=tuple(judged.view(view) for view in analysis.views),
        estimates=estimates,
        regressions=disclosed_regressions(analysis.regressions, estimates, judged.minimum, earlier),
        attribution=disclosed_attribution(analysis.attribution, estimates, judged.minimum),
        gaps=tuple(corrected_again(analysis.gaps, gaps, analysis)),
        points=points,
        families=families_again(analysis.gaps, gaps, analysis),
        scale=None,
        facts=disclosed_facts(analysis.facts, used if used is not None else 0.0, judged.minimum),
        notes=disclosed_notes(analysis.notes, judged.minimum),
        counts=(),
    )


def _hides_total(judged: Judgement) -> bool:
    """Whether the number of rows used would tell a few people apart from an earlier analysis."""
    whole = 1 << EVERYBODY
    return any(int(judged.settled.sensitive[node]) & whole for node in judged.net.totals) and bool(
        judged.analysis.rows.used
    )


def _unstated(judged: Judgement) -> set[str]:
    """The attributes whose number of people not stated is withheld as the size of a group."""
    names = {view.attributes[0] for view in judged.analysis.views if len(view.attributes) == 1}
    hidden = set()
    for name in names:
        node = judged.net.place.get(((name,), (NOT_STATED,)))
        if node is not None and float(SUMS[EVERYBODY] @ judged.net.counts[node]) > 0:
            reason = judged.reason((name,), (NOT_STATED,), SIZE)
            hidden |= {name} if reason != SHOWN else set()
    return hidden


def _counted(analyses: Sequence[AnalysisResult]) -> dict[str, int]:
    """How many estimates, gaps and points are withheld, by reason."""
    reasons: list[str | None] = []
    for analysis in analyses:
        reasons += [estimate.reason for estimate in analysis.estimates if estimate.status == "suppressed"]
        reasons += [gap.reason for gap in analysis.gaps if gap.status == "suppressed"]
        reasons += [point.reason for point in analysis.points if point.status == "suppressed"]
    return {CODES[SMALL_COUNT]: reasons.count(CODES[SMALL_COUNT])}
