"""Who audits: the name and the statement of independence that a report prints."""

from __future__ import annotations

from auditkit.spec.data_spec import Part
from auditkit.spec.spec_words import Words

__all__ = ["Auditor"]


class Auditor(Part):
    """Who made the audit, and what they state of their independence, in their own words."""

    name: Words
    independence: Words | None = None
