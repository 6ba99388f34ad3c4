"""Any score turned round, cut at a limit of another scale or read by its other class: no verdict until confirmed."""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas
import pytest

from auditkit import audit
from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.result import AuditResult

PEOPLE = 240
MEASURES = ["selection_rate", "true_positive_rate", "false_positive_rate", "auc"]
SCORES = {
    "probability": lambda rank: rank / 12,
    "points": lambda rank: rank * 8,
    "decile": lambda rank: rank,
    "log odds": lambda rank: (rank - 6) / 3,
    "square": lambda rank: rank * rank,
}
LIMITS = {name: score(7) for name, score in SCORES.items()}
GROUPS = (["F", "M"], ["a", "b", "c"], ["née ailleurs", "ici"], ["x y", "z"], ["1", "2", "3", "4"])
TURNED = list(product(SCORES, range(len(GROUPS)), ("punitive", "assistive")))
assert len(TURNED) >= 50


def rows(score: str, groups: list[str], turned: bool) -> dict[str, list[Any]]:
    """Ranks 0 to 12; the outcome falls on the high ranks three times in four, on the low ones once in four."""
    found: dict[str, list[Any]] = {"g": [], "score": [], "y": []}
    for i in range(PEOPLE):
        rank = (i * 5) % 13
        likely = i // 13 % 4 != 0 if rank >= 7 else i // 13 % 4 == 0
        found["g"].append(groups[(i // 3) % len(groups)])
        found["score"].append(SCORES[score](12 - rank if turned else rank))
        found["y"].append(int(likely))
    return found


def found_of(score: str, groups: list[str], turned: bool, harm: str, **more: Any) -> AuditResult:
    limit = more.pop("limit", LIMITS[score])
    made = audit(
        pandas.DataFrame(rows(score, groups, turned)), groups=["g"], score="score", selected={"at_least": limit},
        outcome={"column": "y", "positive": [1]}, harm=harm, measures=MEASURES, **more,
    )  # fmt: skip
    return made.result


@pytest.mark.parametrize(("score", "groups", "harm"), TURNED)
def test_a_score_turned_round_is_asked(score: str, groups: int, harm: str) -> None:
    turned = found_of(score, GROUPS[groups], True, harm)
    assert turned.main.facts["implausible"] in ("auc", "reversed")
    assert {gap.verdict for gap in turned.main.gaps} == {None}
    assert "implausible" in {gap.reason for gap in turned.main.gaps}


def test_the_right_way_round_it_is_not() -> None:
    for score, groups in zip(SCORES, GROUPS, strict=True):
        right = found_of(score, groups, False, "punitive")
        assert "implausible" not in right.main.facts
        assert {gap.verdict for gap in right.main.gaps} - {None}


def test_confirmed_it_is_judged() -> None:
    confirmed = found_of("points", GROUPS[0], True, "punitive", confirm=["direction"])
    assert "implausible" not in confirmed.main.facts
    assert {gap.verdict for gap in confirmed.main.gaps} - {None}


def test_the_question_opens_the_report() -> None:
    turned = answer_of(AuditFacts(found_of("decile", GROUPS[1], True, "punitive"), "en"))
    assert turned.case == "implausible"
    assert turned.sentence.text("en").startswith("Is the score the right way round?")
    assert any("confirm: [direction]" in line.text("en") for line in turned.lead)


def test_everybody_and_nobody_of_one_group() -> None:
    everybody = found_of("decile", GROUPS[0], False, "punitive", limit=-1.0)
    assert everybody.main.facts["implausible"] == "everybody"
    table = pandas.DataFrame({"g": ["a"] * 200 + ["b"] * 200, "s": [1] * 60 + [0] * 340})
    made = audit(table, groups=["g"], score="s", threshold=1)  # 0.7 ** 200 is under one in a million
    assert made.result.main.facts["implausible"] == "none_of_one"
    few = pandas.DataFrame({"g": ["a"] * 200 + ["b"] * 20, "s": [1] * 60 + [0] * 160})
    made = audit(few, groups=["g"], score="s", threshold=1)  # 0.7 ** 20 = 0.0008
    assert "implausible" not in made.result.main.facts
    decided = table.rename(columns={"s": "d"})
    made = audit(decided, groups=["g"], selected={"column": "d", "in": [1]})  # a decision is what it is
    assert "implausible" not in made.result.main.facts
