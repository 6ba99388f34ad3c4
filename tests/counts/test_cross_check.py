"""The count gives the cells that pandas gives, bit for bit, whatever the rows are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.spec import AuditSpec
from tests.counts.counting import audit, count_parquet, count_text, differences

SEX = st.sampled_from(["F", "M", "", "x y"])
AREA = st.sampled_from(["1", "01", "1.0", "é", ""])
SCORE = st.sampled_from(["", "0", "-0.0", "1", "1.5", "0.1", "0.30000000000000004", "1e-3", "7", "-2.25"])
ROW = st.tuples(SEX, AREA, SCORE, st.sampled_from(["0", "1", ""]), st.sampled_from(["", "0", "0.7", "3", "1e6"]))


def everything(**more: Any) -> AuditSpec:
    """An audit that uses all roles."""
    content: dict[str, Any] = {
        "groups": {
            "sex": {"column": "sex"},
            "area": {"column": "area", "missing": "1"},
            "age": {"column": "age", "bins": [30, 50]},
        },
        "strata": {"charge": "charge"},
        "score": "score",
        "selected": {"at_least": 0.25},
        "outcome": {"column": "hurt", "positive": [1], "negative": [0]},
        "weight": "weight",
        "cluster": "house",
        "keep": [{"column": "age", "at_least": 18}],
        "stages": [
            {"name": "first", "selected": {"at_least": -0.5}},
            {"name": "second", "selected": {"top_share": 0.3}},
        ],
    }
    return audit(**(content | more))


def many_rows(rows: int, seed: int) -> dict[str, Any]:
    """Rows with ties, missing values and tails in every role."""
    draw = np.random.default_rng(seed)

    def some_missing(values: np.ndarray[Any, Any], share: float) -> list[Any]:
        missing = draw.random(rows) < share
        return [None if m else v for m, v in zip(missing, values.tolist(), strict=True)]

    score = np.where(draw.random(rows) < 0.3, draw.integers(0, 3, rows), draw.lognormal(0, 2, rows))
    return {
        "sex": some_missing(draw.choice(["F", "M"], rows), 0.05),
        "area": some_missing(draw.choice(["north", "south", "1"], rows), 0.1),
        "age": some_missing(draw.integers(15, 90, rows), 0.02),
        "charge": some_missing(draw.choice(["a", "b"], rows), 0.02),
        "score": some_missing(score, 0.05),
        "hurt": some_missing(draw.integers(0, 2, rows), 0.2),
        "cost": some_missing(draw.normal(100, 40, rows), 0.2),
        "weight": some_missing(draw.gamma(0.5, 200, rows), 0.01),
        "house": some_missing(draw.integers(0, rows // 3, rows), 0.01),
        "how": some_missing(draw.choice(["risk", "random"], rows), 0.0),
    }


@pytest.mark.parametrize("file", ["text", "parquet"])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"selected": {"top_share": 0.1}, "weight": None},
        {"selected": {"top": 700, "ties": "shared"}, "score_bins": "exact"},
        {"outcome": {"column": "cost", "numeric": True}, "cluster": None},
        {"outcome": {"column": "cost", "numeric": True}, "selected": {"column": "sex", "in": ["F"]}},
        {"observed": {"arm": {"column": "how", "in": ["random"]}}, "sweep": {"thresholds": [0.1, 1, 3.3]}},
        {"score": {"column": "score", "lower_is": "selected"}, "selected": {"at_most": 1}},
    ],
)
def test_pandas_agrees_on_rows_of_all_kinds(more: dict[str, Any], file: str) -> None:
    columns, spec = many_rows(3000, seed=5), everything(**more)
    count = count_text if file == "text" else count_parquet
    first = count(spec, columns)
    assert first.account.read == 3000 == first.account.used + sum(e.rows for e in first.account.exclusions)
    assert differences(first, count(spec, columns, pandas=True)) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROW, min_size=1, max_size=25), ties=st.sampled_from(["in", "out", "shared"]))
def test_pandas_agrees_whatever_the_rows(rows: list[tuple[str, ...]], ties: str) -> None:
    rows = [("F", "1", "0.5", "1", "1"), *rows]
    columns = dict(zip(("sex", "area", "score", "hurt", "weight"), zip(*rows, strict=True), strict=True))
    spec = audit(
        groups={"sex": {"column": "sex"}, "area": {"column": "area"}},
        score="score",
        selected={"top_share": 0.4, "ties": ties},
        outcome={"column": "hurt", "positive": [1]},
        weight="weight",
        apart=[["1", "01", "1.0"]],  # the rows hold spellings that look alike: here they are groups of their own
        observed="everywhere",  # and outcomes that are there for those selected alone
    )
    first = count_text(spec, columns)
    people = first.joint[0].n.sum()
    if ties == "shared":  # parts of people: thirds have no last digit
        assert people == pytest.approx(first.account.used, rel=1e-12)
    else:
        assert people == first.account.used
    assert differences(first, count_text(spec, columns, pandas=True)) == []


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROW, min_size=1, max_size=20), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[tuple[str, ...]], order: Any) -> None:
    rows = [("F", "1", "0.5", "1", "1"), *rows]
    shuffled = order.sample(rows, len(rows))
    names = ("sex", "area", "score", "hurt", "weight")
    spec = audit(score="score", selected={"at_least": 0.3}, weight="weight")
    one = count_text(spec, dict(zip(names, zip(*rows, strict=True), strict=True)))
    other = count_text(spec, dict(zip(names, zip(*shuffled, strict=True), strict=True)), pandas=True)
    assert differences(one, other) == []


def test_float32_is_binned_as_double() -> None:
    import polars

    values = polars.Series([0.1, 0.2, 0.3], dtype=polars.Float32)
    spec = audit(score="score", selected={"at_least": 0.2})
    found = count_parquet(spec, {"sex": ["F", "F", "F"], "score": values})
    # 0.2 and 0.3 as 32 bits are 0.200000003 and 0.300000012: both at or above 0.2.
    assert found.joint[0].n[found.joint[0].selected == 1].sum() == 2
