"""Random audits run as anybody runs them, and a reader with a solver over the files that they publish."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from auditkit.run import run_audit
from auditkit.spec import AuditSpec
from auditkit.write.results_csv import estimates_csv
from auditkit.write.results_json import results_json
from benchmarks.protection import RandomAudit, attack_audit, cost_audit
from tests.attacker.published_counts import MEANS, Attacker
from tests.attacker.published_files import published_lines

MINIMUM = 11


def _published(audit: RandomAudit, folder: Path) -> None:
    audit.rows.to_csv(folder / "rows.csv", index=False)
    YAML().dump(audit.spec, folder / "audit.yaml")
    result = run_audit(AuditSpec.model_validate(audit.spec), folder)
    (folder / "results.json").write_bytes(results_json(result))
    (folder / "estimates.csv").write_bytes(estimates_csv(result))


def _columns(audit: RandomAudit, analysis: str) -> pd.DataFrame:
    """What everybody who has the rows knows: groups and classes of one analysis, worked out from audit.yaml apart."""
    spec = audit.spec | audit.spec.get("analyses", {}).get(analysis, {})
    rows = audit.rows
    for condition in spec.get("keep", []):
        column = rows[condition["column"]]
        rows = rows[column.isin(condition["in"]) if "in" in condition else column >= condition["at_least"]]
    found = pd.DataFrame(index=rows.index)
    for name, group in spec["groups"].items():
        column = rows[group["column"]]
        if "bins" in group:
            edges = [str(edge) for edge in group["bins"]]
            labels = [f"under {edges[0]}", *(f"{a} to under {b}" for a, b in itertools.pairwise(edges)),
                      f"{edges[-1]} and over"]  # fmt: skip
            column = pd.cut(column, [-np.inf, *group["bins"], np.inf], right=False, labels=labels).astype(str)
        small = column.map(column.value_counts()) < MINIMUM
        found[name] = np.where(small, "other", column)
    selected = rows["score"] >= spec["selected"]["at_least"] if "at_least" in spec["selected"] else rows["sel"] == 1
    hidden = (spec.get("observed") == "when_selected") & ~selected
    outcome = np.where(hidden, "u", np.where(rows["y"] == 1, "p", "n"))
    names = {(True, "p"): "tp", (True, "n"): "fp", (False, "p"): "fn", (False, "n"): "tn", (False, "u"): "nu"}
    found["class"] = [names[bool(s), o] for s, o in zip(selected, outcome, strict=True)]
    return found


@pytest.mark.parametrize("seed", range(20))
def test_no_small_count_is_narrowed(seed: int, tmp_path: Path) -> None:
    audit = _smaller(attack_audit(seed) if seed % 2 else cost_audit(seed))
    _published(audit, tmp_path)
    for analysis, lines in published_lines(tmp_path).items():
        _attack(_columns(audit, analysis), lines)


def _smaller(audit: RandomAudit) -> RandomAudit:
    """Its first two attributes, so that twenty attacks take seconds; benchmarks/protection.py attacks them whole."""
    names = list(audit.spec["groups"])[:2]
    spec = audit.spec | {"groups": {name: audit.spec["groups"][name] for name in names}}
    if spec.get("crossed"):
        spec["crossed"] = [names]
    return RandomAudit(audit.name, audit.rows, spec)


def _attack(known: pd.DataFrame, lines: list) -> None:  # type: ignore[type-arg]
    names = [name for name in known if name != "class"]
    people = [dict(zip(names, values, strict=True)) for values in
              known[names].drop_duplicates().itertuples(index=False)]  # fmt: skip
    attacker = Attacker(lines, people, sorted(known["class"].unique()))
    tried = 0
    for name in names:
        for value, group in known.groupby(name):
            for kind, included in MEANS.items():
                true = int(group["class"].isin(included.split()).sum())
                if true < MINIMUM and set(included.split()) & set(known["class"]) and tried < 25:
                    tried += 1
                    low, high = attacker.interval([(name, str(value))], kind)
                    assert low <= true <= high, "the attacker's own reading is wrong"
                    assert high - low >= MINIMUM, (name, value, kind, true, low, high)
