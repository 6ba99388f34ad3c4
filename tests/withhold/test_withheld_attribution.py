"""What may be published of an attribution: no part from which the mean of a hidden group follows."""

from __future__ import annotations

from dataclasses import replace

from auditkit.result.attribution import TOGETHER, Attribution, Explainer, Flip, GapSplit, Need, Part
from auditkit.withhold.withheld_attribution import disclosed_attribution, emptied, withheld

HOW = Explainer("drawn_pairs", False, "interventional", "score", "reference_group", 1_000)


def split(group: str, n: float, reference: str = "a", thin: tuple[str, ...] = ()) -> GapSplit:
    parts = tuple(Part(name, value, value - 1, value + 1, 0.5) for name, value in (("x", 3.0), ("y", 0.5), ("z", 1.0)))
    return GapSplit(("g",), (group,), (reference,), "mean_score", 4.5, parts, HOW, 0.95, n, 500.0, thin=thin)


def found(*splits: GapSplit, flips: tuple[Flip, ...] = (), need: Need | None = None) -> Attribution:
    return Attribution(("x", "y", "z"), HOW, None, (), splits, (), flips=flips, need=need)


def shown(given: Attribution, hidden: set[str]) -> Attribution:
    return withheld(given, 11, lambda _, groups: groups[0] in hidden, lambda _: bool(hidden))


def test_a_small_group_or_reference_has_no_parts() -> None:
    result = shown(found(split("b", 10.0), split("c", 400.0)), set())
    small, large = result.splits
    assert (small.status, small.reason) == ("suppressed", "withheld")
    assert (small.gap, small.parts, small.n) == (None, (), None)
    assert large.status == "computed"


def test_parts_go_with_a_mean_that_is_withheld() -> None:
    result = shown(found(split("b", 400.0), split("c", 400.0, "d")), {"d"})
    assert [one.status for one in result.splits] == ["computed", "suppressed"]
    assert result.splits[1].reason == "withheld"


def test_against_everyone_else_one_hidden_group_hides_all_splits() -> None:
    result = shown(found(split("b", 400.0, "rest"), split("c", 400.0, "rest")), {"z"})
    assert {one.status for one in result.splits} == {"suppressed"}


def test_thin_variables_are_joined_and_one_takes_another_along() -> None:
    two = shown(found(split("b", 400.0, thin=("x", "y"))), set()).splits[0]
    assert [(p.variable, p.value) for p in two.parts] == [("z", 1.0), (TOGETHER, 3.5)]
    one = shown(found(split("b", 400.0, thin=("x",))), set()).splits[0]
    assert [(p.variable, p.value) for p in one.parts] == [("z", 1.0), (TOGETHER, 3.5)]
    assert one.thin == ()
    assert one.parts[-1].lower is None


def test_counts_of_few_decisions_are_withheld() -> None:
    flip = Flip(("g",), ("b",), "x", "1", "0", 400, 100, 0, 40, -1.0)
    kept, gone = shown(found(flips=(flip, replace(flip, lost=3))), set()).flips
    assert kept.lost == 40
    assert (gone.lost, gone.rows, gone.status) == (None, None, "suppressed")
    few = Need(0.1, 0.9, 0.2, 0.5, "x", "highest", 100)  # 10 selected
    nothing = Need(None, None, None, None, None, None, None, "suppressed", "withheld")
    assert shown(found(need=few), set()).need == nothing


def test_without_a_minimum_only_what_disclosure_needs_is_emptied() -> None:
    given = found(split("b", 5.0, thin=("x",)))
    assert emptied(given).splits[0].parts == given.splits[0].parts
    assert emptied(given).splits[0].thin == ()
    assert disclosed_attribution(None, (), 11) is None
