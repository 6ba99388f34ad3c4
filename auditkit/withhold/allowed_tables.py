"""What follows from no count being negative: hidden counts that everything published squeezes to one whole number.

Adding and subtracting alone (`exposure`) does not find these: 3 and 0 are the only way in which hidden counts add up
to 3 where others leave no room. A linear programme does: the least and the most that a hidden sum can be.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from auditkit.withhold.figure_forms import SUMS
from auditkit.withhold.suppression_network import Network

__all__ = ["MOST_NODES", "pinned"]

Floats = NDArray[np.float64]
Sets = NDArray[np.uint64]

MOST_NODES = 120
"""Groups beyond which nobody waits for so many linear programmes; there it is not proved."""

_DIRECTIONS = 4
_EDGE = 1e-6


def pinned(net: Network, published: Sets, asked: Sets) -> Sets:
    """For each node, those of the sums `asked` that can be one whole number only, from `published` and the lines.

    A sum that takes two values a whole number apart in any two tables that fit is not pinned; so tables are looked for
    in a few directions first, and a sum is asked for by itself where these did not move it.
    """
    result = np.zeros(len(net), dtype=np.uint64)
    if not asked.any() or len(net) > MOST_NODES:
        return result
    solve = _solver(net, published)
    low = net.counts @ SUMS.T
    high = low.copy()

    def learn(direction: Floats) -> None:
        for sign in (1.0, -1.0):
            table = solve(sign * direction)
            if table is not None:
                values = table.reshape(-1, 6) @ SUMS.T
                np.minimum(low, values, out=low)
                np.maximum(high, values, out=high)

    draw = np.random.default_rng(1)
    for _ in range(_DIRECTIONS):
        learn(draw.standard_normal(6 * len(net)))
    for node in np.flatnonzero(asked):
        for part in range(1, 64):
            if int(asked[node]) >> part & 1 and _is_one(low[node, part], high[node, part]):
                direction = np.zeros((len(net), 6))
                direction[node] = SUMS[part]
                learn(direction.ravel())
                if _is_one(low[node, part], high[node, part]):
                    result[node] |= np.uint64(1 << part)
    return result


def _is_one(low: float, high: float) -> bool:
    return bool(np.floor(high + _EDGE) - np.ceil(low - _EDGE) < 0.5)


def _solver(net: Network, published: Sets):  # type: ignore[no-untyped-def]
    """A function from a direction to the table that is least in it; None where none was found."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    rows: list[tuple[list[int], list[float], float]] = []
    for node, mask in enumerate(published.tolist()):
        for part in _independent(mask):
            places = [6 * node + c for c in range(6) if part >> c & 1]
            rows.append((places, [1.0] * len(places), float(SUMS[part] @ net.counts[node])))
    for line in net.lines:
        for c in range(6):
            members = [6 * int(node) + c for node in line.members]
            rows.append(([*members, 6 * line.margin + c], [*[1.0] * len(members), -1.0], 0.0))
    where = (
        np.repeat(np.arange(len(rows)), [len(places) for places, _, _ in rows]),
        np.array([place for places, _, _ in rows for place in places], dtype=np.int64),
    )
    entries = np.array([value for _, values, _ in rows for value in values])
    matrix = csr_matrix((entries, where), shape=(len(rows), 6 * len(net)))
    right = np.array([value for _, _, value in rows])
    most = 2 * float(net.counts.sum(axis=1).max()) + 1000

    def solve(direction: Floats) -> Floats | None:
        found = linprog(direction, A_eq=matrix, b_eq=right, bounds=(0, most))
        return found.x if found.status == 0 else None

    return solve


@lru_cache(maxsize=4096)
def _independent(published: int) -> tuple[int, ...]:
    """As many of the published sums as say all of them."""
    kept: list[int] = []
    for part in range(1, 64):
        if published >> part & 1 and np.linalg.matrix_rank(SUMS[[*kept, part]]) > len(kept):
            kept.append(part)
    return tuple(kept)
