"""The bootstrap of cells: its moments, its streams, its rule for undefined replicates, its agreement with formulae."""

import numpy as np
import pytest

from auditkit.inference import (
    bootstrap,
    cluster_bootstrap,
    cluster_interval,
    newcombe,
    replicate_weights,
    stream,
)


def quotient(totals: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(totals[..., 1] == 0, np.nan, totals[..., 0] / totals[..., 1])


def test_replicates_have_the_mean_and_variance_of_the_weights() -> None:
    weight, squared = np.array([40.0, 12.0, 3.0, 0.0]), np.array([40.0, 96.0, 1.5, 0.0])
    drawn = np.concatenate(list(replicate_weights(weight, squared, 40_000, stream(1, "moments"))))
    np.testing.assert_allclose(drawn.mean(axis=0), weight, rtol=0.02)
    np.testing.assert_allclose(drawn.var(axis=0), squared, rtol=0.04)


def test_unweighted_replicates_are_whole_counts() -> None:
    drawn = next(replicate_weights([5, 0, 9], [5, 0, 9], 100, stream(1, "whole")))
    assert (drawn == np.rint(drawn)).all()
    assert (drawn[:, 1] == 0).all()


def test_numbers_do_not_depend_on_batches_and_batches_stay_small() -> None:
    weight = np.arange(1.0, 101.0)
    whole = np.concatenate(list(replicate_weights(weight, weight, 500, stream(3, "batch"))))
    batches = list(replicate_weights(weight, weight, 500, stream(3, "batch"), batch_bytes=50_000))
    assert len(batches) > 10
    assert all(batch.nbytes <= 50_000 for batch in batches)
    np.testing.assert_array_equal(np.concatenate(batches), whole)


def test_streams_differ_by_key_and_seed_and_nothing_else() -> None:
    first = stream(1, "main|sex|burden").random(3)
    np.testing.assert_array_equal(first, stream(1, "main|sex|burden").random(3))
    assert not np.array_equal(first, stream(1, "main|age|burden").random(3))
    assert not np.array_equal(first, stream(2, "main|sex|burden").random(3))


def test_interval_of_a_difference_agrees_with_newcombe() -> None:
    counts = np.array([300.0, 700.0, 450.0, 550.0])

    def difference(totals: np.ndarray) -> np.ndarray:
        return totals[..., 0] / totals[..., :2].sum(-1) - totals[..., 2] / totals[..., 2:].sum(-1)

    result = bootstrap(np.eye(4), difference, counts, counts, 4000, 1, "difference")
    np.testing.assert_allclose(result.estimate, -0.15)
    np.testing.assert_allclose([result.lower, result.upper], newcombe(300, 1000, 450, 1000), atol=4e-3)
    np.testing.assert_allclose(result.standard_deviation, np.sqrt(0.21 / 1000 + 0.2475 / 1000), rtol=0.05)
    assert result.computed


def test_undefined_replicates_widen_and_too_many_leave_nothing() -> None:
    # a denominator of 5 rows is empty in exp(-5) = 0.7 % of replicates, of 3 rows in 5 %
    kept = bootstrap(np.eye(2), quotient, [20.0, 5.0], [20.0, 5.0], 4000, 1, "few")
    assert 0 < kept.undefined <= 0.01
    assert kept.computed
    assert np.isfinite([kept.lower, kept.upper]).all()
    dropped = bootstrap(np.eye(2), quotient, [20.0, 3.0], [20.0, 3.0], 4000, 1, "few")
    assert not dropped.computed
    assert dropped.undefined > 0.01
    assert np.isnan([dropped.lower, dropped.upper, dropped.standard_deviation]).all()
    np.testing.assert_allclose(dropped.estimate, 20 / 3)


def test_undefined_replicates_count_at_both_ends() -> None:
    draws = iter(
        [
            np.arange(1000.0),
        ]
    )

    def statistic(totals: np.ndarray) -> np.ndarray:
        if len(totals) == 1:
            return np.array([500.0])
        values = next(draws)
        values[:10] = np.nan
        return values

    result = bootstrap(np.ones((1, 1)), statistic, [1.0], [1.0], 1000, 0, "ends")
    # 25th from either end, with ten of -infinity below and ten of +infinity above the values 10 to 999
    assert (result.lower, result.upper) == (24.0, 985.0)


def test_many_figures_at_once() -> None:
    columns = np.eye(4).reshape(4, 2, 2)  # cells to groups x counts
    result = bootstrap(columns, quotient, [10.0, 50.0, 0.0, 0.0], [10.0, 50.0, 0.0, 0.0], 500, 1, "groups")
    assert result.estimate.shape == result.lower.shape == (2,)
    assert result.computed.tolist() == [True, False]


def test_cells_that_share_a_column_are_added() -> None:
    columns = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0], [0.0, 1.0]])
    result = bootstrap(columns, quotient, [10, 20, 30, 40], [10, 20, 30, 40], 2000, 1, "shared")
    np.testing.assert_allclose(result.estimate, 0.4)
    np.testing.assert_allclose([result.lower, result.upper], [0.30, 0.50], atol=0.02)


def test_cluster_bootstrap_agrees_with_the_formula() -> None:
    generator = np.random.default_rng(5)
    sizes = generator.integers(5, 60, 150)
    cases = generator.binomial(sizes, generator.beta(2, 6, 150))
    result = cluster_bootstrap(np.column_stack([cases, sizes]), quotient, 4000, 1, "clusters")
    expected = cluster_interval(cases, sizes)
    np.testing.assert_allclose(result.estimate, expected.value)
    np.testing.assert_allclose([result.lower, result.upper], [expected.lower, expected.upper], atol=0.01)


@pytest.mark.parametrize(("clusters", "computed"), [(19, False), (20, True)])
def test_twenty_clusters_are_needed(clusters: int, computed: bool) -> None:
    totals = np.column_stack([np.arange(clusters) % 3, np.full(clusters, 9)])
    result = cluster_bootstrap(totals, quotient, 200, 1, "few")
    assert bool(result.computed) is computed
    assert np.isnan(result.lower) == (not computed)
