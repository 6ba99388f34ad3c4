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


def test_an_item_stands_in_the_domain_that_its_name_says_and_a_merged_one_is_found() -> None:
    for domain in LIBRARY.domains:
        for key, item in domain.items.items():
            assert re.fullmatch(rf"{domain.domain}-\d\d", key), key
            assert all(LIBRARY.item_key(name) == key for name in item.was)


def test_no_item_carries_a_date_of_its_own() -> None:
    assert not [name for name in Item.model_fields if "appl" in name or "force" in name or "date" in name]


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
    for name in ("ai-act-49-3", "ai-act-71", "ai-act-72", "ai-act-77", "ai-act-86", "ai-act-annex-viii-c"):
        assert LIBRARY.provisions[name].in_force == date(2026, 8, 2), name
        assert LIBRARY.provisions[name].in_force_if_in_use == date(2030, 8, 2), name
        assert LIBRARY.provisions[name].unsettled, name


@pytest.mark.parametrize("name", LIBRARY.provisions)
def test_a_provision_can_be_verified(name: str) -> None:
    """Actor, address and day of reading; what was read itself says on which day, what was not never claims it."""
    provision = LIBRARY.provisions[name]
    instrument = LIBRARY.instruments[provision.instrument]
    assert (provision.applies_to or instrument.applies_to).text("fr")
    assert (provision.url or instrument.url).startswith("https://")
    assert provision.quote_checked is None or (provision.confidence == "V1" and not provision.to_be_checked)
    if provision.in_force_if_in_use is not None:
        assert provision.in_force is not None
        assert provision.in_force < provision.in_force_if_in_use


def test_the_conditions_that_an_opponent_would_plead_are_there() -> None:
    for name in ("crpa-l-123-1", "gdpr-22", "gdpr-22-4", "gdpr-21-1", "loi-2008-496-art-4", "crpa-r-311-3-1-2"):
        assert LIBRARY.provisions[name].unless is not None, name
    for name in ("gdpr-22-3", "gdpr-15-1-h", "crpa-l-121-1", "ai-act-86", "crpa-l-312-1-3", "css-l-114-21"):
        assert LIBRARY.provisions[name].only_if is not None, name
    for name in ("eu-charter-41-2-a", "eu-charter-41-2-c"):
        assert not LIBRARY.is_binding(LIBRARY.provisions[name])


def test_what_is_not_in_force_and_what_is_no_law_binds_nobody() -> None:
    for name in ("cets-225-art-8", "csddd-dir-2024-1760", "huderia", "a-74-493", "altai-5", "nist-manage", "hcts-2019"):
        assert not LIBRARY.is_binding(LIBRARY.provisions[name]), name
    assert LIBRARY.is_binding(LIBRARY.provisions["loi-2008-496-art-1"])


@pytest.mark.parametrize("name", LIBRARY.frameworks)
def test_a_framework_asks_twenty_first_and_the_human_part_before_all(name: str) -> None:
    chosen = {one.key: one for one in chosen_items(LIBRARY, name)}
    assert any(one.level == "must" for one in chosen.values())
    core = LIBRARY.frameworks[name].core
    assert len(core) == len(set(core)) == 20
    assert set(core) <= set(chosen)
    assert [chosen[key].core for key in core] == list(range(20))
    assert core[0] == "HUM-01"


def test_the_twenty_of_france_and_of_the_union_are_those_of_the_reading() -> None:
    french = (
        "PUR-01 PUR-02 PUR-06 DAT-01 DAT-02 DAT-09 EQU-01 EQU-02 EQU-03 EQU-10 TRA-01 TRA-02 TRA-04 TRA-07 HUM-01 "
        "HUM-03 HUM-04 ACC-01 ACC-02 ACC-04"
    ).split()
    assert set(LIBRARY.frameworks["public-benefits-fr"].core) == set(french)
    union = set(french) - {"TRA-01", "TRA-02"} | {"TRA-05", "TRA-03"}
    assert set(LIBRARY.frameworks["public-benefits-eu"].core) == union
    anywhere = set(french) - {"TRA-01", "TRA-02"} | {"TRA-03", "GOV-02"}
    assert set(LIBRARY.frameworks["general"].core) == anywhere


def test_general_shows_no_local_law() -> None:
    for one in chosen_items(LIBRARY, "general"):
        for name in one.basis:
            assert LIBRARY.instruments[LIBRARY.provisions[name].instrument].jurisdiction == "international"


def test_every_ground_of_the_shipped_audits_is_known() -> None:
    for word in ("origin", "sex", "age", "nationality", "family", "disability", "residence", "gender", "income"):
        assert LIBRARY.ground_of(word) is not None, word
