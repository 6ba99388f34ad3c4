"""Regression tables that an audit asks for, from rows or from counts."""

from auditkit.regression.regression_tables import check_regressions, regress
from auditkit.result.regression import INTERCEPT, Regression, Term

__all__ = ["INTERCEPT", "Regression", "Term", "check_regressions", "regress"]
