"""So many of a hundred, a thousand or ten thousand: what is drawn has the ratio of the rates, or is not drawn."""

from __future__ import annotations

import random

import pytest

from auditkit.report.frequency import frequency_pair


def drawn(a: float, b: float) -> tuple[int, int, int] | None:
    pair = frequency_pair((a, None, None), (b, None, None))
    return None if pair is None else (pair.group.value, pair.reference.value, pair.base)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (38 / 760, 6185 / 412350, (50, 15, 1000)),  # 5.0 and 1.49994 %: 3.33 times, not five
        (8000 / 500000, 7000 / 500000, (16, 14, 1000)),  # 1.14 times, not twice
        (48 / 10000, 24 / 10000, (48, 24, 10000)),  # 2.00 times, not equal
        (0.5, 0.25, (50, 25, 100)),
        (0.3, 0.0, (30, 0, 100)),
    ],
)
def test_control_rates(a: float, b: float, expected: tuple[int, int, int]) -> None:
    assert drawn(a, b) == expected


def test_over_random_rates_the_drawn_ratio_is_within_five_per_cent_of_the_true_one() -> None:
    chance = random.Random(14)
    shown = 0
    for _ in range(4_000):
        a, b = (10 ** chance.uniform(-5, 0) for _ in range(2))
        found = drawn(a, b)
        if found is None:
            continue
        shown += 1
        first, second, base = found
        assert first > 0
        assert second > 0
        assert abs(first / second / (a / b) - 1) <= 0.05
        assert first <= base
        assert second <= base
        assert (first == second) == (a == b)
    assert shown > 1_500


def test_the_interval_holds_the_value_that_is_drawn() -> None:
    chance = random.Random(3)
    for _ in range(500):
        value = chance.uniform(0.06, 0.9)
        low, high = value - chance.uniform(0, 0.05), value + chance.uniform(0, 0.05)
        pair = frequency_pair((value, low, high), (0.5, 0.45, 0.55))
        if pair is not None:
            assert pair.group.lower <= pair.group.value <= pair.group.upper
