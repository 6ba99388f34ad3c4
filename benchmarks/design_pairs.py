"""Where two options of the design meet: does the printed interval hold, is a fair system called unfair?

Every pair of fourteen options on a fair simulated system. The people of a thousand audits are drawn and counted in
numpy, and the counts go the way of every audit from there on (`exact`, `find`): no file is read, no report written.
The interval of every figure on which the two options bear must hold 0 (or 1) in at least 92 % of audits, and any word
but equivalent or inconclusive may stand in at most 5 %, both within two Monte Carlo errors; or figure, p and verdict
are absent with a reason. `--check` holds the counts against the same people written as rows and audited whole.

    python benchmarks/design_pairs.py [--repeats 1000] [--only cluster-strata,pair-weight] [--kept FILE] [--check]

`--kept` is a file to which every 25 audits are added, and from which a run goes on where another one stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations
from math import isclose, sqrt
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import Cells, Clusters, Levels, Tabulation
from auditkit.counts.joint_counts import from_cells
from auditkit.findings.analysis import find
from auditkit.findings.families import declare
from auditkit.protect.exact import CountedAnalysis, Counts, exact
from auditkit.protect.protected import protect
from auditkit.protect.released import Bounds, GroupCounts, Released, ReleasedView
from auditkit.result import Gap, RowAccount
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
    "hidden": {},
    "rest": {"groups": {"g": {"column": "g", "reference": {"is": "rest"}}, "h": {"column": "h"}}},
    "crossed": {"crossed": [["g", "h"]]},
    "top": {"score": "score", "selected": {"top": 400}},
    "numeric": {"outcome": {"column": "cost", "numeric": True}},
}  # fmt: skip
OWN = {"strata": "mantel_haenszel_ratio:st", "stages": "passing_rate:1", "numeric": "mean_outcome"}
OUTCOME = {"arm", "population", "checked", "when_selected"}
ASIDE = {
    frozenset(("arm", "population")): "population is the arm of a known number of people",
    frozenset(("arm", "checked")): "checked stands beside an arm",
    **{frozenset(two): "observed takes one of these" for two in (
        ("arm", "when_selected"), ("population", "checked"), ("population", "when_selected"),
        ("checked", "when_selected"))},
    frozenset(("cluster", "pair")): "refused: a pair is a cluster",
    frozenset(("stages", "top")): "refused: stages are selected by columns",
    frozenset(("population", "weight")): "refused: the arm is not weighted",
    frozenset(("population", "top")): "refused: the arm has no score",
    frozenset(("checked", "numeric")): "refused: an amount is not checked",
}  # fmt: skip
WORDS = ("established", "present", "small")
CLUSTERS, OFFERS, CHUNK, FEWEST_PAIRS = 60, 1000, 25, 50
People = dict[str, NDArray[np.int64]]


def people(pairs: bool, draw: np.random.Generator) -> People:
    """2,000 people of two groups, alike in law: selected and with the outcome as their cluster leans, pairs alike."""
    lean = draw.beta(4, 8, CLUSTERS)
    offer = np.repeat(np.arange(OFFERS), 2)
    one = np.repeat(draw.random((2, OFFERS)), 2, axis=1)
    alike = np.repeat(draw.random(OFFERS) < 0.5, 2) if pairs else draw.random(2 * OFFERS) < 0.5
    u = np.where(alike & pairs, one, draw.random((2, 2 * OFFERS)))
    selected, positive = u < lean[offer % CLUSTERS]

    def chance(share: float) -> NDArray[np.int64]:
        return (draw.random(2 * OFFERS) < share).astype(np.int64)

    score = np.rint((draw.random(2 * OFFERS) + 1 - u[0]) * 1e6).astype(np.int64)
    return {
        "g": np.tile([0, 1], OFFERS), "h": chance(0.5), "st": chance(0.5), "cl": offer % CLUSTERS, "offer": offer,
        "dec": selected.astype(np.int64), "first": (selected | (draw.random(2 * OFFERS) < 0.4)).astype(np.int64),
        "arm": chance(0.4), "y": positive.astype(np.int64), "done": chance(0.7), "score": score,
        "cost": draw.integers(0, 1001, 2 * OFFERS), "w": draw.integers(1, 4, 2 * OFFERS),
    }  # fmt: skip


NAMES = {"g": ("A", "B"), "h": ("X", "Y"), "st": ("high", "low")}


def rows(found: People) -> str:
    """The same people as the file of an audit."""
    named = {
        **{name: [values[i] for i in found[name]] for name, values in NAMES.items()},
        "cl": [f"c{i}" for i in found["cl"]], "offer": [f"o{i}" for i in found["offer"]],
        "dec": [("no", "yes")[i] for i in found["dec"]], "first": [("no", "yes")[i] for i in found["first"]],
        "arm": ["nr"[i] for i in found["arm"]], "score": [i / 1e6 for i in found["score"]],
        "cost": [i / 10 for i in found["cost"]], **{name: found[name] for name in ("y", "done", "w")},
    }  # fmt: skip
    return "\n".join([",".join(named), *(",".join(map(str, line)) for line in zip(*named.values(), strict=True))])


def spec(pair: tuple[str, ...]) -> AuditSpec:
    """The audit of some options: the rate of selection, that of the outcome, and what the options have of their own."""
    content: dict[str, object] = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
        "selected": {"column": "dec", "in": ["yes"]}, "outcome": {"column": "y", "positive": ["1"], "negative": ["0"]},
        "groups": {"g": {"column": "g", "reference": "B"}, "h": {"column": "h", "reference": "Y"}},
        "publish": {"minimum_count": 0, "because": "simulated"},
    }  # fmt: skip
    for option in pair:
        content |= PATCHES[option]
    if "crossed" not in pair:
        content["groups"] = {"g": content["groups"]["g"]}  # type: ignore[index]
        content["crossed"] = []
    known = [name for name in figures(pair) if name not in ("selection_rate", *OWN.values())]
    known += ["mean_outcome"] if "numeric" in pair else []
    return AuditSpec.model_validate(content | {"measures": ["selection_rate", *known]})


def counted(found: People, pair: tuple[str, ...], audit: AuditSpec) -> Tabulation:
    """The counts of the people under some options."""
    selected = found["dec"]
    if "top" in pair:
        selected = (found["score"] >= np.sort(found["score"])[-400]).astype(np.int64)
    arm = found["arm"] if audit.arm is not None else np.zeros_like(selected)
    outcome = np.full_like(selected, -1) if "numeric" in pair else found["y"].copy()
    seen = np.ones(len(selected), dtype=bool)
    if audit.checked is not None:
        seen = np.where(selected == 1, (found["done"] == 1) | (arm == 1), arm == 1)
    elif audit.arm is not None or audit.observed == "when_selected":
        seen = (selected == 1) | (arm == 1)
    outcome[~seen] = -1
    weight = found["w"] if "weight" in pair else np.ones_like(selected)
    names = ["g", *(["h"] if "crossed" in pair else []), *(["st"] if "strata" in pair else [])]
    cost = np.where(seen, found["cost"] / 10, 0.0) if "numeric" in pair else None

    def cells(selected: NDArray[np.int64], mine: NDArray[np.bool_], *more: NDArray[np.int64]) -> tuple[Cells, ...]:
        columns = np.stack([*(found[name] for name in names), selected, outcome, arm, *more])[:, mine]
        packed = columns[0]
        for column in columns[1:]:
            packed = packed * (column.max() + 2) + column + 1
        _, first, place = np.unique(packed, return_index=True, return_inverse=True)
        unique = columns[:, first]

        def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.bincount(place.ravel(), values[mine], unique.shape[1]).astype(np.float64)

        few = len(names)
        w = weight.astype(np.float64)
        by_cost = {} if cost is None else {
            "outcome_weight": total(w * seen), "outcome_sum": total(w * cost), "outcome_squared": total(w * cost**2)
        }  # fmt: skip
        levels = tuple(Levels(name, NAMES[name]) for name in names)
        made = Cells(
            levels, dict(zip(names, unique, strict=False)), unique[few], unique[few + 1], unique[few + 2],
            np.full(unique.shape[1], -1), total(np.ones(len(w))), total(w), total(w**2), **by_cost,
        )  # fmt: skip
        return made, unique[few + 3 :]  # type: ignore[return-value]

    everybody = np.ones(len(selected), dtype=bool)
    clusters = None
    if "cluster" in pair or "pair" in pair:
        by, places = cells(selected, everybody, found["cl" if "cluster" in pair else "offer"])
        clusters = Clusters(by, places[0], CLUSTERS if "cluster" in pair else OFFERS)  # type: ignore[arg-type, index]
    stages = ()
    if "stages" in pair:
        stages = (cells(found["first"], everybody)[0], cells(selected, found["first"] == 1)[0])
    joint = cells(selected, everybody)[0]
    account = RowAccount(len(selected), len(selected), without_outcome=float((~seen).sum()))
    return Tabulation((joint,), account, clusters=clusters, stages=stages, weighted="weight" in pair)


def hidden(released: Released) -> Released:
    """The same release with every count rounded to 10 and no cluster: what a publisher gives away."""

    def of(counts: GroupCounts) -> GroupCounts:
        near = np.rint(counts.rows / 10) * 10
        low, high = np.maximum(near - 5, 0), near + 5
        blank = np.full_like(near, np.nan)
        kept = (counts.weights, counts.squares) if counts.weighted else (blank, blank)
        return replace(counts, counts=Bounds.of(low, high), weights=kept[0], squares=kept[1])

    def view(one: ReleasedView) -> ReleasedView:
        parts = {name: tuple(of(part) for part in getattr(one, name)) for name in ("stages", "strata")}
        arm = None if one.arm is None else of(one.arm)
        return replace(one, everyone=of(one.everyone), arm=arm, clusters=None, strata_clusters=(), **parts)

    (main,) = released.analyses
    everyone = None if main.everyone is None else view(main.everyone)
    main = replace(main, views=tuple(map(view, main.views)), everyone=everyone)
    return replace(released, analyses=(main,))


def gaps_of(found: People, pair: tuple[str, ...], audit: AuditSpec) -> tuple[Gap, ...]:
    """Every gap of the audit, from the counts alone."""
    tabulation = counted(found, pair, audit)
    released = exact(Counts(audit, (CountedAnalysis("main", audit, tabulation),)))
    if {"pair", "hidden"} == set(pair):
        joint = from_cells("main", tabulation.joint[0], tabulation.account)
        released = protect(released, (joint,), FEWEST_PAIRS)
    elif "hidden" in pair:
        released = hidden(released)
    return find(released.analyses[0], declare(released.analyses)).gaps


def figures(pair: tuple[str, ...]) -> tuple[str, ...]:
    """The measures on which two options bear, that where both meet first."""
    own = [OWN[option] for option in pair if option in OWN]
    outcome = [] if "numeric" in pair else ["false_positive_rate"]
    outcome += ["positive_predictive_value"] if "when_selected" in pair and "numeric" not in pair else []
    rates = [*outcome, "selection_rate"] if OUTCOME & set(pair) else ["selection_rate", *outcome]
    return tuple(dict.fromkeys([*own, *rates]))


def judged(gaps: tuple[Gap, ...], pair: tuple[str, ...]) -> dict[str, list[int]]:
    """Of each measure: intervals printed, those that hold, those absent without a reason; any word of a gap (last)."""
    told: dict[str, list[int]] = {name: [0, 0, 0] for name in figures(pair)}
    mine = [gap for gap in gaps if gap.kind != "largest_difference" and gap.crossed == ("crossed" in pair)]
    for gap in mine:
        if gap.measure not in told:
            continue
        line = told[gap.measure]
        if gap.lower is None and gap.upper is None:
            line[2] += gap.reason is None
            continue
        equal = 1.0 if gap.kind == "ratio" else 0.0
        line[0] += 1
        line[1] += (gap.lower is None or gap.lower <= equal) and (gap.upper is None or equal <= gap.upper)
    return told | {"word": [int(any(gap.verdict in WORDS for gap in gaps))]}


def added(total: dict[str, list[int]], more: dict[str, list[int]]) -> dict[str, list[int]]:
    """Two counts together."""
    return {name: [a + b for a, b in zip(total.get(name, [0] * len(line)), line, strict=True)]
            for name, line in more.items()}  # fmt: skip


def audits(pair: tuple[str, ...], first: int, last: int) -> dict[str, list[int]]:
    """What a run of audits of a pair gave, added up; what no word rests on is not worked out."""
    audit, total = spec(pair), {}

    def blank(x0: NDArray[np.float64], *_: object, **__: object) -> NDArray[np.float64]:
        return np.full(np.shape(x0), np.nan)

    with (
        patch("auditkit.measures.gap_tables.smallest_established", blank),
        patch("auditkit.measures.gap_tables.smallest_told", blank),
        patch("auditkit.findings.analysis.largest_gaps", lambda *_: []),
        patch("auditkit.findings.analysis._estimates", lambda *_: []),
    ):
        for repeat in range(first, last):
            found = people("pair" in pair, np.random.default_rng([20261130, repeat]))
            total = added(total, judged(gaps_of(found, pair, audit), pair))
    return total


def line_of(pair: tuple[str, ...], total: dict[str, list[int]], repeats: int) -> tuple[str, bool, bool]:
    """The row of the table; whether the bars are kept; whether the figure where both meet has an interval."""
    word = total["word"][0] / repeats
    shares = {name: line[1] / line[0] for name, line in total.items() if name != "word" and line[0]}
    silent = sum(line[2] for name, line in total.items() if name != "word")
    error = [2 * sqrt(p * (1 - p) / repeats) for p in (0.92, 0.05)]
    kept = all(share >= 0.92 - error[0] for share in shares.values()) and word <= 0.05 + error[1] and not silent
    absent = [name for name in figures(pair) if name not in shares]
    said = ", ".join(f"{name.partition(':')[0]} {share:.1%}" for name, share in shares.items()) or "none"
    none = ", ".join(name.partition(":")[0] for name in absent) or "-"
    mark = "" if kept else (" **without a reason**" if silent else " **missed**")
    return (
        f"| {' x '.join(pair)} | {repeats:,} | {said} | {word:.1%} | {none} |{mark}",
        kept,
        figures(pair)[0] in absent,
    )


def kept_chunks(path: Path | None) -> dict[tuple[str, ...], dict[int, dict[str, list[int]]]]:
    """The chunks of audits that earlier runs left, by pair and first repeat."""
    found: dict[tuple[str, ...], dict[int, dict[str, list[int]]]] = {}
    if path is not None and path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            found.setdefault(tuple(one["pair"]), {})[one["first"]] = one["total"]
    return found


def same_as_rows(pair: tuple[str, ...]) -> str:
    """What differs between the counts drawn here and the same people audited from their rows; nothing should."""
    audit = spec(pair)
    found = people("pair" in pair, np.random.default_rng([20261130, 0]))
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "rows.csv").write_text(rows(found), encoding="utf-8")
        whole = run_audit(audit, Path(name), disclosed=False).main.gaps
    mine = gaps_of(found, tuple(option for option in pair if option != "hidden"), audit)
    same = sum(alike(one, two) for one, two in zip(mine, whole, strict=True))
    return f"{' x '.join(pair)}: {same} of {len(whole)} gaps the same"


def alike(one: Gap, two: Gap) -> bool:
    """Whether two gaps are the same to nine digits: sums over clusters are taken in another order."""
    pairs = [(getattr(one, field.name), getattr(two, field.name)) for field in fields(one)]
    return all(a == b or (isinstance(a, float) and isinstance(b, float) and isclose(a, b, rel_tol=1e-9, abs_tol=1e-12))
               for a, b in pairs)  # fmt: skip


def pairs_of(only: str) -> Iterator[tuple[str, ...]]:
    """The pairs that can be tried, or those asked for."""
    wanted = {frozenset(one.split("-")) for one in only.split(",") if one}
    for pair in combinations(OPTIONS, 2):
        if frozenset(pair) not in ASIDE and (not wanted or frozenset(pair) in wanted):
            yield pair


def main() -> int:
    """Print one row a pair; exit 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--only", default="")
    parser.add_argument("--kept", type=Path, help="a file to go on from and to add to")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first repeat")
    parser.add_argument("--check", action="store_true", help="hold the counts against whole audits of rows")
    parser.add_argument("--table", action="store_true", help="only the table of what --kept holds")
    asked = parser.parse_args()
    if asked.check:
        for pair in pairs_of(asked.only):
            print(same_as_rows(pair), flush=True)
        return 0
    chunks = kept_chunks(asked.kept)
    if not asked.table:
        for first in range(asked.first, asked.repeats, CHUNK):
            for pair in pairs_of(asked.only):
                if first in chunks.get(pair, {}):
                    continue
                total = audits(pair, first, min(first + CHUNK, asked.repeats))
                chunks.setdefault(pair, {})[first] = total
                if asked.kept is not None:
                    with asked.kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps({"pair": pair, "first": first, "total": total}) + "\n")
    print("| pair | audits | the interval holds | a word of a gap | without an interval |\n|---|---|---|---|---|")
    missed, absent = 0, []
    for pair in pairs_of(asked.only):
        total: dict[str, list[int]] = {}
        for one in chunks.get(pair, {}).values():
            total = added(total, one)
        if total:
            line, kept, none = line_of(pair, total, CHUNK * len(chunks[pair]))
            print(line, flush=True)
            missed += not kept
            absent += [" x ".join(pair)] if none else []
    print(f"\n{len(absent)} pairs without an interval where they meet: {', '.join(absent)}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
