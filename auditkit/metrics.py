"""Every rate as a function of two columns, for scikit-learn's scorers and fairlearn's MetricFrame.

`false_positive_rate(y_true, y_pred)` is one number; with `sensitive_features` it is one number a group, as a pandas
Series. Each rate has a `NAME_difference` and a `NAME_ratio` between groups, as fairlearn's have: the largest less the
smallest, and the smallest by the largest, or with `method="to_overall"` the furthest from everyone together.
A rate of nobody (0/0) is NaN, never 0: fairlearn and scikit-learn give 0 there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditkit.errors import InputError
from auditkit.measures.measure_table import MEASURES

__all__ = [
    "accuracy",
    "base_rate",
    "error_rate",
    "false_discovery_rate",
    "false_negative_rate",
    "false_omission_rate",
    "false_positive_rate",
    "negative_predictive_value",
    "positive_predictive_value",
    "rate_function",
    "selection_rate",
    "true_negative_rate",
    "true_positive_rate",
]

Rate = Callable[..., Any]
_NAMES = tuple(name for name in __all__ if name != "rate_function")
_OF_OUTCOME = {(1, 1): "true_positive", (0, 1): "false_positive", (1, 0): "false_negative", (0, 0): "true_negative"}


def rate_function(key: str) -> Rate:
    """The function of one rate: `(y_true, y_pred, *, sensitive_features=None, sample_weight=None, pos_label=None)`.

    `y_true` and `y_pred` hold 0 and 1, -1 and 1, truth values, or any two values of which `pos_label` names the
    positive one. Raises InputError for lengths that differ, for missing values and for other labels.

    >>> rate_function("false_positive_rate")([0, 0, 1, 1], [1, 0, 1, 0])
    0.5
    """
    measure = MEASURES[key]
    counted, of = set(measure.numerator), set(measure.denominator)

    def rate(
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sensitive_features: Any = None,
        sample_weight: ArrayLike | None = None,
        pos_label: Any = None,
    ) -> Any:
        truth, decided, weight = _columns(y_true, y_pred, sample_weight, pos_label)
        if sensitive_features is None:
            return _rate(truth, decided, weight, counted, of)
        import pandas

        groups = _groups(sensitive_features, len(truth))
        table = pandas.DataFrame({"truth": truth, "decided": decided, "weight": weight})
        found = {
            group: _rate(part["truth"].to_numpy(), part["decided"].to_numpy(), part["weight"].to_numpy(), counted, of)
            for group, part in table.groupby(groups[0] if len(groups) == 1 else groups, dropna=False, sort=True)
        }
        return pandas.Series(found, name=key)

    rate.__name__ = rate.__qualname__ = key
    rate.__doc__ = (
        f"{measure.question} {measure.formula}.\n\n"
        "One number, or one a group of `sensitive_features`; NaN where nobody is in the denominator."
    )
    return rate


def _rate(
    truth: NDArray[np.int64], decided: NDArray[np.int64], weight: NDArray[np.float64], counted: set[str], of: set[str]
) -> float:
    """The weight of the classes counted by that of the classes they are part of."""
    sums = {
        name: float(weight[(truth == actual) & (decided == chosen)].sum())
        for (actual, chosen), name in _OF_OUTCOME.items()
    }
    whole = sum(value for name, value in sums.items() if name in of)
    return sum(value for name, value in sums.items() if name in counted) / whole if whole else float("nan")


def _columns(
    y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None, pos_label: Any
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    truth, decided = np.asarray(y_true).ravel(), np.asarray(y_pred).ravel()
    weight = np.ones(len(truth)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64).ravel()
    if not len(truth) == len(decided) == len(weight):
        raise InputError(
            "y_true, y_pred and sample_weight have {lengths} rows; expected the same number in each.",
            lengths=", ".join(str(len(one)) for one in (truth, decided, weight)),
        )
    if np.any(~np.isfinite(weight)) or np.any(weight < 0):
        raise InputError("sample_weight holds a number that is negative or missing; expected weights of 0 or more.")
    positive = _positive(truth, decided, pos_label)
    return (truth == positive).astype(np.int64), (decided == positive).astype(np.int64), weight


def _positive(truth: NDArray[Any], decided: NDArray[Any], pos_label: Any) -> Any:
    """The positive label: the one that is named, else 1 beside 0 or -1."""
    labels = {value.item() if hasattr(value, "item") else value for value in (*truth, *decided)}
    if any(value is None or value != value for value in labels):  # NaN alone differs from itself
        raise InputError(
            "y_true or y_pred holds a missing value; drop those rows, or audit the frame, which counts them."
        )
    if pos_label is not None:
        if len(labels | {pos_label}) > 2:
            raise InputError(
                "y_true and y_pred hold {count} values beside pos_label; expected one.",
                count=len(labels - {pos_label}),
            )
        return pos_label
    if not (labels <= {0, 1} or labels <= {-1, 1}):
        shown = ", ".join(sorted(repr(value) for value in labels)[:6])
        raise InputError("y_true and y_pred hold {labels}; expected 0 and 1, -1 and 1, or pos_label.", labels=shown)
    return 1


def _groups(sensitive_features: Any, rows: int) -> list[Any]:
    """The columns to group by: one, or one a column of a frame or a mapping."""
    import pandas

    if isinstance(sensitive_features, dict | pandas.DataFrame):
        columns = [np.asarray(sensitive_features[name]) for name in sensitive_features]
    else:
        table = np.asarray(sensitive_features)
        columns = [table] if table.ndim == 1 else [table[:, place] for place in range(table.shape[1])]
    if any(len(column) != rows for column in columns):
        raise InputError(
            "sensitive_features has {found} rows and y_true has {expected}; expected the same rows.",
            found=len(columns[0]),
            expected=rows,
        )
    return columns


def _between(key: str, kind: Literal["difference", "ratio"]) -> Rate:
    """How far apart the groups are in one rate: of two groups, or of a group and everyone."""
    of_groups = rate_function(key)

    def between(
        y_true: ArrayLike,
        y_pred: ArrayLike,
        *,
        sensitive_features: Any,
        method: Literal["between_groups", "to_overall"] = "between_groups",
        sample_weight: ArrayLike | None = None,
        pos_label: Any = None,
    ) -> float:
        given = {"sample_weight": sample_weight, "pos_label": pos_label}
        rates = of_groups(y_true, y_pred, sensitive_features=sensitive_features, **given).to_numpy()
        if method == "between_groups":
            low, high = np.nanmin(rates), np.nanmax(rates)
            return float(high - low) if kind == "difference" else float(low / high) if high else float("nan")
        overall = of_groups(y_true, y_pred, **given)
        if kind == "difference":
            return float(np.nanmax(np.abs(rates - overall)))
        with np.errstate(invalid="ignore", divide="ignore"):
            ratios = rates / overall
            return float(np.nanmin(np.minimum(ratios, 1 / ratios)))

    between.__name__ = between.__qualname__ = f"{key}_{kind}"
    between.__doc__ = f"The {kind} of {MEASURES[key].name} between groups, or of the furthest group to everyone."
    return between


accuracy = rate_function("accuracy")
base_rate = rate_function("base_rate")
error_rate = rate_function("error_rate")
false_discovery_rate = rate_function("false_discovery_rate")
false_negative_rate = rate_function("false_negative_rate")
false_omission_rate = rate_function("false_omission_rate")
false_positive_rate = rate_function("false_positive_rate")
negative_predictive_value = rate_function("negative_predictive_value")
positive_predictive_value = rate_function("positive_predictive_value")
selection_rate = rate_function("selection_rate")
true_negative_rate = rate_function("true_negative_rate")
true_positive_rate = rate_function("true_positive_rate")


def __getattr__(name: str) -> Rate:
    """`NAME_difference` and `NAME_ratio` of every rate."""
    key, _, kind = name.rpartition("_")
    if key not in _NAMES or kind not in ("difference", "ratio"):
        raise AttributeError(f"module 'auditkit.metrics' has no attribute {name!r}")
    return _between(key, "difference" if kind == "difference" else "ratio")


def __dir__() -> Sequence[str]:
    return [*__all__, *(f"{name}_{kind}" for name in _NAMES for kind in ("difference", "ratio"))]
