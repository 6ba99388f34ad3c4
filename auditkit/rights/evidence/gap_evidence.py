"""What gaps between groups say: only an established gap contradicts an item, whoever was taken as reference.

A gap puts one of two groups at a disadvantage. It concerns an item where that group is one the item protects;
swapping group and reference changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from math import log

from auditkit.measures import MEASURES
from auditkit.result import Gap, PublishedShares
from auditkit.rights.evidence.evidence import Figure, Look, Statement, of_gap
from auditkit.rights.published_shares import published_shares
from auditkit.rights.rights_words import Written, number, percent, term, words
from auditkit.spec import AuditSpec
from auditkit.text import LANGUAGES, Message, say, say_plural

__all__ = [
    "ORIGIN",
    "age_gaps",
    "concerning",
    "crossed_gaps",
    "disability_gaps",
    "error_gaps",
    "family_gaps",
    "named_groups",
    "selection_gaps",
    "stated",
]

ORIGIN = frozenset(("origin", "race", "ethnicity", "nationality", "surname", "language", "residence", "religion"))
_INFORMING = ("present", "small")

_WOMEN = r"wom[ae]n|females?|femmes?|f"
_FAMILY = (
    _WOMEN + r"|lone|mothers?|parents?|famil\w*|children|child|mères?|enfants?|isolée?s?|monoparent\w*|monoparental\w*"
)
_DISABLED = r"yes|oui|with|avec|disab\w*|handicap\w*|aah|1|true"
_NOT = r"no|not|without|non|sans|pas|never|none|0|false|childless|able"

Protected = Callable[[AuditSpec, tuple[str, ...], tuple[str, ...]], bool]
"""Whether the disadvantaged group of a gap (attributes, group values) is one that an item protects."""


def selection_gaps(look: Look) -> Statement:
    """EQU-02: is the selection free of gaps? Any established gap contradicts, in either direction."""
    found = stated(look, "selection_gaps", ("selection_rate",), lambda spec, attributes, groups: True)
    return published_gaps(look, found, "")


def error_gaps(look: Look) -> Statement:
    """EQU-10: what do error rates show? False positives where selection harms, false negatives where it helps.

    The item asks whether they are measured: what the measure says informs it, and never contradicts it.
    """
    wrongs = {"punitive": ("false_positive_rate",), "assistive": ("false_negative_rate",)}
    measures = wrongs.get(look.result.spec.system.harm, ("false_positive_rate", "false_negative_rate"))
    found = stated(look, "error_gaps", measures, lambda spec, attributes, groups: True)
    return replace(found, status="informs") if found.status == "contradicts" else found


def disability_gaps(look: Look) -> Statement:
    """EQU-05: are disabled people at a disadvantage?"""
    return stated(look, "disability_gaps", ("selection_rate",), _by_word({"disability": _DISABLED}, look))


def family_gaps(look: Look) -> Statement:
    """EQU-06: are women, lone parents or families at a disadvantage?"""
    wanted = {"sex": _WOMEN, "family": _FAMILY}
    return published_gaps(look, stated(look, "family_gaps", ("selection_rate",), _by_word(wanted, look)), _FAMILY)


def age_gaps(look: Look) -> Statement:
    """EQU-08: is any band of age at a disadvantage? Every band is protected."""
    return stated(look, "age_gaps", ("selection_rate",), _by_word({"age": ""}, look))


def crossed_gaps(look: Look) -> Statement:
    """EQU-09: which crossed groups are worst off? They inform; single groups are what contradicts."""
    main = look.main
    found = [] if main is None else [gap for gap in main.gaps if _counts(gap, ("selection_rate",), crossed=True)]
    told = sorted((gap for gap in found if gap.verdict in ("established", *_INFORMING)), key=_weight)
    figures = _figures(look, told[:10])
    if not told:
        return Statement("crossed_gaps", "cannot_tell", _nothing(bool(found)))
    return Statement(
        "crossed_gaps",
        "informs",
        say(
            "Of {count} crossed groups compared, the widest gap is {gap}.", count=len(found), gap=_words(look, told[0])
        ),
        figures,
    )


def stated(look: Look, hook: str, measures: tuple[str, ...], protected: Protected) -> Statement:
    """The statement that single-attribute gaps of some measures make about the groups that an item protects."""
    found = concerning(look, measures, protected)
    limit = look.result.spec.verdict.ratio
    established = sorted((gap for gap in found if gap.verdict == "established"), key=_weight)
    if established:
        sentence = say_plural(
            "{count} gap is established statistically, beyond {limit}: {gap}. Whether it is justified is a question of "
            "law.",
            "{count} gaps are established statistically, beyond {limit}; the widest: {gap}. Whether they are justified "
            "is a question of law.",
            len(established),
            limit=number(limit),
            gap=_words(look, established[0]),
        )
        return Statement(hook, "contradicts", sentence, _figures(look, established))
    informing = sorted((gap for gap in found if gap.verdict in _INFORMING), key=_weight)
    if informing:
        sentence = say_plural(
            "{count} gap is found whose size is uncertain or small: {gap}.",
            "{count} gaps are found whose size is uncertain or small; the widest: {gap}.",
            len(informing),
            gap=_words(look, informing[0]),
        )
        return Statement(hook, "informs", sentence, _figures(look, informing))
    if not found and _compared(look, measures, protected):
        turned = say(
            "Groups that the item is about were compared, and where figures differ they are not the ones at a "
            "disadvantage; this does not show that none of them is."
        )
        return Statement(hook, "cannot_tell", turned)
    return Statement(hook, "cannot_tell", _nothing(bool(found)), _figures(look, found[:10]))


def published_gaps(look: Look, found: Statement, pattern: str) -> Statement:
    """What two published shares of a group say where the audit's own figures cannot tell: they only inform."""
    shares = [
        one
        for one in published_shares(look.result.spec)
        if one.representation_ratio is not None
        and any(_says(one.group.text(language), pattern) for language in LANGUAGES)
    ]
    if found.status != "cannot_tell" or not shares:
        return found
    widest = max(shares, key=lambda one: (abs(log(one.representation_ratio or 1.0)), one.group.text("en")))
    sentence = say(
        "Published shares, which carry no interval: “{group}” are {selected} of those selected ({selected_of}) and "
        "{population} of the population ({population_of}). They do not say whether the system made each selection.",
        group=words(widest.group, 120),
        selected=percent(widest.selected, _decimals(widest.selected)),
        selected_of=words(widest.selected_of, 120),
        population=percent(widest.population, _decimals(widest.population)),
        population_of=words(widest.population_of, 120),
    )
    return Statement(found.hook, "informs", sentence, tuple(_published(one) for one in shares))


def _decimals(share: float) -> int:
    """None for a whole per cent, as it was published; else one."""
    return 0 if round(100 * share, 6).is_integer() else 1


def _published(shares: PublishedShares) -> Figure:
    about = say("representation ratio of “{group}”, from published shares", group=words(shares.group, 120))
    ratio = shares.representation_ratio
    return Figure("published", "", "", "", "representation_ratio", "published", ratio, None, None, None, meaning=about)


def concerning(look: Look, measures: tuple[str, ...], protected: Protected) -> list[Gap]:
    """The gaps of the leading analysis, single attributes only, whose disadvantaged group is protected."""
    main = look.main
    if main is None:
        return []
    return [
        gap
        for gap in main.gaps
        if _counts(gap, measures, crossed=False) and protected(main.spec, gap.attributes, _disadvantaged(gap))
    ]


def _compared(look: Look, measures: tuple[str, ...], protected: Protected) -> bool:
    """Whether the leading analysis compares a protected group at all, on either side."""
    main = look.main
    return main is not None and any(
        _counts(gap, measures, crossed=False)
        and (protected(main.spec, gap.attributes, gap.groups) or protected(main.spec, gap.attributes, gap.reference))
        for gap in main.gaps
    )


def _counts(gap: Gap, measures: tuple[str, ...], crossed: bool) -> bool:
    return (
        gap.measure in measures
        and gap.kind == "ratio"
        and gap.crossed is crossed
        and gap.verdict is not None
        and gap.status in ("computed", "bounds")
    )


def _disadvantaged(gap: Gap) -> tuple[str, ...]:
    return gap.reference if gap.direction == "better" else gap.groups


def _by_word(wanted: dict[str, str], look: Look) -> Protected:
    """Groups of some grounds whose name holds one of the words, and no word that denies it; "" takes every group."""

    def protected(spec: AuditSpec, attributes: tuple[str, ...], groups: tuple[str, ...]) -> bool:
        for attribute, value in zip(attributes, groups, strict=False):
            group = spec.groups.get(attribute)
            ground = None if group is None or group.ground is None else look.library.ground_of(group.ground)
            if ground in wanted and group is not None:
                given = group.values.get(value)
                texts = [value, *(() if given is None else given.root.values())]
                return any(_says(text, wanted[ground]) for text in texts)
        return False

    return protected


def _says(text: str, pattern: str) -> bool:
    if not pattern:
        return True
    bare = text.strip().lower()
    return bool(re.search(rf"\b({pattern})\b", bare)) and not re.search(rf"\b({_NOT})\b", bare)


def _weight(gap: Gap) -> tuple[int, float, str, str]:
    """Verdict first, then the distance from 1 of the nearest end of the interval, then names."""
    figure = of_gap(gap, 0)
    ends = [end if end >= 1 else 1 / max(end, 1e-9) for end in (figure.lower, figure.upper) if end is not None]
    order = ("established", *_INFORMING)
    place = order.index(gap.verdict) if gap.verdict in order else len(order)
    return place, -min(ends, default=1.0), gap.attribute, gap.group


def _figures(look: Look, gaps: Iterable[Gap]) -> tuple[Figure, ...]:
    return tuple(of_gap(gap, look.result.spec.verdict.ratio) for gap in gaps)


def _words(look: Look, gap: Gap) -> Message:
    """A gap in words: measure, group against reference, ratio and interval, number of people."""
    figure = of_gap(gap, 0)
    known = figure.value is not None and figure.lower is not None and figure.upper is not None
    values: dict[str, object] = {
        "measure": term(MEASURES[gap.measure].name) if gap.measure in MEASURES else gap.measure,
        "group": named_groups(look, gap.attributes, gap.groups),
        "reference": named_groups(look, gap.attributes, gap.reference)
        if gap.reference_rule != "rest"
        else say("everyone else"),
    }
    if not known:
        return say("{measure}, {group} against {reference}", **values)
    values |= {
        "ratio": number(figure.value or 0),
        "lower": number(figure.lower or 0),
        "upper": number(figure.upper or 0),
        "n": int(gap.n or 0),
    }
    if gap.side == "complement":
        return say(
            "{measure}, {group} against {reference}: ratio {ratio} ({lower} to {upper}) of the share that is not, "
            "{n} people",
            **values,
        )
    return say("{measure}, {group} against {reference}: ratio {ratio} ({lower} to {upper}), {n} people", **values)


def named_groups(look: Look, attributes: tuple[str, ...], groups: tuple[str, ...]) -> Message:
    """Group values as the audit names them in the reader's language."""
    spec = look.result.spec if look.main is None else look.main.spec

    def names(language: str) -> str:
        parts = [
            spec.groups[attribute].group_name(value, language) if attribute in spec.groups else value
            for attribute, value in zip(attributes, groups, strict=False)
        ]
        return " & ".join(parts) or " & ".join(groups) or "–"

    return words(Written("", write=names))


def _nothing(compared: bool) -> Message:
    if compared:
        return say("Groups were compared, and no interval excludes equality: this shows neither a gap nor its absence.")
    return say("This audit compares no group that the item is about.")
