"""The page of every key of audit.yaml: what it expects by the records of the spec, and an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from auditkit.spec import AuditSpec

__all__ = ["EXAMPLES", "example_audit", "keys_page"]

_YAML = YAML(typ="safe", pure=True)  # YAML 1.2, as audit.yaml is: yes is a text
EXAMPLES: dict[str, Any] = _YAML.load((Path(__file__).parent / "key_examples.yaml").read_text(encoding="utf-8"))
_PLAIN = {"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "null": ""}


def example_audit(key: str) -> dict[str, Any]:
    """The audit that the example of a key stands in."""
    one = EXAMPLES["keys"][key]
    base = {name: value for name, value in _YAML.load(EXAMPLES["base"]).items() if name not in one.get("without", ())}
    return {**base, **_YAML.load(one["example"])}


def keys_page() -> str:
    """docs/keys.md, made with the site."""
    schema = AuditSpec.model_json_schema()
    lines = [
        "# Every key of audit.yaml",
        "",
        "Each key with an example. The examples run (a test counts the rows of each), over this audit, whose keys they",
        "replace or add to. Made from the code (`make site`); [files](file-formats.md) explains more.",
        "",
        "```yaml",
        EXAMPLES["base"].rstrip(),
        "```",
        "",
    ]
    for key, one in EXAMPLES["keys"].items():
        without = ", ".join(f"`{name}`" for name in one.get("without", ()))
        lines += [f"## {key}", "", one["says"] + (f" It stands in the place of {without}." if without else ""), ""]
        lines += ["```yaml", one["example"].rstrip(), "```", ""]
        found = schema["properties"].get(key, {})
        parts = list(dict.fromkeys(_parts(found)))
        if not parts:
            lines += [f"Expects {_expected(found)}.{_default(found)}", ""]
        for name in parts:
            lines += _table(name, schema["$defs"][name], len(parts) > 1)
    return "\n".join(lines).rstrip() + "\n"


def _table(name: str, part: Mapping[str, Any], named: bool) -> list[str]:
    """The keys of one record; `named` says that there are several, so that its own words stand above."""
    if "properties" not in part:
        return []
    head = [part["description"].split("\n")[0], ""] if named and "description" in part else []
    needed = part.get("required", ())
    rows = [
        f"| `{key}` | {_expected(one)} | {'refused' if key in needed else _written(one.get('default'))} |"
        for key, one in part["properties"].items()
    ]
    return [*head, "| key | expects | if left out |", "|---|---|---|", *rows, ""]


def _parts(one: Any) -> Iterator[str]:
    """The records that a value may be, also within lists and mappings."""
    if isinstance(one, Mapping):
        if "$ref" in one and (name := one["$ref"].rpartition("/")[2]) != "Words":
            yield name
        for name, value in one.items():
            if name in ("anyOf", "allOf", "items", "additionalProperties"):
                yield from _parts(value)
    elif isinstance(one, list):
        for value in one:
            yield from _parts(value)


def _expected(one: Any) -> str:
    """What a value may be, in words."""
    if not isinstance(one, Mapping):
        return "anything"
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        return "a text, or one a language" if name == "Words" else f"keys ({name})"
    if "const" in one:
        return f"`{one['const']}`"
    if "enum" in one:
        return " or ".join(f"`{value}`" for value in one["enum"])
    if "anyOf" in one:
        return " or ".join(dict.fromkeys(said for branch in one["anyOf"] if (said := _expected(branch))))
    if one.get("type") == "array":
        return f"a list ({_expected(one.get('items', {}))})"
    if one.get("type") == "object":
        return f"a mapping, by name ({_expected(one.get('additionalProperties', {}))})"
    said = "a day" if one.get("format") == "date" else _PLAIN.get(one.get("type", ""), "anything")
    limits = {
        "minimum": "from {}",
        "exclusiveMinimum": "over {}",
        "maximum": "up to {}",
        "exclusiveMaximum": "under {}",
    }
    return " ".join([said, *(text.format(f"{one[name]:g}") for name, text in limits.items() if name in one)])


def _written(value: Any) -> str:
    return "" if value in (None, [], {}) else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _default(one: Mapping[str, Any]) -> str:
    return f" Left out: {_written(one['default'])}." if _written(one.get("default")) else ""
