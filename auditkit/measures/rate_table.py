"""The rates, and what is worked out from the six counts of a group alone: what each asks, counts, and whom it hurts."""

from __future__ import annotations

from auditkit.measures.composites import Composite
from auditkit.measures.measure import Measure
from auditkit.measures.rates import Rate, RatioOfCounts
from auditkit.text import mark

__all__ = ["EVERYBODY", "FALSE_DISCOVERY_RATE", "RATES", "SELECTED", "SELECTION_RATE", "STANDARD"]

TP, FP, SU = "true_positive", "false_positive", "selected_unseen"
FN, TN, NU = "false_negative", "true_negative", "not_selected_unseen"
SELECTED = (TP, FP, SU)
EVERYBODY = (TP, FP, SU, FN, TN, NU)
SEEN = (TP, FP, FN, TN)

STANDARD = "Barocas, Hardt, Narayanan, Fairness and Machine Learning, 2023, chapter 3"

SELECTION_RATE = Rate(
    "selection_rate",
    mark("selection rate"),
    mark("What share of the group is selected?"),
    mark("people selected / people"),
    "selection",
    "higher",
    "lower",
    "selection",
    STANDARD,
    said=mark(
        "Of {people} in the group {group}, {value} were selected ({interval}); "
        "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
    ),
    counted=SELECTED,
    among=EVERYBODY,
)
FALSE_DISCOVERY_RATE = Rate(
    "false_discovery_rate",
    mark("false discovery rate"),
    mark("Of those selected, what share was selected wrongly?"),
    mark("selected without the outcome / all selected whose outcome is known"),
    "outcome",
    "higher",
    "context",
    "positive_predictive_value",
    STANDARD,
    said=mark(
        "Of {people} selected in the group {group}, {value} were selected wrongly ({interval}); "
        "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
    ),
    counted=(FP,),
    among=(TP, FP),
)

RATES: tuple[Measure, ...] = (
    SELECTION_RATE,
    Rate(
        "base_rate",
        mark("base rate"),
        mark("What share of the group has the outcome, selected or not?"),
        mark("people with the outcome / people whose outcome is known"),
        "outcome",
        "context",
        "context",
        "base_rate",
        STANDARD,
        said=mark(
            "Of {people} in the group {group} whose outcome is known, {value} have the outcome ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(TP, FN),
        among=SEEN,
    ),
    Rate(
        "true_positive_rate",
        mark("true positive rate"),
        mark("Of those with the outcome, what share was selected?"),
        mark("selected with the outcome / all with the outcome"),
        "outcome",
        "context",
        "lower",
        "true_positive_rate",
        STANDARD,
        said=mark(
            "Of {people} with the outcome in the group {group}, {value} were selected ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(TP,),
        among=(TP, FN),
    ),
    Rate(
        "false_positive_rate",
        mark("false positive rate"),
        mark("Of those without the outcome, what share was selected all the same?"),
        mark("selected without the outcome / all without the outcome"),
        "outcome",
        "higher",
        "context",
        "false_positive_rate",
        STANDARD,
        said=mark(
            "Of {people} without the outcome in the group {group}, {value} were selected all the same ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(FP,),
        among=(FP, TN),
    ),
    Rate(
        "true_negative_rate",
        mark("true negative rate"),
        mark("Of those without the outcome, what share was left in peace?"),
        mark("not selected without the outcome / all without the outcome"),
        "outcome",
        "lower",
        "context",
        "false_positive_rate",
        STANDARD,
        said=mark(
            "Of {people} without the outcome in the group {group}, {value} were left in peace ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(TN,),
        among=(FP, TN),
    ),
    Rate(
        "false_negative_rate",
        mark("false negative rate"),
        mark("Of those with the outcome, what share was missed?"),
        mark("not selected with the outcome / all with the outcome"),
        "outcome",
        "context",
        "higher",
        "true_positive_rate",
        STANDARD,
        said=mark(
            "Of {people} with the outcome in the group {group}, {value} were missed ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(FN,),
        among=(TP, FN),
    ),
    Rate(
        "positive_predictive_value",
        mark("positive predictive value"),
        mark("Of those selected, what share has the outcome?"),
        mark("selected with the outcome / all selected whose outcome is known"),
        "outcome",
        "lower",
        "context",
        "positive_predictive_value",
        STANDARD,
        said=mark(
            "Of {people} selected in the group {group}, {value} have the outcome ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(TP,),
        among=(TP, FP),
    ),
    Rate(
        "negative_predictive_value",
        mark("negative predictive value"),
        mark("Of those not selected, what share is without the outcome?"),
        mark("not selected without the outcome / all not selected whose outcome is known"),
        "outcome",
        "context",
        "lower",
        "negative_predictive_value",
        STANDARD,
        said=mark(
            "Of {people} not selected in the group {group}, {value} are without the outcome ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(TN,),
        among=(FN, TN),
    ),
    FALSE_DISCOVERY_RATE,
    Rate(
        "false_omission_rate",
        mark("false omission rate"),
        mark("Of those not selected, what share has the outcome all the same?"),
        mark("not selected with the outcome / all not selected whose outcome is known"),
        "outcome",
        "context",
        "higher",
        "negative_predictive_value",
        STANDARD,
        said=mark(
            "Of {people} not selected in the group {group}, {value} have the outcome all the same ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(FN,),
        among=(FN, TN),
    ),
    Rate(
        "accuracy",
        mark("accuracy"),
        mark("For what share of the group does the selection agree with the outcome?"),
        mark("selected with the outcome and not selected without it / people whose outcome is known"),
        "outcome",
        "lower",
        "lower",
        "accuracy",
        STANDARD,
        said=mark(
            "Of {people} in the group {group}, {value} were judged rightly ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(TP, TN),
        among=SEEN,
    ),
    Rate(
        "error_rate",
        mark("error rate"),
        mark("For what share of the group does the selection disagree with the outcome?"),
        mark("selected without the outcome and not selected with it / people whose outcome is known"),
        "outcome",
        "higher",
        "higher",
        "accuracy",
        STANDARD,
        said=mark(
            "Of {people} in the group {group}, {value} were judged wrongly ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(FP, FN),
        among=SEEN,
    ),
    Rate(
        "false_positive_share",
        mark("false positive share"),
        mark("What share of the whole group was selected wrongly?"),
        mark("selected without the outcome / people whose outcome is known"),
        "outcome",
        "higher",
        "context",
        "false_positive_share",
        "City of Amsterdam, Smart Check bias analysis, 2022",
        said=mark(
            "Of {people} in the group {group}, {value} were selected wrongly ({interval}); "
            "in the reference group {reference}, {reference_value} {reference_people} ({reference_interval})."
        ),
        counted=(FP,),
        among=SEEN,
    ),
    Rate(
        "true_positive_share",
        mark("true positive share"),
        mark("What share of the whole group was selected rightly?"),
        mark("selected with the outcome / people whose outcome is known"),
        "outcome",
        "context",
        "context",
        "true_positive_share",
        "Lighthouse Reports, Svenska Dagbladet, Sweden's Suspicion Machine, 2024",
        counted=(TP,),
        among=SEEN,
    ),
    Rate(
        "true_negative_share",
        mark("true negative share"),
        mark("What share of the whole group was left in peace, rightly?"),
        mark("not selected without the outcome / people whose outcome is known"),
        "outcome",
        "context",
        "context",
        "true_negative_share",
        "Lighthouse Reports, Svenska Dagbladet, Sweden's Suspicion Machine, 2024",
        counted=(TN,),
        among=SEEN,
    ),
    Rate(
        "false_negative_share",
        mark("false negative share"),
        mark("What share of the whole group has the outcome and was missed?"),
        mark("not selected with the outcome / people whose outcome is known"),
        "outcome",
        "context",
        "higher",
        "false_negative_share",
        "Lighthouse Reports, Svenska Dagbladet, Sweden's Suspicion Machine, 2024",
        counted=(FN,),
        among=SEEN,
    ),
    RatioOfCounts(
        "burden",
        mark("burden"),
        mark("How many people are selected wrongly for each one selected rightly?"),
        mark("selected without the outcome / selected with the outcome"),
        "outcome",
        "higher",
        "context",
        "positive_predictive_value",
        "ISF, Sweden, equal burden, 2018",
        said=mark(
            "In the group {group}, for each person selected rightly, {value} were selected wrongly ({interval}); "
            "in the reference group {reference}, {reference_value} ({reference_interval})."
        ),
        rate=FALSE_DISCOVERY_RATE,
    ),
    Composite(
        "positive_likelihood_ratio",
        mark("positive likelihood ratio"),
        mark("How much likelier is selection with the outcome than without it?"),
        mark("true positive rate / false positive rate"),
        "outcome",
        "context",
        "context",
        "positive_likelihood_ratio",
        STANDARD,
        of_counts="true_positive / (true_positive + false_negative) "
        "/ (false_positive / (false_positive + true_negative))",
        is_ratio=True,
    ),
    Composite(
        "negative_likelihood_ratio",
        mark("negative likelihood ratio"),
        mark("How much likelier is it to be left out with the outcome than without it?"),
        mark("false negative rate / true negative rate"),
        "outcome",
        "context",
        "context",
        "negative_likelihood_ratio",
        STANDARD,
        of_counts="false_negative / (true_positive + false_negative) "
        "/ (true_negative / (false_positive + true_negative))",
        is_ratio=True,
    ),
)
