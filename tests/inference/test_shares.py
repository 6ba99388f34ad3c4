"""Shares of one total are multinomial."""

import numpy as np

from auditkit.inference import multinomial_difference, multinomial_ratio, wilson

Z = 1.959963984540054


def test_ratio_by_hand() -> None:
    width = Z * np.sqrt(1 / 40 + 1 / 10)
    np.testing.assert_allclose(multinomial_ratio(40, 10), [4 * np.exp(-width), 4 * np.exp(width)])


def test_ratio_with_nobody_on_one_side_is_wilson_on_the_two() -> None:
    lower, upper = multinomial_ratio([0, 12, 0], [12, 0, 0])
    share_upper = wilson(0, 12)[1]
    assert lower[0] == 0
    np.testing.assert_allclose(upper[0], share_upper / (1 - share_upper))
    np.testing.assert_allclose(lower[1], (1 - share_upper) / share_upper)
    assert upper[1] == np.inf
    assert np.isnan([lower[2], upper[2]]).all()


def test_difference_by_hand() -> None:
    width = Z * np.sqrt((0.5 - 0.09) / 100)
    np.testing.assert_allclose(multinomial_difference(40, 10, 100), [0.3 - width, 0.3 + width])


def test_difference_never_loses_its_width() -> None:
    lower, upper = multinomial_difference([0, 20, 0], [0, 0, 20], [20, 20, 20])
    most = Z**2 / (20 + Z**2)
    np.testing.assert_allclose(lower, [-most, 1 - 2 * most, -1])
    np.testing.assert_allclose(upper, [most, 1, -1 + 2 * most])


def test_impossible_shares_are_nan() -> None:
    assert np.isnan(multinomial_difference([5, 60, -1], [0, 60, 3], [0, 100, 10])).all()
    assert np.isnan(multinomial_ratio(-1, 4)).all()


def test_coverage_of_a_difference_of_shares() -> None:
    generator = np.random.default_rng(8)
    drawn = generator.multinomial(400, [0.3, 0.2, 0.5], 20_000)
    lower, upper = multinomial_difference(drawn[:, 0], drawn[:, 1], 400)
    assert 0.94 < ((lower <= 0.1) & (upper >= 0.1)).mean() < 0.96
    lower, upper = multinomial_ratio(drawn[:, 0], drawn[:, 1])
    assert 0.94 < ((lower <= 1.5) & (upper >= 1.5)).mean() < 0.96
