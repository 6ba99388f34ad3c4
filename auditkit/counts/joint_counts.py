"""The counts of all analyses of one table together: who is in which group, class and step of each of them.

What protection needs, and nothing else does: filters, stages, thresholds and other bins of one analysis cut the groups
of another into parts, which subtraction would give. One scan for all analyses; none where one analysis has counted
everything already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Cells, Tabulation
from auditkit.counts.fetch_cells import Fetched, fetch
from auditkit.counts.merge_cells import level_codes
from auditkit.counts.plain_rows import key_column, plain_columns
from auditkit.counts.round_edges import MOST_LEVELS, round_edges
from auditkit.counts.selection import SHARED
from auditkit.intake.exclusion_reasons import MISSING, USED
from auditkit.intake.roles import OTHER, Roles, assign_roles
from auditkit.result import RowAccount
from auditkit.spec import AuditSpec
from auditkit.spec.selected_end import lower_is_selected

if TYPE_CHECKING:
    from auditkit.intake.audit_tables import Tables
    from auditkit.intake.open_table import Table

__all__ = ["JointAnalysis", "JointCounts", "from_cells", "joint_counts", "joint_rows", "score_edges"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

OUTSIDE = -1
"""The code of rows that an analysis does not use."""


@dataclass(frozen=True)
class JointAnalysis:
    """The codes of one analysis on each line of the joint counts.

    `reason` is 0 for lines used, else the number of the reason; `levels` and `codes` are those of the attributes and
    strata, OUTSIDE where the line is not used. `selected` is 0, 1 or -1 (no decision), `outcome` 1, 0 or -1 (unseen),
    `arm` 0 or 1; `stages` the decision of each stage; `step` the score step (-1: no score).
    """

    key: str
    reason: Integers
    levels: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Integers]
    selected: Integers
    outcome: Integers
    arm: Integers
    stages: tuple[Integers, ...] = ()
    step: Integers | None = None


@dataclass(frozen=True)
class JointCounts:
    """Lines of people that no analysis of one table tells apart: `n` of them in each, zeros allowed."""

    n: Floats
    analyses: tuple[JointAnalysis, ...]
    edges: Mapping[str, Floats] = field(default_factory=dict)


def score_edges(tabulation: Tabulation, spec: AuditSpec) -> Floats | None:
    """The edges between score steps of an analysis: its values where they are 50 or fewer, else round numbers."""
    scale = tabulation.scale
    if scale is None:
        return None
    if scale.exact and len(scale.lower) <= MOST_LEVELS:
        return np.asarray(scale.lower[1:], dtype=np.float64)
    declared = [float(one) for one in tabulation.facts.get("declared_edges") or ()]
    return round_edges(float(scale.lower[0]), float(scale.upper[-1]), declared)


def from_cells(key: str, cells: Cells, account: RowAccount | None = None) -> JointCounts:
    """The joint counts of one analysis whose cells hold everything: excluded rows are one line a reason."""
    reasons = [] if account is None else [line.rows for line in account.exclusions]
    more = len(reasons)
    outside = np.full(more, OUTSIDE, dtype=np.int64)

    def with_more(codes: Integers) -> Integers:
        return np.concatenate((codes.astype(np.int64), outside))

    analysis = JointAnalysis(
        key=key,
        reason=np.concatenate((np.zeros(len(cells), dtype=np.int64), np.arange(1, more + 1))),
        levels={level.name: level.values for level in cells.levels},
        codes={name: with_more(codes) for name, codes in cells.codes.items()},
        selected=with_more(cells.selected),
        outcome=with_more(cells.outcome),
        arm=with_more(cells.arm),
    )
    return JointCounts(np.concatenate((cells.n, np.array(reasons, dtype=np.float64))), (analysis,))


def joint_rows(table: Table, analyses: Sequence[tuple[str, AuditSpec, Tabulation]], scored: str | None) -> JointCounts:
    """The rows of one table counted by all its analyses together; by the score steps of the analysis `scored`."""
    columns: dict[str, nw.Expr] = {}
    roles_of: dict[str, Roles] = {}
    edges: dict[str, Floats] = {}
    coded: list[str] = []
    for place, (key, spec, tabulation) in enumerate(analyses):
        roles = roles_of[key] = assign_roles(table, spec)
        mine = _codes(roles, spec, tabulation)
        grid = score_edges(tabulation, spec) if key == scored else None
        if grid is not None and roles.score is not None:
            edges[key] = grid
            mine["step"] = _step(roles.score.value, grid)
        columns |= {f"a{place}_{name}": expression for name, expression in mine.items()}
        coded += [f"a{place}_{key_column(i)}" for i in range(len(roles.keys))]
    integers = [name for name in columns if name not in coded]
    rows: nw.LazyFrame[Any] = table.frame.select(**columns)
    counted = rows.group_by(*columns).agg(auditkit_rows=nw.len())
    found = fetch(counted, [*integers, "auditkit_rows"], coded=coded, many=True)
    n = found.integers["auditkit_rows"].astype(np.float64)
    made = []
    for place, (key, spec, _) in enumerate(analyses):
        head = f"a{place}_"
        plain = {name.removeprefix(head): values for name, values in found.integers.items() if name.startswith(head)}
        keys = {name.removeprefix(head): name for name in found.codes if name.startswith(head)}
        made.append(_analysis(key, spec, roles_of[key], plain, keys, found))
    return _shared(JointCounts(n, tuple(made), edges), analyses)


def _codes(roles: Roles, spec: AuditSpec, tabulation: Tabulation) -> dict[str, nw.Expr]:
    """What one analysis makes of each row, as whole numbers (values of attributes as they are)."""
    plain = plain_columns(roles, spec)
    kept = {"auditkit_reason", "outcome", "arm", "selected", *(key_column(i) for i in range(len(roles.keys)))}
    found = {name: expression for name, expression in plain.items() if name in kept}
    found["outcome"] = found["outcome"].fill_null(MISSING)
    if "selected" not in found:
        found["selected"] = _by_cut(roles, spec, tabulation)
    for number, stage in enumerate(spec.stages or []):
        if stage.selected is not None and stage.selected.top is None and stage.selected.top_share is None:
            found[f"stage_{number}"] = plain[f"stage_{number}"].fill_null(MISSING)
    return found


def _by_cut(roles: Roles, spec: AuditSpec, tabulation: Tabulation) -> nw.Expr:
    """Selection by rank, from the last number that was selected; SHARED where rows on it share the last places."""
    selection, threshold = roles.selection, tabulation.facts.get("threshold")
    assert selection is not None
    assert selection.basis is not None
    if threshold is None:
        return nw.lit(0)
    number = selection.basis.value
    beyond = number < threshold if lower_is_selected(spec) else number > threshold
    on_cut = SHARED if selection.choice.ties == "shared" else 1
    code = nw.when(number == threshold).then(nw.lit(on_cut)).otherwise(nw.lit(0))
    code = nw.when(beyond).then(nw.lit(1)).otherwise(code)
    return nw.when(number.is_null()).then(nw.lit(MISSING)).otherwise(code)


def _step(score: nw.Expr, edges: Floats) -> nw.Expr:
    step = nw.lit(0)
    for place, edge in enumerate(edges.tolist(), 1):
        step = nw.when(score >= edge).then(nw.lit(place)).otherwise(step)
    return nw.when(score.is_null()).then(nw.lit(MISSING)).otherwise(step)


def _analysis(
    key: str, spec: AuditSpec, roles: Roles, plain: Mapping[str, Integers], keys: Mapping[str, str], found: Fetched
) -> JointAnalysis:
    """One analysis of the joint lines, with the levels that its own cells have."""
    reason = plain["auditkit_reason"]
    used = reason == USED
    levels, codes = {}, {}
    for place, role in enumerate(roles.keys):
        name = keys[key_column(place)]
        level, code = level_codes(role, found.codes[name], found.values[name], tuple(spec.missing_values))
        levels[role.name], codes[role.name] = level.values, np.where(used, code, OUTSIDE)
    outcome = _heard(plain["outcome"], plain["selected"], plain["arm"], spec)

    stages = tuple(plain[f"stage_{i}"] for i in range(len(spec.stages or [])) if f"stage_{i}" in plain)
    arm = np.where(used, plain["arm"], OUTSIDE)
    return JointAnalysis(key, reason, levels, codes, plain["selected"], outcome, arm, stages, plain.get("step"))


def _heard(outcome: Integers, selected: Integers, arm: Integers, spec: AuditSpec) -> Integers:
    """The outcome as the count has it: the value that no list names is the opposite; those unseen do not count."""
    listed = spec.outcome
    if listed is None or listed.numeric:
        return np.full(len(outcome), MISSING, dtype=np.int64)
    opposite = 1 if listed.positive is None else 0
    outcome = np.where(outcome == OTHER, opposite, outcome)
    hidden = np.zeros(len(outcome), dtype=bool)
    if spec.observed == "when_selected":
        hidden = selected == 0
    elif spec.arm is not None:
        hidden = (selected == 0) & (arm == 0)
    return np.where(hidden, MISSING, outcome).astype(np.int64)


def _shared(counts: JointCounts, analyses: Sequence[tuple[str, AuditSpec, Tabulation]]) -> JointCounts:
    """Lines whose people share the last places of a cut, divided: a part is selected, the rest is not."""
    for place, (_, _, tabulation) in enumerate(analyses):
        mine = counts.analyses[place]
        tied = np.flatnonzero((mine.selected == SHARED) & (mine.reason == USED))
        if not len(tied):
            continue
        beyond = float(counts.n[(mine.selected == 1) & (mine.reason == USED)].sum())
        part = (float(tabulation.facts["top_selected"]) - beyond) / float(counts.n[tied].sum())
        n = np.concatenate((counts.n, counts.n[tied] * (1 - part)))
        n[tied] *= part
        taken = np.concatenate((np.arange(len(counts.n)), tied))
        made = tuple(_taken(one, taken) for one in counts.analyses)
        selected = made[place].selected.copy()
        selected[tied], selected[len(counts.n) :] = 1, 0
        made = (*made[:place], replace(made[place], selected=selected), *made[place + 1 :])
        counts = replace(counts, n=n, analyses=made)
    return counts


def _taken(one: JointAnalysis, lines: Integers) -> JointAnalysis:
    return replace(
        one,
        reason=one.reason[lines],
        codes={name: codes[lines] for name, codes in one.codes.items()},
        selected=one.selected[lines],
        outcome=one.outcome[lines],
        arm=one.arm[lines],
        stages=tuple(stage[lines] for stage in one.stages),
        step=None if one.step is None else one.step[lines],
    )


def joint_counts(analyses: Sequence[tuple[str, AuditSpec, Tabulation]], tables: Tables) -> tuple[JointCounts, ...]:
    """The joint counts of an audit: one for each table of rows, and one for each table of published counts."""
    found: list[JointCounts] = []
    by_table: dict[int, tuple[Table, list[tuple[str, AuditSpec, Tabulation]]]] = {}
    for key, spec, tabulation in analyses:
        own = spec.data is None or any(group.data is not None for group in spec.groups.values())
        if spec.from_counts or own:
            found += [from_cells(key, cells) for cells in tabulation.joint]
        elif len(analyses) == 1 and not spec.stages and tabulation.scale is None and len(tabulation.joint) == 1:
            found.append(from_cells(key, tabulation.joint[0], tabulation.account))
        else:
            table = tables.opened(spec)
            by_table.setdefault(id(table), (table, []))[1].append((key, spec, tabulation))
    main = analyses[0][0]
    found += [
        joint_rows(tables.rows_of_all([spec for _, spec, _ in mine]), mine, main) for _, mine in by_table.values()
    ]
    return tuple(found)
