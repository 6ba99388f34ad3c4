"""Published counts as cells: selection and outcome of long tables, sums of bounds, the account in people."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from auditkit.counts.published import published_cells
from auditkit.errors import DataError, SpecError
from auditkit.intake.count_tables import read_counts
from auditkit.spec import AuditSpec

FIXTURES = Path(__file__).parent.parent / "fixtures"
LONG = {"file": "long.csv", "count": "people"}
WIDE = {"columns": {"selected": "yes", "not_selected": "no"}}


def audit(data, groups=None, **more):
    return AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "data": data,
            "groups": groups or {"sex": {"column": "sex"}},
            **more,
        }
    )


def tabulate(spec, folder=FIXTURES):
    return published_cells(spec, read_counts(spec, folder))


def write(folder, text):
    (folder / "counts.csv").write_text(text, encoding="utf-8")


def as_dict(cells):
    """{(levels..., selected, outcome): (lower, upper)}, read off the arrays."""
    lower = cells.n if cells.lower is None else cells.lower
    upper = cells.n if cells.upper is None else cells.upper
    return {
        (
            *(level.values[cells.codes[level.name][i]] for level in cells.levels),
            int(cells.selected[i]),
            int(cells.outcome[i]),
        ): (lower[i], upper[i])
        for i in range(len(cells))
    }


def test_long_counts():
    spec = audit(
        LONG,
        selected={"column": "decision", "in": ["checked"]},
        outcome={"column": "found", "positive": ["yes"]},
    )
    found = tabulate(spec)
    (cells,) = found.joint
    assert as_dict(cells) == {
        ("F", 0, 0): (290, 290),
        ("F", 0, 1): (10, 10),
        ("F", 1, 0): (70, 70),
        ("F", 1, 1): (30, 30),
        ("M", 0, 0): (152, 152),
        ("M", 0, 1): (8, 8),
        ("M", 1, 0): (20, 20),
        ("M", 1, 1): (20, 20),
    }
    assert cells.lower is None
    assert cells.n.sum() == 600
    assert (found.account.read, found.account.used, found.account.exclusions) == (600, 600, ())
    assert not found.account.approximate


def test_outcomes_of_the_unselected_are_unseen_where_they_were_not_observed():
    spec = audit(
        LONG,
        selected={"column": "decision", "in": ["checked"]},
        outcome={"column": "found", "positive": ["yes"]},
        observed="when_selected",
    )
    found = tabulate(spec)
    assert as_dict(found.joint[0])[("F", 0, -1)] == (300, 300)
    assert found.account.without_outcome == 460


def test_keep_sets_counts_aside_in_people():
    keep = [{"column": "decision", "in": ["checked"], "because": {"en": "not checked", "fr": "non contrôlés"}}]
    found = tabulate(audit(LONG, keep=keep, outcome={"column": "found", "positive": ["yes"]}))
    assert (found.account.read, found.account.used) == (600, 140)
    (line,) = found.account.exclusions
    assert (line.reason, line.rows, line.because.text("fr")) == ("keep_1", 460, "non contrôlés")


def test_all_counts_set_aside_is_an_error():
    with pytest.raises(DataError, match="600 people were set aside"):
        tabulate(audit(LONG, keep=[{"column": "decision", "in": ["never"]}]))


def test_keep_on_a_column_that_is_not_there():
    with pytest.raises(DataError, match=r'"decison".*"decision"'):
        tabulate(audit(LONG, keep=[{"column": "decison", "in": ["checked"]}]))


def test_a_third_outcome_is_refused_unless_rest_says_what_it_is(tmp_path):
    write(tmp_path, "sex,decision,found,n\nF,y,yes,3\nF,y,no,4\nF,y,unclear,5\nF,y,,6\n")
    choice = {"selected": {"column": "decision", "in": ["y"]}}
    data = {"file": "counts.csv", "count": "n"}
    with pytest.raises(DataError, match=r'line 4.*"unclear"'):
        tabulate(
            audit(data, outcome={"column": "found", "positive": ["yes"], "negative": ["no"]}, **choice),
            tmp_path,
        )
    with pytest.raises(DataError, match="unclear"):
        tabulate(audit(data, outcome={"column": "found", "positive": ["yes"]}, **choice), tmp_path)
    spec = audit(data, outcome={"column": "found", "positive": ["yes"], "rest": "negative"}, **choice)
    found = tabulate(spec, tmp_path)
    assert as_dict(found.joint[0]) == {("F", 1, -1): (6, 6), ("F", 1, 0): (9, 9), ("F", 1, 1): (3, 3)}
    assert found.account.without_outcome == 6


def test_scores_in_a_long_table_make_a_score_view(tmp_path):
    write(tmp_path, "sex,decile,n\nF,1,10\nF,10,5\nM,1,7\nM,2,8\n")
    spec = audit({"file": "counts.csv", "count": "n"}, score="decile", selected={"at_least": 2})
    found = tabulate(spec, tmp_path)
    assert as_dict(found.joint[0]) == {
        ("F", 0, -1): (10, 10),
        ("F", 1, -1): (5, 5),
        ("M", 0, -1): (7, 7),
        ("M", 1, -1): (8, 8),
    }
    assert found.scale is not None
    assert found.scale.lower.tolist() == [1, 2, 10]
    (view,) = found.score
    assert view.score_bin.tolist() == [0, 2, 0, 1]
    assert view.score_sum is not None
    assert view.score_sum.tolist() == [10, 50, 7, 16]


def test_bounds_are_formed_before_tables_are_summed(tmp_path):
    write(tmp_path, "part,sex,tp,fp,tn,fn\ntrain,F,0,20,30,40\ntest,F,5,1,1,0\ntest,M,1,2,3,4\n")
    columns = {"true_positive": "tp", "false_positive": "fp", "true_negative": "tn", "false_negative": "fn"}
    hidden = [{"value": 0, "means": [0, 9], "further": "unbounded"}]
    found = tabulate(audit({"file": "counts.csv", "columns": columns, "suppressed": hidden}), tmp_path)
    cells = as_dict(found.joint[0])
    assert cells[("F", 1, 1)] == (5, 14)
    assert cells[("F", 0, 1)] == (40, 49)
    assert cells[("M", 1, 0)] == (2, 2)
    assert np.isnan(found.joint[0].n).tolist() == [False, True, False, True, False, False, False, False]
    assert found.account.approximate
    assert any("added up" in note.text("en") for note in found.account.notes)


def test_unbounded_counts_have_an_infinite_upper_end(tmp_path):
    write(tmp_path, "sex,yes,no\nF,0,0\nM,50,60\n")
    hidden = [{"value": 0, "means": [0, 9], "further": "unbounded"}]
    found = tabulate(audit({"file": "counts.csv", **WIDE, "suppressed": hidden}), tmp_path)
    assert as_dict(found.joint[0])[("F", 1, -1)] == (0, math.inf)
    assert (found.account.read, found.account.used) == (110, 110)


def test_groups_without_a_label_are_not_stated_or_what_missing_says(tmp_path):
    write(tmp_path, "sex,yes,no\nF,1,2\n,3,4\nN/A,5,6\n")
    data = {"file": "counts.csv", **WIDE}
    found = tabulate(audit(data, missing_values=["", "N/A"]), tmp_path)
    assert found.joint[0].levels[0].values == ("F", "")
    assert found.account.not_stated == {"sex": 18}
    found = tabulate(audit(data, {"sex": {"column": "sex", "missing": "unknown"}}, apart=[["N/A"]]), tmp_path)
    assert found.joint[0].levels[0].values == ("F", "N/A", "unknown")


def test_ages_of_count_rows_fall_into_bins(tmp_path):
    write(tmp_path, "age,yes,no\n24,1,2\n25,3,4\n44,5,6\n45,7,8\n")
    found = tabulate(audit({"file": "counts.csv", **WIDE}, {"age": {"column": "age", "bins": [25, 45]}}), tmp_path)
    assert found.joint[0].levels[0].values == ("under 25", "25 to under 45", "45 and over")
    assert as_dict(found.joint[0])[("25 to under 45", 1, -1)] == (8, 8)


def test_strata_are_levels_of_the_cells(tmp_path):
    write(tmp_path, "sex,unit,yes,no\nF,a,1,2\nM,a,3,4\nF,b,5,6\n")
    found = tabulate(audit({"file": "counts.csv", **WIDE}, strata={"department": "unit"}), tmp_path)
    assert found.joint[0].names == ("sex", "department")
    assert as_dict(found.joint[0])[("F", "b", 1, -1)] == (5, 5)


@pytest.mark.parametrize(
    "more",
    [
        {"weight": "w"},
        {"cluster": "c"},
        {"selected": {"top_share": 0.1}, "score": "s"},
        {"outcome": {"column": "found", "numeric": True}},
        {"observed": {"arm": {"column": "a", "in": ["r"]}}},
    ],
)
def test_what_counts_cannot_tell_is_refused(more):
    with pytest.raises(SpecError, match="needs rows"):
        tabulate(audit(LONG, **more))
