"""Hidden counts within strata: the word is one that every allowed table gives, the ratio's bounds are theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from auditkit.findings.analysis import find
from auditkit.findings.families import declare
from auditkit.inference import like_with_like, mantel_haenszel_ratio
from auditkit.protect.released import Bounds
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

TABLE = {("A", "high"): (400, 800), ("A", "low"): (10, 200), ("B", "high"): (120, 200), ("B", "low"): (80, 800)}


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    """Findings N4, one cell under the minimum of 11."""
    folder: Path = tmp_path_factory.mktemp("n4")
    rows = [f"{g},{st},{int(i < x)}" for (g, st), (x, n) in TABLE.items() for i in range(n)]
    (folder / "rows.csv").write_text("\n".join(["g,st,dec", *rows]) + "\n", encoding="utf-8")
    spec = AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
         "selected": {"column": "dec", "in": ["1"]}, "groups": {"g": {"column": "g", "reference": "B"}},
         "strata": {"st": "st"}}
    )  # fmt: skip
    return run_audit(spec, folder).released.analyses[0]


def _with(analysis, low: dict, high: dict):
    view = analysis.views[0]
    counts = view.strata[0]
    ends = []
    for chosen in (low, high):
        six = np.zeros((4, 6))
        for i, group in enumerate(counts.groups):
            x, n = chosen.get(group, TABLE[group][0]), TABLE[group][1]
            other = (high if chosen is low else low).get(group, TABLE[group][0])
            six[i, 2], six[i, 5] = x, n - other
        ends.append(six)
    bounds = Bounds.of(*ends)
    sizes = np.array([float(TABLE[group][1]) for group in counts.groups])
    bounds.lower[:, 6] = bounds.upper[:, 6] = sizes
    strata = replace(counts, counts=bounds)
    everyone = replace(view.everyone, counts=Bounds(view.everyone.counts.lower * 0, view.everyone.counts.lower * 9))
    everyone = replace(everyone, weights=view.everyone.weights)
    return replace(analysis, views=(replace(view, strata=(strata,), everyone=everyone),))


@pytest.mark.parametrize(("low", "high"), [(5, 14), (0, 30), (0, 190), (10, 10)])
def test_the_word_and_bounds_hold_in_every_table(analysis, low: int, high: int) -> None:
    hidden = _with(analysis, {("A", "low"): low}, {("A", "low"): high + (low == high)})
    declared = declare([analysis])
    gap = next(g for g in find(hidden, declared).gaps if g.measure == "mantel_haenszel_ratio:st")
    level = declared.level("main")
    words, ratios = set(), []
    for x in range(low, high + 1 + (low == high)):
        sides = np.array([400.0, x]), np.array([800.0, 200]), np.array([120.0, 80]), np.array([200.0, 800])
        words.add(str(like_with_like(*sides, level).word))
        ratio = mantel_haenszel_ratio(sides[0], sides[1] - sides[0], sides[2], sides[3] - sides[2], 0.95).rate_ratio
        ratios.append(float(ratio))
    assert (gap.bound_lower, gap.bound_upper) == pytest.approx((min(ratios), max(ratios)))
    assert gap.within == (words.pop() if len(words) == 1 else "cannot_tell")
    assert gap.lower < min(ratios)
    assert gap.upper > max(ratios)
