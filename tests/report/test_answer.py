"""The answer's case, sentence, lead and picture, a fixture for each state; every expected word worked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditkit.report.answer import Answer, answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.brief_blocks import blocks_of
from auditkit.report.number_words import plain
from auditkit.result import AuditResult
from tests.report.samples import TABLES, Counts, analysis, counts_result, rows_result, rows_spec

SAYS: dict[str, Any] = {
    "selected": {
        "at_least": 5, "says": {"en": "rated High", "fr": {"m": "classés à risque", "f": "classées à risque"}},
    },
    "wrongly": {"says": {"en": "wrongly rated High", "fr": {"m": "classés à tort", "f": "classées à tort"}}},
    "outcome": {
        "column": "y", "positive": [1],
        "says": {"en": {"it": "an offence", "yes": "with an offence", "no": "with no offence"},
                 "fr": {"it": "une infraction", "yes": "avec une infraction", "no": "sans infraction"}},
    },
}  # fmt: skip
GROUPS = {
    "race": {
        "column": "race", "reference": "B",
        "says": {"A": {"en": "As", "fr": {"f": "les personnes A"}}, "B": {"en": "Bs", "fr": "les B"}},
    }
}  # fmt: skip


def two(
    a: Counts, b: Counts, measures: tuple[str, ...] = ("selection_rate", "false_positive_rate"), **more: Any
) -> AuditResult:
    """An audit of two groups, A against B."""
    spec = rows_spec(**{**SAYS, "groups": GROUPS, "analyses": {}, "stages": None, **more})
    main = analysis("main", spec, {("race",): ({("A",): a, ("B",): b}, ("B",))}, measures)
    return AuditResult(spec=spec, analyses=(main,), sources=(), version="0")


def told(result: AuditResult, language: str = "en") -> tuple[Answer, str, str]:
    """The answer, its sentence and its lead."""
    answer = answer_of(AuditFacts(result, language))
    return answer, plain(answer.sentence, language), " ".join(plain(line, language) for line in answer.lead)


# selected 900 of 2000 against 400 of 2000 (45 and 20 %: 2.25 times); of 1000 without the outcome 400 against 150 (2.67)
ESTABLISHED = ((500, 400, 500, 600), (250, 150, 750, 850))


def test_two_established_gaps_are_one_sentence_with_both_ratios() -> None:
    answer, sentence, lead = told(two(*ESTABLISHED))
    assert answer.case == "two_gaps"
    assert sentence == "As were rated High 2.2 times as often as Bs, and wrongly 2.7 times as often."
    assert "At the rate of Bs, 500 fewer As would have been rated High" in lead  # 2000 * (0.45 - 0.20)
    assert "and 250 fewer wrongly" in lead  # 1000 * (0.40 - 0.15)
    assert answer.picture is not None
    assert plain(answer.picture.title, "en") == "Of 100 people with no offence, so many had been rated High"
    assert [waffle.number for waffle in answer.picture.waffles] == ["40", "15"]


def test_french_agrees_with_the_group_it_speaks_of() -> None:
    _, sentence, _ = told(two(*ESTABLISHED), "fr")
    assert (
        sentence
        == "Les personnes A ont été classées à risque 2,2 fois plus souvent que les B, et à tort 2,7 fois plus souvent."
    )


def test_without_says_the_sentence_is_stiff_and_correct() -> None:
    bare = two(*ESTABLISHED, selected={"at_least": 5}, wrongly={"says": "wrongly selected"})
    plain_groups = {"race": {"column": "race", "reference": "B"}}
    _, sentence, _ = told(
        two(*ESTABLISHED, groups=plain_groups, says={}, selected={"at_least": 5}, wrongly=SAYS["wrongly"])
    )
    assert sentence.startswith("People of the group “A” were selected 2.2 times as often as people of the group “B”")
    assert told(bare)[1].startswith("As were selected 2.2 times")


def test_only_one_established_gap_is_that_one() -> None:
    answer, sentence, _ = told(two(*ESTABLISHED, measures=("selection_rate",)))
    assert (answer.case, sentence) == ("one_gap", "As were rated High 2.2 times as often as Bs.")


def test_a_gap_that_is_only_present_is_told_in_so_many_of_a_hundred() -> None:
    result = two((22, 0, 78, 0), (31, 0, 169, 0), ("selection_rate",))
    gaps = tuple(replace(gap, verdict="present", direction="worse") for gap in result.main.gaps)
    answer, sentence, _ = told(replace(result, analyses=(replace(result.main, gaps=gaps),)))
    assert answer.case == "present"
    assert "times" not in sentence
    assert sentence == "As were rated High more often than Bs: 22 of 100 against 16."  # 31 of 200 are 15.5


def test_where_only_gains_are_established_the_reference_leads() -> None:
    answer, sentence, _ = told(two(ESTABLISHED[1], ESTABLISHED[0], ("selection_rate",)))
    assert (answer.case, answer.direction) == ("reference_worse", "worse")
    assert sentence == "Bs were rated High more often than As: 45 of 100 against 20."


def test_nothing_established_says_what_could_have_shown() -> None:
    result = two((30, 0, 70, 0), (29, 0, 71, 0), ("selection_rate",))
    answer, sentence, lead = told(result)  # the sample says that 1.31 times would have shown: more than 1.25
    assert answer.case == "none_blind"
    assert sentence == "These figures establish no gap between groups, and could not have shown a moderate one."
    assert "No gap shown is no proof that there is none." in lead
    assert answer.picture is None
    assert answer.aside is not None
    gaps = tuple(replace(gap, verdict="equivalent") for gap in result.main.gaps)
    same, words, _ = told(replace(result, analyses=(replace(result.main, gaps=gaps),)))
    assert (same.case, words) == (
        "none_equivalent", "These figures show no gap between groups: any gap is smaller than 1.25 times.",
    )  # fmt: skip


@pytest.mark.parametrize("status", ["suppressed", "withheld"])
def test_everything_withheld(status: str) -> None:
    result = counts_result()
    gaps = tuple(gap.__class__(**{**gap.__dict__, "status": "suppressed", "verdict": None}) for gap in result.main.gaps)
    if status == "withheld":
        for gap in gaps:
            object.__setattr__(gap, "status", "withheld")
    answer, sentence, lead = told(replace(result, analyses=(replace(result.main, gaps=gaps),)))
    assert (answer.case, answer.picture) == ("withheld", None)
    assert sentence == "No figure can be published: each group counts fewer than 11 people."
    assert "Withheld does not mean equal." in lead


def test_documents_only() -> None:
    answer, sentence, _ = told(replace(counts_result(), analyses=()))
    assert (answer.case, sentence) == ("documents", "No counts by group are public.")
    assert answer.aside is not None
    assert answer.aside.numbered


def test_help_turns_the_sentence_round_and_a_plan_is_a_test() -> None:
    help_given: dict[str, Any] = {"system": {"name": "s", "harm": "assistive", "status": "planned"}}
    answer, sentence, lead = told(
        two(ESTABLISHED[1], ESTABLISHED[0], ("selection_rate", "false_negative_rate"), **help_given)
    )
    # 20 against 45 of 100 selected; of 1000 with the outcome 750 against 500 were passed over
    assert sentence == "In the test, As were rated High less often than Bs: 20 of 100 against 45."
    assert lead.startswith("The system does not decide yet: what it would select is simulated.")
    assert answer.picture is not None
    assert plain(answer.picture.title, "en") == "Of 100 people with an offence, so many were passed over"
    assert [waffle.number for waffle in answer.picture.waffles] == ["75", "50"]


def test_impact_ratios_lead_where_that_is_the_declared_form() -> None:
    result = two((300, 0, 700, 0), (500, 0, 500, 0), ("selection_rate",))
    gaps = tuple(
        replace(gap, reference_rule="highest_rate", verdict=None, reason="reference_from_data")
        for gap in result.main.gaps
    )
    answer, sentence, lead = told(replace(result, analyses=(replace(result.main, gaps=gaps),)))
    assert answer.case == "impact_ratio"
    assert sentence == "As were rated High 0.60 times as often as Bs, the group with the highest rate."
    assert "1 impact ratio lies under four fifths (0.80)" in lead


def test_outcomes_seen_only_for_the_selected_show_how_often_it_led_to_nothing() -> None:
    result = two(*ESTABLISHED, measures=("selection_rate", "false_discovery_rate"), observed="when_selected",
                 primary=["selection_rate"])  # fmt: skip
    answer, _, lead = told(result)  # 400 of 900 and 150 of 400 selected for nothing: 44 and 38 of 100
    assert "Of 100 people rated High among As, 44 were so wrongly; among Bs, 38." in lead
    assert answer.picture is not None
    assert [waffle.number for waffle in answer.picture.waffles] == ["44", "38"]


def test_like_cases_are_said_where_strata_are_declared() -> None:
    result = two(*ESTABLISHED, strata={"charge": {"column": "c", "name": {"en": "charge", "fr": "faits"}}})
    for word, said in (("disappears", "the gap disappears"), ("reversed", "the gap is reversed")):
        gaps = tuple(replace(gap, within=word) for gap in result.main.gaps)
        _, _, lead = told(replace(result, analyses=(replace(result.main, gaps=gaps),)))
        assert f"Among people alike in charge, {said}." in lead


def test_every_number_of_the_brief_comes_from_the_result() -> None:
    facts = AuditFacts(rows_result(), "en")
    blocks = {block.key: block for block in blocks_of(facts)}
    said = " ".join(plain(item.text, "en") for item in blocks["found"].items)
    assert "58.8%" in said  # 2174 of 3696
    assert "34.8%" in said  # 854 of 2454
    assert set(blocks) == {"found", "people", "sure", "cannot", "law"}  # no steps without a checklist
    assert len(TABLES) == 4
