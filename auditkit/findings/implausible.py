"""Results that no score pointing the right way gives: their gaps keep their figures and get no word until confirmed.

A score turned round, read on another scale or fed the wrong columns shows itself in figures that hold whatever the
groups: it ranks worse than chance, selects everybody, or nobody of one group. `confirm: [direction]` in audit.yaml says
that they are meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditkit.findings.gap_words import NOTHING_SAID
from auditkit.result import Estimate, Gap
from auditkit.spec import AuditSpec

__all__ = ["DIRECTION", "implausible", "without_words"]

DIRECTION = "direction"
_CHANCE = 1e-6
"""Nobody of a group is selected: doubted where the rate of all others gives that less often by chance."""


def implausible(estimates: Sequence[Estimate], spec: AuditSpec) -> str | None:
    """Which sign of a wrong direction the figures show first; None where there is none, or where it is confirmed.

    `auc`: the score ranks those with the outcome lower than the others, by more than its interval. `reversed`: in every
    group those without the outcome are selected oftener than those with it, beyond the intervals in one group at
    least. `everybody`, `nobody`: all or none are selected. `none_of_one`: nobody of one group is selected.
    """
    if DIRECTION in spec.confirm:
        return None
    scored = spec.score is not None and spec.selected is not None  # a limit on a score: else no scale to doubt
    selected = {e.groups: e for e in estimates if e.measure == "selection_rate" and e.value is not None}
    if scored and (all_of := selected.get(())) is not None and all_of.value in (0.0, 1.0):
        return "nobody" if all_of.value == 0.0 else "everybody"
    if _below_half([e for e in estimates if e.measure == "auc" and e.value is not None]):
        return "auc"
    if _reversed(estimates):
        return "reversed"
    return "none_of_one" if scored and _none_of_one(list(selected.values())) else None


def _below_half(found: Sequence[Estimate]) -> bool:
    together = [e for e in found if not e.attributes]
    asked = together or [e for e in found if len(e.attributes) == 1]
    return bool(asked) and all(e.upper is not None and e.upper < 0.5 for e in asked)


def _reversed(estimates: Sequence[Estimate]) -> bool:
    rates: dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, Estimate]] = {}
    for e in estimates:
        if (
            e.measure in ("true_positive_rate", "false_positive_rate")
            and len(e.attributes) == 1
            and e.value is not None
        ):
            rates.setdefault((e.attributes, e.groups), {})[e.measure] = e
    pairs = [(one["true_positive_rate"], one["false_positive_rate"]) for one in rates.values() if len(one) == 2]
    if not pairs or not all(true.value < false.value for true, false in pairs):  # type: ignore[operator]
        return False
    return any(t.upper is not None and f.lower is not None and t.upper < f.lower for t, f in pairs)


def _none_of_one(selected: Sequence[Estimate]) -> bool:
    """Whether nobody of exactly one group of an attribute is selected, which chance would hardly give."""
    by_attribute: dict[tuple[str, ...], list[Estimate]] = {}
    for e in selected:
        if len(e.attributes) == 1 and e.n:
            by_attribute.setdefault(e.attributes, []).append(e)
    for found in by_attribute.values():
        none = [e for e in found if e.value == 0.0]
        if len(none) != 1 or len(found) < 2:
            continue
        others = [(e.value, e.n) for e in found if e.value and e.n]
        if len(others) < len(found) - 1 or none[0].n is None:
            continue  # a rate that is withheld, or people who are not known: nothing can be said of chance
        rate = sum(value * n for value, n in others) / sum(n for _, n in others)
        if (1.0 - rate) ** none[0].n < _CHANCE:
            return True
    return False


def without_words(gap: Gap) -> Gap:
    """The gap with its figures, and no verdict, test or people."""
    return replace(
        gap, **NOTHING_SAID, people=None, people_lower=None, people_upper=None, within=None,
        reason=gap.reason or "implausible",
    )  # fmt: skip
