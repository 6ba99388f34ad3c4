"""The exact part of the coverage benchmark, on its quick grid: its bars hold at every commit."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture(scope="module")
def benchmark():
    path = Path(__file__).parents[2] / "benchmarks" / "interval_coverage.py"
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
    # Brown, Cai and DasGupta, Statistical Science 16 (2001): at p 0.005 the plain interval holds in 0.945 for n 591
    # and in 0.792 for n 592
    for n, expected in ((591, 0.945), (592, 0.792)):
        rate = np.arange(n + 1) / n
        inside = np.abs(rate - 0.005) <= 1.959964 * np.sqrt(rate * (1 - rate) / n)
        assert round(float(benchmark.binomial(n, 0.005)[inside].sum()), 3) == expected
