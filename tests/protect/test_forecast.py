"""What `check` says before a run of how much is likely to be withheld, and of the cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.check import check_audit
from auditkit.protect.forecast import Forecast
from auditkit.spec.load_spec import load_audit


def _told(folder: Path, groups: dict[str, tuple[int, int]], publish: str = "") -> list[str]:
    lines = [f"{group},{int(i < chosen)}" for group, (n, chosen) in groups.items() for i in range(n)]
    (folder / "rows.csv").write_text("grp,sel\n" + "\n".join(lines) + "\n")
    (folder / "audit.yaml").write_text(
        "title: t\nsystem: {name: s, harm: punitive}\ndata: rows.csv\nselected: {column: sel, in: [1]}\n"
        f"groups: {{grp: {{column: grp}}}}\n{publish}"
    )
    return [one.text("en") for one in check_audit(load_audit(folder / "audit.yaml"), folder / "audit.yaml").understood]


def test_a_small_count_is_foreseen_without_its_group_or_size(tmp_path: Path) -> None:
    # Two groups and everyone, each with people, selected, not selected, and unseen outcomes selected or not: 15 sums.
    # B's four selected stand in two of them (selected; selected of unseen outcome): 13 %, and up to 33 % with others.
    told = _told(tmp_path, {"A": (100, 40), "B": (60, 4)})
    (likely,) = [line for line in told if line.startswith("Likely")]
    assert "from 10 % to 35 % of the 15 counts" in likely
    assert "B" not in likely
    (cost,) = [line for line in told if line.startswith("Protection")]
    assert "about 4 kinds of people" in cost  # two groups, selected or not
    assert "at most 6000 linear programmes" in cost


def test_nothing_small_and_nothing_withheld(tmp_path: Path) -> None:
    assert any("nothing, no count is under 11" in line for line in _told(tmp_path, {"A": (100, 40), "B": (60, 20)}))
    told = _told(tmp_path, {"A": (100, 40), "B": (60, 4)}, "publish: {minimum_count: 0, because: public}\n")
    assert not [line for line in told if line.startswith(("Likely", "Protection"))]


@pytest.mark.parametrize(("sums", "small", "likely"), [(528, 121, (20, 60)), (100, 60, (60, 100)), (3619, 84, (0, 10))])
def test_the_share_is_said_in_steps_of_five(sums: int, small: int, likely: tuple[int, int]) -> None:
    # COMPAS withheld 41 % of its sums in the prototype, 600,000 rows 11 %.
    assert Forecast(sums, small, 1, 1).likely == likely
