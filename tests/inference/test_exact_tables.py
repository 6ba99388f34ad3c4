"""Fisher's test against scipy, R and hand-worked tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from auditkit.inference import fisher_exact

SMALL = st.integers(0, 60)


def test_the_lady_tasting_tea() -> None:
    # tables 0..4 right of 4: 1, 16, 36, 16, 1 of 70; as unlikely as 3: 16 + 16 + 1 + 1
    np.testing.assert_allclose(fisher_exact([4, 3, 2], [0, 1, 2], [0, 1, 2], [4, 3, 2]), [2 / 70, 34 / 70, 1.0])


def test_r_help_page_convictions() -> None:
    # R: fisher.test(matrix(c(2, 10, 15, 3), 2)), Fisher's twins, p = 0.0005367
    np.testing.assert_allclose(fisher_exact(2, 15, 10, 3), 0.0005367241, rtol=1e-6)


@settings(max_examples=150, deadline=None)
@given(SMALL, SMALL, SMALL, SMALL)
def test_agrees_with_scipy(a: int, b: int, c: int, d: int) -> None:
    np.testing.assert_allclose(fisher_exact(a, b, c, d), stats.fisher_exact([[a, b], [c, d]])[1], rtol=1e-9)


def test_ties_count_however_they_are_rounded() -> None:
    # with equal margins the law is symmetric, so p is twice a tail, at any size
    for size in (5, 500, 50_000):
        law = stats.hypergeom(2 * size, size, size)
        far = size // 2 + int(np.sqrt(size) / 2)
        expected = 2 * law.sf(far - 1)
        np.testing.assert_allclose(fisher_exact(far, size - far, size - far, far), expected, rtol=1e-7)


def test_one_possible_table_and_empty_table() -> None:
    assert fisher_exact([0, 5, 0, 3], [5, 0, 0, 0], [0, 7, 0, 0], [7, 0, 0, 4]).tolist()[:3] == [1.0, 1.0, 1.0]


def test_large_totals_with_few_cases() -> None:
    expected = stats.fisher_exact([[3, 2_000_000], [40, 3_000_000]])[1]
    np.testing.assert_allclose(fisher_exact(3, 2_000_000, 40, 3_000_000), expected, rtol=1e-6)


def test_large_everything() -> None:
    p_value = fisher_exact(500_000, 500_500, 500_000, 499_500)
    pooled = stats.chi2_contingency([[500_000, 500_500], [500_000, 499_500]], correction=True)[1]
    np.testing.assert_allclose(p_value, pooled, rtol=1e-3)


@pytest.mark.parametrize("counts", [(0.5, 1, 2, 3), (-1, 1, 2, 3), (np.nan, 1, 2, 3)])
def test_what_is_no_count_is_nan(counts: tuple[float, float, float, float]) -> None:
    assert np.isnan(fisher_exact(*counts))


def test_arrays_keep_their_shape_and_every_element_its_own_answer() -> None:
    generator = np.random.default_rng(3)
    tables = generator.integers(0, 200, (4, 7, 11))
    p_value = fisher_exact(*tables)
    assert p_value.shape == (7, 11)
    for index in ((0, 0), (3, 5), (6, 10)):
        assert p_value[index] == pytest.approx(fisher_exact(*tables[(slice(None), *index)]), rel=1e-12)
