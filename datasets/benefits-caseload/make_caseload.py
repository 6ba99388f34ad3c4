"""Make a SYNTHETIC caseload of a benefits agency: invented households whose disparities are known exactly.

An audit of real people never knows the truth it estimates. Here every true rate is a number: attributes are
drawn from a table of 576 profiles, undue payments from a logistic curve, scores from a logistic distribution,
so that each rate is a finite sum (`truth`). Nothing comes from any agency or person.

    python datasets/benefits-caseload/make_caseload.py [--rows 40000] [--seed 1] [--no-disparity] [--out FILE]
    python datasets/benefits-caseload/make_caseload.py --truth
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Effects = Mapping[str, Mapping[str, float]]

SHIPPED = "synthetic-caseload.csv.gz"
ROWS, SEED = 40_000, 1

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "sex": ("woman", "man"),
    "household": ("lone parent", "couple with children", "single", "couple"),
    "nationality": ("French", "European Union", "other"),
    "age": ("under 30", "30 to 49", "50 and over"),
    "disability_allowance": ("no", "yes"),
    "territory": ("urban", "rural"),
    "income": ("stable", "unstable"),
}
AGES = {"under 30": (18, 30), "30 to 49": (30, 50), "50 and over": (50, 65)}

# The share of each value; where it depends on another attribute, by that attribute's value.
SHARES: dict[str, tuple[str | None, dict[str, tuple[float, ...]]]] = {
    "sex": (None, {"": (0.58, 0.42)}),
    "household": ("sex", {"woman": (0.34, 0.28, 0.26, 0.12), "man": (0.06, 0.32, 0.46, 0.16)}),
    "nationality": (None, {"": (0.80, 0.07, 0.13)}),
    "age": (None, {"": (0.26, 0.48, 0.26)}),
    "disability_allowance": (
        "age",
        {"under 30": (0.94, 0.06), "30 to 49": (0.90, 0.10), "50 and over": (0.82, 0.18)},
    ),
    "territory": (None, {"": (0.70, 0.30)}),
    "income": (
        "nationality",
        {"French": (0.76, 0.24), "European Union": (0.70, 0.30), "other": (0.66, 0.34)},
    ),
}

SCORE_EFFECTS: Effects = {
    "household": {"lone parent": 0.75, "couple with children": 0.30, "single": 0.10},
    "nationality": {"European Union": 0.20, "other": 0.55},
    "age": {"under 30": 0.25, "50 and over": -0.20},
    "disability_allowance": {"yes": 0.60},
    "income": {"unstable": 0.80},
}
OUTCOME_EFFECTS: Effects = {
    "household": {"lone parent": 0.15},
    "income": {"unstable": 0.90},
}


@dataclass(frozen=True)
class Parameters:
    """How scores and undue payments come about.

    On the log-odds scale: score = base + effects + shift where the payment is undue + spread * noise.
    `territory` touches nothing; `sex` acts through the household only.
    """

    score_base: float = -2.75
    score_spread: float = 0.60
    outcome_shift: float = 1.10
    outcome_base: float = -2.10
    threshold: float = 0.40
    arm_share: float = 0.05
    score_effects: Effects = field(default_factory=lambda: SCORE_EFFECTS)
    outcome_effects: Effects = field(default_factory=lambda: OUTCOME_EFFECTS)


def parameters(no_disparity: bool = False) -> Parameters:
    """The shipped parameters; with `no_disparity`, a world where no attribute matters for anything."""
    if not no_disparity:
        return Parameters()
    return Parameters(score_base=-1.80, outcome_base=-1.80, score_effects={}, outcome_effects={})


@dataclass(frozen=True)
class Profiles:
    """Every combination of attributes (as positions in ATTRIBUTES) and its share of the population."""

    codes: dict[str, Integers]
    share: Floats


@dataclass(frozen=True)
class Caseload:
    """Drawn households. `undue` is the truth for all; `observed` says for whom a control has shown it."""

    codes: dict[str, Integers]
    age: Integers
    score: Floats
    selected: NDArray[np.bool_]
    random: NDArray[np.bool_]
    undue: NDArray[np.bool_]

    @property
    def observed(self) -> NDArray[np.bool_]:
        """Controlled: selected by the score, or drawn at random."""
        return self.selected | self.random


def profiles() -> Profiles:
    """The 576 profiles; their shares sum to 1."""
    combinations = list(itertools.product(*ATTRIBUTES.values()))
    names = list(ATTRIBUTES)
    share = np.ones(len(combinations))
    for row, combination in enumerate(combinations):
        values = dict(zip(names, combination, strict=True))
        for name, (given, table) in SHARES.items():
            share[row] *= table[values[given] if given else ""][ATTRIBUTES[name].index(values[name])]
    codes = {
        name: np.array([ATTRIBUTES[name].index(combination[place]) for combination in combinations])
        for place, name in enumerate(names)
    }
    return Profiles(codes, share)


def logistic(x: Floats) -> Floats:
    """The logistic curve, 1 / (1 + exp(-x))."""
    return np.asarray(1.0 / (1.0 + np.exp(-x)))


def _sum_of_effects(effects: Effects, codes: Mapping[str, Integers]) -> Floats:
    total = np.zeros(len(next(iter(codes.values()))))
    for name, by_value in effects.items():
        total += np.array([by_value.get(value, 0.0) for value in ATTRIBUTES[name]])[codes[name]]
    return total


def draw(given: Parameters, rows: int = ROWS, seed: int = SEED) -> Caseload:
    """Draw households independently. Scores are cut to four decimals, so that the threshold stays exact."""
    random = np.random.default_rng(seed)
    all_profiles = profiles()
    edges = np.cumsum(all_profiles.share)
    drawn = np.minimum(np.searchsorted(edges, random.random(rows), side="right"), len(edges) - 1)
    codes = {name: values[drawn] for name, values in all_profiles.codes.items()}
    chance = logistic(given.outcome_base + _sum_of_effects(given.outcome_effects, codes))
    undue = random.random(rows) < chance
    noise = random.random(rows)
    place = given.score_base + _sum_of_effects(given.score_effects, codes) + given.outcome_shift * undue
    exact = logistic(place + given.score_spread * (np.log(noise) - np.log1p(-noise)))
    bounds = np.array([AGES[label] for label in ATTRIBUTES["age"]])[codes["age"]]
    age = np.floor(bounds[:, 0] + random.random(rows) * (bounds[:, 1] - bounds[:, 0])).astype(np.int64)
    return Caseload(
        codes=codes,
        age=age,
        score=np.floor(exact * 10_000) / 10_000,
        selected=exact >= given.threshold,
        random=random.random(rows) < given.arm_share,
        undue=undue,
    )


def truth(given: Parameters, crossed: Iterable[tuple[str, ...]] = ()) -> dict[tuple[str, str, str], float]:
    """The exact value of each measure, by (measure, attribute, group); attribute and group "" mean everybody.

    Crossed attributes are named as auditkit names them, joined with " & ".

    >>> values = truth(parameters())
    >>> round(values["selection_rate", "territory", "rural"] - values["selection_rate", "", ""], 12)
    0.0
    """
    all_profiles = profiles()
    codes, share = all_profiles.codes, all_profiles.share
    undue = logistic(given.outcome_base + _sum_of_effects(given.outcome_effects, codes))
    place = given.score_base + _sum_of_effects(given.score_effects, codes)
    cut = np.log(given.threshold) - np.log1p(-given.threshold)
    chosen_undue = logistic((place + given.outcome_shift - cut) / given.score_spread)
    chosen_correct = logistic((place - cut) / given.score_spread)
    joint = share * np.array(
        [
            undue * chosen_undue,
            (1 - undue) * chosen_correct,
            undue * (1 - chosen_undue),
            (1 - undue) * (1 - chosen_correct),
        ]
    )
    result: dict[tuple[str, str, str], float] = {}
    everybody = joint.sum(axis=1)
    for names in [(), *((name,) for name in ATTRIBUTES), *crossed]:
        for values in itertools.product(*(ATTRIBUTES[name] for name in names)):
            mask = np.ones(len(share), dtype=bool)
            for name, label in zip(names, values, strict=True):
                mask &= codes[name] == ATTRIBUTES[name].index(label)
            for measure, value in _rates(joint[:, mask].sum(axis=1), everybody).items():
                result[measure, " & ".join(names), " & ".join(values)] = value
    return result


def _rates(group: Floats, everybody: Floats) -> dict[str, float]:
    true_positive, false_positive, false_negative, true_negative = (float(part) for part in group)
    total = true_positive + false_positive + false_negative + true_negative
    selected, undue = true_positive + false_positive, true_positive + false_negative
    rates = {
        "selection_rate": selected / total,
        "base_rate": undue / total,
        "true_positive_rate": true_positive / undue,
        "false_positive_rate": false_positive / (total - undue),
        "positive_predictive_value": true_positive / selected,
        "negative_predictive_value": true_negative / (total - selected),
        "accuracy": (true_positive + true_negative) / total,
        "false_positive_share": false_positive / total,
        "share_of_population": total,
        "share_of_selected": selected / float(everybody[0] + everybody[1]),
    }
    rates["false_negative_rate"] = 1 - rates["true_positive_rate"]
    rates["true_negative_rate"] = 1 - rates["false_positive_rate"]
    rates["false_discovery_rate"] = 1 - rates["positive_predictive_value"]
    rates["false_omission_rate"] = 1 - rates["negative_predictive_value"]
    rates["error_rate"] = 1 - rates["accuracy"]
    return rates


def as_csv(caseload: Caseload) -> str:
    """The rows as an agency could hold them: no outcome where nobody was controlled."""
    names = [name for name in ATTRIBUTES if name != "age"]
    labels = {name: np.array(ATTRIBUTES[name], dtype=object)[caseload.codes[name]] for name in names}
    control = np.where(caseload.random, "random", np.where(caseload.selected, "score", "none"))
    outcome = np.where(caseload.observed, np.where(caseload.undue, "undue", "correct"), "")
    text = io.StringIO()
    text.write(",".join([*names, "age", "score", "control", "outcome"]) + "\n")
    columns = [*(labels[name] for name in names), caseload.age, caseload.score, control, outcome]
    for *attributes, age, score, controlled, found in zip(*columns, strict=True):
        text.write(",".join([*attributes, str(age), f"{score:.4f}", controlled, found]) + "\n")
    return text.getvalue()


def main() -> None:
    """Write the caseload and print its size and hash."""
    parser = argparse.ArgumentParser(description="Make a synthetic caseload of a benefits agency.")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--no-disparity", action="store_true", help="a world where no attribute matters")
    parser.add_argument("--truth", action="store_true", help="print the true rates in place of writing rows")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name(SHIPPED))
    given = parser.parse_args()
    if given.truth:
        print("measure,attribute,group,value")
        for (measure, attribute, group), value in truth(parameters(given.no_disparity)).items():
            print(f"{measure},{attribute},{group},{value:.12g}")
        return
    content = as_csv(draw(parameters(given.no_disparity), given.rows, given.seed)).encode("utf-8")
    if given.out.suffix == ".gz":
        content = gzip.compress(content, compresslevel=9, mtime=0)
    given.out.write_bytes(content)
    print(f"{given.out.name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
