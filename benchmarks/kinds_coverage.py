"""How often the intervals of the kinds hold the truth, and how often fair systems look unlike: docs/kinds.md quotes it.

python benchmarks/kinds_coverage.py [draws]: a minute for 2,000 draws. Everything is drawn from known truths, seed 1.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.special import expit

from auditkit.inference import attention, cumulative_odds, quadratic_kappa, ratio_of_sums, ratio_over_lists
from auditkit.inference.verification_errors import spread_interval


def main(draws: int = 2000) -> None:
    """Print one line a figure: share of intervals that hold the truth, share of fair draws with p under 0.05."""
    generator = np.random.default_rng(1)
    held: dict[str, list[float]] = {}
    called: dict[str, list[float]] = {}
    joint = np.array([[0.3, 0.06, 0.01], [0.05, 0.25, 0.06], [0.02, 0.05, 0.2]])
    kappa = quadratic_kappa(joint * 1e9)[0]
    falls = attention(np.arange(1, 11))
    for _ in range(draws):
        _, low, high = quadratic_kappa(generator.multinomial(250, joint.ravel()).reshape(3, 3))
        held.setdefault("quadratic kappa, 250 people", []).append(low <= kappa <= high)
        for shift, store in ((0.5, held), (0.0, called)):
            counts = []
            for side in (shift, 0.0):
                beyond = np.concatenate(([1.0], expit(np.array([0.5, -1.0]) + side), [0.0]))
                counts.append(generator.multinomial(150, beyond[:-1] - beyond[1:]))
            found = cumulative_odds(*counts)
            good = found.lower <= np.exp(shift) <= found.upper if store is held else found.p_value < 0.05
            store.setdefault("cumulative odds, 150 and 150 people", []).append(good)
            if store is called:
                called.setdefault("alike at every limit (a true proportional shift)", []).append(
                    found.proportional_p < 0.05
                )
        lists = np.array([generator.permutation(falls) for _ in range(40)])
        _, low, high, p = ratio_over_lists(lists[:, :4].sum(1), [4] * 40, lists[:, 4:].sum(1), [6] * 40)
        held.setdefault("exposure ratio, 40 lists of 10", []).append(low <= 1 <= high)
        called.setdefault("exposure ratio, 40 lists of 10", []).append(p < 0.05)
        real = np.where(generator.random(200) < 0.3, 0.0, generator.exponential(300, 200))
        said = real * 1.1 + generator.normal(0, 60, 200)
        _, low, high = ratio_of_sums(said, real, np.ones(200))
        held.setdefault("predicted for each real, 200 people with zeros", []).append(low <= 1.1 <= high)
        cases = generator.binomial([800, 500, 900, 400], [0.02, 0.03, 0.05, 0.05])
        low, high = spread_interval(cases, [800, 500, 900, 400], False)
        held.setdefault("largest to smallest of 4 rates (wide by design)", []).append(low <= 2.5 <= high)
    for title, found_in in (("holds the truth", held), ("fair, p under 0.05", called)):
        for name, values in found_in.items():
            sys.stdout.write(f"{title:20}{np.mean(values):7.1%}  {name}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
