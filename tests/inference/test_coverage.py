"""The exact part of the coverage benchmark, on its quick grid: the bars hold at every commit, not only when measured."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def benchmark():
    path = Path(__file__).parents[2] / "benchmarks" / "coverage.py"
    spec = importlib.util.spec_from_file_location("coverage_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_rates_differences_and_ratios_hold_what_they_promise(benchmark) -> None:
    cells = [*benchmark.exact_rates(True), *benchmark.exact_gaps(True)]
    for figure in ("rate", "difference", "ratio"):
        coverage = np.array([cell.coverage for cell in cells if cell.figure == figure])
        enough = np.array([cell.coverage for cell in cells if cell.figure == figure and cell.expected >= 5])
        assert 0.94 <= coverage.mean() <= 0.97
        assert coverage.min() >= 0.88
        assert enough.min() >= 0.92
        assert enough.max() <= 0.98


def test_the_benchmark_counts_chances_right(benchmark) -> None:
    np.testing.assert_allclose(benchmark.binomial(3, 0.2), [0.512, 0.384, 0.096, 0.008])
    np.testing.assert_allclose(benchmark.binomial(5000, 0.01).sum(), 1.0)
    # Brown, Cai and DasGupta, Statistical Science 16 (2001): the plain interval for p 0.005 and n 591 holds in 0.792
    x, n, p = np.arange(592), 591, 0.005
    width = 1.959964 * np.sqrt(x / n * (1 - x / n) / n)
    inside = np.abs(x / n - p) <= width
    assert round(float(benchmark.binomial(n, p)[inside].sum()), 3) == 0.792
