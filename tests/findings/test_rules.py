"""Which test counts once, what clusters do to the smallest gap, ratios of nothing, figures within strata and stages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from auditkit.counts.count_table import Cells, Clusters, Levels, Tabulation
from auditkit.errors import SpecError
from auditkit.inference import conditional_disparity, newcombe, smallest_established, wilson
from auditkit.result import RowAccount
from auditkit.spec import AuditSpec
from tests.findings.measured import find

SELECTION = {"measures": ["selection_rate"]}


def cells(counts, extra=None):
    """`counts`: {group: (selected, not selected)}, or by (group, stratum) with `extra` the name of the stratum."""
    keys = sorted(counts)
    groups = tuple(sorted({key[0] if extra else key for key in keys}))
    levels, codes = [Levels("g", groups)], {"g": np.repeat([groups.index(k[0] if extra else k) for k in keys], 2)}
    if extra:
        strata = tuple(sorted({key[1] for key in keys}))
        levels.append(Levels(extra, strata))
        codes[extra] = np.repeat([strata.index(key[1]) for key in keys], 2)
    n = np.array([counts[key] for key in keys], dtype=float).ravel()
    nothing = np.zeros(len(n), dtype=int)
    return Cells(tuple(levels), codes, np.tile([1, 0], len(keys)), nothing - 1, nothing, nothing - 1, n, n, n)


def table(counts, **more):
    return Tabulation((cells(counts),), RowAccount(1, 1), **more)


def audit(reference="b", harm="punitive", **more):
    return AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": harm}, "data": "x.csv", "selected": {"at_least": 1},
         "groups": {"g": {"column": "g", "reference": reference}}, **SELECTION, **more}
    )  # fmt: skip


def ratio(found, group, measure="selection_rate", kind="ratio"):
    (gap,) = [g for g in found.gaps if (g.measure, g.kind, g.groups) == (measure, kind, (group,))]
    return gap


def test_two_groups_each_against_the_rest_are_one_test():
    found = find(table({"a": (30, 70), "b": (18, 82)}), audit({"is": "rest"}), "main")
    one, other = ratio(found, "a"), ratio(found, "b")
    p = stats.fisher_exact([[30, 70], [18, 82]])[1]
    assert (one.p_no_gap, other.p_no_gap) == pytest.approx((p, p))
    assert (one.p_no_gap_adjusted, other.p_no_gap_adjusted) == pytest.approx((p, p))  # one test: nothing to correct
    assert [f.size for f in found.families] == [1, 0]


def test_three_groups_each_against_the_rest_are_three_tests():
    found = find(table({"a": (30, 70), "b": (18, 82), "c": (20, 80)}), audit({"is": "rest"}), "main")
    assert [f.size for f in found.families] == [3, 0]
    a = ratio(found, "a")
    assert a.p_no_gap_adjusted == pytest.approx(3 * stats.fisher_exact([[30, 70], [38, 162]])[1])


def test_two_groups_and_people_who_did_not_say_are_two_tests():
    """The rest of each holds those who did not say, so that one is not the other."""
    found = find(table({"a": (30, 70), "b": (18, 82), "": (5, 45)}), audit({"is": "rest"}), "main")
    assert [f.size for f in found.families] == [2, 0]


@pytest.mark.parametrize("counts", [(0, 50), (50, 0)])
def test_a_ratio_of_nothing_carries_no_number(counts):
    """Nobody selected is 0/0. Everybody selected is 1/1, and its other side is 0/0."""
    found = find(table({"a": counts, "b": (counts[0] * 2, counts[1] * 2)}), audit(), "main")
    gap = ratio(found, "a")
    assert (gap.reason, gap.verdict) == ("both_zero", "inconclusive")
    assert (gap.complement_value, gap.complement_lower, gap.complement_upper) == (None,) * 3
    if counts[0] == 0:
        assert (gap.status, gap.method, gap.value, gap.lower, gap.upper) == ("not_computed", "none", None, None, None)
    else:
        assert (gap.status, gap.value) == ("computed", 1)
        assert gap.lower < 1 < gap.upper
    difference = ratio(found, "a", kind="difference")
    ends = newcombe(*(counts[0], 50, counts[0] * 2, 100))
    assert (difference.value, difference.lower, difference.upper) == pytest.approx((0, *(float(e) for e in ends)))


def test_clusters_that_stand_together_show_only_larger_gaps():
    """40 clusters a group of 10 people all alike: 400 people tell as much as 40, and Student's t takes its part."""
    people, groups, selected, where, number = [], [], [], [], 0
    for group, share in ((0, 10), (1, 8)):
        for i in range(40):
            people.append(10.0), groups.append(group), selected.append(int(i < share)), where.append(number)
            number += 1
    n = np.array(people)
    nothing = np.zeros(len(n), dtype=int)
    counted = Cells((Levels("g", ("a", "b")),), {"g": np.array(groups)}, np.array(selected), nothing - 1, nothing,
                    nothing - 1, n, n, n)  # fmt: skip
    clusters = Clusters(counted, np.array(where), number)
    alone = ratio(find(Tabulation((counted,), RowAccount(800, 800)), audit(), "main"), "a")
    assert alone.smallest_established == pytest.approx(float(smallest_established(80, 400, 400, 0.05)))
    together = find(Tabulation((counted,), RowAccount(800, 800), clusters=clusters), audit(), "main")
    # the jackknife of 40 equal clusters of which 10 (or 8) are full: each is worth 39 rows, less what t takes. Its
    # degrees are 39; for b, 2.5 * 640^2 / (8 * 8^4 + 32 * 2^4) - 1, as 8 clusters make most of the variance
    worth, other = (39 * (1.959963985 / stats.t.ppf(0.975, df)) ** 2 for df in (39, 2.5 * 640**2 / 33280 - 1))
    expected = float(smallest_established(0.2 * other, other, worth, 0.05))
    assert ratio(together, "a").smallest_established == pytest.approx(expected)
    assert expected > 2 * alone.smallest_established / 1.5


def test_conditional_disparity_has_an_interval_worked_by_hand():
    counts = {("a", "x"): (30, 10), ("b", "x"): (10, 30), ("a", "y"): (10, 10), ("b", "y"): (10, 10)}
    spec = audit(strata={"field": "f"}, measures=["selection_rate", "conditional_disparity"])
    found = find(Tabulation((cells(counts, "field"),), RowAccount(120, 120)), spec, "main")
    (gap,) = [g for g in found.gaps if g.measure.startswith("conditional")]
    # 80 of 120 people in x: 2/3 (30/40 - 10/40) + 1/3 (10/20 - 10/20)
    assert gap.value == pytest.approx(1 / 3)
    (low1, high1), (low2, high2), (low3, high3) = (wilson(*of) for of in ((30, 40), (10, 40), (10, 20)))
    down = (2 / 3) ** 2 * ((0.75 - low1) ** 2 + (high2 - 0.25) ** 2) + (1 / 3) ** 2 * (
        (0.5 - low3) ** 2 + (high3 - 0.5) ** 2)  # fmt: skip
    up = (2 / 3) ** 2 * ((high1 - 0.75) ** 2 + (0.25 - low2) ** 2) + (1 / 3) ** 2 * (
        (high3 - 0.5) ** 2 + (0.5 - low3) ** 2)  # fmt: skip
    least = 1.959963985**2 * ((2 / 3) ** 2 * 2 * 0.75 * 0.25 / 39 + (1 / 3) ** 2 * 2 * 0.25 / 19)
    assert gap.lower == pytest.approx(1 / 3 - np.sqrt(max(float(down), least)))
    assert gap.upper == pytest.approx(1 / 3 + np.sqrt(max(float(up), least)))
    assert (gap.method, gap.direction, gap.verdict) == ("mover", "worse", None)


def test_the_interval_of_conditional_disparity_holds():
    generator = np.random.default_rng(5)
    sizes, of_group = np.array([200, 100, 50]), np.array([0.1, 0.3, 0.6])
    rate, other_rate = np.array([0.2, 0.4, 0.5]), np.array([0.1, 0.2, 0.4])
    mine = generator.binomial(sizes, of_group, (3000, 3))
    adverse, other = generator.binomial(mine, rate), generator.binomial(sizes - mine, other_rate)
    found = conditional_disparity(adverse, mine - adverse, adverse + other, sizes - adverse - other)
    against = of_group * rate / (of_group * rate + (1 - of_group) * other_rate)
    favour = of_group * (1 - rate) / (of_group * (1 - rate) + (1 - of_group) * (1 - other_rate))
    truth = (sizes * (against - favour)).sum() / sizes.sum()
    assert 0.93 < ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.985


@pytest.mark.parametrize(("key", "words"), [("conditional_disparity", "strata"), ("passing_rate", "stages")])
def test_a_measure_within_strata_or_of_stages_needs_them(key, words):
    with pytest.raises(SpecError, match=words):
        find(table({"a": (3, 4), "b": (5, 6)}), audit(measures=[key]), "main")


CHAIN = (cells({"a": (60, 40), "b": (50, 50), "c": (10, 90)}), cells({"a": (12, 48), "b": (30, 20)}))


def test_each_stage_is_compared_among_those_who_reached_it():
    tables = table({"a": (12, 88), "b": (30, 70), "c": (0, 100)}, stages=CHAIN)
    found = find(tables, audit(stages=[{"name": "risk", "selected": {"column": "r", "in": [1]}},
                                       {"name": "visit", "selected": {"column": "v", "in": [1]}}]), "main")  # fmt: skip
    first, second = (ratio(found, "a", f"passing_rate:{number}") for number in (1, 2))
    assert (first.value, first.n, first.n_reference) == pytest.approx((1.2, 100, 100))
    assert (second.value, second.n, second.n_reference) == pytest.approx(((12 / 60) / (30 / 50), 60, 50))
    assert second.p_no_gap == pytest.approx(stats.fisher_exact([[12, 48], [30, 20]])[1])
    assert (second.direction, second.verdict, second.side) == ("better", "established", "event")
    assert second.people == pytest.approx(12 - 60 * 0.6)
    # a and c at the selection, which leads, and at each of the two stages, tested or not
    assert [f.size for f in found.families] == [2, 4]
    assert (first.family, ratio(found, "a").family) == ("other", "main")
    gone = ratio(found, "c", "passing_rate:2")
    assert (gone.status, gone.p_no_gap, gone.reason) == ("not_computed", None, "nobody_reached")


def test_no_stage_is_tested_where_rows_come_in_clusters():
    """The rates of each stage stay; what would claim more of them is gone, with the reason."""
    counted = CHAIN[0]
    clusters = Clusters(counted, np.zeros(len(counted), dtype=int), 1)
    found = find(replace(table({"a": (60, 40), "b": (50, 50)}), stages=(counted,), clusters=clusters), audit(), "main")
    stages = [g for g in found.gaps if g.measure.startswith("passing")]
    assert stages
    assert all(g.value is not None for g in stages)
    assert {(g.lower, g.p_no_gap, g.verdict, g.people, g.reason) for g in stages} == {
        (None, None, None, None, "pair_of_options")
    }


def test_weights_that_are_all_alike_change_no_representation():
    """36 of 100 selected are of the 160 of 1,000; a weight of 3 each leaves figure and interval as they were."""
    base = cells({"a": (36, 124), "b": (64, 776)})
    heavy = replace(base, weight=3 * base.n, weight_squared=9 * base.n)
    spec = audit(measures=["representation_ratio"])
    plain = find(Tabulation((base,), RowAccount(1, 1)), spec, "main").estimates[0]
    weighted = find(Tabulation((heavy,), RowAccount(1, 1), weighted=True), spec, "main").estimates[0]
    assert plain.value == pytest.approx(2.25)
    assert (weighted.value, weighted.lower, weighted.upper) == pytest.approx((plain.value, plain.lower, plain.upper))
