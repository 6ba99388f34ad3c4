"""Intervals, tests and corrections: what can and cannot be said of a number that comes from so many rows.
Pure functions over numpy arrays; a replicate is one more leading axis. What cannot be worked out is NaN."""

from auditkit.inference.anytime import Evidence, gap_evidence, lasting_interval, mixture_radius
from auditkit.inference.auc import AucEstimate, auc_estimate, auc_from_bins, auc_interval
from auditkit.inference.bootstrap import Bootstrap, bootstrap, cluster_bootstrap, replicate_weights, stream
from auditkit.inference.calibration import (
    CalibrationByBin,
    CalibrationError,
    calibration_error,
    calibration_error_by_bin,
    mean_difference,
    mean_interval,
)
from auditkit.inference.capacity import people_under_capacity, pooled_rates
from auditkit.inference.cluster_claims import cluster_claims
from auditkit.inference.cluster_variance import ClusterGap, ClusterRate, cluster_gap, cluster_interval
from auditkit.inference.clustered_strata import ClusteredStrata, clustered_strata
from auditkit.inference.contracted_caseload import contraction
from auditkit.inference.count_bounds import (
    BothGapBounds,
    CountBounds,
    GapBounds,
    gap_bounds,
    largest_gap_bounds,
    rate_bounds,
    rate_interval_union,
)
from auditkit.inference.detectable_gaps import smallest_established, smallest_told
from auditkit.inference.effective_sample_size import effective_n
from auditkit.inference.exact_tables import conditional_odds_ratio, fisher_exact
from auditkit.inference.gap_claims import GapClaims, adjusted_p, claim_words, family_levels, gap_claims, weakest
from auditkit.inference.gap_tests import GapTest, gap_test, smallest_detectable_ratio
from auditkit.inference.holm import holm
from auditkit.inference.kitagawa import RateChange, rate_change
from auditkit.inference.largest_gap import (
    EqualisedOddsGap,
    Homogeneity,
    LargestGap,
    equalised_odds_gap,
    homogeneity_chi_square,
    largest_gap,
)
from auditkit.inference.like_with_like import LEAST_OVERLAP, LikeWithLike, like_with_like
from auditkit.inference.melded import Limits, melded_difference_interval, melded_ratio_interval, melded_test
from auditkit.inference.odds_ratios import odds_ratio_interval
from auditkit.inference.ordered_classes import CumulativeOdds, cumulative_odds, quadratic_kappa
from auditkit.inference.paired_rates import PairedGap, paired_claims, paired_gap, paired_ratio_interval
from auditkit.inference.partial_verification import VerifiedRate, VerifiedRates, verified_rates
from auditkit.inference.rankings import attention, divergence_along, ratio_in_one_list, ratio_over_lists
from auditkit.inference.rate_intervals import newcombe, square_and_add, wilson
from auditkit.inference.ratio_intervals import ratio_interval, ratio_test
from auditkit.inference.risk_adjustment import RiskAdjusted, forced_false_positive_rate, risk_adjusted
from auditkit.inference.selective_outcomes import BoundedRate, imbens_manski, selective_rates
from auditkit.inference.sensitivity import (
    adjusted_coefficient,
    e_value,
    partial_r2,
    recorded_rate_bounds,
    robustness_value,
    tipping_record,
)
from auditkit.inference.share_intervals import multinomial_difference, multinomial_ratio
from auditkit.inference.stratified import (
    ConditionalDisparity,
    MantelHaenszel,
    StandardisedDifference,
    conditional_disparity,
    mantel_haenszel_ratio,
    standardised_difference,
)
from auditkit.inference.subgroup_search import halved, slice_score, standing_out
from auditkit.inference.sum_ratios import ratio_of_sums
from auditkit.inference.times_to_event import PaceRatio, SharesBy, pace_ratio, shares_by
from auditkit.inference.unknown_attribute import (
    Bounded,
    Weighted,
    proxy_gap_bounds,
    proxy_rate_bounds,
    survey_size,
    weighted_gap,
    weighted_rate,
)
from auditkit.inference.unstated_groups import (
    allocations,
    tipping_factor,
    unstated_claims,
    unstated_range,
    unstated_tables,
)

__all__ = [
    "LEAST_OVERLAP",
    "AucEstimate",
    "Bootstrap",
    "BothGapBounds",
    "Bounded",
    "BoundedRate",
    "CalibrationByBin",
    "CalibrationError",
    "ClusterGap",
    "ClusterRate",
    "ClusteredStrata",
    "ConditionalDisparity",
    "CountBounds",
    "CumulativeOdds",
    "EqualisedOddsGap",
    "Evidence",
    "GapBounds",
    "GapClaims",
    "GapTest",
    "Homogeneity",
    "LargestGap",
    "LikeWithLike",
    "Limits",
    "MantelHaenszel",
    "PaceRatio",
    "PairedGap",
    "RateChange",
    "RiskAdjusted",
    "SharesBy",
    "StandardisedDifference",
    "VerifiedRate",
    "VerifiedRates",
    "Weighted",
    "adjusted_coefficient",
    "adjusted_p",
    "allocations",
    "attention",
    "auc_estimate",
    "auc_from_bins",
    "auc_interval",
    "bootstrap",
    "calibration_error",
    "calibration_error_by_bin",
    "claim_words",
    "cluster_bootstrap",
    "cluster_claims",
    "cluster_gap",
    "cluster_interval",
    "clustered_strata",
    "conditional_disparity",
    "conditional_odds_ratio",
    "contraction",
    "cumulative_odds",
    "divergence_along",
    "e_value",
    "effective_n",
    "equalised_odds_gap",
    "family_levels",
    "fisher_exact",
    "forced_false_positive_rate",
    "gap_bounds",
    "gap_claims",
    "gap_evidence",
    "gap_test",
    "halved",
    "holm",
    "homogeneity_chi_square",
    "imbens_manski",
    "largest_gap",
    "largest_gap_bounds",
    "lasting_interval",
    "like_with_like",
    "mantel_haenszel_ratio",
    "mean_difference",
    "mean_interval",
    "melded_difference_interval",
    "melded_ratio_interval",
    "melded_test",
    "mixture_radius",
    "multinomial_difference",
    "multinomial_ratio",
    "newcombe",
    "odds_ratio_interval",
    "pace_ratio",
    "paired_claims",
    "paired_gap",
    "paired_ratio_interval",
    "partial_r2",
    "people_under_capacity",
    "pooled_rates",
    "proxy_gap_bounds",
    "proxy_rate_bounds",
    "quadratic_kappa",
    "rate_bounds",
    "rate_change",
    "rate_interval_union",
    "ratio_in_one_list",
    "ratio_interval",
    "ratio_of_sums",
    "ratio_over_lists",
    "ratio_test",
    "recorded_rate_bounds",
    "replicate_weights",
    "risk_adjusted",
    "robustness_value",
    "selective_rates",
    "shares_by",
    "slice_score",
    "smallest_detectable_ratio",
    "smallest_established",
    "smallest_told",
    "square_and_add",
    "standardised_difference",
    "standing_out",
    "stream",
    "survey_size",
    "tipping_factor",
    "tipping_record",
    "unstated_claims",
    "unstated_range",
    "unstated_tables",
    "verified_rates",
    "weakest",
    "weighted_gap",
    "weighted_rate",
    "wilson",
]
