"""Where two options of the design meet: does the printed interval hold, is a fair system called unfair?

Every pair of fourteen options on a fair simulated system, run as an audit of rows: the interval of the selection gap
and of the false positive gap must hold 0 in at least 92 % of audits, any word but equivalent or inconclusive may stand
in at most 5 %, both within two Monte Carlo errors; or figure, p and verdict are absent with a reason, for at most 15
pairs.

    python benchmarks/design_pairs.py [--repeats 1000] [--only cluster-strata,pair-weight] [--fast]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import combinations
from math import sqrt
from pathlib import Path

import numpy as np

from auditkit.inference import cluster_claims, cluster_gap, clustered_strata
from auditkit.measures.clustered_rates import with_arm_by_cluster, with_checked_by_cluster
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

OPTIONS = (
    "cluster", "pair", "weight", "arm", "population", "checked", "when_selected", "strata", "stages", "hidden", "rest",
    "crossed", "top", "numeric",
)  # fmt: skip
ARM = {"column": "arm", "in": ["r"]}
PATCHES: dict[str, dict[str, object]] = {
    "cluster": {"cluster": "cl"},
    "pair": {"pair": "offer"},
    "weight": {"weight": "w"},
    "arm": {"observed": {"arm": ARM}},
    "population": {"observed": {"arm": ARM | {"population": 100_000}}},
    "checked": {"observed": {"checked": {"column": "done", "in": ["1"]}, "arm": ARM}},
    "when_selected": {"observed": "when_selected"},
    "strata": {"strata": {"st": "st"}},
    "stages": {"stages": [{"name": "one", "selected": {"column": "first", "in": ["yes"]}},
                          {"name": "two", "selected": {"column": "dec", "in": ["yes"]}}]},
    "hidden": {"publish": {"minimum_count": 30}},
    "rest": {"groups": {"g": {"column": "g", "reference": {"is": "rest"}}, "h": {"column": "h"}}},
    "crossed": {"crossed": [["g", "h"]]},
    "top": {"score": "score", "selected": {"top": 400}},
    "numeric": {"outcome": {"column": "cost", "numeric": True}},
}  # fmt: skip
WANTED = {"strata": "mantel_haenszel_ratio:st", "stages": "passing_rate:1", "numeric": "mean_outcome"}
ASIDE = ({"arm", "population"}, {"arm", "checked"}, {"arm", "when_selected"}, {"population", "checked"},
         {"population", "when_selected"}, {"checked", "when_selected"}, {"cluster", "pair"}, {"stages", "top"},
         {"population", "weight"}, {"population", "top"}, {"checked", "numeric"})  # fmt: skip
"""Pairs of which no audit can be made: refused with a sentence, or one option is a form of the other."""


def rows(pairs: bool, draw: np.random.Generator) -> str:
    """2,000 people of two groups, alike in law: selected and with the outcome as their cluster leans, pairs alike."""
    lines = ["g,h,cl,offer,dec,first,arm,y,done,score,cost,w,st"]
    lean = draw.beta(4, 8, 60)
    for offer in range(1000):
        cluster = offer % 60
        shared = draw.random(), draw.random()
        for group in "AB":
            u = shared if pairs and draw.random() < 0.5 else (draw.random(), draw.random())
            selected, positive = u[0] < lean[cluster], u[1] < lean[cluster]
            lines.append(",".join(map(str, (
                group, "XY"[int(draw.random() < 0.5)], f"c{cluster}", f"o{offer}", "yes" if selected else "no",
                "yes" if selected or draw.random() < 0.4 else "no", "r" if draw.random() < 0.4 else "n", int(positive),
                int(draw.random() < 0.7), round(draw.random() + (1 - u[0]), 4), round(100 * draw.random(), 1),
                int(draw.integers(1, 4)), ("low", "high")[int(draw.random() < 0.5)],
            ))))  # fmt: skip
    return "\n".join(lines) + "\n"


def spec(pair: tuple[str, str]) -> AuditSpec:
    """The audit of two options."""
    content: dict[str, object] = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
        "selected": {"column": "dec", "in": ["yes"]}, "outcome": {"column": "y", "positive": ["1"], "negative": ["0"]},
        "groups": {"g": {"column": "g", "reference": "B"}, "h": {"column": "h", "reference": "Y"}},
    }  # fmt: skip
    for option in pair:
        content |= PATCHES[option]
    return AuditSpec.model_validate(content)


def figures(pair: tuple[str, str]) -> tuple[str, ...]:
    """The measures on which two options meet."""
    own = tuple(WANTED[option] for option in pair if option in WANTED)
    return own or ("selection_rate", "false_positive_rate")


def audits(pair: tuple[str, str], repeats: int, folder: Path) -> Iterator[tuple[int, int, int, bool]]:
    """Of each audit: intervals printed, those that hold, those without a reason though absent, any word of a gap."""
    audit, wanted = spec(pair), figures(pair)
    for repeat in range(repeats):
        draw = np.random.default_rng([20261130, repeat])
        (folder / "rows.csv").write_text(rows("pair" in pair, draw), encoding="utf-8")
        found = run_audit(audit, folder, disclosed="hidden" in pair).main.gaps
        gaps = [g for g in found if g.measure in wanted and g.attributes != ("h",) and g.kind != "largest_difference"]
        gaps = [g for g in gaps if g.crossed == ("crossed" in pair)] if "crossed" in pair else gaps
        told = [g for g in gaps if g.lower is not None and g.upper is not None]
        equal = [float(g.kind == "ratio") for g in told]
        held = sum(g.lower <= one <= g.upper for g, one in zip(told, equal, strict=True))
        silent = sum(g.reason is None for g in gaps if g.lower is None and g.upper is None)
        yield len(told), held, silent, any(g.verdict in ("established", "present", "small") for g in gaps)


def strata_over_clusters(repeats: int) -> list[str]:
    """Fair systems of 60 clusters in two strata, clusters shared by the groups or apart: what is said at two levels."""
    draw, lines = np.random.default_rng(1), []
    for shared in (True, False):
        lean = draw.beta(1.6, 6.4, (repeats, 1, 60))
        sizes = draw.integers(5, 30, (repeats, 2, 60))
        own = draw.binomial(sizes, 0.4) if shared else sizes * (np.arange(60) % 2 == 0)
        other, rate = sizes - own, np.clip(lean * np.array([0.6, 1.4])[None, :, None], 0, 1)
        found = clustered_strata(draw.binomial(own, rate), own, draw.binomial(other, rate), other, 0.05)
        p = found.alike.within
        held = ((found.lower <= 1) & (found.upper >= 1)).mean()
        said = ", ".join(f"{(p.no_gap <= a).mean():.2%} at {a}" for a in (0.05, 0.005))
        lines.append(f"cluster x strata, {'shared' if shared else 'apart'}: holds in {held:.1%}, a gap in {said}")
    return lines


def checks_over_clusters(repeats: int) -> str:
    """Fair systems of 60 clusters of 17 a group, 70 % of the list checked, an arm of 40 %: false positive rates."""
    draw, held, tails = np.random.default_rng(3), [], []
    for _ in range(repeats):
        lean, six = draw.beta(4, 8, 60)[:, None], np.zeros((2, 60, 6))
        for group in range(2):
            chosen, positive = (draw.random((60, 17)) < lean for _ in range(2))
            drawn, checked = (draw.random((60, 17)) < share for share in (0.4, 0.7))
            seen = np.where(chosen, checked | drawn, drawn)
            for place, side in ((0, chosen), (3, ~chosen)):
                kinds = (side & seen & positive, side & seen & ~positive, side & ~seen)
                six[group, :, place : place + 3] = np.stack([kind.sum(axis=1) for kind in kinds], axis=1)
        told = with_arm_by_cluster(with_checked_by_cluster(six))
        cases, n, rows = told[..., 1], told[..., 1] + told[..., 4], six[..., [1, 4]].sum(axis=(-1, -2))
        sides = (cases[:1], n[:1], cases[1:], n[1:])
        gap = cluster_gap(*sides, 0.95, rows[:1], rows[1:])
        held.append(bool(gap.difference_lower[0] <= 0 <= gap.difference_upper[0]))
        tails.append(float(cluster_claims(*sides, rows[:1], rows[1:]).no_gap[0]))
    said = ", ".join(f"{np.mean(np.array(tails) <= a):.2%} at {a}" for a in (0.05, 0.005))
    return f"cluster x checked: holds in {np.mean(held):.1%}, a gap in {said}"


def main() -> int:
    """Print one line a pair; exit 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--only", default="")
    parser.add_argument("--fast", action="store_true", help="only the two designs that are simulated on counts")
    options = parser.parse_args()
    if options.fast:
        print(*strata_over_clusters(options.repeats), checks_over_clusters(options.repeats), sep="\n")
        return 0
    only = {frozenset(one.split("-")) for one in options.only.split(",") if one}
    missed, absent = 0, []
    with tempfile.TemporaryDirectory() as name:
        for pair in combinations(OPTIONS, 2):
            if (only and frozenset(pair) not in only) or set(pair) in ASIDE:
                continue
            told, held, silent, words = (
                np.array(column) for column in zip(*audits(pair, options.repeats, Path(name)), strict=True)
            )
            label = " x ".join(pair)
            if not told.any():
                absent.append(label)
                print(f"{label}: no interval, {int(silent.sum())} without a reason", flush=True)
                missed += int(silent.any())
                continue
            share, word = held.sum() / told.sum(), words.mean()
            error = [2 * sqrt(p * (1 - p) / options.repeats) for p in (0.92, 0.05)]
            good = share >= 0.92 - error[0] and word <= 0.05 + error[1] and not silent.any()
            missed += not good
            print(f"{label}: holds in {share:.1%}, a word in {word:.1%}{'' if good else '  MISSED'}", flush=True)
    print(f"{len(absent)} pairs without an interval (at most 15): {', '.join(absent)}")
    return int(missed > 0 or len(absent) > 15)


if __name__ == "__main__":
    sys.exit(main())
