"""The words of the figures of each kind: what the kind is, what each figure is called, how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.text import mark

__all__ = ["ITEMS", "LEADS", "TITLES"]

TITLES: Mapping[str, str] = {
    "ranking": mark("Places in a list"),
    "prediction": mark("Amounts that were predicted"),
    "verification": mark("One person or two: false matches and false non-matches"),
    "classes": mark("Classes in an order"),
    "probe": mark("What a system writes, when one attribute is swapped"),
    "reach": mark("Reach under a fixed number of places"),
    "survival": mark("How long it takes"),
    "unknown": mark("An attribute that nobody recorded"),
    "risk": mark("People of the same risk"),
    "unseen": mark("Those whom nobody looked at"),
}

LEADS: Mapping[str, tuple[str, ...]] = {
    "risk": (
        mark(
            "How often group and reference were selected at each level of risk, put together as if both had the risk "
            "of both together. What is left of the gap is not made by the risk that the audit names."
        ),
        mark(
            "A risk that leaves something out can make or hide a gap: the E-value says how strongly what was left out "
            "would have to go with both the group and the decision to make the gap that is left by itself."
        ),
    ),
    "unseen": (
        mark(
            "The outcomes of those not selected are unknown. In the worst case they may be anything; each further "
            "assumption narrows that: no riskier than those selected like them, or the odds of an outcome at most so "
            "many times theirs. Whether it holds is for the reader to judge: no figure here is a point."
        ),
        mark("The interval allows for chance at the end that it stands beside (Imbens and Manski 2004)."),
    ),
    "unknown": (
        mark(
            "Who belongs to which group is known by probability alone. Between the lowest and the highest rate, and "
            "gap, everything is possible with these data: this is what may be claimed."
        ),
        mark(
            "The weighted figure counts each person by their probability. It is right only where, among people with "
            "the same probability, selection has nothing to do with the group; it never stands without the bounds. The "
            "survey says how many people, drawn at random, would have to be asked for a gap within 5 points."
        ),
    ),
    "classes": (
        mark(
            "Each person is put into one class. Who is put into the last class is told first in this report; each "
            "other limit between classes is an analysis of its own."
        ),
        mark(
            "The odds of standing at or beyond a class are compared as one number where a group is shifted alike at "
            "every limit; a small p of the last column says that it is not, and that the limits are to be read one by "
            "one."
        ),
    ),
    "ranking": (
        mark(
            "Attention falls along a list. Exposure is the attention that a place gets, a mean over each group; of a "
            "group whose exposure is 0.8 times that of the reference, members are seen four times where theirs are "
            "seen five times."
        ),
        mark(
            "Divergence (NDKL, in bits) says how far the make-up of the beginning of the lists is from that of the "
            "whole. It is never 0 by chance alone: read it beside what the same lists give in random order."
        ),
    ),
    "prediction": (
        mark(
            "Errors are predicted less real, in the unit of the amount; 0 is an amount like any other. A mean error "
            "above 0 says that the group is charged, or promised, too much."
        ),
        mark(
            "A mean hides that errors cancel out: the mean absolute error does not, nor do the means within ranges of "
            "the predicted amount."
        ),
    ),
    "verification": (
        mark(
            "A false match takes two persons for one; a false non-match turns one person away. Rates at a threshold "
            "are in the tables of this report; here they are held against each other over all groups, and given at "
            "fixed false match rates."
        ),
        mark(
            "The largest of several rates lies above the smallest by chance alone: the interval, at a level that holds "
            "for all groups together, says by how much at least."
        ),
    ),
    "probe": (
        mark(
            "Made-up case files that differ in one attribute only were put to the system; each figure is the mean "
            "difference, over the cases, of what it wrote. p is corrected for all swaps of this probe together."
        ),
        mark(
            "Beside each stands the control swap, one value of the reference group for another, and the spread of "
            "repeats of one text: a difference no larger than those is no sign of anything."
        ),
    ),
    "survival": (
        mark(
            "Whoever still waits counts as waiting for as long as they were followed, not as never served. A share "
            "served by a time, and the time by which half are served, are estimates that take this into account."
        ),
        mark(
            "The pace says how often, of those who still wait at a time, one is served then; at 0.5 times the pace of "
            "the reference, waiting is about twice as long. Paces that cross over time are not told by one number: "
            "read the shares by each time. It is taken that leaving the records has nothing to do with being served."
        ),
    ),
    "reach": (
        mark(
            "Places are limited: whoever is reached takes the place of another. The numbers say how many more (or "
            "fewer) of each group were reached than if the same places had been given at one rate; they add up to 0."
        ),
        mark(
            "Nobody who was never listed is counted here: a list of people to reach leaves out those whom no file "
            "holds."
        ),
    ),
}

ITEMS: Mapping[str, str] = {
    "without_chance": mark("people without a probability"),
    "lowest_rate": mark("lowest selection rate"),
    "highest_rate": mark("highest selection rate"),
    "weighted_rate": mark("weighted selection rate"),
    "lowest_gap": mark("lowest gap"),
    "highest_gap": mark("highest gap"),
    "weighted_gap": mark("weighted gap"),
    "survey_people": mark("people to ask for a gap within 5 points"),
    "share_of_class": mark("in class {level}"),
    "cumulative_odds": mark("odds of a later class, times those of the reference"),
    "proportional_odds_p": mark("p: alike at every limit"),
    "quadratic_kappa": mark("agreement with the right class (quadratic kappa)"),
    "kappa_difference": mark("agreement, less that of the reference"),
    "right_class": mark("in the right class"),
    "one_class_above": mark("one class too far"),
    "one_class_below": mark("one class too near"),
    "two_or_more_apart": mark("two classes off or more"),
    "found_of_class": mark("of those who belong in {level}, put there"),
    "right_in_class": mark("of those put in {level}, who belong there"),
    "mean_exposure": mark("mean exposure"),
    "exposure_ratio": mark("exposure, times that of the reference"),
    "divergence": mark("divergence of the order (NDKL, bits)"),
    "divergence_by_chance": mark("divergence by chance alone"),
    "mean_error": mark("mean error"),
    "mean_error_difference": mark("mean error, less that of the reference"),
    "mean_absolute_error": mark("mean absolute error"),
    "mean_absolute_error_difference": mark("mean absolute error, less that of the reference"),
    "predicted_for_each_real": mark("predicted, for each unit that was real"),
    "predicted_too_high": mark("predicted too high, by any amount"),
    "far_too_high": mark("predicted too high by {level} or more"),
    "inequality_of_errors": mark("inequality of absolute errors (Gini)"),
    "mean_error_where": mark("mean error where {level} was predicted"),
    "threshold_at_rate": mark("threshold at a false match rate of {level}"),
    "false_match_at_rate": mark("false matches, all groups together at {level}"),
    "false_non_match_at_rate": mark("false non-matches, at a false match rate of {level}"),
    "false_match_with": mark("false matches with {level}"),
    "false_match_largest_to_smallest": mark("false matches at {level}: largest to smallest"),
    "false_match_largest_to_geometric_mean": mark("false matches at {level}: largest to geometric mean"),
    "false_match_gini": mark("false matches at {level}: Gini"),
    "false_non_match_largest_to_smallest": mark("false non-matches at {level}: largest to smallest"),
    "false_non_match_largest_to_geometric_mean": mark("false non-matches at {level}: largest to geometric mean"),
    "false_non_match_gini": mark("false non-matches at {level}: Gini"),
    "words": mark("words"),
    "reading_level": mark("reading level (LIX)"),
    "omitted_facts": mark("share of facts left out"),
    "invented_numbers": mark("numbers from nowhere"),
    "services_proposed": mark("services proposed"),
    "sanction_words": mark("words of sanction"),
    "warm_words": mark("words of warmth"),
    "urgent_words": mark("words of urgency"),
    "served_by": mark("served within {level}"),
    "median_time": mark("time by which half are served"),
    "pace_ratio": mark("pace, times that of the reference"),
    "without_time": mark("without a time"),
    "people_beyond_equal_reach": mark("people reached beyond equal reach"),
    "least_reached": mark("least reached group"),
    "places_used": mark("places used"),
    "risk_adjusted_difference": mark("gap at equal risk"),
    "rate_at_equal_risk": mark("selected, at the risk of both"),
    "reference_at_equal_risk": mark("reference selected, at the risk of both"),
    "risk_adjusted_ratio": mark("ratio at equal risk"),
    "risk_adjusted_e_value": mark("E-value of what is left"),
    "share_of_equal_risk": mark("people whose risk both groups have"),
    "lowest_base_rate": mark("lowest base rate"),
    "highest_base_rate": mark("highest base rate"),
    "lowest_true_positive_rate": mark("lowest true positive rate"),
    "highest_true_positive_rate": mark("highest true positive rate"),
    "lowest_false_positive_rate": mark("lowest false positive rate"),
    "highest_false_positive_rate": mark("highest false positive rate"),
}
