"""A published table that an audit holds against itself: which of its figures must follow from which others."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from auditkit.spec.data_spec import Part, Scalar
from auditkit.spec.spec_words import Words

__all__ = ["CountOf", "PublishedTable", "SumsOf"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (str, int, float, bool)) else value


class CountOf(Part):
    """How many different values a column has, among the rows where other columns hold what `where` lists."""

    count: str
    where: dict[str, Annotated[list[Scalar], BeforeValidator(_as_list)]] = {}


class SumsOf(Part):
    """Sums over the rows that are alike in `by`: a name and what of each row is added up."""

    by: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    of: dict[str, str] = Field(min_length=1)


class PublishedTable(Part):
    """A table as published, one row a term or group; `key` names the column (or columns) that tell rows apart.

    `figures` gives the formula of each figure that follows from the others: names are columns of the row, or
    NAME[group] and NAME[reference] of the two rows that published.csv names, or NAME[KEY] of any row; a name of
    `sums` is the sum over the rows that belong with it.
    """

    file: str
    key: Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]
    figures: dict[str, str | CountOf] = Field(min_length=1)
    sums: SumsOf | None = None
    name: Words | None = None
    source: Words | None = None
