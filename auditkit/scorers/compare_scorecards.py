"""Two versions of a score, profile by profile, and the steps in which a worse situation gets a better score.

"Declared rule against running code" and "law against law" are the same question: on which profiles do they differ?
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, product

from auditkit.errors import InputError, cut
from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.scorecard import Scorecard
from auditkit.scorers.scored_profiles import Profile, choose_profiles

__all__ = ["Comparison", "Difference", "Step", "Steps", "backward_steps", "compare_scorecards"]


@dataclass(frozen=True)
class Difference:
    """One profile on which two scorecards differ; a score is None where a scorecard gives none."""

    profile: Profile
    first: float | None
    second: float | None


@dataclass(frozen=True)
class Comparison:
    """Where two scorecards differ. `moves` counts (first, second) pairs of scores when there are few of them."""

    profiles: int
    possible: int
    sampled: bool
    differing: int
    largest: float
    unscored: int
    moves: dict[tuple[float | None, float | None], int]
    decisions_differing: int | None
    examples: tuple[Difference, ...]


@dataclass(frozen=True)
class Step:
    """One input made worse by one value, and the score before and after."""

    profile: Profile
    column: str
    worse: str
    before: float
    after: float
    loses: bool


@dataclass(frozen=True)
class Steps:
    """Every step backward: a worse situation with the score of a better one. `loses`: the decision goes with it."""

    profiles: int
    steps: int
    backward: tuple[Step, ...]

    @property
    def losing(self) -> int:
        """How many of the steps backward lose what the decision gives."""
        return sum(step.loses for step in self.backward)


def compare_scorecards(
    first: Scorecard,
    second: Scorecard,
    *,
    at_most: int = 100_000,
    seed: int = 1,
    tolerance: float = 1e-12,
    examples: int = 20,
) -> Comparison:
    """On which profiles do two scorecards differ? All profiles, or `at_most` drawn with `seed`.

    Raises SpecError when a weight is empty, InputError when a column has no values to go through.
    """
    chosen = choose_profiles(first, second, at_most=at_most, seed=seed)
    moves: Counter[tuple[float | None, float | None]] = Counter()
    shown: list[Difference] = []
    differing = unscored = decisions = 0
    largest = 0.0
    for profile in chosen.profiles:
        one, two = evaluate(first, profile), evaluate(second, profile)
        if one is None or two is None:
            unscored += 1
        decisions += _selected(first, one) != _selected(second, two)
        if one == two or (one is not None and two is not None and abs(one - two) <= tolerance):
            continue
        differing += 1
        largest = max(largest, abs(one - two) if one is not None and two is not None else 0.0)
        moves[one, two] += 1
        if len(shown) < examples:
            shown.append(Difference(profile, one, two))
    decided = first.decision is not None and second.decision is not None
    return Comparison(
        profiles=len(chosen.profiles),
        possible=chosen.possible,
        sampled=chosen.sampled,
        differing=differing,
        largest=largest,
        unscored=unscored,
        moves=dict(moves.most_common()) if len(moves) <= 100 else {},
        decisions_differing=decisions if decided else None,
        examples=tuple(shown),
    )


def backward_steps(card: Scorecard, *, at_most: int = 500_000) -> Steps:
    """In which steps does a worse situation get the score of a better one?

    A step makes one ordered input worse by one value, the other inputs unchanged; every profile of ordered inputs is
    gone through. Needs `worse_situation`, and `ordered: true` on every input. A step loses when the decision held
    before and does not hold after.
    """
    if card.worse_situation is None or not all(part.ordered for part in card.inputs.values()):
        loose = next((name for name, part in card.inputs.items() if not part.ordered), "worse_situation")
        raise InputError(
            "To find steps backward a scorecard needs worse_situation, and ordered values on every input; "
            '"{missing}" lacks it.',
            missing=cut(loose),
        )
    values = {name: part.values or [] for name, part in card.inputs.items()}
    chosen = choose_profiles(card, at_most=at_most)
    if chosen.sampled:
        raise InputError(
            "There are {possible} profiles; expected at most {limit}, so that every step can be tried.",
            possible=chosen.possible,
            limit=at_most,
        )
    scores = {state: evaluate(card, dict(zip(values, state, strict=True))) for state in product(*values.values())}
    sign = 1 if card.worse_situation == "raises" else -1
    backward = []
    steps = 0
    for state, before in scores.items():
        for place, (name, levels) in enumerate(values.items()):
            worse = dict(pairwise(levels)).get(state[place])
            if worse is None:
                continue
            steps += 1
            after = scores[(*state[:place], worse, *state[place + 1 :])]
            if before is None or after is None or sign * (after - before) >= 0:
                continue
            loses = _selected(card, before) is True and _selected(card, after) is False
            backward.append(Step(dict(zip(values, state, strict=True)), name, worse, before, after, loses))
    return Steps(len(scores), steps, tuple(backward))


def _selected(card: Scorecard, score: float | None) -> bool | None:
    return None if score is None or card.decision is None else card.decision.holds(score)
