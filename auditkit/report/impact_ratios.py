"""Impact ratios on the first screen: each category's selection rate over that of the category with the highest."""

from __future__ import annotations

from itertools import groupby

from auditkit.report.audit_facts import AuditFacts
from auditkit.report.group_names import anchor
from auditkit.report.number_words import ratio
from auditkit.report.phrases import capital, linked
from auditkit.rights.letters.local_law_144 import ImpactRow, impact_rows
from auditkit.text import Message, say, say_plural

__all__ = ["asks_impact_ratios", "impact_sentences"]

_FRAMEWORK = "nyc-ll144"
_SHOWN = 8


def asks_impact_ratios(facts: AuditFacts) -> bool:
    """Whether the audit declares ratios to the highest rate, or the framework asks for them."""
    if not facts.result.analyses:
        return False
    untested = [one for one in facts.primary if one.gap.reference_rule == "highest_rate" and one.verdict is None]
    return facts.result.spec.rights.framework == _FRAMEWORK or bool(untested)


def impact_sentences(facts: AuditFacts) -> tuple[Message, ...]:
    """One sentence an attribute, then one a crossing, the lowest ratio first, with what is left out and why.

    The rule is that of the New York letter (6 RCNY 5-301): a category under 2 % of those assessed is left out, and no
    ratio is told where the highest rate is not known.
    """
    rows = sorted(impact_rows(facts.result), key=lambda one: len(one.row.attributes))
    return tuple(
        _sentence(attributes, list(found), facts) for attributes, found in groupby(rows, key=lambda o: o.row.attributes)
    )


def _sentence(attributes: tuple[str, ...], rows: list[ImpactRow], facts: AuditFacts) -> Message:
    link = anchor("card", *attributes)
    name = capital(facts.names.attribute(attributes))
    attribute = linked(name, link) if len(attributes) == 1 else name
    told = sorted((row for row in rows if row.ratio is not None), key=lambda row: row.ratio or 0.0)
    if not told:
        return say("{attribute}: no impact ratio, since a category is withheld.", attribute=attribute)
    ratios = [
        say(
            "{group} {ratio}",
            group=facts.names.group(attributes, row.row.groups),
            ratio=ratio(row.ratio or 0.0, facts.language),
        )
        for row in told
    ]
    shown: tuple[Message, ...] = tuple(ratios)
    if len(ratios) > _SHOWN + 1:
        more = say("{count} more", count=len(ratios) - _SHOWN)
        shown = (*ratios[: _SHOWN - 1], more, ratios[-1])
    out = sum(row.left_out for row in rows)
    if not out:
        return say("{attribute}, impact ratios: {ratios}.", attribute=attribute, ratios=shown)
    note = say_plural("{count} category left out by the rule", "{count} categories left out by the rule", out)
    return say("{attribute}, impact ratios: {ratios} ({note}).", attribute=attribute, ratios=shown, note=note)
