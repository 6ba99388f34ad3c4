"""`search: {attributes: [...], depth: 3}`: crossings that nobody named, looked for on one half of the rows."""

from __future__ import annotations

from pydantic import Field, field_validator

from auditkit.spec.data_spec import Part
from auditkit.text import say

__all__ = ["MOST_SUBGROUPS", "SEARCH", "Search"]

SEARCH = "search"
"""The analysis that holds what the search found."""

MOST_SUBGROUPS = 5
"""So many subgroups are claimed at most: so many comparisons the search counts for, whatever it finds."""


class Search(Part):
    """Attributes of the audit, or columns of its table, crossed up to `depth` at a time."""

    attributes: list[str] = Field(min_length=1, max_length=30)
    depth: int = Field(default=3, ge=1, le=4)

    @field_validator("attributes")
    @classmethod
    def _distinct(cls, value: list[str]) -> list[str]:
        twice = next((one for one in value if value.count(one) > 1), None)
        if twice is not None:
            raise ValueError(say("{value} is listed twice; list it once", value=f'"{twice}"'))
        return value
