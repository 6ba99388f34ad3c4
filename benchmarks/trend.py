"""How often a series cries wolf, and how soon it sees a gap that begins: python benchmarks/trend.py [runs]

Monthly for five years, 2,000 decisions a month in two groups (1,000 and 1,000; 400 and 1,600), rates of 5 to 20 %.
Fair streams: share with any alarm, beside repeated tests at 0.05. Ratio 1.5 from month 25: months until it is seen.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from auditkit.inference import gap_evidence, gap_test, mixture_radius

MONTHS, BEGINS = 60, 24


def first(hits: np.ndarray) -> int:
    """The first month that is true, -1 if none."""
    return int(np.argmax(hits)) if hits.any() else -1


def stream(rng: np.random.Generator, size: int, other: int, rate: float, ratio: float) -> tuple[np.ndarray, ...]:
    """The counts of one stream, whose group is selected `ratio` times as often from the month of `BEGINS`."""
    rates = np.where(np.arange(MONTHS) >= BEGINS, rate * ratio, rate)
    return rng.binomial(size, rates), np.full(MONTHS, size), rng.binomial(other, rate, MONTHS), np.full(MONTHS, other)


def main(runs: int) -> None:
    rng = np.random.default_rng(20261130)
    for size, other in ((1000, 1000), (400, 1600)):
        for rate in (0.05, 0.1, 0.2):
            fair = [stream(rng, size, other, rate, 1.0) for _ in range(runs)]
            alarms = np.mean([(gap_evidence(*one).p <= 0.05).any() for one in fair])
            naive = np.mean([(gap_test(*one).p_value <= 0.05).any() for one in fair])
            delays = [
                first((gap_evidence(*stream(rng, size, other, rate, 1.5)).p <= 0.05)[BEGINS:]) for _ in range(runs)
            ]
            months = np.array([MONTHS if d < 0 else d + 1 for d in delays])
            print(f"{size} against {other} at {rate:.0%}: false alarm in {alarms:.1%} of series ({naive:.1%} by tests)")
            print(f"  ratio 1.5 seen after a median of {np.median(months):.0f} months")
    print(looks(rng, 2000))
    began = time.perf_counter()
    big = stream(rng, 400_000, 600_000, 0.1, 1.0)
    gap_evidence(*big)
    print(f"60 periods of 1,000,000 rows: {time.perf_counter() - began:.2f} s a comparison")


def looks(rng: np.random.Generator, runs: int) -> str:
    """Case i: 52 looks of 200 a group, both rates 0.2, in `runs` series."""
    sums = rng.binomial(200, 0.2, size=(2, runs, 52)).cumsum(axis=2)
    n = 200.0 * np.arange(1, 53)
    rates = sums / n
    variance = (rates * (1 - rates)).sum(axis=0)
    apart = np.abs(rates[0] - rates[1])
    naive = (apart > 1.959964 * np.sqrt(variance / n)).any(axis=1).mean()
    lasting = (apart > mixture_radius(n, variance, 1 / 2000)).any(axis=1).mean()
    return f"52 looks at a growing sample: alarm in {naive:.1%} by the plain interval, {lasting:.1%} by the sequence"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
