"""Variables in which drawn pairs hardly ever differ: more pairs are drawn among those that do.

A rare variable that is stopped early looks exact and is not (its intervals cover 25 %). Where all but a few people
share one value, pairs in which both have it move nothing; pairs are drawn from the rest, whose share of all pairs is
known from all rows.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.mixing import Flags, Mixer
from auditkit.explain.model_inputs import Floats, Integers
from auditkit.explain.sampled_parts import Fixed, Sample
from auditkit.explain.telescope import pair_moves
from auditkit.explain.variable_bins import Bins

__all__ = ["FEW", "top_up"]

FEW = 20
"""Under so many drawn pairs in which a variable moved the score, its error cannot be told from them."""

_PAIRS = 400


def top_up(
    mixer: Mixer,
    one: Comparison,
    samples: Sequence[Sample],
    bins: Bins,
    shares: Floats,
    reference_shares: Floats,
    figures: Sequence[float | None],
    from_top: bool,
    draw: np.random.Generator,
) -> list[Fixed | None]:
    """The parts of rare variables from pairs drawn for them; None for a figure in which no variable is rare."""
    nonzero = np.array([(sample.moves != 0).sum(axis=0) for sample in samples])
    variables = shares.shape[0]
    known = np.zeros((len(samples), variables), dtype=np.bool_)
    parts, errors = np.zeros((len(samples), variables)), np.zeros((len(samples), variables))
    for k in np.flatnonzero(nonzero[0] < FEW):
        mode = int(np.argmax(shares[k] + reference_shares[k]))
        apart = 1.0 - float(shares[k, mode]) * float(reference_shares[k, mode])
        if not bins.single[k, mode] or not 0 < apart < 0.2:
            continue
        found = _moves_of(mixer, one, bins, int(k), mode, float(shares[k, mode]), apart, figures, from_top, draw)
        for f, moves in enumerate(found):
            if int((moves != 0).sum()) >= FEW:
                known[f, k] = True
                parts[f, k] = apart * moves.mean()
                errors[f, k] = apart * moves.std(ddof=1) / np.sqrt(len(moves))
    return [Fixed(known[f], parts[f], errors[f]) if known[f].any() else None for f in range(len(samples))]


def _moves_of(
    mixer: Mixer,
    one: Comparison,
    bins: Bins,
    k: int,
    mode: int,
    share: float,
    apart: float,
    figures: Sequence[float | None],
    from_top: bool,
    draw: np.random.Generator,
) -> list[Floats]:
    """The moves of variable k in pairs that do not both have its most frequent value."""
    in_group = bins.codes[one.rows, k] == mode
    in_reference = bins.codes[one.reference_rows, k] == mode
    first = draw.random(_PAIRS) < (1.0 - share) / apart
    x, b = np.empty(_PAIRS, dtype=np.int64), np.empty(_PAIRS, dtype=np.int64)
    _fill(x, first, one.rows[~in_group], draw)
    _fill(b, first, one.reference_rows, draw)
    _fill(x, ~first, one.rows[in_group], draw)
    _fill(b, ~first, one.reference_rows[~in_reference], draw)
    found = pair_moves(mixer, x, b, draw, figures, from_top)
    return [moves[:, k] for moves in found.moves]


def _fill(target: Integers, where: Flags, rows: Integers, draw: np.random.Generator) -> None:
    count = int(where.sum())
    if count:
        target[where] = rows[draw.integers(0, len(rows), count)]
