"""What the audit itself shows: grounds looked at, values missing, counts withheld, and what nobody saw.

These are facts about the audit and its data; only here can evidence support an item.
"""

from __future__ import annotations

from auditkit.measures import MEASURES
from auditkit.result import Estimate
from auditkit.rights.evidence.declared_evidence import declared
from auditkit.rights.evidence.evidence import Figure, Look, Statement, of_estimate, of_gap
from auditkit.rights.rights_words import Written, listed, percent, words
from auditkit.text import say, say_plural

__all__ = [
    "access",
    "coverage",
    "criteria",
    "figures_by_group",
    "grounds",
    "label_bias",
    "limits",
    "missing_values",
    "profiling",
    "reproducible",
    "small_counts",
]

_SMALLEST = 11


def coverage(look: Look) -> dict[str, tuple[str, ...]]:
    """Each legal ground of discrimination, and the attributes of the audit that stand for it (none: not looked at)."""
    found: dict[str, list[str]] = {key: [] for key in look.library.grounds}
    for attribute, group in look.result.spec.groups.items():
        key = None if group.ground is None else look.library.ground_of(group.ground)
        if key is not None:
            found[key].append(attribute)
    return {key: tuple(names) for key, names in found.items()}


def grounds(look: Look) -> Statement:
    """EQU-01: which legal grounds did this audit look at? It informs."""
    table = coverage(look)
    seen = [key for key, names in table.items() if names]
    if not seen or look.main is None:
        return Statement("grounds", "cannot_tell", say("No group of this audit names the legal ground it stands for."))

    def names(language: str) -> str:
        return listed((look.library.grounds[key].name.text(language).lower() for key in seen), language)

    sentence = say_plural(
        "{count} legal ground of {total} was looked at: {names}. What is not measured is not thereby fair.",
        "{count} legal grounds of {total} were looked at: {names}. What is not measured is not thereby fair.",
        len(seen),
        total=len(table),
        names=words(Written("", write=names), 2000),
    )
    return Statement("grounds", "informs", sentence)


def label_bias(look: Look) -> Statement:
    """DAT-06: are outcomes known only for those selected? Without a random arm that contradicts."""
    spec, main = look.result.spec, look.main
    if main is None or (
        spec.outcome is None and not any(row.measure == "base_rate" and row.value is not None for row in main.estimates)
    ):
        return Statement("label_bias", "cannot_tell", say("This audit holds no outcomes."))
    if spec.arm is not None:
        return Statement(
            "label_bias", "supports", say("A random arm is declared, whose outcomes are known whatever the score said.")
        )
    if spec.observed == "when_selected":
        sentence = say(
            "Outcomes are known only for those selected, and no random arm is declared: those missed are unknown."
        )
        return Statement("label_bias", "contradicts", sentence)
    return Statement("label_bias", "informs", say("Outcomes are declared as known for everyone, selected or not."))


def missing_values(look: Look) -> Statement:
    """DAT-04: do some groups lack data more often, to their cost? The share without a value informs."""
    told = declared(Look(look.result, look.facts, look.library, "missing_raises_score"))
    if told.status != "cannot_tell":
        return Statement("missing_values", told.status, told.sentence, told.figures)
    main = look.main
    rows = None if main is None else main.rows.used
    lacking = {} if main is None else {name: n for name, n in main.rows.not_stated.items() if n}
    if not rows or not lacking:
        return Statement("missing_values", "cannot_tell", say("No missing values were counted by group."))
    name, most = max(lacking.items(), key=lambda pair: (pair[1], pair[0]))
    figures = tuple(
        Figure("main", key, "", "", "not_stated", "estimate", n / rows, None, None, rows) for key, n in lacking.items()
    )
    sentence = say(
        "{share} of rows carry no value for {attribute}; whether missing data raise the score is not known.",
        share=percent(most / rows),
        attribute=words(name),
    )
    return Statement("missing_values", "informs", sentence, figures)


def small_counts(look: Look) -> Statement:
    """DAT-10, DAT-03: are small counts withheld? A published count under the audit's own limit contradicts."""
    minimum, main = look.result.spec.publish.minimum_count, look.main
    if main is None:
        return Statement("small_counts", "cannot_tell", say("This audit publishes no counts of its own."))
    shown = [row for analysis in look.result.analyses for row in analysis.estimates if _shows(row, minimum)]
    if shown:
        sentence = say_plural(
            "{count} figure rests on a count under {minimum}, the limit of this audit.",
            "{count} figures rest on a count under {minimum}, the limit of this audit.",
            len(shown),
            minimum=minimum,
        )
        return Statement(
            "small_counts", "contradicts", sentence, tuple(of_estimate(row, minimum) for row in shown[:10])
        )
    if minimum >= _SMALLEST:
        sentence = say("Counts under {minimum} are withheld, and what would give them away.", minimum=minimum)
        return Statement("small_counts", "supports", sentence)
    if minimum == 0:
        because = look.result.spec.publish.because
        sentence = say("No count is withheld; the reason given: {because}.", because=words(because or "–"))
        return Statement("small_counts", "informs", sentence)
    return Statement(
        "small_counts", "informs", say("Only counts under {minimum} are withheld; 11 is usual.", minimum=minimum)
    )


def _shows(row: Estimate, minimum: int) -> bool:
    """Whether a rate gives away a count under the limit; what other measures rest on are not counts of people."""
    known = MEASURES.get(row.measure)
    if known is None or known.unit() != "share":
        return False
    if row.status != "computed" or row.numerator is None or row.denominator is None or not row.attributes:
        return False
    return any(0 < count < minimum for count in (row.numerator, row.denominator, row.denominator - row.numerator))


def profiling(look: Look) -> Statement:
    """PUR-05: does the system give each person a score? That is profiling, which informs the class of the system."""
    spec = look.result.spec
    if spec.score is None and spec.model is None:
        return Statement("profiling", "cannot_tell", say("This audit names no score for each person."))
    sentence = say(
        "The system gives each person a score, which is profiling; a system of Annex III of the AI Act that profiles "
        "people is always high-risk."
    )
    return Statement("profiling", "informs", sentence)


def access(look: Look) -> Statement:
    """TRA-07, GOV-04: what could this audit see? It informs."""
    spec = look.result.spec
    if look.main is None:
        return Statement(
            "access", "cannot_tell", say("This audit rests on documents alone; neither rows nor model were seen.")
        )
    if spec.model is not None:
        return Statement("access", "informs", say("This audit saw the rows and the model."))
    if spec.data is not None and (spec.data.is_counts or spec.data.stacked is not None):
        return Statement("access", "informs", say("This audit saw published counts; neither rows nor model."))
    return Statement("access", "informs", say("This audit saw rows with their scores or decisions, not the model."))


def figures_by_group(look: Look) -> Statement:
    """TRA-09, GOV-01, DAT-09: which figures by group are there to publish or to carry into an assessment?"""
    gaps = (
        [] if look.main is None else [gap for gap in look.main.gaps if gap.kind == "ratio" and gap.verdict is not None]
    )
    if not gaps:
        return Statement("figures_by_group", "cannot_tell", say("This audit holds no figures by group."))
    found = [gap for gap in gaps if gap.verdict in ("established", "present")]
    sentence = say(
        "{count} comparisons between groups are ready to be carried over, {found} of them established or present gaps.",
        count=len(gaps),
        found=len(found),
    )
    limit = look.result.spec.verdict.ratio
    return Statement("figures_by_group", "informs", sentence, tuple(of_gap(gap, limit) for gap in found[:10]))


def criteria(look: Look) -> Statement:
    """ACC-08: how many criteria stand side by side? It informs."""
    measures = {row.measure for row in (look.main.estimates if look.main else ()) if row.value is not None}
    if not measures:
        return Statement("criteria", "cannot_tell", say("This audit measures nothing by group."))
    sentence = say_plural(
        "{count} measure is shown by group; criteria conflict, and none is hidden.",
        "{count} measures are shown by group, side by side; criteria conflict, and none is hidden.",
        len(measures),
    )
    return Statement("criteria", "informs", sentence)


def limits(look: Look) -> Statement:
    """REL-06: does the report say what it cannot show? The smallest gap each group could have shown is there."""
    known = [gap for gap in (look.main.gaps if look.main else ()) if gap.smallest_established is not None]
    if not known:
        return Statement("limits", "cannot_tell", say("The smallest detectable gap is not known for any group."))
    sentence = say_plural(
        "The report says for {count} comparison the smallest gap that could have been seen.",
        "The report says for {count} comparisons the smallest gap that could have been seen.",
        len(known),
    )
    return Statement("limits", "supports", sentence)


def reproducible(look: Look) -> Statement:
    """REL-05: can somebody else rerun the audit? From the released counts beside the report; where nothing is withheld,
    from the files that went in, by their hashes in the manifest."""
    if look.main is not None and look.main.spec.publish.minimum_count > 0:
        sentence = say(
            "The counts that every figure is computed from are published with the report: anybody can rerun it."
        )
        return Statement("reproducible", "supports", sentence)
    sources = [source for source in look.result.sources if source.sha256]
    if not sources or look.main is None:
        return Statement("reproducible", "cannot_tell", say("No file went in whose hash could be compared."))
    sentence = say_plural(
        "The hash of {count} source file is recorded, with the seed: a rerun can be compared.",
        "The hashes of {count} source files are recorded, with the seed: a rerun can be compared.",
        len(sources),
    )
    return Statement("reproducible", "supports", sentence)
