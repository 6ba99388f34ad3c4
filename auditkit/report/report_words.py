"""The words of the report that are not plain, each in a sentence or two that need no statistics."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.text import mark, translate

__all__ = ["Term", "terms"]


@dataclass(frozen=True)
class Term:
    """A word, what it means here, and where it stands on the page."""

    anchor: str
    word: str
    meaning: str


_TERMS = (
    (
        "selected",
        mark("selected"),
        mark(
            "What the system does to a person: flagged, checked, refused, granted. What it is here stands in "
            "“What was audited”."
        ),
    ),
    (
        "outcome",
        mark("the outcome"),
        mark(
            "What the system tries to foresee or to find, as it was recorded afterwards: a new offence, a fraud, "
            "an error in a file. It is a record, and records can be wrong."
        ),
    ),
    (
        "group",
        mark("group, and reference group"),
        mark(
            "People who share something, such as sex or age. Each group is compared with one of them, the "
            "reference; the reference is not a norm, only the place from which gaps are measured."
        ),
    ),
    (
        "wrongly",
        mark("selected wrongly, missed"),
        mark("Selected wrongly: selected although the outcome did not come. Missed: not selected although it came."),
    ),
    (
        "ratio",
        mark("ratio, and gap"),
        mark(
            "How many times as often something happens to a group as to its reference: 2 is twice as often, 0.5 "
            "half as often, 1 equally often. A gap is a ratio that is not 1."
        ),
    ),
    (
        "interval",
        mark("interval"),
        mark(
            "The values that fit the data. With few people chance plays a large part, and the interval is wide; "
            "with many it is narrow. If an interval of a ratio holds 1, there may be no gap at all."
        ),
    ),
    (
        "verdict",
        mark("verdict"),
        mark(
            "One word for how large a gap is and how sure one can be, always by the same rule. It is a word of "
            "statistics, not of law."
        ),
    ),
    (
        "inconclusive",
        mark("inconclusive"),
        mark("These data cannot tell a gap from none. It does not mean that groups are treated alike."),
    ),
    (
        "people",
        mark("people, at the reference group's rate"),
        mark(
            "How many more or fewer people of the group would have met the decision, if it had met them as often "
            "as it meets the reference group. It is a size, not a list of names."
        ),
    ),
    (
        "chance",
        mark("p, and p corrected"),
        mark(
            "How often chance alone would give a gap like this one, or a larger one, if there were none. Whoever "
            "makes many comparisons finds some gaps by chance: the corrected p allows for that."
        ),
    ),
    (
        "detectable",
        mark("smallest detectable ratio"),
        mark(
            "The gap that so many people would most likely have shown, had it been there. Gaps smaller than that "
            "can stay unseen."
        ),
    ),
    (
        "crossed",
        mark("crossed attributes"),
        mark(
            "Groups of people who share two things, such as women over 50: a gap can stand there that neither "
            "shows alone."
        ),
    ),
    (
        "withheld",
        mark("withheld"),
        mark(
            "Not published, because the figure rests on so few people that it could give one of them away, or "
            "because such a figure could be worked out from it."
        ),
    ),
    (
        "threshold",
        mark("threshold"),
        mark("The score from which people are selected. Another threshold changes who is selected, not the scores."),
    ),
)


def terms(language: str) -> tuple[Term, ...]:
    """The words in `language`, in the order in which a reader meets them.

    >>> terms("en")[0].anchor, len(terms("fr"))
    ('term-selected', 14)
    """
    return tuple(
        Term(f"term-{key}", translate(word, language), translate(meaning, language)) for key, word, meaning in _TERMS
    )
