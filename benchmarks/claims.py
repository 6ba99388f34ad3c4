"""Is what is said true? Audits of simulated systems whose truth is known: how often does a fair one get a word it does
not deserve, does the interval of what leads hold, do the words within strata name what was planted?

Function by function on counts, so that a thousand audits take seconds; the seed is fixed. The bars stand beside each
figure; a Monte Carlo error of two is allowed. Exit code 1 where a bar is missed.

    python benchmarks/claims.py [--quick] [--only fair,limit,power,lead,strata,pairs,verification] [--out FILE]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditkit.inference import (
    GapClaims,
    Limits,
    claim_words,
    cluster_claims,
    cluster_gap,
    family_levels,
    gap_claims,
    like_with_like,
    melded_ratio_interval,
    newcombe,
    paired_claims,
    paired_gap,
    ratio_test,
    verified_rates,
    wilson,
)

SEED = 20_261_130
LIMITS = Limits()
SCREEN = 20.0
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """How often something happened in so many audits, beside the share it may happen at most (or least)."""

    what: str
    where: str
    share: float
    runs: int
    most: float | None = None
    least: float | None = None

    @property
    def error(self) -> float:
        """The Monte Carlo error of the share, never that of a share of 0."""
        share = min(max(self.share, 0.5 / self.runs), 1 - 0.5 / self.runs)
        return sqrt(share * (1 - share) / self.runs)

    @property
    def kept(self) -> bool:
        """Whether the bar is kept, within two Monte Carlo errors."""
        over = self.most is not None and self.share > self.most + 2 * self.error
        under = self.least is not None and self.share < self.least - 2 * self.error
        return not (over or under)

    def line(self) -> str:
        """One row of the table."""
        bar = f"at most {self.most:.1%}" if self.most is not None else f"at least {self.least:.1%}"
        return f"| {self.what} | {self.where} | {self.share:.1%} | {bar} | {self.runs:,} |"


def screened(x: Counts, n: int, x0: Counts, n0: int, level: float) -> GapClaims:
    """The claims where they could matter at this level; where a score test is far from it, p of 1 is written."""
    x, x0 = np.broadcast_arrays(x, x0)
    result = [np.ones(x.shape) for _ in range(3)]
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.nan_to_num(ratio_test(x, n, x0, n0), nan=1.0)
        near = score < SCREEN * level
    if near.any():
        claims = gap_claims(x[near], n, x0[near], n0)
        for whole, part in zip(result, (claims.no_gap, claims.beyond, claims.inside), strict=True):
            whole[near] = np.nan_to_num(part, nan=1.0)
    return GapClaims(*result, np.full(x.shape, "fisher"))


def fair(quick: bool) -> Iterator[Share]:
    """Fair systems: any established, present or small in at most 5 % of audits, whatever the number of analyses."""
    generator = np.random.default_rng(SEED)
    runs = 150 if quick else 1000
    settings = [(5, 500, 5_000, 0.15), (20, 500, 5_000, 0.15), (45, 200, 20_000, 0.03), (45, 60, 600, 0.15)]
    for (groups, n, n0, rate), analyses in ((s, a) for s in settings for a in (1, 5, 20)):
        if groups == 45 and analyses == 20 and quick:
            continue
        main, others = 2 * groups, 2 * groups + 4 * groups * (analyses - 1)
        levels = family_levels(main, others)
        said = 0
        repeats = max(runs // (4 if groups * analyses > 300 else 1), 100)
        for _ in range(repeats):
            reference = generator.binomial(n0, rate, 4 * analyses)
            cases = generator.binomial(n, rate, (4 * analyses, groups))
            level = np.full(4 * analyses, levels[1])
            level[:2] = levels[0]
            found = screened(cases, n, reference[:, None], n0, max(levels)).no_gap <= level[:, None]
            said += bool(found.any())
        where = f"{groups} groups of {n:,} v {n0:,} at {rate:.0%}, {analyses} analyses, {main} + {others} comparisons"
        yield Share("fair: any gap said", where, said / repeats, repeats, most=0.05)


def limit(quick: bool) -> Iterator[Share]:
    """Every true gap exactly at the limit: any established, and any small or equivalent, in at most 5 % of audits."""
    generator = np.random.default_rng(SEED + 1)
    runs = 60 if quick else 600
    for groups, n, n0, rate in ((5, 4_000, 40_000, 0.15), (20, 4_000, 40_000, 0.15), (45, 500, 5_000, 0.4)):
        level = family_levels(2 * groups, 0)[0]
        for name, truth in (("upper", LIMITS.upper(rate)), ("lower", LIMITS.lower(rate))):
            reference = generator.binomial(n0, rate, (runs, 2, 1))
            cases = generator.binomial(n, float(truth), (runs, 2, groups))
            words = claim_words(gap_claims(cases, n, reference, n0), level, n)
            for word, chosen in (("established", ["established"]), ("small or equivalent", ["small", "equivalent"])):
                share = float(np.isin(words, chosen).any(axis=(1, 2)).mean())
                where = f"{groups} groups of {n:,} v {n0:,} at {rate:.0%}"
                yield Share(f"at the {name} limit: any {word}", where, share, runs, most=0.05)


def power(quick: bool) -> Iterator[Share]:
    """A true ratio of 1.6, 4,000 against 40,000 at 15 %, is found established."""
    generator = np.random.default_rng(SEED + 2)
    runs = 200 if quick else 1000
    for comparisons in (10, 40, 90, 176):
        cases, reference = generator.binomial(4_000, 0.24, runs), generator.binomial(40_000, 0.15, runs)
        found = gap_claims(cases, 4_000, reference, 40_000).beyond <= 0.04 / comparisons
        where = f"4,000 v 40,000 at 15 %, {comparisons} main comparisons"
        yield Share("true 1.6 is established", where, float(found.mean()), runs, least=0.95)


def lead(quick: bool) -> Iterator[Share]:
    """The interval of what leads misses the truth in at most 6 % of audits; leading with nothing is right."""
    generator = np.random.default_rng(SEED + 3)
    runs = 100 if quick else 400
    for n, n0, rate in ((600, 12_000, 0.15), (3_000, 60_000, 0.15), (100, 10_000, 0.06)):
        for truth in (1.0, 1.15, 1.3):
            level = family_levels(40, 40)[0]
            reference = generator.binomial(n0, rate, (runs, 2, 1))
            cases = generator.binomial(n, truth * rate, (runs, 2, 20))
            claims = gap_claims(cases, n, reference, n0)
            words = claim_words(claims, level, n)
            order = {"established": 0, "present": 1, "small": 2}
            missed = 0
            for run in range(runs):
                rows = [
                    (order[words[run, m, g]], -abs(cases[run, m, g] - n * reference[run, m, 0] / n0), m, g)
                    for m in range(2) for g in range(20) if words[run, m, g] in order
                ]  # fmt: skip
                if rows:
                    _, _, m, g = min(rows)
                    low, high = melded_ratio_interval(cases[run, m, g], n, reference[run, m, 0], n0, 1 - level)
                    missed += not low <= truth <= high
            where = f"20 groups of {n:,} v {n0:,} at {rate:.0%}, all true {truth}"
            yield Share("the interval of what leads misses", where, missed / runs, runs, most=0.06)


STRATA = (
    ("no gap within, crude twofold", ([4000, 1500], [0.3, 0.1], [3000, 7000], [0.3, 0.1]),
     {"disappears", "cannot_tell"}),
    ("the same gap everywhere, 1.6", ([5000, 5000], [0.16, 0.08], [20_000, 20_000], [0.1, 0.05]), {"remains"}),
    ("turned round", ([800, 200], [0.5, 0.05], [200, 800], [0.6, 0.1]), {"reversed", "cannot_tell"}),
    ("no gap anywhere", ([2000, 2000], [0.2, 0.1], [9000, 9000], [0.2, 0.1]), {"", "cannot_tell"}),
    ("opposite in two strata", ([5000, 5000], [0.2, 0.1], [5000, 5000], [0.1, 0.2]), {"differs"}),
    ("in one of three strata", ([10_000] * 3, [0.3, 0.15, 0.15], [10_000] * 3, [0.15] * 3), {"differs"}),
    ("only within", ([8000, 2000], [0.13, 0.31], [2000, 2000], [0.08, 0.25]), {"grows", "cannot_tell"}),
)  # fmt: skip


def strata(quick: bool) -> Iterator[Share]:
    """No single false word above 6 %, and the planted truth named."""
    runs = 100 if quick else 400
    for level in (0.05, 0.002):
        for name, (n, rates, n0, rates0), right in STRATA:
            generator = np.random.default_rng(SEED + 4)
            mine = generator.binomial(n, rates, (runs, len(n)))
            theirs = generator.binomial(n0, rates0, (runs, len(n)))
            words = like_with_like(mine, n, theirs, n0, level).word
            shares = {word: float((words == word).mean()) for word in sorted(set(words))}
            said = ", ".join(f"{word or 'no word'} {share:.0%}" for word, share in shares.items())
            worst = max([share for word, share in shares.items() if word not in right], default=0.0)
            where = f"{name}, level {level}: {said}"
            yield Share("within strata: most frequent false word", where, worst, runs, most=0.06)
            named = sum(shares.get(word, 0.0) for word in right)
            yield Share("within strata: planted truth named", f"{name}, level {level}", named, runs, least=0.9)


def _sizes(claims: GapClaims, runs: int, where: str) -> Iterator[Share]:
    for level in (0.05, 0.005):
        share = float((claims.no_gap <= level).mean())
        yield Share(f"fair: a gap said at level {level}", where, share, runs, most=level)


def pairs(quick: bool) -> Iterator[Share]:
    """Clusters, apart and shared, and matched pairs: size of the test and coverage of the interval."""
    generator = np.random.default_rng(SEED + 5)
    runs = 500 if quick else 4000
    for clusters, size, likeness, rate in ((30, 50, 0.1, 0.2), (100, 20, 0.05, 0.05), (200, 5, 0.3, 0.1)):
        rest = 1 / likeness - 1
        for shared in (False, True):
            chance = generator.beta(rate * rest, (1 - rate) * rest, (runs, 2 * clusters))
            cases, rows = generator.binomial(size, chance), np.full(chance.shape, size)
            mine = np.arange(2 * clusters) < clusters
            if shared:
                counts = cases, rows, generator.binomial(size, chance), rows
            else:
                counts = cases * mine, rows * mine, cases * ~mine, rows * ~mine
            where = f"{2 * clusters} clusters of {size}, {'shared' if shared else 'apart'}, {rate:.0%}"
            yield from _sizes(cluster_claims(*counts), runs, where)
            gap = cluster_gap(*counts)
            held = float(((gap.difference_lower <= 0) & (gap.difference_upper >= 0)).mean())
            yield Share("interval holds", where, held, runs, least=0.92)
    for alike in (0.0, 0.5, 0.9):
        same = generator.random((runs, 400)) < alike
        first = generator.random((runs, 400)) < 0.25
        second = np.where(same, first, generator.random((runs, 400)) < 0.25)
        table = [((first == a) & (second == b)).sum(axis=1) for a, b in ((1, 1), (1, 0), (0, 1), (0, 0))]
        where = f"400 pairs, alike in {alike:.0%}"
        yield from _sizes(paired_claims(*table), runs, where)
        paired = paired_gap(*table)
        held = float(((paired.lower <= 0) & (paired.upper >= 0)).mean())
        yield Share("interval holds", where, held, runs, least=0.92)


def verification(quick: bool) -> Iterator[Share]:
    """A list checked in part beside a random arm: coverage of the rates, of their gap, size of its test."""
    generator = np.random.default_rng(SEED + 6)
    runs = 1000 if quick else 4000
    for share, arm in ((0.9, 1000), (0.45, 1000), (0.2, 400)):
        positive = generator.binomial(10_000, 0.16, (2, runs))
        on_list = generator.binomial(positive, 0.5)
        listed = on_list + generator.binomial(10_000 - positive, 1 / 7)
        checked = generator.binomial(listed, share)
        found = generator.hypergeometric(on_list, listed - on_list, checked)
        left = positive - on_list
        sampled = generator.hypergeometric(left, 10_000 - listed - left, arm)
        rates = verified_rates(listed, checked, found, 10_000 - listed, arm, sampled)
        where = f"{share:.0%} of the list checked, arm of {arm:,}"
        for name, rate, truth in (
            ("false positive rate", rates.false_positive_rate, 1 / 7),
            ("true positive rate", rates.true_positive_rate, 0.5),
            ("base rate", rates.base_rate, 0.16),
        ):
            counts = rate.value * rate.effective_n, rate.effective_n
            lower, upper = wilson(*counts)
            yield Share(f"{name}: interval holds", where, float(((lower <= truth) & (truth <= upper)).mean()), 2 * runs,
                        least=0.92)  # fmt: skip
            lower, upper = newcombe(counts[0][0], counts[1][0], counts[0][1], counts[1][1])
            yield Share(f"{name}: interval of the gap holds", where, float(((lower <= 0) & (upper >= 0)).mean()), runs,
                        least=0.92)  # fmt: skip
            claims = gap_claims(counts[0][0], counts[1][0], counts[0][1], counts[1][1], effective=True)
            yield from _sizes(claims, runs, f"{name}, {where}")


PARTS: dict[str, Callable[[bool], Iterator[Share]]] = {
    "fair": fair, "limit": limit, "power": power, "lead": lead, "strata": strata, "pairs": pairs,
    "verification": verification,
}  # fmt: skip


def main() -> int:
    """Run the parts asked for and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between")
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    asked = parser.parse_args()
    lines = ["| what | where | share | bar | audits |", "|---|---|---|---|---|"]
    missed = 0
    print("\n".join(lines))
    for part in asked.only.split(","):
        for share in PARTS[part](asked.quick):
            missed += not share.kept
            lines.append(share.line() + ("" if share.kept else " **missed**"))
            print(lines[-1], flush=True)
    if asked.out:
        asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
