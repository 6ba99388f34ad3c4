"""What the sentences say, and in which order: worked by hand from the counts of the samples."""

from __future__ import annotations

from dataclasses import replace

from auditkit.report import render_report, summary
from auditkit.report.findings_panel import findings_of
from auditkit.report.group_names import Names
from auditkit.report.number_words import plain
from auditkit.report.pair_panel import Pair, distinct, in_leading_order
from auditkit.report.people_words import people_range, people_sentence
from auditkit.report.sentences import is_uncorrected
from tests.report.page import read
from tests.report.samples import RACE, counts_result, gaps, rows_result

CAUCASIAN, HISPANIC = RACE[("Caucasian",)], RACE[("Hispanic",)]


def pair(measure: str = "false_positive_rate", harm: str = "punitive", **more: object) -> Pair:
    """Hispanic against Caucasian."""
    return Pair(*gaps(("race",), ("Hispanic",), ("Caucasian",), measure, HISPANIC, CAUCASIAN, harm, **more))


def test_a_finding_says_denominator_value_interval_and_reference(rows_page: str) -> None:
    text = read(rows_page).text
    # 805 / 1795 = 44.85 %, 349 / 1488 = 23.45 %: the published figures of 2016, at one decimal.
    assert (
        "Of the 1,795 people without the outcome in the group “African-American”, 44.8% were selected all the same "
        "(42.6% to 47.2%); in the reference group “Caucasian”, 23.5% of 1,488 (21.4% to 25.7%)."
    ) in text
    # 1795 * (805/1795 - 349/1488) = 384.0
    assert "At the reference group's rate, 384 fewer people of this group would have been selected wrongly" in text


def test_help_refused_is_told_on_the_rarer_side(counts_page: str) -> None:
    text = read(counts_page).text
    # 115/955 against 60/960 refused: ratio 1.93; 955 * (840/955 - 900/960) = -55.3
    assert "The opposite, which is rarer and decides the verdict, is 1.93 times as frequent (1.43 to 2.60)." in text
    assert "At the reference group's rate, 55 fewer people of this group would have been left out (between" in text


def test_order_is_primary_then_verdict_then_people() -> None:
    first = pair(people=5.0, verdict="likely")
    second = pair(people=500.0, verdict="present")
    third = pair(people=2.0, verdict="likely")
    other = pair("false_discovery_rate", people=9_000.0, verdict="established")
    ordered = in_leading_order([other, third, second, first], ("selection_rate", "false_positive_rate"))
    assert ordered == [first, third, second, other]


def test_equals_keep_the_order_of_the_audit() -> None:
    one, two = pair(people=None, verdict="likely"), pair(people=None, verdict="likely", reason="few_cases")
    assert in_leading_order([one, two], ()) == [one, two]
    assert in_leading_order([two, one], ()) == [two, one]


def test_a_rate_and_its_complement_are_told_once() -> None:
    false_positive, true_negative = pair("false_positive_rate"), pair("true_negative_rate")
    assert distinct([false_positive, true_negative]) == [false_positive]


def test_not_corrected_marks_only_words_that_claim_something() -> None:
    for verdict, p, marked in (
        ("likely", 0.05, True), ("present", 0.2, True), ("small", 0.9, True), ("likely", 0.049, False),
        ("established", 0.001, False), ("inconclusive", 0.9, False), ("equivalent", 0.9, False),
    ):  # fmt: skip
        assert is_uncorrected(pair(verdict=verdict, p_adjusted=p).main) is marked
    assert not is_uncorrected(pair(verdict="likely", p_adjusted=None).main)


def test_people_fewer_more_one_and_none() -> None:
    def words(**more: object) -> str:
        sentence = people_sentence(pair(**more), "punitive")
        assert sentence is not None
        return plain(sentence, "en")

    assert "1 fewer person of this group would have been" in words(people=1.2, people_lower=None)
    assert "12 more people of this group" in words(people=-12.0, people_lower=-20.0, people_upper=-4.0)
    assert "(between 4 and 20)" in words(people=-12.0, people_lower=-20.0, people_upper=-4.0)
    assert "(between 2 more and 9 fewer)" in words(people=3.0, people_lower=-2.0, people_upper=9.0)
    assert people_sentence(pair(people=None), "punitive") is None
    assert people_sentence(pair("base_rate"), "punitive") is None
    assert people_range(pair(people_lower=None).main) == ""


def test_an_assistive_miss_is_left_out_wrongly() -> None:
    sentence = people_sentence(pair("false_negative_rate", "assistive", people=7.0), "assistive")
    assert sentence is not None
    assert "7 fewer people of this group would have been left out wrongly" in plain(sentence, "en")


def test_never_a_score_never_an_all_clear() -> None:
    result = rows_result()
    quiet = tuple(replace(g, verdict="inconclusive" if g.verdict else None) for g in result.main.gaps)
    text = read(render_report(replace(result, analyses=(replace(result.main, gaps=quiet),)), "en")).text.lower()
    for word in ("no bias", "unbiased", "is fair", "passed the audit", "overall score", "compliant"):
        assert word not in text
    assert "that is no proof that there is none" in text
    assert text.count("discrimination") == 3


def test_direction_decides_the_list_a_gap_stands_in() -> None:
    found = findings_of(rows_result(), Names(rows_result().spec, "en"))
    assert {f.group for f in found.worse.findings} >= {"African-American", "under 25"}
    assert "45 and over" in {f.group for f in found.better.findings}
    assert all("&" in f.group for f in found.crossed.findings)


def test_not_stated_carries_no_verdict_and_is_counted(rows_page: str) -> None:
    text = read(rows_page).text
    assert "recorded race is not stated for 62 of 7,200: shown apart, without verdict." in text
    found = findings_of(rows_result(), Names(rows_result().spec, "en"))
    assert all(f.group != "not stated" for f in (*found.worse.findings, *found.better.findings))


def test_harm_is_said_in_plain_words(rows_page: str, counts_page: str) -> None:
    assert "Being selected is unfavourable. The wrong counted is: selected wrongly." in read(rows_page).text
    assert "Not being selected is unfavourable. The wrong counted is: left out wrongly." in read(counts_page).text


def test_limits_are_settings_and_the_family_has_a_size(rows_page: str) -> None:
    text = read(rows_page).text
    assert "limits of 0.80 and 1.25. They are settings of this report: no law names a percentage" in text
    assert "main analysis, single attributes: p is corrected (Holm) for 30 tests together." in text
    assert "main analysis: the cut really used is 5." in text
    assert "what the same process would do to other people like these" in text


def test_analyses_stand_side_by_side(rows_page: str) -> None:
    text = read(rows_page).text
    assert "The analyses side by side" in text
    assert "level High only" in text


def test_the_summary_is_short_plain_and_complete() -> None:
    for result in (rows_result(), counts_result()):
        for language in ("en", "fr"):
            lines = summary(result, language).splitlines()
            assert 5 <= len(lines) <= 25
            assert "<" not in summary(result, language).replace("< 0", "")
            assert lines[-1].endswith("manifest.json.")
    assert "Rows read: 7,214; used: 7,200; excluded: 14." in summary(rows_result(), "en")


def test_where_nothing_was_tested_the_summary_does_not_speak_of_chance() -> None:
    result = rows_result()
    gaps = tuple(replace(gap, p_value=None, p_adjusted=None, verdict=None) for gap in result.main.gaps)
    untested = replace(result, analyses=(replace(result.main, gaps=gaps), *result.analyses[1:]))
    assert "chance" not in summary(untested, "en")
    assert "No gap between single groups could be tested: the report says why." in summary(untested, "en")
    assert "n’a pu être testé" in summary(untested, "fr")
