"""Whoever adds and subtracts all that is printed finds no small count: checked over the joint table, exactly."""

import time

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditkit.withhold import disclose
from auditkit.withhold.exposed_rows import known_from_all
from auditkit.withhold.suppression_network import Line
from tests.withhold.made import analysis_of, attack, audit_of, counts_of, spec_of, views_of

NAMES = ("a", "b")

# race by sex, of the size of the small groups of a published audit: 11 and 31 people in two groups
COMPAS_LIKE = {
    ("African-American", "Female"): (180, 112, 0, 90, 167, 0),
    ("African-American", "Male"): (1188, 530, 0, 443, 823, 0),
    ("Asian", "Female"): (1, 0, 0, 0, 1, 0),
    ("Asian", "Male"): (6, 2, 0, 1, 20, 0),
    ("Caucasian", "Female"): (90, 115, 0, 80, 282, 0),
    ("Caucasian", "Male"): (324, 167, 0, 328, 717, 0),
    ("Hispanic", "Female"): (15, 20, 0, 18, 49, 0),
    ("Hispanic", "Male"): (94, 60, 0, 74, 179, 0),
    ("Other", "Female"): (12, 13, 0, 14, 51, 0),
    ("Other", "Male"): (44, 25, 0, 56, 128, 0),
    ("Native American", "Female"): (2, 0, 0, 0, 0, 0),
    ("Native American", "Male"): (3, 3, 0, 0, 3, 0),
}


def attacked(joint, **more):
    before = analysis_of(views_of(joint), spec_of(**more))
    after = disclose(audit_of(before)).main
    return attack(before, after, joint, NAMES, 11), after


def test_the_attacker_finds_small_counts_where_nothing_is_withheld():
    before = analysis_of(views_of(COMPAS_LIKE), spec_of())
    assert len(attack(before, before, COMPAS_LIKE, NAMES, 11)) > 20


def test_small_groups_of_a_real_size():
    found, after = attacked(COMPAS_LIKE)
    assert found == []
    race = next(view for view in after.views if view.attributes == ("a",))
    sizes = dict(zip(race.groups, race.n, strict=True))
    assert sizes["Caucasian",] == 2103
    shown = [e for e in after.estimates if e.groups == ("Caucasian",) and e.status == "computed"]
    assert len(shown) >= 10


def test_people_not_stated_are_no_way_in():
    joint = {
        ("x", "f"): (50, 40, 0, 30, 200, 0), ("x", "m"): (60, 40, 0, 30, 200, 0), ("x", ""): (1, 1, 0, 0, 1, 0),
        ("y", "f"): (40, 40, 0, 30, 100, 0), ("y", "m"): (40, 40, 0, 30, 100, 0),
    }  # fmt: skip
    found, after = attacked(joint)
    assert found == []
    assert "b" not in after.rows.not_stated


def test_a_hidden_count_on_a_bridge_between_two_cycles():
    # hidden: a 2 x 2 block, another, and one cell between them; every line has two hidden cells or more, and yet
    # the cell between is determined
    hidden = {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 2)}
    known_all = np.uint64((1 << 64) - 1)
    published = np.full(24, known_all, dtype=np.uint64)
    for i, j in hidden:
        published[4 * i + j] = 1
    rows = [Line(np.arange(4 * i, 4 * i + 4), 16 + i) for i in range(4)]
    columns = [Line(np.arange(j, 16, 4), 20 + j) for j in range(4)]
    known = known_from_all(published, [*rows, *columns])
    determined = {(i, j) for i, j in hidden if int(known[4 * i + j]) >> 1 & 1}
    assert determined == {(1, 2)}


class_counts = st.tuples(*[st.sampled_from([0, 2, 5, 9, 14, 30, 120])] * 6)


@st.composite
def joints(draw):
    unseen = draw(st.booleans())
    rows = [*(f"a{i}" for i in range(draw(st.integers(1, 3)))), *draw(st.sampled_from([[], [""]]))]
    columns = [*(f"b{i}" for i in range(draw(st.integers(1, 3)))), *draw(st.sampled_from([[], [""]]))]
    joint = {}
    for a in rows:
        for b in columns:
            six = draw(class_counts)
            six = six if unseen else (six[0], six[1], 0, six[3], six[4], 0)
            if sum(six):
                joint[a, b] = six
    return joint


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(joints())
def test_no_published_combination_determines_a_small_count(joint):
    views = views_of(joint)
    if len({view.names for view in views}) < 3:
        return
    found, _ = attacked(joint)
    assert found == []


def test_ten_thousand_groups_take_seconds():
    draw = np.random.default_rng(5)
    table = {
        (f"g{i:05d}",): (*draw.poisson(draw.choice([2, 40, 300]), 2), 0, *draw.poisson(60, 2), 0) for i in range(10_000)
    }
    before = analysis_of([counts_of(("a",), table)], spec_of(), measures=("selection_rate", "false_positive_rate"))
    start = time.perf_counter()
    disclose(audit_of(before))
    assert time.perf_counter() - start < 20


def test_a_crossing_of_a_hundred_by_fifty_takes_seconds():
    draw = np.random.default_rng(5)
    joint = {
        (f"a{i:03d}", f"b{j:02d}"): (*draw.poisson(20, 2), 0, *draw.poisson(30, 2), 0)
        for i in range(100) for j in range(50)
    }  # fmt: skip
    before = analysis_of(views_of(joint), spec_of(), measures=("selection_rate", "false_positive_rate"))
    start = time.perf_counter()
    disclose(audit_of(before))
    assert time.perf_counter() - start < 30
