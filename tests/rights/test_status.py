"""Answers and evidence together; what is due first; dates from the data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import SpecError
from auditkit.rights.answers import Answer, Document
from auditkit.rights.chosen_items import Chosen, chosen_items, disagreement, framework_for
from auditkit.rights.due_dates import Timing, duties, item_timing, timing_of
from auditkit.rights.evidence import Statement
from auditkit.rights.item_status import check_items, status_of
from auditkit.rights.library import load_library
from auditkit.spec import AuditSpec
from auditkit.text import say
from tests.rights.samples import documents_only, gap, result, spec

LIBRARY = load_library()
LINK = Document(link="https://example.org/report")


def answer(value: str, **more: Any) -> Answer:
    return Answer.model_validate({"value": value, "role": "head of service", "when": date(2026, 11, 1), **more})


def statement(status: Any) -> Statement:
    return Statement("selection_gaps", status, say("x"))


@pytest.mark.parametrize(
    ("given", "said", "expected"),
    [
        (None, None, "unanswered"),
        (None, "supports", "unanswered"),
        (None, "informs", "unanswered"),
        (None, "contradicts", "contradicted"),
        (answer("yes"), None, "unanswered"),
        (answer("yes"), "supports", "unanswered"),
        (answer("yes", documents=[LINK]), None, "satisfied"),
        (answer("yes", because="minutes of 3 May"), "cannot_tell", "satisfied"),
        (answer("yes", documents=[LINK]), "contradicts", "contradicted"),
        (answer("no"), "supports", "contradicted"),
        (answer("unknown", documents=[LINK]), None, "unanswered"),
        (answer("not_applicable", because="no such use"), None, "not_applicable"),
        (answer("not_applicable", because="no such use"), "contradicts", "contradicted"),
    ],
)
def test_the_status_of_an_item(given: Answer | None, said: str | None, expected: str) -> None:
    status, because = status_of(given, None if said is None else statement(said))
    assert status == expected
    assert because.text("fr") != because.text("en")


def test_contradicted_and_unanswered_duties_come_first_and_nothing_is_averaged() -> None:
    at = result((gap("sex", "woman", 1.4, 1.9),), rights={"framework": "public-benefits-fr"})
    answers = {"PUR-01": answer("yes", documents=[LINK]), "ACC-03": answer("no")}
    checked = check_items(at, answers, LIBRARY)
    first = [(one.is_due, one.status) for one in checked]
    due = [one for one in checked if one.is_due and one.status in ("contradicted", "unanswered")]
    assert list(checked[: len(due)]) == due
    statuses = [one.status for one in due]
    assert statuses == sorted(statuses, key=["contradicted", "unanswered"].index)
    assert {one.chosen.key for one in due if one.status == "contradicted"} == {"EQU-02", "EQU-06"}
    assert first[-1][1] == "satisfied"


def test_which_duties_apply_and_which_later() -> None:
    day, legacy = date(2027, 12, 2), date(2030, 8, 2)
    assert timing_of(day, legacy, date(2026, 11, 21)).state == "later"
    assert timing_of(day, legacy, date(2027, 12, 1), "planned").state == "later"
    assert timing_of(day, legacy, date(2027, 12, 2), "planned").state == "applies"
    assert timing_of(day, legacy, date(2027, 12, 2), "in_use").state == "depends"
    assert timing_of(day, legacy, date(2030, 8, 1), "unknown").state == "depends"
    assert timing_of(day, legacy, date(2030, 8, 2), "in_use").state == "applies"
    assert timing_of(day, legacy, None).state == "undated"
    assert timing_of(None, None, None).state == "applies"


def test_both_dates_are_said_in_words() -> None:
    said = timing_of(date(2027, 12, 2), date(2030, 8, 2), date(2026, 11, 21), "in_use").sentence
    assert said.text("en").startswith("From 2 December 2027 for a new")
    assert "2 August 2030" in said.text("en")
    assert "2 décembre 2027" in said.text("fr")
    assert "2 août 2030" in said.text("fr")


def test_duties_of_an_audit_in_france() -> None:
    chosen = chosen_items(LIBRARY, "public-benefits-fr")
    found = {duty.provision: duty for duty in duties(LIBRARY, chosen, spec())}
    assert found["ai-act-26-11"].timing.state == "later"
    assert found["ai-act-26-11"].timing.day == date(2027, 12, 2)
    assert found["crpa-r-311-3-1-2"].timing.state == "applies"
    assert found["crpa-r-311-3-1-2"].items == ("TRA-02",)
    assert found["cets-225-art-8"].timing.state == "pending"
    assert found["ai-act-86"].timing.unsettled
    assert "altai-5" not in found


NAMES = sorted(LIBRARY.provisions)
DAYS = st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2033, 1, 1)))


def timed(basis: tuple[str, ...], as_of: date | None, status: str) -> Timing:
    audit = AuditSpec.model_validate(
        {"title": "t", "as_of": as_of, "system": {"name": "s", "harm": "punitive", "status": status}, "data": "none"}
    )
    item = LIBRARY.items["EQU-10"]
    return item_timing(LIBRARY, Chosen("X", "EQU", item, "must", basis, None), audit)


@given(st.lists(st.sampled_from(NAMES), max_size=5), st.lists(st.sampled_from(NAMES), max_size=5), DAYS,
       st.sampled_from(["planned", "in_use", "retired", "unknown"]))  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_more_law_never_makes_a_duty_later(first: list[str], more: list[str], as_of: date | None, status: str) -> None:
    if not any(LIBRARY.is_binding(LIBRARY.provisions[name]) for name in first):
        return  # no law, no duty
    alone, both = timed(tuple(first), as_of, status), timed((*first, *more), as_of, status)
    assert both.rank <= alone.rank
    assert both.state != "later" or alone.state == "later"


@pytest.mark.parametrize("key", ["TRA-04", "REL-01", "REL-03", "HUM-08", "HUM-09", "EQU-10", "DAT-05"])
def test_an_item_with_law_in_force_is_due_and_says_what_comes_later(key: str) -> None:
    found = {one.chosen.key: one for one in check_items(documents_only(), {}, LIBRARY, "public-benefits-fr")}
    assert found[key].is_due
    at = AuditSpec.model_validate(
        {"title": "t", "as_of": "2026-11-30", "system": {"name": "s", "harm": "punitive", "status": "in_use"},
         "data": "none"}
    )  # fmt: skip
    chosen = {one.key: one for one in chosen_items(LIBRARY, "public-benefits-fr")}[key]
    timing = item_timing(LIBRARY, chosen, at)
    assert timing.state == "applies"
    assert {name.citation.text("en") for name, _ in timing.also} <= {
        LIBRARY.provisions[name].citation.text("en") for name in chosen.basis
    }
    assert timing.also or not any(name.startswith("ai-act") and name != "ai-act-4" for name in chosen.basis)
    assert (not timing.also) or "Later also: " in timing.sentence.text("en")


def test_a_framework_with_more_law_has_no_duty_later_than_the_general_one() -> None:
    general = {one.chosen.key: one for one in check_items(result(), {}, LIBRARY, "general")}
    for other in ("public-benefits-eu", "public-benefits-fr"):
        for one in check_items(result(), {}, LIBRARY, other):
            if one.chosen.key in general and general[one.chosen.key].is_due:
                assert one.is_due, (other, one.chosen.key)


@pytest.mark.parametrize(
    ("country", "name"),
    [("FR", "public-benefits-fr"), ("fr", "public-benefits-fr"), ("NL", "public-benefits-eu"), ("CA", "canada-aia"),
     ("US", "general"), ("GB", "general"), (None, "general"), ("", "general")],
)  # fmt: skip
def test_a_framework_is_proposed_by_country(country: str | None, name: str) -> None:
    assert framework_for(LIBRARY, country) == name


def test_a_framework_of_another_country_is_warned_of() -> None:
    assert disagreement(LIBRARY, "public-benefits-fr", "FR") is None
    assert disagreement(LIBRARY, "general", "US") is None
    assert disagreement(LIBRARY, "public-benefits-fr", None) is None
    warned = disagreement(LIBRARY, "public-benefits-fr", "NL")
    assert warned is not None
    assert "public-benefits-eu" in warned.text("en")
    assert warned.text("fr") != warned.text("en")


def test_an_unknown_framework_names_the_nearest() -> None:
    with pytest.raises(SpecError, match="public-benefits-fr"):
        check_items(result(rights={"framework": "public-benefit-fr"}), {}, LIBRARY)


def test_documents_alone_leave_every_item_open() -> None:
    checked = check_items(documents_only(), {}, LIBRARY, "public-benefits-fr")
    assert {one.status for one in checked} == {"unanswered"}
    assert {one.chosen.key for one in checked} == {one.key for one in chosen_items(LIBRARY, "public-benefits-fr")}
    assert {one.timing.state for one in checked if one.chosen.key in ("PUR-05", "GOV-01")} == {"undated"}
