"""A comparison as CSV and as JSON: every change, whether the page shows it or not."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from auditkit.compare.comparison import Comparison
from auditkit.result import JOINER
from auditkit.result.spreadsheet_cells import inert, shown_number

__all__ = ["comparison_csv", "comparison_json"]

SCHEMA = "auditkit/comparison/1"
_COLUMNS = (
    "kind", "analysis", "attribute", "group", "measure", "before", "after", "change", "lower", "upper",
    "p_value", "p_adjusted", "test", "status",
)  # fmt: skip


def comparison_csv(comparison: Comparison) -> bytes:
    """One row a change."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for change in comparison.changes:
        values = asdict(change) | {
            "attribute": inert(JOINER.join(change.attributes)),
            "group": inert(JOINER.join(change.groups) if change.attributes else "all"),
        }
        rows.writerow(["" if values[key] is None else shown_number(values[key]) for key in _COLUMNS])
    return written.getvalue().encode()


def comparison_json(comparison: Comparison) -> bytes:
    """Everything, with the assumption and the titles of both results."""
    content = {
        "schema": SCHEMA,
        "before": {"title": comparison.before.spec.title.text("en"), "auditkit": comparison.before.version},
        "after": {"title": comparison.after.spec.title.text("en"), "auditkit": comparison.after.version},
        "assumption": comparison.assumption,
        "assumption_from_data": comparison.assumed,
        "confidence": comparison.confidence,
        "family": comparison.family,
        "changes": [{k: shown_number(v) for k, v in asdict(change).items()} for change in comparison.changes],
        "moved": [asdict(moved) for moved in comparison.moved],
        "groups": [asdict(roster) for roster in comparison.rosters],
        "attributes": {"lost": comparison.only_before, "gained": comparison.only_after},
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
