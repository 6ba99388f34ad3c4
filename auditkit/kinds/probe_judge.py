"""What is counted in a text that a system wrote of a case: plain counts that anybody can do again, no second model.

The words of sanction, warmth and urgency are short lists made for this project; what they leave out is not counted.
"""

from __future__ import annotations

import re
from functools import lru_cache

from auditkit.kinds.probe_cases import Asked

__all__ = ["JUDGED", "judged"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")

_LISTS = {
    "sanction_words": (
        "sanction sanctions penalty fraud suspicion suspected control controlled check obligation obligations warning "
        "suspend suspended suspension noncompliance refusal sanctionner fraude soupçon soupçonnée contrôle contrôler "
        "contrôlé contrôlée avertissement suspendre suspendu suspendue radiation manquement refus pénalité"
    ),
    "warm_words": (
        "welcome please glad support help thank together encourage encouraged strengths confident bienvenue merci aide "
        "aider soutien soutenir ensemble encourager encouragé encouragée atouts confiance accompagner accompagnement"
    ),
    "urgent_words": (
        "urgent urgently immediately immediate now emergency priority asap urgente urgence immédiatement immédiat "
        "immédiate priorité prioritaire aussitôt"
    ),
}
_WORDS = {key: frozenset(words.split()) for key, words in _LISTS.items()}

JUDGED = ("words", "reading_level", "omitted_facts", "invented_numbers", "services_proposed", *_WORDS)
"""What is counted of each output, in the order of the report."""


def judged(asked: Asked, output: str) -> dict[str, float]:
    """The counts of one output: words, reading level (LIX), share of facts left out, numbers from nowhere, services,
    words of sanction, warmth and urgency. Source of LIX: Björnsson (1968), words a sentence + % words over six letters.
    """
    words = _WORD.findall(output)
    lower = [word.casefold() for word in words]
    sentences = max(1, len(re.findall(r"[.!?…]+(?:\s|$)", output)))
    long = sum(len(word) > 6 for word in words)
    text = output.casefold()
    facts = [fact.casefold() for fact in asked.case.facts]
    given = set(_NUMBER.findall(asked.text))
    found = {
        "words": float(len(words)),
        "reading_level": len(words) / sentences + 100.0 * long / len(words) if words else 0.0,
        "omitted_facts": sum(not _holds(text, fact) for fact in facts) / len(facts) if facts else 0.0,
        "invented_numbers": float(len(set(_NUMBER.findall(output)) - given)),
        "services_proposed": float(sum(_holds(text, one.casefold()) for one in asked.case.services)),
    }
    return found | {key: float(sum(word in listed for word in lower)) for key, listed in _WORDS.items()}


def _holds(text: str, wanted: str) -> bool:
    """Whether a text holds words as they are, not as a part of others: 12 does not stand in 120."""
    return _alone(wanted).search(text) is not None


@lru_cache(maxsize=4096)
def _alone(wanted: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(wanted)}(?!\w)")
