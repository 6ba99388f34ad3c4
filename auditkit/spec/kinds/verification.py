"""Verification: `verification: {same_person: {column:, in:}, score:, thresholds: [], false_match_rates: [0.001]}`.

A line is a pair (a face and a document, two files) that a system says are one person or not. A false match is the
false positive rate, a false non-match the false negative rate, at the first threshold in `main`, at each further one in
an analysis of its own; at fixed false match rates and between two groups they are figures of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, FiniteFloat

from auditkit.spec.data_spec import Part
from auditkit.spec.kinds import Kind, spoken
from auditkit.spec.kinds.entitled import ListedValues

__all__ = ["KIND", "Verification", "threshold_name"]


class Verification(Part):
    """Which pairs are one person, how alike the system finds them, and where it is cut."""

    same_person: ListedValues
    score: str
    higher_is: Literal["same", "different"] = "same"
    second_group: str | None = None
    thresholds: list[FiniteFloat] = Field(min_length=1)
    false_match_rates: list[Annotated[float, Field(gt=0, lt=1)]] = []


def threshold_name(thresholds: list[float], place: int) -> str:
    """The analysis of one of the thresholds; the first is `main`.

    >>> threshold_name([0.5, 0.25], 1)
    'at 0.25'
    """
    return "main" if place == 0 else f"at {thresholds[place]:g}"


_MATCHED = {
    "en": "taken for one person",
    "fr": {"m": "pris pour la même personne", "f": "prises pour la même personne"},
}
_SAME = {
    "en": {"it": "the same person", "yes": "who are the same person", "no": "who are two persons"},
    "fr": {"it": "la même personne", "yes": "qui sont la même personne", "no": "qui sont deux personnes"},
}
_WRONGLY = {
    "en": "wrongly taken for one person",
    "fr": {"m": "pris à tort pour la même personne", "f": "prises à tort pour la même personne"},
}


def _as_core(part: Verification, content: Mapping[str, Any]) -> dict[str, Any]:
    limit = "at_least" if part.higher_is == "same" else "at_most"
    score: dict[str, Any] = {"column": part.score}
    if part.higher_is == "different":
        score["lower_is"] = "selected"
    return {
        "score": score,
        "selected": {limit: part.thresholds[0]},
        "outcome": {"column": part.same_person.column, "positive": list(part.same_person.is_in)},
        "unit": "pair",
        "primary": ["false_positive_rate", "false_negative_rate"],
        "says": {
            "selected": spoken(content, "selected", _MATCHED),
            "outcome": spoken(content, "outcome", _SAME),
            "wrongly": spoken(content, "wrongly", _WRONGLY),
        },
        "analyses": {
            threshold_name(part.thresholds, place): {
                "name": {"en": f"Threshold {part.thresholds[place]:g}", "fr": f"Seuil {part.thresholds[place]:g}"},
                "selected": {limit: part.thresholds[place], "says": _MATCHED},
            }
            for place in range(1, len(part.thresholds))
        },
    }


KIND = Kind("verification", Verification, _as_core)
