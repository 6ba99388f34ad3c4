"""What letters may not say: another figure than the computed one, a count nobody made, a duty not yet in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditkit.errors import InputError, SpecError
from auditkit.result import AuditResult
from auditkit.rights.letters import Written, write_letter
from auditkit.rights.letters.letter_kinds import letter_fields
from auditkit.rights.library import load_library
from auditkit.rights.next_steps import missing_data
from auditkit.rights.rights_words import words
from auditkit.spec import AuditSpec, find_audit, load_audit
from tests.rights.samples import estimate, result

LIBRARY = load_library()
WOMEN: dict[str, Any] = {"attributes": ("sex",), "groups": ("woman",), "numerator": 60.0, "denominator": 300.0}


def letter(kind: str, at: AuditResult, language: str = "en") -> Written:
    return write_letter(kind, at, LIBRARY, language, {}, force=True)


def documents(**more: Any) -> AuditResult:
    system = {"name": "s", "harm": "punitive"} | more.pop("system", {})
    return AuditResult(AuditSpec.model_validate({"title": "t", "system": system, "data": "none"} | more), (), ())


def test_a_declared_text_never_stands_in_for_a_figure() -> None:
    rights = {"letters": {"groups": "all alike", "people_number": "nobody", "performance": "99 %"}}
    at = result((), (estimate("selection_rate", 0.2, 0.3, **WOMEN), estimate("accuracy", 0.6, 0.7)), rights=rights)
    fria, summary, record = (letter(kind, at).text for kind in ("fria", "ll144", "atrs"))
    assert "all alike" not in fria
    assert "women | 1,000 | 25.0%" in fria
    assert "nobody" not in summary
    assert "99 %" not in record
    assert "99 %" in letter("atrs", documents(rights={"letters": {"performance": "99 %"}})).text


@pytest.mark.parametrize("name", ["rank", "case_data", "case_change", "file_number"])
def test_facts_of_one_person_are_refused_in_audit_yaml(name: str) -> None:
    with pytest.raises(SpecError, match="never stored"):
        letter("mention", documents(rights={"letters": {name: "x"}}))


def test_a_table_of_counts_leaves_open_how_many_it_does_not_name() -> None:
    label = letter_fields()["unknown_number"].label.text("en")
    assert label in letter("ll144", result()).missing
    assert "birth: 120" in letter("ll144", result(not_stated={"birth": 120.0})).text


def test_a_group_without_a_figure_says_so() -> None:
    row = estimate("selection_rate", 0.2, 0.3, **WOMEN)
    nothing = replace(row, value=None, lower=None, upper=None, n=None, status="not_computed")
    assert "women | – | withheld, or not computed | –" in letter("fria", result((), (nothing,))).text
    hidden = replace(nothing, status="suppressed")
    assert "women | – | withheld | –" in letter("fria", result((), (hidden,))).text


@pytest.mark.parametrize("kind", ["access", "fria", "annex-viii-c", "dpia-annex"])
def test_european_forms_are_refused_outside_the_union(kind: str) -> None:
    for country, refused in (("US", True), ("FR", False), ("nl", False), (None, False)):
        at = documents(system={} if country is None else {"country": country})
        if not refused:
            assert write_letter(kind, at, LIBRARY, "en", {}).text
            continue
        with pytest.raises(InputError, match="rests on the law of the European Union"):
            write_letter(kind, at, LIBRARY, "en", {})


def test_forms_say_from_when_a_duty_applies_and_that_the_class_is_open() -> None:
    at = documents(as_of="2026-11-21", system={"country": "FR", "status": "in_use"})
    fria = letter("fria", at, "fr").text
    assert "Ce formulaire ne dit pas si l’article 27 s’applique" in fria
    assert "2 décembre 2027" in fria
    assert "2 août 2030" in fria
    annex = letter("annex-viii-c", at).text
    assert "Date unsettled: 2 August 2026 on the letter of the text." in annex
    assert "not the independent audit" in letter("ll144", at).text


def test_the_letter_for_documents_claims_no_more_than_is_known() -> None:
    path = find_audit("cnaf-dmde")
    at = AuditResult(load_audit(path), (), ())
    english, french = letter("documents", at).text, letter("documents", at, "fr").text
    assert "does not, in my view, cover versions no longer in use" in english
    assert "were published, or follow from published ones" in english
    assert (
        "36% (out of: on-site controls; year: 2023; source: Le Monde and Lighthouse Reports, December 2023)" in english
    )
    assert "36\u202f% (sur\u202f: contrôles sur place\u202f; année\u202f: 2023\u202f; source\u202f: Le Monde" in french
    assert "Sans réponse un mois après réception de ce courrier" in french
    assert "l’établir" not in french
    for written in (english, french):
        assert "similar request" not in written
        assert "2023, 2023" not in written


def test_one_body_is_written_to() -> None:
    for name in ("cnaf-dmde", "cnam-c2s", "france-travail-cre", "caf-gironde-non-recours"):
        at = AuditResult(load_audit(find_audit(name)), (), ())
        head = letter("documents", at, "fr").text.partition("Madame, Monsieur")[0]
        assert " et les " not in head, name


def test_spaces_of_french_typography_stay_in_names() -> None:
    assert words("«\u202foui\u202f» \u00a0!").text("fr") == "«\u202foui\u202f» \u00a0!"
    assert words("a\u202eb").text("fr") == "a\\u202eb"
    assert words("é" * 100, 20).text("fr") == "é" * 19 + "…"


HELD = {"sex": "sex", "age": "age", "family": "family", "disability": "disability", "nationality": "nationality",
        "residence": "residence", "poverty": "income"}  # fmt: skip


@pytest.mark.parametrize("lost", [*HELD, "outcome", "model", "period", "override_rate", None])
def test_what_is_asked_is_what_is_needed_less_what_is_held(lost: str | None) -> None:
    """From a full set, the loss of any one thing brings back its request, and no other."""
    groups = {name: {"column": name, "ground": ground} for name, ground in HELD.items() if name != lost}
    system = {"name": "s", "harm": "punitive", "country": "FR"} | ({} if lost == "period" else {"period": "2025"})
    facts = {"override_rate": {"value": 0.1, "lower": 0.05, "upper": 0.2, "said_by": "service"}}
    more: dict[str, Any] = {
        "groups": groups,
        "system": system,
        "rights": {"facts": {} if lost == "override_rate" else facts},
    }
    at = result(**more)
    changes: dict[str, Any] = {} if lost == "model" else {"model": at.spec.model_construct()}
    if lost == "outcome":
        changes["outcome"] = None
    spec = at.spec.model_copy(update=changes)
    asked = [one.text("en") for one in missing_data(replace(at, spec=spec), LIBRARY, {g for g in HELD if g != lost})]
    expected = {None: 0, "outcome": 2}.get(lost, 1)  # without outcomes, the random cases are asked too
    assert len(asked) == expected, asked
    if lost in HELD:
        columns = {"nationality": "nationality", "poverty": "level of income"}  # the law’s own names are no columns
        name = columns.get(lost, LIBRARY.grounds[lost].name.text("en").lower())
        assert f"each of these: {name}; each with" in asked[0]
