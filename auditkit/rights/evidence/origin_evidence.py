"""What figures say of poverty, of origin, of like cases, and of conclusions that turn over.

These need two things at once: a gap, and a reason to lay it at the door of the score.
"""

from __future__ import annotations

from auditkit.result import Gap
from auditkit.rights.evidence.evidence import Look, Statement, of_fact, of_gap
from auditkit.rights.evidence.gap_evidence import ORIGIN, named_groups, stated
from auditkit.rights.rights_words import number
from auditkit.spec import AuditSpec
from auditkit.text import Message, mark, say, say_plural

__all__ = ["conditional_gaps", "origin", "poverty", "stability"]


def poverty(look: Look) -> Statement:
    """EQU-04: does poverty raise suspicion? An established gap, and a low income that raises the score."""

    def poor(spec: AuditSpec, attributes: tuple[str, ...], groups: tuple[str, ...]) -> bool:
        return _ground(look, spec, attributes) == {"poverty"}

    found = stated(look, "poverty", ("selection_rate",), poor)
    effect = look.declared("income_effect")
    if found.status != "contradicts":
        return found
    if effect is not None and effect.lower is not None and effect.lower > 0:
        sentence = say(
            "{gap} A low income or minimum benefit raises the score, as declared ({lower} to {upper}).",
            gap=found.sentence,
            lower=number(effect.lower, 3),
            upper=number(effect.upper or 0, 3),
        )
        return Statement("poverty", "contradicts", sentence, (*found.figures, of_fact("income_effect", effect, 0.0)))
    return Statement("poverty", "informs", found.sentence, found.figures)


def origin(look: Look) -> Statement:
    """EQU-07: is origin without effect? Contradicted where inputs tell origin and changing it changes decisions."""
    proxy, flip = look.declared("origin_proxy"), look.declared("flip")
    if (
        proxy is not None and proxy.lower is not None and proxy.lower > 0.75
        and flip is not None and flip.lower is not None and flip.lower > 0.01
    ):  # fmt: skip
        sentence = say(
            "The inputs of the score tell origin or district (AUC {proxy} or more), and changing only that changes at "
            "least {share} decisions in a thousand.",
            proxy=number(proxy.lower),
            share=number(1000 * flip.lower, 0),
        )
        return Statement(
            "origin", "contradicts", sentence, (of_fact("origin_proxy", proxy, 0.75), of_fact("flip", flip, 0.01))
        )

    def about(spec: AuditSpec, attributes: tuple[str, ...], groups: tuple[str, ...]) -> bool:
        return bool(_ground(look, spec, attributes) & ORIGIN)

    found = stated(look, "origin", ("selection_rate",), about)
    return Statement(
        "origin", "informs" if found.status == "contradicts" else found.status, found.sentence, found.figures
    )


def conditional_gaps(look: Look) -> Statement:
    """EQU-03: what becomes of gaps among like cases? The words of the audit itself, which only inform."""
    main = look.main
    said = [
        gap
        for gap in (() if main is None else main.gaps)
        if gap.measure == "selection_rate" and gap.kind == "ratio" and gap.within is not None
    ]
    told = sorted(
        (gap for gap in said if gap.within != "cannot_tell"), key=lambda gap: list(_BECOMES).index(gap.within or "")
    )
    if not told:
        nothing = (
            say("Whether gaps remain among like cases cannot be told from these figures.")
            if said
            else say(
                "No gap among like cases was found or measured; declare under strata the factors that someone "
                "may claim."
            )
        )
        return Statement("conditional_gaps", "cannot_tell", nothing)
    parts: Message | None = None
    for gap in told[:10]:
        part = Message(_BECOMES[gap.within or ""], {"group": named_groups(look, gap.attributes, gap.groups)})
        parts = part if parts is None else say("{first}, {second}", first=parts, second=part)
    sentence = say(
        "Among like cases: {parts}. Whether the factors are legitimate ones is a question of law.", parts=parts
    )
    rows = {(gap.attributes, gap.groups) for gap in told[:10]}
    figures = tuple(
        of_gap(gap, 1.0)
        for gap in (() if main is None else main.gaps)
        if gap.measure.startswith("mantel_haenszel_ratio") and (gap.attributes, gap.groups) in rows
        and gap.value is not None
    )  # fmt: skip
    return Statement("conditional_gaps", "informs", sentence, figures[:10])


_BECOMES = {
    "reversed": mark("the gap of {group} is reversed"),
    "remains": mark("the gap of {group} remains"),
    "grows": mark("the gap of {group} grows"),
    "shrinks": mark("the gap of {group} shrinks and does not disappear"),
    "differs": mark("the gap of {group} differs from one kind of case to another"),
    "disappears": mark("the gap of {group} disappears"),
}


def stability(look: Look) -> Statement:
    """EQU-13: do conclusions hold in the other analyses? A gap established both ways contradicts."""
    firm: dict[tuple[object, ...], list[Gap]] = {}
    for analysis in look.result.analyses:
        for gap in analysis.gaps:
            if gap.kind == "ratio" and gap.verdict == "established" and not gap.crossed:
                key = (gap.attributes, gap.groups, gap.reference, gap.measure)
                firm.setdefault(key, []).append(gap)
    limit = look.result.spec.verdict.ratio
    turned = [gaps for gaps in firm.values() if len({gap.direction for gap in gaps} & {"worse", "better"}) > 1]
    if turned:
        sentence = say_plural(
            "{count} gap is established one way in one analysis and the other way in another.",
            "{count} gaps are established one way in one analysis and the other way in another.",
            len(turned),
        )
        figures = tuple(of_gap(gap, limit) for gaps in turned for gap in gaps)
        return Statement("stability", "contradicts", sentence, figures)
    held = [gaps for gaps in firm.values() if len(gaps) > 1]
    if held:
        sentence = say_plural(
            "{count} gap is established the same way in several analyses.",
            "{count} gaps are established the same way in several analyses.",
            len(held),
        )
        return Statement("stability", "informs", sentence, tuple(of_gap(gap, limit) for gaps in held for gap in gaps))
    return Statement(
        "stability", "cannot_tell", say("No gap is established in two analyses, so nothing is known of its stability.")
    )


def _ground(look: Look, spec: AuditSpec, attributes: tuple[str, ...]) -> set[str]:
    named = (spec.groups[a].ground for a in attributes if a in spec.groups)
    return {found for word in named if word is not None and (found := look.library.ground_of(word)) is not None}
