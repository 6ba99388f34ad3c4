"""The dated data: complete in both languages, every name found, nothing from memory passed off as read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from auditkit.rights.chosen_items import chosen_items
from auditkit.rights.declared_facts import FACTS
from auditkit.rights.evidence import HOOKS
from auditkit.rights.library import load_library
from auditkit.rights.library_records import Item
from auditkit.spec import Words

LIBRARY = load_library()


def texts() -> Iterator[tuple[str, Words]]:
    for key, item in LIBRARY.items.items():
        for name in ("question", "right", "why", "satisfied_by"):
            yield f"{key}.{name}", getattr(item, name)
    for key, provision in LIBRARY.provisions.items():
        yield f"{key}.citation", provision.citation
        yield f"{key}.demands", provision.demands
    for key, instrument in LIBRARY.instruments.items():
        yield f"{key}.name", instrument.name
        yield f"{key}.short", instrument.short
    for key, framework in LIBRARY.frameworks.items():
        yield f"{key}.title", framework.title
        yield f"{key}.description", framework.description
    for key, ground in LIBRARY.grounds.items():
        yield f"{key}.name", ground.name
    for domain in LIBRARY.domains:
        yield domain.domain, domain.title


def test_there_are_80_items_in_8_domains_and_the_five_added() -> None:
    added = {"GOV-11", "HUM-12", "DAT-11", "ACC-10", "ACC-11"}
    assert added <= set(LIBRARY.items)
    counts = {domain.domain: len(set(domain.items) - added) for domain in LIBRARY.domains}
    assert counts == {"PUR": 10, "DAT": 10, "EQU": 14, "TRA": 10, "HUM": 11, "ACC": 9, "REL": 6, "GOV": 10}
    assert list(counts) == ["PUR", "DAT", "EQU", "TRA", "HUM", "ACC", "REL", "GOV"]


@pytest.mark.parametrize(("key", "item"), LIBRARY.items.items(), ids=list(LIBRARY.items))
def test_an_item_is_a_question_in_both_languages(key: str, item: Item) -> None:
    assert item.question.text("en").endswith("?")
    assert item.question.text("fr").endswith("\u202f?")
    assert item.question.text("en") != item.question.text("fr")
    assert item.why.text("en") != item.why.text("fr")
    assert item.satisfied_by.text("en") != item.satisfied_by.text("fr")
    assert len(item.basis) == len(set(item.basis))


def test_every_text_is_in_both_languages_and_typeset() -> None:
    for place, words in texts():
        for language in ("en", "fr"):
            text = words.root[language]
            assert text == text.strip(), place
            assert text, place
            assert "'" not in text, (place, text)
            assert "  " not in text, place
        french = re.sub(r"https?://\S+", "", words.root["fr"])
        assert not re.search(r"[\w)»] ?[;!?%]|[\w)»] :|[a-zà-ÿ)»]:(\s|$)|« | »|«\w|\w»", french), (place, french)


DECLARED = ("declared", "stand_ins", "flips", "ablations")  # the last three read the model where nothing is declared


def test_every_hook_and_fact_that_an_item_names_exists() -> None:
    named = {item.evidence for item in LIBRARY.items.values() if item.evidence is not None}
    assert {evidence.hook for evidence in named} <= set(HOOKS)
    assert {evidence.fact for evidence in named if evidence.fact is not None} <= set(FACTS)
    assert all((evidence.fact is not None) == (evidence.hook in DECLARED) for evidence in named)
    assert set(HOOKS) == {evidence.hook for evidence in named}


def test_high_risk_duties_start_when_the_amended_regulation_says() -> None:
    assert LIBRARY.provisions["ai-act-26-11"].in_force == date(2027, 12, 2)
    assert LIBRARY.provisions["ai-act-27-1-5"].in_force_if_in_use == date(2030, 8, 2)
    assert LIBRARY.provisions["ai-act-5-1-c"].in_force == date(2025, 2, 2)
    assert LIBRARY.provisions["ai-act-4a"].in_force == date(2026, 7, 27)
    later = {key for key, item in LIBRARY.items.items() if item.applies_from}
    assert later == {
        "PUR-05", "DAT-05", "DAT-06", "EQU-10", "TRA-04", "TRA-08", "HUM-08", "HUM-09", "REL-01", "REL-02", "REL-03",
        "GOV-01",
    }  # fmt: skip


def test_what_is_from_memory_says_so() -> None:
    assert LIBRARY.provisions["gdpr-22"].to_be_checked
    assert LIBRARY.provisions["cada-20226179"].to_be_checked
    assert not LIBRARY.provisions["crpa-r-311-3-1-2"].to_be_checked
    assert all(provision.reviewed <= date(2026, 11, 21) for provision in LIBRARY.provisions.values())


def test_what_is_not_in_force_and_what_is_no_law_binds_nobody() -> None:
    for name in ("cets-225-art-8", "csddd-dir-2024-1760", "huderia", "a-74-493", "altai-5", "nist-manage", "hcts-2019"):
        assert not LIBRARY.is_binding(LIBRARY.provisions[name]), name
    assert LIBRARY.is_binding(LIBRARY.provisions["loi-2008-496-art-1"])


def test_there_are_the_six_frameworks_and_each_asks_something() -> None:
    assert set(LIBRARY.frameworks) == {
        "general", "public-benefits-fr", "public-benefits-eu", "nyc-ll144", "canada-aia",
        "self-assessment-before-deployment",
    }  # fmt: skip
    for name in LIBRARY.frameworks:
        chosen = chosen_items(LIBRARY, name)
        assert len(chosen) >= 20
        assert any(one.level == "must" for one in chosen)
    assert len(chosen_items(LIBRARY, "public-benefits-fr")) == 85


def test_general_shows_no_local_law() -> None:
    for one in chosen_items(LIBRARY, "general"):
        for name in one.basis:
            assert LIBRARY.instruments[LIBRARY.provisions[name].instrument].jurisdiction == "international"


def test_every_ground_of_the_shipped_audits_is_known() -> None:
    for word in ("origin", "sex", "age", "nationality", "family", "disability", "residence", "gender", "income"):
        assert LIBRARY.ground_of(word) is not None, word
