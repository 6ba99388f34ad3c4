"""Names under `measures:` that are more than a key of the table: those of fairlearn, and correlations of the score."""

from __future__ import annotations

__all__ = ["FAIRLEARN", "SCORE_CORRELATION"]

FAIRLEARN = "fairlearn.metrics."
"""Before the name of a metric of fairlearn."""

SCORE_CORRELATION = "score_correlation:"
"""Before the name of a column: how closely the score goes with it."""
