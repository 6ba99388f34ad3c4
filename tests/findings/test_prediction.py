"""A predicted number against the real one: by hand, by group, and what is refused."""

import math

import pytest

from auditkit.errors import DataError, SpecError
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

ROWS = "area,real,said\ntown,100,110\ntown,200,100\ntown,400,400\nland,100,150\nland,50,75\nland,80,40\n"


def _audit(**more):
    return AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "assistive"},
            "data": "rows.csv",
            "selected": {"column": "said", "at_most": 100},
            "outcome": {"column": "real", "at_most": 100},
            "prediction": {"actual": "real", "predicted": "said"},
            "groups": {"area": {"column": "area", "reference": "town"}},
            "publish": {"minimum_count": 0, "because": "test"},
            **more,
        }
    )


def _find(folder, rows=ROWS, **more):
    (folder / "rows.csv").write_text(rows)
    found = run_audit(_audit(**more), folder).analyses[0].estimates
    return {(e.group, e.measure): e for e in found}


def test_errors_by_hand(tmp_path):
    found = _find(tmp_path)
    # town: 10/100, 100/200, 0; land: 50/100, 25/50, 40/80
    assert found["town", "mean_absolute_percentage_error"].value == pytest.approx(0.2)
    assert found["land", "mean_absolute_percentage_error"].value == pytest.approx(0.5)
    # with the outcome (real of 100 or less): in town only the first
    assert found["town", "mean_absolute_percentage_error_of_positives"].value == pytest.approx(0.1)
    assert found["land", "root_mean_square_log_error"].value == pytest.approx(
        math.sqrt((2 * math.log(1.5) ** 2 + math.log(0.5) ** 2) / 3)
    )
    # within 0.2: log 1.1 = 0.095 and 0 are near, log 0.5 is too low; log 1.5 = 0.405 is too high
    shares = [found["town", key] for key in ("under_predicted", "accurately_predicted", "over_predicted")]
    assert [(e.numerator, e.denominator) for e in shares] == [(1, 3), (2, 3), (0, 3)]
    assert found["land", "over_predicted"].numerator == 2
    # ranks 1 2 3 against 2 1 3: 1 - 6 * 2 / (3 * 8)
    assert found["town", "rank_correlation"].value == pytest.approx(0.5)
    assert found["all", "accurately_predicted"].value == pytest.approx(2 / 6)


def test_r_squared_by_hand(tmp_path):
    rows = "area,real,said\ntown,1,2.718281828459045\ntown,7.38905609893065,2.718281828459045\ntown,1,1\nland,1,1\n"
    found = _find(tmp_path, rows=rows)
    # logs 0, 2, 0 against 1, 1, 0: errors 1 + 1, spread 8/3
    assert found["town", "r_squared_log"].value == pytest.approx(1 - 2 / (8 / 3))
    alone = found["land", "r_squared_log"]
    assert (alone.value, alone.status, alone.reason) == (None, "not_computed", "few_cases")


def test_one_row_has_no_interval(tmp_path):
    found = _find(tmp_path, rows="area,real,said\ntown,100,110\nland,50,50\n")["town", "mean_absolute_percentage_error"]
    assert (found.value, found.lower, found.method) == (pytest.approx(0.1), None, "none")


def test_rows_without_both_numbers_are_left_out(tmp_path):
    found = _find(tmp_path, rows=ROWS + "town,,30\n", selected={"column": "said", "at_most": 100})
    assert found["town", "accurately_predicted"].n == 3


def test_logarithms_need_numbers_above_zero(tmp_path):
    with pytest.raises(DataError, match=r'column "said": found 0; expected numbers above 0'):
        _find(tmp_path, rows=ROWS + "town,10,0\n")


def test_counts_hold_no_predictions(tmp_path):
    (tmp_path / "c.csv").write_text("area,yes,no\ntown,1,2\nland,2,3\n")
    spec = _audit(
        data={"file": "c.csv", "columns": {"selected": "yes", "not_selected": "no"}}, selected=None, outcome=None
    )
    with pytest.raises(SpecError, match="prediction needs rows"):
        run_audit(spec, tmp_path)
