"""Non-take-up and reach: the rates by hand, and what is refused."""

from __future__ import annotations

import pytest

from auditkit.errors import DataError
from tests.kinds.rows_of_kinds import audit, by_place, run, table

RIGHT = {"entitled": {"column": "e", "in": ["yes"]}, "received": {"column": "r", "in": ["yes"]}}


def test_non_take_up_by_hand(tmp_path):
    rows = table(
        "g,e,r",
        [
            ("a,yes,yes", 90),
            ("a,yes,no", 10),
            ("a,no,no", 95),
            ("a,no,yes", 5),
            ("b,yes,yes", 60),
            ("b,yes,no", 40),
            ("b,no,no", 100),
        ],
    )
    result = run(tmp_path, rows, harm="assistive", **RIGHT)
    rates = {(e.measure, e.group): e.value for e in result.main.estimates}
    assert rates["false_negative_rate", "a"] == pytest.approx(0.1)
    assert rates["false_negative_rate", "b"] == pytest.approx(0.4)
    assert rates["true_positive_rate", "b"] == pytest.approx(0.6)
    assert rates["false_positive_rate", "a"] == pytest.approx(0.05)
    gap = next(g for g in result.main.gaps if g.measure == "false_negative_rate" and g.kind == "ratio")
    # 100 people of b at the rate of a: 30 fewer would go without
    assert (gap.value, gap.direction, gap.verdict) == (pytest.approx(4.0), "worse", "established")
    assert gap.people == pytest.approx(30)


def test_unknown_is_not_no(tmp_path):
    rows = table("g,e,r", [("a,yes,yes", 20), ("b,no,no", 20), ("b,unknown,no", 3)])
    with pytest.raises(DataError, match="unknown"):
        run(tmp_path, rows, harm="assistive", **RIGHT)


@pytest.mark.parametrize(
    ("harm", "keys", "said"),
    [
        ("assistive", {"entitled": RIGHT["entitled"]}, "entitled is given without received"),
        ("assistive", {"received": RIGHT["received"], "score": "s"}, "received is given without entitled"),
        ("punitive", RIGHT, "say harm: assistive"),
        ("punitive", {"reach": RIGHT["received"]}, "say harm: assistive"),
        ("assistive", {"reach": {"column": "r"}}, "Field required"),
        ("assistive", {"reach": {"column": "r", "in": ["yes"], "capacity": 0}}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_said(harm, keys, said):
    with pytest.raises(ValueError, match=said):
        audit(harm=harm, **keys)


def test_reach_by_hand(tmp_path):
    rows = table("g,r", [("a,yes", 60), ("a,no", 40), ("b,yes", 20), ("b,no", 80)])
    found = by_place(run(tmp_path, rows, harm="assistive", reach={"column": "r", "in": ["yes"], "capacity": 100}))
    # 80 of 200 reached: at one rate 40 of each
    assert found["people_beyond_equal_reach", "", "a"].value == pytest.approx(20)
    assert found["people_beyond_equal_reach", "", "b"].value == pytest.approx(-20)
    assert found["least_reached", "", "b"].value == pytest.approx(0.2)
    assert found["places_used", "", ""].value == pytest.approx(0.8)
    # Wilson at 97.5 %, z = 2.241403 of 20 in 100, the lower end by hand
    z = 2.2414027276
    middle, half = 0.2 + z * z / 200, z * (0.16 / 100 + z * z / 40000) ** 0.5
    assert found["least_reached", "", "b"].lower == pytest.approx((middle - half) / (1 + z * z / 100), abs=1e-9)
