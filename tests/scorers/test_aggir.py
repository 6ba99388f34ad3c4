"""AGGIR: the counts over all 6,561 profiles, the steps backward, and two other texts against the law in force."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest

from auditkit.scorers.compare_scorecards import Step, backward_steps, compare_scorecards
from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.scorers.scorecard import Scorecard

CARD = load_scorecard(find_scorecard("aggir"))
ITEMS = list(CARD.columns)


def profile(letters: str) -> dict[str, str]:
    return dict(zip(ITEMS, letters, strict=True))


@pytest.mark.parametrize(
    ("letters", "group"),
    [("AAAAAAAA", 6), ("CCCCCCCC", 1), ("AAAAABBA", 4), ("AAAAABCA", 5), ("ACAAABCA", 2), ("ACAAABCB", 3)],
)
def test_worked_profiles(letters: str, group: int) -> None:
    assert evaluate(CARD, profile(letters)) == group


def test_groups_of_all_profiles() -> None:
    counts = Counter(evaluate(CARD, profile("".join(letters))) for letters in product("ABC", repeat=8))
    assert counts == {1: 8, 2: 3208, 3: 2400, 4: 760, 5: 157, 6: 28}


def test_steps_backward() -> None:
    steps = backward_steps(CARD)
    assert (steps.profiles, steps.steps, len(steps.backward), steps.losing) == (6561, 34_992, 30, 12)
    assert Counter((s.column, s.worse) for s in steps.backward) == {
        ("transfert", "C"): 16,
        ("deplacement_interieur", "B"): 14,
    }
    assert Step(profile("AAAAABBA"), "transfert", "C", 4.0, 5.0, loses=True) in steps.backward
    assert all((s.before, s.after) == (4.0, 5.0) for s in steps.backward if s.loses)


def changed(group: str, weights: dict[str, dict[str, int]]) -> Scorecard:
    """The law with other points in one sum."""
    content: dict[str, Any] = CARD.model_dump(by_alias=True, exclude_none=True)
    stage = next(s for s in content["cascade"]["stages"] if s["name"] == group)
    for term in stage["terms"]:
        term["values"].update(weights.get(term["column"], {}))
    return Scorecard.model_validate(content)


def test_copy_of_the_1997_decree() -> None:
    """Indoor movement C 500 and coherence B 0 in sum F: 266 profiles change group, 28 the allowance."""
    other = changed("F", {"deplacement_interieur": {"C": 500}, "coherence": {"B": 0}})
    found = compare_scorecards(CARD, other)
    assert (found.profiles, found.sampled, found.differing, found.decisions_differing) == (6561, False, 266, 28)


def test_code_that_departs_from_the_law() -> None:
    """Row B of sum D shifted by one item: 225 profiles change group, no allowance changes."""
    other = changed(
        "D",
        {
            "elimination": {"B": 200},
            "transfert": {"B": 200},
            "deplacement_interieur": {"B": 200},
            "alimentation": {"B": 0},
        },
    )
    found = compare_scorecards(CARD, other)
    assert found.differing == 225
    assert found.moves == {(3.0, 2.0): 169, (2.0, 3.0): 40, (4.0, 2.0): 15, (2.0, 4.0): 1}
    assert found.decisions_differing == 0


def test_a_score_equals_itself() -> None:
    found = compare_scorecards(CARD, CARD)
    assert (found.differing, found.largest, found.moves, found.examples) == (0, 0.0, {}, ())
