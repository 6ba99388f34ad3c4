"""A synthetic survey of a training agency: invented applicants of sixty offices, weighted, more than one from each.

    python datasets/training-places/make_sample.py [--rows 6000] [--seed 1] [--out FILE]

Offices differ in how freely they grant places, so applicants of one office stand or fall together; small offices were
sampled more densely, so rows are weighted. Being selected is favourable.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from pathlib import Path

import numpy as np

OFFICES = 60
ORIGINS = ("born here", "born in the EU", "born elsewhere", "stateless")
SHARES = (0.78, 0.12, 0.09, 0.01)


def rows(count: int, seed: int) -> list[list[str]]:
    """The rows, without their heading."""
    random = np.random.default_rng(seed)
    office = random.integers(0, OFFICES, count)
    strictness, density = random.normal(0, 0.5, OFFICES), random.uniform(0.35, 1.0, OFFICES)
    sex = random.random(count) < 0.52
    origin = random.choice(len(ORIGINS), count, p=SHARES)
    age = np.clip(random.normal(38, 12, count), 18, 64).astype(int)
    high = random.random(count) < np.where(origin == 2, 0.25, 0.4)
    wish = 0.2 + 0.5 * high - 0.35 * (origin == 2) - 0.2 * (origin == 1) - 0.02 * np.maximum(age - 45, 0)
    granted = random.random(count) < 1 / (1 + np.exp(-(wish + strictness[office])))
    works = random.random(count) < 1 / (1 + np.exp(-(-0.4 + 0.8 * high - 0.01 * (age - 38) + 0.3 * granted)))
    weight = np.round(1 / density[office] * random.uniform(0.9, 1.1, count), 3)
    return [
        [("man", "woman")[int(sex[i])], ORIGINS[origin[i]], str(age[i]), ("low", "high")[int(high[i])],
         f"office {office[i] + 1:02d}", ("no", "yes")[int(granted[i])], ("no", "yes")[int(works[i])],
         f"{weight[i]:.3f}"]
        for i in range(count)
    ]  # fmt: skip


def main() -> None:
    """Write the file: the same bytes for the same seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "synthetic-sample.csv.gz")
    asked = parser.parse_args()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["sex", "origin", "age", "qualification", "office", "place", "work", "weight"])
    writer.writerows(rows(asked.rows, asked.seed))
    with asked.out.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


if __name__ == "__main__":
    main()
