"""Which end of the score is selected: what an audit says of it, asked wherever scores are ranked."""

from __future__ import annotations

from auditkit.spec.audit_spec import AuditSpec

__all__ = ["lower_is_selected"]


def lower_is_selected(spec: AuditSpec) -> bool:
    """Whether the low end of the score is selected."""
    if spec.score is not None and spec.score.lower_is == "selected":
        return True
    choice = spec.selected
    return choice is not None and choice.at_most is not None and choice.at_least is None
