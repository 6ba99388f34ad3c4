"""Who outreach reaches where places are few: the worst reached group, and what equal reach would move, from counts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import people_under_capacity, wilson
from auditkit.protect.released import SUMS, Released, ReleasedView
from auditkit.result import KindFigure

__all__ = ["figures_of_counts"]

Floats = NDArray[np.float64]

_SELECTED, _PEOPLE = SUMS.index("selected"), SUMS.index("people")


def figures_of_counts(released: Released) -> Iterator[KindFigure]:
    """Of each attribute: the people that equal reach of the same places would move, and the least reached group.

    The numbers of a view sum to 0: whoever is reached in place of another takes that place.
    """
    asked = released.audit.reach
    assert asked is not None
    main = released.analyses[0]
    options = main.spec.weight is not None or main.spec.cluster is not None
    for view in main.views:
        if view.crossed or not len(view.everyone):
            continue
        counts = view.everyone.counts
        places = [_SELECTED, _PEOPLE]
        known = bool(counts.exact[:, places].all())
        if options or not known:
            yield from _without(view, "pair_of_options" if options else "withheld")
            continue
        reached, people = counts.lower[:, _SELECTED], counts.lower[:, _PEOPLE]
        moved, low, high = people_under_capacity(reached, people, main.spec.confidence)
        for row, group in enumerate(view.everyone.groups):
            if people[row] > 0:
                yield KindFigure(
                    "reach", "people_beyond_equal_reach", view.names, group, float(moved[row]), float(low[row]),
                    float(high[row]), "square_and_add", float(people[row]), "number",
                )  # fmt: skip
        yield from _least(view, reached, people, main.spec.confidence)
    if asked.capacity is not None and main.everyone is not None:
        yield from _capacity(main.everyone, asked.capacity)


def _least(view: ReleasedView, reached: Floats, people: Floats, confidence: float) -> Iterator[KindFigure]:
    """The group that is reached least, its rate at a level that holds for whichever group that is."""
    stated = [row for row in np.flatnonzero(view.everyone.stated) if people[row] > 0]
    if len(stated) < 2:
        return
    rates = reached[stated] / people[stated]
    level = 1 - (1 - confidence) / len(stated)
    low, high = wilson(reached[stated], people[stated], level)
    worst = int(np.argmin(rates))
    yield KindFigure(
        "reach", "least_reached", view.names, view.everyone.groups[stated[worst]], float(rates[worst]),
        float(np.min(low)), float(np.min(high)), "wilson_together", float(people[stated[worst]]), "share",
    )  # fmt: skip


def _capacity(everyone: ReleasedView, capacity: int) -> Iterator[KindFigure]:
    counts = everyone.everyone.counts
    known = bool(counts.exact[0, _SELECTED])
    yield KindFigure(
        "reach", "places_used", (), (), float(counts.lower[0, _SELECTED]) / capacity if known else None,
        n=float(capacity), unit="share", status="computed" if known else "suppressed",
        reason=None if known else "withheld",
    )  # fmt: skip


def _without(view: ReleasedView, reason: str) -> Iterator[KindFigure]:
    for group in view.everyone.groups:
        yield KindFigure(
            "reach", "people_beyond_equal_reach", view.names, group, None, unit="number",
            status="suppressed" if reason == "withheld" else "not_computed", reason=reason,
        )  # fmt: skip
