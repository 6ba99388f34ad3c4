"""Rows counted: one table, one analysis, every count that the audit needs.

The rows are scanned once to survey them, once or twice more where scores have to be binned, and once to be counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from auditkit.counts.count_plan import Plan, make_plan
from auditkit.counts.count_table import Cells, Clusters, Tabulation
from auditkit.counts.exact_sums import needed_sums
from auditkit.counts.fetch_cells import fetch
from auditkit.counts.group_by import Counted, Rule, count_groups
from auditkit.counts.level_lookup import held
from auditkit.counts.number_doubts import number_doubts
from auditkit.counts.one_sided_outcomes import refuse_one_sided, refuse_unseen
from auditkit.counts.plain_rows import plain_rows, with_opposite
from auditkit.counts.rollup import narrowed
from auditkit.counts.row_account import row_account
from auditkit.counts.row_survey import Survey, survey_rows
from auditkit.counts.score_scale import Scoring, prepare_scores
from auditkit.counts.stage_counts import count_stages
from auditkit.intake.doubts import refuse_doubts
from auditkit.intake.exclusion_reasons import USED
from auditkit.intake.roles import Key, Roles, assign_roles
from auditkit.intake.settle_values import settle_values
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["COUNTED_AS", "count_cells"]

COUNTED_AS = "counted_as"
"""The fact that holds the audit as its rows are counted, with the cut of each office."""

_FEW_VALUES = 51
"""A number with no more distinct values (one of them "none") is a count of each."""

_FEW_ROWS = 2_000_000
"""Up to so many rows are kept once read; more are scanned anew for each count."""


def count_cells(table: Table, spec: AuditSpec) -> Tabulation:
    """The counts of the rows of `table` under one analysis, the same on every engine, with the account of its rows.

    Raises DataError for a column that is not there, for a value that is no number or no outcome, and where no row is
    left; SpecError for a selection that the audit does not give the means to take.
    """
    table = settle_values(table, spec)
    if spec.selected is not None and spec.selected.places is not None and not spec.selected.has_limit:
        from auditkit.counts.office_cuts import with_office_cuts, with_office_stratum

        counted, facts = with_office_cuts(table, spec)
        found = count_cells(table, with_office_stratum(counted))
        return replace(found, facts={**found.facts, **facts, COUNTED_AS: counted})
    roles = assign_roles(table, spec)
    with held(plain_rows(table.frame, roles, spec), worth_it=table.text) as rows:
        survey = survey_rows(table.frame, rows, roles, table.name)
        kept = table.frame.with_columns(auditkit_reason=roles.reason).filter(nw.col("auditkit_reason") == USED)
        refuse_doubts(number_doubts(kept, roles, spec, survey.ranges), table.name)
        if table.text or survey.used <= _FEW_ROWS:
            used = rows if survey.read == survey.used else rows.filter(nw.col("auditkit_reason") == USED)
            with held(used, worth_it=not table.text) as used:
                return _tabulate(table, spec, roles, survey, used)
    roles = assign_roles(table, spec, _complete(roles, survey))
    rows = plain_rows(table.frame, roles, spec)
    used = rows if survey.read == survey.used else rows.filter(nw.col("auditkit_reason") == USED)
    return _tabulate(table, spec, roles, survey, used)


def _complete(roles: Roles, survey: Survey) -> list[str]:
    """The columns of numbers that every row read has: no row needs a guard then, and the scans are faster."""
    numbers = {"score": roles.score, "weight": roles.weight, "result": roles.numeric_outcome}
    return [
        number.column
        for name, number in numbers.items()
        if number is not None and name in survey.ranges and survey.ranges[name].rows == survey.read
    ]


def _tabulate(table: Table, spec: AuditSpec, roles: Roles, survey: Survey, used: nw.LazyFrame[Any]) -> Tabulation:
    """All counts of the rows that are used."""
    listed = spec.outcome if roles.outcome_value is not None else None
    rows = used if listed is None else with_opposite(used, listed, table.name)
    scoring = prepare_scores(rows, roles, spec, survey.ranges)
    rule = _rule(roles, spec, scoring)
    plan = make_plan(scoring, roles, spec, many=survey.used > _FEW_ROWS)
    joint, score, counted = _tables(plan, scoring, roles, rule, survey)
    if counted.other_outcomes:
        assert listed is not None
        scoring = prepare_scores(with_opposite(used, listed, table.name, sure=True), roles, spec, survey.ranges)
        plan = make_plan(scoring, roles, spec, many=survey.used > _FEW_ROWS)
        joint, score, counted = _tables(plan, scoring, roles, rule, survey)
    refuse_one_sided(spec.outcome, joint, table.name)
    refuse_unseen(spec, joint[0], table.name)
    stages, stage_notes = count_stages(scoring.rows, roles, spec, rule)
    return Tabulation(
        joint=joint,
        account=row_account(table, spec, roles, survey, joint, counted.ignored_outcomes, stage_notes),
        score=score,
        scale=None if scoring.binning is None else scoring.binning.bins,
        clusters=_clusters(scoring, roles, rule, survey),
        stages=stages,
        weighted=spec.weight is not None,
        facts=scoring.facts | _spreads(used, spec, survey),
    )


def _spreads(used: nw.LazyFrame[Any], spec: AuditSpec, survey: Survey) -> dict[str, Any]:
    """Of weights and outcomes that are numbers: the ends, whether the values are few, whether all rows have one.

    Only where something may be withheld: what may be said of a sum depends on it.
    """
    names = [name for name in ("weight", "result") if name in survey.ranges]
    if not names or spec.publish.minimum_count <= 0:
        return {}
    columns = {name: nw.col(name).n_unique() for name in names}
    distinct = fetch(used.select(**columns), names).integers
    found = {}
    for name in names:
        ends = survey.ranges[name]
        few = int(distinct[name][0]) <= _FEW_VALUES
        found[name] = (ends.lowest, ends.highest, few, ends.rows == survey.used)
    return {"spreads": found}


def _rule(roles: Roles, spec: AuditSpec, scoring: Scoring) -> Rule:
    unseen = "none"
    if spec.observed == "when_selected":
        unseen = "not_selected"
    elif spec.arm is not None:
        unseen = "not_in_arm"
    exact = scoring.binning is not None and scoring.score_key == "score"
    return Rule(
        missing=tuple(spec.missing_values),
        share=Fraction(1) if scoring.cut is None else scoring.cut.share,
        unseen_for=unseen,
        result=roles.numeric_outcome is not None,
        values=scoring.binning.bins.lower if exact and scoring.binning is not None else None,
    )


def _tables(
    plan: Plan, scoring: Scoring, roles: Roles, rule: Rule, survey: Survey
) -> tuple[tuple[Cells, ...], tuple[Cells, ...], Counted]:
    """The joint tables and the score tables, and the count that tells of the outcomes."""
    keys = list(enumerate(roles.keys))
    by_value = scoring.score_key == "score"
    summed = needed_sums(survey.ranges, survey.used, with_score=scoring.score_key is not None)
    unscored = needed_sums(survey.ranges, survey.used, with_score=False) if by_value else summed
    if plan.one_scan:
        counted = count_groups(scoring.rows, keys, unscored, rule, scoring.score_key, coding=plan.coding)
        whole = counted.cells
        if scoring.score_key is None:
            return (whole,), (), counted
        views = [narrowed(whole, names, by_score=True) for names in plan.score_views]
        small = _product(whole, len(scoring.binning.bins) if scoring.binning else 1) <= plan.most_cells
        return (narrowed(whole, roles.names),), (*views, *([whole] if small else [])), counted
    first: Counted | None = None
    joint = []
    for names in plan.joint_views:
        counted = count_groups(scoring.rows, _named(keys, names), summed, rule)
        joint.append(counted.cells)
        first = first or counted
    scored = [
        count_groups(scoring.rows, _named(keys, names), unscored, rule, scoring.score_key).cells
        for names in (plan.score_views if scoring.score_key else ())
    ]
    assert first is not None
    return tuple(joint), tuple(scored), first


def _named(keys: Sequence[tuple[int, Key]], names: Sequence[str]) -> list[tuple[int, Key]]:
    return [(position, key) for position, key in keys if key.name in names]


def _product(cells: Cells, bins: int) -> int:
    """The most cells that these levels could make."""
    product = 2 * len(set(cells.outcome.tolist())) * len(set(cells.arm.tolist())) * bins
    for level in cells.levels:
        product *= len(level.values)
    return product


def _clusters(scoring: Scoring, roles: Roles, rule: Rule, survey: Survey) -> Clusters | None:
    if roles.cluster is None:
        return None
    sums = needed_sums(survey.ranges, survey.used, with_score=scoring.score_key is not None)
    counted = count_groups(scoring.rows, list(enumerate(roles.keys)), sums, rule, None, "cluster")
    assert counted.cluster is not None
    return Clusters(counted.cells, counted.cluster, counted.clusters)
