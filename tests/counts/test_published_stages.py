"""A chain of decisions from a table of counts: by hand, with rounded numbers, and what is refused."""

import pytest

from auditkit.counts.published import published_cells
from auditkit.errors import DataError, SpecError
from auditkit.intake.count_tables import read_counts
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

TABLE = "g,part,people,chosen,clean,fraud\na,one,1000,100,60,40\na,two,500,50,20,20\nb,one,2000,40,30,10\n"
STAGES = [
    {"name": "chosen", "count": "chosen"},
    {"name": "visited", "count": ["clean", "fraud"]},
    {"name": "found", "count": "fraud"},
]


def audit(stages=STAGES, **data):
    return AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "data": {"file": "c.csv", "columns": {"selected": "chosen", "total": "people"}, **data},
            "groups": {"g": {"column": "g", "reference": "b"}},
            "stages": stages,
            "publish": {"minimum_count": 0, "because": "test"},
        }
    )


def _points(folder, text=TABLE, **data):
    (folder / "c.csv").write_text(text)
    points = run_audit(audit(**data), folder).analyses[0].points
    return {(p.groups[0], int(p.position)): p for p in points if p.series == "stage"}


def test_each_stage_is_of_those_who_passed_the_one_before(tmp_path):
    points = _points(tmp_path)
    # a: 1,500 people, 150 chosen, 60 + 40 + 20 + 20 = 140 visited, 60 found; b: 2,000, 40, 40, 10.
    found = {place: (p.numerator, p.denominator) for place, p in points.items()}
    assert found == {
        ("a", 1): (150, 1500), ("a", 2): (140, 150), ("a", 3): (60, 140),
        ("b", 1): (40, 2000), ("b", 2): (40, 40), ("b", 3): (10, 40),
    }  # fmt: skip
    assert points["a", 3].value == pytest.approx(60 / 140)


def test_rounded_counts_make_every_step_an_interval(tmp_path):
    points = _points(tmp_path, rounded_to=10)
    assert {p.status for p in points.values()} == {"bounds"}
    assert {p.value for p in points.values()} == {None}
    last = points["b", 3]
    # 5 to 15 of 30 to 50: Wilson at 95 % of 5 in 50 begins at 0.0435, of 15 in 30 ends at 0.6685.
    assert last.lower is not None
    assert last.upper is not None
    assert last.lower < 0.0436
    assert last.upper > 0.668


def test_sums_of_rounded_columns_are_rounded_once_for_each(tmp_path):
    (tmp_path / "c.csv").write_text(TABLE)
    spec = audit(rounded_to=10)
    visited = published_cells(spec, read_counts(spec, tmp_path)).stages[1]
    assert visited.lower is not None
    assert visited.upper is not None
    passed = {int(code): i for i, code in enumerate(visited.codes["g"]) if visited.selected[i] == 1}
    # a adds four rounded numbers, b two
    assert (visited.lower[passed[0]], visited.upper[passed[0]]) == (120, 160)
    assert (visited.lower[passed[1]], visited.upper[passed[1]]) == (30, 50)


def test_more_who_pass_than_can_have_reached_is_refused(tmp_path):
    with pytest.raises(DataError, match="60 people pass the stage visited, and only 40 can have reached it"):
        _points(tmp_path, TABLE.replace("40,30,10", "40,50,10"))
    # 40 is 35 to 45, 50 and 10 together are 50 to 70: still more
    with pytest.raises(DataError, match="visited"):
        _points(tmp_path, TABLE.replace("40,30,10", "40,50,10"), rounded_to=10)
    # 40 and 10 are 40 to 60, and 40 to 45 of them can be
    assert _points(tmp_path, TABLE.replace("40,30,10", "40,40,10"), rounded_to=10)


def test_a_chain_of_counts_says_what_it_cannot_read(tmp_path):
    (tmp_path / "c.csv").write_text(TABLE)
    by_rows = audit([{"name": "x", "selected": {"column": "chosen", "in": ["yes"]}}])
    with pytest.raises(SpecError, match="stages: selected needs rows"):
        read_counts(by_rows, tmp_path)
    long = audit().model_copy(update={"data": audit().data.model_copy(update={"columns": None, "count": "people"})})
    with pytest.raises(SpecError, match="one column a step"):
        read_counts(long, tmp_path)
    with pytest.raises(ValueError, match="expected either selected"):
        audit([{"name": "x"}])


def test_rows_refuse_a_chain_of_counts(tmp_path):
    (tmp_path / "c.csv").write_text("g,yes\na,1\nb,0\n")
    spec = AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "data": "c.csv",
            "groups": {"g": {"column": "g"}},
            "selected": {"column": "yes", "in": [1]},
            "stages": [{"name": "x", "count": "yes"}],
        }
    )
    with pytest.raises(SpecError, match="say who passes with selected"):
        run_audit(spec, tmp_path)


def test_hidden_counts_and_unseen_outcomes_are_both_in_the_bounds(tmp_path):
    # 10 +-5 found, 30 +-5 not found, 960 +-5 never looked at: they may all have the outcome, or none.
    (tmp_path / "c.csv").write_text("g,found,nothing,rest\na,10,30,960\nb,10,30,960\n")
    spec = AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "observed": "when_selected",
            "data": {
                "file": "c.csv",
                "rounded_to": 10,
                "columns": {"true_positive": "found", "false_positive": "nothing", "not_selected": "rest"},
            },
            "groups": {"g": {"column": "g", "reference": "b"}},
            "publish": {"minimum_count": 0, "because": "test"},
        }
    )
    estimates = {(e.group, e.measure): e for e in run_audit(spec, tmp_path).analyses[0].estimates}
    sensitivity = estimates["a", "true_positive_rate"]
    assert sensitivity.bound_lower == pytest.approx(5 / (5 + 965))
    assert sensitivity.bound_upper == 1
    precision = estimates["a", "positive_predictive_value"]
    assert precision.bound_lower == pytest.approx(5 / 40)
    assert precision.bound_upper == pytest.approx(15 / 40)
