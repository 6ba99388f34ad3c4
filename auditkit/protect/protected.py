"""Protection of a whole audit: which sums of its counts leave the house; the others become intervals.

What comes out is the one object that later rooms receive. Bounds of what is withheld are functions of what is released.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.joint_counts import JointCounts
from auditkit.counts.round_edges import MOST_LEVELS, outward
from auditkit.errors import DataError
from auditkit.protect.audit_sums import ACCOUNT, USES, AuditAtoms, audit_atoms, audit_rows, group_of, key_of, part_rows
from auditkit.protect.bounds import narrowed
from auditkit.protect.choose import Chooser, budget_of, in_order
from auditkit.protect.earlier import earlier_values, with_earlier
from auditkit.protect.kind_rules import released_kind_figures
from auditkit.protect.number_rules import released_numbers, released_weights
from auditkit.protect.public_spec import public_spec
from auditkit.protect.released import SUMS, Bounds, GroupCounts, Released, ReleasedAnalysis, ReleasedView, Steps
from auditkit.protect.score_steps import GroupSteps, offers_of, step_parts
from auditkit.protect.score_sums import STEP_CLASS, middles
from auditkit.protect.sums import SumKey, gathered
from auditkit.result import RowAccount, ScoreBins
from auditkit.text import Message

__all__ = ["Protection", "protect"]

Floats = NDArray[np.float64]


@dataclass
class Protection:
    """The sums that are released, by name, and the steps that each group's score may be shown in."""

    minimum: int
    values: dict[SumKey, float] = field(default_factory=dict)
    structural: set[SumKey] = field(default_factory=set)
    steps: dict[tuple[str, tuple[str, ...], tuple[str, ...]], GroupSteps] = field(default_factory=dict)
    edges: dict[str, Floats] = field(default_factory=dict)
    compared: bool = True


def protect(
    exact: Released, joints: Sequence[JointCounts], minimum: int, columns: Mapping[tuple[str, str], str] | None = None,
    budget: int | None = None, earlier: Released | None = None,
) -> Released:  # fmt: skip
    """The released table of an audit: `exact` without what would narrow a count below `minimum` values.

    `joints` are the counts of all analyses together, one for each table of rows; `columns` names the column that each
    (analysis, attribute) is made of. An analysis that is in none of them has nothing released. `earlier` is what was
    published before of the same people: no change of fewer than `minimum` of them may be read off both.
    """
    if minimum <= 0:
        return exact
    found = Protection(minimum, compared=earlier is None)
    for joint in joints:
        atoms = _atoms(joint)
        if atoms is not None:
            _choose(found, exact, atoms, joint, columns or {}, budget, earlier)
    if not found.compared:
        raise DataError(
            "What publish.earlier names has no count in common with this audit; expected what an earlier run of the "
            "same audit published."
        )
    analyses = tuple(_released(one, found) for one in exact.analyses)
    return replace(
        exact, minimum=minimum, audit=public_spec(exact.audit), analyses=analyses, notes=public_notes(exact.notes)
    )


def _atoms(joint: JointCounts) -> AuditAtoms | None:
    """The atoms; where they are too many, without score steps, then without the last analyses."""
    while True:
        atoms = audit_atoms(joint)
        if atoms is not None:
            return atoms
        if any(one.step is not None for one in joint.analyses):
            joint = replace(joint, analyses=tuple(replace(one, step=None) for one in joint.analyses))
        elif len(joint.analyses) > 1:
            joint = replace(joint, analyses=joint.analyses[:-1])
        else:
            return None


def _choose(
    found: Protection, exact: Released, atoms: AuditAtoms, joint: JointCounts,
    columns: Mapping[tuple[str, str], str], budget: int | None, earlier: Released | None,
) -> None:  # fmt: skip
    rows = audit_rows(atoms, exact.analyses)
    rows += part_rows(atoms, columns, exact.analyses)
    offers: list[tuple[tuple[str, tuple[str, ...], tuple[str, ...]], list[GroupSteps]]] = []
    main = exact.analyses[0]
    one = atoms.analyses.get(main.key)
    if one is not None and one.step is not None and main.spec.weight is None:
        found.edges[main.key] = joint.edges[main.key]
        for view in [view for view in (main.everyone, *main.views) if view is not None and len(view.names) < 2]:
            group = group_of(one, view.everyone)
            classes = _step_classes(atoms, main)
            rows.append(step_parts(f"{main.key} steps of {'&'.join(view.names)}", group, one.step, classes, atoms.n))
            for place, name in enumerate(view.everyone.groups):
                key = SumKey(main.key, "", "", "", view.names, name, "")
                ways, more = offers_of(key, place, group, one.step, classes, atoms.n, found.minimum, USES["score"])
                if more is not None:
                    rows.append(more)
                    offers.append(((main.key, view.names, name), ways))
    sums = gathered(rows, atoms.n)
    past = np.zeros(0, dtype=np.int64)
    if earlier is not None:
        sums, past = with_earlier(sums, earlier_values(earlier, ACCOUNT, found.edges))
    chooser = Chooser(sums, found.minimum, budget or budget_of(sums))
    found.compared |= len(past) > 0
    if len(past) and not chooser.accept(past):
        raise RuntimeError("what was published earlier contradicts itself")
    of_steps = {key for _, ways in offers for way in ways for key in way.keys}
    offered = np.setdiff1d(chooser.offered, past)
    plain = np.array([row for row in offered if not of_steps.issuperset(sums.keys[row])], dtype=np.int64)
    order = in_order(sums, plain)
    before = sums.use[order] < USES["score"]
    chooser.offer_all(order[before])
    row_of = sums.place()
    sensitive = sums.sensitive(found.minimum)
    for group_key, ways in offers:
        for way in ways:
            wanted = np.array(sorted({row_of[one] for one in way.keys}), dtype=np.int64)
            if sensitive[wanted].any():
                continue
            if chooser.programme.solved < chooser.budget and chooser.accept(wanted):
                found.steps[group_key] = way
                break
    chooser.offer(order[~before])
    chosen = chooser.chosen()
    for row, keys in enumerate(sums.keys):
        if sums.kind is not None and sums.kind[row] > 0:
            continue
        if chosen.released[row]:
            found.values |= {key: float(sums.values[row]) for key in keys}
    named = set(row_of)
    # a class that the audit does not have, of a group that it has
    found.structural |= {
        key for one_rows in rows for key in one_rows.keys if key not in named and replace(key, sum="people") in named
    }


def _step_classes(atoms: AuditAtoms, analysis: ReleasedAnalysis) -> dict[str, NDArray[np.bool_]]:
    """The classes that score steps are published in: by outcome where there is one, else everybody."""
    classes = atoms.classes[analysis.key]
    kinds = {"positive": (0, 3), "negative": (1, 4), "unseen": (2, 5)}
    found = {name: np.isin(classes, places) for name, places in kinds.items()}
    found = {name: held for name, held in found.items() if held.any()}
    return found if len(found) > 1 else {"people": classes >= 0}


def _released(analysis: ReleasedAnalysis, found: Protection) -> ReleasedAnalysis:
    """One analysis with what is withheld as intervals."""
    views = [view for view in (analysis.everyone, *analysis.views) if view is not None]
    known = [(view.names, view.everyone.groups, *_known(analysis.key, view.everyone, found)) for view in views]
    bounds = narrowed(known)
    changed = [_view(analysis, view, Bounds(*ends), found) for view, ends in zip(views, bounds, strict=True)]
    everyone = changed.pop(0) if analysis.everyone is not None else None
    grid = _grid(analysis, found)
    facts = {key: value for key, value in analysis.facts.items() if key == "threshold" and _declared(analysis)}
    if grid is not None:
        facts |= {"score_minimum": float(grid[0].lower[0]), "score_maximum": float(grid[0].upper[-1])}
    return replace(
        analysis,
        spec=public_spec(analysis.spec),
        views=tuple(changed),
        everyone=everyone,
        account=_account(analysis, found),
        facts=dict(sorted(facts.items())),
        edges=None if grid is None else grid[0],
        thresholds=() if grid is None else _thresholds(analysis, grid[0].lower[0 if grid[0].exact else 1 :]),
        from_rows=(),
        kind_figures=released_kind_figures(analysis, found.minimum),
    )


def _declared(analysis: ReleasedAnalysis) -> bool:
    """Whether the threshold is the audit's own, and not one person's score at a cut by rank."""
    selected = analysis.spec.selected
    return selected is not None and selected.top is None and selected.top_share is None


def _grid(analysis: ReleasedAnalysis, found: Protection) -> tuple[ScoreBins, list[int]] | None:
    """The score steps that any group shows, and the first step of the common grid in each; ends rounded outward."""
    edges, scale = found.edges.get(analysis.key), analysis.edges
    ways = [way for (key, _, _), way in found.steps.items() if key == analysis.key]
    if edges is None or scale is None or not ways:
        return None
    begins = sorted({begin for way in ways for begin in way.begins})
    inner = edges[np.array(begins[1:], dtype=np.int64) - 1]
    whole = scale.exact and len(scale.lower) <= MOST_LEVELS and len(begins) == len(edges) + 1
    lowest, highest = float(scale.lower[0]), float(scale.upper[-1])
    if whole:
        return ScoreBins(scale.lower, scale.lower, True), begins
    low, high = outward(lowest, highest)
    lower = np.concatenate(([min([low, *inner[:1]])], inner))
    return ScoreBins(lower, np.concatenate((inner, [max([high, *inner[-1:]])])), False), begins


def _thresholds(analysis: ReleasedAnalysis, edges: Floats) -> tuple[float, ...]:
    """Thresholds of the sweep that are edges of the grid; by default at most twenty of them."""
    sweep = analysis.spec.sweep
    inside = set(edges.tolist())
    if sweep is not None and sweep.thresholds != "default":
        return tuple(float(one) for one in sorted(sweep.thresholds) if float(one) in inside)
    every = max(1, -(-len(edges) // 20))
    return tuple(float(one) for one in edges[::every])


def _known(
    analysis: str, counts: GroupCounts, found: Protection, stage: str = "", arm: str = "", stratum: str = ""
) -> tuple[Floats, Floats]:
    """0 and infinity where nothing is released; groups x SUMS."""
    shape = (len(counts), len(SUMS))
    low, high = np.zeros(shape), np.full(shape, np.inf)
    for group in range(len(counts)):
        for place, name in enumerate(SUMS):
            key = replace(key_of(analysis, counts, group, name, stage, arm), stratum=stratum)
            if key in found.values:
                value = found.values[key]
                if abs(value - counts.counts.lower[group, place]) < 1e-6 * max(1.0, value):  # else counted otherwise
                    low[group, place] = high[group, place] = value
            elif key in found.structural:
                high[group, place] = 0.0
    return low, high


def _alone(analysis: str, counts: GroupCounts, found: Protection, **where: str) -> GroupCounts:
    """Counts of a part (a stage, an arm, strata), their bounds from themselves."""
    low, high = _known(analysis, counts, found, **where)
    return _with_bounds(counts, Bounds(*narrowed([(counts.names, counts.groups, low, high)])[0]), found)


def _with_bounds(counts: GroupCounts, bounds: Bounds, found: Protection) -> GroupCounts:
    six = np.s_[:, :6]
    shown = np.where(bounds.exact[six], bounds.lower[six], np.nan)
    weights, squares = shown, shown
    if counts.weighted:
        weights, squares = released_weights(shown, counts.weights, counts.squares, counts.spread, found.minimum)
    return replace(counts, counts=bounds, weights=weights, squares=squares, spread=None)


def _pairs(pairs: Floats, everyone: GroupCounts, minimum: int) -> Floats | None:
    """Pairs of which every kind counts the minimum or more, in a view that is released whole: else none."""
    told = bool(everyone.counts.exact[:, 6:9].all())
    shown = np.where((pairs >= minimum).all(axis=1, keepdims=True) & told, pairs, np.nan)
    return None if np.isnan(shown).all() else shown


def _view(analysis: ReleasedAnalysis, view: ReleasedView, bounds: Bounds, found: Protection) -> ReleasedView:
    key = analysis.key
    stages = tuple(_alone(key, stage, found, stage=str(number)) for number, stage in enumerate(view.stages, 1))
    everyone = _with_bounds(view.everyone, bounds, found)
    return replace(
        view,
        everyone=everyone,
        arm=None if view.arm is None else _alone(key, view.arm, found, arm="1"),
        scores=_steps(analysis, view, found),
        arm_scores=None,
        outcomes=None
        if view.outcomes is None or everyone.weighted
        else released_numbers(view.outcomes, everyone.people, found.minimum),
        stages=stages,
        strata=tuple(_alone(key, one, found, stratum="1") for one in view.strata),
        offices=None,
        clusters=None,
        strata_clusters=(),
        pairs=None if view.pairs is None else _pairs(view.pairs, everyone, found.minimum),
    )


def _steps(analysis: ReleasedAnalysis, view: ReleasedView, found: Protection) -> Steps | None:
    """The joined steps of each group on the common grid; groups without any have nobody in them."""
    found_grid = _grid(analysis, found)
    if found_grid is None or len(view.names) > 1 or view.scores is None:
        return None
    grid, places = found_grid
    rows = np.zeros((len(view.everyone), len(places), 6))
    begins = np.zeros((len(view.everyone), len(places)), dtype=bool)
    where = {step: place for place, step in enumerate(places)}
    for group, name in enumerate(view.everyone.groups):
        way = found.steps.get((analysis.key, view.names, name))
        for key in () if way is None else way.keys:
            first = where[int(key.stage.split()[1])]
            begins[group, first] = True
            rows[group, first, STEP_CLASS[key.sum]] = found.values[key]
    middle = middles(grid, begins)[:, :, None]
    return Steps(grid.lower, grid.upper, grid.exact, rows, rows, rows, rows * middle, rows * middle**2, begins)


def _account(analysis: ReleasedAnalysis, found: Protection) -> RowAccount:
    """The row account with what is released of it; None stands for what is withheld."""
    account, key = analysis.account, analysis.key

    def of(name: str) -> float | None:
        return found.values.get(SumKey(key, ACCOUNT, "", "", (), (), name))

    used = found.values.get(SumKey(key, "", "", "", (), ((),)[0], "people"))
    unseen = account.without_outcome
    return replace(
        account,
        read=of("read"),
        used=used,
        exclusions=tuple(line for line in account.exclusions if line.rows and of(line.reason) is not None),
        without_outcome=unseen if not unseen else of("without_outcome"),
        without_score=0 if not account.without_score else None,
        not_stated={
            name: count
            for name, count in account.not_stated.items()
            if not count or SumKey(key, "", "", "", (name,), ("",), "people") in found.values
        },
        notes=public_notes(account.notes),
    )


def public_notes(notes: Sequence[Message]) -> tuple[Message, ...]:
    """The notes that say what was understood of files and audit: no number, and nothing that depends on the counts."""
    return tuple(note for note in notes if not _says_numbers(note) and note.text() not in _OF_COUNTS)


_OF_COUNTS = ("Everybody is selected.", "Nobody is selected.")


def _says_numbers(note: Message) -> bool:
    values = [*note.values.values(), *([note.count] if note.plural is not None else [])]
    return any(
        _says_numbers(value) if isinstance(value, Message) else any(mark.isdigit() for mark in str(value))
        for value in values
    )
