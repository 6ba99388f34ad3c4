"""How often whole audits of fair systems say anything, kind by kind: docs/kinds.md quotes it.

    python benchmarks/kinds_audits.py [audits] [--kept FILE]

Rows are drawn from one truth for both groups and audited as `auditkit run` does; counted is every audit in which any
verdict says that there is a gap, and every one whose answer is a difference that the kind itself found. `--kept` keeps
one line an audit, so that an interrupted run goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

Drawn = tuple[dict[str, np.ndarray], dict[str, Any]]
YES = np.array(["no", "yes"])


def classes(random: np.random.Generator) -> Drawn:
    """Three classes, the right ones and those given."""
    right = random.choice(3, 400, p=[0.35, 0.4, 0.25])
    given = np.clip(right + (random.random(400) < 0.15) - (random.random(400) < 0.1), 0, 2)
    names = np.array(["A", "B", "C"])
    asked = {"classes": {"column": "k", "order": ["A", "B", "C"], "actual": "r"}}
    return {"k": names[given], "r": names[right]}, asked


def ranking(random: np.random.Generator) -> Drawn:
    """Forty lists of ten."""
    place = np.concatenate([random.permutation(10) + 1 for _ in range(40)])
    asked = {"ranking": {"position": "p", "per": "l", "top": [3]}}
    return {"p": place, "l": np.array([f"l{i:02d}" for i in np.repeat(np.arange(40), 10)])}, asked


def waiting(random: np.random.Generator) -> Drawn:
    """One list of four hundred."""
    return {"p": random.permutation(400) + 1}, {"ranking": {"position": "p", "top": [60, 20]}}


def prediction(random: np.random.Generator) -> Drawn:
    """Amounts, of which a third are nothing."""
    real = np.where(random.random(400) < 0.33, 0.0, random.exponential(300, 400)).round(2)
    said = np.maximum(0, real + random.normal(10, 80, 400)).round(2)
    return {"a": real, "s": said}, {"prediction": {"actual": "a", "predicted": "s", "unit": "euro", "too_much": 50}}


def entitled(random: np.random.Generator) -> Drawn:
    """Half are entitled, two in three of them served."""
    right = random.random(400) < 0.5
    served = random.random(400) < np.where(right, 0.66, 0.03)
    asked = {"entitled": {"column": "e", "in": ["yes"]}, "received": {"column": "s", "in": ["yes"]}}
    return {"e": YES[right.astype(int)], "s": YES[served.astype(int)]}, asked


def reach(random: np.random.Generator) -> Drawn:
    """A third are reached."""
    return {"v": YES[(random.random(400) < 0.33).astype(int)]}, {"reach": {"column": "v", "in": ["yes"]}}


def verification(random: np.random.Generator) -> Drawn:
    """Pairs of one person or of two, two thresholds."""
    same = random.random(1200) < 0.4
    score = random.normal(np.where(same, 0.75, 0.4), 0.12).round(3)
    one = {"column": "m", "in": ["yes"]}
    asked = {"verification": {"same_person": one, "score": "s", "thresholds": [0.6, 0.65], "false_match_rates": [0.05]}}
    return {"m": YES[same.astype(int)], "s": score}, asked


def survival(random: np.random.Generator) -> Drawn:
    """Waits of which some are not over, and no shorter followed."""
    wait, followed = random.exponential(100, 400).round() + 1, random.integers(40, 200, 400)
    asked = {"survival": {"time": "t", "event": {"column": "e", "in": ["yes"]}, "at": [60, 120]}}
    return {"t": np.minimum(wait, followed), "e": YES[(wait <= followed).astype(int)]}, asked


KINDS: dict[str, Callable[[np.random.Generator], Drawn]] = {
    one.__name__: one for one in (classes, ranking, waiting, prediction, entitled, reach, verification, survival)
}
HELPS = ("ranking", "waiting", "entitled", "reach", "survival")


def audited(kind: str, seed: int) -> AuditResult:
    """One fair audit of three groups that mean nothing."""
    random = np.random.default_rng([seed, *kind.encode()])
    columns, asked = KINDS[kind](random)
    columns["g"] = random.choice(["a", "b", "c"], len(next(iter(columns.values()))), p=[0.5, 0.3, 0.2])
    spec = AuditSpec.model_validate({
        "title": "fair", "system": {"name": "s", "harm": "assistive" if kind in HELPS else "punitive"},
        "data": "rows.csv", "groups": {"g": {"column": "g", "reference": "a"}},
        "publish": {"minimum_count": 0, "because": "invented"}, **asked,
    })  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        Path(name, "rows.csv").write_text("\n".join(lines) + "\n")
        return run_audit(spec, Path(name))


def said(result: AuditResult) -> tuple[bool, bool]:
    """Whether a verdict says that there is a gap, and whether a figure of the kind has a p under 0.05."""
    verdict = any(gap.verdict in ("established", "present") for one in result.analyses for gap in one.gaps)
    figures = [one.p_value for one in result.main.kind_figures if one.p_value is not None]
    return verdict, any(p < 0.05 for p in figures)


def main() -> None:
    """Print one line a kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("audits", type=int, nargs="?", default=400)
    parser.add_argument("--kept", type=Path, default=None)
    asked = parser.parse_args()
    known = {}
    if asked.kept is not None and asked.kept.is_file():
        known = {(kind, seed): got for kind, seed, *got in map(json.loads, asked.kept.read_text().splitlines())}
    for seed in range(asked.audits):
        for kind in KINDS:
            if (kind, seed) not in known:
                known[kind, seed] = [bool(one) for one in said(audited(kind, seed))]
                if asked.kept is not None:
                    with asked.kept.open("a") as file:
                        file.write(json.dumps([kind, seed, *known[kind, seed]]) + "\n")
    for kind in KINDS:
        found = np.array([known[kind, seed] for seed in range(asked.audits)], dtype=float).mean(axis=0)
        sys.stdout.write(f"{kind:14} a verdict {found[0]:6.1%}   a figure of the kind {found[1]:6.1%}\n")


if __name__ == "__main__":
    main()
