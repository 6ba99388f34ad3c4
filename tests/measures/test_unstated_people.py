"""People who did not state their group: the figures of the contract, and claims that never grow with them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from auditkit.report import render_report
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

BY_HAND = {"A": (30, 100), "B": (40, 200), "": (6, 10)}
"""Statistics section 9: 1.3292 to 1.6364 within a factor of 2, 1.291806 to 1.732075 whoever they are."""
STRENGTH = ("inconclusive", "equivalent", "present", "small", "established")


def _audit(folder: Path, groups: dict[str, tuple[int, int]], reference: object = "B", **more: object):
    rows = [f"{g},{int(i < x)}" for g, (x, n) in groups.items() for i in range(n)]
    (folder / "rows.csv").write_text("\n".join(["g,sel", *rows]) + "\n", encoding="utf-8")
    spec = AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
         "selected": {"column": "sel", "in": ["1"]}, "groups": {"g": {"column": "g", "reference": reference}},
         "measures": ["selection_rate"], **more}
    )  # fmt: skip
    return run_audit(spec, folder, disclosed=False)


def _gap(result, group: str = "A"):
    return next(g for g in result.main.gaps if g.groups == (group,) and g.kind == "ratio")


def test_the_ranges_of_the_contract(tmp_path: Path) -> None:
    result = _audit(tmp_path, BY_HAND)
    gap = _gap(result)
    assert (gap.unstated_lower, gap.unstated_upper) == pytest.approx((1.3292, 1.6364), abs=5e-5)
    assert (gap.allocated_lower, gap.allocated_upper) == pytest.approx((1.291806, 1.732075), abs=5e-7)
    assert gap.lower < _gap(_audit(tmp_path, {g: BY_HAND[g] for g in "AB"})).lower
    rate = next(e for e in result.main.estimates if e.groups == ("A",))
    assert (rate.allocated_lower, rate.allocated_upper) == pytest.approx((30 / 104, 36 / 106))
    assert rate.unstated_lower == pytest.approx(30.705882 / 104.705882)  # a = 6/10 of 0.15 + 0.85: 4.7059 join at 15 %


def test_an_invented_gap_is_not_claimed_and_what_tips_is_said(tmp_path: Path) -> None:
    """A and B are nearly alike at 20 %, and half of the selected of A did not state it: 11 against 20 % are seen."""
    groups = {"A": (100, 900), "B": (390, 2000), "": (100, 100)}
    found = _gap(_audit(tmp_path, groups))
    assert found.allocated_lower < 1.0 < found.allocated_upper  # 200 of 1,000 against 390 of 2,000
    assert found.tipping_factor < 64
    assert _gap(_audit(tmp_path, {g: groups[g] for g in "AB"})).verdict == "established"
    assert found.lower < found.value < found.upper
    few = _audit(tmp_path, {"A": (700, 2000), "B": (400, 2000), "": (10, 50)})
    assert _gap(few).verdict == "established"
    page = render_report(few, "en")
    assert "whoever they are" in page
    assert "quelles qu" in render_report(few, "fr")


@pytest.mark.parametrize("seed", range(50))
def test_the_unstated_never_make_a_claim_stronger(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    n = {g: chance.randrange(40, 400) for g in ("A", "B")}
    groups = {g: (chance.randrange(1, size), size) for g, size in n.items()}
    size = chance.randrange(1, 40)
    reference = chance.choice(("B", {"is": "rest"}))
    without = _gap(_audit(tmp_path, groups, reference))
    found = _gap(_audit(tmp_path, groups | {"": (chance.randrange(0, size + 1), size)}, reference))
    for p in ("p_no_gap", "p_beyond", "p_inside"):
        if reference == "B":
            assert getattr(found, p) >= getattr(without, p) - 1e-9
    if without.verdict == "inconclusive" and reference == "B":
        assert found.verdict == "inconclusive"
    assert found.allocated_lower <= found.unstated_lower <= found.unstated_upper <= found.allocated_upper
    if reference == "B":
        assert found.unstated_lower - 1e-9 <= without.value <= found.unstated_upper + 1e-9
