"""Regression tables that an audit asks for, from rows or from counts."""

from auditkit.regression.regression_result import INTERCEPT, Regression, Term
from auditkit.regression.regression_tables import check_regressions, regress

__all__ = ["INTERCEPT", "Regression", "Term", "check_regressions", "regress"]
