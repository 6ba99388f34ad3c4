"""Comparing like with like: Mantel-Haenszel against statsmodels, the disparity against published vectors."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from auditkit.inference import (
    conditional_disparity,
    mantel_haenszel_ratio,
    newcombe,
    standardised_difference,
)

# Bickel, Hammel and O'Connell, Science 187 (1975), six departments: women admitted, refused, men admitted, refused
BERKELEY = np.array([
    [89, 17, 202, 131, 94, 24], [19, 8, 391, 244, 299, 317],
    [512, 353, 120, 138, 53, 22], [313, 207, 205, 279, 138, 351],
])  # fmt: skip


def test_berkeley_admissions_agree_with_statsmodels() -> None:
    tables = [BERKELEY[:, k].reshape(2, 2) for k in range(6)]
    expected = StratifiedTable(tables)
    result = mantel_haenszel_ratio(*BERKELEY)
    np.testing.assert_allclose(result.odds_ratio, expected.oddsratio_pooled)
    np.testing.assert_allclose([result.odds_ratio_lower, result.odds_ratio_upper], expected.oddsratio_pooled_confint())
    np.testing.assert_allclose(result.rate_ratio, expected.riskratio_pooled)
    # R: mantelhaen.test(UCBAdmissions), men against women, 0.9047 (0.7719 to 1.0603)
    np.testing.assert_allclose(
        [1 / result.odds_ratio, 1 / result.odds_ratio_upper, 1 / result.odds_ratio_lower],
        [0.9046968, 0.7719074, 1.0603298], rtol=1e-6,
    )  # fmt: skip


def test_one_stratum_is_the_plain_ratio() -> None:
    result = mantel_haenszel_ratio([30], [70], [20], [80])
    np.testing.assert_allclose(result.odds_ratio, 30 * 80 / (70 * 20))
    width = 1.959963985 * np.sqrt(1 / 30 + 1 / 70 + 1 / 20 + 1 / 80)  # Woolf
    np.testing.assert_allclose(result.odds_ratio_upper / result.odds_ratio, np.exp(width), rtol=1e-8)
    np.testing.assert_allclose(result.rate_ratio, 1.5)
    width = 1.959963985 * np.sqrt(1 / 30 - 1 / 100 + 1 / 20 - 1 / 100)  # Katz
    np.testing.assert_allclose(result.rate_ratio_upper / result.rate_ratio, np.exp(width), rtol=1e-8)


def test_strata_with_one_group_only_are_counted_and_change_nothing() -> None:
    whole = mantel_haenszel_ratio([9, 14, 5, 0], [6, 8, 5, 0], [5, 8, 0, 0], [20, 16, 0, 0])
    part = mantel_haenszel_ratio([9, 14], [6, 8], [5, 8], [20, 16])
    assert whole.odds_ratio_upper == part.odds_ratio_upper
    assert (whole.strata_used, whole.strata_left_out) == (2, 1)


def test_sides_without_a_pair() -> None:
    result = mantel_haenszel_ratio([0, 0], [5, 6], [2, 3], [4, 4])
    assert (result.odds_ratio, result.odds_ratio_lower, result.odds_ratio_upper) == (0.0, 0.0, np.inf)
    nothing = mantel_haenszel_ratio([0], [5], [0], [4])
    assert np.isnan([nothing.odds_ratio, nothing.odds_ratio_lower, nothing.rate_ratio]).all()
    assert np.isnan(mantel_haenszel_ratio([1], [1], [0], [0]).odds_ratio)


def test_standardised_rates_of_berkeley() -> None:
    """The gap of 14 points to women's disadvantage turns into one of 4 to their advantage, weighted by department."""
    women, men = BERKELEY[0] + BERKELEY[1], BERKELEY[2] + BERKELEY[3]
    result = standardised_difference(BERKELEY[0], women, BERKELEY[2], men, women + men)
    by_hand = np.average(BERKELEY[0] / women - BERKELEY[2] / men, weights=women + men)
    np.testing.assert_allclose(result.value, by_hand)
    np.testing.assert_allclose(result.value, 0.43 - 0.38, atol=0.012)  # published to two decimals
    assert result.lower > 0


def test_standardised_difference_of_one_stratum_is_newcombes() -> None:
    result = standardised_difference([56], [70], [48], [80], [3.0])
    np.testing.assert_allclose([result.lower, result.upper], newcombe(56, 70, 48, 80))


def test_standardised_difference_leaves_out_what_cannot_be_compared() -> None:
    result = standardised_difference([5, 3, 0], [10, 9, 0], [4, 0, 2], [10, 0, 8], [1, 1, 1])
    np.testing.assert_allclose(result.value, 0.1)
    assert (result.strata_used, result.strata_left_out) == (1, 2)
    assert np.isnan(standardised_difference([3], [9], [0], [0], [1]).value)


@pytest.mark.parametrize("strata", [3, 20, 100])
@pytest.mark.parametrize("gap", [0.0, 0.2])
def test_standardised_difference_covers_many_small_strata(strata: int, gap: float) -> None:
    """Strata of 1 to 6 rows a group: adding up Wilson's arms alone holds in 85 to 90 %."""
    generator = np.random.default_rng(strata)
    n, n0 = generator.integers(1, 7, (2, strata))
    p0 = generator.beta(2, 6, strata)
    p = np.minimum(p0 + gap, 1)
    truth = np.average(p - p0, weights=n + n0)
    x, x0 = generator.binomial(n, p, (3000, strata)), generator.binomial(n0, p0, (3000, strata))
    result = standardised_difference(x, n, x0, n0, n + n0)
    assert 0.92 <= ((result.lower <= truth) & (result.upper >= truth)).mean() <= 0.985


def test_standard_errors_of_many_strata_by_hand() -> None:
    """Four strata of weight 1/4 with 1 of 2 against 1 of 2: variance 8 * (1/16) * (1/4)/1, wider than the arms."""
    result = standardised_difference([1] * 4, [2] * 4, [1] * 4, [2] * 4, [1] * 4)
    np.testing.assert_allclose([result.lower, result.upper], [-0.692952, 0.692952], rtol=1e-5)


def test_disparity_of_the_first_published_vector() -> None:
    """sagemaker-clarify 024329d, test_metrics.py: F 0.3982142857, M the opposite (strata 0, 1 and 2)."""
    facet = "M M M F F F F M M M M F M M F M F F M M F M M F".split()
    favourable = np.array([0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0])
    stratum = np.array([1, 0, 2, 2, 1, 1, 2, 1, 1, 2, 0, 1, 2, 0, 1, 1, 1, 2, 0, 1, 0, 0, 1, 1])
    women = np.array(facet) == "F"

    def counts(chosen: np.ndarray) -> list[np.ndarray]:
        return [np.bincount(stratum, chosen & (favourable == kind), 3) for kind in (0, 1)]

    everyone = counts(np.ones(24, dtype=bool))
    assert all((side > 0).all() for side in everyone)  # no empty side, so that both conventions agree
    result = conditional_disparity(*counts(women), *everyone)
    np.testing.assert_allclose(result.value, 0.3982142857, atol=1e-9)
    np.testing.assert_allclose(conditional_disparity(*counts(~women), *everyone).value, -0.3982142857, atol=1e-9)


def test_disparity_of_the_second_published_vector() -> None:
    """AIF360 34877916, test_metrics.py: weights 1 to 4; its figure is the mean of the groups' own, by weight."""
    rejected, accepted = np.array([1.0, 3, 3 + 1]), np.array([2.0, 4, 2])
    groups = [conditional_disparity([r], [a], [8.0], [8.0]).value for r, a in zip(rejected, accepted, strict=True)]
    np.testing.assert_allclose(groups, [-1 / 8, -1 / 8, 2 / 8])
    np.testing.assert_allclose(np.average(groups, weights=rejected + accepted), 0.015625)


def test_empty_sides_are_left_out_and_not_set_to_zero() -> None:
    # stratum 2 has no adverse decision: the other convention would average in 0 - 0.5
    result = conditional_disparity([3, 0], [1, 2], [4, 0], [4, 4])
    np.testing.assert_allclose(result.value, 0.5)
    assert (result.strata_used, result.strata_left_out) == (1, 1)
    assert np.isnan(conditional_disparity([0], [2], [0], [4]).value)
    assert conditional_disparity([3, 0], [1, 0], [4, 0], [4, 0]).strata_left_out == 0
