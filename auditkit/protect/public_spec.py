"""The audit's own text as it may be published: without the names of files, which the manifest keeps."""

from __future__ import annotations

from typing import Any

from auditkit.spec import AuditSpec

__all__ = ["RELEASED", "public_spec"]

RELEASED = "released.yaml"
"""The file that stands for the data in a published audit, and that an audit can be run again from."""

_OF_FILES = ("file", "dataset", "connection", "query", "table", "sheet", "token", "encoding", "delimiter", "range")


def public_spec(spec: AuditSpec) -> AuditSpec:
    """The same audit with `released.yaml` in place of its data."""
    content = spec.model_dump(by_alias=True, exclude_unset=True)
    if isinstance(content.get("publish"), dict):
        content["publish"].pop("earlier", None)
    for part in (content, *content.get("groups", {}).values(), *content.get("analyses", {}).values()):
        if isinstance(part, dict) and part.get("data") is not None:
            part["data"] = _public(part["data"])
    return AuditSpec.model_validate(content)


def _public(data: Any) -> Any:
    if not isinstance(data, dict):
        return {"file": RELEASED}
    return {key: value for key, value in data.items() if key not in _OF_FILES} | {"file": RELEASED}
