"""`search:` from its key to an analysis like any other: looked for on one half of the people, counted on the other.

What it finds becomes an analysis named "search", one attribute a subgroup, so that protection, tests, verdicts and
files are those of everything else. Nothing that the first half showed goes into a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED, Cells, Levels, Tabulation
from auditkit.counts.joint_counts import OUTSIDE, JointAnalysis, JointCounts, joint_rows
from auditkit.errors import DataError, SpecError, cut
from auditkit.inference import halved, standing_out
from auditkit.intake.exclusion_reasons import USED
from auditkit.result.rows_read import Exclusion
from auditkit.spec import AuditSpec, Group
from auditkit.spec.load_spec import analysis_spec
from auditkit.spec.search_spec import MOST_SUBGROUPS, SEARCH
from auditkit.text import LANGUAGES, mark, say, translate

if TYPE_CHECKING:
    from auditkit.intake.audit_tables import Tables

__all__ = ["Found", "search_rows", "told_apart"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_VALUES, _LEAST = 50, 30
_REST = mark("everyone else")


@dataclass(frozen=True)
class Found:
    """What a search found: the audit with it, its analysis, its counts; `wide` names everything that was crossed."""

    audit: AuditSpec
    spec: AuditSpec
    tabulation: Tabulation
    wide: AuditSpec
    crossings: tuple[tuple[tuple[str, str], ...], ...]
    first: dict[tuple[int, ...], int]
    """Of the people of each cell (codes and decision), how many are in the half that was searched."""


def search_rows(spec: AuditSpec, tables: Tables, main: Tabulation) -> Found | None:
    """Look for subgroups on one half of the rows and count them on the other; None where nothing stands out.

    Raises SpecError where an analysis has the name of the search, DataError for an attribute of too many values.
    """
    assert spec.search is not None
    if SEARCH in spec.analyses:
        raise SpecError(
            'analyses: the name "{name}" is that of what search: finds; give the analysis another name.', name=SEARCH
        )
    names = spec.search.attributes
    groups = {name: spec.groups.get(name) or Group(column=name) for name in names}
    wide = spec.model_copy(
        update={
            "groups": groups,
            "strata": {},
            "crossed": [],
            "outcome": None,
            "observed": "everywhere",
            "stages": None,
        }
    )
    table = tables.rows(wide)
    joint = joint_rows(table, [(SEARCH, wide, main)], None)
    one = joint.analyses[0]
    for name in names:
        if len(one.levels[name]) > _MOST_VALUES:
            raise DataError(
                "{file}, search: {name} has {count} values; expected at most {most}. Put numbers into bins under "
                "groups and name the attribute there, or leave it out of the search.",
                file=table.name, name=f'"{cut(name)}"', count=len(one.levels[name]), most=_MOST_VALUES,
            )  # fmt: skip
    cells, n, _ = _cells(joint)
    first = halved(n, spec.bootstrap.seed)
    codes = np.column_stack([_stated(one, name, cells[:, i]) for i, name in enumerate(names)])
    found = standing_out(codes, first, np.where(cells[:, -1] == 1, first, 0), spec.search.depth, MOST_SUBGROUPS, _LEAST)
    if not found:
        return None
    crossings = tuple(
        tuple((names[a], one.levels[names[a]][value]) for a, value in zip(*crossing, strict=True)) for crossing in found
    )
    audit = spec.model_copy(update={"analyses": {**spec.analyses, SEARCH: _analysis(spec, groups, crossings)}})
    own = analysis_spec(audit, SEARCH)
    halves = {tuple(key): int(k) for key, k in zip(cells.tolist(), first, strict=True)}
    made = Found(audit, own, main, wide, crossings, halves)
    return replace(made, tabulation=_tabulated(told_apart(joint, made), main, own))


def told_apart(joint: JointCounts, found: Found) -> JointCounts:
    """Joint counts that hold the search by its attributes, with the two halves and the subgroups in their place."""
    place = next(i for i, one in enumerate(joint.analyses) if one.key == SEARCH)
    wide = joint.analyses[place]
    order = _sorted(joint)
    n, wide = joint.n[order], _taken(wide, order)
    lines = np.column_stack([*(wide.codes[name] for name in found.wide.groups), wide.selected])
    used = (wide.reason == USED) & (wide.selected >= 0)
    distinct, cell = np.unique(lines[used], axis=0, return_inverse=True)
    wanted = np.array([found.first[tuple(key)] for key in distinct.tolist()], dtype=np.int64)
    searched = np.zeros(len(n))
    searched[used] = _divided(n[used], cell.reshape(-1), wanted, found.audit.bootstrap.seed)
    both = np.concatenate((order, order[used]))
    analyses = tuple(_taken(one, both) for one in joint.analyses)
    reason = np.concatenate((wide.reason, np.full(int(used.sum()), int(joint.analyses[place].reason.max()) + 1)))
    levels, codes = {}, {}
    for name, crossing in zip(found.spec.groups, found.crossings, strict=True):
        levels[name], inside = _subgroup(analyses[place], name, crossing, found.spec)
        codes[name] = np.where(reason == USED, inside, OUTSIDE)
    own = replace(analyses[place], reason=reason.astype(np.int64), levels=levels, codes=codes, stages=(), step=None)
    made = (*analyses[:place], own, *analyses[place + 1 :])
    return replace(joint, n=np.concatenate((n - searched, searched[used])), analyses=made)


def _divided(n: Floats, cell: Integers, wanted: Integers, seed: int) -> Floats:
    """Of each line how many people are in the first half, `wanted` of each cell, drawn at random within it."""
    line = np.repeat(np.arange(len(n)), n.astype(np.int64))
    order = np.lexsort((np.random.default_rng([seed, 1]).random(len(line)), cell[line]))
    begins = np.concatenate(([0], np.bincount(cell[line], minlength=len(wanted)).cumsum()[:-1]))
    rank = np.arange(len(line)) - begins[cell[line][order]]
    taken = line[order][rank < wanted[cell[line][order]]]
    return np.bincount(taken, minlength=len(n)).astype(np.float64)


def _sorted(joint: JointCounts) -> Integers:
    """The lines in one order, whatever order an engine gave them in."""
    columns: list[Integers] = []
    for one in joint.analyses:
        columns += [*one.codes.values(), one.reason, one.selected, one.outcome, one.arm, *one.stages]
        columns += [] if one.step is None else [one.step]
    return np.lexsort(columns).astype(np.int64)


def _taken(one: JointAnalysis, lines: Integers) -> JointAnalysis:
    return replace(
        one, reason=one.reason[lines], codes={name: codes[lines] for name, codes in one.codes.items()},
        selected=one.selected[lines], outcome=one.outcome[lines], arm=one.arm[lines],
        stages=tuple(stage[lines] for stage in one.stages), step=None if one.step is None else one.step[lines],
    )  # fmt: skip


def _cells(joint: JointCounts) -> tuple[Integers, Integers, Integers]:
    """The rows used by the values of every attribute and the decision, sorted: cells, people, the cell of each line."""
    one = joint.analyses[0]
    used = (one.reason == USED) & (one.selected >= 0)
    lines = np.column_stack([*(codes[used] for codes in one.codes.values()), one.selected[used]])
    cells, place = np.unique(lines, axis=0, return_inverse=True)
    n = np.bincount(place.reshape(-1), joint.n[used], len(cells))
    return cells, np.round(n).astype(np.int64), place.reshape(-1)


def _stated(one: JointAnalysis, name: str, codes: Integers) -> Integers:
    values = one.levels[name]
    return np.where(codes == values.index(NOT_STATED), -1, codes) if NOT_STATED in values else codes


def _analysis(
    spec: AuditSpec, groups: dict[str, Group], crossings: Sequence[tuple[tuple[str, str], ...]]
) -> dict[str, Any]:
    """The analysis of what was found, as audit.yaml has it."""
    rest = {language: translate(_REST, language) for language in LANGUAGES}
    found: dict[str, Any] = {}
    for number, crossing in enumerate(crossings, 1):
        words = {
            language: ", ".join(_pair(name, value, groups[name], language) for name, value in crossing)
            for language in LANGUAGES
        }
        name = {language: say("subgroup {number}", number=number).text(language) for language in LANGUAGES}
        values = {words["en"]: words, rest["en"]: rest}
        found[f"subgroup {number}"] = {
            "column": f"subgroup {number}", "reference": rest["en"], "name": name, "values": values,
        }  # fmt: skip
    title = say("Subgroups that were looked for")
    return {
        "name": {language: title.text(language) for language in LANGUAGES}, "groups": found, "crossed": [],
        "strata": {}, "measures": ["selection_rate"], "primary": ["selection_rate"], "outcome": None,
        "observed": "everywhere", "stages": None, "regressions": {},
    }  # fmt: skip


def _pair(name: str, value: str, group: Group, language: str) -> str:
    title = group.name.text(language) if group.name is not None else name
    return say("{attribute}: {value}", attribute=title, value=group.group_name(value, language)).text(language)


def _subgroup(
    one: JointAnalysis, name: str, crossing: Sequence[tuple[str, str]], spec: AuditSpec
) -> tuple[tuple[str, ...], Integers]:
    """Who is in a subgroup: those of every value; not stated is who may be, by what they did state."""
    inside = np.ones(len(one.reason), dtype=bool)
    possible = np.ones(len(one.reason), dtype=bool)
    for attribute, value in crossing:
        values = one.levels[attribute]
        hit = one.codes[attribute] == values.index(value)
        inside &= hit
        possible &= hit | (one.codes[attribute] == (values.index(NOT_STATED) if NOT_STATED in values else -2))
    group, rest = list(spec.groups[name].values)
    levels = sorted([group, rest])
    codes = np.where(inside, levels.index(group), np.where(possible, 2, levels.index(rest)))
    has_unstated = bool((possible & ~inside & (one.reason == USED)).any())
    return (*levels, *([NOT_STATED] if has_unstated else [])), codes.astype(np.int64)


def _tabulated(joint: JointCounts, main: Tabulation, spec: AuditSpec) -> Tabulation:
    """The counts of the half that was not searched."""
    one = joint.analyses[0]
    used = (one.reason == USED) & (one.selected >= 0)
    names = list(spec.groups)
    cells, place = np.unique(
        np.column_stack([*(one.codes[name][used] for name in names), one.selected[used]]), axis=0, return_inverse=True
    )
    n = np.bincount(place.reshape(-1), joint.n[used], len(cells)).astype(np.float64)
    kept = n > 0
    cells, n = cells[kept], n[kept]
    none = np.full(len(n), -1, dtype=np.int64)
    made = Cells(
        levels=tuple(Levels(name, one.levels[name]) for name in names),
        codes={name: cells[:, i] for i, name in enumerate(names)},
        selected=cells[:, -1], outcome=none, arm=np.zeros(len(n), dtype=np.int64), score_bin=none,
        n=n, weight=n, weight_squared=n,
    )  # fmt: skip
    half, other = int(n.sum()), float(joint.n.sum())
    searched = round(float(joint.n[one.reason == int(one.reason.max())].sum()))
    account = main.account
    because = say("in the half of the people in which subgroups were looked for, drawn at random")
    return Tabulation(
        (made,),
        replace(
            account, read=other, used=half, without_outcome=0, without_score=0, notes=(),
            exclusions=(*account.exclusions, Exclusion(SEARCH, because, searched)),
            not_stated={
                name: float(n[cells[:, i] == 2].sum()) if NOT_STATED in one.levels[name] else 0
                for i, name in enumerate(names)
            },
        ),
        facts={key: value for key, value in main.facts.items() if key == "threshold"},
    )  # fmt: skip
