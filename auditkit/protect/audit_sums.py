"""All sums of an audit in one system: what its files would hold, and what they must not give away.

Every analysis, view, stratum, stage, arm and score step counts the same people, so all stand over the same atoms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from auditkit.counts.joint_counts import OUTSIDE, JointAnalysis, JointCounts
from auditkit.protect.atoms import Atoms, make_atoms
from auditkit.protect.released import GroupCounts, ReleasedAnalysis, ReleasedView
from auditkit.protect.sums import CLASS_SUMS, LEFT_OVER, Rows, SumKey, group_rows

__all__ = [
    "ACCOUNT",
    "MOST_ATOMS",
    "USES",
    "AuditAtoms",
    "audit_atoms",
    "audit_rows",
    "group_of",
    "key_of",
    "part_rows",
]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

MOST_ATOMS = 12_000
"""More atoms than that are not solved: the score steps, then the last analyses, are withheld instead."""

USES = {name: place for place, name in enumerate(
    ("total", "single", "stratum", "crossing", "further", "score", "rest")
)}  # fmt: skip
"""In which order sums are offered."""

ACCOUNT = "rows"
"""The stage column of sums of the row account, whose `sum` is read, without_outcome or the code of a reason."""


@dataclass(frozen=True)
class AuditAtoms:
    """The atoms of the people of one table; `analyses` are the codes of each analysis on them, `classes` theirs."""

    n: Floats
    analyses: Mapping[str, JointAnalysis]
    classes: Mapping[str, Integers]

    def __len__(self) -> int:
        return len(self.n)


def key_of(analysis: str, counts: GroupCounts, group: int, name: str, stage: str = "", arm: str = "") -> SumKey:
    """The key of one sum of one group; names of strata stand apart from those of attributes."""
    return SumKey(analysis, stage, "", arm, counts.names, counts.groups[group], name)


def audit_atoms(joint: JointCounts) -> AuditAtoms | None:
    """The atoms; None where there would be too many of them to solve."""
    joint = _completed(joint)
    columns: dict[str, Integers] = {}
    people, selected, outcomes = [], [], []
    for one in joint.analyses:
        for name, codes in (("reason", one.reason), ("arm", one.arm), *((f"={k}", v) for k, v in one.codes.items())):
            columns[f"{one.key} {name}"] = codes
            people.append(f"{one.key} {name}")
        decided = {"selected": one.selected, **{f"stage {i}": stage for i, stage in enumerate(one.stages)}}
        if one.step is not None:
            decided["step"] = one.step
        for name, codes in decided.items():
            columns[f"{one.key} {name}"] = codes
            selected.append(f"{one.key} {name}")
        columns[f"{one.key} outcome"] = one.outcome
        outcomes.append(f"{one.key} outcome")
    distinct = [len(np.unique(np.column_stack([columns[c] for c in part]), axis=0)) for part in
                (people, selected, outcomes)]  # fmt: skip
    if int(np.prod(distinct)) > MOST_ATOMS * 4:
        return None
    atoms = make_atoms(columns, joint.n, people, [selected, outcomes])
    possible = _possible(joint, atoms)
    if int(possible.sum()) > MOST_ATOMS:
        return None
    kept = {name: code[possible] for name, code in atoms.codes.items()}
    analyses = {one.key: _on_atoms(one, kept) for one in joint.analyses}
    classes = {key: _classes(one) for key, one in analyses.items()}
    return AuditAtoms(atoms.n[possible], analyses, classes)


def _on_atoms(one: JointAnalysis, codes: Mapping[str, Integers]) -> JointAnalysis:
    return JointAnalysis(
        key=one.key,
        reason=codes[f"{one.key} reason"],
        levels=one.levels,
        codes={name: codes[f"{one.key} ={name}"] for name in one.codes},
        selected=codes[f"{one.key} selected"],
        outcome=codes[f"{one.key} outcome"],
        arm=codes[f"{one.key} arm"],
        stages=tuple(codes[f"{one.key} stage {i}"] for i in range(len(one.stages))),
        step=None if one.step is None else codes[f"{one.key} step"],
    )


def _classes(one: JointAnalysis) -> Integers:
    """Which of the six classes each line is in; OUTSIDE where the analysis does not use it."""
    by_outcome = np.array([1, 0, 2])
    found = np.where(one.selected == 1, 0, 3) + by_outcome[np.clip(one.outcome, -1, 1)]
    return np.where((one.reason == 0) & (one.selected >= 0), found, OUTSIDE).astype(np.int64)


def _possible(joint: JointCounts, atoms: Atoms) -> NDArray[np.bool_]:
    """Atoms that could be: whoever an analysis uses has a decision, in a class that the audit has."""
    possible = np.ones(len(atoms), dtype=bool)
    for one in joint.analyses:
        occurring = np.unique(_classes(one))
        mine = _classes(_on_atoms(one, atoms.codes))
        used = atoms.codes[f"{one.key} reason"] == 0
        possible &= np.where(used, np.isin(mine, occurring[occurring != OUTSIDE]), True)
    return np.asarray(possible | (atoms.n > 0), dtype=bool)


def _completed(joint: JointCounts) -> JointCounts:
    """Lines of nobody, so that every class that the audit has exists: both decisions, and with each outcome seen."""
    for place, one in enumerate(joint.analyses):
        used = np.flatnonzero(one.reason == 0)
        if not len(used):
            continue
        seen = [value for value in (1, 0) if (one.outcome[used] >= 0).any()]
        for name, wanted in (("selected", [1, 0]), ("outcome", seen)):
            codes = getattr(one, name)
            if name == "outcome" and not seen:
                continue
            for value in wanted:
                if not (codes[used] == value).any():
                    joint = _with_line(joint, place, name, value, int(used[0]))
        one = joint.analyses[place]
        used = np.flatnonzero(one.reason == 0)
        hidden = (one.outcome[used] < 0) & (one.selected[used] == 0)
        only_selected = bool(hidden.any()) and not ((one.outcome[used] >= 0) & (one.selected[used] == 0)).any()
        for chosen in (1, 0):
            for outcome in seen:
                if only_selected and chosen == 0:
                    continue
                if not ((one.selected[used] == chosen) & (one.outcome[used] == outcome)).any():
                    decided = int(used[np.flatnonzero(one.selected[used] == chosen)[0]])
                    came = int(used[np.flatnonzero(one.outcome[used] == outcome)[0]])
                    joint = _crossed(joint, decided, came)
    return joint


def _crossed(joint: JointCounts, decided: int, came: int) -> JointCounts:
    """One more line, of nobody: decided about as one line in every analysis, with what came of another.

    So nothing arises that cannot be, such as a person beyond the higher of two limits and not beyond the lower.
    """
    lines, last = np.append(np.arange(len(joint.n)), decided), len(joint.n)
    joint = _taken(joint, lines)
    analyses = tuple(
        replace(one, outcome=np.where(np.arange(len(lines)) == last, one.outcome[came], one.outcome))
        for one in joint.analyses
    )
    return replace(joint, analyses=analyses)


def _with_line(joint: JointCounts, place: int, name: str, value: int, like: int) -> JointCounts:
    """One more line, of nobody, like another but for one code (and the same code of analyses that decide alike)."""
    lines = np.append(np.arange(len(joint.n)), like)
    return _changed(_taken(joint, lines), place, name, value, len(joint.n))


def _taken(joint: JointCounts, lines: Integers) -> JointCounts:
    """These lines, of which those past the end of the table are of nobody."""
    analyses = tuple(
        replace(
            one,
            reason=one.reason[lines],
            codes={k: v[lines] for k, v in one.codes.items()},
            selected=one.selected[lines],
            outcome=one.outcome[lines],
            arm=one.arm[lines],
            stages=tuple(stage[lines] for stage in one.stages),
            step=None if one.step is None else one.step[lines],
        )
        for one in joint.analyses
    )
    fresh = np.zeros(len(lines) - len(joint.n))
    return replace(joint, n=np.concatenate((joint.n, fresh)), analyses=analyses)


def _changed(joint: JointCounts, place: int, name: str, value: int, line: int) -> JointCounts:
    mine = getattr(joint.analyses[place], name)
    made = []
    for one in joint.analyses:
        codes = getattr(one, name).copy()
        if np.array_equal(np.delete(codes, line), np.delete(mine, line)):
            codes[line] = value
        made.append(replace(one, **{name: codes}))
    return replace(joint, analyses=tuple(made))


def audit_rows(atoms: AuditAtoms, analyses: Sequence[ReleasedAnalysis]) -> list[Rows]:
    """Every sum that would be published of these analyses, with the parts of its own group."""
    rows: list[Rows] = []
    for analysis in analyses:
        if analysis.key not in atoms.analyses:
            continue
        main = analysis.key == analyses[0].key
        views = [view for view in (analysis.everyone, *analysis.views) if view is not None and len(view.everyone)]
        for view in views:
            rows += _of_view(atoms, analysis, view, main)
        rows += list(_account(atoms, analysis))
    return rows


def _of_view(atoms: AuditAtoms, analysis: ReleasedAnalysis, view: ReleasedView, main: bool) -> Iterator[Rows]:
    one, classes = atoms.analyses[analysis.key], atoms.classes[analysis.key]
    crossing = USES["crossing"] if main else USES["rest"]
    use = [USES["total"], USES["single"] if main else USES["further"], crossing][min(len(view.names), 2)]
    group = group_of(one, view.everyone)
    key = SumKey(analysis.key, "", "", "", view.names, (), "")
    yield group_rows(group, classes, view.everyone.groups, atoms.n, key, use)
    if view.arm is not None:
        inside = np.where(one.arm == 1, group, OUTSIDE)
        yield group_rows(inside, classes, view.arm.groups, atoms.n, replace(key, arm="1"), USES["rest"])
    passed = np.ones(len(atoms), dtype=bool)
    for number, (stage, counts) in enumerate(zip(one.stages, view.stages, strict=False)):
        reached = passed & (stage >= 0)
        decided = np.where(reached, np.where(stage == 1, 2, 5), OUTSIDE)
        of_stage = replace(key, stage=str(number + 1))
        yield group_rows(group, decided, counts.groups, atoms.n, of_stage, USES["rest"], _DECIDED, ())
        passed = reached & (stage == 1)
    for counts in view.strata:
        yield group_rows(
            group_of(one, counts), classes, counts.groups, atoms.n, replace(key, attributes=counts.names, stratum="1"),
            USES["stratum"] if main else USES["rest"],
        )  # fmt: skip


_DECIDED = ("people", "selected", "not_selected")


def group_of(one: JointAnalysis, counts: GroupCounts) -> Integers:
    """The group of each atom in a view; OUTSIDE where it is in none (another group, or not used)."""
    group = np.zeros(len(one.reason), dtype=np.int64)
    if counts.names:
        sizes = [len(one.levels[name]) for name in counts.names]
        place = {level: i for name in counts.names for i, level in enumerate(one.levels[name])}
        table = np.full(sizes, OUTSIDE, dtype=np.int64)
        for i, values in enumerate(counts.groups):
            at = [one.levels[name].index(v) if v in one.levels[name] else None
                  for name, v in zip(counts.names, values, strict=True)]  # fmt: skip
            if None not in at:
                table[tuple(at)] = i
        del place
        codes = [one.codes[name] for name in counts.names]
        inside = np.all([code >= 0 for code in codes], axis=0)
        group = np.where(inside, table[tuple(np.maximum(code, 0) for code in codes)], OUTSIDE)
    return np.where(one.reason == 0, group, OUTSIDE).astype(np.int64)


def _account(atoms: AuditAtoms, analysis: ReleasedAnalysis) -> Iterator[Rows]:
    """Rows read, and left out for each reason; those without an outcome."""
    one, classes = atoms.analyses[analysis.key], atoms.classes[analysis.key]
    lines = [("read", np.ones(len(atoms), dtype=bool))]
    codes = [line.reason for line in analysis.account.exclusions]
    numbers = sorted(set(one.reason.tolist()) - {0})
    if len(numbers) <= len(codes):
        shown = [line.reason for line in analysis.account.exclusions if line.rows]
        lines += [(reason, one.reason == number) for reason, number in zip(shown, numbers, strict=False)]
    lines.append(("without_outcome", np.isin(classes, (2, 5))))
    matrix = sparse.csr_matrix(np.array([inside for _, inside in lines], dtype=np.float64))
    keys = tuple(SumKey(analysis.key, ACCOUNT, "", "", (), (), name) for name, _ in lines)
    use = np.array([USES["total"]] + [USES["rest"]] * (len(lines) - 1), dtype=np.int64)
    yield Rows(matrix, keys, np.ones(len(keys), dtype=bool), use, np.asarray(matrix @ atoms.n))


def part_rows(
    atoms: AuditAtoms, columns: Mapping[tuple[str, str], str], analyses: Sequence[ReleasedAnalysis]
) -> list[Rows]:
    """Parts that subtraction would give, and that nobody asks for.

    Where an attribute of one analysis and one of another (or of the same) stand for one column, its finest steps;
    where there are several analyses, the people of each group by what every analysis makes of them. `columns` names
    the column of each (analysis, attribute).
    """
    rows: list[Rows] = []
    by_column: dict[str, list[Integers]] = {}
    for (key, name), column in columns.items():
        if key in atoms.analyses and name in atoms.analyses[key].codes:
            by_column.setdefault(column, []).append(atoms.analyses[key].codes[name])
    held = [one for one in analyses if one.key in atoms.analyses]
    pattern = _joint([atoms.classes[one.key] for one in held])
    for column, codes in by_column.items():
        finest = _joint(codes)
        if len(codes) > 1:
            for one in held:
                rows.append(_parts(atoms, finest, atoms.classes[one.key], f"{one.key} step of {column}"))
        if len(held) > 1:
            rows.append(_patterns(atoms, _joint([finest, pattern]), f"part of {column}"))
    if len(held) > 1:
        rows.append(_patterns(atoms, pattern, "part"))
    return rows


def _joint(codes: Sequence[Integers]) -> Integers:
    _, place = np.unique(np.column_stack(list(codes)), axis=0, return_inverse=True)
    return np.asarray(place.reshape(-1), dtype=np.int64)


def _parts(atoms: AuditAtoms, group: Integers, classes: Integers, name: str) -> Rows:
    names = tuple((str(i),) for i in range(int(group.max()) + 1))
    key = SumKey(name, "", "", "", (), (), "")
    return group_rows(group, classes, names, atoms.n, key, 0, (), (*LEFT_OVER, *CLASS_SUMS))


def _patterns(atoms: AuditAtoms, pattern: Integers, name: str) -> Rows:
    """The people of each pattern, and nothing else of them: its classes are in the pattern."""
    count = int(pattern.max()) + 1
    matrix = sparse.csr_matrix((np.ones(len(pattern)), (pattern, np.arange(len(pattern)))), (count, len(pattern)))
    keys = tuple(SumKey(name, "", "", "", (), (str(i),), "people") for i in range(count))
    size = np.asarray(matrix @ atoms.n)
    return Rows(matrix, keys, np.zeros(count, dtype=bool), np.zeros(count, dtype=np.int64), size)
