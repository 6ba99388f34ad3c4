"""Attribution without figures of few people, and without what would let the mean of a hidden group be worked out.

The rule. A split (and a composition, an ablation, a flip) is withheld when
1. the group or its reference holds fewer people than may be published, or the rate or mean of either is withheld
   elsewhere in the analysis: parts sum to the gap, and the gap and one mean give the other;
2. the reference is everyone else, and any group of that attribute is hidden: the means of the rest would give it away.
Of what is shown, variables in which few people differ (their part would count them) are joined into one part, with a
further variable where one alone would be left; stand-ins and counts of decisions go where they rest on few people.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from auditkit.result import Estimate
from auditkit.result.attribution import TOGETHER, Ablation, Attribution, Flip, GapSplit, Need, Part, StandIn, TwoFold

__all__ = ["disclosed_attribution", "emptied", "withheld"]

_TELLING = ("selection_rate", "mean_score", "share_of_population")

Hidden = Callable[[tuple[str, ...], tuple[str, ...]], bool]


def emptied(found: Attribution) -> Attribution:
    """The same without what only disclosure needs."""
    return replace(
        found,
        splits=tuple(replace(one, thin=()) for one in found.splits),
        two_fold=tuple(replace(one, thin=()) for one in found.two_fold),
    )


def disclosed_attribution(found: Attribution | None, estimates: Sequence[Estimate], minimum: int) -> Attribution | None:
    """What may be published beside `estimates`, from which figures of few people have gone already."""
    if found is None:
        return None
    if minimum <= 0:
        return emptied(found)
    gone = {(one.attributes, one.groups) for one in estimates if one.status == "suppressed" and one.measure in _TELLING}
    return withheld(
        found,
        minimum,
        lambda attributes, groups: (attributes, groups) in gone,
        lambda attribute: any(attributes == (attribute,) for attributes, _ in gone),
    )


def withheld(found: Attribution, minimum: int, hidden: Hidden, any_hidden: Callable[[str], bool]) -> Attribution:
    """What may be published of an attribution.

    `hidden(attributes, groups)` says whether the size, the mean or the rate of a group is withheld; `any_hidden`
    whether those of any group of an attribute are.
    """

    def goes(attributes: tuple[str, ...], groups: tuple[str, ...], reference: tuple[str, ...]) -> bool:
        if hidden(attributes, groups):
            return True
        if reference in (("rest",), ()):
            return any_hidden(attributes[0])
        return hidden(attributes, reference)

    return replace(
        found,
        splits=tuple(_split(one, minimum, goes(one.attributes, one.groups, one.reference)) for one in found.splits),
        two_fold=tuple(_fold(one, minimum, goes(one.attributes, one.groups, one.reference)) for one in found.two_fold),
        stand_ins=tuple(_stand_in(one, goes(one.attributes, one.groups, ())) for one in found.stand_ins),
        flips=tuple(_flip(one, minimum, goes(one.attributes, one.groups, ())) for one in found.flips),
        ablations=tuple(_ablation(one, goes(one.attributes, one.groups, ())) for one in found.ablations),
        need=None if found.need is None else _need(found.need, minimum),
        fidelity=None if found.fidelity is None else replace(found.fidelity, largest_difference=None),
    )


def _few(count: float | None, minimum: int) -> bool:
    return count is not None and 0 < count < minimum


def _split(one: GapSplit, minimum: int, goes: bool) -> GapSplit:
    few = _few(one.n, minimum) or _few(one.n_reference, minimum)
    if few or goes:
        return replace(
            one, gap=None, parts=(), n=None, n_reference=None, target=None, unscored=0, thin=(), status="suppressed",
            explainer=replace(one.explainer, rows=0), reason="withheld",
        )  # fmt: skip
    return replace(one, parts=_joined(one.parts, one.thin), thin=())


def _fold(one: TwoFold, minimum: int, goes: bool) -> TwoFold:
    few = _few(one.n, minimum) or _few(one.n_reference, minimum)
    if few or goes:
        nothing = Part("", None, None, None, None)
        return replace(
            one, gap=None, composition=(), composition_total=nothing, treatment=nothing, left_out=(), n=None,
            n_reference=None, thin=(), status="suppressed", reason="withheld",
        )  # fmt: skip
    return replace(one, composition=_joined(one.composition, one.thin), thin=())


def _joined(parts: tuple[Part, ...], thin: tuple[str, ...]) -> tuple[Part, ...]:
    """The parts with thin variables as one; a single one takes the smallest other part with it."""
    few = [part for part in parts if part.variable in thin and part.value != 0]
    if not few:
        return parts
    rest = [part for part in parts if part not in few]
    if len(few) == 1:
        movable = [part for part in rest if part.value and part.lower is not None]
        if not movable:
            return ()
        smallest = min(movable, key=lambda part: abs(part.value or 0.0))
        rest.remove(smallest)
        few.append(smallest)
    total = sum(part.value or 0.0 for part in few)
    errors = [part.computing_error for part in few if part.computing_error is not None]
    return (*rest, Part(TOGETHER, total, None, None, sum(errors)))


def _stand_in(one: StandIn, goes: bool) -> StandIn:
    if not goes or one.status != "computed":
        return one
    return replace(
        one, auc=None, auc_lower=None, auc_upper=None, permuted_auc=None, permuted_highest=None, inputs=(), rows=0,
        status="suppressed", reason="withheld",
    )  # fmt: skip


def _flip(one: Flip, minimum: int, goes: bool) -> Flip:
    counts = [one.rows, one.selected_before, one.gained, one.lost]
    if one.rows is not None and one.selected_before is not None:
        counts.append(one.rows - one.selected_before)
    if not goes and not any(_few(count, minimum) for count in counts):
        return one
    return replace(
        one, before="", after="", rows=None, selected_before=None, gained=None, lost=None, mean_change=None,
        status="suppressed", reason="withheld",
    )  # fmt: skip


def _ablation(one: Ablation, goes: bool) -> Ablation:
    if not goes:
        return one
    return replace(one, gap=None, gap_without=None, auc=None, auc_without=None, status="suppressed", reason="withheld")


def _need(one: Need, minimum: int) -> Need:
    if one.rows is None or one.share_selected is None or one.precision is None:
        return one
    chosen = one.share_selected * one.rows
    counts = (chosen, chosen * one.precision, chosen * (1 - one.precision), one.rows - chosen)
    if not any(_few(round(count), minimum) for count in counts):
        return one
    return Need(None, None, None, None, None, None, None, "suppressed", "withheld")
