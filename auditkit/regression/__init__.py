"""Regression tables that an audit asks for, from rows or from counts."""

from auditkit.regression.records import INTERCEPT, Regression, Term
from auditkit.regression.tables import regress

__all__ = ["INTERCEPT", "Regression", "Term", "regress"]
