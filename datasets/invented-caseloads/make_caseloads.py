"""Small synthetic caseloads, one a kind of system, each with a truth that is known because it was put there.

    python datasets/invented-caseloads/make_caseloads.py [--out FOLDER]

Nobody in them exists and nothing was fitted to data. README.md says what was planted in each file.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

Line = list[str]
YES = ("no", "yes")


def triage(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Job seekers in classes A, B, C: right classes alike for both sexes, women moved on with odds of about 1.6."""
    women = random.random(3000) < 0.48
    right = random.choice(3, 3000, p=[0.35, 0.40, 0.25])
    moved = random.random(3000) < np.where(women, 0.22, 0.08)
    back = random.random(3000) < 0.08
    given = np.clip(right + moved - back, 0, 2)
    lines = (["woman" if w else "man", "ABC"[g], "ABC"[r]] for w, g, r in zip(women, given, right, strict=True))
    return ["sex", "segment", "caseworker"], lines


def waiting(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Families on a list for a home: those born elsewhere stand further back, and are housed at 0.6 times the pace."""
    n = 900
    elsewhere = random.random(n) < 0.3
    place = np.argsort(np.argsort(-(random.normal(0, 1, n) - 0.45 * elsewhere))) + 1
    waits = random.exponential(np.where(elsewhere, 500 / 0.6, 500)).round().astype(int) + 1
    watched = random.integers(300, 1100, n)
    housed = waits <= watched
    days = np.minimum(waits, watched)
    lines = (
        [str(place[i]), "elsewhere" if elsewhere[i] else "here", str(days[i]), YES[int(housed[i])]] for i in range(n)
    )
    return ["place", "born", "days", "housed"], lines


def feeds(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Posts in 120 feeds of 15: what small local authors wrote is put further down, 0.8 standard deviations."""
    lines = []
    for feed in range(120):
        local = random.random(15) < 0.4
        order = np.argsort(-(random.normal(0, 1, 15) - 0.8 * local))
        lines += [
            [f"feed {feed + 1:03d}", str(place + 1), "local" if local[one] else "large"]
            for place, one in enumerate(order)
        ]
    return ["feed", "place", "author"], lines


def amounts(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Overpayments asked back: 2 in 5 owe nothing; lone parents are asked 80 euros too much on average, others 10."""
    n = 2000
    household = random.choice(["alone", "couple", "lone parent"], n, p=[0.5, 0.3, 0.2])
    real = np.where(random.random(n) < 0.4, 0.0, random.exponential(600, n)).round(2)
    extra = random.normal(np.where(household == "lone parent", 80, 10), 120)
    asked = np.maximum(0.0, real + extra).round(2)
    return ["household", "owed", "asked"], ([household[i], f"{real[i]:.2f}", f"{asked[i]:.2f}"] for i in range(n))


def claims(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Who has a right to help and who gets it: of those entitled 78 of 100 in towns, 58 in the country."""
    n = 2400
    country = random.random(n) < 0.35
    entitled = random.random(n) < 0.45
    served = random.random(n) < np.where(entitled, np.where(country, 0.58, 0.78), 0.02)
    return ["area", "entitled", "served"], (
        [("town", "country")[int(country[i])], YES[int(entitled[i])], YES[int(served[i])]] for i in range(n)
    )


def outreach(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Young people without a home, some told of a test by peers: 45 of 100 with ties on record, 15 without."""
    n = 600
    ties = random.random(n) < 0.7
    reached = random.random(n) < np.where(ties, 0.45, 0.15)
    return ["ties", "reached"], ([("none", "some")[int(ties[i])], YES[int(reached[i])]] for i in range(n))


def faces(random: np.random.Generator) -> tuple[Line, Iterable[Line]]:
    """Pairs of faces at a counter: of two persons alike in skin, darker ones score 0.08 higher; of one, 0.05 lower."""
    n = 8000
    darker = random.random(n) < 0.4
    same = random.random(n) < 0.4
    other = np.where(same, darker, random.random(n) < 0.4)
    middle = np.where(same, 0.80 - 0.05 * darker, 0.40 + 0.08 * (darker & other))
    score = np.clip(random.normal(middle, 0.09), 0, 1)
    skin = ("lighter", "darker")
    return ["skin", "skin_of_second", "same", "similarity"], (
        [skin[int(darker[i])], skin[int(other[i])], YES[int(same[i])], f"{score[i]:.3f}"] for i in range(n)
    )


MADE: dict[str, Callable[[np.random.Generator], tuple[Line, Iterable[Line]]]] = {
    "triage": triage, "waiting": waiting, "feeds": feeds, "amounts": amounts, "claims": claims,
    "outreach": outreach, "faces": faces,
}  # fmt: skip


def packed(name: str) -> bytes:
    """One file: the same bytes each time."""
    head, lines = MADE[name](np.random.default_rng([2026, *name.encode()]))
    text, made = io.StringIO(), io.BytesIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    with gzip.GzipFile("", "wb", fileobj=made, mtime=0) as file:
        file.write(text.getvalue().encode())
    return made.getvalue()


def main() -> None:
    """Write every file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out = parser.parse_args().out
    for name in MADE:
        (out / f"synthetic-{name}.csv.gz").write_bytes(packed(name))


if __name__ == "__main__":
    main()
