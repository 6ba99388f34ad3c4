"""What was published of the shipped scorecards, or follows from it by hand.

Each figure is one that others printed or can add up.
"""

from __future__ import annotations

import math
from itertools import product

import pytest

from auditkit.errors import SpecError
from auditkit.scorers.check_scorecard import check_scorecard
from auditkit.scorers.evaluate_card import band, evaluate, evaluate_total
from auditkit.scorers.open_model import find_scorecard, load_scorecard, shipped_scorecards
from auditkit.scorers.scorecard import Scorecard


def card(name: str) -> Scorecard:
    return load_scorecard(find_scorecard(name))


@pytest.mark.parametrize("name", shipped_scorecards())
def test_shipped_scorecards_are_whole_and_say_where_they_come_from(name: str) -> None:
    found = card(name)
    assert found.sources
    assert {"en", "fr"} <= set(found.title.root)
    assert check_scorecard(found).scores == (found.status != "template")
    assert not [w for w in check_scorecard(found).warnings if "no term reads it" in w.text()]


def test_epices_goes_from_0_to_100() -> None:
    epices = card("epices")
    risks = ("q01_meets_social_worker", "q05_financial_difficulty_periods_in_month")
    worst = {column: int(column in risks) for column in epices.columns}
    best = {column: 1 - value for column, value in worst.items()}
    assert evaluate(epices, best) == pytest.approx(0.0, abs=1e-9)
    assert evaluate(epices, worst) == pytest.approx(100.0, abs=1e-9)
    scores = [evaluate(epices, dict(zip(epices.columns, v, strict=True))) for v in product((0, 1), repeat=11)]
    assert min(s for s in scores if s is not None) == pytest.approx(0.0, abs=1e-9)
    assert max(s for s in scores if s is not None) == pytest.approx(100.0, abs=1e-9)
    assert evaluate(epices, dict.fromkeys(epices.columns, 0)) == 75.14


STATIC = {
    "gender": "male",
    "age": 30,
    "age_at_conviction": 30,
    "age_at_first_sanction": 21,
    "total_sanctions": 2,
    "months_since_start": 47,
    "offence_category": "other_offences",
}
SOME = "accommodation_suitability relationship_quality activities_encourage_offending chronic_drinking binge_drinking "
SOME += "impulsivity pro_criminal_attitude motivation_to_tackle_drug_misuse live_in_relationship domestic_abuse"
NO = "unemployed heroin other_opiate crack_cocaine powder_cocaine prescription_drug_misuse benzodiazepines cannabis "
NO += "steroids other_drugs"


def test_uk_static_fixture() -> None:
    predictor = card("uk-reoffending/score-static")
    assert evaluate_total(predictor, STATIC) == pytest.approx(-3.109291542898093, abs=1e-9)
    score = evaluate(predictor, STATIC)
    assert score is not None
    assert predictor.bands is not None
    assert (round(score, 2), band(predictor.bands, score)) == (4.27, "LOW")


def test_uk_dynamic_fixture() -> None:
    predictor = card("uk-reoffending/score-dynamic")
    row = STATIC | dict.fromkeys(SOME.split(), 1) | dict.fromkeys(NO.split(), 0)
    assert evaluate_total(predictor, row) == pytest.approx(-2.337088200349772, abs=1e-9)
    score = evaluate(predictor, row)
    assert score is not None
    assert predictor.bands is not None
    assert (round(score, 2), band(predictor.bands, score)) == (8.81, "LOW")


def test_uk_three_sanctions_and_a_woman() -> None:
    """By hand: 5.01702292499072 - 2.95224200717183 + age 20 + 3 x -0.0042757301284995 + copas ln(3/28), 0 months."""
    predictor = card("uk-reoffending/score-static")
    row = STATIC | {"gender": "female", "age": 20, "age_at_conviction": 18, "age_at_first_sanction": 16,
                    "total_sanctions": 3, "months_since_start": 0, "offence_category": "welfare_fraud"}  # fmt: skip
    age = -0.0175014516689226 * 20 + 0.0001625346907234 * 400 + 0.0000003645241305 * 8000 - 0.0000000746220588 * 160_000
    copas = math.log(3 / 28)
    by_hand = 5.01702292499072 - 2.95224200717183 + age - 0.0042757301284995 * 3 - 1.15395495579948
    by_hand += 1.01980307124196 * copas - 0.039439197041062 * copas**2
    assert evaluate_total(predictor, row) == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize("change", [{"gender": "unknown"}, {"offence_category": None}, {"age": None}])
def test_what_the_rule_does_not_cover_has_no_score(change: dict[str, object]) -> None:
    assert evaluate(card("uk-reoffending/score-static"), STATIC | change) is None


def test_a_quantity_that_does_not_apply_is_not_needed() -> None:
    """With one sanction neither the gap nor the rate of sanctions counts: the first age may be missing."""
    row = STATIC | {"total_sanctions": 1, "age_at_first_sanction": None}
    assert evaluate(card("uk-reoffending/score-static"), row) is not None


@pytest.mark.parametrize(
    ("score", "most", "example"), [("failure-to-appear", 7, 4), ("new-arrest", 13, 5), ("new-violent-arrest", 7, 2)]
)
def test_psa_raw_points(score: str, most: int, example: int) -> None:
    """The most that the published points add up to, and a person of 27, charge pending, with a prior
    misdemeanour and one failure to appear: 1 + 1 + 2, then 3 + 1 + 1, then 1 + 1."""
    assessment = card(f"public-safety-assessment/score-{score}")
    worst = {c: 9 if c in ("prior_fta_past_2_years", "prior_violent_conviction") else 1 for c in assessment.columns}
    worst |= {"age_at_current_arrest": 18}
    assert evaluate(assessment, worst) == most
    row = dict.fromkeys(assessment.columns, 0) | {
        "age_at_current_arrest": 27,
        "pending_charge_at_offense": 1,
        "prior_conviction": 1,
        "prior_misdemeanor_conviction": 1,
        "prior_fta_past_2_years": 1,
    }
    assert evaluate(assessment, row) == example


@pytest.mark.parametrize(("age", "points"), [(20, 3), (21, 2)])
def test_psa_violent_and_young(age: int, points: int) -> None:
    assessment = card("public-safety-assessment/score-new-violent-arrest")
    row = dict.fromkeys(assessment.columns, 0) | {"current_violent_offense": 1, "age_at_current_arrest": age}
    assert evaluate(assessment, row) == points


@pytest.mark.parametrize(("age", "points"), [(22, 2), (23, 0)])
def test_psa_new_arrest_and_young(age: int, points: int) -> None:
    assessment = card("public-safety-assessment/score-new-arrest")
    assert evaluate(assessment, dict.fromkeys(assessment.columns, 0) | {"age_at_current_arrest": age}) == points


def test_f_edi_adds_its_ten_weights() -> None:
    index = card("f-edi")
    assert evaluate(index, dict.fromkeys(index.columns, 1)) == pytest.approx(3.64)
    assert evaluate(index, dict.fromkeys(index.columns, 0) | {"foreign_nationality": 2}) == pytest.approx(0.46)


@pytest.mark.parametrize(
    ("version", "constant", "household_size", "ages"),
    [
        ("kchs-urban", 9.571642807460563, -0.02597495931937616, -0.2003887202673451),
        ("kchs-rural", 9.190021666745267, -0.01600664695425193, -0.1452310001772829),
        ("ibs-urban", 9.97261656180832, -0.09470726595876339, -0.08728024129265316),
        ("ibs-rural", 9.504182478561455, -0.0833103319026256, -0.06867057236320301),
    ],
)
def test_kenya_by_hand(version: str, constant: float, household_size: float, ages: float) -> None:
    """Four people of 40, 38, 9 and 5 years and nothing else: exp(constant + 4 size + ln(92) ages)."""
    test = card(f"kenya-means-test/score-{version}")
    row = dict.fromkeys(test.columns, 0.0) | {"household_size": 4, "sum_of_ages": 92}
    by_hand = math.exp(constant + 4 * household_size + ages * math.log(92))
    assert evaluate(test, row) == pytest.approx(by_hand, rel=1e-12)
    assert len(test.terms) == {"k": 176, "i": 197}[version[0]]
    assert test.status == "reconstruction"
    assert "journalists" in test.title.text("en")


@pytest.mark.parametrize(
    ("wrong", "of", "published"), [(123, 414, 29.71), (102, 393, 25.95), (400, 929, 43.06), (233, 762, 30.58)]
)
def test_kenya_published_errors(wrong: int, of: int, published: float) -> None:
    """Exclusion: poor households predicted not poor, of the poor. Inclusion: not poor, of those predicted poor."""
    assert round(100 * wrong / of, 2) == published


def partial(terms: list[dict[str, object]], **total: object) -> Scorecard:
    """A card of a few confirmed weights."""
    columns = {str(t["column"]): {"kind": "flag"} for t in terms}
    return Scorecard.model_validate(
        {"title": "partial", "status": "own", "inputs": columns, "sum": {"terms": terms, **total}}
    )


@pytest.mark.parametrize(("woman", "published"), [(0, 52), (1, 49)])
def test_austria_reference_persons(woman: int, published: int) -> None:
    """Printed by derstandard.at: 52 % for the reference man, 49 % for the same woman, from 0.10 and -0.14."""
    model = partial([{"column": "woman", "times": -0.14}], intercept=0.10, link="logistic", scale=100)
    score = evaluate(model, {"woman": woman})
    assert score is not None
    assert round(score) == published


def test_rhone_worked_example() -> None:
    """Threat of eviction 20, lone parent 5, rent too high for the income 10: 35 points, as printed."""
    points = {"eviction_threat": 20, "lone_parent": 5, "rent_to_income_too_high": 10}
    grid = partial([{"column": name, "times": value} for name, value in points.items()])
    assert evaluate(grid, dict.fromkeys(points, 1)) == 35


def test_the_template_never_scores() -> None:
    template = card("cnaf-controls")
    found = check_scorecard(template)
    assert not found.scores
    assert len(found.missing) == 13
    assert found.obtain is not None
    assert "caf.fr" in found.obtain.text("fr")
    with pytest.raises(SpecError, match="13 of its weights are empty"):
        evaluate(template, dict.fromkeys(template.columns, 0))
