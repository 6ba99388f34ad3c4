"""A trend as CSV (one row a rate and period) and as JSON (everything)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import Any

from auditkit.result import JOINER
from auditkit.result.spreadsheet_cells import inert, shown_number
from auditkit.trend.series import Trend

__all__ = ["trend_csv", "trend_json"]

SCHEMA = "auditkit/trend/1"
_COLUMNS = ("period", "label", "attribute", "group", "measure", "cases", "people", "value", "lower", "upper", "status")


def trend_csv(trend: Trend) -> bytes:
    """One row a rate and period; periods are counted from 1."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for point in trend.points:
        values = asdict(point) | {
            "period": point.period + 1,
            "label": inert(trend.labels[point.period]),
            "attribute": inert(JOINER.join(point.attributes)),
            "group": inert(JOINER.join(point.groups) if point.attributes else "all"),
        }
        rows.writerow(["" if values[key] is None else shown_number(values[key]) for key in _COLUMNS])
    return written.getvalue().encode()


def trend_json(trend: Trend) -> bytes:
    """Everything, with the periods by number and name; periods are counted from 1."""
    content = {
        "schema": SCHEMA,
        "title": trend.results[-1].spec.title.text("en"),
        "periods": list(trend.labels),
        "independent": trend.independent,
        "confidence": trend.confidence,
        "minimum_count": trend.minimum,
        "withheld": trend.withheld,
        "rates": [_record(point) for point in trend.points],
        "watched": [_record(one) for one in trend.watched],
        "splits": [_record(split) for split in trend.splits],
        "groups": [_record(arrival) for arrival in trend.arrivals],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode() + b"\n"


def _record(record: Any) -> dict[str, Any]:
    places = ("period", "seen", "since", "moved", "first", "last")
    return {
        key: value + 1 if key in places and value is not None else shown_number(value)
        for key, value in asdict(record).items()
    }
