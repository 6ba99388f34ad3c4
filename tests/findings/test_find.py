"""From a count table to findings, worked by hand: gaps, people, families, references, bounds."""

import numpy as np
import pytest

from auditkit.counts.count_table import NOT_STATED, Cells, Levels, Tabulation
from auditkit.errors import SpecError
from auditkit.measures import MEASURES
from auditkit.result import RowAccount
from auditkit.spec import AuditSpec
from tests.findings.measured import find

CLASSES = [(1, 1), (1, 0), (1, -1), (0, 1), (0, 0), (0, -1)]  # selected, outcome in the order of COUNTS


def tabulation(tables, weighted=False, upper=None):
    """`tables`: {group: six counts}."""
    values = tuple(sorted(v for v in tables if v != NOT_STATED)) + ((NOT_STATED,) if NOT_STATED in tables else ())
    code, selected, outcome, n, high = [], [], [], [], []
    for i, value in enumerate(values):
        for (chosen, result), count in zip(CLASSES, tables[value], strict=True):
            code.append(i), selected.append(chosen), outcome.append(result), n.append(float(count))
        high += list((upper or {}).get(value, tables[value]))
    n = np.array(n)
    blank = np.zeros(len(n), dtype=int)
    lower = upper_array = None
    if upper:
        lower, upper_array = n.copy(), np.array(high, dtype=float)
        n = np.where(lower == upper_array, n, np.nan)
    cells = Cells(
        (Levels("g", values),), {"g": np.array(code)}, np.array(selected), np.array(outcome), blank, blank - 1,
        n, n, n, lower=lower, upper=upper_array,
    )  # fmt: skip
    return Tabulation((cells,), RowAccount(n.sum(), n.sum()), weighted=weighted)


def spec(harm="punitive", reference="b", **more):
    return AuditSpec.model_validate(
        {
            "title": "t", "system": {"name": "s", "harm": harm}, "data": "x.csv", "selected": {"at_least": 1},
            "outcome": {"column": "o", "positive": [1]},
            "groups": {"g": {"column": "g", "reference": reference}}, **more,
        }
    )  # fmt: skip


COMPAS = {"a": [1369, 805, 0, 532, 990, 0], "b": [505, 349, 0, 461, 1139, 0]}


def the(gaps, measure, group="a", kind="ratio"):
    (found,) = [g for g in gaps if g.measure == measure and g.groups == (group,) and g.kind == kind]
    return found


def test_the_published_false_positive_gap():
    gap = the(find(tabulation(COMPAS), spec(), "main").gaps, "false_positive_rate")
    assert gap.value == pytest.approx(0.448468 / 0.234543, abs=2e-5)
    assert (gap.verdict, gap.direction, gap.side) == ("established", "worse", "event")
    # 1,795 people without the outcome, at 349/1488 of whom 421 would have been selected: 384 fewer than 805
    assert gap.people == pytest.approx(805 - 1795 * 349 / 1488)
    assert gap.n == 1795
    assert gap.n_reference == 1488


def test_difference_and_ratio_share_p_verdict_and_people():
    gaps = find(tabulation(COMPAS), spec(), "main").gaps
    ratio, difference = the(gaps, "selection_rate"), the(gaps, "selection_rate", kind="difference")
    for name in ("p_no_gap", "p_no_gap_adjusted", "verdict", "people", "side", "test"):
        assert getattr(ratio, name) == getattr(difference, name)
    assert difference.value == pytest.approx(2174 / 3696 - 854 / 2454)


def test_a_measure_that_is_context_has_no_direction_people_or_verdict():
    gap = the(find(tabulation(COMPAS), spec(), "main").gaps, "false_negative_rate")
    assert (gap.direction, gap.people, gap.verdict, gap.reason) == ("none", None, None, "context")


def test_the_same_counts_hurt_others_when_selection_helps():
    gaps = find(tabulation(COMPAS), spec("assistive"), "main").gaps
    gap = the(gaps, "false_negative_rate")
    assert (gap.direction, gap.verdict) == ("better", "established")
    assert the(gaps, "false_positive_rate").verdict is None


def test_people_are_on_the_side_that_hurts():
    # Help given to 20 of 100 against 40 of 100: 20 more people refused than at the reference's rate.
    tables = {"a": [0, 0, 20, 0, 0, 80], "b": [0, 0, 40, 0, 0, 60]}
    gap = the(find(tabulation(tables), spec("assistive"), "main").gaps, "selection_rate")
    assert gap.people == pytest.approx(20)
    assert gap.people_lower < 20 < gap.people_upper


def test_each_hypothesis_counts_once_in_its_family():
    found = find(tabulation(COMPAS), spec(), "main")
    # punitive: selection, FPR/TNR lead; PPV/FDR/burden, accuracy
    assert [(f.key, f.size) for f in found.families] == [("main", 2), ("other", 2)]
    gap = the(found.gaps, "true_negative_rate")
    assert (gap.family, gap.tests_in_family) == ("main", 2)
    assert (the(found.gaps, "burden").family, the(found.gaps, "accuracy").tests_in_family) == ("other", 2)


def test_each_comparison_has_its_level_by_hand():
    found = find(tabulation(COMPAS), spec(measures=["selection_rate", "false_discovery_rate"]), "main")
    p = {m: the(found.gaps, m).p_no_gap for m in ("selection_rate", "false_discovery_rate")}
    adjusted = {m: the(found.gaps, m).p_no_gap_adjusted for m in p}
    # one main comparison at 0.04, one other at 0.01: p is worth 0.05 / 0.04 and 0.05 / 0.01 times as much
    assert adjusted["selection_rate"] == pytest.approx(min(1, 1.25 * p["selection_rate"]))
    assert adjusted["false_discovery_rate"] == pytest.approx(min(1, 5 * p["false_discovery_rate"]))


def test_not_stated_is_shown_and_not_judged():
    found = find(tabulation({**COMPAS, NOT_STATED: [50, 5, 0, 5, 40, 0]}), spec(), "main")
    gap = the(found.gaps, "selection_rate", group=NOT_STATED)
    assert (gap.verdict, gap.p_no_gap, gap.reason) == (None, None, "not_stated")
    assert gap.value is not None
    assert [f.size for f in found.families] == [2, 2]


def test_the_rest_is_everyone_else():
    tables = {"a": [0, 0, 30, 0, 0, 70], "b": [0, 0, 20, 0, 0, 80], "c": [0, 0, 10, 0, 0, 190]}
    found = find(tabulation(tables), spec(reference={"is": "rest"}), "main")
    gap = the(found.gaps, "selection_rate")
    assert gap.reference == ("rest",)
    assert gap.value == pytest.approx(0.3 / (30 / 300))
    assert gap.n_reference == 300


def test_the_highest_rate_gives_a_ratio_and_nothing_more():
    tables = {"a": [0, 0, 30, 0, 0, 70], "b": [0, 0, 60, 0, 0, 40]}
    found = find(tabulation(tables), spec("assistive", {"is": "highest_rate"}), "main")
    gap = the(found.gaps, "selection_rate")
    assert gap.value == pytest.approx(0.5)
    assert (gap.p_no_gap, gap.verdict, gap.test, gap.reason) == (None, None, None, "reference_from_data")
    assert not [g for g in found.gaps if g.measure == "selection_rate" and g.kind == "difference"]


def test_a_reference_without_a_case_keeps_the_lower_end():
    tables = {"a": [0, 0, 30, 0, 0, 70], "b": [0, 0, 0, 0, 0, 100]}
    gap = the(find(tabulation(tables), spec(), "main").gaps, "selection_rate")
    assert (gap.value, gap.upper, gap.reason) == (None, None, "reference_zero")
    assert gap.lower > 1.25
    assert gap.verdict == "established"


def test_nobody_selected_anywhere_cannot_tell():
    tables = {"a": [0, 0, 0, 5, 95, 0], "b": [0, 0, 0, 5, 95, 0]}
    found = find(tabulation(tables), spec(), "main")
    gap = the(found.gaps, "selection_rate")
    assert (gap.status, gap.verdict, gap.reason) == ("not_computed", "inconclusive", "both_zero")
    (ppv,) = [e for e in found.estimates if e.measure == "positive_predictive_value" and e.groups == ("a",)]
    assert (ppv.value, ppv.status, ppv.reason) == (None, "not_computed", "nobody_selected")


def test_one_person_is_enough_to_run_and_never_enough_to_say():
    found = find(tabulation({"a": [1, 0, 0, 0, 0, 0], "b": [50, 50, 0, 50, 50, 0]}), spec(), "main")
    gap = the(found.gaps, "selection_rate")
    assert gap.verdict == "inconclusive"


def test_an_absent_reference_is_refused_with_the_nearest_names():
    with pytest.raises(SpecError, match=r'"bb".*"b"'):
        find(tabulation(COMPAS), spec(reference="bb"), "main")


def test_hidden_counts_become_bounds():
    # FP of group a is hidden: 0 to 9.
    tables = {"a": [20, 0, 0, 30, 40, 0], "b": [20, 20, 0, 30, 40, 0]}
    found = find(tabulation(tables, upper={"a": [20, 9, 0, 30, 40, 0]}), spec(), "main")
    (fpr,) = [e for e in found.estimates if e.measure == "false_positive_rate" and e.groups == ("a",)]
    assert (fpr.status, fpr.value) == ("bounds", None)
    assert (fpr.bound_lower, fpr.bound_upper) == pytest.approx((0, 9 / 49))
    (tpr,) = [e for e in found.estimates if e.measure == "true_positive_rate" and e.groups == ("a",)]
    assert (tpr.status, tpr.value) == ("computed", 0.4)
    gap = the(found.gaps, "false_positive_rate")
    assert gap.status == "bounds"
    assert (gap.bound_lower, gap.bound_upper) == pytest.approx((0, (9 / 49) / (20 / 60)))
    assert gap.people is None


def test_a_count_without_an_upper_end_is_not_computed():
    tables = {"a": [20, 0, 0, 30, 40, 0], "b": [20, 20, 0, 30, 40, 0]}
    found = find(tabulation(tables, upper={"a": [20, np.inf, 0, 30, 40, 0]}), spec(), "main")
    (fpr,) = [e for e in found.estimates if e.measure == "false_positive_rate" and e.groups == ("a",)]
    assert (fpr.status, fpr.reason, fpr.lower) == ("not_computed", "unbounded", None)


def test_outcomes_seen_only_for_the_selected_leave_bounds():
    tables = {"a": [30, 70, 0, 0, 0, 900], "b": [20, 30, 0, 0, 0, 950]}
    found = find(tabulation(tables), spec(observed="when_selected"), "main")
    by = {(e.measure, e.groups): e for e in found.estimates}
    fdr = by["false_discovery_rate", ("a",)]
    assert (fdr.status, fdr.value) == ("computed", 0.7)
    fpr = by["false_positive_rate", ("a",)]
    assert fpr.status == "bounds"
    assert (fpr.bound_lower, fpr.bound_upper) == pytest.approx((70 / 970, 1.0))
    assert the(found.gaps, "false_positive_rate").verdict == "inconclusive"
    assert the(found.gaps, "false_positive_rate").p_no_gap == 1.0


def test_the_widest_gap_names_its_pair_and_carries_no_verdict():
    tables = {"a": [0, 0, 10, 0, 0, 90], "b": [0, 0, 20, 0, 0, 80], "c": [0, 0, 30, 0, 0, 70]}
    (gap,) = [g for g in find(tabulation(tables), spec(), "main").gaps if g.kind == "largest_difference"]
    assert (gap.groups, gap.reference, gap.verdict) == (("c",), ("a",), None)
    assert gap.value == pytest.approx(0.2)


def test_fairlearn_metrics_by_name():
    asked = spec(measures=["selection_rate", "fairlearn.metrics.false_positive_rate",
                           "fairlearn.metrics.demographic_parity_difference"])  # fmt: skip
    by = {(e.measure, e.groups): e.value for e in find(tabulation(COMPAS), asked, "main").estimates}
    assert by["fairlearn.metrics.false_positive_rate", ("a",)] == pytest.approx(805 / 1795)
    gap = by["fairlearn.metrics.demographic_parity_difference", ("a",)]
    assert gap == pytest.approx(2174 / 3696 - 854 / 2454)
    with pytest.raises(SpecError, match="demographic_parity_difference"):
        find(tabulation(COMPAS), spec(measures=["fairlearn.metrics.demographic_parity_differense"]), "main")


def test_both_ratios_stand_in_gaps_csv_and_one_carries_the_verdict():
    from auditkit.result import AnalysisResult, AuditResult
    from auditkit.write.results_csv import GAP_COLUMNS, gaps_csv

    asked = spec("assistive", measures=["selection_rate"])
    found = find(tabulation({"a": [0, 0, 98, 0, 0, 2], "b": [0, 0, 94, 0, 0, 6]}), asked, "main")
    analysis = AnalysisResult("main", asked, RowAccount(200, 200), found.views, found.estimates, found.gaps)
    lines = gaps_csv(AuditResult(asked, (analysis,), ())).decode().splitlines()
    ratios = [line.split(",") for line in lines if ",ratio," in line]
    at = {name: GAP_COLUMNS.index(name) for name in ("side", "value", "verdict")}
    by_side = {line[at["side"]]: (round(float(line[at["value"]]), 2), line[at["verdict"]]) for line in ratios}
    assert by_side == {"event": (1.04, ""), "complement": (0.33, "inconclusive")}


def test_the_arm_knows_how_many_were_not_selected_by_hand():
    # 100 of 1,000 selected (30 rightly); of the 900 others an arm of 90 was controlled: 9 had the outcome.
    from auditkit.counts.count_table import Cells

    base = tabulation({"a": [30, 70, 0, 0, 0, 810], "b": [30, 70, 0, 0, 0, 810]}).joint[0]
    arm = tabulation({"a": [0, 0, 0, 9, 81, 0], "b": [0, 0, 0, 9, 81, 0]}).joint[0]

    def both(name):
        return np.concatenate([getattr(base, name), getattr(arm, name)])

    cells = Cells(
        base.levels, {"g": np.concatenate([base.codes["g"], arm.codes["g"]])}, both("selected"), both("outcome"),
        np.concatenate([base.arm, arm.arm + 1]), both("score_bin"), both("n"), both("weight"), both("weight_squared"),
    )  # fmt: skip
    asked = spec(observed={"arm": {"column": "c", "in": ["random"]}})
    found = find(Tabulation((cells,), RowAccount(2000, 2000)), asked, "main")
    by = {(e.measure, e.groups): e for e in found.estimates}
    assert by["selection_rate", ("a",)].value == 0.1
    assert by["base_rate", ("a",)].value == pytest.approx((30 + 90) / 1000)
    fpr = by["false_positive_rate", ("a",)]
    assert fpr.value == pytest.approx(70 / 880)
    # var = 70 (810/880^2)^2 + 900^2 .9 .1 / 90 (70/880^2)^2 + 900 (.9 * 70/880^2)^2, worth p(1-p)/var rows
    variance = 70 * (810 / 880**2) ** 2 + 900**2 * 0.09 / 90 * (70 / 880**2) ** 2 + 900 * (0.9 * 70 / 880**2) ** 2
    p, n = 70 / 880, (70 / 880) * (810 / 880) / variance
    z = 1.959963984540054
    centre, half = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert (fpr.lower, fpr.upper) == pytest.approx(((centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)))


def test_nobody_with_the_outcome_among_the_selected_leaves_the_unseen_open():
    # the unseen of a may hold one positive: 0 of 1, of which 95 % limits are 0 and 3.84/4.84
    tables = {"a": [0, 100, 0, 0, 0, 1000], "b": [80, 20, 0, 0, 0, 50]}
    found = find(tabulation(tables), spec("assistive", observed="when_selected"), "main")
    (rate,) = [e for e in found.estimates if e.measure == "true_positive_rate" and e.groups == ("a",)]
    assert (rate.status, rate.bound_lower, rate.bound_upper) == ("bounds", 0.0, 0.0)
    assert (rate.lower, rate.upper) == pytest.approx((0.0, 3.841459 / 4.841459))
    gap = the(found.gaps, "false_negative_rate")
    # at most one positive of a missed, 80 of 130 of b found: Fisher, 50 missed of 130 and one more
    assert gap.p_no_gap == pytest.approx(51 / 131)
    assert gap.verdict == "inconclusive"


def test_a_low_score_hurts_where_the_low_are_selected():
    low = spec(score={"column": "s", "lower_is": "selected"}, selected={"at_most": 40})
    assert [MEASURES["mean_score"].hurts(one) for one in (low, spec())] == ["lower", "higher"]
    assert [MEASURES["auc"].hurts(one) for one in (low, spec())] == ["lower", "lower"]


def test_an_arm_that_holds_nobody_of_a_group_says_nothing_of_its_unselected():
    # b: 100 selected, 900 not, nobody of them drawn: 30 of the 100 selected have the outcome, of all nobody knows
    base = tabulation({"a": [30, 70, 0, 0, 0, 810], "b": [30, 70, 0, 0, 0, 900]}).joint[0]
    arm = tabulation({"a": [0, 0, 0, 9, 81, 0], "b": [0, 0, 0, 0, 0, 0]}).joint[0]

    def both(name):
        return np.concatenate([getattr(base, name), getattr(arm, name)])

    cells = Cells(
        base.levels, {"g": np.concatenate([base.codes["g"], arm.codes["g"]])}, both("selected"), both("outcome"),
        np.concatenate([base.arm, arm.arm + 1]), both("score_bin"), both("n"), both("weight"), both("weight_squared"),
    )  # fmt: skip
    asked = spec(observed={"arm": {"column": "c", "in": ["random"]}}, reference="a")
    found = find(Tabulation((cells,), RowAccount(2000, 2000)), asked, "main")
    by = {(e.measure, e.groups): e for e in found.estimates}
    for measure in ("base_rate", "false_positive_rate", "true_positive_rate", "accuracy"):
        rate = by[measure, ("b",)]
        assert (rate.status, rate.value, rate.reason) == ("not_computed", None, "outcome_unseen")
        assert the(found.gaps, measure, "b", "difference").status == "not_computed"
    known = by["positive_predictive_value", ("b",)]
    # what was seen of the selected stands: Wilson of 30 of 100
    assert (known.value, known.lower, known.upper) == pytest.approx((0.3, 0.2189489, 0.3958485))


def test_established_needs_the_smallest_possible_denominator():
    # 25 to 37 people: the middle is over 30, but there may be 25
    found = find(tabulation({"a": [0, 0, 25, 0, 0, 0], "b": [0, 0, 20, 0, 0, 400]},
                            upper={"a": [0, 0, 25, 0, 0, 12]}), spec(measures=["selection_rate"]), "main")  # fmt: skip
    assert the(found.gaps, "selection_rate").verdict == "present"


@pytest.mark.parametrize("weight", [1.0, 1000.0])
def test_equal_weights_change_no_interval_within_strata(weight):
    from dataclasses import replace

    cells = tabulation({"a": [0, 0, 40, 0, 0, 60], "b": [0, 0, 30, 0, 0, 70]}).joint[0]
    in_stratum = replace(
        cells, levels=(*cells.levels, Levels("k", ("x",))), codes={**cells.codes, "k": np.zeros(len(cells), dtype=int)},
        weight=cells.n * weight, weight_squared=cells.n * weight**2,
    )  # fmt: skip
    table = Tabulation((in_stratum,), RowAccount(200, 200), weighted=weight != 1.0)
    gap = the(find(table, spec(strata={"k": "k"}), "main").gaps, "mantel_haenszel_ratio:k")
    # one stratum: log(4/3) -+ 1.96 sqrt(1/40 - 1/100 + 1/30 - 1/100)
    half = 1.959963984540054 * np.sqrt(1 / 40 - 1 / 100 + 1 / 30 - 1 / 100)
    assert (gap.lower, gap.upper) == pytest.approx((4 / 3 * np.exp(-half), 4 / 3 * np.exp(half)), rel=1e-3)
    assert gap.n == 100


def test_points_carry_no_interval_where_rows_stand_or_fall_together():
    from dataclasses import replace

    from auditkit.counts.count_table import Clusters

    table = tabulation({"a": [0, 0, 40, 0, 0, 60], "b": [0, 0, 30, 0, 0, 70]})
    cells = table.joint[0]
    alone = find(replace(table, stages=(cells,)), spec(), "main").points
    clusters = Clusters(cells, np.zeros(len(cells), dtype=int), 1)
    together = find(replace(table, stages=(cells,), clusters=clusters), spec(), "main").points
    assert [point.value for point in together] == [point.value for point in alone] == [0.4, 0.3]
    assert all(point.lower is not None for point in alone)
    assert all((point.lower, point.upper) == (None, None) for point in together)
