"""Doubts: spellings of one value, words for no value, dates among classes; in rows and in published counts alike.

Each generator makes at least fifty variants of its kind; every one must give the figures of the plain table, or stop
with a question that names the values and the key to type.
"""

from __future__ import annotations

import unicodedata
from itertools import product
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd
import pytest

from auditkit.counts.number_doubts import number_ends
from auditkit.counts.published import published_cells
from auditkit.errors import DataError
from auditkit.intake.count_tables import read_counts
from auditkit.intake.doubts import Asked, Doubt, Unanswered, value_questions
from auditkit.intake.settle_values import settled_counts
from auditkit.intake.spelling import folded, listed_spellings
from auditkit.spec import AuditSpec
from tests.counts.counting import audit as plain_audit
from tests.counts.counting import count_text, rows_of

WORDS = ["contrôlé", "oui", "Lone parent", "né ailleurs", "yes", "1", "true", "18-25"]
SPELLINGS = {
    "blank after": lambda w: w + " ",
    "no-break space after": lambda w: w + "\u00a0",
    "tab before": lambda w: "\t" + w,
    "narrow space after": lambda w: w + "\u202f",
    "zero width after": lambda w: w + "\u200b",
    "decomposed": lambda w: unicodedata.normalize("NFD", w),
    "capital": lambda w: w.capitalize(),
    "capitals": lambda w: w.upper(),
    "double blank": lambda w: w.replace(" ", "  "),
    "no-break space within": lambda w: w.replace(" ", "\u00a0"),
    "no accents": lambda w: "".join(c for c in unicodedata.normalize("NFKD", w) if not unicodedata.combining(c)),
    "underscore": lambda w: w.replace(" ", "_"),
    "decimal": lambda w: w + ".0" if w.isdigit() else w,
    "zero before": lambda w: "0" + w if w.isdigit() else w,
    "truth": lambda w: {"1": "TRUE", "true": "1"}.get(w, w),
    "dash": lambda w: w.replace("-", "\u2013"),
    "full stop": lambda w: w + "." if w.isalpha() else w,
}
VARIANTS = [
    pytest.param(word, made, id=f"{word}-{name}")
    for (word, (name, spell)) in product(WORDS, SPELLINGS.items())
    if (made := spell(word)) != word
]
assert len(VARIANTS) >= 50


def spelt(word: str, other: str) -> dict[str, list[str]]:
    """Two groups of 40, half of each selected; in B every other selected row is spelt in the other way."""
    decision = [word, "rest"] * 20 + [word, "rest", other, "rest"] * 10
    return {"sex": ["A"] * 40 + ["B"] * 40, "decision": decision}


PLAIN = {("A", 1, -1): 20.0, ("A", 0, -1): 20.0, ("B", 1, -1): 20.0, ("B", 0, -1): 20.0}


def asked_or_right(columns: dict[str, Any], right: dict[tuple[Any, ...], float], other: str, **content: Any) -> None:
    """The counts of the plain table; or a question with the spelling and the key, whose answer gives those counts."""
    try:
        found = count_text(audit(**content), columns)
    except Unanswered as error:
        raised = error
    else:
        assert rows_of(found.joint[0]) == right
        return
    (doubt,) = raised.doubts
    assert "same: [[" in str(raised)
    assert "apart: [[" in str(raised)
    assert folded(other) in [value for value, _ in doubt.values]
    (answer,) = [one for one in doubt.answers if one.key == "same"]
    found = count_text(audit(**content, **answer.patch), columns)
    assert rows_of(found.joint[0]) == right


def audit(**content: Any) -> AuditSpec:
    """An audit in which a column x selects, unless it says otherwise."""
    return plain_audit(**({"selected": {"column": "x", "in": [1]}} | content))


def questions(asked: Asked, counts: dict[str, int], **content: Any) -> list[Doubt]:
    """What is asked of a column with these values, once they are folded and joined as the audit says."""
    settled, _, _ = settled_counts(counts, audit(**content), "t.csv", asked.column)
    return list(value_questions(asked, settled, audit(**content)))


@pytest.mark.parametrize(("word", "other"), VARIANTS)
def test_every_spelling_is_folded_or_asked_in_every_role(word: str, other: str) -> None:
    counts = {word: 60, "rest": 80, other: 40}
    roles = [Asked("d", "groups: sex")]
    roles += [Asked("d", role, (word,), more) for role, more in (("selected", None), ("outcome", ()), ("keep", None))]
    for asked in roles:
        listed = asked.listed is not None and folded(other) in listed_spellings([word])
        if folded(word) == folded(other) or listed:
            assert questions(asked, counts) == []
            continue
        (doubt,) = questions(asked, counts)
        assert doubt.stops
        assert {value for value, _ in doubt.values} == {folded(word), folded(other)}
        same, apart = doubt.answers
        assert questions(asked, counts, **same.patch) == []
        assert settled_counts(counts, audit(**same.patch), "t.csv", "d")[0]["rest"] == 80
        assert max(settled_counts(counts, audit(**same.patch), "t.csv", "d")[0].values()) == 100
        assert questions(asked, counts, **apart.patch) == []


WHOLE = [VARIANTS[i] for i in range(0, len(VARIANTS), 11)]


@pytest.mark.parametrize(("word", "other"), WHOLE)
def test_a_decision_in_two_spellings(word: str, other: str) -> None:
    asked_or_right(spelt(word, other), PLAIN, other, selected={"column": "decision", "in": [word]})


@pytest.mark.parametrize(("word", "other"), WHOLE[:3])
def test_an_outcome_in_two_spellings(word: str, other: str) -> None:
    columns = spelt(word, other)
    right = {("A", 1, 1): 20.0, ("A", 1, 0): 20.0, ("B", 1, 1): 20.0, ("B", 1, 0): 20.0}
    columns |= {"x": ["1"] * 80}
    outcome = {"column": "decision", "positive": [word], "rest": "negative"}
    asked_or_right(columns, right, other, selected={"column": "x", "in": [1]}, outcome=outcome)


@pytest.mark.parametrize(("word", "other"), WHOLE[1:4])
def test_rows_kept_in_two_spellings(word: str, other: str) -> None:
    columns = spelt(word, other) | {"x": ["1", "0"] * 40}
    right = {("A", 1, -1): 20.0, ("B", 1, -1): 20.0}
    keep = [{"column": "decision", "in": [word]}]
    asked_or_right(columns, right, other, keep=keep, selected={"column": "x", "in": [1]})


@pytest.mark.parametrize(("word", "other"), WHOLE)
def test_a_group_in_two_spellings(word: str, other: str) -> None:
    columns = {"sex": ["rest"] * 20 + [word, other] * 10, "x": ["1", "0"] * 20}
    columns["x"] = ["1", "0"] * 10 + ["1", "1", "0", "0"] * 5
    right = {("rest", 1, -1): 10.0, ("rest", 0, -1): 10.0}
    try:
        found = count_text(audit(selected={"column": "x", "in": [1]}), columns)
    except Unanswered as error:
        (doubt,) = error.doubts
        same = doubt.answers[0].patch
        found = count_text(audit(selected={"column": "x", "in": [1]}, **same), columns)
        apart = count_text(audit(selected={"column": "x", "in": [1]}, **doubt.answers[1].patch), columns)
        assert len(apart.joint[0].level("sex").stated) == 3
    (name,) = [value for value in found.joint[0].level("sex").values if value != "rest"]
    assert rows_of(found.joint[0]) == right | {(name, 1, -1): 10.0, (name, 0, -1): 10.0}


@pytest.mark.parametrize(("word", "other"), WHOLE)
def test_labels_of_published_counts_in_two_spellings(word: str, other: str, tmp_path: Path) -> None:
    lines = ["sex,decision,n", f'A,"{word}",10', "A,rest,30", f'B,"{word}",5', f'B,"{other}",5', "B,rest,30"]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    content = {"data": {"file": "t.csv", "count": "n"}, "selected": {"column": "decision", "in": [word]}}
    try:
        spec = audit(**content)
        found = published_cells(spec, read_counts(spec, tmp_path))
    except Unanswered as error:
        spec = audit(**content, **error.doubts[0].answers[0].patch)
        found = published_cells(spec, read_counts(spec, tmp_path))
    assert rows_of(found.joint[0]) == {("A", 1, -1): 10, ("A", 0, -1): 30, ("B", 1, -1): 10, ("B", 0, -1): 30}


MISSING = [
    pytest.param(word, id=word)
    for base in (
        "NA",
        "N/A",
        "n.d.",
        "nan",
        "None",
        "NULL",
        "?",
        "-",
        ".",
        "#N/A",
        "<NA>",
        "NaT",
        "--",
        "#VALUE!",
        "(null)",
        "k.A.",
    )
    for word in dict.fromkeys((base, base.lower(), base.upper(), base.title(), f" {base}"))
]
assert len(MISSING) >= 50


@pytest.mark.parametrize("word", MISSING)
def test_every_word_for_no_value_is_asked(word: str) -> None:
    asked, counts = Asked("sex", "groups: sex"), {"A": 20, "B": 20, word: 20}
    (doubt,) = questions(asked, counts)
    missing, apart = doubt.answers
    assert settled_counts(counts, audit(**missing.patch), "t.csv", "sex")[0] == {"A": 20, "B": 20}
    assert questions(asked, counts, **apart.patch) == []


def test_a_word_for_no_value_in_a_table() -> None:
    columns = {"sex": ["A", "B", "N.D. "] * 20, "x": ["1", "0", "1"] * 20}
    content: dict[str, Any] = {"selected": {"column": "x", "in": [1]}}
    with pytest.raises(Unanswered, match="missing_values: ") as caught:
        count_text(audit(**content), columns)
    missing, apart = caught.value.doubts[0].answers
    assert count_text(audit(**content, **missing.patch), columns).account.not_stated == {"sex": 20}
    assert count_text(audit(**content, **apart.patch), columns).joint[0].level("sex").stated == ("A", "B", "N.D.")


ONES = list(product([1, 1.0, "1", "1.0", True], ["1", "1.0", "1.00", "true", "True", "TRUE"], ["selected", "outcome"]))
assert len(ONES) >= 50


def test_every_one_is_listed() -> None:
    for listed, written, _ in ONES:
        assert written in listed_spellings([listed])


@pytest.mark.parametrize(("listed", "written", "role"), ONES[::9])
def test_a_one_is_a_one(listed: Any, written: str, role: str) -> None:
    nought = {"1": "0", "1.0": "0.0", "1.00": "0.00"}.get(written, written.lower().replace("true", "false"))
    columns = {"sex": ["A", "B"] * 10, "x": [written, written, nought, nought] * 5, "s": ["yes"] * 20}
    if role == "selected":
        spec = audit(selected={"column": "x", "in": [listed]})
        assert rows_of(count_text(spec, columns).joint[0])[("A", 1, -1)] == 5
    else:
        spec = audit(selected={"column": "s", "in": ["yes"]}, outcome={"column": "x", "positive": [listed]})
        assert rows_of(count_text(spec, columns).joint[0]) == {
            ("A", 1, 1): 5, ("A", 1, 0): 5, ("B", 1, 1): 5, ("B", 1, 0): 5,
        }  # fmt: skip


@pytest.mark.parametrize(
    "date", ["2026-12-10", "10/12/2026", "12-Oct", "Oct-12", "10-déc.", "oct.-12", "2026-12-10 00:00:00"]
)
def test_dates_among_classes_are_asked(date: str) -> None:
    columns = {"sex": ["13-17", "18-25", date] * 20, "x": ["1", "0", "1"] * 20}
    with pytest.raises(Unanswered, match="10-12"):
        count_text(audit(selected={"column": "x", "in": [1]}), columns)
    spec = audit(selected={"column": "x", "in": [1]}, same=[["10-12", date]])
    assert "10-12" in count_text(spec, columns).joint[0].level("sex").values


SENTINELS = [
    (ages, sentinel, role)
    for ages in ([20, 30, 50], list(range(18, 65)), [0, 1, 2])
    for sentinel in (-1, -9, -99, -999, 999, 9999, 99999, 998, 888)
    for role in ("bins", "score")
]
assert len(SENTINELS) >= 50


@pytest.mark.parametrize(("ages", "sentinel", "role"), SENTINELS[::7])
def test_a_sentinel_is_asked(ages: list[int], sentinel: int, role: str) -> None:
    number = [ages[i % len(ages)] if i % 10 else sentinel for i in range(200)]
    columns = {"sex": ["A", "B"] * 100, "age": number, "x": ["1", "0", "0", "1"] * 50}
    content: dict[str, Any] = {"selected": {"column": "x", "in": [1]}}
    if role == "bins":
        content |= {"groups": {"age": {"column": "age", "bins": [1, 45]}}}
    else:
        content |= {"score": "age"}
    with pytest.raises(Unanswered, match=f"found {sentinel} .*missing_values") as caught:
        count_text(audit(**content), columns)
    missing, confirmed = caught.value.doubts[0].answers
    with_missing = count_text(audit(**content, **missing.patch), columns).account
    assert (with_missing.not_stated.get("age", 0) or with_missing.without_score) == 20
    assert count_text(audit(**content, **confirmed.patch), columns).account.used == 200


@pytest.mark.parametrize("kind", ["bins", "score"])
def test_every_sentinel_is_asked(kind: str) -> None:
    """All in one table of pandas: the question rests on the ends of a column alone."""
    for ages, sentinel, role in SENTINELS:
        if role != kind:
            continue
        number = [float(ages[i % len(ages)]) if i % 10 else float(sentinel) for i in range(200)]
        frame = nw.from_native(pd.DataFrame({"age": number})).lazy()
        low, high = min(number), max(number)
        found = list(number_ends(frame, "age", "age", low, high, role == "bins", audit()))
        assert [doubt.values for doubt in found] == [((str(sentinel), 20),)], (ages, sentinel)


def test_ages_up_to_99_are_ages() -> None:
    columns = {"age": list(range(100)), "x": ["1", "0"] * 50}
    groups = {"age": {"column": "age", "bins": [25, 45]}}
    assert count_text(audit(groups=groups, selected={"column": "x", "in": [1]}), columns).account.used == 100


def test_a_scale_that_does_not_fit_the_limit_is_asked() -> None:
    columns = {"sex": ["A", "B"] * 50, "score": list(range(1, 101))}
    with pytest.raises(DataError, match=r"confirm: \[scale\]"):
        count_text(audit(score="score", selected={"at_least": 0.5}), columns)
    spec = audit(score="score", selected={"at_least": 0.5}, confirm=["scale"])
    assert count_text(spec, columns).account.used == 100


@pytest.mark.parametrize("word", [*MISSING[::4], "sans objet", "S.O.", "Not applicable"])
def test_a_word_for_no_value_in_a_decision_is_asked(word: str) -> None:
    """Whoever holds it would count as not selected: 20 of 60 in place of 20 of 40."""
    columns = {"sex": ["A", "B"] * 60, "x": ["oui", "oui", "non", "non", word, word] * 20}
    chosen: dict[str, Any] = {"selected": {"column": "x", "in": ["oui"]}}
    with pytest.raises(Unanswered, match=r"under selected: found .*missing_values: ") as caught:
        count_text(audit(**chosen), columns)
    missing, apart = caught.value.doubts[0].answers
    assert rows_of(count_text(audit(**chosen, **missing.patch), columns).joint[0])[("A", 0, -1)] == 20
    assert rows_of(count_text(audit(**chosen, **apart.patch), columns).joint[0])[("A", 0, -1)] == 40
    listed = {"selected": {"column": "x", "in": ["oui", folded(word)]}}
    assert rows_of(count_text(audit(**listed), columns).joint[0])[("A", 1, -1)] == 40


TOTALS = [
    spell(word)
    for word in ("Total", "Totals", "Totaux", "Ensemble", "Gesamt", "Insgesamt", "Totaal", "Totale", "Grand total")
    for spell in (str, str.lower, str.upper, lambda w: f"{w} :", lambda w: f" {w}", lambda w: f"{w}.")
]
assert len(TOTALS) >= 50


@pytest.mark.parametrize("word", TOTALS)
def test_a_line_that_sums_up_others_is_no_group(word: str) -> None:
    asked, counts = Asked("sex", "groups: sex"), {"A": 20, "B": 20, word: 1}
    (doubt,) = questions(asked, counts)
    assert "not_in: [" in doubt.question.text("en")
    assert questions(asked, counts, **doubt.answers[0].patch) == []
    assert questions(asked, {"A": 20, word: 20}) == []  # a group beside everyone


JOINED = [
    (sign.join(parts), parts)
    for parts in (("A", "B"), ("B", "A"), ("A", "B", "C"), ("né ailleurs", "A"), ("Asian", "Black or Other"))
    for sign in ("|", " | ", ";", "; ", "| ", " ;", " ; ", "|  ", " |", ";  ")
]
assert len(JOINED) >= 50


@pytest.mark.parametrize(("value", "parts"), JOINED)
def test_several_groups_in_one_cell_are_asked(value: str, parts: tuple[str, ...]) -> None:
    asked, counts = Asked("race", "groups: race"), {**dict.fromkeys(parts, 20), value: 15}
    (doubt,) = questions(asked, counts)
    assert doubt.values == ((value, 15),)
    assert f'same: [["{parts[0]}", "{value}"]]' in doubt.question.text("en")
    assert questions(asked, counts, **doubt.answers[0].patch) == []
    assert settled_counts(counts, audit(same=[[parts[0], value]]), "t.csv", "race")[0][parts[0]] == 35
    assert questions(asked, {"A": 20, "other": 20, value.replace("A", "x").replace("B", "y"): 15}) == []


SEXES = [("F", other) for other in ("Femme", "femmes", "Female", "WOMAN", "Féminin", "weiblich", "Vrouw", "mujer")]
SEXES += [("M", other) for other in ("H", "Homme", "hommes", "Male", "Men", "Masculin", "männlich", "hombre", "uomo")]
SEXES += [("Né ailleurs", "NÃ© ailleurs"), ("Élève", "Ã‰lÃ¨ve"), ("L’Île", "Lâ€™ÃŽle"), ("18–25", "18â€“25")]


@pytest.mark.parametrize(("one", "other"), SEXES)
def test_words_for_one_sex_and_texts_read_in_the_wrong_encoding_are_twins(one: str, other: str) -> None:
    asked, counts = Asked("sex", "groups: sex"), {one: 20, "X": 20, other: 20}
    (doubt,) = questions(asked, counts)
    assert {value for value, _ in doubt.values} == {one, other}
    assert questions(asked, {"F": 20, "M": 20, "X": 20}) == []


@pytest.mark.parametrize(
    ("ages", "bins"), [([43831, 43900, 44000], [25, 45]), ([1950, 1980, 2001], [30]), ([0.2, 0.5, 0.9], [25, 45])]
)
def test_limits_that_part_nothing_are_asked(ages: list[float], bins: list[float]) -> None:
    columns = {"age": [ages[i % 3] for i in range(90)], "x": ["1", "0"] * 45}
    content: dict[str, Any] = {"groups": {"age": {"column": "age", "bins": bins}}}
    with pytest.raises(Unanswered, match=r"one side of the limits .*confirm: \["):
        count_text(audit(**content), columns)
    assert count_text(audit(**content, confirm=["age"]), columns).account.used == 90


@pytest.mark.parametrize("number", [-3, -30, -1000])
def test_a_negative_number_among_classes_is_asked(number: int) -> None:
    columns = {"age": [30, number, 50] * 30, "x": ["1", "0"] * 45}
    content: dict[str, Any] = {"groups": {"age": {"column": "age", "bins": [25, 45]}}}
    with pytest.raises(Unanswered, match=rf"found {number} \(30 rows\)"):
        count_text(audit(**content), columns)
