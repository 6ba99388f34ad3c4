"""Time to a service: equal to statsmodels, by hand, protected, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.errors import DataError
from auditkit.inference import pace_ratio, shares_by
from auditkit.report.render import render_report
from tests.kinds.rows_of_kinds import audit, by_place, run, table

ASKED = {"time": "t", "event": {"column": "e", "in": ["yes"]}, "at": [2, 4], "unit": {"en": "days", "fr": "jours"}}
ROWS = table("g,t,e", [("a,1,yes", 30), ("a,2,yes", 30), ("a,3,no", 20), ("a,4,yes", 10), ("a,5,no", 10),
                       ("b,1,yes", 10), ("b,2,no", 30), ("b,3,yes", 20), ("b,4,yes", 15), ("b,5,no", 25)])  # fmt: skip


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times with ties, whether it came, the group: some are followed for less."""
    generator = np.random.default_rng(seed)
    n = int(generator.integers(40, 200))
    group = generator.random(n) < 0.4
    time = np.ceil(generator.exponential(np.where(group, 25, 12), n))
    followed = generator.integers(5, 60, n)
    return np.minimum(time, followed), time <= followed, group


@pytest.mark.filterwarnings("ignore:.*encountered in.*:RuntimeWarning")  # of statsmodels, where nobody waits any more
@pytest.mark.parametrize("seed", range(50))
def test_equal_to_statsmodels(seed: int) -> None:
    from statsmodels.duration.hazard_regression import PHReg
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff

    time, came, group = drawn(seed)
    known = SurvfuncRight(time, came.astype(int))
    by = known.surv_times[known.surv_prob > 0][:-1]
    found = shares_by(time, came, np.ones(len(time)), by)
    at = np.searchsorted(known.surv_times, by)
    left, error = known.surv_prob[at], known.surv_prob_se[at]
    assert found.share == pytest.approx(1 - left, abs=1e-9)
    wide = 1.959963984540054 * error / (left * np.abs(np.log(left)))
    assert found.upper == pytest.approx(1 - left ** np.exp(wide), abs=1e-9)
    assert found.lower == pytest.approx(1 - left ** np.exp(-wide), abs=1e-9)
    assert found.median[0] == pytest.approx(known.quantile(0.5), nan_ok=True)
    assert found.median[1:] == pytest.approx(known.quantile_ci(0.5, method="cloglog"), nan_ok=True)
    pace = pace_ratio(time, came, group, np.ones(len(time)))
    assert pace.p_value == pytest.approx(survdiff(time, came.astype(int), group.astype(int))[1], abs=1e-9)
    fitted = PHReg(time, group[:, None].astype(float), status=came.astype(int), ties="efron").fit()
    assert pace.value == pytest.approx(np.exp(fitted.params[0]), abs=1e-9)
    assert (pace.lower, pace.upper) == pytest.approx(tuple(np.exp(fitted.conf_int()[0])), abs=1e-9)


def test_rows_alike_count_together() -> None:
    time, came, group = drawn(3)
    twice = [np.repeat(one, 2) for one in (time, came, group)]
    one, two = pace_ratio(time, came, group, np.full(len(time), 2)), pace_ratio(*twice, np.ones(len(time) * 2))
    assert one.value == pytest.approx(two.value, abs=1e-12)
    assert one.p_value == pytest.approx(two.p_value, abs=1e-12)


def test_by_hand(tmp_path) -> None:
    result = run(tmp_path, ROWS, harm="assistive", survival=ASKED)
    found = by_place(result)
    # a: of 100 left 70 after 1, 40 after 2; 20 leave; of 20 at risk 10 at 4: 0.4 * 10 / 20 = 0.2 still wait
    assert found["served_by", "2", "a"].value == pytest.approx(0.6)
    assert found["served_by", "4", "a"].value == pytest.approx(0.8)
    # b: 0.9; at 3 of 60 at risk 20 go: 0.6; at 4 of 40 at risk 15: 0.375
    assert found["served_by", "4", "b"].value == pytest.approx(1 - 0.9 * (2 / 3) * (25 / 40))
    assert (found["median_time", "", "a"].value, found["median_time", "", "b"].value) == (2, 4)
    pace = found["pace_ratio", "", "b"]
    assert pace.value < 1
    assert pace.p_value < 0.001
    assert [gap for gap in result.main.gaps if gap.verdict] == []  # who is served so far says nothing of the pace
    assert "served within 4 <bdi>days</bdi>" in render_report(result, "en")
    assert "le rythme est de" in render_report(result, "fr")


def test_what_is_released_gives_nobody_away(tmp_path) -> None:
    few = by_place(run(tmp_path, ROWS, harm="assistive", minimum=11, survival=ASKED))
    # 10 of b are served within 2 days, 10 of a are followed beyond 4: fewer than 11, and so for every group
    assert {few["served_by", at, group].reason for at in "24" for group in ("a", "b", "")} == {"withheld"}
    assert {few["median_time", "", group].reason for group in ("a", "b", "")} == {"withheld"}
    many = by_place(run(tmp_path, ROWS + ROWS.partition("\n")[2] * 2, harm="assistive", minimum=11, survival=ASKED))
    assert many["served_by", "2", "a"].value == pytest.approx(0.6)
    assert many["median_time", "", "a"].reason == "withheld"  # one person's time
    pace = many["pace_ratio", "", "b"]
    assert (pace.n, pace.value) == (None, pytest.approx(0.44, abs=0.05))
    assert pace.p_value < 0.001  # of the released interval


@pytest.mark.parametrize(
    ("rows", "items"),
    [
        ([("a,3,yes", 30), ("b,4,no", 30)], {"served_by": 0.0, "pace_ratio": None}),
        ([("a,1,yes", 30), ("b,2,yes", 30)], {"served_by": 1.0, "pace_ratio": None}),
        ([("a,3,yes", 30), ("b,3,yes", 30)], {"served_by": 1.0, "pace_ratio": 1.0}),
    ],
)
def test_nobody_and_everybody(tmp_path, rows, items) -> None:
    asked = {**ASKED, "at": [3]}
    found = by_place(run(tmp_path, table("g,t,e", rows), harm="assistive", survival=asked))
    assert found["served_by", "3", "b"].value == (items["served_by"] if rows[1][0] != "b,2,yes" else 1.0)
    pace = found["pace_ratio", "", "b"]
    assert pace.value == (None if items["pace_ratio"] is None else pytest.approx(1.0))
    assert pace.value is not None or pace.reason == "few_cases"


def test_a_time_beyond_all_that_is_known_is_not_told(tmp_path) -> None:
    found = by_place(run(tmp_path, ROWS, harm="assistive", survival={**ASKED, "at": [9]}))
    assert found["served_by", "9", "a"].reason == "few_cases"


def test_unknown_times_are_counted(tmp_path) -> None:
    rows = ROWS + table("", [("a,,yes", 10)]).lstrip("\n")
    found = by_place(run(tmp_path, rows, harm="assistive", survival=ASKED))
    assert found["without_time", "", "a"].value == pytest.approx(10 / 110)
    assert found["served_by", "2", "a"].value == pytest.approx(0.6)


@pytest.mark.parametrize("at", [[], [0], [4, 2], [2, 2]])
def test_what_is_wrong_is_said(at) -> None:
    with pytest.raises(ValueError, match="at"):
        audit(harm="assistive", survival={**ASKED, "at": at})


def test_a_time_below_0_is_refused(tmp_path) -> None:
    with pytest.raises(DataError, match="found -1"):
        run(tmp_path, ROWS + "a,-1,yes\n", harm="assistive", survival=ASKED)
