"""Every measure is one row here: what it asks, what it divides by what, and whom it hurts.

A measure of kind `rate` is a part of a whole, both sums of the six counts, so that its complement, its bounds and
its interval follow from the row alone. The other kinds are computed where their name says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditkit.text import mark

__all__ = ["DEFAULT_MEASURES", "MEASURES", "PRIMARY", "Measure", "direction_of", "measure"]

Kind = Literal[
    "rate", "odds", "quotient", "share", "representation", "mean", "auc", "calibration", "calibration_by_bin", "strata",
    "stage", "prediction",
]  # fmt: skip
Hurts = Literal["higher", "lower", "context"]

TP, FP, SU = "true_positive", "false_positive", "selected_unseen"
FN, TN, NU = "false_negative", "true_negative", "not_selected_unseen"
SELECTED = (TP, FP, SU)
EVERYBODY = (TP, FP, SU, FN, TN, NU)
SEEN = (TP, FP, FN, TN)


@dataclass(frozen=True)
class Measure:
    """One row: `hypothesis` names what a test of it tests (a rate and its complement test one thing)."""

    key: str
    name: str
    question: str
    formula: str
    kind: Kind
    needs: Literal["selection", "outcome", "numeric outcome", "score", "score and outcome", "prediction"]
    punitive: Hurts
    assistive: Hurts
    hypothesis: str
    source: str
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()


_STANDARD = "Barocas, Hardt, Narayanan, Fairness and Machine Learning, 2023, chapter 3"

# fmt: off
_ROWS = (
    Measure(
        "selection_rate", mark("selection rate"),
        mark("What share of the group is selected?"), mark("people selected / people"),
        "rate", "selection", "higher", "lower", "selection", _STANDARD, SELECTED, EVERYBODY,
    ),
    Measure(
        "base_rate", mark("base rate"),
        mark("What share of the group has the outcome, selected or not?"),
        mark("people with the outcome / people whose outcome is known"),
        "rate", "outcome", "context", "context", "base_rate", _STANDARD, (TP, FN), SEEN,
    ),
    Measure(
        "true_positive_rate", mark("true positive rate"),
        mark("Of those with the outcome, what share was selected?"),
        mark("selected with the outcome / all with the outcome"),
        "rate", "outcome", "context", "lower", "true_positive_rate", _STANDARD, (TP,), (TP, FN),
    ),
    Measure(
        "false_positive_rate", mark("false positive rate"),
        mark("Of those without the outcome, what share was selected all the same?"),
        mark("selected without the outcome / all without the outcome"),
        "rate", "outcome", "higher", "context", "false_positive_rate", _STANDARD, (FP,), (FP, TN),
    ),
    Measure(
        "true_negative_rate", mark("true negative rate"),
        mark("Of those without the outcome, what share was left in peace?"),
        mark("not selected without the outcome / all without the outcome"),
        "rate", "outcome", "lower", "context", "false_positive_rate", _STANDARD, (TN,), (FP, TN),
    ),
    Measure(
        "false_negative_rate", mark("false negative rate"),
        mark("Of those with the outcome, what share was missed?"),
        mark("not selected with the outcome / all with the outcome"),
        "rate", "outcome", "context", "higher", "true_positive_rate", _STANDARD, (FN,), (TP, FN),
    ),
    Measure(
        "positive_predictive_value", mark("positive predictive value"),
        mark("Of those selected, what share has the outcome?"),
        mark("selected with the outcome / all selected whose outcome is known"),
        "rate", "outcome", "lower", "context", "positive_predictive_value", _STANDARD, (TP,), (TP, FP),
    ),
    Measure(
        "negative_predictive_value", mark("negative predictive value"),
        mark("Of those not selected, what share is without the outcome?"),
        mark("not selected without the outcome / all not selected whose outcome is known"),
        "rate", "outcome", "context", "lower", "negative_predictive_value", _STANDARD, (TN,), (FN, TN),
    ),
    Measure(
        "false_discovery_rate", mark("false discovery rate"),
        mark("Of those selected, what share was selected wrongly?"),
        mark("selected without the outcome / all selected whose outcome is known"),
        "rate", "outcome", "higher", "context", "positive_predictive_value", _STANDARD, (FP,), (TP, FP),
    ),
    Measure(
        "false_omission_rate", mark("false omission rate"),
        mark("Of those not selected, what share has the outcome all the same?"),
        mark("not selected with the outcome / all not selected whose outcome is known"),
        "rate", "outcome", "context", "higher", "negative_predictive_value", _STANDARD, (FN,), (FN, TN),
    ),
    Measure(
        "accuracy", mark("accuracy"),
        mark("For what share of the group does the selection agree with the outcome?"),
        mark("selected with the outcome and not selected without it / people whose outcome is known"),
        "rate", "outcome", "lower", "lower", "accuracy", _STANDARD, (TP, TN), SEEN,
    ),
    Measure(
        "error_rate", mark("error rate"),
        mark("For what share of the group does the selection disagree with the outcome?"),
        mark("selected without the outcome and not selected with it / people whose outcome is known"),
        "rate", "outcome", "higher", "higher", "accuracy", _STANDARD, (FP, FN), SEEN,
    ),
    Measure(
        "false_positive_share", mark("false positive share"),
        mark("What share of the whole group was selected wrongly?"),
        mark("selected without the outcome / people whose outcome is known"),
        "rate", "outcome", "higher", "context", "false_positive_share",
        "City of Amsterdam, Smart Check bias analysis, 2022", (FP,), SEEN,
    ),
    Measure(
        "true_positive_share", mark("true positive share"),
        mark("What share of the whole group was selected rightly?"),
        mark("selected with the outcome / people whose outcome is known"),
        "rate", "outcome", "context", "context", "true_positive_share",
        "Lighthouse Reports, Svenska Dagbladet, Sweden's Suspicion Machine, 2024", (TP,), SEEN,
    ),
    Measure(
        "true_negative_share", mark("true negative share"),
        mark("What share of the whole group was left in peace, rightly?"),
        mark("not selected without the outcome / people whose outcome is known"),
        "rate", "outcome", "context", "context", "true_negative_share",
        "Lighthouse Reports, Svenska Dagbladet, Sweden's Suspicion Machine, 2024", (TN,), SEEN,
    ),
    Measure(
        "false_negative_share", mark("false negative share"),
        mark("What share of the whole group has the outcome and was missed?"),
        mark("not selected with the outcome / people whose outcome is known"),
        "rate", "outcome", "context", "higher", "false_negative_share",
        "Lighthouse Reports, Svenska Dagbladet, Sweden's Suspicion Machine, 2024", (FN,), SEEN,
    ),
    Measure(
        "burden", mark("burden"),
        mark("How many people are selected wrongly for each one selected rightly?"),
        mark("selected without the outcome / selected with the outcome"),
        "odds", "outcome", "higher", "context", "positive_predictive_value",
        "ISF, Sweden, equal burden, 2018", (FP,), (TP,),
    ),
    Measure(
        "positive_likelihood_ratio", mark("positive likelihood ratio"),
        mark("How much likelier is selection with the outcome than without it?"),
        mark("true positive rate / false positive rate"),
        "quotient", "outcome", "context", "context", "positive_likelihood_ratio", _STANDARD,
    ),
    Measure(
        "negative_likelihood_ratio", mark("negative likelihood ratio"),
        mark("How much likelier is it to be left out with the outcome than without it?"),
        mark("false negative rate / true negative rate"),
        "quotient", "outcome", "context", "context", "negative_likelihood_ratio", _STANDARD,
    ),
    Measure(
        "share_of_population", mark("share of the population"),
        mark("What share of all people is of this group?"), mark("people of the group / all people"),
        "share", "selection", "context", "context", "share_of_population", _STANDARD, EVERYBODY, EVERYBODY,
    ),
    Measure(
        "share_of_selected", mark("share of those selected"),
        mark("What share of all people selected is of this group?"),
        mark("people selected of the group / all people selected"),
        "share", "selection", "higher", "lower", "share_of_selected", _STANDARD, SELECTED, SELECTED,
    ),
    Measure(
        "share_of_positives", mark("share of those with the outcome"),
        mark("What share of all people with the outcome is of this group?"),
        mark("people with the outcome of the group / all people with the outcome"),
        "share", "outcome", "context", "context", "share_of_positives",
        "ISF, Sweden, equal burden, 2018", (TP, FN), (TP, FN),
    ),
    Measure(
        "share_of_true_positives", mark("share of those selected rightly"),
        mark("What share of all people selected rightly is of this group?"),
        mark("people of the group selected with the outcome / all people selected with the outcome"),
        "share", "outcome", "context", "context", "share_of_true_positives",
        "ISF, Sweden, equal burden, 2018", (TP,), (TP,),
    ),
    Measure(
        "mean_score", mark("mean score"),
        mark("What is the average score of the group?"), mark("sum of scores / people with a score"),
        "mean", "score", "higher", "lower", "mean_score", _STANDARD,
    ),
    Measure(
        "auc", mark("area under the ROC curve"),
        mark("How often does a person with the outcome score higher than one without it?"),
        mark("pairs in which the person with the outcome scores higher, ties counting half / all pairs"),
        "auc", "score and outcome", "lower", "lower", "auc",
        "DeLong, DeLong, Clarke-Pearson, Biometrics 44, 1988",
    ),
    Measure(
        "calibration_error", mark("calibration error"),
        mark("Does the outcome happen as often as the score says?"),
        mark("share with the outcome - mean score (scores between 0 and 1)"),
        "calibration", "score and outcome", "lower", "higher", "calibration_error", _STANDARD,
    ),
    Measure(
        "calibration_error_by_bin", mark("calibration error by bin"),
        mark("Over the scale of the score, how far is the outcome from what the score says?"),
        mark("square root of the mean over ten bins of (share with the outcome - mean score)^2, less what chance adds"),
        "calibration_by_bin", "score and outcome", "context", "context", "calibration_error_by_bin",
        "Kumar, Liang, Ma, Verified Uncertainty Calibration, NeurIPS 2019",
    ),
    Measure(
        "mean_outcome", mark("mean outcome"),
        mark("What is the average outcome of the group, where the outcome is a number?"),
        mark("sum of outcomes / people whose outcome is known"),
        "mean", "numeric outcome", "context", "context", "mean_outcome", _STANDARD,
    ),
    Measure(
        "representation_ratio", mark("representation ratio"),
        mark("How many times larger is the group's share of those selected than its share of the population?"),
        mark("share of those selected / share of the population"),
        "representation", "selection", "higher", "lower", "representation_ratio",
        "Bayes' rule; not the ratio of its rate to that of the rest, which is further from 1", SELECTED, EVERYBODY,
    ),
    Measure(
        "passing_rate", mark("passing rate"),
        mark("Of those of the group who reached a stage of the chain, what share passed it?"),
        mark("people who passed the stage / people who reached it"),
        "stage", "selection", "higher", "lower", "passing_rate", _STANDARD,
    ),
    Measure(
        "conditional_disparity", mark("conditional disparity"),
        mark("Within strata, is the group more present among the adverse decisions than among the favourable ones?"),
        mark("share of the group among adverse decisions - share among favourable ones, averaged over strata"),
        "strata", "selection", "higher", "higher", "conditional_disparity",
        "Wachter, Mittelstadt, Russell, Computer Law and Security Review 41, 2021",
    ),
    Measure(
        "standardised_selection_rate_difference", mark("standardised selection rate difference"),
        mark("How far apart are the selection rates when both groups are spread alike over the strata?"),
        mark("selection rate of the group - selection rate of the reference, averaged over strata"),
        "strata", "selection", "higher", "lower", "standardised_selection_rate_difference",
        "Zou, Huang, Zhang, Statistics in Medicine 28, 2009",
    ),
    Measure(
        "mantel_haenszel_ratio", mark("ratio of selection rates across strata"),
        mark("Within strata, how many times as often is the group selected as the reference?"),
        mark("Mantel-Haenszel ratio of the selection rates of group and reference"),
        "strata", "selection", "higher", "lower", "mantel_haenszel_ratio",
        "Mantel, Haenszel, 1959; Greenland, Robins, Biometrics 41, 1985",
    ),
    Measure(
        "mantel_haenszel_odds_ratio", mark("ratio of the odds of selection across strata"),
        mark("Within strata, how many times the odds of the reference are the group's odds of selection?"),
        mark("Mantel-Haenszel ratio of the odds of selection of group and reference"),
        "strata", "selection", "higher", "lower", "mantel_haenszel_odds_ratio",
        "Mantel, Haenszel, 1959; Robins, Breslow, Greenland, Biometrics 42, 1986",
    ),
    Measure(
        "mean_absolute_percentage_error", mark("mean absolute percentage error"),
        mark("By what part of the real number is the prediction off, on average?"),
        mark("mean of |predicted - real| / real"),
        "prediction", "prediction", "context", "context", "mean_absolute_percentage_error",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "mean_absolute_percentage_error_of_positives", mark("mean absolute percentage error of those with the outcome"),
        mark("By what part of the real number is the prediction off, on average, for those with the outcome?"),
        mark("mean of |predicted - real| / real over people with the outcome"),
        "prediction", "prediction", "context", "context", "mean_absolute_percentage_error_of_positives",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "root_mean_square_log_error", mark("root mean square error of the logarithm"),
        mark("How far is the prediction off, in logarithms?"),
        mark("square root of the mean of (log predicted - log real)^2"),
        "prediction", "prediction", "context", "context", "root_mean_square_log_error",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "r_squared_log", mark("R squared of the logarithm"),
        mark("How much of the spread of the real number does the prediction account for, in logarithms?"),
        mark("1 - sum of (log predicted - log real)^2 / sum of (log real - its mean)^2"),
        "prediction", "prediction", "context", "context", "r_squared_log",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "rank_correlation", mark("rank correlation"),
        mark("Does the prediction put people in the right order?"),
        mark("Spearman correlation of predicted and real"),
        "prediction", "prediction", "context", "context", "rank_correlation",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "under_predicted", mark("share predicted too low"),
        mark("For what share of the group is the prediction well below the real number?"),
        mark("people with log predicted - log real below - within / people with both numbers"),
        "prediction", "prediction", "context", "context", "under_predicted",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "accurately_predicted", mark("share predicted accurately"),
        mark("For what share of the group is the prediction near the real number?"),
        mark("people with log predicted - log real within the limit / people with both numbers"),
        "prediction", "prediction", "context", "context", "accurately_predicted",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
    Measure(
        "over_predicted", mark("share predicted too high"),
        mark("For what share of the group is the prediction well above the real number?"),
        mark("people with log predicted - log real above within / people with both numbers"),
        "prediction", "prediction", "context", "context", "over_predicted",
        "Lighthouse Reports, Kenya SHA proxy means test, 2026",
    ),
)
# fmt: on

MEASURES = {row.key: row for row in _ROWS}

DEFAULT_MEASURES = (
    "selection_rate", "base_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate",
    "false_negative_rate", "positive_predictive_value", "negative_predictive_value", "false_discovery_rate",
    "false_omission_rate", "accuracy", "burden", "share_of_population", "share_of_selected", "mean_score",
    "auc", "calibration_error", "calibration_error_by_bin", "mean_outcome",
)  # fmt: skip

PRIMARY = {
    "punitive": ("selection_rate", "false_positive_rate"),
    "assistive": ("selection_rate", "false_negative_rate"),
}


def measure(key: str) -> Measure:
    """The row of a measure."""
    return MEASURES[key]


def direction_of(key: str, harm: str) -> Hurts:
    """Which end of a measure hurts, when being selected hurts (punitive) or helps (assistive).

    The key of a measure within strata or of a stage may carry its name after a colon.

    >>> direction_of("false_positive_rate", "punitive"), direction_of("false_positive_rate", "assistive")
    ('higher', 'context')
    """
    row = MEASURES[key.partition(":")[0]]
    return row.punitive if harm == "punitive" else row.assistive
