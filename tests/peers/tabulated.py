"""Counts as a tabulation, for tests that draw many examples: what rows would have been counted to, without rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from auditkit import AuditSpec
from auditkit.counts.count_table import Cells, Levels, Tabulation
from auditkit.result import AnalysisResult, RowAccount
from tests.findings.measured import find
from tests.peers.auditing import Figures, specification

# Selected and outcome of true positives, false positives, true negatives, false negatives.
CLASSES = ((1, 1), (1, 0), (0, 0), (0, 1))


def tabulation(
    counts: Mapping[str, Sequence[float]],
    weights: Mapping[str, Sequence[float]] | None = None,
    squares: Mapping[str, Sequence[float]] | None = None,
) -> Tabulation:
    """One attribute `g`; each group's four counts, and the sums of weights and of squared weights in them."""
    values = tuple(sorted(counts))
    cells = [(i, *pair) for i in range(len(values)) for pair in CLASSES]
    code, selected, outcome = (np.array(column) for column in zip(*cells, strict=True))
    n, weight, squared = (
        np.array([float(x) for value in values for x in part[value]])
        for part in (counts, weights or counts, squares or weights or counts)
    )
    keep = n > 0
    blank = np.zeros(int(keep.sum()), dtype=np.int64)
    joint = Cells((Levels("g", values),), {"g": code[keep]}, selected[keep], outcome[keep], blank, blank - 1,
                  n[keep], weight[keep], squared[keep])  # fmt: skip
    return Tabulation((joint,), RowAccount(float(n.sum()), float(n.sum())), weighted=weights is not None)


def found_in(
    counts: Mapping[str, Sequence[float]],
    weights: Mapping[str, Sequence[float]] | None = None,
    squares: Mapping[str, Sequence[float]] | None = None,
    measures: Sequence[str] = (),
) -> Figures:
    """What auditkit finds in them, against everyone else."""
    default = ["selection_rate", "base_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate",
               "false_negative_rate", "positive_predictive_value", "negative_predictive_value", "false_discovery_rate",
               "false_omission_rate", "accuracy", "error_rate"]  # fmt: skip
    asked: dict[str, Any] = {"measures": [*default, *measures]}
    spec = AuditSpec.model_validate(specification({"g": {"is": "rest"}}, {"column": "s", "in": [1]}, **asked))
    tables = tabulation(counts, weights, squares)
    found = find(tables, spec, "main")
    return Figures(AnalysisResult("main", spec, tables.account, found.views, found.estimates, found.gaps))
