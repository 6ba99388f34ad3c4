"""How the figures came about and what they do not say: methods in use, settings of the report, limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.findings.binning import BINNING_ERROR
from auditkit.report.answer_lead import PLANNED
from auditkit.report.code_words import (
    VERDICT_MEANINGS,
    VERDICT_WORDS,
    method_name,
    method_words,
    test_name,
    withheld,
)
from auditkit.report.group_names import Names
from auditkit.report.missing_figures import withheld_figures
from auditkit.report.number_words import count, position, ratio
from auditkit.report.system_panel import selection_sentence
from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap
from auditkit.text import Message, format_percent, mark, say, translate

__all__ = ["Method", "Methods", "confidence_text", "limits", "methods_of", "verdict_legend"]


@dataclass(frozen=True)
class Method:
    """A term and what it means."""

    name: str
    words: Message | str


@dataclass(frozen=True)
class Methods:
    """Section 6: named methods and tests, the verdict words, and sentences on settings."""

    methods: tuple[Method, ...]
    tests: tuple[str, ...]
    sentences: tuple[Message, ...]


def verdict_legend(result: AuditResult, names: Names) -> tuple[Method, ...]:
    """The verdict words and when each is given, the first that applies."""
    language = names.language
    return tuple(
        Method(
            translate(VERDICT_WORDS[code], language),
            Message(VERDICT_MEANINGS[code], {"minimum": result.spec.verdict.minimum_n}),
        )
        for code in VERDICT_WORDS
    )


def confidence_text(result: AuditResult, language: str) -> str:
    """The confidence of the intervals, as a percentage with no more decimals than it has."""
    share = 100 * result.spec.confidence
    return format_percent(result.spec.confidence, 0 if round(share, 6).is_integer() else 1, language)


def methods_of(result: AuditResult, names: Names) -> Methods:
    """The methods that the figures name, and the settings they were made with."""
    language = names.language
    records: list[Estimate | Gap] = [e for a in result.analyses for e in a.estimates]
    records += [g for a in result.analyses for g in a.gaps]
    records = [record for record in records if record.status in ("computed", "bounds")]
    codes = dict.fromkeys(record.method for record in records if record.method != "none")
    methods: dict[str, Method] = {}
    for code in codes:
        base = code.removesuffix("_union")
        methods.setdefault(base, Method(method_name(base, language), method_words(base, language)))
    tests = dict.fromkeys(gap.test for a in result.analyses for gap in a.gaps if gap.test is not None)
    sentences = [
        *_interval_sentences(result, language),
        *_verdict_sentences(result, language),
        *(s for analysis in result.analyses for s in _analysis_sentences(analysis, names)),
        *_bound_sentences(records),
        *_disclosure_sentences(result),
    ]
    return Methods(tuple(methods.values()), tuple(test_name(test, language) for test in tests), tuple(sentences))


def _interval_sentences(result: AuditResult, language: str) -> list[Message]:
    return [
        say(
            "Every interval is a {confidence} interval. It speaks of what the same process would do to other "
            "people "
            "like these; where the data are the whole caseload, the counts themselves are exact.",
            confidence=confidence_text(result, language),
        )
    ]


def _verdict_sentences(result: AuditResult, language: str) -> list[Message]:
    verdict = result.spec.verdict
    return [
        say(
            "A gap counts as large from {points} percentage points, or from a ratio of {upper} where that is less. "
            "These are settings of this report: no law names a percentage from which a gap is unlawful.",
            points=count(verdict.points, language),
            upper=ratio(verdict.ratio, language),
        ),
        *_family_sentence(result),
        say(
            "A verdict is taken on the event or on its complement, whichever is rarer in group and reference "
            "together: "
            "few people refused and many people granted are the same fact, and only the rarer side shows its "
            "size."
        ),
        say(
            "People affected: the people of the group the figure divides by, times the difference of the two "
            "rates, "
            "on the side that hurts; the ends come from the interval of the difference. A minus sign: the group is "
            "better off."
        ),
        say(
            "Smallest detectable ratio: the gap that would have been called established in eight cases out of ten, the "
            "reference group being as it is."
        ),
    ]


def _family_sentence(result: AuditResult) -> list[Message]:
    """How many comparisons the audit makes, and how often it says a gap where there is none."""
    sizes = {family.key: family.size for family in result.main.families} if result.analyses else {}
    if not sizes.get("main") and not sizes.get("other"):
        return []
    fewer = round(100 * (1 - result.spec.confidence))
    return [
        say(
            "This audit makes {main} main and {others} other comparisons. Of 100 systems that treat all groups alike, "
            "fewer than {fewer} would be said here to show any gap.",
            main=sizes.get("main", 0),
            others=sizes.get("other", 0),
            fewer=fewer,
        )
    ]


def _analysis_sentences(analysis: AnalysisResult, names: Names) -> list[Message]:
    """Families of tests, cuts and scale of one analysis."""
    language = names.language
    name = names.analysis(analysis.key, analysis.spec)
    sentences: list[Message] = []
    selection = selection_sentence(analysis.spec, language)
    if selection is not None:
        sentences.append(say("{analysis}: selected means: {selection}.", analysis=name, selection=selection))
    facts = analysis.facts
    threshold, wanted, taken = facts.get("threshold"), facts.get("top_wanted"), facts.get("top_selected")
    if isinstance(threshold, (int, float)):
        sentences.append(
            say("{analysis}: the cut really used is {cut}.", analysis=name, cut=position(threshold, language))
        )
    if isinstance(wanted, (int, float)) and isinstance(taken, (int, float)):
        sentences.append(
            say(
                "{analysis}: {wanted} people were to be selected; with ties, {taken} are.",
                analysis=name, wanted=count(wanted, language), taken=count(taken, language),
            )
        )  # fmt: skip
    if analysis.spec.weight is not None:
        sentences.append(say("{analysis}: people carry sampling weights; n counts rows.", analysis=name))
    if analysis.scale is not None and not analysis.scale.exact:
        sentences.append(say("{analysis}: scores are counted in {bins} bins.", analysis=name, bins=len(analysis.scale)))
    error = facts.get(BINNING_ERROR)
    if isinstance(error, (int, float)):
        sentences.append(
            say(
                "{analysis}: scores are counted in bins, which can have moved no AUC of everyone or of a group of one "
                "attribute by more than {error}: half the share of the pairs of people, one with the outcome and one "
                "without, that lie in one bin.",
                analysis=name, error=position(error, language),
            )
        )  # fmt: skip
    return sentences


def _bound_sentences(records: Iterable[object]) -> list[Message]:
    if not any(getattr(record, "status", "") == "bounds" for record in records):
        return []
    return [
        say(
            "“Between … and …” marks bounds: some counts are hidden, rounded or unseen, and the true figure "
            "lies between "
            "these ends whatever they are. The interval beside them also allows for chance, and a verdict is "
            "taken on "
            "the end nearest to no gap."
        )
    ]


def _disclosure_sentences(result: AuditResult) -> list[Message]:
    minimum = result.spec.publish.minimum_count
    if minimum == 0:
        because = result.spec.publish.because
        return [say("No figure is withheld: {because}.", because=because if because is not None else "–")]
    sentences = [
        say(
            "A figure that rests on fewer than {minimum} people is withheld, and with it any figure from "
            "which it could "
            "be worked out. The mark is “{mark}”.",
            minimum=minimum,
            mark=withheld("small_count", minimum),
        )
    ]
    number = withheld_figures(result)
    return [*sentences, number] if number is not None else [*sentences, say("In this report no figure is withheld.")]


_LIMITS = (
    mark(
        "A gap says that groups are treated unequally by the system; it does not say why. Whether the gap is "
        "justified, "
        "and whether it is discrimination, is a question for lawyers: a finding opens that question and does "
        "not close it."
    ),
    mark(
        "The groups are those on record. People may be recorded otherwise than they would say of themselves, "
        "and groups "
        "that are not recorded cannot be seen here."
    ),
    mark("No gap shown is no proof that there is none: few people show only large gaps."),
)


def limits(result: AuditResult) -> tuple[Message, ...]:
    """What the figures cannot say, in general and for this audit."""
    spec = result.spec
    found = [Message(sentence) for sentence in _LIMITS]
    if spec.outcome is not None:
        found.append(
            say(
                "The outcome is what was recorded. Where people of one group are watched more closely, more "
                "is recorded of "
                "them, and rates that rest on the outcome inherit it."
            )
        )
    if spec.observed == "when_selected":
        found.append(
            say(
                "The outcome is seen only for people who were selected. What would have come of the others "
                "is not known: "
                "figures that need it are bounds between nobody and everybody."
            )
        )
    elif spec.arm is not None:
        found.append(
            say(
                "Outcomes of people who were not selected are known from people drawn at random; they are "
                "weighted to "
                "stand for all who were not selected."
            )
        )
    if spec.checked is not None:
        found.append(
            say(
                "Not everyone selected was checked. Those who were stand for the others, as if who is checked were a "
                "matter of chance within the list: an assumption that these data cannot test."
            )
        )
    if spec.arm is not None and spec.arm.population is not None:
        found.append(
            say(
                "The people drawn at random stand for a population of {population}: the size of each group, and what "
                "would have been found among those not selected, are estimates from them, and intervals follow their "
                "number.",
                population=spec.arm.population,
            )
        )
    if spec.system.status == "planned":
        found.append(PLANNED)
    if any(not view.linked for analysis in result.analyses for view in analysis.views):
        found.append(
            say(
                "Attributes that were published in separate tables cannot be crossed: who stands in two of "
                "them is not known."
            )
        )
    return tuple(found)
