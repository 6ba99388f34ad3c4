"""Policies: how often held-out intervals hold the truth, time on a million rows: python benchmarks/policies.py [runs]

Truth: the same rules, learnt from the same half, told on 200,000 further people of the same kind.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

import auditkit
from auditkit.kinds.policies import Fitted, learnt
from auditkit.kinds.policy_figures import policy_figures
from auditkit.spec import AuditSpec
from auditkit.spec.policy_spec import Policy

POLICIES = [
    Policy.model_validate({"fairlearn": "threshold_optimizer", "by": "sex", "constraint": "demographic_parity"}),
    Policy.model_validate({"without": ["x1"], "columns": ["x1", "x2"]}),
    Policy.model_validate({"rule": 2, "columns": ["x1", "x2"]}),
]
FURTHER = 200_000


def people(draw: np.random.Generator, n: int) -> pd.DataFrame:
    """Two groups, two variables, a score that is the chance."""
    sex = draw.choice(["F", "M"], n)
    x1, x2 = draw.normal(size=n) + (sex == "F"), draw.normal(size=n)
    chance = 1 / (1 + np.exp(-(x1 + x2 / 2 - 2)))
    y = (draw.random(n) < chance).astype(int)
    return pd.DataFrame({"sex": sex, "x1": x1, "x2": x2, "score": chance, "y": y})


def covered(seed: int, spec: AuditSpec) -> tuple[int, int]:
    """How many intervals of group F there are on the second half, and how many hold the truth."""
    draw = np.random.default_rng(seed)
    frame = pd.concat([people(draw, 4_000), people(draw, FURTHER)], ignore_index=True)
    train = np.arange(len(frame)) < 2_000
    rows = Fitted(
        {"sex": frame.sex.to_numpy(dtype=object)}, {"x1": frame.x1.to_numpy(), "x2": frame.x2.to_numpy()},
        frame.score.to_numpy(), frame.score.to_numpy() >= 0.5, frame.y.to_numpy(), train,
    )  # fmt: skip
    told = held = 0
    second = np.arange(len(frame)) < 4_000
    inside = (frame.sex == "F").to_numpy()
    for policy in POLICIES:
        part, _ = learnt(policy, rows, seed)
        figures = []
        for chosen in (second & ~train & inside, ~second & inside):
            place = np.where(rows.selected[chosen], 0, 3) + 1 - rows.outcome[chosen]
            counts = np.zeros((int(chosen.sum()), 6))
            counts[np.arange(len(counts)), place] = 1
            made = policy_figures("1", ("sex",), ("F",), counts, np.repeat(part[chosen][:, None], 6, axis=1), spec)
            figures.append({one.item: one for one in made})
        for item in ("selected_rate", "found_rate", "wrongly_rate"):
            one, truth = figures[0][item], figures[1][item].value
            if one.lower is not None and one.upper is not None and truth is not None:
                told += 1
                held += one.lower <= truth <= one.upper
    return told, held


def main(runs: int) -> None:
    """Coverage, then the time."""
    frame = people(np.random.default_rng(0), 1_000_000)
    given = {"groups": ["sex"], "score": "score", "threshold": 0.5, "outcome": "y"}
    rules = [{"at_least": 0.4}, {"top_share": 0.1}, "random", "nobody", {"by": "sex", "at_least": {"F": 0.6, "M": 0.4}}]
    began, used = time.perf_counter(), time.process_time()
    result = auditkit.audit(frame, policies=rules, **given).result
    print(f"1,000,000 rows, five rules without refitting, whole audit: {time.perf_counter() - began:.1f} s "
          f"({time.process_time() - used:.1f} s of computing)")  # fmt: skip
    told = held = 0
    for seed in range(runs):
        counts = covered(seed, result.spec)
        told, held = told + counts[0], held + counts[1]
    print(f"held-out intervals that hold the truth: {100 * held / max(1, told):.1f} % of {told}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
