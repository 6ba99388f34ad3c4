"""Holm's correction by hand and against statsmodels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from auditkit.inference import holm


def test_by_hand() -> None:
    # sorted 0.005 0.01 0.03 0.04 times 4 3 2 1: 0.02 0.03 0.06 0.04, the last raised to 0.06
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])


def test_nan_is_kept_and_not_counted() -> None:
    np.testing.assert_allclose(holm([np.nan, 0.02, np.nan, 0.03]), [np.nan, 0.04, np.nan, 0.04])


def test_never_above_one_and_nothing_to_correct() -> None:
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []
    assert np.isnan(holm([np.nan])).all()
    assert holm(0.04).shape == ()


def test_agrees_with_statsmodels() -> None:
    generator = np.random.default_rng(1)
    for size in (1, 7, 40):
        p_values = np.round(generator.random(size) ** 4, 3)  # with ties
        np.testing.assert_allclose(holm(p_values), multipletests(p_values, method="holm")[1], atol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 99))
def test_order_does_not_matter_and_no_p_falls(p_values: list[float], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(p_values))
    corrected = holm(p_values)
    np.testing.assert_allclose(holm(np.array(p_values)[order]), corrected[order])
    assert (corrected >= p_values).all()


def test_every_row_is_a_family_of_its_own() -> None:
    np.testing.assert_allclose(holm([[0.01, 0.02], [0.5, np.nan]]), [[0.02, 0.02], [0.5, np.nan]])
