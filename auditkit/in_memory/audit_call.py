"""`auditkit.audit(...)`: names and defaults of audit.yaml as arguments of one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw

from auditkit.errors import InputError, SpecError, cut, nearest
from auditkit.in_memory.audit_object import Audit
from auditkit.intake.open_frame import FRAME, is_frame, native_columns
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec, validate

__all__ = ["audit"]

SCORE = "auditkit_score"
"""The column that a fitted model's scores are put in."""

_IN_MEMORY = "a table in memory; nothing is published"

Groups = Sequence[str] | Mapping[str, Any] | Any


def audit(
    data: Any,
    *,
    groups: Groups,
    selected: str | Mapping[str, Any] | None = None,
    score: str | None = None,
    threshold: float | None = None,
    outcome: str | Mapping[str, Any] | None = None,
    model: Any = None,
    key: str | None = None,
    reference: Mapping[str, Any] | str | None = None,
    harm: str = "punitive",
    observed: str | Mapping[str, Any] = "everywhere",
    weight: str | None = None,
    cluster: str | None = None,
    pair: str | None = None,
    strata: Sequence[str] | Mapping[str, Any] | None = None,
    measures: str | Sequence[Any] = "default",
    minimum_count: int | None = None,
    title: str | Mapping[str, str] | None = None,
    language: str | None = None,
    **audit_yaml: Any,
) -> Audit:
    """Audit a table in memory: does the score, or the decision, treat these groups alike?

    `data` is a frame of pandas, polars or Arrow, or a lazy one of PySpark or Ibis, one row a person. `groups` are
    columns, a mapping as in audit.yaml, or a second frame with the same rows in the same order (else `key` names the
    column that both share). Selection is `selected` (a column of 1 and 0, or a mapping as in audit.yaml) or a `score`
    with a `threshold`; a `model` with predict_proba or predict scores the rows first. `outcome` is a column of 1 and
    0, or a mapping. Everything else of audit.yaml goes by its own name (`analyses=`, `crossed=`, `verdict=`).
    `minimum_count` is 0 here, in memory, and 11 for `report` and `to_yaml`, unless it is given.

    Raises InputError, SpecError or DataError with the same sentences as an audit.yaml.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"sex": ["F", "M"] * 50, "flag": [1, 0, 0, 0] * 25})
    >>> audit(frame, groups=["sex"], selected="flag").rates.query("measure == 'selection_rate'").value.tolist()
    [0.25, 0.5, 0.0]
    """
    if not is_frame(data):
        raise InputError(
            "data is of the type {found}; expected a frame of pandas, polars, Arrow, PySpark or Ibis. A file is "
            "audited by auditkit run and its audit.yaml.",
            found=type(data).__name__,
        )
    frame = data
    if is_frame(groups):
        frame, groups = _beside(frame, groups, key)
    content: dict[str, Any] = {
        "title": title or "Audit",
        "system": {"name": "Score", "harm": harm} | dict(audit_yaml.pop("system", {})),
        "data": {"file": FRAME},
        "groups": _groups(groups, reference),
        "observed": _plain(observed),
        "measures": measures if isinstance(measures, str) else list(measures),
        "publish": {"minimum_count": minimum_count or 0}
        | (
            {} if minimum_count else {"because": "kept in memory" if minimum_count is None else "asked for by the call"}
        ),
    }
    if model is not None:
        if score is not None:
            raise SpecError("Both score and model are given; expected one of them.")
        positive = outcome.get("positive") if isinstance(outcome, Mapping) else None
        from auditkit.in_memory.fitted_model import with_scores

        frame, score = with_scores(frame, model, SCORE, positive), SCORE
    content |= _selection(selected, score, threshold)
    if outcome is not None:
        content["outcome"] = {"column": outcome, "positive": [1]} if isinstance(outcome, str) else _plain(outcome)
    if strata is not None:
        content["strata"] = dict(strata) if isinstance(strata, Mapping) else {name: name for name in strata}
    for name, value in (("weight", weight), ("cluster", cluster), ("pair", pair), ("language", language)):
        if value is not None:
            content[name] = value
    content |= audit_yaml
    spec = validate(AuditSpec, content, {}, Path("audit()"))
    for name in spec.analyses:
        analysis_spec(spec, name)
    _check_columns(frame, content)
    return Audit.of(spec, content, frame, protected=minimum_count is not None)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


def _selection(selected: str | Mapping[str, Any] | None, score: str | None, threshold: float | None) -> dict[str, Any]:
    """Score and selection as audit.yaml has them."""
    if threshold is not None and selected is not None:
        raise SpecError("Both selected and threshold are given; expected one of them.")
    if threshold is not None and score is None:
        raise SpecError("threshold is given without a score; add score= or model=.")
    content: dict[str, Any] = {}
    if score is not None:
        content["score"] = score
    if threshold is not None:
        content["selected"] = {"at_least": threshold}
    elif isinstance(selected, str):
        content["selected"] = {"column": selected, "in": [1]}
    elif selected is not None:
        content["selected"] = dict(selected)
    return content


def _groups(groups: Groups, reference: Mapping[str, Any] | str | None) -> dict[str, Any]:
    """The attributes as audit.yaml has them; the largest group is the reference unless another is named."""
    if isinstance(groups, str):
        groups = [groups]
    named: dict[str, dict[str, Any]] = (
        {name: dict(group) if isinstance(group, Mapping) else {"column": group} for name, group in groups.items()}
        if isinstance(groups, Mapping)
        else {str(name): {"column": str(name)} for name in groups}
    )
    if not named:
        raise SpecError("groups is empty; name at least one column.")
    if isinstance(reference, str):
        if len(named) != 1:
            raise SpecError(
                "reference is one value, and there are {count} attributes; expected a mapping such as {example}.",
                count=len(named),
                example='{"sex": "M"}',
            )
        reference = {next(iter(named)): reference}
    for name, value in (reference or {}).items():
        if name not in named:
            raise SpecError(
                'reference names "{name}", which is not in groups; the nearest: {known}.',
                name=cut(name),
                known=nearest(name, list(named)),
            )
        named[name]["reference"] = value if isinstance(value, Mapping) else str(value)
    for group in named.values():
        group.setdefault("reference", {"is": "largest"})
    return named


def _beside(frame: Any, groups: Any, key: str | None) -> tuple[Any, list[str]]:
    """The attributes of a second frame put beside the rows they belong to, and their names."""
    names = [name for name in native_columns(groups) if name != key]
    clash = next((name for name in names if name in native_columns(frame)), None)
    if clash is not None:
        raise SpecError('Both frames have a column "{name}"; rename one of them.', name=cut(clash))
    left, right = nw.from_native(frame), nw.from_native(groups)
    if key is not None:
        for name, one in (("data", left), ("groups", right)):
            if key not in one.collect_schema().names():
                raise SpecError('key: {name} has no column "{key}".', name=name, key=cut(key))
        if _repeats(right, key):
            raise SpecError('key: "{key}" stands more than once in groups; expected one row a value.', key=cut(key))
        return left.join(right, on=key, how="left").to_native(), names
    if isinstance(left, nw.LazyFrame) or isinstance(right, nw.LazyFrame):
        raise SpecError("Rows of a lazy frame have no order; give key=, the column that both frames share.")
    if len(left) != len(right):
        raise SpecError(
            "groups has {found} rows and data has {expected}; expected the same rows in the same order, or key=.",
            found=len(right),
            expected=len(left),
        )
    both_pandas = nw.dependencies.is_pandas_dataframe(frame) and nw.dependencies.is_pandas_dataframe(groups)
    if both_pandas and not frame.index.equals(groups.index):
        raise SpecError(
            "The indexes of data and groups differ, and an index is never used to match rows: give key=, or "
            "reset_index(drop=True) on both if the rows stand in the same order."
        )
    columns = [nw.new_series(name, right[name].to_list(), backend=left.implementation) for name in names]
    if nw.dependencies.is_pandas_dataframe(frame):
        return frame.assign(**{name: groups[name].to_numpy() for name in names}), names
    return left.with_columns(*columns).to_native(), names


def _repeats(frame: Any, key: str) -> bool:
    counted = frame.lazy().group_by(key).agg(n=nw.len()).filter(nw.col("n") > 1).head(1).collect()
    return len(counted) > 0


def _check_columns(frame: Any, content: Mapping[str, Any]) -> None:
    """A column that is not there is said at once, by the name of its argument."""
    known = native_columns(frame)
    wanted = {
        "score": content.get("score"),
        "weight": content.get("weight"),
        "cluster": content.get("cluster"),
        "outcome": _column(content.get("outcome")),
        "selected": _column(content.get("selected")),
        **{f"groups.{name}": _column(group) for name, group in content["groups"].items()},
    }
    for argument, column in wanted.items():
        if isinstance(column, str) and column not in known:
            raise SpecError(
                '{argument}: there is no column "{column}"; the nearest: {known}.',
                argument=argument,
                column=cut(column),
                known=nearest(column, known),
            )


def _column(value: Any) -> Any:
    return value.get("column") if isinstance(value, Mapping) else None
