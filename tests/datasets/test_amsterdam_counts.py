"""Every published figure of the Amsterdam Smart Check, worked from its counts in exact fractions."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "audits" / "amsterdam-smart-check"
ROWS = {
    "main": ("before", ("prepilot",)),
    "prepilot_after": ("after", ("prepilot",)),
    "pilot_before": ("before", ("pilot",)),
    "pilot_after": ("after", ("pilot",)),
    "training_before": ("before", ("training_train", "training_test")),
    "training_after": ("after", ("training_train", "training_test")),
}
HIDDEN = {
    ("main", "part-time parent"),
    ("prepilot_after", "part-time parent"),
    ("pilot_before", "under 30"),
    ("pilot_before", "not Western"),
    ("pilot_after", "under 30"),
    ("pilot_after", "not Western"),
    ("training_before", "full-time parent"),
    ("training_before", "part-time parent"),
    ("training_before", "not Western"),
    ("training_after", "full-time parent"),
    ("training_after", "part-time parent"),
    ("training_after", "not Western"),
    ("training_after", "not Dutch"),
    ("training_after", "50 and over"),
}


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def counts() -> dict[tuple[str, str, str], list[list[int]]]:
    """Per analysis, attribute and group: TP, FP, TN, FN of every table that is added up."""
    found: dict[tuple[str, str, str], list[list[int]]] = {}
    for row in read("counts.csv"):
        four = [int(row[k]) for k in ("true_positive", "false_positive", "true_negative", "false_negative")]
        for analysis, (model, datasets) in ROWS.items():
            if row["model"] == model and row["dataset"] in datasets:
                found.setdefault((analysis, row["attribute"], row["group"]), []).append(four)
    return found


def worked(measure: str, tables: list[list[int]]) -> Fraction:
    tp, fp, tn, fn = (sum(column) for column in zip(*tables, strict=True))
    n = tp + fp + tn + fn
    return {
        "n": Fraction(n),
        "false_positive_rate": Fraction(fp, fp + tn),
        "false_discovery_rate": Fraction(fp, fp + tp),
        "true_positive_rate": Fraction(tp, tp + fn),
        "positive_predictive_value": Fraction(tp, tp + fp),
        "selection_rate": Fraction(tp + fp, n),
        "false_positive_share": Fraction(fp, n),
        "error_rate": Fraction(fp + fn, n),
    }[measure]


def test_all_730_figures_follow_from_the_counts(counts: dict[tuple[str, str, str], list[list[int]]]) -> None:
    rows = read("published.csv")
    assert len(rows) == 730
    assert sum(row["expected"].startswith("slip") for row in rows) == 30
    for row in rows:
        group = counts[row["analysis"], row["attribute"], row["group"]]
        value = worked(row["measure"], group)
        if row["kind"] == "relative_difference":
            reference = counts[row["analysis"], row["attribute"], row["reference"]]
            divisor = subtracted = worked(row["measure"], reference)
            if row["expected"].startswith("slip"):
                subtracted = worked("false_positive_rate", reference)
            value = (value - subtracted) / divisor
        value *= 100 if row["unit"] == "percent" else 1
        assert abs(value - Fraction(row["published"])) <= Fraction(1, 2 * 10 ** int(row["decimals"])), row


def test_a_figure_by_hand(counts: dict[tuple[str, str, str], list[list[int]]]) -> None:
    # Pilot, original model, men: 41 false positives, 28 true negatives; women 51 and 21.
    assert counts["pilot_before", "gender", "men"] == [[50, 41, 28, 25]]
    assert worked("false_positive_rate", counts["pilot_before", "gender", "women"]) == Fraction(51, 72)


def test_groups_with_a_hidden_count_are_left_out(
    counts: dict[tuple[str, str, str], list[list[int]]],
) -> None:
    shown = {(row["analysis"], row["attribute"], row["group"]) for row in read("published.csv")}
    hidden = {key for key, tables in counts.items() if any(0 in table for table in tables)}
    assert len(counts) == 88
    assert {(analysis, group) for analysis, _, group in hidden} == HIDDEN
    assert shown == set(counts) - hidden
