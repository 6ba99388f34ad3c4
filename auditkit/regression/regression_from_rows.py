"""A regression's sample from rows: one group-by over its columns, the same on every engine.

Grouping loses nothing: rows alike in every column have the same part in the likelihood. Weights and clusters are
columns to group by, so that no sum depends on the order in which an engine adds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from auditkit.counts.clusters import number_clusters
from auditkit.counts.fetch_cells import Fetched, fetch
from auditkit.counts.merge_cells import level_codes
from auditkit.counts.plain_rows import with_opposite
from auditkit.errors import DataError, SpecError, cut
from auditkit.intake.column_reading import Number
from auditkit.intake.exclusion_reasons import MISSING, USED
from auditkit.intake.roles import Key, Roles, assign_roles
from auditkit.regression.regression_sample import Column, Sample
from auditkit.spec import AuditSpec, Outcome
from auditkit.spec.audit_spec import Stratum
from auditkit.spec.regression_spec import RegressionOutcome, RegressionSpec, RegressionTerm
from auditkit.spec.selected_end import lower_is_selected

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["sample_rows"]

_WRONG = "auditkit_wrong"


def sample_rows(
    table: Table, spec: AuditSpec, regression: RegressionSpec, name: str, threshold: float | None
) -> Sample:
    """The distinct rows of one analysis in the columns of a regression; rows without a value are still among them.

    `threshold` is the score from which rows were selected, where the highest scores were. Raises DataError for
    a column that is not there or is no number, SpecError where those selected cannot be told row by row.
    """
    prepared = _with_terms(spec, regression)
    roles = assign_roles(table, prepared)
    keys = {key.name: key for key in roles.keys}
    numbers = {
        term.column: roles.columns.number(term.column, f"regressions: {name}")
        for term in regression.terms
        if isinstance(term, RegressionTerm) and term.is_number
    }
    rows = table.frame.select(**_columns(roles, prepared, regression, keys, numbers, threshold))
    rows = rows.filter(nw.col("reason") == USED)
    _refuse_wrong(table, rows, numbers, name)
    rows = _seen(rows, spec, regression)
    if "outcome_value" in rows.collect_schema().names():
        assert prepared.outcome is not None
        rows = with_opposite(rows, prepared.outcome, table.name, sure=True)
    kept = [c for c in rows.collect_schema().names() if c not in ("reason", "arm", "selected", "outcome_value", _WRONG)]
    rows = _left_out_together(rows.select(*kept), kept, regression.outcome == "selected")
    counted = rows.group_by(*kept).agg(rows=nw.len())
    categories = [c for c in kept if c.startswith("key_")] + (["cluster"] if roles.cluster is not None else [])
    found = fetch(counted, ["rows"], [c for c in kept if c not in categories], categories, many=True)
    return _sample(found, regression, spec, keys)


def _left_out_together(rows: nw.LazyFrame[Any], kept: list[str], coded: bool) -> nw.LazyFrame[Any]:
    """Rows without a value somewhere are only counted, by their categories: what else they hold stays where it is.

    `coded` says that y is a code, not a number.
    """
    numbers = [name for name in kept if name.startswith("number_") or (name == "y" and not coded)]
    code = next((name for name in kept if name == "outcome" or (name == "y" and coded)), None)
    lacking = [nw.col(name).is_null() for name in kept if name in numbers or name.startswith("key_")]
    if code is not None:
        lacking.append(nw.col(code) == MISSING)
    left_out = nw.any_horizontal(*lacking, ignore_nulls=True)
    plain = {}
    for name in numbers:
        number = nw.col(name).cast(nw.Float64)
        plain[name] = nw.when(left_out & ~number.is_null()).then(nw.lit(0.0)).otherwise(number)
    if "weight" in kept:
        plain["weight"] = nw.when(left_out).then(nw.lit(0.0)).otherwise(nw.col("weight"))
    if "cluster" in kept:
        plain["cluster"] = nw.when(~left_out).then(nw.col("cluster"))
    return rows.with_columns(**plain) if plain else rows


def _with_terms(spec: AuditSpec, regression: RegressionSpec) -> AuditSpec:
    """The analysis with the regression's outcome as its outcome, and its categories among the strata."""
    changes: dict[str, Any] = {}
    extra = {
        term.column: {"column": term.column, "bins": term.bins}
        for term in regression.terms
        if isinstance(term, RegressionTerm) and not term.is_number
    }
    if extra:
        changes["strata"] = spec.strata | {name: Stratum.model_validate(one) for name, one in extra.items()}
    if isinstance(regression.outcome, RegressionOutcome):
        plain: dict[str, Any] = {"column": regression.outcome.column}
        positive = regression.outcome.positive
        plain |= {"numeric": True} if positive is None else {"positive": positive}
        changes["outcome"] = Outcome.model_validate(plain)
    return spec.model_copy(update=changes)


def _columns(
    roles: Roles,
    spec: AuditSpec,
    regression: RegressionSpec,
    keys: dict[str, Key],
    numbers: dict[str, Number],
    threshold: float | None,
) -> dict[str, nw.Expr]:
    columns: dict[str, nw.Expr] = {"reason": roles.reason}
    for i, term in enumerate(regression.terms):
        if isinstance(term, RegressionTerm) and term.is_number:
            columns[f"number_{i}"] = numbers[term.column].value
        else:
            columns[f"key_{i}"] = keys[term if isinstance(term, str) else term.column].expression
    if regression.outcome == "selected":
        columns["y"] = _selected(roles, spec, threshold)
    elif regression.outcome == "score":
        assert roles.score is not None
        columns["y"] = roles.score.value
    elif roles.numeric_outcome is not None:
        if regression.kind == "logit":
            raise SpecError("regressions: the outcome is a number; expected kind linear, or an outcome of two values.")
        columns["y"] = roles.numeric_outcome.value
    else:
        assert roles.outcome is not None
        columns["outcome"] = roles.outcome
        if roles.outcome_value is not None:
            columns["outcome_value"] = roles.outcome_value
    if roles.weight is not None:
        columns["weight"] = roles.weight.value
    if roles.cluster is not None:
        columns["cluster"] = roles.cluster
    if spec.observed == "when_selected" and regression.outcome == "outcome":
        columns["selected"] = _selected(roles, spec, threshold)
    if roles.arm is not None:
        columns["arm"] = roles.arm
    wrong = [number.wrong for number in numbers.values() if number.wrong is not None]
    if wrong:
        either = wrong[0]
        for one in wrong[1:]:
            either = either | one
        columns[_WRONG] = either
    return columns


def _selected(roles: Roles, spec: AuditSpec, threshold: float | None) -> nw.Expr:
    selection = roles.selection
    if selection is None:
        raise SpecError("regressions: those selected are not known row by row; name selected in the audit.")
    if selection.code is not None:
        return selection.code
    if threshold is None or selection.basis is None or selection.choice.ties == "shared":
        raise SpecError(
            "regressions: where ties share the last places, nobody can say who of them is selected; write ties: in or "
            "ties: out under selected."
        )
    value = selection.basis.value
    inside = value <= threshold if lower_is_selected(spec) else value >= threshold
    code = nw.when(inside).then(nw.lit(1)).otherwise(nw.lit(0))
    return nw.when(value.is_null()).then(nw.lit(MISSING)).otherwise(code)


def _seen(rows: nw.LazyFrame[Any], spec: AuditSpec, regression: RegressionSpec) -> nw.LazyFrame[Any]:
    """An outcome is explained among those whose outcome is seen: all, or those drawn at random."""
    if regression.outcome != "outcome":
        return rows
    return rows.filter(nw.col("arm") == 1) if spec.arm is not None else rows


def _refuse_wrong(table: Table, rows: nw.LazyFrame[Any], numbers: dict[str, Number], name: str) -> None:
    """DataError for a value of a term that is no number."""
    if all(number.wrong is None for number in numbers.values()):
        return
    if not fetch(rows.filter(nw.col(_WRONG)).group_by(_WRONG).agg(rows=nw.len()), ["rows"]).rows:
        return
    for column, number in numbers.items():
        if number.wrong is None:
            continue
        texts = table.frame.select(value=nw.col(column), wrong=number.wrong).filter(nw.col("wrong"))
        found = fetch(texts.group_by("value").agg(rows=nw.len()), ["rows"], coded=["value"]).values["value"]
        if found:
            raise DataError(
                '{file}, column {column}: found "{value}"; expected a number, since it is a term of the regression '
                "{name}. Give the term a reference to take the column as categories.",
                file=table.name,
                column=f'"{cut(column)}"',
                value=cut(min(map(str, found))),
                name=name,
            )


def _sample(found: Fetched, regression: RegressionSpec, spec: AuditSpec, keys: dict[str, Key]) -> Sample:
    columns = []
    for i, term in enumerate(regression.terms):
        if f"number_{i}" in found.floats:
            assert isinstance(term, RegressionTerm)
            columns.append(Column(term.column, found.floats[f"number_{i}"] + 0.0))
            continue
        key = keys[term if isinstance(term, str) else term.column]
        level, codes = level_codes(key, found.codes[f"key_{i}"], found.values[f"key_{i}"], spec.missing_values)
        columns.append(Column(key.name, codes.astype(np.float64), level.values))
    n = found.integers["rows"].astype(np.float64)
    outcome = found.floats["y"] if "y" in found.floats else found.floats["outcome"]
    if "y" not in found.floats or regression.outcome == "selected":
        outcome = np.where(outcome == MISSING, np.nan, outcome)
    weight: NDArray[np.float64] = found.floats.get("weight", np.ones(len(n)))
    cluster = None
    if "cluster" in found.codes:
        cluster, _ = number_clusters(found.codes["cluster"], found.values["cluster"])
    return Sample(
        columns=tuple(columns),
        outcome=outcome,
        n=n,
        weight=n * weight,
        weight_squared=n * weight * weight,
        cluster=cluster,
        weighted="weight" in found.floats,
    )
