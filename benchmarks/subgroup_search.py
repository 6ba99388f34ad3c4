"""How often a planted subgroup is established, how often one is invented: python benchmarks/subgroup_search.py [runs]

Whole audits of 50,000 rows of four attributes of five values, two of them named under groups, 15 % selected; 300 of
one crossing of three at 30 %, or nobody. Then the time of a search to depth 3 over 12 attributes of a million rows.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import auditkit
from auditkit.run import run_audit
from auditkit.spec.load_spec import load_audit

NAMES = ("a", "b", "c", "d")


def rows(seed: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """50,000 rows of four attributes, 15 % selected; 300 of one crossing of three at `rate`."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 5, (50_000, 4))
    planted = np.flatnonzero((codes[:, :3] == [1, 2, 3]).all(axis=1))
    codes[planted[300:], 0] = 0
    chance = np.full(len(codes), 0.15)
    chance[planted[:300]] = rate
    return codes, rng.random(len(codes)) < chance


def words(seed: int, rate: float) -> dict[str, str]:
    """The verdict of each subgroup that an audit of such rows names."""
    codes, hit = rows(seed, rate)
    frame = pd.DataFrame(codes, columns=list(NAMES)).assign(s=hit.astype(int))
    more: dict[str, Any] = {"search": {"attributes": list(NAMES), "depth": 3}}
    found = auditkit.audit(frame, groups=["a", "b"], selected="s", **more).result.analyses
    return {gap.groups[0]: str(gap.verdict) for one in found[1:] for gap in one.gaps if gap.verdict}


def main(runs: int) -> None:
    """Both shares, then the time."""
    found = named = 0
    for seed in range(runs):
        found += words(seed, 0.30).get("a: 1, b: 2, c: 3") == "established"
        named += any(word in ("established", "present", "small") for word in words(10_000 + seed, 0.15).values())
    print(f"300 at 30 against 15 %: established in {found} of {runs}; any subgroup named in {named} of {runs} fair")
    rng = np.random.default_rng(1)
    codes, hit = rng.integers(0, 4, (1_000_000, 12)), rng.random(1_000_000) < 0.15
    frame = pd.DataFrame(codes, columns=[f"c{i}" for i in range(12)]).assign(s=hit.astype(int))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frame.to_csv(folder / "rows.csv", index=False)
        attributes = ", ".join(f"c{i}" for i in range(12))
        (folder / "audit.yaml").write_text(
            "title: t\nsystem: {name: s, harm: punitive}\ndata: rows.csv\nselected: {column: s, in: [1]}\n"
            f"groups: {{c0: {{column: c0}}}}\nsearch: {{attributes: [{attributes}], depth: 3}}\n"
        )
        began = time.perf_counter()
        run_audit(load_audit(folder / "audit.yaml"), folder)
        print(f"1,000,000 rows, 12 attributes, depth 3, whole audit: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
