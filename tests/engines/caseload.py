"""One caseload in every place where rows may live: the figures must be the same to the last byte."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas

from auditkit import AuditResult, load_audit, run_audit
from auditkit.scorers.consent import consent_hash, foreign_parts

ROWS = 3_000
AUDIT = """\
title: A caseload
as_of: 2026-11-30
system: {name: Score, harm: punitive}
publish: {minimum_count: 0, because: synthetic}
data: DATA
score: score
selected: {at_least: 0.6}
outcome: {column: fraud, positive: [1], negative: [0]}
weight: weight
groups:
  sexe: {column: sexe, reference: {is: largest}}
  région: {column: "région d'accueil", reference: {is: largest}}
  age: {column: age, bins: [25, 45], reference: 25 to under 45}
  carer: {column: carer, reference: {is: largest}}
strata: {tenure: tenure}
analyses:
  recent: {keep: [{column: age, at_least: 30}]}
"""


def frame() -> pandas.DataFrame:
    """People with missing values, weights, ties, a continuous score, truth values, decimals and days."""
    draw = random.Random(7)
    rows: list[dict[str, Any]] = []
    for i in range(ROWS):
        rows.append(
            {
                "id": i,
                "sexe": draw.choice(["F", "M", "M", None]),
                "région d'accueil": draw.choice(["Île-de-France", 'Grand "Est"', "100 %", "l'Ouest"]),
                "age": draw.randrange(18, 80) if i % 17 else None,
                "carer": draw.choice([True, False]),
                "tenure": draw.choice(["owner", "tenant"]),
                "score": draw.random() if i % 3 else round(draw.random(), 1),
                "fraud": draw.choice([0, 0, 0, 1]),
                "weight": draw.choice([0.5, 1.0, 2.25]),
            }
        )
    table = pandas.DataFrame(rows)
    table["age"] = table["age"].astype("Int64")
    table["carer"] = table["carer"].astype("boolean")
    return table


def audit(folder: Path, data: str) -> Path:
    """An audit of the caseload in `folder`, whose rows stand where `data` says."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "audit.yaml"
    path.write_text(AUDIT.replace("DATA", data), encoding="utf-8")
    return path


def consented(path: Path, frame: Any = None) -> AuditResult:
    """What an audit finds, with consent to the database that it names."""
    spec = load_audit(path)
    trust = consent_hash(foreign_parts(spec, path.parent)) if "connection" in path.read_text(encoding="utf-8") else None
    return run_audit(spec, path.parent, frame=frame, trust=trust)
