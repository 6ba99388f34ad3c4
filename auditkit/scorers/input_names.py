"""The names of its inputs that a model file itself holds, before anybody says which columns it reads."""

from __future__ import annotations

import json
from pathlib import Path

from auditkit.scorers.model_file import read_model_file
from auditkit.scorers.model_sniffing import require_kind

__all__ = ["own_names"]


def own_names(path: Path) -> list[str]:
    """The names, in their order; none where the file holds none. Raises DataError for what is no model."""
    file = read_model_file(path.name, path.parent)
    kind = require_kind(file)
    if kind == "lightgbm":
        head = file.content.decode("utf-8", "replace").split("\nTree=", 1)[0].splitlines()
        return next((line[14:].split(" ") for line in head if line.startswith("feature_names=")), [])
    if kind == "skops":
        from auditkit.scorers.skops_file import load_skops

        return [str(name) for name in getattr(load_skops(file)[0], "feature_names_in_", [])]
    if kind == "xgboost" and file.content[:1] == b"{" and path.suffix == ".json":
        held = json.loads(file.content)
        return [str(name) for name in held.get("learner", {}).get("feature_names", [])]
    return []
