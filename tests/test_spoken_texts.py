"""`selected.says` and its like: read from every place, in every language and form, and named where missing."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from auditkit.check import check_audit
from auditkit.errors import SpecError
from auditkit.spec import AuditSpec, Spoken, load_audit
from auditkit.spec.load_spec import analysis_spec

COUNTS = """\
title: {{en: Controls, fr: Contrôles}}
system: {{name: score, harm: punitive}}
data: {{file: counts.csv, columns: {{selected: selected, total: total}}}}
{says}
groups: {{origin: {{column: origin, reference: B{groups}}}}}
publish: {{minimum_count: 0, because: a test}}
"""


def written(folder: Path, says: str = "", groups: str = "") -> Path:
    """A small audit of counts, with these texts."""
    (folder / "counts.csv").write_text("origin,selected,total\nA,60,200\nB,60,400\n", encoding="utf-8")
    path = folder / "audit.yaml"
    path.write_text(COUNTS.format(says=says, groups=groups), encoding="utf-8")
    return path


def test_counts_say_what_being_selected_is_without_a_rule_for_it(tmp_path: Path) -> None:
    spec = load_audit(written(tmp_path, "selected: {says: {en: controlled, fr: {m: contrôlés, f: contrôlées}}}"))
    assert spec.selected is None
    assert spec.says.selected is not None
    assert spec.says.selected.form("fr", "f") == "contrôlées"


def test_an_analysis_keeps_the_texts_and_may_say_its_own() -> None:
    content: dict[str, Any] = {
        "title": "t",
        "system": {"name": "s", "harm": "punitive"},
        "data": "rows.csv",
        "score": "score",
        "selected": {"at_least": 5, "says": "rated Medium or High"},
        "outcome": {"column": "y", "positive": [1], "says": "a new offence"},
        "groups": {"g": {"column": "g"}},
        "analyses": {"high": {"selected": {"at_least": 8, "says": "rated High"}}, "same": {}},
    }
    spec = AuditSpec.model_validate(content)
    high, same = analysis_spec(spec, "high"), analysis_spec(spec, "same")
    assert (high.selected.at_least, high.says.selected.form("en", "m")) == (8, "rated High")  # type: ignore[union-attr]
    assert same.says.selected.form("en", "m") == "rated Medium or High"  # type: ignore[union-attr]
    assert high.says.outcome.form("en", "m") == "a new offence"  # type: ignore[union-attr]
    again = AuditSpec.model_validate(spec.model_dump(mode="json", by_alias=True, exclude_unset=True))
    assert again == spec


def test_missing_texts_are_named(tmp_path: Path) -> None:
    def said(path: Path) -> str:
        return " ".join(line.text("en") for line in check_audit(load_audit(path), path).understood)

    assert "missing: selected.says, groups.origin.says." in said(written(tmp_path))  # no outcome is counted here
    one = written(tmp_path, "selected: {says: {en: controlled}}", ", says: {A: {en: As, fr: les A}}")
    assert "missing: selected.says." in said(one)  # the French is missing
    assert "groups.origin.says" not in said(one)
    whole = "selected: {says: x}\noutcome: {says: {yes: with it, no: without it}}\nwrongly: {says: wrongly x}"
    assert "missing" not in said(written(tmp_path, whole, ", says: {A: As, B: Bs}"))


PLACES = ("selected", "outcome", "wrongly")
WRONG = ("[]", "{}", "{english: x}", "{en: [x]}", "{q: x}", "{m: x, z: y}", "{en: {z: x}}", "{en: {}}")


@pytest.mark.parametrize(("place", "wrong"), list(itertools.product(PLACES, WRONG)))
def test_a_phrase_that_is_none_is_refused_by_its_place(tmp_path: Path, place: str, wrong: str) -> None:
    with pytest.raises(SpecError) as refused:
        load_audit(written(tmp_path, f"{place}: {{says: {wrong}}}"))
    assert "line 4" in str(refused.value)
    assert f"{place}.says" in str(refused.value)


def test_agreement_follows_the_form_that_was_given() -> None:
    def gender(value: Any) -> str:
        return Spoken.model_validate(value).gender("fr")

    assert gender({"fr": {"f": "les personnes seules"}}) == "f"
    assert gender({"fr": "les femmes"}) == "f"
    assert gender({"fr": "les hommes"}) == "m"
    assert gender({"fr": {"m": "contrôlés", "f": "contrôlées"}}) == "m"
