"""What a reader holds: the estimates of a run, turned into the counts that they give away, and who could be in what.

Reads estimates.csv and results.json and nothing else of the audit but its text.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.attacker.published_counts import Line

COUNTS = {
    "selection_rate": ("selected", "people"), "base_rate": ("positive", None), "accuracy": ("correct", None),
    "true_positive_rate": ("true_positive", "positive"), "false_negative_rate": ("false_negative", "positive"),
    "false_positive_rate": ("false_positive", "negative"), "true_negative_rate": ("true_negative", "negative"),
    "positive_predictive_value": ("true_positive", None), "false_discovery_rate": ("false_positive", None),
    "negative_predictive_value": ("true_negative", None), "false_omission_rate": ("false_negative", None),
}  # fmt: skip
"""The counts that numerator and denominator of a measure are, by name."""


def published_lines(folder: Path) -> dict[str, list[Line]]:
    """The counts of each analysis that its estimates show; where all outcomes are seen, the totals that follow."""
    found: dict[str, list[Line]] = {}
    rows = json.loads((folder / "results.json").read_text())["analyses"]
    seen = {key: not analysis["rows"]["without_outcome"] for key, analysis in rows.items()}
    for row in csv.DictReader((folder / "estimates.csv").open()):
        names = COUNTS.get(row["measure"])
        if names is None:
            continue
        attributes = row["attribute"].split(" & ") if row["attribute"] else []
        groups = row["group"].split(" & ") if attributes else []
        group = tuple(zip(attributes, groups, strict=True))
        lines = found.setdefault(row["analysis"], [])
        whole = names[1] or (
            "people" if row["measure"] in ("base_rate", "accuracy") and seen[row["analysis"]] else None
        )
        if row["numerator"]:
            lines.append(Line(group, names[0], float(row["numerator"])))
        if whole is not None and row["denominator"]:
            lines.append(Line(group, whole, float(row["denominator"])))
    return found
