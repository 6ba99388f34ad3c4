"""Gaps within strata against somebody who solves them for the people of a group in a stratum."""

from __future__ import annotations

import numpy as np

from auditkit.inference import mantel_haenszel_ratio
from auditkit.measures.strata import STRATUM
from auditkit.protect.released import GroupCounts
from auditkit.withhold import disclose
from tests.withhold.made import analysis_of, audit_of, counts_of, gap_of, spec_of

MEASURES = ("mantel_haenszel_ratio:h", "conditional_disparity:h")
Cells = dict[tuple[str, str], tuple[int, int]]


def shown(cells: Cells, *before: Cells) -> list[str]:
    """Measure and group of the gaps against g1 that are left."""
    analyses = [analysis(one, "main" if i == 0 else f"v{i}") for i, one in enumerate((*before, cells))]
    after = disclose(audit_of(*analyses)).analyses[-1]
    return [f"{gap.measure.split('_')[0]} {gap.groups[0]}" for gap in after.gaps if gap.status == "computed"]


def analysis(cells: Cells, key: str):
    table = {}
    for (group, _), (yes, no) in cells.items():
        six = np.array([yes - yes // 2, yes // 2, 0, no - no // 2, no // 2, 0])
        table[(group,)] = table.get((group,), np.zeros(6)) + six
    rows = np.array([[yes, 0, 0, no, 0, 0] for yes, no in cells.values()], dtype=float)
    strata = GroupCounts.unweighted(("a", STRATUM + "h"), tuple(cells), rows)
    gaps = [
        gap_of(("a",), group, ("g1",), measure, verdict=None, p_adjusted=None, analysis=key)
        for measure in MEASURES for group in table if group != ("g1",)
    ]  # fmt: skip
    made = analysis_of([counts_of(("a",), table)], spec_of(), ("selection_rate",), key=key, gaps=gaps)
    return type(made)(**{**vars(made), "counts": (*made.counts, strata)})


LARGE: Cells = {
    ("g1", "x"): (40, 60), ("g1", "y"): (50, 100), ("g2", "x"): (60, 40), ("g2", "y"): (30, 70),
    ("g3", "x"): (40, 40), ("g3", "y"): (35, 75), ("g4", "x"): (20, 40), ("g4", "y"): (25, 75),
}  # fmt: skip


def test_four_people_in_a_stratum_follow_from_one_ratio() -> None:
    # Of 60 people of g2, 30 selected, how many are in stratum x, how many of these selected? Everything else is known.
    def ratio(selected: int, people: int) -> float:
        mine = np.array([selected, 30 - selected]), np.array([people - selected, 30 - people + selected])
        other = np.array([40.0, 50.0]), np.array([60.0, 100.0])
        return float(mantel_haenszel_ratio(mine[0], mine[1], *other).rate_ratio)

    published = round(ratio(1, 4), 12)
    places = [(a, n) for n in range(61) for a in range(n + 1) if a <= 30 and n - a <= 30]
    assert [place for place in places if abs(ratio(*place) - published) < 1e-11] == [(1, 4)]


def test_enough_people_in_every_stratum_are_shown() -> None:
    assert shown(LARGE) == [f"{m} {g}" for m in ("mantel", "conditional") for g in ("g2", "g3", "g4")]
    # a stratum without anybody of a group tells of nobody
    assert len(shown({at: sides for at, sides in LARGE.items() if at != ("g4", "y")})) == 6


def test_a_group_with_few_in_a_stratum_is_withheld() -> None:
    # what all others hold is known, so that a figure weighed by everyone would bring the few back
    assert shown(LARGE | {("g2", "x"): (1, 40)}) == ["mantel g3", "mantel g4"]
    # two such groups with few who are selected, and many together: the others stay
    two = LARGE | {("g2", "x"): (6, 40), ("g4", "x"): (8, 40)}
    assert shown(two) == ["mantel g3", "conditional g3"]


def test_few_in_a_stratum_of_the_reference_withhold_all() -> None:
    assert shown(LARGE | {("g1", "y"): (50, 10)}) == []


def test_a_variation_that_moves_a_few_people_out_of_a_stratum() -> None:
    moved = LARGE | {("g3", "x"): (37, 40), ("g3", "y"): (38, 75)}
    assert "mantel g3" not in shown(moved, LARGE)
    assert "mantel g3" in shown(moved)
