"""The synthetic caseload: its stated truth is the truth, and the shipped file is what the script draws."""

from __future__ import annotations

import csv
import doctest
import gzip
import io
import math
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "datasets" / "benefits-caseload"
SHIPPED = FOLDER / "synthetic-caseload.csv.gz"


def curve(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def test_without_disparity_the_truth_is_one_line(make_caseload: ModuleType) -> None:
    given = make_caseload.parameters(no_disparity=True)
    true = make_caseload.truth(given, crossed=[("sex", "household")])
    base = curve(-1.8)
    cut = math.log(0.4 / 0.6)
    chosen = curve((-1.8 + 1.1 - cut) / 0.6), curve((-1.8 - cut) / 0.6)
    selected = base * chosen[0] + (1 - base) * chosen[1]
    expected = {
        "base_rate": base,
        "selection_rate": selected,
        "true_positive_rate": chosen[0],
        "false_positive_rate": chosen[1],
        "positive_predictive_value": base * chosen[0] / selected,
        "false_omission_rate": base * (1 - chosen[0]) / (1 - selected),
        "error_rate": (1 - base) * chosen[1] + base * (1 - chosen[0]),
    }
    for (measure, attribute, group), value in true.items():
        if measure in expected:
            assert value == pytest.approx(expected[measure], rel=1e-12), (measure, attribute, group)


def test_shares_of_profiles_by_hand(make_caseload: ModuleType) -> None:
    profiles = make_caseload.profiles()
    assert len(profiles.share) == 2 * 4 * 3 * 3 * 2 * 2 * 2
    assert profiles.share.sum() == pytest.approx(1, abs=1e-12)
    true = make_caseload.truth(make_caseload.parameters(), crossed=[("sex", "household")])
    assert true["share_of_population", "household", "lone parent"] == pytest.approx(0.58 * 0.34 + 0.42 * 0.06)
    assert true["share_of_population", "sex & household", "man & single"] == pytest.approx(0.42 * 0.46)


def test_a_profile_by_hand(make_caseload: ModuleType) -> None:
    """With one attribute that matters, its groups' truth is one curve each, and other groups are equal."""
    given = make_caseload.Parameters(
        score_effects={"territory": {"rural": 0.5}}, outcome_effects={"territory": {"rural": -0.3}}
    )
    true = make_caseload.truth(given)
    cut = math.log(0.4 / 0.6)
    for value, score, outcome in (("urban", 0.0, 0.0), ("rural", 0.5, -0.3)):
        wrongly = curve((-2.75 + score - cut) / 0.6)
        assert true["false_positive_rate", "territory", value] == pytest.approx(wrongly)
        assert true["base_rate", "territory", value] == pytest.approx(curve(-2.1 + outcome))
    women = true["false_positive_rate", "sex", "woman"]
    assert women == pytest.approx(true["false_positive_rate", "sex", "man"])


def test_what_is_known_to_be_equal_is_equal(make_caseload: ModuleType) -> None:
    true = make_caseload.truth(make_caseload.parameters())
    for measure in ("selection_rate", "base_rate", "false_positive_rate", "positive_predictive_value"):
        rural, urban = (true[measure, "territory", value] for value in ("rural", "urban"))
        assert rural == pytest.approx(urban, rel=1e-12)
    assert true["selection_rate", "sex", "woman"] > 1.2 * true["selection_rate", "sex", "man"]


@pytest.mark.parametrize("no_disparity", [False, True])
def test_drawn_rows_agree_with_the_truth(make_caseload: ModuleType, no_disparity: bool) -> None:
    given = make_caseload.parameters(no_disparity)
    true, drawn = make_caseload.truth(given), make_caseload.draw(given, 300_000, 3)
    for attribute, groups in make_caseload.ATTRIBUTES.items():
        for place, group in enumerate(groups):
            of = drawn.codes[attribute] == place
            for measure, among, event in (
                ("selection_rate", of, drawn.selected),
                ("base_rate", of, drawn.undue),
                ("false_positive_rate", of & ~drawn.undue, drawn.selected),
                ("true_positive_rate", of & drawn.undue, drawn.selected),
                ("positive_predictive_value", of & drawn.selected, drawn.undue),
                ("share_of_population", np.ones(len(of), dtype=bool), of),
            ):
                expected = true[measure, attribute, group]
                error = math.sqrt(expected * (1 - expected) / among.sum())
                assert abs(event[among].mean() - expected) < 4.5 * error, (measure, attribute, group)


def test_selection_is_what_the_printed_score_says(make_caseload: ModuleType) -> None:
    drawn = make_caseload.draw(make_caseload.parameters(), 50_000, 9)
    assert np.array_equal(drawn.score >= 0.4, drawn.selected)
    assert drawn.score.min() >= 0
    assert drawn.score.max() <= 1


def test_the_shipped_file_is_what_the_script_draws(make_caseload: ModuleType) -> None:
    shipped = gzip.decompress(SHIPPED.read_bytes()).decode("utf-8")
    assert shipped == make_caseload.as_csv(make_caseload.draw(make_caseload.parameters()))


def test_outcomes_are_known_only_where_there_was_a_control() -> None:
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(SHIPPED.read_bytes()).decode("utf-8"))))
    assert len(rows) == 40_000
    assert {(row["control"], row["outcome"] == "") for row in rows} == {
        ("none", True),
        ("score", False),
        ("random", False),
    }
    arm = [row for row in rows if row["control"] == "random"]
    assert abs(len(arm) - 2_000) < 4.5 * math.sqrt(40_000 * 0.05 * 0.95)
    assert any(float(row["score"]) >= 0.4 for row in arm)
    assert all(float(row["score"]) >= 0.4 for row in rows if row["control"] == "score")
    assert {int(row["age"]) for row in rows} == set(range(18, 65))


def test_the_same_seed_draws_the_same_rows_and_another_does_not(make_caseload: ModuleType) -> None:
    first, again, other = (
        make_caseload.as_csv(make_caseload.draw(make_caseload.parameters(), 200, seed)) for seed in (5, 5, 6)
    )
    assert first == again != other
    assert doctest.testmod(make_caseload).failed == 0
