"""Annex: the accessibility statement."""

from __future__ import annotations

from auditkit.report.panels import Panel
from auditkit.text import mark

__all__ = ["PANEL"]

PANEL = Panel(
    "accessibility", "annex", 140, "panels/accessibility.html", mark("Accessibility of this page"),
    lambda result: True, lambda result, language: {},
)  # fmt: skip
