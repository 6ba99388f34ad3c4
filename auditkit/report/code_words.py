"""The closed vocabularies of the result in the reader's words: verdicts, reasons, methods, tests."""

from __future__ import annotations

from auditkit.text import Message, mark, say, translate

__all__ = [
    "METHODS",
    "REASON_SENTENCES",
    "TESTS",
    "VERDICT_MEANINGS",
    "VERDICT_WORDS",
    "method_name",
    "method_words",
    "reason_sentence",
    "test_name",
    "withheld",
]

VERDICT_WORDS = {
    "established": mark("established"),
    "present": mark("present"),
    "small": mark("small"),
    "equivalent": mark("equivalent"),
    "inconclusive": mark("inconclusive"),
}

VERDICT_MEANINGS = {
    "established": mark(
        "Both groups count at least {minimum} people, and the gap is shown to lie beyond the limits, at the level of "
        "one comparison among all of this audit."
    ),
    "present": mark("There is a gap, at the level of one comparison among all of this audit; its size is uncertain."),
    "small": mark("There is a gap, and it is shown to lie inside the limits."),
    "equivalent": mark("Any gap is shown to lie inside the limits."),
    "inconclusive": mark("None of the above: these data cannot tell a gap from none."),
}

REASON_SENTENCES = {
    "empty_group": mark("Nobody of this group is in the data."),
    "nobody_reached": mark("Nobody of this group reached this stage."),
    "nobody_selected": mark("Nobody of this group was selected."),
    "everybody_selected": mark("Everybody of this group was selected."),
    "no_positive_outcome": mark("Nobody of this group has the outcome."),
    "no_negative_outcome": mark("Everybody of this group has the outcome."),
    "no_outcome": mark("The data hold no outcome for this group."),
    "outcome_unseen": mark("The outcome is known only for people who were selected."),
    "no_score": mark("The data hold no score for this group."),
    "score_not_probability": mark("The score does not run from 0 to 1, so that it cannot be compared with a share."),
    "few_cases": mark("Too few cases for an interval that can be trusted."),
    "reference_zero": mark(
        "The rate of the reference group is 0: the ratio has no value and no upper end, only a lower end."
    ),
    "little_overlap": mark("Fewer than half of this group have like cases among the reference group."),
    "no_like_cases": mark("Nobody of this group has like cases among the reference group."),
    "both_zero": mark("Both rates are 0: there is nothing to compare."),
    "unlinked": mark("The attributes stand in separate tables: nobody's two attributes are known together."),
    "too_many_groups": mark(
        "Crossing these attributes would make more than a thousand groups; name the crossing under crossed to have it."
    ),
    "unbounded": mark("A hidden number may be of any size: nothing can be worked out."),
    "no_denominator": mark("The total behind the published share is not known: no interval."),
    "few_clusters": mark("Fewer than 20 clusters: too few for an interval."),
    "undefined_replicates": mark("The figure is undefined in more than one in a hundred resampled data sets."),
    "reference_empty": mark("Nobody of the reference group is in the data."),
    "reference_from_data": mark(
        "The reference is the group with the highest rate, picked from the data itself: no test, no verdict."
    ),
    "not_stated": mark("People whose group is not stated are shown without verdict."),
    "infra_marginal": mark(
        "Being selected is wrong more often in the group that is selected less: one limit for all and unequal risks "
        "make such a gap by themselves, so that it is no finding."
    ),
    "no_total": mark("The total of the table is not known."),
    "no_strata": mark("No stratum holds both people selected and people not selected."),
    "no_interval": mark("No interval can be given for this figure."),
    "pair_of_options": mark(
        "Two options of this audit meet here, and no method holds for both: no interval, no test and no verdict."
    ),
    "implausible": mark(
        "The direction of the score or decision is doubted, and not confirmed: no test and no verdict."
    ),
    "small_count": mark("Withheld: the figure rests on a small count, or one could be worked out with it."),
    "complementary": mark("Withheld: with this figure, another withheld one could be worked out."),
    "withheld": mark("Withheld: it counts few people, or would help to find such a count."),
    "too_few_steps": mark("The score of this group is published in fewer than 12 steps: too few for this figure."),
    "context": mark("Context: neither a higher nor a lower figure is unfavourable in itself."),
}

METHODS = {
    "wilson": (mark("Wilson"), mark("Interval of a rate: Wilson's score interval.")),
    "wilson_weighted": (
        mark("Wilson, weighted"),
        mark("Interval of a weighted rate: Wilson's score interval at the effective number of people."),
    ),
    "cluster": (
        mark("over clusters"),
        mark("People of one cluster stand or fall together: the spread between clusters counts, with Student's t."),
    ),
    "paired": (
        mark("matched pairs"),
        mark("Matched pairs: the interval rests on the pairs whose two members fared differently."),
    ),
    "bootstrap": (
        mark("bootstrap"),
        mark("Interval by bootstrap: the counts are redrawn many times, and the middle of the results is kept."),
    ),
    "delong": (
        mark("DeLong"), mark("Interval of the area under the ROC curve: DeLong's variance, on the logit scale."),
    ),
    "fisher_z": (mark("Fisher's z"), mark("Interval of a correlation: Fisher's z.")),
    "normal": (mark("normal"), mark("Interval of a mean: the normal approximation.")),
    "multinomial": (mark("multinomial"), mark("Interval of shares of one total: the multinomial distribution.")),
    "exact_counts": (mark("counts"), mark("A ratio of counts, as they are: no interval.")),
    "union": (
        mark("union over hidden counts"),
        mark("Where counts are hidden, the interval is the union of the intervals over all that they may be."),
    ),
    "newcombe": (
        mark("Newcombe"), mark("Interval of a difference: Newcombe's square-and-add on score limits."),
    ),
    "miettinen_nurminen": (
        mark("Miettinen-Nurminen"), mark("Interval of a ratio: Miettinen and Nurminen's score interval."),
    ),
    "square_and_add": (
        mark("square-and-add"), mark("Interval of a difference of two figures: their intervals, squared and added."),
    ),
    "student": (mark("Student"), mark("Interval of a mean: Student's t.")),
    "welch": (mark("Welch"), mark("Interval of a difference of two means: Welch's t.")),
    "calibration": (
        mark("person by person"),
        mark("Interval of a calibration error: from the spread of outcome minus score, person by person."),
    ),
    "mover": (
        mark("MOVER"), mark("Interval of a difference across strata: the score limits of each stratum, combined."),
    ),
    "greenland_robins": (
        mark("Greenland-Robins"),
        mark("Ratio of rates across strata: Mantel-Haenszel, with the interval of Greenland and Robins."),
    ),
    "robins_breslow_greenland": (
        mark("Robins-Breslow-Greenland"),
        mark("Ratio of odds across strata: Mantel-Haenszel, with the interval of Robins, Breslow and Greenland."),
    ),
    "odds_ratio": (
        mark("odds ratio"),
        mark("Interval of a ratio of odds: the score interval, exact where few cases are expected."),
    ),
    "lists": (
        mark("over lists"),
        mark("Interval over lists: the members of a list share it, so that lists are drawn, not people; Student's t."),
    ),
    "one_list": (
        mark("one list"), mark("Interval within one list: its places, drawn anew without being put back."),
    ),
    "shuffled": (mark("shuffled"), mark("The same lists in random order: between these ends lie 95 of 100.")),
    "delta": (mark("delta"), mark("Interval of a ratio of two sums over the same people: linearised, Student's t.")),
    "large_sample": (mark("large sample"), mark("Interval of an agreement: its large-sample variance.")),
    "wald": (mark("Wald"), mark("Interval of a fitted ratio of odds: the normal approximation of its logarithm.")),
    "kaplan_meier": (
        mark("Kaplan-Meier"),
        mark(
            "Share served by a time, those who still wait counted as waiting (Kaplan and Meier), Greenwood's variance."
        ),
    ),
    "brookmeyer_crowley": (
        mark("Brookmeyer-Crowley"),
        mark("Interval of a median time, from that of the share served (Brookmeyer and Crowley)."),
    ),
    "cox": (
        mark("Cox, log-rank"),
        mark("Ratio of paces (hazard ratio of Cox's model); p is that of the log-rank test, which needs no model."),
    ),
    "wilson_together": (
        mark("Wilson, all groups"),
        mark("The lowest rate of several groups: Wilson's interval at a level that holds for all of them together."),
    ),
    "newcombe_pairs": (
        mark("all pairs"),
        mark("Largest gap: every pair of groups gets its interval at a level that holds for all pairs together."),
    ),
}  # fmt: skip

TESTS = {
    "score": mark("Miettinen and Nurminen's score test"),
    "fisher": mark("Fisher's exact test"),
    "chi_square": mark("chi-square test"),
    "cluster_score": mark("score test over clusters"),
    "melded": mark("melded test (Fay, Proschan and Brittain)"),
    "melded_clusters": mark("melded test over clusters"),
    "mcnemar": mark("McNemar's exact test"),
    "mantel_haenszel_clusters": mark("test within strata, over clusters"),
    "mantel_haenszel": mark("Cochran, Mantel and Haenszel's test"),
}


def reason_sentence(code: str | None, language: str) -> str:
    """Why a figure is missing, in a sentence; a code that is not known is shown as it is."""
    return "" if code is None else translate(REASON_SENTENCES.get(code, code), language)


def method_name(code: str, language: str) -> str:
    """A method's short name."""
    base = code.removesuffix("_union")
    if base not in METHODS:
        return code
    name = translate(METHODS[base][0], language)
    return name if base == code else say("{method}, over hidden counts", method=name).text(language)


def method_words(code: str, language: str) -> str:
    """What a method is, in a sentence; "" where its code is not known."""
    base = code.removesuffix("_union")
    return translate(METHODS[base][1], language) if base in METHODS else ""


def test_name(code: str, language: str) -> str:
    """A test's name."""
    return translate(TESTS.get(code, code), language)


def withheld(reason: str | None, minimum_count: int) -> Message:
    """The mark that stands where a figure was withheld.

    >>> withheld("small_count", 11).text("en")
    'withheld (protects fewer than 11)'
    """
    if reason == "complementary" or minimum_count <= 0:
        return say("withheld (to protect another figure)")
    return say("withheld (protects fewer than {minimum})", minimum=minimum_count)
