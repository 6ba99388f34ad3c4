"""Findings of one analysis from its counts, nothing withheld: the road from counts to findings, for tests."""

from __future__ import annotations

from auditkit.counts.compared_groups import check_references
from auditkit.counts.count_table import Tabulation
from auditkit.findings.analysis import Found
from auditkit.findings.analysis import find as find_released
from auditkit.findings.families import declare
from auditkit.protect.exact import CountedAnalysis, Counts, exact
from auditkit.protect.released import ReleasedAnalysis
from auditkit.spec import AuditSpec

__all__ = ["find", "released"]


def released(tabulation: Tabulation, spec: AuditSpec, key: str = "main") -> ReleasedAnalysis:
    """The counts of one analysis as they leave protect with a minimum of 0."""
    check_references(tabulation, spec)
    return exact(Counts(spec, (CountedAnalysis(key, spec, tabulation),))).analyses[0]


def find(tabulation: Tabulation, spec: AuditSpec, key: str = "main") -> Found:
    """What is found in the counts of one analysis."""
    analysis = released(tabulation, spec, key)
    return find_released(analysis, declare([analysis]))
