"""Do the intervals hold what they promise? A 95 % interval should contain the truth in 95 % of audits.

Rates, differences and ratios by exact enumeration: every table that can come up, times its chance. Everything else by
simulation. The grid is declared below, the worst cells are named, and the rules the project refused stand beside those
it took. Exit code 1 where a bar is missed.

    python benchmarks/interval_coverage.py [--quick] [--out docs/coverage.md]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from scipy.special import betaincinv, gammaln, ndtr, ndtri

from auditkit.inference import (
    auc_estimate,
    auc_interval,
    calibration_error,
    cluster_gap,
    cluster_interval,
    effective_n,
    equalised_odds_gap,
    largest_gap,
    mean_interval,
    newcombe,
    ratio_interval,
    standardised_difference,
    wilson,
)

SEED = 20_240_101
ENOUGH = 5.0

SIZES = (5, 10, 20, 30, 50, 100, 200, 500, 1000, 5000)
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
PAIRS = (
    (10, 10), (20, 20), (20, 100), (100, 20), (30, 30), (30, 300), (300, 30), (50, 50), (50, 200), (100, 100),
    (100, 500), (200, 200), (300, 1000), (1000, 300),
)  # fmt: skip
REFERENCE_RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 0.9)
RATIOS = (0.25, 0.5, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0)


@dataclass(frozen=True)
class Cell:
    """One point of a grid: how often the interval holds the truth there."""

    figure: str
    where: str
    coverage: float
    expected: float
    """The smallest expected count: cases or others, in any group; effective counts where rows weigh or cluster."""
    refused: float = np.nan
    """Coverage of the plainer rule, on the same draws."""


@dataclass(frozen=True)
class Bar:
    """What a figure must reach: where at least five are expected, everywhere, and on average over the grid."""

    enough: tuple[float, float]
    anywhere: float = 0.0
    mean: tuple[float, float] = (0.0, 1.0)


EXACT = Bar((0.92, 0.98), 0.88, (0.94, 0.97))
BARS = {
    "rate": EXACT,
    "difference": EXACT,
    "ratio": EXACT,
    "largest gap": Bar((0.93, 1.0), 0.93),
    "equalised odds": Bar((0.93, 1.0), 0.93),
    "AUC, 20 of a class": Bar((0.88, 1.0)),
    "AUC, 50 of a class or more": Bar((0.91, 1.0)),
    "weighted rate": Bar((0.91, 0.98)),
    "weighted difference": Bar((0.91, 0.985)),
    "weighted ratio": Bar((0.91, 0.985)),
    "rate, 100 clusters": Bar((0.91, 0.98)),
    "difference, 100 clusters": Bar((0.91, 0.98)),
    "ratio, 100 clusters": Bar((0.91, 0.98)),
    "calibration": Bar((0.92, 0.98)),
    "standardised difference": Bar((0.91, 0.99)),
}
REFUSED = {
    "AUC, 20 of a class": "z for t, no widest interval",
    "AUC, 50 of a class or more": "z for t, no widest interval",
    "weighted rate": "effective n without the numbers of rows",
    "rate, 100 clusters": "rate +- t standard errors, 99 degrees",
    "difference, 100 clusters": "rows taken as independent",
    "ratio, 100 clusters": "rows taken as independent",
    "calibration": "Student's t on outcome minus score",
    "standardised difference": "Wilson's arms alone",
}


def held(limits: tuple[np.ndarray, np.ndarray], truth: float) -> float:
    """Share of intervals that hold the truth; one that says nothing about 0/0 (0 to infinity) does."""
    return float(((limits[0] <= truth + 1e-12) & (truth - 1e-12 <= limits[1])).mean())


def binomial(n: int, p: float) -> np.ndarray:
    """Chances of 0 to n cases."""
    x = np.arange(n + 1)
    return np.exp(gammaln(n + 1) - gammaln(x + 1) - gammaln(n - x + 1) + x * np.log(p) + (n - x) * np.log1p(-p))


def exact_rates(_: bool) -> Iterator[Cell]:
    for n, p in product(SIZES, RATES):
        lower, upper = wilson(np.arange(n + 1), n)
        yield Cell(
            "rate", f"n {n}, rate {p}", float(binomial(n, p)[(lower <= p) & (p <= upper)].sum()), n * min(p, 1 - p)
        )


def exact_gaps(quick: bool) -> Iterator[Cell]:
    for n, n0 in PAIRS[:10] if quick else PAIRS:
        x, x0 = np.arange(n + 1)[:, None], np.arange(n0 + 1)
        limits = {"difference": newcombe(x, n, x0, n0), "ratio": ratio_interval(x, n, x0, n0)}
        for p0, ratio in product(REFERENCE_RATES, RATIOS):
            p = ratio * p0
            if p > 0.95:
                continue
            expected = min(n * min(p, 1 - p), n0 * min(p0, 1 - p0))
            for figure, truth in (("difference", p - p0), ("ratio", ratio)):
                inside = (limits[figure][0] <= truth + 1e-12) & (truth - 1e-12 <= limits[figure][1])
                coverage = float(binomial(n, p) @ (inside @ binomial(n0, p0)))
                yield Cell(figure, f"n {n} and {n0}, rates {p:.4g} and {p0}", coverage, expected)


def largest_gaps(quick: bool) -> Iterator[Cell]:
    generator = np.random.default_rng(SEED)
    repeats = 1000 if quick else 4000
    for groups, (low, high) in product((2, 3, 5, 10), ((10, 30), (30, 100), (50, 1000))):
        n = generator.integers(low, high + 1, groups)
        where = f"{groups} groups of {low} to {high}"
        for ends in ((0.02, 0.02), (0.1, 0.1), (0.5, 0.5), (0.05, 0.1), (0.1, 0.3), (0.3, 0.9)):
            rates = np.linspace(*ends, groups)
            result = largest_gap(generator.binomial(n, rates, (repeats, groups)), n)
            coverage = held((result.lower, result.upper), ends[1] - ends[0])
            yield Cell("largest gap", f"{where}, rates {ends[0]} to {ends[1]}", coverage, float((n * rates).min()))
        for first, second in (((0.6, 0.6), (0.1, 0.1)), ((0.5, 0.7), (0.1, 0.2)), ((0.6, 0.6), (0.1, 0.4))):
            rates, others = np.linspace(*first, groups), np.linspace(*second, groups)
            drawn = [generator.binomial(n, chances, (repeats, groups)) for chances in (rates, others)]
            gap = equalised_odds_gap(drawn[0], n, drawn[1], n).gap
            truth = max(first[1] - first[0], second[1] - second[0])
            text = f"{where}, true positives {first[0]} to {first[1]}, false {second[0]} to {second[1]}"
            yield Cell("equalised odds", text, held((gap.lower, gap.upper), truth), float((n * others).min()))


def areas(quick: bool) -> Iterator[Cell]:
    generator = np.random.default_rng(SEED + 1)
    repeats = 500 if quick else 2000
    classes = ((20, 20), (20, 200), (50, 50), (50, 500), (500, 50), (200, 200))
    for area, (m, n), shape in product((0.5, 0.6, 0.75, 0.9, 0.95, 0.98), classes, ("normal", "skewed", "wide")):
        if shape == "skewed":
            positive, negative = generator.exponential(area / (1 - area), (repeats, m)), None
            negative = generator.exponential(1, (repeats, n))
        else:
            spread = 1.0 if shape == "normal" else 3.0
            positive = generator.normal(np.sqrt(1 + spread**2) * ndtri(area), spread, (repeats, m))
            negative = generator.normal(0, 1, (repeats, n))
        first = np.argsort(np.concatenate([positive, negative], axis=1), axis=1) < m
        result = auc_estimate(first, ~first)
        variance = result.standard_error**2
        plain = auc_interval(result.value, variance, 1e-6, 1e-6)  # classes so small that the widest is 0 to 1
        plain = tuple(np.where(variance > 0, end, result.value) for end in plain)
        figure = "AUC, 20 of a class" if min(m, n) < 50 else "AUC, 50 of a class or more"
        where = f"{m} positives, {n} negatives, {shape} scores, AUC {area}"
        yield Cell(figure, where, held((result.lower, result.upper), area), min(m, n), held(plain, area))


def weighted_rows(generator: np.random.Generator, kind: str, shape: tuple[int, int], p: float):
    """Event, weights and the rate that the weights point at."""
    event = generator.random(shape) < p
    if kind == "log-normal":
        return event, np.exp(generator.normal(0, 1, shape)), p
    if kind == "one in five weighs 10":
        return event, np.where(generator.random(shape) < 0.2, 10.0, 1.0), p
    if kind == "cases weigh 5":
        return event, np.where(event, 5, 1) * generator.uniform(0.5, 1.5, shape), 5 * p / (5 * p + 1 - p)
    if kind == "others weigh 5":
        return event, np.where(event, 1, 5) * generator.uniform(0.5, 1.5, shape), p / (p + 5 * (1 - p))
    heavy = generator.random(shape) < np.where(event, 0.5, 0.1)
    return event, np.where(heavy, 10.0, 1.0), 5.5 * p / (5.5 * p + 1.9 * (1 - p))


def weighted(quick: bool) -> Iterator[Cell]:
    generator = np.random.default_rng(SEED + 2)
    repeats = 800 if quick else 3000
    kinds = ("log-normal", "one in five weighs 10", "cases weigh 5", "others weigh 5", "half the cases weigh 10")
    for kind, n, p in product(kinds, (30, 100, 400, 1000), (0.02, 0.05, 0.1, 0.3, 0.5, 0.8)):
        drawn = []
        for size, chance in ((n, p), (400, 0.2)):
            event, weight, truth = weighted_rows(generator, kind, (repeats, size), chance)
            yes, no = np.where(event, weight, 0), np.where(event, 0, weight)
            sums = (yes.sum(1), no.sum(1), (yes**2).sum(1), (no**2).sum(1))
            rate = sums[0] / (sums[0] + sums[1])
            drawn.append((rate, effective_n(*sums, event.sum(1), (~event).sum(1)), truth, effective_n(*sums)))
        (rate, worth, truth, plain), (rate0, worth0, truth0, _) = drawn
        counts, expected = (rate * worth, worth, rate0 * worth0, worth0), n * min(p, 1 - p)
        where = f"n {n}, share of cases {p}, {kind}"
        without = held(wilson(rate * plain, plain), truth)
        yield Cell("weighted rate", where, held(wilson(*counts[:2]), truth), expected, without)
        yield Cell("weighted difference", where, held(newcombe(*counts), truth - truth0), expected)
        yield Cell("weighted ratio", where, held(ratio_interval(*counts), truth / truth0), expected)


def clustered(quick: bool) -> Iterator[Cell]:
    generator = np.random.default_rng(SEED + 3)
    shape = (400 if quick else 2000, 100)
    grid = product((0.02, 0.05, 0.1, 0.3, 0.5), (0.01, 0.1, 0.3), ("equal", "unequal"), (0.0, 0.9))
    for p, icc, sizes, shared in grid:
        rows = np.full(shape, 20) if sizes == "equal" else 1 + generator.poisson(generator.gamma(0.7, 20 / 0.7, shape))
        design = 1 + icc * float((rows.astype(float) ** 2).sum() / rows.sum() - 1)
        common = generator.normal(size=shape)
        drawn = []
        for chance in (p, 1.5 * p):
            own = np.sqrt(shared) * common + np.sqrt(1 - shared) * generator.normal(size=shape)
            chances = betaincinv(chance * (1 / icc - 1), (1 - chance) * (1 / icc - 1), ndtr(own))
            drawn.append(generator.binomial(rows, chances))
        one, total = cluster_interval(drawn[0], rows), rows.sum(1)
        where = f"rate {p}, correlation {icc} within clusters of {sizes} size"
        expected = float(total.mean()) * min(p, 1 - p) / design
        if shared == 0:
            moves = (drawn[0] - one.value[:, None] * rows) / total[:, None]
            error = 1.984217 * np.sqrt((moves**2).sum(1) * 100 / 99)
            flat = (one.value - error, one.value + error)
            yield Cell("rate, 100 clusters", where, held((one.lower, one.upper), p), expected, held(flat, p))
        gap, counts = cluster_gap(drawn[1], rows, drawn[0], rows), (drawn[1].sum(1), total, drawn[0].sum(1), total)
        where += f", {shared} shared by the groups"
        expected = min(expected, float(total.mean()) * (1 - 1.5 * p) / design)
        difference, ratio = (gap.difference_lower, gap.difference_upper), (gap.ratio_lower, gap.ratio_upper)
        flat, flat_ratio = held(newcombe(*counts), 0.5 * p), held(ratio_interval(*counts), 1.5)
        yield Cell("difference, 100 clusters", where, held(difference, 0.5 * p), expected, flat)
        yield Cell("ratio, 100 clusters", where, held(ratio, 1.5), expected, flat_ratio)


def calibrated(quick: bool) -> Iterator[Cell]:
    generator = np.random.default_rng(SEED + 4)
    repeats = 800 if quick else 3000
    shapes = {"0.05 for all": (5e6, 95e6), "around 0.1": (1, 9), "both ends": (0.5, 0.5), "mostly near 0": (0.3, 15)}
    for (name, shape), n, times in product(shapes.items(), (30, 100, 500), (0.5, 1.0)):
        score = generator.beta(*shape, (repeats, n))
        event = generator.random(score.shape) < score * times
        mean = shape[0] / sum(shape)
        by_outcome = [
            np.stack([np.where(event == kind, part, 0).sum(1) for kind in (False, True)], -1)
            for part in (np.ones_like(score), score, score**2)
        ]
        result, apart = calibration_error(*by_outcome), event - score
        plain = mean_interval(np.full(repeats, n), apart.sum(1), (apart**2).sum(1))
        truth, where = mean * (times - 1), f"n {n}, scores {name}, outcomes {times} times as frequent"
        coverage = held((result.lower, result.upper), truth)
        yield Cell("calibration", where, coverage, n * mean * times, held(plain, truth))


def standardised(quick: bool) -> Iterator[Cell]:
    generator = np.random.default_rng(SEED + 5)
    repeats = 800 if quick else 3000
    for strata, most, gap in product((1, 3, 10, 50), (5, 20, 100, 1000), (0.0, 0.05, 0.3)):
        n, n0 = generator.integers(1, most + 1, (2, strata))
        p0 = generator.beta(2, 6, strata)
        p = np.minimum(p0 + gap, 1)
        weight = (n + n0) / (n + n0).sum()
        x, x0 = generator.binomial(n, p, (repeats, strata)), generator.binomial(n0, p0, (repeats, strata))
        result = standardised_difference(x, n, x0, n0, weight)
        truth = float((weight * (p - p0)).sum())
        (low, high), (low0, high0) = wilson(x, n), wilson(x0, n0)
        down = np.sqrt((weight**2 * ((x / n - low) ** 2 + (high0 - x0 / n0) ** 2)).sum(1))
        up = np.sqrt((weight**2 * ((high - x / n) ** 2 + (x0 / n0 - low0) ** 2)).sum(1))
        flat = (result.value - down, result.value + up)
        where = f"{strata} strata of 1 to {most} rows a group, gap {gap}"
        expected = min(float((n * p).sum()), float((n0 * p0).sum()))
        coverage = held((result.lower, result.upper), truth)
        yield Cell("standardised difference", where, coverage, expected, held(flat, truth))


RUNS: tuple[Callable[[bool], Iterator[Cell]], ...] = (
    exact_rates, exact_gaps, largest_gaps, areas, weighted, clustered, calibrated, standardised,
)  # fmt: skip


def percent(value: float) -> str:
    return "" if np.isnan(value) else f"{100 * value:.1f}"


def summary(cells: list[Cell], quick: bool) -> tuple[list[str], bool]:
    """One line a figure, and whether every bar is met; a quick simulation is given two points."""
    lines, all_met = [], True
    for figure, bar in BARS.items():
        slack = 0.02 if quick and bar is not EXACT else 0.0
        own = [cell for cell in cells if cell.figure == figure]
        every = np.array([cell.coverage for cell in own])
        enough = np.array([cell.coverage for cell in own if cell.expected >= ENOUGH])
        refused = np.array([cell.refused for cell in own if cell.expected >= ENOUGH])
        met = (
            bar.enough[0] - slack <= enough.min() and enough.max() <= bar.enough[1] + slack
            and every.min() >= bar.anywhere - slack and bar.mean[0] <= every.mean() <= bar.mean[1]
        )  # fmt: skip
        all_met &= bool(met)
        beside = f"{percent(float(refused.min()))} ({REFUSED[figure]})" if figure in REFUSED else ""
        lines.append(
            f"| {figure} | {len(own)} | {percent(every.mean())} | {percent(enough.min())} to {percent(enough.max())} | "
            f"{percent(every.min())} | {percent(bar.enough[0])} to {percent(bar.enough[1])} | "
            f"{'yes' if met else 'NO'} | {beside} |"
        )
    return lines, all_met


def worst(cells: list[Cell]) -> Iterator[str]:
    """The three cells of each figure that hold least, wherever they are, and the two where enough are expected."""
    for figure in BARS:
        own = sorted((cell for cell in cells if cell.figure == figure), key=lambda cell: cell.coverage)
        chosen = own[:3] + [cell for cell in own if cell.expected >= ENOUGH][:2]
        for cell in dict.fromkeys(chosen):
            held_in = f"{percent(cell.coverage)} | {percent(cell.refused)}"
            yield f"| {figure} | {cell.where} | {cell.expected:.1f} | {held_in} |"


def page(cells: list[Cell], quick: bool) -> tuple[str, bool]:
    """The whole page in Markdown, and whether every bar is met."""
    lines, met = summary(cells, quick)
    dip = float(binomial(1000, 0.1763 / 1000)[0])
    pairs = ", ".join(f"{a}/{b}" for a, b in (PAIRS[:10] if quick else PAIRS))
    text = f"""# Coverage

How often do the 95 % intervals hold the truth? Made by `benchmarks/interval_coverage.py{" --quick" * quick}`.

Rates, differences and ratios are enumerated exactly: every table that can come up, times its chance; a ratio of 0/0
counts as 0 to infinity. The rest is simulated (a simulated figure is uncertain by about a point). "Expected" is the
smallest expected count: cases or others, in group or reference; rows of the smaller class for an AUC; effective rows
for clusters. Where a plainer rule was tried and refused, its lowest figure on the same draws stands beside.

| figure | cells | mean | where 5 are expected | lowest anywhere | bar | met | refused rule, 5 expected |
|---|---|---|---|---|---|---|---|
{chr(10).join(lines)}

The bar is for cells where at least five are expected. Rates, differences and ratios must also hold at least 88 %
everywhere and 94 to 97 % on average; largest gaps and equalised odds at least 93 % everywhere.

## The grid

- Rate: n {", ".join(map(str, SIZES))}; rates {", ".join(map(str, RATES))}.
- Difference and ratio: group and reference of {pairs}; reference rates {", ".join(map(str, REFERENCE_RATES))};
  ratios {", ".join(map(str, RATIOS))}, the group's rate at most 0.95.
- Largest gaps: 2, 3, 5 and 10 groups of unequal size, with equal and with spread rates.
- AUC: scores normal in both classes; exponential ("skewed"); normal with three times the spread in positives ("wide").
- Weights: log-normal with standard deviation 1; 10 for one row in five; 5 for all cases or all others, times 0.5 to
  1.5; 10 for half the cases and a tenth of the others.
- Clusters: 100 of 20 rows each, or of a skewed size with mean 21; chances beta-distributed between them.

## The worst cells

| figure | where | expected | holds | refused rule |
|---|---|---|---|---|
{chr(10).join(worst(cells))}

## What the table does not hide

- Between the points of any grid, Wilson's interval dips where less than one case is expected: just under 0.18 expected
  cases it holds in {percent(dip)} %. So few cases never bring a verdict: both denominators must be 30 and the interval
  of the ratio clear of 1.
- With fewer than five expected cases whose weights differ from everyone else's, no formula knows what was not drawn:
  the lowest weighted cells above are of that kind.
- Largest gaps and equalised odds hold more than 95 % with many groups: the price of naming the pair.
"""
    return text, met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer repeats and pairs: under a minute")
    parser.add_argument("--out", type=Path, help="write the page here; else to the terminal")
    options = parser.parse_args()
    cells: list[Cell] = []
    for run in RUNS:
        start = time.perf_counter()
        cells.extend(run(options.quick))
        print(f"{run.__name__}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    text, met = page(cells, options.quick)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
