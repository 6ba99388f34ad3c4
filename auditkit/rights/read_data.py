"""Reading the YAML of data/: fast where it is right, and slowly, with its lines, where something is wrong."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from auditkit.spec.load_spec import read_yaml, validate

__all__ = ["read_data"]

_Model = TypeVar("_Model", bound=BaseModel)
_BOOL = "tag:yaml.org,2002:bool"


def read_data(model: type[_Model], path: Path) -> _Model:
    """A file of data as its record; SpecError with file, line and key where it is wrong."""
    from yaml import YAMLError, load

    try:
        return model.model_validate(load(path.read_bytes().decode("utf-8"), Loader=_loader()))
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        slow, lines = read_yaml(path)
        return validate(model, slow, lines, path)


@lru_cache(maxsize=1)
def _loader() -> Any:
    """The parser in C where it is installed; as in YAML 1.2, only true and false are booleans (NO is Norway)."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers = {
            first: [(tag, rule) for tag, rule in rules if tag != _BOOL]
            for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }

    Loader.add_implicit_resolver(_BOOL, re.compile("^(true|false)$"), list("tf"))
    return Loader
