"""What audit.yaml says of data: which file, which rows, what a count means, what was suppressed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, model_validator

from auditkit.spec.spec_words import Words
from auditkit.text import say

__all__ = [
    "CountColumns",
    "DataSpec",
    "Join",
    "Limit",
    "Part",
    "Places",
    "RowCondition",
    "Scalar",
    "Spellings",
    "Stacked",
    "Suppressed",
]

Scalar = str | int | float | bool


class Part(BaseModel):
    """A part of a file that a person writes: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class GroupLimit(Part):
    """A limit that differs between the values of a column (urban and rural poverty lines)."""

    by: str
    values: dict[str, FiniteFloat]

    @model_validator(mode="before")
    @classmethod
    def _text_keys(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("values"), dict):
            return {**value, "values": {str(k): v for k, v in value["values"].items()}}
        return value


Limit = FiniteFloat | GroupLimit


class Places(GroupLimit):
    """A number of places, or a share of the people, for each value of a column (the offices of an agency)."""

    values: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(min_length=1)


class RowCondition(Part):
    """Rows to keep; what it drops is a line of the row account, with `because`."""

    column: str
    at_least: FiniteFloat | None = None
    at_most: FiniteFloat | None = None
    is_in: list[Scalar] | None = Field(default=None, alias="in")
    not_in: list[Scalar] | None = None
    because: Words | None = None

    @model_validator(mode="after")
    def _says_something(self) -> RowCondition:
        if self.at_least is None and self.at_most is None and self.is_in is None and self.not_in is None:
            raise ValueError(say("expected at_least, at_most, in or not_in"))
        return self


class Join(Part):
    """Attributes kept in another file, joined on a key.

    `several`: what counts where the other file has a key more than once. `alike`: whether blanks at the ends, capitals
    and leading zeros of keys do not count.
    """

    file: str
    key: str | list[str]
    several: Literal["first", "apart", "each"] | None = None
    alike: bool | None = None
    sheet: str | int | None = None
    separator: str | None = None
    encoding: str | None = None

    @property
    def keys(self) -> list[str]:
        """The key columns."""
        return [self.key] if isinstance(self.key, str) else self.key


class CountColumns(Part):
    """Which columns of a wide table hold which counts; several columns under one key are added up."""

    true_positive: str | list[str] | None = None
    false_positive: str | list[str] | None = None
    true_negative: str | list[str] | None = None
    false_negative: str | list[str] | None = None
    selected: str | list[str] | None = None
    not_selected: str | list[str] | None = None
    total: str | list[str] | None = None
    share: str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> CountColumns:
        given = {name for name, value in self if value}
        forms = (
            {"true_positive", "false_positive", "true_negative", "false_negative"},
            {"true_positive", "false_positive", "not_selected"},
            {"selected", "not_selected"},
            {"selected", "total"},
            {"share", "total"},
            {"selected", "share"},
            {"selected", "total", "true_positive"},
            {"selected", "not_selected", "true_positive"},
            {"true_positive", "false_positive", "total"},
        )
        if given not in forms and given - {"total"} not in forms[:3]:
            raise ValueError(
                say(
                    "expected {{true_positive, false_positive, true_negative, false_negative}}, "
                    "{{true_positive, false_positive, not_selected}}, {{selected, not_selected}}, "
                    "{{selected, total}}, {{share, total}}, {{selected, share}}, {{selected, total, true_positive}}, "
                    "{{selected, not_selected, true_positive}} or {{true_positive, false_positive, total}}"
                )
            )
        return self


class Suppressed(Part):
    """A mark that stands for a hidden number, what the number may be, and who says so."""

    text: str | None = None
    value: FiniteFloat | None = None
    means: tuple[FiniteFloat, FiniteFloat]
    further: Literal["unbounded"] | None = None
    because: Words | None = None

    @model_validator(mode="after")
    def _one_mark(self) -> Suppressed:
        if (self.text is None) == (self.value is None):
            raise ValueError(say("expected either text or value"))
        if self.means[0] > self.means[1]:
            raise ValueError(say("expected the smaller number first in means"))
        return self


class Stacked(Part):
    """A table that stacks attributes: one column names the attribute, another the group."""

    attribute: str
    group: str


def _spelling_lists(value: Any) -> Any:
    """A list of lists of texts; one flat list is one of them. Numbers and truth values are taken as they read."""
    if not isinstance(value, list):
        return value
    lists = [entry if isinstance(entry, list) else None for entry in value]
    outer = [entry for entry in lists if entry is not None] if None not in lists else [value]
    return [[str(v).lower() if isinstance(v, bool) else str(v) for v in entry] for entry in outer]


Spellings = Annotated[list[list[str]], BeforeValidator(_spelling_lists)]
"""Values that are one (same) or that are not (apart), each list by itself."""


def _plain(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


class DataSpec(Part):
    """Where rows or counts are. `file` is a path beside audit.yaml, or a dataset's name."""

    file: str | None = None
    sheet: str | int | None = None
    header_row: int | None = Field(default=None, ge=1)
    head_rows: list[int] = []
    label_column: int | None = Field(default=None, ge=1)
    separator: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    repeated_columns: Literal["refused", "numbered"] = "refused"
    query: str | None = None
    join: Join | None = None
    connection: str | None = None
    table: str | None = None
    spark: str | None = None
    rows: bool = False
    hidden_rows: Literal["read", "left_out"] | None = None
    count: str | None = None
    columns: CountColumns | None = None
    stacked: Stacked | None = None
    across: str | None = None
    totals: list[str] = []
    suppressed: list[Suppressed] = []
    stock: list[str] = []
    rounded_to: FiniteFloat | None = Field(default=None, gt=0)

    @property
    def is_counts(self) -> bool:
        """Whether the table holds counts, not rows."""
        return self.count is not None or self.columns is not None

    @model_validator(mode="after")
    def _somewhere(self) -> DataSpec:
        if self.file is None and self.connection is None and self.spark is None:
            raise ValueError(say("expected file"))
        if (self.file is not None or self.spark is not None) and self.connection is not None:
            raise ValueError(say("connection goes without file and without spark"))
        elsewhere = self.spark is not None or self.connection is not None
        if self.table is not None and not elsewhere:
            raise ValueError(say("table goes with connection or spark"))
        if self.table is not None and self.query is not None:
            raise ValueError(say("table and query say the same; expected one of them"))
        if self.query is not None and not elsewhere and not str(self.file).lower().endswith(".duckdb"):
            raise ValueError(say("query goes with connection, spark or a file of DuckDB"))
        for key in ("sheet", "header_row", "separator", "encoding", "decimal", "join"):
            if elsewhere and not self._duckdb_file and getattr(self, key) is not None:
                raise ValueError(say('"{key}" goes with a file', key=key))
        if elsewhere and not self._duckdb_file and self.is_counts:
            raise ValueError(say("published counts are read from a file"))
        return self

    @property
    def _duckdb_file(self) -> bool:
        return self.connection is not None and (
            self.connection.startswith("duckdb:") or self.connection.lower().endswith(".duckdb")
        )


DataField = Annotated[DataSpec, BeforeValidator(_plain)]
