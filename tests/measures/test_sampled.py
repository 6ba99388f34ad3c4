"""A random arm of a population: by hand, against resampling, and where it cannot speak."""

import numpy as np
import pytest

from auditkit.measures import MEASURES
from auditkit.measures.rate_parts import rate
from auditkit.measures.sampled_outcomes import estimated, of_population, worth
from auditkit.protect.released import GroupCounts, everyone_else
from auditkit.run import run_audit
from auditkit.spec import AuditSpec


def _counts(rows):
    array = np.array(rows, dtype=float)
    return GroupCounts.unweighted(("g",), tuple((str(i),) for i in range(len(array))), array)


ALL = _counts([[120, 80, 0, 60, 140, 0], [40, 60, 0, 90, 710, 0]])
POPULATION = 100_000


def test_estimates_by_hand():
    found = of_population(ALL, _arm(), POPULATION)
    # Arm of 1,000: group 0 has 200 (60 with the outcome), group 1 has 800 (90): 20,000 and 80,000 people.
    assert found.weights.tolist() == [[120, 80, 0, 6000 - 120, 14000 - 80, 0], [40, 60, 0, 9000 - 40, 71000 - 60, 0]]
    assert rate(found.weights, MEASURES["base_rate"]).tolist() == pytest.approx([0.3, 0.1125])
    assert rate(found.weights, MEASURES["false_positive_rate"])[0] == pytest.approx(80 / 14000)


def _arm():
    return _counts([[0, 0, 0, 60, 140, 0], [0, 0, 0, 90, 710, 0]])


def test_group_sizes_are_whole_people():
    found = estimated(np.zeros((3, 3)), np.array([[1.0, 0, 0], [1, 0, 0], [1, 0, 0]]), 1000.0)
    assert found.sum(axis=-1).tolist() == [333, 333, 333]


def test_a_group_without_an_arm_stays_unseen():
    found = estimated(np.array([[5.0, 5, 0], [1, 1, 0]]), np.array([[0.0, 0, 0], [10, 10, 0]]), 100.0)
    assert found[0].tolist() == [5, 5, 0, 0, 0, 0]
    # more found than the arm allows: 1 in 20 of 100 people are 5, and 50 were found
    more = estimated(np.array([[50.0, 0, 0]]), np.array([[1.0, 19, 0]]), 100.0)
    assert more[0].tolist() == [50, 0, 0, 0, 0, 50]


@pytest.mark.parametrize("key", ["false_positive_rate", "false_negative_rate", "base_rate", "positive_predictive_value",
                                 "true_positive_share"])  # fmt: skip
def test_the_worth_of_a_rate_agrees_with_resampling(key):
    found = of_population(ALL, _arm(), POPULATION)
    row = MEASURES[key]
    p = rate(found.weights, row)
    closed = np.sqrt(p * (1 - p) / worth(found, row))
    generator = np.random.default_rng(7)
    selected = generator.poisson(ALL.rows[:, :3], size=(20_000, 2, 3)).astype(float)
    arm = generator.multinomial(1000, _arm().rows[:, 3:].ravel() / 1000, size=20_000).reshape(-1, 2, 3).astype(float)
    drawn = rate(estimated(selected, arm, POPULATION), row).std(axis=0)
    assert closed == pytest.approx(drawn, rel=0.05)


def test_everyone_else_adds_up_the_arm():
    rest = everyone_else(of_population(ALL, _arm(), POPULATION))
    assert rest.sampled is not None
    assert rest.sampled.arm[0].tolist() == [90, 710, 0]
    assert worth(rest, MEASURES["base_rate"])[0] == pytest.approx(800, rel=0.01)


def test_a_population_goes_without_score_or_weight(tmp_path):
    content = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "c.csv", "score": "score",
        "selected": {"at_least": 1}, "groups": {"g": {"column": "g"}}, "outcome": {"column": "y", "positive": [1]},
        "observed": {"arm": {"column": "how", "in": ["random"], "population": 1000}},
    }  # fmt: skip
    with pytest.raises(ValueError, match="population goes without score"):
        AuditSpec.model_validate(content)


def test_attributes_in_tables_of_their_own(tmp_path):
    (tmp_path / "a.csv").write_text("sex,chosen\nw,1\nm,0\nm,1\n")
    (tmp_path / "b.csv").write_text("age,chosen\nold,1\nyoung,1\nold,0\nold,0\n")
    spec = AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "data": "a.csv",
            "selected": {"column": "chosen", "in": [1]},
            "groups": {"sex": {"column": "sex"}, "age": {"column": "age", "data": "b.csv"}},
            "measures": ["selection_rate"],
            "publish": {"minimum_count": 0, "because": "test"},
        }
    )
    analysis = run_audit(spec, tmp_path).analyses[0]
    found = {(e.group, e.numerator, e.denominator) for e in analysis.estimates}
    assert found == {("w", 1, 1), ("m", 1, 2), ("old", 1, 3), ("young", 1, 1)}
    assert [v.reason for v in analysis.views if len(v.attributes) > 1] == ["unlinked"]
    assert any("leaves 4 rows to count, the main table 3" in note.text("en") for note in analysis.notes)
