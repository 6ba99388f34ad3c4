"""Amsterdam Smart Check: every published score of both models."""

from __future__ import annotations

import csv
import math
import os
from pathlib import Path

import pytest

from auditkit.scorers.evaluate_card import evaluate, evaluate_total
from auditkit.scorers.open_model import find_scorecard, load_scorecard


def grid() -> list[dict[str, float]]:
    """The 16,384 published profiles with both scores."""
    path = Path(os.environ["AUDITKIT_DATASETS_MIRROR"]) / "amsterdam-smart-check" / "model_scoring_comparison.csv"
    with path.open(encoding="utf-8") as file:
        return [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]


@pytest.mark.needs_rows
@pytest.mark.parametrize(
    ("version", "published"), [("original", "original_model_score"), ("reweighed", "reweighted_model_score")]
)
def test_every_published_score(version: str, published: str) -> None:
    card = load_scorecard(find_scorecard(f"amsterdam-smart-check/score-{version}"))
    rows = grid()
    assert len(rows) == 16_384
    worst = max(abs((evaluate(card, row) or 0.0) - row[published]) for row in rows)
    assert worst <= 1e-12


# The first line of the published grid, as published.
ZERO = (
    "deelnames_started_percentage_last_year active_address_count days_since_last_dienst_end has_medebewoner "
    "avg_percentage_maatregel afspraken_no_show_count_last_year applied_for_same_product_last_year "
    "received_same_product_last_year afspraken_no_contact_count_last_year"
).split()
FIRST: dict[str, float | None] = {
    **dict.fromkeys(ZERO, 0.0),
    "at_least_one_address_in_amsterdam": 1,
    "days_since_last_relocation": 2000,
    "total_vermogen": 3000,
    "has_partner": 1,
    "sum_inkomen_bruto": 1000,
}


@pytest.mark.parametrize(("version", "score"), [("original", 0.5368090774517874), ("reweighed", 0.520267802060416)])
def test_the_first_published_profile(version: str, score: float) -> None:
    card = load_scorecard(find_scorecard(f"amsterdam-smart-check/score-{version}"))
    assert evaluate(card, FIRST) == pytest.approx(score, abs=1e-12)


def test_a_missing_income_takes_the_mean_and_raises_the_flag() -> None:
    """By the tables: the flag adds 0.002069548661412483 where it is 1 and -0.024442623963197393 where it is 0."""
    card = load_scorecard(find_scorecard("amsterdam-smart-check/score-original"))
    missing = evaluate_total(card, FIRST | {"sum_inkomen_bruto": math.nan})
    stated = evaluate_total(card, FIRST | {"sum_inkomen_bruto": 43.23545513731061})
    assert missing is not None
    assert stated is not None
    assert missing - stated == pytest.approx(0.002069548661412483 + 0.024442623963197393, abs=1e-12)


def test_a_count_that_the_model_never_saw_adds_nothing() -> None:
    """Once out of reach lowers the score by 0.394; twice counts as unknown, 0."""
    card = load_scorecard(find_scorecard("amsterdam-smart-check/score-original"))
    totals = [evaluate_total(card, FIRST | {"afspraken_no_contact_count_last_year": n}) for n in (2, None, 1)]
    assert totals[0] == totals[1]
    assert totals[2] == pytest.approx(totals[0] - 0.39416196954667376, abs=1e-12)  # type: ignore[operator]
