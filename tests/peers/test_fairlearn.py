"""fairlearn is the oracle for every rate that both compute: on rows, on cells with sample weights, and by name.

Where fairlearn and scikit-learn divide 0 by 0 they say 0; auditkit says that it cannot be computed, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import isnan
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auditkit.errors import SpecError
from tests.peers.auditing import Figures, audit, binary
from tests.peers.tabulated import CLASSES, found_in

# What each rate divides by, among true positives, false positives, true negatives, false negatives.
DENOMINATORS = {
    "selection_rate": (0, 1, 2, 3),
    "base_rate": (0, 1, 2, 3),
    "accuracy": (0, 1, 2, 3),
    "error_rate": (0, 1, 2, 3),
    "true_positive_rate": (0, 3),
    "false_negative_rate": (0, 3),
    "true_negative_rate": (1, 2),
    "false_positive_rate": (1, 2),
    "positive_predictive_value": (0, 1),
    "negative_predictive_value": (2, 3),
}
BY_NAME = {
    "true_positive_rate": "true_positive_rate",
    "false_positive_rate": "false_positive_rate",
    "true_negative_rate": "true_negative_rate",
    "false_negative_rate": "false_negative_rate",
    "selection_rate": "selection_rate",
    "mean_prediction": "selection_rate",
}
REASONS = {
    "true_positive_rate": "no_positive_outcome",
    "false_negative_rate": "no_positive_outcome",
    "true_negative_rate": "no_negative_outcome",
    "false_positive_rate": "no_negative_outcome",
    "positive_predictive_value": "nobody_selected",
    "negative_predictive_value": "everybody_selected",
}


@dataclass(frozen=True)
class Rows:
    """People: group, selected, outcome, weight."""

    group: Sequence[str]
    selected: Sequence[int]
    outcome: Sequence[int]
    weight: Sequence[float]

    def counted(self, power: int) -> dict[str, list[float]]:
        """The sum of the weights to a power, by group and class."""
        sums = {group: [0.0] * 4 for group in self.group}
        for group, *pair, weight in zip(self.group, self.selected, self.outcome, self.weight, strict=True):
            sums[group][CLASSES.index((pair[0], pair[1]))] += weight**power
        return sums

    def cells(self) -> Rows:
        """One row for each group and class, its weight the sum."""
        found = [(g, *CLASSES[k], w) for g, four in self.counted(1).items() for k, w in enumerate(four) if w > 0]
        return Rows(*zip(*found, strict=True))


@cache
def metrics() -> dict[str, Callable[..., float]]:
    """The same rates by fairlearn and scikit-learn, told what 0/0 is to be: 0."""
    import fairlearn.metrics as fm
    from sklearn.metrics import accuracy_score, precision_score, zero_one_loss

    def rate(metric: Callable[..., float]) -> Callable[..., float]:
        return lambda y, p, sample_weight: metric(y, p, pos_label=1, sample_weight=sample_weight)

    def precision(label: int) -> Callable[..., float]:
        return lambda y, p, sample_weight: precision_score(
            y, p, pos_label=label, sample_weight=sample_weight, zero_division=0
        )

    return {
        "selection_rate": rate(fm.selection_rate),
        "base_rate": lambda y, p, sample_weight: fm.selection_rate(y, y, sample_weight=sample_weight),
        "accuracy": lambda y, p, sample_weight: accuracy_score(y, p, sample_weight=sample_weight),
        "error_rate": lambda y, p, sample_weight: zero_one_loss(y, p, sample_weight=sample_weight),
        **{name: rate(getattr(fm, name)) for name in DENOMINATORS if hasattr(fm, name) and name != "selection_rate"},
        "positive_predictive_value": precision(1),
        "negative_predictive_value": precision(0),
    }


def frame(rows: Rows) -> Any:
    """fairlearn's own table of them."""
    from fairlearn.metrics import MetricFrame

    chosen = metrics()
    return MetricFrame(
        metrics=chosen,
        y_true=list(rows.outcome),
        y_pred=list(rows.selected),
        sensitive_features=list(rows.group),
        sample_params={name: {"sample_weight": list(rows.weight)} for name in chosen},
    )


def directly(rows: Rows) -> dict[str, dict[str, float]]:
    """The same metrics called on the rows of each group, without the table around them (which is slow)."""
    import sklearn

    found: dict[str, dict[str, float]] = {}
    with sklearn.config_context(skip_parameter_validation=True, assume_finite=True):
        for group in dict.fromkeys(rows.group):
            keep = [i for i, g in enumerate(rows.group) if g == group]
            y, p, weight = ([column[i] for i in keep] for column in (rows.outcome, rows.selected, rows.weight))
            for measure, metric in metrics().items():
                found.setdefault(measure, {})[group] = float(metric(y, p, sample_weight=weight))
    return found


def framed(rows: Rows) -> dict[str, dict[str, float]]:
    """The figures of fairlearn's own table."""
    theirs = frame(rows)
    return {m: {**theirs.by_group[m].to_dict(), "all": float(theirs.overall[m])} for m in DENOMINATORS}


def assert_same(answers: Figures, theirs: dict[str, dict[str, float]], rows: Rows) -> None:
    """Every rate of every group and of all; 0 over 0 is their 0 and our `not_computed`."""
    counts = rows.counted(1)
    together = [sum(column) for column in zip(*counts.values(), strict=True)]
    for measure, places in DENOMINATORS.items():
        for group, peer in theirs[measure].items():
            four, ours = {**counts, "all": together}[group], answers.value(measure, group)
            if sum(four[k] for k in places) > 0:
                assert ours == pytest.approx(peer, abs=1e-12), (measure, group)
            else:
                assert (ours, peer) == (None, 0.0), (measure, group)
                assert answers.estimate(measure, group).reason == REASONS[measure]


quarters = st.integers(1, 24).map(lambda n: n / 4)


@st.composite
def people(draw: st.DrawFn, weighted: bool = True) -> Rows:
    """Up to three groups; one of them may hold a single class, or have nobody selected."""
    several = st.tuples(st.integers(0, 1), st.integers(0, 1), quarters if weighted else st.just(1.0))
    one_class = st.tuples(st.integers(0, 1), st.just(0), quarters if weighted else st.just(1.0))
    rows: list[tuple[str, int, int, float]] = []
    for group in "abc"[: draw(st.integers(1, 3))]:
        kind = draw(st.sampled_from([several, several, one_class, st.just((0, 1, 1.0)), st.just((1, 0, 1.0))]))
        rows += [(group, *row) for row in draw(st.lists(kind, min_size=1, max_size=12))]
    return Rows(*zip(*rows, strict=True))


@settings(max_examples=60, deadline=None)
@given(people())
def test_every_rate_is_fairlearns_on_weighted_rows(rows: Rows) -> None:
    answers = found_in(rows.counted(0), rows.counted(1), rows.counted(2))
    assert_same(answers, directly(rows), rows)


@settings(max_examples=6, deadline=None)
@given(st.booleans().flatmap(people))
def test_fairlearns_table_is_the_same_from_rows_and_from_cells(rows: Rows) -> None:
    assume(len(rows.group) > 1 and len(rows.cells().group) > 1)  # fairlearn's table refuses a single row
    weighted = set(rows.weight) != {1.0}
    answers = found_in(rows.counted(0), *((rows.counted(1), rows.counted(2)) if weighted else ()))
    assert_same(answers, framed(rows), rows)
    assert_same(answers, framed(rows.cells()), rows)
    if len(rows.counted(0)) > 1:
        rates = directly(rows)["selection_rate"].values()
        assert answers.largest_difference("selection_rate") == pytest.approx(max(rates) - min(rates), abs=1e-12)


@settings(max_examples=8, deadline=None)
@given(people())
def test_fairlearns_metrics_by_name_are_fairlearns(rows: Rows) -> None:
    import fairlearn.metrics as fm

    assume(len(rows.group) > 1)
    between = ["demographic_parity_ratio", "equalized_odds_difference"]
    asked = [f"fairlearn.metrics.{name}" for name in (*BY_NAME, *between)]
    counts = rows.counted(1)
    answers = found_in(rows.counted(0), counts, rows.counted(2), measures=asked)
    for name, measure in BY_NAME.items():
        for group, four in counts.items():
            if sum(four[k] for k in DENOMINATORS[measure]) > 0:
                ours = answers.value(f"fairlearn.metrics.{name}", group)
                assert ours == pytest.approx(answers.value(measure, group), abs=1e-12)
    for name in between:
        theirs = float(
            getattr(fm, name)(rows.outcome, rows.selected, sensitive_features=rows.group, sample_weight=rows.weight)
        )
        ours = answers.value(f"fairlearn.metrics.{name}", "a")
        assert (ours is None) if isnan(theirs) else (ours == pytest.approx(theirs, abs=1e-12))


def test_a_rate_by_name_is_not_0_where_it_is_0_over_0() -> None:
    """Group b has nobody with the outcome: fairlearn's true and false positive rates of it would both be 0."""
    asked = [f"fairlearn.metrics.{name}" for name in ("true_positive_rate", "false_negative_rate")]
    answers = found_in({"a": [5, 2, 6, 3], "b": [0, 3, 4, 0]}, measures=asked)
    assert [answers.value(name, "b") for name in asked] == [None, None]


@pytest.mark.parametrize("name", ["make_derived_metric", "plot_model_comparison", "plot_roc_curve_by_group"])
def test_what_is_no_metric_of_selections_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(SpecError, match=name):
        found_in({"a": [5, 2, 6, 3], "b": [1, 3, 4, 2]}, measures=[f"fairlearn.metrics.{name}"])


def test_the_count_by_name_is_a_count() -> None:
    answers = found_in({"a": [5, 2, 6, 3], "b": [1, 3, 4, 2]}, measures=["fairlearn.metrics.count"])
    assert [answers.value("fairlearn.metrics.count", group) for group in "ab"] == [16, 10]


def test_a_weighted_file_gives_fairlearns_rates(tmp_path: Path) -> None:
    random = Random(7)
    drawn = [(random.choice("abcde"), random.randint(0, 1), random.randint(0, 1), random.randint(1, 40) / 8)
             for _ in range(300)]  # fmt: skip
    drawn += [("only negative", random.randint(0, 1), 0, 0.5) for _ in range(10)]
    drawn += [("never selected", 0, random.randint(0, 1), 1.5) for _ in range(10)]
    rows = Rows(*zip(*drawn, strict=True))
    columns = {"g": rows.group, "selected": rows.selected, "outcome": rows.outcome, "w": rows.weight}
    answers = audit(tmp_path, columns, {"g": "a"}, weight="w", measures=list(DENOMINATORS),
                    **binary()).of()  # fmt: skip
    assert_same(answers, framed(rows), rows)
