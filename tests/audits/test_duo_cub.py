"""The Dutch student grants: every figure from the counts of Statistics Netherlands, and what is added."""

from collections import Counter

import pytest

from auditkit.reproduce import reproduce
from auditkit.run import run_audit
from auditkit.spec import load_audit
from auditkit.spec.file_lines import shipped

FOLDER = shipped("audits") / "duo-cub"


def test_every_figure_comes_out_but_two_labels():
    result = reproduce(FOLDER / "audit.yaml")
    assert result.held
    assert result.by_basis() == {"counts": Counter({"same": 219, "different": 2})}
    off = {f.figure.figure_id: (f.figure.published, f.ours) for f in result.figures if f.status == "different"}
    assert off == {
        "2014_control_selected_for_control_yes_2g_n": (2810, 3180),
        "2014_control_selected_for_control_no_2g_n": (245850, 245470),
    }


@pytest.fixture(scope="module")
def main():
    spec = load_audit(FOLDER / "audit.yaml")
    return run_audit(spec.model_copy(update={"analyses": {}}), FOLDER).analyses[0]


def test_rounded_counts_become_bounds(main):
    found = next(e for e in main.estimates if (e.group, e.measure) == ("Dutch origin", "positive_predictive_value")
                 and e.attribute == "background")  # fmt: skip
    assert found.status == "bounds"
    # 130 +-5 undue and 860 +-5 due
    assert found.bound_lower == pytest.approx(125 / 990)
    assert found.bound_upper == pytest.approx(135 / 990)


def test_the_chain_ends_with_appeals_won(main):
    stages = [p for p in main.points if p.series == "stage" and p.groups == ("migration background",)]
    assert [p.position for p in stages] == [1, 2, 3, 4, 5]
    selected = stages[0]
    # 2,130 selected (three rounded parts) of 70,450
    assert selected.lower < 2130 / 70450 < selected.upper
    assert selected.upper - selected.lower < 0.004
