"""How often a planted subgroup is found and how often one is invented: python benchmarks/subgroup_search.py [runs]

50,000 rows of four attributes of five values, 15 % selected; 300 of one crossing of three at 30 %, or nobody.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from auditkit.inference import subgroup_search


def rows(seed: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """50,000 rows of four attributes, 15 % selected; 300 of one crossing of three at `rate`."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (50_000, 4))
    planted = np.flatnonzero((codes[:, :3] == [1, 2, 3]).all(axis=1))
    codes[planted[300:], 0] = 0
    chance = np.full(len(codes), 0.15)
    chance[planted[:300]] = rate
    return codes, rng.random(len(codes)) < chance


def main(runs: int) -> None:
    found, named = 0, 0
    for seed in range(runs):
        words = {(one.attributes, one.values): one.verdict for one in subgroup_search(*rows(seed, 0.30))}
        found += words.get(((0, 1, 2), (1, 2, 3))) == "established"
        fair = [one.verdict for one in subgroup_search(*rows(10_000 + seed, 0.15))]
        named += any(word in ("established", "present", "small") for word in fair)
    print(f"300 at 30 against 15 %: found and established in {found} of {runs}; any subgroup in {named} of {runs} fair")
    rng = np.random.default_rng(1)
    codes, hit = rng.integers(0, 4, (1_000_000, 12)), rng.random(1_000_000) < 0.15
    began = time.perf_counter()
    subgroup_search(codes, hit)
    print(f"1,000,000 rows, 12 attributes, depth 3: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
