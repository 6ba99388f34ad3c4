"""Shares, largest gaps and representation where counts are hidden, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.counts.count_table import Cells, Levels, Tabulation
from auditkit.inference import multinomial_difference, newcombe, ratio_interval
from auditkit.result import RowAccount
from auditkit.spec import AuditSpec
from tests.findings.measured import find

COUNTED = {"measures": ["selection_rate", "share_of_population", "share_of_selected", "representation_ratio"]}


def published(selected, totals):
    """Counts with a known total: `selected` is (fewest, most) of each group a, b, c."""
    values, lower, upper, size = tuple(sorted(selected)), [], [], []
    for value in values:
        low, high = selected[value]
        lower += [low, max(0, totals[value] - high)]
        upper += [high, totals[value] - low]
        size += [totals[value], 0]
    lower, upper, size = (np.array(part, dtype=float) for part in (lower, upper, size))
    n = np.where(lower == upper, lower, np.nan)
    groups = np.repeat(np.arange(len(values)), 2)
    chosen = np.tile([1, 0], len(values))
    nothing = np.zeros(len(n), dtype=int)
    cells = Cells((Levels("g", values),), {"g": groups}, chosen, nothing - 1, nothing, nothing - 1, n, n, n,
                  lower=lower, upper=upper, size_lower=size, size_upper=size)  # fmt: skip
    return Tabulation((cells,), RowAccount(1, 1))


def audit(reference="b", harm="punitive", **more):
    return AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": harm}, "data": {"file": "x.csv", "count": "n"},
         "selected": {"column": "s", "in": ["1"]},
         "groups": {"g": {"column": "g", "reference": reference}}, **COUNTED, **more}
    )  # fmt: skip


HIDDEN = published({"a": (0, 9), "b": (20, 20), "c": (30, 30)}, {"a": 100, "b": 200, "c": 100})


def estimate(found, measure, group):
    (one,) = [e for e in found.estimates if e.measure == measure and e.groups == (group,)]
    return one


def gap(found, measure, group, kind="difference"):
    (one,) = [g for g in found.gaps if g.measure == measure and g.groups == (group,) and g.kind == kind]
    return one


def test_a_known_total_leaves_nothing_open_of_the_share_of_the_population():
    found = find(HIDDEN, audit(), "main")
    one = estimate(found, "share_of_population", "a")
    assert (one.status, one.value, one.numerator, one.denominator) == ("computed", 0.25, 100, 400)
    between = gap(found, "share_of_population", "a")
    assert (between.status, between.value, between.n) == ("computed", -0.25, 100)
    assert (between.lower, between.upper) == pytest.approx([float(x) for x in multinomial_difference(100, 200, 400)])


def test_the_share_of_those_selected_has_bounds_and_so_has_its_gap():
    found = find(HIDDEN, audit(), "main")
    one = estimate(found, "share_of_selected", "a")
    assert (one.status, one.value) == ("bounds", None)
    assert (one.bound_lower, one.bound_upper) == pytest.approx((0, 9 / 59))
    b = estimate(found, "share_of_selected", "b")
    assert (b.bound_lower, b.bound_upper) == pytest.approx((20 / 59, 20 / 50))
    between = gap(found, "share_of_selected", "a")
    # 0 of 50 against 20 of 50, to 9 of 59 against 20 of 59
    assert (between.bound_lower, between.bound_upper) == pytest.approx((-20 / 50, -11 / 59))
    assert (between.status, between.value, between.method) == ("bounds", None, "multinomial_union")
    assert between.lower == pytest.approx(float(multinomial_difference(0, 20, 50)[0]))
    assert between.upper == pytest.approx(float(multinomial_difference(9, 20, 59)[1]))
    assert between.direction == "better"
    both_known = gap(found, "share_of_selected", "c")  # 30 - 20, of 50 to 59
    assert (both_known.bound_lower, both_known.bound_upper) == pytest.approx((10 / 59, 10 / 50))


def test_a_share_without_an_upper_end_says_why():
    found = find(published({"a": (0, np.inf), "b": (20, 20), "c": (30, 30)}, {"a": 100, "b": 200, "c": 100}),
                 audit(), "main")  # fmt: skip
    between = gap(found, "share_of_selected", "a")
    assert (between.status, between.reason) == ("not_computed", "unbounded")


def test_the_widest_gap_is_bounds_and_its_pair_is_named_where_it_is_sure():
    found = find(HIDDEN, audit(), "main")
    (widest,) = [g for g in found.gaps if g.kind == "largest_difference"]
    # rates: a 0 to 0.09, b 0.1, c 0.3: c and a are furthest apart whatever a is
    assert (widest.groups, widest.reference) == (("c",), ("a",))
    assert (widest.bound_lower, widest.bound_upper) == pytest.approx((0.21, 0.3))
    level = 1 - 0.05 / 3
    # the largest lower end is that of c and b: 30 of 100 and 20 of 200 (of c and a at least 9 of 100, it is 0.0764)
    assert widest.lower == pytest.approx(float(newcombe(30, 100, 20, 200, level)[0]))
    assert widest.upper == pytest.approx(float(newcombe(30, 100, 0, 100, level)[1]))
    assert (widest.status, widest.method, widest.verdict, widest.p_no_gap) == (
        "bounds", "newcombe_pairs_union", None, None)  # fmt: skip


def test_the_widest_gap_names_no_pair_that_depends_on_what_is_hidden():
    found = find(published({"a": (0, 40), "b": (20, 20), "c": (30, 30)}, {"a": 100, "b": 200, "c": 100}),
                 audit(), "main")  # fmt: skip
    (widest,) = [g for g in found.gaps if g.kind == "largest_difference"]
    assert (widest.groups, widest.reference) == ((), ())
    assert (widest.bound_lower, widest.bound_upper) == pytest.approx((0.2, 0.3))


def test_representation_by_hand():
    # a: 36 of 100 selected are of the 160 of 1,000: 2.25, the interval that of 36/160 against 64/840, turned
    found = find(published({"a": (36, 36), "b": (64, 64)}, {"a": 160, "b": 840}), audit(), "main")
    one = estimate(found, "representation_ratio", "a")
    assert one.value == pytest.approx(2.25)
    low, high = (float(end) for end in ratio_interval(36, 160, 64, 840))
    assert (one.lower, one.upper) == pytest.approx((1 / (0.16 + 0.84 / low), 1 / (0.16 + 0.84 / high)))
    assert one.method == "miettinen_nurminen"


def test_representation_with_hidden_counts_where_totals_are_known():
    found = find(HIDDEN, audit(), "main")
    a = estimate(found, "representation_ratio", "a")
    # a is a quarter of the people, and 0 to 9/59 of those selected
    assert (a.status, a.value) == ("bounds", None)
    assert (a.bound_lower, a.bound_upper) == pytest.approx((0, 4 * 9 / 59))
    c = estimate(found, "representation_ratio", "c")
    assert (c.bound_lower, c.bound_upper) == pytest.approx((4 * 30 / 59, 4 * 30 / 50))
    assert c.lower < c.bound_lower < c.bound_upper < c.upper


def test_nobody_selected_has_no_representation():
    found = find(published({"a": (0, 0), "b": (0, 0)}, {"a": 10, "b": 20}), audit(), "main")
    one = estimate(found, "representation_ratio", "a")
    assert (one.status, one.value, one.reason) == ("not_computed", None, "nobody_selected")


def test_a_published_table_with_totals_is_read_so(tmp_path):
    from auditkit.counts.published import published_cells
    from auditkit.intake.count_tables import read_counts

    (tmp_path / "x.csv").write_text("g,chosen,all\na,s,100\nb,20,200\nc,30,100\n", encoding="utf-8")
    data = {"file": "x.csv", "columns": {"selected": "chosen", "total": "all"},
            "suppressed": [{"text": "s", "means": [0, 9]}]}  # fmt: skip
    spec = audit(data=data, selected=None)
    found = find(published_cells(spec, read_counts(spec, tmp_path)), spec, "main")
    assert estimate(found, "share_of_population", "a").value == 0.25
    assert gap(found, "share_of_selected", "a").bound_lower == pytest.approx(-20 / 50)
