"""The figures of one rule in one group: people, who is gained and lost, right and wrong selections, what it costs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import wilson
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec

__all__ = ["policy_figures"]

Floats = NDArray[np.float64]

_POSITIVE, _NEGATIVE, _UNSEEN = [0, 3], [1, 4], [2, 5]


def policy_figures(
    level: str, attributes: tuple[str, ...], group: tuple[str, ...], rows: Floats, part: Floats, spec: AuditSpec
) -> Iterator[KindFigure]:
    """`rows` counts people, steps x the six classes of today's decision; `part` is the share of each that is selected.

    Outcomes that are not all seen give bounds: those unseen all without, or all with. A rule that draws by chance
    gives means over its draws.
    """
    part = np.broadcast_to(part, rows.shape)
    chosen = (rows * part).sum(axis=0)
    n = float(rows.sum())

    def count(item: str, value: float | None, lower: float | None = None, upper: float | None = None) -> KindFigure:
        method = "union" if lower is not None else "none"
        return KindFigure("policies", item, attributes, group, value, lower, upper, method, n, "number", level)

    def rate(item: str, places: list[int]) -> KindFigure:
        return _rate(item, rows[:, places], part[:, places], (level, attributes, group), spec.confidence)

    yield count("people", n)
    yield count("selected", float(chosen.sum()))
    yield rate("selected_rate", [0, 1, 2, 3, 4, 5])
    yield count("newly", float(chosen[3:].sum()))
    yield count("no_longer", float((rows[:, :3] * (1 - part[:, :3])).sum()))
    if spec.outcome is None or spec.outcome.numeric:
        return
    found, unseen = float(chosen[_POSITIVE].sum()), float(chosen[_UNSEEN].sum())
    missed, other = float(rows[:, _POSITIVE].sum()) - found, float(rows[:, _UNSEEN].sum()) - unseen
    wrongly = float(chosen[_NEGATIVE].sum())
    for item, seen, more in (("found", found, unseen), ("wrongly", wrongly, unseen), ("missed", missed, other)):
        yield count(item, seen) if more < 1e-9 else count(item, None, seen, seen + more)
    if unseen + other < 1e-9:
        yield rate("found_rate", _POSITIVE)
        yield rate("wrongly_rate", _NEGATIVE)
    if spec.cost is not None and not group:
        yield _amount("cost", spec.cost.each * float(chosen.sum()), level, n)
        if unseen < 1e-9:
            yield _amount("brought", spec.cost.found * found, level, n)


def _amount(item: str, value: float, level: str, n: float) -> KindFigure:
    return KindFigure("policies", item, (), (), value, n=n, unit="amount", level=level)


def _rate(
    item: str, rows: Floats, part: Floats, of: tuple[str, tuple[str, ...], tuple[str, ...]], confidence: float
) -> KindFigure:
    """A share with Wilson's interval; of a rule that draws, by how much the shares differ between people."""
    level, attributes, group = of
    n = float(rows.sum())
    if n <= 0:
        return KindFigure("policies", item, attributes, group, None, n=n, unit="share", level=level,
                          status="not_computed", reason="empty_group")  # fmt: skip
    share = min(1.0, max(0.0, float((rows * part).sum()) / n))
    spread = float((rows * part**2).sum()) / n - share**2
    if spread < 1e-12 and 0 < share < 1:  # all alike: nothing varies but the draw
        return KindFigure("policies", item, attributes, group, share, n=n, unit="share", level=level)
    size = n if spread < 1e-12 else n * share * (1 - share) / spread
    low, high = wilson(share * size, size, confidence)
    return KindFigure("policies", item, attributes, group, share, float(low), float(high), "wilson", n, "share", level)
