"""A regression's sample from published counts: cells are distinct rows already."""

from __future__ import annotations

import numpy as np

from auditkit.counts.count_table import Tabulation
from auditkit.regression.regression_sample import Column, Sample
from auditkit.spec.regression_spec import RegressionSpec

__all__ = ["sample_counts"]


def sample_counts(tabulation: Tabulation, regression: RegressionSpec) -> Sample | str:
    """The cells of one analysis in the columns of a regression; or why there are none: unlinked, hidden_counts.

    Terms are attributes and strata; the outcome is selected or outcome, of which a count can tell.
    """
    terms = tuple(term for term in regression.terms if isinstance(term, str))
    if len(terms) < len(regression.terms) or regression.outcome not in ("selected", "outcome"):
        return "unlinked"
    cells = tabulation.table(terms)
    if cells is None:
        return "unlinked"
    if np.isnan(cells.n).any():
        return "hidden_counts"
    if regression.outcome == "selected":
        outcome = cells.selected.astype(np.float64)
    else:
        outcome = np.where(cells.outcome < 0, np.nan, cells.outcome.astype(np.float64))
    return Sample(
        columns=tuple(Column(term, cells.codes[term].astype(np.float64), cells.level(term).values) for term in terms),
        outcome=outcome,
        n=cells.n,
        weight=cells.n,
        weight_squared=cells.n,
    )
