"""What each column is to the audit: group, stratum, score, selection, outcome, weight, cluster, random arm.

`assign_roles` turns audit.yaml and the columns of a table into expressions that any engine can run; nothing is read
here but the column names and types. What a row is excluded for is decided here too, in one order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import narwhals.stable.v2 as nw

from auditkit.errors import SpecError
from auditkit.intake.column_reading import Columns, Number
from auditkit.intake.exclusion_reasons import MISSING, WRONG, Reason, keep_reason, reason_codes
from auditkit.spec import AuditSpec, Group, Outcome, Selection
from auditkit.spec.data_spec import GroupLimit
from auditkit.text import say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = [
    "MISSING",
    "OTHER",
    "WRONG",
    "Key",
    "Roles",
    "Stated",
    "assign_roles",
    "outcome_code",
    "selection_rule",
    "stage_columns",
]

OTHER = 2
"""The code of an outcome that is listed neither as positive nor as negative."""


@dataclass(frozen=True)
class Key:
    """An attribute or a stratum: the expression to group by, and the labels of its bins (codes then are numbers,
    made of `number`)."""

    name: str
    column: str
    expression: nw.Expr
    labels: tuple[str, ...] | None = None
    missing: str | None = None
    attribute: bool = True
    number: nw.Expr | None = None


@dataclass(frozen=True)
class Stated:
    """How rows are selected: `code` is 1, 0 or MISSING; None where a cut of the highest scores must be found first.

    `basis` is the number that is cut or held against a limit; `on_score` whether it is the score.
    """

    choice: Selection
    code: nw.Expr | None
    basis: Number | None
    on_score: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Roles:
    """All roles. Expressions are over the columns of the file."""

    columns: Columns
    keys: tuple[Key, ...]
    score: Number | None
    selection: Stated | None
    outcome: nw.Expr | None
    outcome_value: nw.Expr | None
    numeric_outcome: Number | None
    arm: nw.Expr | None
    checked: nw.Expr | None
    weight: Number | None
    cluster: nw.Expr | None
    reason: nw.Expr
    reasons: tuple[Reason, ...]
    numbers: tuple[Number, ...] = field(default=())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of attributes and strata."""
        return tuple(key.name for key in self.keys)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of the attributes."""
        return tuple(key.name for key in self.keys if key.attribute)


def assign_roles(table: Table, spec: AuditSpec, complete: Iterable[str] = ()) -> Roles:
    """The roles of the columns of `table` under one analysis of an audit.

    `complete` names columns of numbers known to have one in every row: they are read without a guard.

    Attributes with a table of their own are left out. Raises DataError for a column that is not there or that holds
    another kind of values, SpecError for a selection by score without a score.
    """
    columns = Columns.of(table, spec.missing_values, complete)
    numbers: list[Number] = []
    keys = [_key(columns, name, group, True, numbers) for name, group in spec.groups.items() if group.data is None]
    for name, stratum in spec.strata.items():
        group = Group.model_validate({"column": stratum.column, "bins": stratum.bins})
        keys.append(_key(columns, name, group, False, numbers))
    score = None if spec.score is None else columns.number(spec.score.column, "score")
    selection = None if spec.selected is None else selection_rule(columns, spec.selected, spec, "selected")
    weight = None if spec.weight is None else columns.number(spec.weight, "weight")
    outcome, numeric = _outcome(columns, spec, numbers)
    arm = spec.arm
    basis = None if selection is None or selection.on_score else selection.basis
    numbers += [number for number in (score, basis, weight, numeric) if number is not None]
    reasons = _reasons(columns, spec, selection, score, numbers)
    return Roles(
        columns=columns,
        keys=tuple(keys),
        score=score,
        selection=selection,
        outcome=outcome,
        outcome_value=_outcome_value(columns, spec),
        numeric_outcome=numeric,
        arm=None if arm is None else _flag(columns.one_of(arm.column, arm.is_in, "observed: arm")),
        checked=None
        if spec.checked is None
        else _flag(columns.one_of(spec.checked.column, spec.checked.is_in, "observed: checked")),
        weight=weight,
        cluster=None if spec.cluster is None else _plain_key(columns, spec.cluster, "cluster"),
        reason=reason_codes(reasons),
        reasons=reasons,
        numbers=tuple(numbers),
    )


def _reasons(
    columns: Columns,
    spec: AuditSpec,
    selection: Stated | None,
    score: Number | None,
    numbers: Sequence[Number],
) -> tuple[Reason, ...]:
    """Why a row is not used, in the order in which it is asked; each row leaves by the first that applies."""
    reasons: list[Reason] = []
    for position, condition in enumerate(spec.keep, 1):
        reasons += keep_reason(columns, condition, position)
    for number in numbers:
        if number.wrong is not None:
            reasons.append(Reason("wrong", say("not a number"), number.wrong, number))
    if selection is not None:
        reasons += selection.reasons
    elif score is not None:
        because = say("no score ({column})", column=score.column)
        reasons.append(Reason("no_score", because, score.value.is_null()))
    for role, column in (("weight", spec.weight), ("cluster", spec.cluster)):
        if column is not None:
            because = (
                say("no weight ({column})", column=column)
                if role == "weight"
                else say("no cluster ({column})", column=column)
            )
            reasons.append(Reason(f"no_{role}", because, columns.missing_in(column, role)))
    return tuple(reasons)


def _key(columns: Columns, name: str, group: Group, attribute: bool, numbers: list[Number]) -> Key:
    role = f"groups: {name}" if attribute else f"strata: {name}"
    if group.bins is None:
        return Key(name, group.column, _plain_key(columns, group.column, role), None, group.missing, attribute)
    number = columns.number(group.column, role)
    numbers.append(number)
    code = _bin_of(number.value, group.bins, 0, len(group.bins))
    code = nw.when(number.value.is_null()).then(nw.lit(MISSING)).otherwise(code)
    return Key(name, group.column, code, tuple(group.bin_labels()), group.missing, attribute, number.value)


def _bin_of(value: nw.Expr, edges: Sequence[float], low: int, high: int) -> nw.Expr:
    """The place of the first edge above a value: halved at each step, so that a thousand bins nest ten deep."""
    if low == high:
        return nw.lit(low)
    middle = (low + high) // 2
    below, above = _bin_of(value, edges, low, middle), _bin_of(value, edges, middle + 1, high)
    return nw.when(value < edges[middle]).then(below).otherwise(above)


def _plain_key(columns: Columns, column: str, role: str) -> nw.Expr:
    """A column to group by as it is; its values get their names when the count is made."""
    kind = columns.require(column, role)
    if kind in (nw.Categorical, nw.Enum) or kind in (nw.Object, nw.Unknown):
        return nw.col(column).cast(nw.String)
    if kind == nw.Float32 or kind.is_decimal():
        return nw.col(column).cast(nw.Float64)
    return nw.col(column)


def selection_rule(columns: Columns, choice: Selection, spec: AuditSpec, role: str) -> Stated:
    """How `choice` selects rows, and for what a row is neither selected nor not selected."""
    if choice.is_in is not None:
        assert choice.column is not None
        code = _flag(columns.one_of(choice.column, choice.is_in, role))
        missing = columns.missing_in(choice.column, role)
        because = say("no decision ({column})", column=choice.column)
        code = nw.when(missing).then(nw.lit(MISSING)).otherwise(code)
        return Stated(choice, code, None, False, (Reason("no_selection", because, missing),))
    column = choice.column or (spec.score.column if spec.score is not None else None)
    if column is None:
        raise SpecError(
            "{role} is taken on a score, but the audit names none: add score: COLUMN, or column: COLUMN under {role}.",
            role=role,
        )
    on_score = spec.score is not None and column == spec.score.column
    basis = columns.number(column, role)
    if on_score:
        because = say("no score ({column})", column=column)
        reasons = [Reason("no_score", because, basis.value.is_null())]
    else:
        because = say("no decision ({column})", column=column)
        reasons = [Reason("no_selection", because, basis.value.is_null())]
    if choice.at_least is None and choice.at_most is None:
        return Stated(choice, None, basis, on_score, tuple(reasons))
    code = nw.lit(1)
    for limit, lower in ((choice.at_least, True), (choice.at_most, False)):
        if limit is None:
            continue
        number = columns.limit(limit, role)
        outside = basis.value < number if lower else basis.value > number
        code = nw.when(outside).then(nw.lit(0)).otherwise(code)
        if isinstance(limit, GroupLimit):
            because = say("no limit is given for this value of {column}", column=limit.by)
            reasons.append(Reason("no_limit", because, number.is_null()))
    return Stated(choice, code, basis, on_score, tuple(reasons))


def _outcome(columns: Columns, spec: AuditSpec, numbers: list[Number]) -> tuple[nw.Expr | None, Number | None]:
    """The outcome as 1, 0, MISSING or OTHER; or the number that it is."""
    outcome = spec.outcome
    if outcome is None:
        return None, None
    role = "outcome"
    if outcome.numeric:
        return None, columns.number(outcome.column, role)
    if outcome.positive is None and outcome.negative is None:
        number = columns.number(outcome.column, role)
        numbers.append(number)
        code = nw.lit(1)
        unknown = number.value.is_null()
        for limit, lower in ((outcome.at_least, True), (outcome.at_most, False)):
            if limit is not None:
                bound = columns.limit(limit, role)
                outside = number.value < bound if lower else number.value > bound
                code = nw.when(outside).then(nw.lit(0)).otherwise(code)
                unknown = unknown | bound.is_null() if isinstance(limit, GroupLimit) else unknown
        return nw.when(unknown).then(nw.lit(MISSING)).otherwise(code), None
    return outcome_code(columns, outcome), None


def outcome_code(columns: Columns, outcome: Outcome) -> nw.Expr:
    """An outcome given by lists of values: 1, 0, MISSING, or OTHER for a value that no list names."""
    role = "outcome"
    code = nw.lit({"positive": 1, "negative": 0, "missing": MISSING, None: OTHER}[outcome.rest])
    for values, result in ((outcome.negative, 0), (outcome.positive, 1)):
        if values is not None:
            code = nw.when(columns.one_of(outcome.column, values, role)).then(nw.lit(result)).otherwise(code)
    missing = columns.missing_in(outcome.column, role)
    return nw.when(missing).then(nw.lit(MISSING)).otherwise(code)


def _outcome_value(columns: Columns, spec: AuditSpec) -> nw.Expr | None:
    """The outcome's own value, where it takes counting to know which value is the opposite of those listed."""
    outcome = spec.outcome
    if outcome is None or outcome.rest is not None or (outcome.positive is None and outcome.negative is None):
        return None
    kind = columns.require(outcome.column, "outcome")
    if columns.is_text(outcome.column, "outcome"):
        return columns.text(outcome.column, "outcome")
    plain = kind.is_integer() or kind == nw.Boolean
    if kind.is_numeric() and not plain:
        return columns.number(outcome.column, "outcome").value
    return nw.col(outcome.column) if plain else nw.col(outcome.column).cast(nw.String)


def stage_columns(columns: Columns, spec: AuditSpec) -> dict[str, nw.Expr]:
    """For each stage of a chain its decision (1, 0, MISSING), or the number of which the highest are taken."""
    found: dict[str, nw.Expr] = {}
    for position, stage in enumerate(spec.stages or []):
        if stage.selected is None:
            raise SpecError("stages: count names columns of a table of counts; of rows, say who passes with selected.")
        stated = selection_rule(columns, stage.selected, spec, "stages")
        if stated.code is None:
            assert stated.basis is not None
            found[f"stage_{position}"] = stated.basis.value
            continue
        code = stated.code
        for reason in stated.reasons:
            code = nw.when(reason.holds).then(nw.lit(MISSING)).otherwise(code)
        found[f"stage_{position}"] = code
    return found


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))
