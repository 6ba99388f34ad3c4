"""What protection costs and what an attacker still finds, on random audits that anyone can make again.

    python benchmarks/protection.py cost [--audits 40]     # rates withheld among those that are not small
    python benchmarks/protection.py attack [--audits 300]  # audits of every shape: proofs multiplied out

The attack with whole numbers, written apart, is `tests/attacker`, on twenty of these audits.

The audits and the list of rates were fixed before the protection was written.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

MINIMUM = 11
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
        "age": {"column": "age", "bins": edges},
        "young": {"column": "age", "bins": [edges[0] + 1]},
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
            {"groups": {"age": {"column": "age", "bins": [edges[0] + 1, edges[1], edges[2]]}}},
        ][int(random.integers(0, 3))]
    if analyses:
        spec["analyses"] = analyses
    return RandomAudit(f"attack-{seed}", pd.DataFrame(columns), spec)


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


def attack(audit: RandomAudit) -> bool:
    """Whether a run ends: protection raises where its two tables do not prove every sensitive sum safe."""
    with tempfile.TemporaryDirectory() as name:
        audit.rows.to_csv(Path(name) / "rows.csv", index=False)
        return bool(_rates(audit, Path(name), MINIMUM))


def main() -> None:
    """Print one line an audit, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["cost", "attack"])
    parser.add_argument("--audits", type=int, default=0)
    asked = parser.parse_args()
    if asked.what == "attack":
        count = asked.audits or len(ATTACK_AUDITS)
        proved = sum(attack(attack_audit(seed)) for seed in range(count))
        print(f"{proved} of {count} audits protected, every sensitive sum proved by two tables")
        return
    found = np.zeros(3, dtype=int)
    for seed in COST_AUDITS[: asked.audits or len(COST_AUDITS)]:
        one = cost(cost_audit(seed))
        found += one
        print(f"audit {seed}: {one[0]} of {one[2]} withheld, {one[1]} of them as bounds", flush=True)
    withheld, large = BASELINE["cost"]
    print(f"together {found[0]} of {found[2]} ({found[0] / found[2]:.1%}), {found[1]} as bounds; "
          f"release 0.1.0 withheld {withheld} of {large} ({withheld / large:.1%})")  # fmt: skip


if __name__ == "__main__":
    main()
