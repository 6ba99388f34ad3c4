"""The form of results.json and its JSON Schema, both from the records themselves.

`analyses` stand by name there, and what `audit.yaml` says once is said once: `Document` is that outer form.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from auditkit.result.audit_result import AnalysisResult, Source
from auditkit.result.field_types import RECORD, Sentence, Whole
from auditkit.result.rights_items import RightsResult

__all__ = ["FIRST_SCHEMA", "SCHEMA", "Audit", "Disclosure", "Document", "adapter", "results_schema"]

SCHEMA: Literal["auditkit/results/2"] = "auditkit/results/2"
FIRST_SCHEMA = "auditkit/results/1"
"""The schema of release 0.1.0, which is read as well."""


@dataclass(frozen=True, config=RECORD)
class Audit:
    """What was audited: `spec` is audit.yaml as it was understood."""

    version: str
    spec: dict[str, Any]
    sources: tuple[Source, ...]


@dataclass(frozen=True, config=RECORD)
class Disclosure:
    """How many figures of each kind were withheld, and below which number of people.

    `internal` stands in the exact result of `--private`, which is not for publication: its `suppressed` counts the
    sums that are not published, by why.
    """

    minimum_count: Whole
    suppressed: dict[str, Whole]
    internal: bool = False


@dataclass(frozen=True, config=RECORD)
class Document:
    """What a run of auditkit found."""

    schema: Literal["auditkit/results/2"]
    audit: Audit
    analyses: dict[str, AnalysisResult]
    rights: RightsResult | None
    disclosure: Disclosure
    notes: tuple[Sentence, ...]


@lru_cache(maxsize=1)
def adapter() -> TypeAdapter[Document]:
    """What reads and writes the outer form with all its records."""
    return TypeAdapter(Document)


def results_schema() -> dict[str, Any]:
    """The JSON Schema of results.json: `auditkit report --schema` prints it."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA}
    return head | adapter().json_schema(mode="serialization")
