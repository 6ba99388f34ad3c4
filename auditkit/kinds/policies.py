"""Rules that are learnt from one half of the rows and told on the other: fairlearn's mitigations, refits, short rules.

Beside each stands, on the same half, today's decision and one threshold for all that selects as many: of the audit's
score, or of a model fitted on the same variables without any constraint. Nothing of a rule is measured on the rows that
it was fitted to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from auditkit.counts.count_table import NOT_STATED, Tabulation
from auditkit.counts.joint_counts import joint_rows
from auditkit.errors import DataError, cut
from auditkit.intake.exclusion_reasons import USED
from auditkit.kinds.kind_rows import View
from auditkit.kinds.policy_figures import policy_figures
from auditkit.result import KindFigure
from auditkit.spec import AuditSpec, Group
from auditkit.spec.policy_spec import Policy
from auditkit.spec.selected_end import lower_is_selected

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["Fitted", "fitted_policies", "fitted_rows", "learnt", "lifts"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_FEWEST, _MOST_LEVELS = 100, 50


@dataclass(frozen=True)
class Fitted:
    """One row a person, in an order that is the same on every engine; `train` says which half a rule learns from.

    `groups` holds the group of each attribute, `inputs` each column as numbers (NaN: missing) or texts; `score` rises
    towards the end that is selected.
    """

    groups: dict[str, NDArray[np.object_]]
    inputs: dict[str, NDArray[Any]]
    score: Floats
    selected: NDArray[np.bool_]
    outcome: Integers
    train: NDArray[np.bool_]


def fitted_policies(
    table: Table, spec: AuditSpec, views: Sequence[View], tabulation: Tabulation
) -> tuple[KindFigure, ...]:
    """The figures of every rule that is learnt, on the half that it did not see.

    Raises DataError where the half to learn from has too few people, or one outcome only.
    """
    policies = [(str(i), one) for i, one in enumerate(spec.policies or [], 1) if one.is_fitted]
    if not policies or spec.weight is not None or spec.cluster is not None:
        return ()
    rows = fitted_rows(table, spec, tabulation)
    found: list[KindFigure] = []
    for level, policy in policies:
        part, base = learnt(policy, rows, spec.bootstrap.seed)
        wanted = float(part[~rows.train].sum())
        same = _as_many(base[~rows.train], wanted)
        for name, chosen in (("", part[~rows.train]), (" common", same), (" today", rows.selected[~rows.train])):
            found += _told(rows, level + name, np.asarray(chosen, dtype=np.float64), views, spec)
        if policy.rule is not None:
            found += lifts(level, same, part[~rows.train], rows.outcome[~rows.train], spec.confidence)
    return tuple(found)


def fitted_rows(table: Table, spec: AuditSpec, tabulation: Tabulation) -> Fitted:
    """The rows used, one a person, with everything that a rule may learn from; halved by the seed of the audit."""
    wanted = dict.fromkeys(name for policy in spec.policies or [] for name in policy.columns)
    groups = dict(spec.groups) | {f"input {name}": Group(column=name) for name in wanted}
    if spec.score is not None:
        groups["input of score"] = Group(column=spec.score.column)
    wide = spec.model_copy(update={"groups": groups, "strata": {}, "crossed": [], "stages": None, "score": None})
    if spec.selected is not None and spec.selected.column is None and spec.score is not None:
        wide = wide.model_copy(update={"score": spec.score})
    joint = joint_rows(table, [("main", wide, tabulation)], None)
    one = joint.analyses[0]
    used = np.flatnonzero((one.reason == USED) & (one.selected >= 0))
    order = used[np.lexsort([*(codes[used] for codes in one.codes.values()), one.outcome[used], one.selected[used]])]
    line = np.repeat(order, np.round(joint.n[order]).astype(np.int64))
    train = np.zeros(len(line), dtype=bool)
    train[np.random.default_rng(spec.bootstrap.seed).permutation(len(line))[: len(line) // 2]] = True

    def labels(name: str) -> NDArray[np.object_]:
        return np.array(one.levels[name], dtype=object)[one.codes[name][line]]

    score = np.full(len(line), np.nan)
    if "input of score" in one.levels:
        score = _numbers(one.levels["input of score"], one.codes["input of score"][line])
        score = -score if lower_is_selected(spec) else score
    inputs = {name: _input(one.levels[f"input {name}"], one.codes[f"input {name}"][line], name, table.name)
              for name in wanted}  # fmt: skip
    return Fitted(
        {name: labels(name) for name in spec.groups}, inputs, score, one.selected[line] == 1, one.outcome[line], train
    )


def _numbers(levels: Sequence[str], codes: Integers) -> Floats:
    return np.array([float(level) if level != NOT_STATED else np.nan for level in levels])[codes]


def _input(levels: Sequence[str], codes: Integers, name: str, file: str) -> NDArray[Any]:
    """A column as numbers where all its values are, else as texts."""
    try:
        return _numbers(levels, codes)
    except ValueError:
        if len(levels) > _MOST_LEVELS:
            raise DataError(
                "{file}, policies: column {column} holds {count} texts; expected numbers, or at most {most} texts.",
                file=file, column=f'"{cut(name)}"', count=len(levels), most=_MOST_LEVELS,
            ) from None  # fmt: skip
        return np.array(levels, dtype=object)[codes]


def learnt(policy: Policy, rows: Fitted, seed: int) -> tuple[Floats, Floats]:
    """The chance that a rule, learnt from the first half, selects each row; and the score that it is held against.

    The mitigations are fairlearn's own, on standardised columns (texts as one column a value) and scikit-learn's
    logistic regression; a rule of k columns is a tree of that depth over the k that part the outcome best.
    """
    heard = rows.train & (rows.outcome >= 0)
    if policy.fairlearn == "threshold_optimizer":
        heard &= np.isfinite(rows.score)
    y = (rows.outcome[heard] == 1).astype(int)
    if len(y) < _FEWEST or len(np.unique(y)) < 2:
        raise DataError(
            "policies: the half to learn from has {count} people with an outcome, {cases} of them positive; expected "
            "{fewest} or more, with and without it.",
            count=len(y), cases=int(y.sum()), fewest=_FEWEST,
        )  # fmt: skip
    if policy.fairlearn == "threshold_optimizer":
        return _optimised(policy, rows, heard, y), rows.score
    matrix = _matrix(rows, policy.columns)
    if policy.rule is not None:
        chance = _short_rule(policy.rule, rows, policy.columns, heard, y)
        base = rows.score if np.isfinite(rows.score).any() else _plain(matrix, heard, y)
        return _as_many(chance, _today_share(rows) * len(chance)), base
    if policy.without is not None:
        kept = [name for name in policy.columns if name not in policy.without]
        narrowed = _plain(_matrix(rows, kept), heard, y)
        return _as_many(narrowed, _today_share(rows) * len(narrowed)), _plain(matrix, heard, y)
    base = _plain(matrix, heard, y)
    cut = float(np.quantile(base[rows.train], 1 - _today_share(rows)))
    return _reduced(policy, rows, matrix, heard, y, cut), base


def _today_share(rows: Fitted) -> float:
    return float(rows.selected[rows.train].mean())


def _as_many(score: Floats, wanted: float) -> Floats:
    """One threshold that selects so many, the last places drawn among equals; rows without a score last."""
    _, place, counts = np.unique(np.nan_to_num(score, nan=-np.inf), return_inverse=True, return_counts=True)
    above = np.concatenate((np.cumsum(counts[::-1])[::-1][1:], [0]))
    part = np.clip((wanted - above) / counts, 0.0, 1.0)
    return np.asarray(part[place.reshape(-1)], dtype=np.float64)


def _matrix(rows: Fitted, columns: Sequence[str]) -> Floats:
    """Standardised on the half to learn from; a missing number is its mean there, texts are one column a value."""
    found: list[Floats] = []
    for name in columns:
        values = rows.inputs[name]
        if values.dtype == object:
            levels = sorted(set(values[rows.train]))[1:]
            found += [(values == level).astype(np.float64) for level in levels]
            continue
        numbers = np.asarray(values, dtype=np.float64)
        mean = float(np.nanmean(numbers[rows.train])) if np.isfinite(numbers[rows.train]).any() else 0.0
        numbers = np.where(np.isfinite(numbers), numbers, mean)
        spread = float(numbers[rows.train].std())
        found.append((numbers - mean) / (spread or 1.0))
    return np.column_stack(found) if found else np.zeros((len(rows.train), 1))


def _plain(matrix: Floats, heard: NDArray[np.bool_], y: Integers) -> Floats:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000).fit(matrix[heard], y)
    return np.asarray(model.predict_proba(matrix)[:, 1], dtype=np.float64)


def _given() -> Any:
    """A classifier that is fitted already: its probability is the audit's own score, as it stands."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Given(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
        def __sklearn_is_fitted__(self) -> bool:
            return True

        def fit(self, x: Any, y: Any) -> Any:
            return self

        def predict(self, x: Any) -> Floats:
            return np.asarray(x, dtype=np.float64).reshape(-1)

    return Given()


def _optimised(policy: Policy, rows: Fitted, heard: NDArray[np.bool_], y: Integers) -> Floats:
    """fairlearn's ThresholdOptimizer on the audit's score; groups that the first half has not stay as they are."""
    from fairlearn.postprocessing import ThresholdOptimizer

    assert policy.by is not None
    group = rows.groups[policy.by]
    both = [g for g in np.unique(group[heard].astype(str)) if len(np.unique(y[group[heard] == g])) == 2]
    inside = np.isin(group.astype(str), both)
    names = {"true_positive_rate_parity", "false_positive_rate_parity", "equalized_odds", "demographic_parity"}
    constraint = policy.constraint if policy.constraint in names else "demographic_parity"
    model = ThresholdOptimizer(
        estimator=_given(), constraints=constraint, objective="balanced_accuracy_score", prefit=True,
        predict_method="predict",
    )  # fmt: skip
    fit = heard & inside
    model.fit(rows.score[fit].reshape(-1, 1), (rows.outcome[fit] == 1).astype(int), sensitive_features=group[fit])
    part = rows.selected.astype(np.float64)
    told = inside & np.isfinite(rows.score)
    part[told] = model._pmf_predict(rows.score[told].reshape(-1, 1), sensitive_features=group[told])[:, 1]
    return part


def _reduced(policy: Policy, rows: Fitted, matrix: Floats, heard: NDArray[np.bool_], y: Integers, cut: float) -> Floats:
    """fairlearn's reductions over logistic regression; GridSearch selects as its best model decides.

    Errors are weighed so that, without a constraint, about as many would be selected as today: those selected wrongly
    at the chance `cut`, from which the plain model selects so many, those missed at the rest.
    """
    from fairlearn import reductions
    from sklearn.linear_model import LogisticRegression

    assert policy.by is not None
    moment = {
        "demographic_parity": reductions.DemographicParity, "equalized_odds": reductions.EqualizedOdds,
        "true_positive_rate_parity": reductions.TruePositiveRateParity,
        "false_positive_rate_parity": reductions.FalsePositiveRateParity,
        "error_rate_parity": reductions.ErrorRateParity,
    }[policy.constraint or "demographic_parity"]()  # fmt: skip
    weighed = reductions.ErrorRate(costs={"fp": min(0.999, max(0.001, cut)), "fn": 1 - min(0.999, max(0.001, cut))})
    moment.default_objective = lambda: weighed
    estimator = LogisticRegression(max_iter=1000)
    group = rows.groups[policy.by][heard]
    if policy.fairlearn == "grid_search":
        search = reductions.GridSearch(estimator, constraints=moment, grid_size=20)
        search.fit(matrix[heard], y, sensitive_features=group)
        return np.asarray(search.predict(matrix), dtype=np.float64)
    model = reductions.ExponentiatedGradient(estimator, constraints=moment)
    model.fit(matrix[heard], y, sensitive_features=group)
    return np.asarray(model._pmf_predict(matrix)[:, 1], dtype=np.float64)


def _short_rule(most: int, rows: Fitted, columns: Sequence[str], heard: NDArray[np.bool_], y: Integers) -> Floats:
    """A tree over the columns that part the outcome best, chosen one by one on the half to learn from."""
    from sklearn.metrics import log_loss
    from sklearn.tree import DecisionTreeClassifier

    def fitted(names: Sequence[str]) -> Floats:
        matrix = _matrix(rows, names)
        tree = DecisionTreeClassifier(max_depth=most, min_samples_leaf=max(20, len(y) // 500), random_state=0)
        return np.asarray(tree.fit(matrix[heard], y).predict_proba(matrix)[:, 1], dtype=np.float64)

    chosen: list[str] = []
    while len(chosen) < min(most, len(columns)):
        others = [name for name in columns if name not in chosen]
        losses = [float(log_loss(y, fitted([*chosen, name])[heard], labels=[0, 1])) for name in others]
        chosen.append(others[int(np.argmin(losses))])
    return fitted(chosen)


def lifts(level: str, score: Floats, rule: Floats, outcome: Integers, confidence: float) -> Iterator[KindFigure]:
    """How many times as many the score finds among as many selected as a short rule does, and as a draw would.

    `score` and `rule` are the chances that each selects a row. The interval is of the logarithm of the ratio, from what
    each row adds to it; none where some outcome is unseen.
    """
    from scipy.special import ndtri

    y, draw = (outcome == 1).astype(np.float64), np.ones(len(outcome))
    for item, other in (("lift_over_rule", rule), ("lift_over_draw", draw)):
        sums = [float(one.sum()) for one in (score * y, score, other * y, other)]
        if min(sums, default=0.0) <= 0 or (outcome < 0).any():
            reason = "outcome_unseen" if (outcome < 0).any() else "few_cases"
            yield KindFigure("policies", item, (), (), None, unit="ratio", level=level, status="not_computed",
                             reason=reason)  # fmt: skip
            continue
        value = sums[0] / sums[1] / (sums[2] / sums[3])
        each = score * y / sums[0] - score / sums[1] - other * y / sums[2] + other / sums[3]
        reach = float(np.exp(ndtri((1 + confidence) / 2) * np.sqrt((each**2).sum())))
        yield KindFigure("policies", item, (), (), value, value / reach, value * reach, "delta", float(len(y)), "ratio",
                         level)  # fmt: skip


def _told(rows: Fitted, level: str, part: Floats, views: Sequence[View], spec: AuditSpec) -> Iterator[KindFigure]:
    """The figures on the second half, of everyone and of each group."""
    half = ~rows.train
    outcome, selected = rows.outcome[half], rows.selected[half]
    place = np.where(selected, 0, 3) + np.array([1, 0, 2])[np.clip(outcome, -1, 1)]
    for names, groups, _ in [((), ((),), None), *views]:
        for group in groups:
            inside = np.ones(len(part), dtype=bool)
            for name, value in zip(names, group, strict=True):
                inside &= rows.groups[name][half] == value
            counts, shares = _cells(place[inside], part[inside])
            yield from policy_figures(level, names, group, counts, shares, spec)


def _cells(place: Integers, part: Floats) -> tuple[Floats, Floats]:
    """People alike in the share that the rule selects, by the six classes."""
    levels, which = np.unique(part, return_inverse=True)
    counts = np.zeros((max(1, len(levels)), 6))
    np.add.at(counts, (which.reshape(-1), place), 1.0)
    return counts, np.broadcast_to(levels[:, None] if len(levels) else np.zeros((1, 1)), counts.shape)
