"""Charts along the score: whatever is left, no step between two cuts tells of a few people."""

from itertools import combinations

import numpy as np

from auditkit.result import Point
from auditkit.withhold import disclose
from auditkit.withhold.published_cuts import Cut, kept_cuts
from tests.withhold.made import analysis_of, audit_of, counts_of, spec_of

SCORES = range(1, 11)
SELECTED_FROM = 5


def score_counts(positive: int, negative: int) -> dict[int, tuple[int, int]]:
    """People with and without the outcome at each score: as many at each."""
    return dict.fromkeys(SCORES, (positive, negative))


def points_of(by_group):
    points = []

    def add(series, group, measure, position, upper, yes, of):
        rate = yes / of if of else None
        points.append(Point(series, ("a",), (group,), measure, position, upper, rate, 0.0, 1.0, yes, of, "computed"))

    for group, people in by_group.items():
        positive = sum(p for p, _ in people.values())
        negative = sum(n for _, n in people.values())
        for t in SCORES:
            yes = sum(p for s, (p, _) in people.items() if s >= t)
            wrong = sum(n for s, (_, n) in people.items() if s >= t)
            add("sweep", group, "selection_rate", t, None, yes + wrong, positive + negative)
            add("sweep", group, "false_positive_rate", t, None, wrong, negative)
            add("sweep", group, "false_negative_rate", t, None, positive - yes, positive)
        for s, (p, n) in people.items():
            add("distribution", group, "share_of_group", s, s, p + n, positive + negative)
            add("calibration", group, "base_rate", s, s, p, p + n)
    return points


def disclosed(by_group, **more):
    table = {}
    for group, people in by_group.items():
        above = [sum(c[k] for s, c in people.items() if s >= SELECTED_FROM) for k in (0, 1)]
        below = [sum(c[k] for s, c in people.items() if s < SELECTED_FROM) for k in (0, 1)]
        table[group,] = (*above, 0, *below, 0)
    before = analysis_of([counts_of(("a",), table)], spec_of(), points=points_of(by_group), **more)
    return disclose(audit_of(before)).main


def numbers(points, series, group, measure):
    return [p.numerator for p in points if (p.series, p.groups, p.measure) == (series, (group,), measure)]


def test_large_groups_keep_every_cut():
    after = disclosed({"x": score_counts(40, 60), "y": score_counts(30, 50)})
    assert len(numbers(after.points, "sweep", "x", "false_positive_rate")) == 9  # the first selects everybody
    assert len(numbers(after.points, "distribution", "x", "share_of_group")) == 10


def test_cuts_are_thinned_until_each_step_holds_the_minimum():
    by_group = {"x": score_counts(40, 60), "y": score_counts(4, 12)}
    after = disclosed(by_group)
    for group in ("x", "y"):
        for series, measure, total in (("sweep", "false_positive_rate", 12), ("sweep", "false_negative_rate", 4)):
            found = numbers(after.points, series, group, measure)
            assert found
            assert all(abs(a - b) >= 11 for a, b in combinations(found, 2))
            assert all(count >= 11 and (group == "x" or total * 10 - count >= 11) for count in found)
    bins = [p for p in after.points if p.series == "calibration" and p.groups == ("y",)]
    assert sum(p.numerator for p in bins) == 40
    assert all(p.numerator >= 11 and p.denominator - p.numerator >= 11 for p in bins)
    assert all(p.value == p.numerator / p.denominator for p in bins)


def test_a_group_with_a_small_class_leaves_all_charts_of_outcomes_and_not_alone():
    by_group = {"x": score_counts(40, 60), "y": score_counts(30, 50), "z": {s: (int(s > 9), 20) for s in SCORES}}
    after = disclosed(by_group)
    assert numbers(after.points, "sweep", "z", "false_positive_rate") == []
    assert numbers(after.points, "calibration", "z", "base_rate") == []
    assert numbers(after.points, "sweep", "y", "false_positive_rate") == []
    assert numbers(after.points, "sweep", "x", "false_positive_rate") != []


def test_the_cut_of_the_selection_does_not_bring_back_what_was_withheld():
    few = {s: (40, 60 if s < SELECTED_FROM else s == 9) for s in SCORES}  # one selected wrongly, many left in peace
    after = disclosed({"x": score_counts(40, 60), "y": few})
    withheld = {e.groups[0] for e in after.estimates if e.measure == "false_positive_rate" and e.status == "suppressed"}
    assert withheld == {"x", "y"}
    for group in withheld:
        at = [p for p in after.points if p.series == "sweep" and p.measure == "false_positive_rate"
              and p.groups == (group,) and p.position == SELECTED_FROM]  # fmt: skip
        assert at == []


def test_charts_of_variations_and_the_ends_of_the_score_are_left_out():
    by_group = {"x": score_counts(40, 60), "y": score_counts(30, 50)}
    after = disclosed(by_group, facts={"threshold": 5.0, "score_minimum": 0.003, "top_selected": 4})
    assert after.facts == {"threshold": 5.0}
    assert after.scale is None


def test_two_cuts_that_part_nobody_are_one():
    cuts = [Cut("sweep", 1.0, np.array([50.0, 60.0])), Cut("sweep", 1.5, np.array([50.0, 60.0])),
            Cut("sweep", 2.0, np.array([50.0, 80.0]))]  # fmt: skip
    kept = kept_cuts(cuts, np.array([200.0, 200.0]), [], 11)
    assert [cut.position for cut in kept] == [1.0, 1.5]  # the third parts nobody of the first group only
