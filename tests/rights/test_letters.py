"""Letters and forms: every required field filled in both languages, every blank marked and listed, nothing stored."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from auditkit.cli import exit_code
from auditkit.errors import DataError, InputError, SpecError
from auditkit.result import AuditResult
from auditkit.rights.letters import Written, write_letter
from auditkit.rights.letters.case_file import changes_of, explain_case, read_case
from auditkit.rights.letters.letter_kinds import kind_named, letter_fields, letter_kinds
from auditkit.rights.letters.letter_paper import docx_file, html_page, plain_text
from auditkit.rights.letters.local_law_144 import impact_rows
from auditkit.rights.library import load_library
from auditkit.run import run_audit
from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.scorers.scorecard import Scorecard
from auditkit.spec import AuditSpec, load_audit
from auditkit.spec.file_lines import shipped
from tests.report.page import read
from tests.rights.samples import documents_only

LIBRARY, FIELDS, LETTERS = load_library(), letter_fields(), letter_kinds()
KINDS = tuple(LETTERS)
LANGUAGES = ("en", "fr")
EPICES = load_scorecard(find_scorecard("epices"))

# What the reading of the letters and the regulators' forms ask for, written down apart from the data.
ASKED = {
    "documents": "sender_name sender_address operator missing_data",
    "explanation": "sender_name sender_address file_number decision_date decision_subject decision_body operator",
    "access": "sender_name sender_address operator system_name",
    "mention": "purpose service service_address service_email",
    "reply": "mode intervened data_sources case_data case_parameters case_operations rank case_change",
    "fria": "processes use_period frequency affected groups risks oversight measures governance complaints first_use "
    "notification dpia_reference",
    "annex-viii-c": "operator operator_address operator_contact submitter provider_entry fria_summary dpia_summary",
    "ll144": "audit_date data_source data_explanation unknown_number people_number impact_ratios distribution_date",
    "atrs": "system_name operator phase region one_sentence description website operator_contact owner_team "
    "senior_role third_party supplier supplier_number supplier_role procurement data_access_terms "
    "detailed_description benefits previous_process alternatives integration frequency human_review "
    "training appeals architecture system_input system_output maintenance model_name model_version "
    "model_task model_input model_output model_architecture performance datasets development_name "
    "development_modality development_description development_quantities development_sensitive "
    "development_representativeness development_url development_collection development_cleaning "
    "development_sharing development_storage operational_data impact_assessments risks mitigations",
    "nl-register": "system_name one_sentence operator theme status begin_date end_date operator_contact public_page "
    "category source_registration purpose considerations human_review risk_management legal_text legal_link "
    "processing_register impact_assessments impact_link data_sources data_link technical_working supplier code_link "
    "register_language register_schema source_id search_terms",
    "inventory": "system_name operator purpose legal_text decision volume automation data_sources rules code_link "
    "operator_contact entry_date",
    "dpia-annex": "purpose data_sources necessity risks safeguards oversight complaints dpo_advice residual_risk",
    "annex-iv": "system_name purpose design performance oversight changes",
    "article-10": "design data_origin data_bias data_gaps validation",
    "cada": "sender_name sender_address operator prior_letter request_received refusal_date refused_parts",
    "reminder": "prior_letter request_received remaining last_date",
    "cnil": "prior_letter request_sent request_received remaining mandate",
    "recours": "benefit notice_date amount decision_body facts",
    "motifs": "decision_date notice_date decision_body",
    "justify-gap": "operator established_gaps like_cases alternatives_tried",
    "presumption": "established_gaps like_cases alternatives_tried data_source",
    "ddd": "ground facts prior_letter mandate",
    "human-review": "decision_body decision_date facts",
    "rectify-object": "data_wrong data_right situation",
    "abrogate": "contested_act illegality",
    "tribunal": "request_received registered refusal_date last_date",
    "art86": "system_name decision_body",
    "art85": "facts",
    "agency-refusal": "recipient_name withheld_parts",
    "agency-partial": "recipient_name answered_parts withheld_parts",
    "notice-13-14": "purpose lawful_basis data_sources recipients retention mode privacy_contact",
    "question": "representative questions",
    "cse": "operator",
    "collective": "association established_gaps",
}


def token(key: str) -> str:
    return f"‹{key}›".replace("_", "-")


@cache
def full() -> AuditResult:
    """An audit of 600 people that declares every field, men selected three times as often as women."""
    import tempfile

    folder = Path(tempfile.mkdtemp())
    lines = ["sex,score,fraud"]
    lines += [f"F,{0.9 if i % 5 == 0 else 0.1},{int(i % 7 == 0)}" for i in range(300)]
    lines += [f"M,{0.9 if i % 5 < 3 else 0.1},{int(i % 7 == 0)}" for i in range(300)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    declared = {key: token(key) for key, field in FIELDS.items() if field.source == "declared"}
    system = {
        "name": token("system_name"), "harm": "punitive", "status": "in_use", "country": "FR", "period": "2024",
        **{key: token(key) for key in ("operator", "decision", "affected")},
    }  # fmt: skip
    content: dict[str, Any] = {
        "title": "t", "as_of": "2026-11-21", "system": system, "data": "rows.csv", "score": "score",
        "selected": {"at_least": 0.6}, "outcome": {"column": "fraud", "positive": [1]},
        "groups": {"sex": {"column": "sex", "reference": "F", "ground": "sex"}},
        "known_figures": [{"what": "a", "value": 36, "unit": "percent", "denominator": "controls", "source": "s"}],
        "rights": {
            "framework": "public-benefits-fr", "letters": declared,
            "facts": {"override_rate": {"value": 0.1, "lower": 0.08, "upper": 0.12, "said_by": "control service"}},
        },
    }  # fmt: skip
    return run_audit(AuditSpec.model_validate(content), folder)


OPTIONAL = {name for name, field in FIELDS.items() if field.optional}


def typed(kind: str) -> dict[str, str]:
    return {key: token(key) for key in kind_named(kind).names if FIELDS[key].source in ("person", "dated")}


def letter(kind: str, language: str, result: AuditResult | None = None, filled: bool = True) -> Written:
    case = None
    if filled and kind == "reply":
        case = explain_case(EPICES, read_case(EPICES, [f"{name}=0" for name in EPICES.columns]), language)
    at = full() if result is None else result
    return write_letter(kind, at, LIBRARY, language, typed(kind) if filled else {}, case, force=True)


def test_the_letters_are_these_and_carry_what_is_asked() -> None:
    assert set(ASKED) <= set(KINDS)
    for kind, asked in ASKED.items():
        assert set(asked.split()) <= set(LETTERS[kind].names), kind
    for kind, data in LETTERS.items():
        assert data.key == kind
        assert data.basis
        for key in data.basis:
            assert key in LIBRARY.provisions, (kind, key)
            assert not LIBRARY.provisions[key].to_be_checked, (kind, key)
        assert (data.to is not None) == (data.addressee == "authority"), kind
    for field in FIELDS.values():
        assert set(field.items) <= set(LIBRARY.items)
    for item in LIBRARY.items.values():
        assert item.letter is None or item.letter in KINDS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_full_audit_fills_every_required_field(kind: str, language: str) -> None:
    written = letter(kind, language)
    assert written.missing == ()
    assert "[to fill in" not in written.text
    assert "[à compléter" not in written.text
    page = read(written.html)
    assert page.problems == []
    assert "script" not in page.tags
    for key in kind_named(kind).names:
        source = FIELDS[key].source
        if key in OPTIONAL and key not in ("sender_capacity", "mandate", "refused_parts", "amount"):
            continue
        told = source in ("person", "dated", "declared") or (source == "system" and key in ("system_name", "operator"))
        if told and not (kind == "tribunal" and key == "system_name"):
            assert token(key) in written.text, key
            assert token(key) in page.text, key
    if "groups" in kind_named(kind).names:
        assert re.search(r"M \| 300 \| 60[.,]0", written.text)
    if "risks" in kind_named(kind).names:
        assert "EQU-02" in written.text
    assert written.docx()[:2] == b"PK"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if "established_gaps" not in LETTERS[kind].names])
def test_an_empty_audit_marks_and_lists_every_blank(kind: str, language: str) -> None:
    written = letter(kind, language, documents_only(), filled=False)
    mark = "[à compléter\u202f: " if written.language == "fr" else "[to fill in: "
    always = {"system_name", "register_language", "register_schema", *OPTIONAL, "questions", "untested_reasons"}
    always |= {"impact_ratios", "excluded_categories", "missing_data", "untested_grounds", "data_gaps", "illegality"}
    for key in kind_named(kind).names:
        label = FIELDS[key].label.text(written.language)
        if key in always or (kind == "reminder" and key in ("operator", "operator_address")):
            continue
        assert label in written.missing, key
        assert f"{mark}{label}]" in written.text, key
    assert written.html.count('<span class="blank">[') == written.text.count(mark)


LINT = {
    "fr": (
        r"\bà vérifier\b",
        r"\bsi vous opposiez\b",
        r"texte suivant :",
        r" '",
        r"algorithmique le ",
        r"\bpar Caisse\b",
    ),
    "en": (r"\bto be checked\b", r"\bfollowing text:"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not LETTERS[kind].form])
def test_a_letter_can_be_signed(kind: str, language: str) -> None:
    """No mark meant for us, the system's name in quote marks, subject, date, capacity and a place to sign."""
    text = letter(kind, language).text
    for pattern in LINT[letter(kind, language).language]:
        assert not re.search(pattern, text, re.IGNORECASE), pattern
    assert f"traitement algorithmique {token('system_name')}" not in text
    if "sender_name" in LETTERS[kind].names:
        assert re.search(r"^(Objet\u202f:|Subject:) \S", text, re.MULTILINE)
        assert token("letter_date") in text
        assert text.count(token("sender_capacity")) == 2
        assert "(signature)" in text
        if "operator_address" in LETTERS[kind].names:
            assert text.count(token("operator_address")) == 1
    for paragraph in text.split("\n"):
        assert "  " not in paragraph.strip(), paragraph


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_rests_on_what_nobody_read(kind: str) -> None:
    """Whichever provision of its basis is from memory: it is refused, and the text is named."""
    for key in LETTERS[kind].basis:
        doubtful = LIBRARY.provisions[key].model_copy(update={"confidence": "M"})
        library = replace(LIBRARY, provisions={**LIBRARY.provisions, key: doubtful})
        with pytest.raises(InputError) as caught:
            write_letter(kind, full(), library, "fr", {}, None, force=True)
        assert doubtful.citation.text("fr") in str(caught.value), key
        assert caught.value.text("fr") != str(caught.value)


def test_a_language_of_no_template_is_written_in_english_or_french() -> None:
    for kind in KINDS:
        assert letter(kind, "nl").text, kind
    assert "Under Article 15" in letter("access", "nl").text
    assert "je saisis la Commission" in letter("cada", "nl").text


def test_only_established_gaps_are_put_to_a_judge() -> None:
    at = full()
    weak = tuple(replace(gap, verdict="present") if gap.verdict == "established" else gap for gap in at.main.gaps)
    with pytest.raises(InputError, match="established"):
        letter("justify-gap", "en", replace(at, analyses=(replace(at.main, gaps=weak),)))
    text = letter("presumption", "fr").text
    assert re.search(r"sex : M \| F \| taux de sélection \| 60,0 % \| 20,0 % \| 3,00 \|", text.replace("\u202f", " "))
    assert "présum" in text
    assert " discrimination est établie" not in text


def test_the_english_of_a_french_letter_says_that_it_is_a_translation() -> None:
    first = letter("documents", "en").text.splitlines()[0]
    assert first == "Translation for your information; send the French text."
    assert not letter("documents", "fr").text.startswith("Trad")


def test_no_template_names_an_article_by_itself() -> None:
    for path in (shipped("report_templates") / "letters").glob("*.txt"):
        bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\b[LRD]\. ?\d|\barticles? \d|\bArt\.? ?\d", bare), path.name


def test_the_paper_of_a_letter() -> None:
    """Whom it goes to stands on the right, numbers have no bullet, and a column that holds nothing is left out."""
    source = "> The body\n\n- 1. first\n- other\n\n| a | b | c |\n| 1 | | 3 |\n\n(signature)"
    assert plain_text(source) == "The body\n\n1. first\n- other\n\na | c\n1 | 3\n\n(signature)\n"
    page = html_page(source, "t", "en")
    assert '<p class="to">The body</p>' in page
    assert '<li class="numbered">1. first</li>\n<li>other</li>' in page
    assert "<tr><td>1</td><td>3</td></tr>" in page
    assert '<p class="signature">(signature)</p>' in page
    assert docx_file(source, "t", "en") == docx_file(source, "t", "en")


def test_each_road_to_the_court_has_its_own_application() -> None:
    facts = {"prior_kind": "recours", "benefit": "allocations familiales", "refusal_date": "1er mars 2027"}
    family = write_letter("tribunal", full(), LIBRARY, "fr", facts).text
    assert "pôle social du tribunal judiciaire" in family
    assert "CADA" not in family
    assert "CJA" not in family
    assert "code de justice administrative" not in family
    assert "rejet de mon recours préalable" in family
    repeal = write_letter("tribunal", full(), LIBRARY, "fr", {"prior_kind": "abrogate"}).text
    assert "annulation du refus d’abroger" in repeal
    assert "CADA" not in repeal
    assert "CADA" in write_letter("tribunal", full(), LIBRARY, "fr", {"prior_kind": "documents"}).text
    mine = write_letter("cada", full(), LIBRARY, "fr", {"prior_kind": "explanation"}).text
    assert "R. 311-3-1-2" in mine.replace("\u00a0", " ")
    assert "tableaux" not in mine
    assert "refus opposé par l’organisme ‹decision-body›" in mine  # who decided was asked, not who runs the system
    reminder = write_letter("reminder", full(), LIBRARY, "fr", {"prior_kind": "access"})
    assert "délégué à la protection des données" in reminder.text.partition("Objet")[0]
    assert "PRADA" not in reminder.text + reminder.cover
    assert "rights.facts" not in letter("article-10", "fr").text


def test_what_was_typed_or_declared_is_text_and_nothing_else() -> None:
    nasty = "<script>alert(1)</script>\n# Heading | cell \u202e\ue000 {{ 7*7 }}"
    at = full()
    letters = {**at.spec.rights.letters, "purpose": nasty}
    rights = at.spec.rights.model_copy(update={"letters": AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none", "rights": {"letters": letters}}
    ).rights.letters})  # fmt: skip
    result = replace(at, spec=at.spec.model_copy(update={"rights": rights}))
    written = write_letter("mention", result, LIBRARY, "fr", {}, force=True)
    assert "<script>" not in written.html
    assert "&lt;script&gt;" in written.html
    assert "\u202e" not in written.html
    assert "{{ 7*7 }}" in written.text
    assert not re.search(r"^Heading", written.text, re.MULTILINE)


def test_a_personal_fact_or_an_unknown_field_is_refused_in_audit_yaml() -> None:
    for name, words in (("sender_name", "never stored"), ("purpos", '"purpose"')):
        content = {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none"}
        spec = AuditSpec.model_validate(content | {"rights": {"letters": {name: "x"}}})
        with pytest.raises(SpecError, match=words):
            write_letter("mention", AuditResult(spec, (), ()), LIBRARY, "en", {})
    with pytest.raises(InputError, match='"documents"'):
        kind_named("document")


def test_the_csv_of_new_york_by_hand() -> None:
    # Selected: 60 of 300 women, 180 of 300 men; the highest rate is 0.6, so the ratio of women is 0.2 / 0.6 = 0.3333.
    content = letter("ll144", "en").others[".csv"].decode()
    head, table = content.split("\n\n")
    assert head.splitlines()[0] == "audit_date,21 November 2026"
    assert [line.split(",")[0] for line in head.splitlines()] == [
        "audit_date", "tool", "distribution_date", "data_source", "data_explanation", "n_unknown"
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(table)))
    assert list(rows[0]) == [
        "attribute", "category", "n_assessed", "n_selected", "selection_rate", "impact_ratio", "note"
    ]  # fmt: skip
    assert [list(row.values())[1:6] for row in rows] == [
        ["F", "300", "60", "0.2000", "0.3333"],
        ["M", "300", "180", "0.6000", "1.0000"],
    ]
    assert "adverse here" in head


def test_a_tiny_or_withheld_category_has_no_ratio() -> None:
    at = full()
    rows = [e for e in at.main.estimates if e.measure == "selection_rate" and e.attributes]
    tiny = replace(rows[0], groups=("T",), value=0.9, numerator=9.0, denominator=10.0, n=10.0)
    gone = replace(rows[0], groups=("G",), value=None, numerator=None, n=None, status="suppressed")
    main = replace(at.main, estimates=(*rows, tiny, gone))
    letter = write_letter("ll144", replace(at, analyses=(main,)), LIBRARY, "en", {}, force=True)
    content = letter.others[".csv"].decode()
    found = {r["category"]: r for r in csv.DictReader(io.StringIO(content.split("\n\n")[1]))}
    assert (found["T"]["selection_rate"], found["T"]["impact_ratio"]) == ("0.9000", "")
    assert "two in a hundred" in found["T"]["note"]
    assert "10 assessed, selection rate 90.0%" in letter.text
    assert (found["G"]["selection_rate"], found["G"]["impact_ratio"]) == ("", "")
    assert found["M"]["impact_ratio"] == ""  # what is withheld may be the highest
    assert "not known" in found["M"]["note"]


NEW_YORK = {
    ("Male", "White"): (480, 1000), ("Male", "Black"): (180, 500), ("Male", "Hispanic"): (200, 520),
    ("Male", "Asian"): (330, 600), ("Female", "White"): (450, 900), ("Female", "Black"): (240, 620),
    ("Female", "Hispanic"): (190, 480), ("Female", "Asian"): (3, 9),
}  # fmt: skip


def new_york(folder: Path, **more: Any) -> Path:
    lines = [f"{sex},{race},{selected},{n}" for (sex, race), (selected, n) in NEW_YORK.items()]
    (folder / "data.csv").write_text("sex,race,selected,applicants\n" + "\n".join(lines) + "\n")
    highest = {"is": "highest_rate"}
    content = {
        "title": "t", "as_of": "2026-11-30", "system": {"name": "s", "harm": "assistive", "country": "US"},
        "data": {"file": "data.csv", "columns": {"selected": "selected", "total": "applicants"}},
        "groups": {name: {"column": name, "reference": highest, "ground": name} for name in ("sex", "race")},
        "rights": {"framework": "nyc-ll144"},
    } | more  # fmt: skip
    (folder / "audit.yaml").write_text(json.dumps(content))
    return folder / "audit.yaml"


def test_a_small_category_changes_no_impact_ratio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The highest rate is that of Asian men, 330/600 = 0.55: white women 0.50/0.55 = 0.91, white men 0.48/0.55 = 0.87.
    monkeypatch.chdir(tmp_path)
    new_york(tmp_path)
    assert exit_code(["letter", "audit.yaml", "ll144", "--blank", "--language", "en"]) == 0
    text = (tmp_path / "ll144.en.txt").read_text()
    assert "Female & White | 900 | 450 | 50.0% | 0.91" in text
    assert "Male & White | 1,000 | 480 | 48.0% | 0.87" in text
    assert "Female & Asian: fewer than two in a hundred" in text
    assert "| 9 |" not in text
    assert "1.00" not in text.partition("sex & race")[2]


@pytest.mark.parametrize("lost", sorted(NEW_YORK))
def test_a_withheld_cell_leaves_each_ratio_right_or_absent(lost: tuple[str, str], tmp_path: Path) -> None:
    path = new_york(tmp_path, publish={"minimum_count": 0, "because": "test"})
    whole = run_audit(load_audit(path), tmp_path)
    true = {row.row.groups: row.ratio for row in impact_rows(whole)}
    estimates = tuple(
        replace(row, value=None, numerator=None, n=None, status="suppressed") if row.groups == lost else row
        for row in whole.main.estimates
    )
    cut = replace(whole, analyses=(replace(whole.main, estimates=estimates),))
    for known in (None, whole):
        for row in impact_rows(cut, known):
            assert row.ratio is None or row.ratio == true[row.row.groups]
            assert row.ratio is not None or row.note is not None


def test_a_case_explained_by_hand() -> None:
    # EPICES: 75.14, health cover -11.83, home owner -8.28, sport -6.51, holidays -7.10, lodging -9.47: 31.95 >= 30.17.
    yes = ("q02", "q04", "q06", "q08", "q10")
    case = read_case(EPICES, [f"{name}={int(name.startswith(yes))}" for name in EPICES.columns])
    found = explain_case(EPICES, case, "en")
    assert found.result == "selected"
    operations = found.fields["case_operations"]
    assert operations is not None
    assert "Start from 75.14." in operations
    assert "Score: 31.95." in operations
    assert "Threshold: selected from 30.17 on. Result: selected." in operations
    # Any further yes with a weight below -1.78 brings it under; the two that raise it (q01 +10.06, q05 +14.80) do not.
    altered = {name[:3] for change in changes_of(EPICES, case) for name in change}
    assert altered == {"q03", "q07", "q09", "q11"}
    parameters = found.fields["case_parameters"]
    assert isinstance(parameters, list)
    assert parameters[2][1:] == ["yes (1)", "weight times value (−11.83)", "−11.83"]
    assert "With “lives in a couple”, yes instead of no, the result would have been: not selected." in (
        found.fields["case_change"] or ()
    )


def test_a_cascade_is_explained_stage_by_stage() -> None:
    card = load_scorecard(find_scorecard("aggir"))
    case = read_case(card, [f"{name}={(part.values or ['A'])[0]}" for name, part in card.inputs.items()])
    found = explain_case(card, case, "fr")
    operations = found.fields["case_operations"]
    assert operations is not None
    assert any("Étape" in str(line) for line in operations)
    assert found.changes


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["q99=1"], "q99"),
        (["q01"], "no file"),
        (["a=1", "b"], "KEY=VALUE"),
        ([], "lacks"),
        (["missing.csv"], "no file"),
    ],
)
def test_a_case_that_says_too_little_is_refused(given: list[str], words: str) -> None:
    with pytest.raises((InputError, DataError), match=words):
        read_case(EPICES, given)


def test_a_number_without_limits_is_explained_all_the_same() -> None:
    content = {
        "title": "t", "status": "own", "inputs": {"income": {"kind": "number"}, "alone": {"kind": "flag"}},
        "sum": {"intercept": 1, "terms": [{"column": "income", "times": 0.5}, {"column": "alone", "times": 2}]},
        "decision": {"at_least": 5},
    }  # fmt: skip
    card = Scorecard.model_validate(content)
    found = explain_case(card, read_case(card, ["income=4", "alone=1"]), "en")  # 1 + 0.5 * 4 + 2 * 1 = 5
    assert found.result == "selected"
    changed = found.fields["case_change"]
    assert changed is not None
    assert changed[0] == "The result is: selected."
    assert changed[1] == "What would have changed it was not worked out."
    assert "no range" in found.notes[0].text()  # for whoever writes the letter, never in it


def test_each_printed_operation_is_true_as_read() -> None:
    # By hand: 4 * 0.54 = 2.16 and -3.2 + 2.16 = -1.04: whoever follows the sentence arrives where the card does.
    content = {
        "title": "t", "status": "own",
        "inputs": {"income": {"kind": "number", "range": [0, 100]}, "alone": {"kind": "flag"}},
        "sum": {"intercept": -3.2, "terms": [{"column": "income", "times": 0.54}, {"column": "alone", "times": 0}]},
        "decision": {"at_least": 5},
    }  # fmt: skip
    card = Scorecard.model_validate(content)
    operations = explain_case(card, read_case(card, ["income=4", "alone=1"]), "fr").fields["case_operations"]
    assert operations is not None
    assert "Partir de −3,2." in operations
    assert "Les effets des 2 paramètres ci-dessus font 2,16\u202f; ensemble\u202f: −1,04." in operations


def test_a_case_in_another_format_says_what_a_case_is(tmp_path: Path) -> None:
    (tmp_path / "s.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="a case is a CSV file"):
        read_case(EPICES, [str(tmp_path / "s.parquet")], 3)


def test_a_case_from_a_table(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    names = list(EPICES.columns)
    path.write_text(",".join(names) + "\n" + ",".join("0" * 11) + "\n" + ",".join("1" * 11) + "\n")
    assert read_case(EPICES, [str(path)], 2) == dict.fromkeys(names, 1.0)
    with pytest.raises(InputError, match="2 rows"):
        read_case(EPICES, [str(path)], 3)
    path.write_text(",".join(names) + "\n" + ",".join(["many"] * 11) + "\n")
    with pytest.raises(DataError, match="many"):
        read_case(EPICES, [str(path)], 1)


def test_the_command_asks_personal_facts_and_stores_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")
    source = Path(shipped("audits")) / "cnaf-dmde" / "audit.yaml"
    (tmp_path / "audit.yaml").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    lines = "Association des usagers\nje ne sais pas\n3 rue Haute, 33000 Bordeaux\n\n22/11/2026\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert exit_code(["letter", "audit.yaml", "documents"]) == 0
    done = capsys.readouterr()
    assert "- Votre adresse électronique" in done.out
    assert "Adresse postale" not in done.out
    text = (tmp_path / "documents.fr.txt").read_text(encoding="utf-8")
    assert "ne sais pas" not in text
    assert "Le 22 novembre 2026" in text
    assert text.startswith("Association des usagers\n3 rue Haute, 33000 Bordeaux\n[à compléter")
    assert "Association des usagers" in (tmp_path / "documents.fr.html").read_text(encoding="utf-8")
    assert "Lone" not in text
    assert "36\u202f%" in text
    for path in tmp_path.iterdir():
        if not path.name.startswith("documents."):
            assert "Association" not in path.read_text(encoding="utf-8")
    cover = (tmp_path / "documents.fr.cover.txt").read_text(encoding="utf-8")
    assert "n’est pas à envoyer" in cover
    assert "au plus tard le 22 février 2027" in cover  # a month of silence, then two to turn to CADA


def test_the_law_of_another_country_is_refused_and_wrong_options_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "audit.yaml").write_text("title: t\nsystem: {name: s, harm: punitive, country: NL}\ndata: none\n")
    assert exit_code(["letter", "audit.yaml", "mention", "--blank", "--language", "en"]) == 2
    assert "rests on French law, and the audit says that the system is used in NL" in capsys.readouterr().err
    assert exit_code(["letter", "audit.yaml", "mention", "--blank", "--language", "en", "--force"]) == 0
    assert exit_code(["letter", "audit.yaml", "access", "--blank", "--language", "en"]) == 0
    assert exit_code(["letter", "audit.yaml", "ll144", "--blank", "--language", "en"]) == 2
    capsys.readouterr()
    assert exit_code(["letter", "audit.yaml", "mention", "--out", "a.pdf", "--language", "en", "--force"]) == 2
    assert ".docx" in capsys.readouterr().err
    assert exit_code(["letter", "audit.yaml", "mention", "--scorecard", "epices", "--language", "en"]) == 2
    (tmp_path / "audit.yaml").write_text("title: t\nsystem: {name: s, harm: assistive, country: GB}\ndata: none\n")
    assert exit_code(["letter", "audit.yaml", "access", "--blank", "--language", "en"]) == 2
    assert exit_code(["letter", "audit.yaml", "atrs", "--blank", "--language", "en"]) == 0


def test_without_a_kind_every_kind_is_listed_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["letter", "cnaf-dmde", "--language", "fr"]) == 0
    printed = capsys.readouterr().out
    for kind, data in LETTERS.items():
        assert f"{kind} " in printed
        assert data.one_line.text("fr") in printed


def test_a_docx_holds_what_the_letter_says(tmp_path: Path) -> None:
    import docx

    written = letter("justify-gap", "fr", filled=False)
    (tmp_path / "a.docx").write_bytes(written.docx())
    assert written.docx() == letter("justify-gap", "fr", filled=False).docx()
    document = docx.Document(str(tmp_path / "a.docx"))
    words = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "Le refus de toute information peut lui-même compter" in words
    assert document.tables[0].cell(1, 4).text.replace("\u202f", " ") == "20,0 %"
    marked = [run.text for paragraph in document.paragraphs for run in paragraph.runs if run.font.highlight_color]
    assert any("à compléter" in text for text in marked)
