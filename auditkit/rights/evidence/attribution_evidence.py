"""What the explained model says: stand-ins, what changes when one trait does, what a variable adds. It only informs.

A fact that somebody declared, with its interval, speaks first; these figures carry none, and cannot contradict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from auditkit.result.attribution import Ablation, Attribution, Flip, StandIn
from auditkit.rights.evidence.declared_evidence import declared
from auditkit.rights.evidence.evidence import Figure, Look, Statement
from auditkit.rights.evidence.gap_evidence import named_groups
from auditkit.rights.rights_words import number, percent, words
from auditkit.text import Message, say

__all__ = ["ablations", "flips", "stand_ins"]

SENSITIVE = frozenset(
    ("origin", "nationality", "ethnicity", "race", "religion", "health", "disability", "autonomy", "genetics",
     "orientation", "opinion", "union")
)  # fmt: skip


def stand_ins(look: Look) -> Statement:
    """DAT-02: how well do the inputs of the model tell a sensitive trait? The trait that they tell best informs."""

    def found(attribution: Attribution) -> tuple[Message, tuple[Figure, ...]] | None:
        told = [one for one in attribution.stand_ins if one.auc is not None and _is_sensitive(look, one.attributes)]
        if not told:
            return None
        best = max(told, key=lambda one: (one.auc or 0.0, one.attributes, one.groups))
        sentence = say(
            "The inputs of the model tell who is “{group}” with an AUC of {auc} (0.5 is chance; labels dealt out at "
            "random reach {chance}). What is told is not thereby used.",
            group=named_groups(look, best.attributes, best.groups),
            auc=number(best.auc or 0.0),
            chance=number(best.permuted_highest) if best.permuted_highest is not None else "–",
        )
        return sentence, tuple(_stand_in(look, one) for one in told)

    return _after_declared(look, "stand_ins", "sensitive_proxy", found)


def flips(look: Look) -> Statement:
    """EQU-14: how many decisions move when one column alone changes? The column that moves most informs."""

    def found(attribution: Attribution) -> tuple[Message, tuple[Figure, ...]] | None:
        told = [one for one in attribution.flips if one.status == "computed" and one.rows and one.gained is not None]
        if not told:
            return None
        most = max(told, key=lambda one: (_moved(one), one.variable, one.after))
        sentence = say(
            "Changing only “{variable}” from {before} to {after} moves {share} of the decisions on {rows} people.",
            variable=words(most.variable),
            before=words(most.before),
            after=words(most.after),
            share=percent(_moved(most)),
            rows=int(most.rows or 0),
        )
        return sentence, tuple(_flip(look, one) for one in told)

    return _after_declared(look, "flips", "flip", found)


def ablations(look: Look) -> Statement:
    """DAT-01: what does the score lose without a variable? The one that adds least informs."""

    def found(attribution: Attribution) -> tuple[Message, tuple[Figure, ...]] | None:
        told = {
            one.variable: one
            for one in reversed(attribution.ablations)
            if one.status == "computed" and one.auc is not None and one.auc_without is not None
        }
        if not told:
            return None
        least = min(told.values(), key=lambda one: (_lost(one), one.variable))
        sentence = say(
            "Of {count} variables held fixed in turn, “{variable}” adds least: the AUC of the score is {auc} with it "
            "and {without} without.",
            count=len(told),
            variable=words(least.variable),
            auc=number(least.auc or 0.0, 3),
            without=number(least.auc_without or 0.0, 3),
        )
        return sentence, tuple(_ablation(look, told[name]) for name in sorted(told))

    return _after_declared(look, "ablations", "idle_variables", found)


def _after_declared(
    look: Look, hook: str, fact: str, found: Callable[[Attribution], tuple[Message, tuple[Figure, ...]] | None]
) -> Statement:
    """The declared fact where it tells something, else what the model shows, else what the declared fact lacks."""
    told = declared(replace(look, fact=fact))
    attribution = None if look.main is None else look.main.attribution
    shown = None if attribution is None or told.status != "cannot_tell" else found(attribution)
    if shown is None:
        return Statement(hook, told.status, told.sentence, told.figures)
    return Statement(hook, "informs", *shown)


def _is_sensitive(look: Look, attributes: tuple[str, ...]) -> bool:
    groups = look.result.spec.groups if look.main is None else look.main.spec.groups
    grounds = (groups[name].ground for name in attributes if name in groups)
    return any(ground is not None and look.library.ground_of(ground) in SENSITIVE for ground in grounds)


def _moved(flip: Flip) -> float:
    return ((flip.gained or 0) + (flip.lost or 0)) / (flip.rows or 1)


def _lost(ablation: Ablation) -> float:
    return (ablation.auc or 0.0) - (ablation.auc_without or 0.0)


def _stand_in(look: Look, one: StandIn) -> Figure:
    about = say(
        "how well the inputs tell “{group}” (AUC; 0.5 is chance)", group=named_groups(look, one.attributes, one.groups)
    )
    return _figure("stand_in", one.auc, one.rows, about, one.auc_lower, one.auc_upper)


def _flip(look: Look, one: Flip) -> Figure:
    about = say(
        "share of decisions that move when “{variable}” changes from {before} to {after}",
        variable=words(one.variable),
        before=words(one.before),
        after=words(one.after),
    )
    return _figure("flip", _moved(one), one.rows, about)


def _ablation(look: Look, one: Ablation) -> Figure:
    return _figure("ablation", _lost(one), None, say("AUC lost without “{variable}”", variable=words(one.variable)))


def _figure(
    measure: str, value: float | None, n: float | None, about: Message,
    lower: float | None = None, upper: float | None = None,
) -> Figure:  # fmt: skip
    return Figure("main", "", "", "", measure, "attributed", value, lower, upper, n, meaning=about)
