"""What protection costs and what an attacker still finds, on random audits that anyone can make again.

    python benchmarks/protection.py cost [--audits 40]     # rates withheld among those that are not small
    python benchmarks/protection.py attack [--audits 300] [--resume FILE]     # small numbers that a reader narrows
    python benchmarks/protection.py recompute [--audits 50] [--resume FILE]   # the same bytes from what is published
    python benchmarks/protection.py large [--rows 600000]                     # five attributes, all pairs

The attacker (`benchmarks/attacker.py`) is written apart, works in whole people, and knows who there is. A few of these
audits are in the tests. `--resume` goes on where an interrupted run stopped.

The audits and the list of rates were fixed before the protection was written.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from auditkit.result import AuditResult

MINIMUM = 11
TRIED = 40
"""Of so many small numbers of each audit, evenly over all of them, the attacker seeks both ends."""

FAILED = {"attack": "narrowed", "recompute": "not the same"}
COST_AUDITS = range(40)
ATTACK_AUDITS = range(300)
RATES = {
    "selection_rate": ("selected", "not_selected"),
    "base_rate": ("positive", "negative"),
    "true_positive_rate": ("true_positive", "false_negative"),
    "false_negative_rate": ("false_negative", "true_positive"),
    "false_positive_rate": ("false_positive", "true_negative"),
    "true_negative_rate": ("true_negative", "false_positive"),
    "positive_predictive_value": ("true_positive", "false_positive"),
    "false_discovery_rate": ("false_positive", "true_positive"),
    "negative_predictive_value": ("true_negative", "false_negative"),
    "false_omission_rate": ("false_negative", "true_negative"),
    "accuracy": ("correct", "wrong"),
}
"""The requested rates: whom a rate counts, and the others of its denominator. Small: either is under the minimum."""

BASELINE = {"cost": (5569, 10555), "compas": (76, 371)}
"""Rates that release 0.1.0 withheld, of those not small, on the same audits (`withheld`, `not small`)."""


@dataclass(frozen=True)
class RandomAudit:
    """Rows, and the audit.yaml that goes with them."""

    name: str
    rows: pd.DataFrame
    spec: dict[str, Any]


def cost_audit(seed: int) -> RandomAudit:
    """300 to 1,500 rows, two to four attributes of two to six groups of unequal size, all pairs crossed."""
    random = np.random.default_rng([7, seed])
    n = int(random.integers(300, 1501))
    columns: dict[str, Any] = {}
    risk = random.normal(0, 1, n)
    for place in range(int(random.integers(2, 5))):
        groups = int(random.integers(2, 7))
        share = random.dirichlet(np.full(groups, 1.5))
        value = random.choice(groups, n, p=share)
        risk += random.normal(0, 0.4, groups)[value]
        columns[f"g{place}"] = np.array([f"{chr(97 + place)}{k}" for k in range(groups)])[value]
    columns["sel"] = (risk + random.normal(0, 0.7, n) > np.quantile(risk, random.uniform(0.5, 0.9))).astype(int)
    columns["y"] = (risk + random.normal(0, 1.2, n) > np.quantile(risk, random.uniform(0.4, 0.85))).astype(int)
    spec = _spec({name: {"column": name} for name in columns if name.startswith("g")})
    return RandomAudit(f"cost-{seed}", pd.DataFrame(columns), spec)


def attack_audit(seed: int) -> RandomAudit:
    """An audit of any shape: nested columns, two groupings of one column, further analyses, strata, stages, scores."""
    random = np.random.default_rng([11, seed])
    n = int(random.integers(250, 1201))
    age = random.integers(18, 80, n)
    region = random.choice(4, n, p=random.dirichlet(np.full(4, 2.0)))
    department = region * 3 + random.choice(3, n, p=[0.6, 0.3, 0.1])
    sex = random.choice(2, n, p=[0.55, 0.45])
    charge = random.choice(2, n, p=[0.7, 0.3])
    risk = random.normal(0, 1, n) + 0.3 * region / 4 + 0.2 * sex
    levels = int(random.choice([2, 4, 10, 100]))
    score = np.clip(((risk + 3) / 6 * levels).astype(int), 0, levels - 1)
    columns = {
        "age": age, "region": [f"r{k}" for k in region], "department": [f"d{k}" for k in department],
        "sex": np.array(["F", "M"])[sex], "charge": np.array(["x", "z"])[charge], "score": score,
        "sel": (risk + random.normal(0, 0.5, n) > np.quantile(risk, 0.7)).astype(int),
        "y": (risk + random.normal(0, 1, n) > np.quantile(risk, 0.6)).astype(int),
    }  # fmt: skip
    edges = sorted(int(edge) for edge in random.choice(np.arange(22, 74), 3, replace=False))
    choice: dict[str, Any] = {
        "sex": {"column": "sex"},
        "age": {"column": "age", "bins": edges, "labels": ["a0", "a1", "a2", "a3"]},
        "young": {"column": "age", "bins": [edges[0] + 1], "labels": ["younger", "older"]},
        "region": {"column": "region"},
        "department": {"column": "department"},
    }
    wanted = random.choice(list(choice), int(random.integers(2, 4)), replace=False).tolist()
    spec = _spec({name: choice[name] for name in wanted})
    if random.random() < 0.5:
        spec["crossed"] = [wanted[:2]] if random.random() < 0.5 else []
    if random.random() < 0.5:
        spec |= {"score": "score", "selected": {"at_least": max(1, levels // 2)}}
    if random.random() < 0.3:
        spec["strata"] = {"charge": "charge"}
    if random.random() < 0.2 and spec["selected"].get("column") == "sel":
        spec["observed"] = "when_selected"
    analyses: dict[str, Any] = {}
    for place in range(int(random.choice([0, 0, 1, 1, 2]))):
        low = int(random.integers(18, 30))
        analyses[f"part{place}"] = [
            {"keep": [{"column": "age", "at_least": low}]},
            {"keep": [{"column": "charge", "in": ["xz"[place % 2]]}]},
            {
                "groups": {"age": {"column": "age", "labels": ["b0", "b1", "b2", "b3"], "bins": _moved(edges)}},
                "crossed": [],
            },
        ][int(random.integers(0, 3))]
    if analyses:
        spec["analyses"] = analyses
    return RandomAudit(f"attack-{seed}", pd.DataFrame(columns), spec)


def _moved(edges: list[int]) -> list[int]:
    """Other age classes: the first edge a year on (all of them, where it would meet the second)."""
    first = edges[0] + 1
    return [first, *edges[1:]] if first < edges[1] else [edge + 1 for edge in edges]


def _spec(groups: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "random", "system": {"name": "s", "harm": "punitive"}, "data": {"file": "rows.csv"},
        "selected": {"column": "sel", "in": [1]}, "outcome": {"column": "y", "positive": [1], "negative": [0]},
        "groups": groups, "publish": {"minimum_count": MINIMUM},
    }  # fmt: skip


def _rates(audit: RandomAudit, folder: Path, minimum: int) -> dict[tuple[Any, ...], Any]:
    from auditkit.run import run_audit
    from auditkit.spec import AuditSpec

    publish = {"minimum_count": minimum} | ({"because": "benchmark"} if minimum == 0 else {})
    result = run_audit(AuditSpec.model_validate(audit.spec | {"publish": publish}), folder)
    return {
        (one.key, e.attributes, e.groups, e.measure): e
        for one in result.analyses for e in one.estimates if e.measure in RATES
    }  # fmt: skip


def cost(audit: RandomAudit) -> tuple[int, int, int]:
    """Rates that are withheld, those of them that are bounds, and all, of the rates that are not small."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        audit.rows.to_csv(folder / "rows.csv", index=False)
        exact, shown = _rates(audit, folder, 0), _rates(audit, folder, MINIMUM)
    large = [key for key, e in exact.items() if e.numerator is not None and e.denominator is not None
             and e.numerator >= MINIMUM and e.denominator - e.numerator >= MINIMUM]  # fmt: skip
    status = [shown[key].status if key in shown else "suppressed" for key in large]
    return sum(one != "computed" for one in status), status.count("bounds"), len(large)


def _published(audit: RandomAudit, folder: Path) -> AuditResult:
    """A run of an audit, its files in `folder`."""
    from auditkit.protect.released_files import released_files
    from auditkit.run import run_audit
    from auditkit.spec import AuditSpec

    audit.rows.to_csv(folder / "rows.csv", index=False)
    result = run_audit(AuditSpec.model_validate(audit.spec), folder)
    public = folder / "public"
    public.mkdir()
    for name, content in released_files(result.released).items():
        (public / name).write_bytes(content)
    return result


def attack(audit: RandomAudit, most: int = TRIED) -> tuple[int, int]:
    """Numbers under the minimum that the attacker tried, and those that the files leave a shorter interval."""
    from attacker import Attacker

    with tempfile.TemporaryDirectory() as name:
        _published(audit, Path(name))
        reader = Attacker(audit.rows, audit.spec, Path(name) / "public")
        targets = reader.targets(MINIMUM)
        tried = targets[:: max(1, -(-len(targets) // most))]
        narrow = 0
        for target in tried:
            low, high = reader.interval(target)
            if not low <= target.value <= high:
                raise AssertionError(f"{audit.name}: {target} is outside {low} to {high}: the attacker is wrong")
            narrow += high - low < MINIMUM
        return len(tried), narrow


def recompute(audit: RandomAudit) -> tuple[int, int]:
    """1, and whether what is published gives another results.json or other released files."""
    from auditkit.protect.released_files import released_files
    from auditkit.run import run_audit
    from auditkit.spec.load_spec import load_audit
    from auditkit.write.results_json import results_json

    with tempfile.TemporaryDirectory() as name:
        result = _published(audit, Path(name))
        public = Path(name) / "public"
        again = run_audit(load_audit(public / "released.yaml"), public)
        same = results_json(again) == results_json(result)
        return 1, int(not same or released_files(again.released) != released_files(result.released))


def large(rows: int) -> RandomAudit:
    """Five attributes of 13, 6, 5, 3 and 2 groups, each about half the size of the one before; all pairs crossed."""
    random = np.random.default_rng([13, rows])
    columns: dict[str, Any] = {}
    risk = random.normal(0, 1, rows)
    for place, groups in enumerate((13, 6, 5, 3, 2)):
        share = 0.55 ** np.arange(groups)
        value = random.choice(groups, rows, p=share / share.sum())
        risk += random.normal(0, 0.3, groups)[value]
        columns[f"g{place}"] = np.array([f"{chr(97 + place)}{k}" for k in range(groups)])[value]
    columns["sel"] = (risk + random.normal(0, 0.7, rows) > np.quantile(risk, 0.8)).astype(int)
    columns["y"] = (risk + random.normal(0, 1.2, rows) > np.quantile(risk, 0.7)).astype(int)
    spec = _spec({name: {"column": name} for name in columns if name.startswith("g")})
    return RandomAudit(f"large-{rows}", pd.DataFrame(columns), spec)


def _resumed(store: Path | None, what: str) -> dict[str, list[int]]:
    """What an earlier, interrupted run of the same gate found, by audit."""
    if store is None or not store.is_file():
        return {}
    lines = [json.loads(line) for line in store.read_text().splitlines()]
    return {line["audit"]: line["found"] for line in lines if line["gate"] == what}


def gate(what: str, count: int, store: Path | None) -> None:
    """One gate over `count` random audits; each is written down as it is done, and not done again."""
    check = {"attack": attack, "recompute": recompute}[what]
    known = _resumed(store, what)
    tried = failed = 0
    for seed in range(count):
        audit = attack_audit(seed)
        if audit.name not in known:
            known[audit.name] = list(check(audit))
            if store is not None:
                with store.open("a") as file:
                    file.write(json.dumps({"gate": what, "audit": audit.name, "found": known[audit.name]}) + "\n")
        one, wrong = known[audit.name]
        tried, failed = tried + one, failed + wrong
        print(f"{audit.name}: {wrong} of {one} {FAILED[what]}", flush=True)
    print(f"together {failed} of {tried} {FAILED[what]}, in {count} audits")


def main() -> None:
    """Print one line an audit, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["cost", "attack", "recompute", "large"])
    parser.add_argument("--audits", type=int, default=0)
    parser.add_argument("--rows", type=int, default=600_000)
    parser.add_argument("--resume", type=Path, help="a file of what is done; it is begun where there is none")
    asked = parser.parse_args()
    if asked.what in FAILED:
        gate(asked.what, asked.audits or (len(ATTACK_AUDITS) if asked.what == "attack" else 50), asked.resume)
        return
    if asked.what == "large":
        began = time.perf_counter()
        one = cost(large(asked.rows))
        seconds = time.perf_counter() - began
        print(f"{asked.rows} rows: {one[0]} of {one[2]} withheld ({one[0] / one[2]:.1%}), {one[1]} as bounds; "
              f"{seconds:.0f} s for the exact and the protected run")  # fmt: skip
        return
    found = np.zeros(3, dtype=int)
    for seed in COST_AUDITS[: asked.audits or len(COST_AUDITS)]:
        one = cost(cost_audit(seed))
        found += one
        print(f"audit {seed}: {one[0]} of {one[2]} withheld, {one[1]} of them as bounds", flush=True)
    withheld, large_ones = BASELINE["cost"]
    print(f"together {found[0]} of {found[2]} ({found[0] / found[2]:.1%}), {found[1]} as bounds; "
          f"release 0.1.0 withheld {withheld} of {large_ones} ({withheld / large_ones:.1%})")  # fmt: skip


if __name__ == "__main__":
    main()
