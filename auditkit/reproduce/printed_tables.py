"""Rounded counts taken for exact: whoever published figures made from them took them so.

A run of the audit keeps what rounding allows (bounds); a reproduction asks for the figure that was printed.
"""

from __future__ import annotations

from typing import Any

from auditkit.spec import AuditSpec, DataSpec

__all__ = ["as_printed"]


def as_printed(spec: AuditSpec) -> AuditSpec:
    """The audit with no `rounded_to`, in any of its tables and analyses."""
    groups = {name: group.model_copy(update={"data": _exact(group.data)}) for name, group in spec.groups.items()}
    analyses = {key: _without(changes) for key, changes in spec.analyses.items()}
    return spec.model_copy(update={"data": _exact(spec.data), "groups": groups, "analyses": analyses})


def _exact(data: DataSpec | None) -> DataSpec | None:
    return data and data.model_copy(update={"rounded_to": None})


def _without(changes: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if key == "rounded_to" else _without(value) if isinstance(value, dict) else value
        for key, value in changes.items()
    }
