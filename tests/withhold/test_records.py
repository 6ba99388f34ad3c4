"""Gaps, points, row accounts and later analyses, on audits made by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from auditkit.result import Exclusion, Family, Point, RowAccount
from auditkit.text import say
from auditkit.withhold import disclose
from auditkit.withhold.withheld_account import disclosed_accounts
from auditkit.withhold.withheld_stages import disclosed_stages
from tests.withhold.made import analysis_of, audit_of, counts_of, gap_of, spec_of, views_of

LARGE = (60, 50, 0, 40, 200, 0)
FEW_FALSE = (60, 3, 0, 40, 200, 0)
RATES = ("selection_rate", "false_positive_rate")


def one_view(*groups, **more):
    table = {(f"g{i}",): six for i, six in enumerate(groups)}
    return analysis_of([counts_of(("a",), table)], spec_of(), RATES, **more)


def by_name(records):
    return {(record.groups, record.measure): record for record in records}


def test_a_minimum_of_zero_withholds_nothing_and_empties_the_counts():
    before = analysis_of([counts_of(("a",), {("x",): FEW_FALSE, ("y",): LARGE})], spec_of(0), RATES)
    after = disclose(audit_of(before))
    assert after.suppressed == {}
    assert after.main.counts == ()
    assert all(e.status == "computed" and e.rows == () for e in after.main.estimates)


def test_with_two_groups_one_hidden_hides_both():
    after = disclose(audit_of(one_view(FEW_FALSE, LARGE)))
    found = by_name(after.main.estimates)
    assert found[("g0",), "false_positive_rate"].reason == "small_count"
    assert found[("g1",), "false_positive_rate"].reason == "small_count"
    hidden = found[("g1",), "false_positive_rate"]
    assert (hidden.value, hidden.lower, hidden.upper, hidden.numerator, hidden.denominator, hidden.n) == (None,) * 6
    assert found[("g0",), "selection_rate"].status == "computed"
    assert after.suppressed == {"small_count": 2}


def test_nobody_is_told_which_of_the_withheld_are_small():
    # The hidden groups hold 20 people, as all can see: were both said to be under eleven, both would be of ten.
    ten = (5, 5, 0, 0, 0, 0)
    after = disclose(audit_of(one_view(ten, ten, LARGE, LARGE))).main
    sizes = [size for view in after.views for size in view.n]
    assert sizes == [None, None, 350.0, 350.0]
    assert after.rows.used == 720
    hidden = [e.reason for e in after.estimates if e.status == "suppressed"]
    alone = disclose(audit_of(one_view((9, 0, 0, 0, 0, 0), LARGE, LARGE))).main
    hidden += [e.reason for e in alone.estimates if e.status == "suppressed"]
    assert set(hidden) == {"small_count"}


def test_exactly_the_minimum_is_shown_and_one_less_is_not():
    shown = disclose(audit_of(one_view((60, 11, 0, 40, 200, 0), LARGE)))
    assert shown.suppressed == {"small_count": 0}
    hidden = disclose(audit_of(one_view((60, 10, 0, 40, 200, 0), LARGE)))
    assert hidden.suppressed["small_count"] == 2


def test_nobody_is_a_small_count():
    after = disclose(audit_of(one_view((60, 0, 0, 40, 200, 0), LARGE)))
    assert by_name(after.main.estimates)[("g0",), "false_positive_rate"].reason == "small_count"


def test_a_small_group_loses_its_size_and_another_with_it():
    after = disclose(audit_of(one_view((2, 2, 0, 2, 2, 0), (30, 30, 0, 20, 50, 0), LARGE))).main
    assert after.views[0].n == (None, None, 350.0)
    assert all(e.status == "suppressed" for e in after.estimates if e.groups == ("g0",))


def test_a_gap_goes_with_either_of_its_rates():
    gaps = [gap_of(("a",), ("g1",), ("g2",), key) for key in RATES]
    gaps.append(gap_of(("a",), ("g2",), ("g1",), "false_positive_rate", kind="difference"))
    after = disclose(audit_of(one_view(FEW_FALSE, LARGE, tuple(3 * c for c in LARGE), gaps=gaps))).main
    status = [gap.status for gap in after.gaps]
    assert status == ["computed", "suppressed", "suppressed"]
    hidden = after.gaps[1]
    assert hidden.direction == "none"
    assert (hidden.verdict, hidden.people, hidden.p_value, hidden.n) == (None, None, None, None)


@pytest.mark.parametrize("measure", ["false_positive_rate", "equalised_odds"])
def test_the_widest_gap_is_drawn_from_every_pair_and_goes_with_any(measure):
    # its interval takes the ends of all pairs, so that it tells of hidden groups even where they are not the pair
    gap = gap_of(("a",), ("g2",), ("g3",), measure, kind="largest_difference")
    after = disclose(audit_of(one_view(FEW_FALSE, LARGE, LARGE, tuple(3 * c for c in LARGE), gaps=[gap]))).main
    assert after.gaps[0].status == "suppressed"
    assert after.gaps[0].groups == ()


def test_corrected_p_is_not_taken_from_a_hidden_test():
    # hidden p 0.01 (rank 2 of 3), shown 0.002 and 0.0101: Holm gives the last max(2 * 0.01, 0.0101) = 0.02, the hidden
    # p doubled. As if the hidden one came last: 3 * 0.002 and 2 * 0.0101
    gaps = [
        gap_of(("a",), ("g0",), ("g3",), "false_positive_rate", p_value=0.01, p_adjusted=0.02),
        gap_of(("a",), ("g1",), ("g3",), "selection_rate", p_value=0.0101, p_adjusted=0.02),
        gap_of(("a",), ("g2",), ("g3",), "selection_rate", p_value=0.002, p_adjusted=0.006),
    ]
    big = tuple(3 * c for c in LARGE)
    before = one_view(FEW_FALSE, LARGE, big, big, gaps=gaps, families=[Family("single", 3)])
    after = disclose(audit_of(before)).main
    assert [gap.p_adjusted for gap in after.gaps] == [None, pytest.approx(0.0202), pytest.approx(0.006)]


def test_a_crossing_goes_with_the_group_it_is_part_of():
    joint = {(a, b): LARGE for a in ("x", "y", "z") for b in ("f", "m")}
    joint["x", "f"] = (60, 2, 0, 40, 200, 0)
    joint["x", "m"] = (60, 2, 0, 40, 200, 0)
    after = disclose(audit_of(analysis_of(views_of(joint), spec_of(), RATES))).main
    found = by_name(after.estimates)
    assert found[("x",), "false_positive_rate"].status == "suppressed"
    assert found[("x", "f"), "false_positive_rate"].status == "suppressed"
    assert found[("x", "m"), "false_positive_rate"].status == "suppressed"


def test_two_analyses_that_differ_by_three_people():
    first = one_view(LARGE, LARGE, LARGE)
    later = replace(one_view((60, 47, 0, 40, 200, 0), LARGE, LARGE), key="filtered")
    after = disclose(audit_of(first, later))
    assert all(e.status == "computed" for e in after.main.estimates)
    found = by_name(after.analyses[1].estimates)
    assert found[("g0",), "false_positive_rate"].status == "suppressed"
    assert after.analyses[1].views[0].n[0] is None
    assert after.analyses[1].rows.used is None
    assert after.main.rows.used == 1050


def test_a_sum_that_happens_to_be_alike_under_another_threshold_is_not_a_few_people():
    # 100 wrongly and 95 rightly selected fewer: the number judged rightly differs by 5, and yet of nobody in particular
    both = ("selection_rate", "false_positive_rate", "accuracy")
    first, second = (300, 300, 0, 200, 600, 0), (205, 200, 0, 295, 700, 0)
    audits = [
        analysis_of([counts_of(("a",), {("x",): six, ("y",): tuple(2 * c for c in six)})], spec_of(), both)
        for six in (first, second)
    ]
    after = disclose(audit_of(audits[0], replace(audits[1], key="stricter")))
    assert all(e.status == "computed" for analysis in after.analyses for e in analysis.estimates)


def line(reason, rows):
    return Exclusion(reason, say("because"), rows)


def accounts(*exclusions, **more):
    used = 1000
    account = RowAccount(used + sum(e.rows for e in exclusions), used, tuple(exclusions), **more)
    return disclosed_accounts([account], 11, [False], [set()])[0]


def test_small_lines_of_the_row_account_are_joined_and_still_add_up():
    found = accounts(line("a", 4), line("b", 9), line("c", 50))
    assert [(e.reason, e.rows) for e in found.exclusions] == [("c", 50), ("small_count", 13)]
    found = accounts(line("a", 4), line("b", 3), line("c", 50), line("d", 90))
    assert [(e.reason, e.rows) for e in found.exclusions] == [("d", 90), ("small_count", 57)]
    assert found.read == found.used + 147


def test_where_only_few_rows_were_left_out_their_number_is_not_printed():
    found = accounts(line("a", 4))
    assert (found.read, found.used, found.exclusions) == (None, 1000, ())
    assert "fewer than 11" in found.notes[0].text("en")
    assert "moins de 11" in found.notes[0].text("fr")


def test_few_people_without_outcome_are_not_counted_out():
    found = accounts(without_outcome=4, without_score=40, not_stated={"a": 3, "b": 30, "c": 0})
    assert (found.without_outcome, found.without_score, found.not_stated) == (None, 40, {"b": 30, "c": 0})


def stage(group, position, passed, reached):
    rate = passed / reached
    return Point(
        "stage", ("a",), (group,), "selection_rate", position, None, rate, 0, 1, passed, reached, "computed"
    )  # fmt: skip


def test_a_group_leaves_the_stages_with_company_and_does_not_come_back():
    points = [stage("x", 1, 50, 100), stage("y", 1, 90, 200), stage("z", 1, 300, 700),
              stage("x", 2, 45, 50), stage("y", 2, 40, 90), stage("z", 2, 100, 300),
              stage("x", 3, 20, 45), stage("y", 3, 20, 40), stage("z", 3, 50, 100)]  # fmt: skip
    found = disclosed_stages(points, 11, lambda group: 0)
    hidden = ["small_count", "small_count", None]
    assert [p.reason for p in found] == [None, None, None, *hidden, *hidden]


def test_a_stage_and_the_selection_do_not_tell_a_few_people_apart():
    # 45 of x pass the first stage and 40 are selected in the end: five were stopped between.
    points = [stage("x", 1, 45, 100), stage("y", 1, 160, 310), stage("z", 1, 160, 310)]
    selected = {"x": 40.0, "y": 100.0, "z": 160.0}
    found = disclosed_stages(points, 11, lambda group: 0, lambda group: selected[group[0]])
    assert [p.status for p in found] == ["suppressed", "suppressed", "computed"]
    assert [p.status for p in disclosed_stages(points, 11, lambda group: 0)] == ["computed"] * 3


def test_the_group_with_the_highest_rate_is_not_named_where_one_is_hidden():
    # one person, selected: to be the reference, or not to be it, tells of that person
    table = {("g0",): (1, 0, 0, 0, 0, 0), ("g1",): LARGE, ("g2",): tuple(3 * c for c in LARGE), ("g3",): LARGE}
    gaps = [
        gap_of(("a",), (group,), (best,), "selection_rate", reference_rule="highest_rate", verdict=None)
        for group, best in (("g2", "g0"), ("g2", "g1"))
    ]
    before = analysis_of([counts_of(("a",), table)], spec_of(), RATES, gaps=gaps)
    after = disclose(audit_of(before)).main
    # nor may the group be missed: every other one has a gap to it
    assert [(gap.status, gap.groups, gap.reference) for gap in after.gaps] == [("suppressed", (), ())] * 2


@pytest.mark.parametrize("tested", [True, False])
def test_the_size_of_a_family_does_not_tell_which_hidden_test_was_possible(tested):
    more = {} if tested else {"p_value": None, "p_adjusted": None, "verdict": "inconclusive"}
    gaps = [
        gap_of(("a",), ("g0",), ("g2",), "false_positive_rate", **more),
        gap_of(("a",), ("g1",), ("g2",), "selection_rate"),
    ]
    before = one_view(FEW_FALSE, LARGE, tuple(3 * c for c in LARGE), gaps=gaps, families=[Family("single", 1 + tested)])
    after = disclose(audit_of(before)).main
    assert [family.size for family in after.families] == [2, 0]
    assert after.gaps[1].p_adjusted == pytest.approx(0.02)


def test_a_small_table_of_counts_gives_no_hash_that_could_be_tried(tmp_path: Path) -> None:
    """Trying every pair of hidden counts that fits the published totals would find the one whose hash is printed."""
    from auditkit.run import run_audit
    from auditkit.spec import AuditSpec

    (tmp_path / "counts.csv").write_text("g,s,t\nA,40,200\nB,60,300\nC,3,14\nD,30,90\n")
    plain = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "groups": {"g": {"column": "g", "reference": "B"}},
        "data": {"file": "counts.csv", "columns": {"selected": "s", "total": "t"}},
    }  # fmt: skip
    (withheld,) = run_audit(AuditSpec.model_validate(plain), tmp_path).sources
    assert (withheld.sha256, withheld.bytes) == ("", 0)
    open_to_all = plain | {"publish": {"minimum_count": 0, "because": "published"}}
    (given,) = run_audit(AuditSpec.model_validate(open_to_all), tmp_path).sources
    assert len(given.sha256) == 64
