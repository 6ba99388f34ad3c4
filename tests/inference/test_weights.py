"""Effective numbers of rows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.inference import effective_n, wilson

WEIGHTS = st.lists(st.floats(0.1, 20), min_size=1, max_size=30)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_unit_weights_give_exactly_n(yes: int, no: int) -> None:
    if yes + no:
        assert effective_n(yes, no, yes, no) == yes + no
        assert effective_n(yes, no, yes, no, yes, no) == yes + no


@settings(deadline=None)
@given(WEIGHTS, WEIGHTS, st.floats(0.01, 100))
def test_variance_is_that_of_a_weighted_rate(yes: list[float], no: list[float], scale: float) -> None:
    w_yes, w_no = np.array(yes), np.array(no)
    total = w_yes.sum() + w_no.sum()
    p = w_yes.sum() / total
    variance = ((w_yes * (1 - p)) ** 2).sum() / total**2 + ((w_no * p) ** 2).sum() / total**2
    sums = (w_yes.sum(), w_no.sum(), (w_yes**2).sum(), (w_no**2).sum())
    np.testing.assert_allclose(effective_n(*sums), p * (1 - p) / variance, rtol=1e-9)
    scaled = (sums[0] * scale, sums[1] * scale, sums[2] * scale**2, sums[3] * scale**2)
    np.testing.assert_allclose(effective_n(*scaled), effective_n(*sums), rtol=1e-9)
    careful = effective_n(*sums, len(yes), len(no))
    assert careful <= effective_n(*sums) * (1 + 1e-9)
    np.testing.assert_allclose(effective_n(*scaled, len(yes), len(no)), careful, rtol=1e-6)


def test_rates_of_zero_and_one_take_kish() -> None:
    # weights 1, 1, 4: W^2 / W2 = 36 / 18
    np.testing.assert_allclose(effective_n([0, 6], [6, 0], [0, 18], [18, 0]), [2, 2])
    np.testing.assert_allclose(effective_n([0, 6], [6, 0], [0, 18], [18, 0], [0, 3], [3, 0]), [2, 2])


def test_no_rows_is_nan() -> None:
    assert np.isnan(effective_n(0, 0, 0, 0))
    assert np.isnan(effective_n(0, 0, 0, 0, 0, 0))


def test_two_light_cases_do_not_prove_that_cases_are_light() -> None:
    """Half the rows weigh 10, by chance both cases weigh 1: the plain formula believes in 100 rows and more."""
    others = (98 * 5.5, 49 * 100.0 + 49)
    plain = effective_n(2, others[0], 2, others[1])
    careful = effective_n(2, others[0], 2, others[1], 2, 98)
    assert plain > 300
    assert careful < 150


def test_weights_that_clearly_belong_to_the_outcome_are_left_alone() -> None:
    """A hundred cases of weight 1 and a thousand others of weight 5: no doubt about either."""
    plain = effective_n(100, 5000, 100 * 1.01, 25_000 * 1.01)
    careful = effective_n(100, 5000, 100 * 1.01, 25_000 * 1.01, 100, 1000)
    np.testing.assert_allclose(careful, plain, rtol=0.01)


def test_coverage_with_a_few_heavy_rows() -> None:
    """One row in five weighs 10; 8 cases expected in 400. Without the row counts coverage is 78 %."""
    generator = np.random.default_rng(5)
    event = generator.random((4000, 400)) < 0.02
    weight = np.where(generator.random(event.shape) < 0.2, 10.0, 1.0)
    yes, no = np.where(event, weight, 0), np.where(event, 0, weight)
    sums = (yes.sum(1), no.sum(1), (yes**2).sum(1), (no**2).sum(1))
    rate = sums[0] / (sums[0] + sums[1])
    covered = []
    for size in (effective_n(*sums), effective_n(*sums, event.sum(1), (~event).sum(1))):
        lower, upper = wilson(rate * size, size)
        covered.append(((lower <= 0.02) & (upper >= 0.02)).mean())
    assert covered[0] < 0.85
    assert 0.91 <= covered[1] <= 0.985
