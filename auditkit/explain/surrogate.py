"""Where there is no model but only its scores: boosted trees fitted to them, said to be a surrogate, with its fidelity.

A surrogate explains the scores as far as it gives them back. What it misses of a gap is a part of its own, named
`UNEXPLAINED`, and goes to no variable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from auditkit.explain.model_inputs import Floats, Inputs
from auditkit.result.attribution import Fidelity, GapSplit, Part

__all__ = ["UNEXPLAINED", "Surrogate", "fit_surrogate", "one_thread", "with_unexplained"]

UNEXPLAINED = "auditkit: not explained"
_FOLDS = 5
_ROWS = 100_000


@dataclass(frozen=True)
class Surrogate:
    """A model fitted to scores, and how well it gives scores back that it has not seen."""

    score: Callable[[Inputs], Floats]
    fidelity: Fidelity


def fit_surrogate(
    inputs: Inputs, scores: Floats, threshold: float | None, from_top: bool = True, seed: int = 1
) -> Surrogate:
    """Boosted trees (scikit-learn) fitted to the scores; fidelity over five folds, out of sample.

    `threshold` is the limit that selects, where there is one. At most 100,000 rows, drawn with the seed, are used.
    """
    from sklearn.model_selection import KFold

    rows = np.arange(len(scores))
    if len(rows) > _ROWS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _ROWS, replace=False))
    x, y = inputs.values[rows], scores[rows]
    found = np.empty(len(rows))
    folds = min(_FOLDS, len(rows))
    with one_thread():
        for train, test in KFold(folds, shuffle=True, random_state=seed).split(x):
            found[test] = _trees(inputs, seed).fit(x[train], y[train]).predict(x[test])
        model = _trees(inputs, seed).fit(x, y)

    def score(asked: Inputs) -> Floats:
        with one_thread():
            return np.asarray(model.predict(asked.values), dtype=np.float64)

    return Surrogate(score, _fidelity(y, found, threshold, from_top))


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread for trees of scikit-learn: on few rows, or beside other work, several only wait for each other."""
    import sklearn.ensemble  # noqa: F401  only threads that are loaded can be limited
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, user_api="openmp"):
        yield


def _trees(inputs: Inputs, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    categories = [name in inputs.labels and len(inputs.labels[name]) <= 255 for name in inputs.columns]
    return HistGradientBoostingRegressor(
        max_iter=80, learning_rate=0.15, random_state=seed, categorical_features=categories if any(categories) else None
    )


def _fidelity(scores: Floats, found: Floats, threshold: float | None, from_top: bool) -> Fidelity:
    spread = float(((scores - scores.mean()) ** 2).sum())
    r_squared = None if spread == 0 else 1.0 - float(((scores - found) ** 2).sum()) / spread
    auc = matched = None
    if threshold is not None:
        selected = scores >= threshold if from_top else scores <= threshold
        chosen = found >= threshold if from_top else found <= threshold
        matched = float((selected == chosen).mean())
        if 0 < selected.sum() < len(selected):
            from sklearn.metrics import roc_auc_score

            auc = float(roc_auc_score(selected, found if from_top else -found))
    largest = float(np.abs(scores - found).max(initial=0.0))
    return Fidelity(True, "HistGradientBoostingRegressor", r_squared, auc, matched, largest, len(scores))


def with_unexplained(split: GapSplit, gap: float) -> GapSplit:
    """The split of a surrogate's gap as a split of the real `gap`: what is missing is a part without a variable."""
    if split.gap is None:
        return split
    missing = gap - split.gap
    rest = Part(UNEXPLAINED, missing, None, None, None)
    return replace(split, gap=gap, parts=(*split.parts, rest))
