"""What was published before, in one system with what is published now: no change of a few people may be read off both.

A reader holds both publications. The people then and the people now are two tables over the same atoms; the sums that
were published then are fixed in the one, the sums to be published now in the other, and their differences of 1 to 10
people are protected like counts under the minimum: two pairs of tables fit everything and differ in the change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from auditkit.protect.released import SUMS, GroupCounts, Released, ReleasedAnalysis, ReleasedView
from auditkit.protect.score_sums import STEP_CLASS, own_steps
from auditkit.protect.sums import CHANGE, EARLIER, SumKey, Sums

__all__ = ["earlier_values", "with_earlier"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def earlier_values(earlier: Released, account_stage: str, edges: dict[str, Floats]) -> dict[SumKey, float]:
    """Every sum that an earlier publication holds as one number, by the name that it has now.

    `edges` are the edges of the score steps of now, by analysis: steps between other edges have no name now.
    """
    found: dict[SumKey, float] = {}
    for analysis in earlier.analyses:
        for view in (analysis.everyone, *analysis.views):
            if view is not None:
                for stage, stratum, arm, counts in _parts(view):
                    found |= dict(_known(analysis.key, stage, stratum, arm, counts))
                found |= dict(_steps(analysis.key, view, edges.get(analysis.key)))
        found |= {
            SumKey(analysis.key, account_stage, "", "", (), (), name): value for name, value in _account(analysis)
        }
    return found


def _parts(view: ReleasedView) -> Iterator[tuple[str, str, str, GroupCounts]]:
    yield "", "", "", view.everyone
    if view.arm is not None:
        yield "", "", "1", view.arm
    for number, counts in enumerate(view.stages, 1):
        yield str(number), "", "", counts
    for counts in view.strata:
        yield "", "1", "", counts


def _known(analysis: str, stage: str, stratum: str, arm: str, counts: GroupCounts) -> Iterator[tuple[SumKey, float]]:
    for row, group in enumerate(counts.groups):
        for place, name in enumerate(SUMS):
            if counts.counts.exact[row, place]:
                value = float(counts.counts.lower[row, place])
                yield SumKey(analysis, stage, stratum, arm, counts.names, group, name), value


def _steps(analysis: str, view: ReleasedView, edges: Floats | None) -> Iterator[tuple[SumKey, float]]:
    steps = view.scores
    if steps is None or steps.begins is None or edges is None:
        return
    place = {edge: at for at, edge in enumerate(edges.tolist(), 1)}
    last = len(edges) + 1
    for row, group in enumerate(view.everyone.groups):
        for first, after in own_steps(steps.begins[row]):
            start = 0 if first == 0 else place.get(float(steps.lower[first]))
            until = last if after == steps.begins.shape[1] else place.get(float(steps.lower[after]))
            if start is None or until is None:
                continue
            for name, column in STEP_CLASS.items():
                if steps.rows[row, :, column].any():
                    key = SumKey(analysis, f"steps {start} {until}", "", "", view.names, group, name)
                    yield key, float(steps.rows[row, first, column])


def _account(analysis: ReleasedAnalysis) -> Iterator[tuple[str, float]]:
    account = analysis.account
    lines = [("read", account.read), ("without_outcome", account.without_outcome)]
    lines += [(line.reason, line.rows) for line in account.exclusions]
    for name, value in lines:
        if value is not None:
            yield name, float(value)


def with_earlier(sums: Sums, values: dict[SumKey, float]) -> tuple[Sums, Integers]:
    """The sums of now, then those of the earlier publication, then the changes; and which rows are the earlier ones.

    The atoms are the people now, then the people then. Where the two have no sum in common, the sums as they are.
    """
    named = ((row, next((key for key in keys if key in values), None)) for row, keys in enumerate(sums.keys))
    held = [(row, values[key]) for row, key in named if key is not None]
    if not held:
        return sums, np.zeros(0, dtype=np.int64)
    rows = np.array([row for row, _ in held], dtype=np.int64)
    then = np.array([value for _, value in held])
    same = sums.matrix[rows]
    before, rest = _people_then(same, then, sums.atoms)
    apart = np.flatnonzero(rest)
    signs = np.sign(rest[apart])
    own = sparse.csr_matrix((signs, (apart, np.arange(len(apart)))), (len(rows), len(apart)))
    none = sparse.csr_matrix((len(sums), same.shape[1] + len(apart)))
    past = sparse.hstack((same, own), format="csr")
    matrix = sparse.vstack(
        (
            sparse.hstack((sums.matrix, none)),
            sparse.hstack((sparse.csr_matrix(same.shape), past)),
            sparse.hstack((same, -past)),
        ),
        format="csr",
    )
    atoms = np.concatenate((sums.atoms, before, np.abs(rest[apart])))
    count = len(rows)
    first = [sums.keys[row][0] for row in rows]
    keys = (*((replace(key, analysis=f"{name} {key.analysis}"),) for name in ("earlier", "change") for key in first),)
    kind = np.concatenate((np.zeros(len(sums)), np.full(count, EARLIER), np.full(count, CHANGE))).astype(np.int64)
    both = Sums(
        matrix=matrix,
        values=np.asarray(matrix @ atoms, dtype=np.float64),
        keys=(*sums.keys, *keys),
        asked=np.concatenate((sums.asked, np.ones(count, dtype=bool), np.zeros(count, dtype=bool))),
        use=np.concatenate((sums.use, np.zeros(2 * count, dtype=np.int64))),
        size=np.concatenate((sums.size, sums.size[rows], sums.size[rows])),
        atoms=atoms,
        kind=kind,
    )
    return both, np.arange(len(sums), len(sums) + count)


def _people_then(same: sparse.csr_matrix, then: Floats, now: Floats) -> tuple[Floats, Floats]:
    """A table of the people then, as near to now as it can be; and what no such table explains of each sum.

    Groups that there were and are not any more are in no atom: their people are the part left over.
    """
    count, people = same.shape
    more = then - np.asarray(same @ now)
    eye = sparse.eye(count, format="csr")
    matrix = sparse.hstack((same, -same, eye, -eye), format="csr")
    costs = np.concatenate((np.ones(2 * people), np.full(2 * count, 1e3)))
    ends = np.concatenate((np.full(people, np.inf), now, np.full(2 * count, np.inf)))
    bounds = np.column_stack((np.zeros(len(ends)), ends))
    found = optimize.linprog(costs, A_eq=matrix, b_eq=more, bounds=bounds, method="highs")
    change = found.x[:people] - found.x[people : 2 * people]
    before = np.maximum(now + np.where(np.abs(change) < 1e-7, 0.0, change), 0.0)
    whole = np.round(before)
    before = np.where(np.abs(before - whole) < 1e-6, whole, before)
    rest = then - np.asarray(same @ before)
    return before, np.where(np.abs(rest) < 1e-6, 0.0, rest)
