"""What a scorecard lacks before it can score: no weight is ever invented, and an empty one never counts as zero."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.errors import SpecError, cut
from auditkit.scorers.card_terms import Input
from auditkit.scorers.scorecard import Scorecard
from auditkit.spec.formula import names_in
from auditkit.spec.spec_words import Words
from auditkit.text import Message, say, say_plural

__all__ = ["ScorecardCheck", "check_scorecard", "require_complete"]


@dataclass(frozen=True)
class ScorecardCheck:
    """What is understood of a scorecard, what is missing in it, and where that is to be had (`obtain`)."""

    understood: tuple[Message, ...]
    missing: tuple[Message, ...]
    warnings: tuple[Message, ...]
    obtain: Words | None = None

    @property
    def scores(self) -> bool:
        """Whether the scorecard can score."""
        return not self.missing


def check_scorecard(card: Scorecard) -> ScorecardCheck:
    """What a scorecard says and lacks, in sentences."""
    terms = card.terms
    understood = [
        say_plural("The score reads {count} column.", "The score reads {count} columns.", len(card.columns)),
        *(_input(name, part) for name, part in card.inputs.items()),
        say_plural("It counts {count} term.", "It counts {count} terms.", len(terms)),
    ]
    if card.sum is not None and card.sum.link != "identity":
        understood.append(
            say("The sum becomes a probability (logistic).")
            if card.sum.link == "logistic"
            else say("The score is e to the power of the sum.")
        )
    if card.decision is not None:
        understood.append(
            say("Selected: a score of at least {limit}.", limit=f"{card.decision.at_least:g}")
            if card.decision.at_least is not None
            else say("Selected: a score of at most {limit}.", limit=f"{card.decision.at_most:g}")
        )
    if card.status == "reconstruction":
        understood.append(say("This is a reconstruction by others, not the official rule."))
    return ScorecardCheck(tuple(understood), tuple(_missing(card)), tuple(_warnings(card)), card.obtain)


def _input(name: str, part: Input) -> Message:
    """A column by its name, what it holds, and the values that a category may take."""
    shown = cut(name)
    if part.kind == "flag":
        return say('"{column}": 1 or 0.', column=shown)
    if part.kind == "number":
        return say('"{column}": a number.', column=shown)
    if part.values is None:
        return say('"{column}": a text.', column=shown)
    return say('"{column}": one of {values}.', column=shown, values=cut(", ".join(part.values), 120))


def _missing(card: Scorecard) -> list[Message]:
    missing = []
    if card.sum is not None and card.sum.intercept is None:
        missing.append(say("The intercept is empty."))
    for term in card.terms:
        empty = sum(weight is None for weight in term.weights)
        if empty:
            missing.append(
                say_plural(
                    'The term "{term}" lacks {count} weight.',
                    'The term "{term}" lacks {count} weights.',
                    empty,
                    term=cut(term.label, 80),
                )
            )
    return missing


def _warnings(card: Scorecard) -> list[Message]:
    warnings = []
    used = {column for term in card.terms for column in term.columns}
    formulas = card.formulas
    for name in reversed(formulas):
        if name in used:
            used |= set(names_in(formulas[name]))
    for name in (*card.inputs, *card.derived):
        if name not in used:
            warnings.append(say('"{column}" is declared and no term reads it.', column=cut(name)))
    if not card.sources:
        warnings.append(say("No source says where the score was published."))
    if card.decision is None:
        warnings.append(say("No decision says who is selected by the score."))
    return warnings


def require_complete(card: Scorecard) -> None:
    """Raises SpecError when a weight is empty: such a scorecard never scores."""
    if card.empty_weights:
        raise SpecError(
            '"{title}" cannot score: {count} of its weights are empty. Fill them in from the official source; '
            "auditkit scorecard check lists them.",
            title=cut(card.title, 60),
            count=card.empty_weights,
        )
