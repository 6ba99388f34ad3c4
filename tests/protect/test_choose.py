"""Choosing what is released: cases worked by hand, an attacker on random tables, the same bytes twice."""

import numpy as np
import pytest

from auditkit.protect.choose import choose, proves
from auditkit.protect.second_tables import second_tables
from tests.attacker.published_counts import Line
from tests.protect.small_tables import attacker_on, published, random_table, sums_of


def _values(lines: list[Line]) -> dict[tuple[str, str], float | None]:
    return {(" ".join(value for _, value in line.group) or "all", line.sum): line.value for line in lines}


def test_a_small_count_takes_one_partner_with_it_and_no_more() -> None:
    # B's four selected are small. With everyone's 74 and A's 40, B and C share 34; C's 30 would give B's 4 away.
    table = {("A",): [0, 0, 40, 0, 0, 60], ("B",): [0, 0, 4, 0, 0, 96], ("C",): [0, 0, 30, 0, 0, 70]}
    sums = sums_of(("g",), table)
    shown = _values(published(sums, choose(sums, 11)))
    assert shown["all", "selected"] == 74
    assert [shown[group, "people"] for group in "ABC"] == [100, 100, 100]
    assert [shown[group, "selected"] for group in "ABC"] == [40, None, None]
    assert [shown[group, "not_selected"] for group in "ABC"] == [60, None, None]


def test_an_empty_class_of_a_group_is_as_secret_as_a_small_one() -> None:
    table = {("A",): [0, 0, 40, 0, 0, 60], ("B",): [0, 0, 70, 0, 0, 0], ("C",): [0, 0, 30, 0, 0, 70]}
    sums = sums_of(("g",), table)
    shown = _values(published(sums, choose(sums, 11)))
    assert shown["B", "people"] is None or shown["B", "selected"] is None


def test_with_a_minimum_of_zero_everything_is_released() -> None:
    sums = sums_of(("g",), {("A",): [0, 0, 1, 0, 0, 2], ("B",): [0, 0, 0, 0, 0, 5]})
    assert choose(sums, 0).released.sum() == sums.asked.sum()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_an_attacker_narrows_nothing(seed: int, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    names, table = random_table(seed)
    sums = sums_of(names, table)
    if large:  # the start of large systems, on small ones
        monkeypatch.setattr("auditkit.protect.choose.LARGE", 1)
    chosen = choose(sums, 11)
    assert proves(sums, chosen, 11)
    lines = published(sums, chosen)
    attacker = attacker_on(names, table, lines)
    hidden = {(key.attributes, key.groups, key.sum): value for keys, value in zip(sums.keys, sums.values, strict=True)
              for key in keys if value < 11}  # fmt: skip
    asked = {(line.group, line.sum) for line in lines}
    targets = [(tuple(zip(a, g, strict=True)), name, value) for (a, g, name), value in hidden.items()]
    for group, name, value in targets[:: max(1, len(targets) // 12)]:
        if (group, name) in asked:
            low, high = attacker.interval(group, name)
            assert low <= value <= high
            assert high - low >= 11, (group, name, value, low, high)


def test_second_tables_keep_what_is_fixed_and_take_small_sums_apart() -> None:
    # B's four selected can become sixteen where C gives twelve of its thirty: everyone and A stay as they are.
    table = {("A",): [0, 0, 40, 0, 0, 60], ("B",): [0, 0, 4, 0, 0, 96], ("C",): [0, 0, 30, 0, 0, 70]}
    sums = sums_of(("g",), table)
    place = {("".join(key.groups), key.sum): row for row, keys in enumerate(sums.keys) for key in keys}
    fixed = np.array([place["", "selected"], place["A", "selected"], place["B", "people"]])
    small = np.array([place["B", "selected"]])
    found = np.array(second_tables(sums, fixed, small, 11))
    shown = found @ sums.matrix.T
    assert (shown[:, fixed] == sums.values[fixed]).all()
    assert shown[:, small[0]].max() - 4 >= 11
    assert (found >= 0).all()


def test_the_same_counts_give_the_same_choice() -> None:
    names, table = random_table(5)
    first, second = (choose(sums_of(names, table), 11) for _ in range(2))
    assert np.array_equal(first.released, second.released)
    assert first.tables.tobytes() == second.tables.tobytes()
    assert first.programmes == second.programmes


def test_a_spent_budget_withholds_the_rest() -> None:
    names, table = random_table(5)
    sums = sums_of(names, table)
    chosen = choose(sums, 11, budget=3)
    assert not chosen.finished
    assert chosen.released.sum() < choose(sums, 11).released.sum()
    assert proves(sums, chosen, 11)
