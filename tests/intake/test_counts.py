"""Published counts: tables as public bodies send them, and every way in which they can be wrong."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from auditkit.counts.published import published_cells
from auditkit.errors import DataError, SpecError
from auditkit.intake.count_tables import read_counts
from auditkit.intake.written_numbers import Interval
from auditkit.spec import AuditSpec

FIXTURES = Path(__file__).parent.parent / "fixtures"
INF = math.inf


def audit(data, groups=None, **more):
    return AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": "punitive"},
            "data": data,
            "groups": groups or {"g": {"column": "g"}},
            **more,
        }
    )


def table(folder, text, data=None, groups=None, **more):
    (folder / "counts.csv").write_text(text, encoding="utf-8")
    wide = {"columns": {"selected": "yes", "not_selected": "no"}}
    return audit({"file": "counts.csv", **(data or wide)}, groups, **more)


def rows(spec, folder):
    return [(row.groups, row.counts) for one in read_counts(spec, folder).tables for row in one.rows]


def by_group(spec, folder, number=0):
    found = read_counts(spec, folder).tables[number]
    return {next(iter(row.groups.values())): row.counts for row in found.rows}


def ends(interval):
    return interval.lower, interval.upper


def test_title_lines_merged_headers_narrow_spaces_hidden_numbers_total_and_notes():
    data = {
        "file": "controles.xlsx",
        "columns": {"selected": "Contrôlés / Nombre", "total": "Allocataires"},
        "suppressed": [{"text": "s", "means": [0, 4]}],
        "totals": ["Ensemble"],
    }
    spec = audit(data, {"age": {"column": "Âge"}})
    found = by_group(spec, FIXTURES)
    assert list(found) == ["18 à 24 ans", "25 à 39 ans", "40 à 59 ans", "60 ans et plus"]
    assert ends(found["18 à 24 ans"]["selected"]) == (36, 36)
    assert ends(found["18 à 24 ans"]["not_selected"]) == (1198, 1198)
    assert ends(found["25 à 39 ans"]["not_selected"]) == (12345 - 410,) * 2
    # 450 - 36 - 410 = 4 are left for both hidden counts: neither can be narrowed.
    assert ends(found["40 à 59 ans"]["selected"]) == (0, 4)
    assert ends(found["60 ans et plus"]["not_selected"]) == (808, 812)
    notes = " | ".join(note.text("en") for note in read_counts(spec, FIXTURES).notes)
    assert "row 5" in notes
    assert "2 lines of notes under the table were set aside, from row 12 on" in notes
    assert "B7" in notes
    assert '"*"' in notes


def test_the_share_column_of_the_same_sheet_gives_bounds():
    data = {
        "file": "controles.xlsx",
        "columns": {"share": "Part", "total": "Allocataires"},
        "totals": ["Ensemble"],
    }
    with pytest.raises(DataError, match=r'D8, column "Part": found "s".*suppressed'):
        read_counts(audit(data, {"age": {"column": "Âge"}}), FIXTURES)


def test_one_hidden_number_and_a_total_row_give_the_number():
    data = {
        "file": "controles.xlsx",
        "sheet": "Sexe",  # the sheet's name ends in a space that nobody sees
        "columns": {"selected": "Contrôlés", "total": "Allocataires"},
        "suppressed": [{"text": "s", "means": [0, 4]}],
        "totals": ["Ensemble"],
    }
    found = by_group(audit(data, {"sex": {"column": "Sexe"}}), FIXTURES)
    assert ends(found["Hommes"]["selected"]) == (2, 2)
    assert ends(found["Hommes"]["not_selected"]) == (11409, 11409)


def test_groups_across_the_columns_of_an_ods():
    data = {
        "file": "groupes_en_colonnes.ods",
        "across": "sex",
        "columns": {"selected": "Contrôlés", "total": "Bénéficiaires"},
        "totals": ["Ensemble"],
    }
    spec = audit(data, {"sex": {"column": "Sexe"}})
    found = by_group(spec, FIXTURES)
    assert {g: ends(c["selected"]) for g, c in found.items()} == {"Femmes": (150, 150), "Hommes": (96, 96)}
    assert ends(found["Hommes"]["not_selected"]) == (1104, 1104)
    notes = [note.text("en") for note in read_counts(spec, FIXTURES).notes]
    assert any("dont nouveaux" in note for note in notes)


def test_shares_across_the_columns_become_bounds():
    data = {
        "file": "groupes_en_colonnes.ods",
        "across": "sex",
        "columns": {"share": "Part des contrôlés", "total": "Bénéficiaires"},
        "totals": ["Ensemble"],
    }
    found = by_group(audit(data, {"sex": {"column": "Sexe"}}), FIXTURES)
    # 10.0 % of 1,500: 149.25 to 150.75; 8.0 % of 1,200: 95.4 to 96.6.
    assert ends(found["Femmes"]["selected"]) == (150, 150)
    assert ends(found["Hommes"]["selected"]) == (96, 96)


def test_merged_labels_of_an_old_workbook_fill_their_rows():
    data = {"file": "croises.xls", "columns": {"selected": "retenus", "not_selected": "non retenus"}}
    spec = audit(data, {"sex": {"column": "Sexe"}, "age": {"column": "Âge"}})
    found = {tuple(groups.values()): counts["selected"].lower for groups, counts in rows(spec, FIXTURES)}
    assert found == {
        ("Femmes", "moins de 30 ans"): 12,
        ("Femmes", "30 ans et plus"): 30,
        ("Hommes", "moins de 30 ans"): 20,
        ("Hommes", "30 ans et plus"): 25,
    }


def test_semicolons_latin_1_and_less_than_five():
    data = {
        "file": "refus.csv",
        "encoding": "latin-1",
        "columns": {"selected": "refus", "total": "demandes"},
        "suppressed": [{"text": "<5", "means": [0, 4]}],
        "totals": ["Ensemble"],
    }
    groups = {"nationality": {"column": "nationalité"}}
    found = by_group(audit(data, groups), FIXTURES)
    assert ends(found["hors Union européenne"]["selected"]) == (2, 2)  # 691 - 620 - 69
    with pytest.raises(DataError, match=r"line 1: byte \d+ of the file \(0xe9\)|line 1.*is not UTF-8"):
        read_counts(audit({k: v for k, v in data.items() if k != "encoding"}, groups), FIXTURES)


def test_rates_in_per_cent_with_decimal_commas():
    data = {
        "file": "refus.csv",
        "encoding": "latin-1",
        "columns": {"share": "taux (%)", "total": "demandes"},
        "totals": ["Ensemble"],
    }
    found = by_group(audit(data, {"nationality": {"column": "nationalité"}}), FIXTURES)
    # 5.0 % of 12,400 lies in 613.8 to 626.2; 0.2 % of 840 in 1.26 to 2.1; 6.0 % of 1,150 in 68.425 to 69.575.
    assert ends(found["française"]["selected"]) == (614, 626)
    assert ends(found["hors Union européenne"]["selected"]) == (2, 2)
    assert ends(found["Union européenne"]["selected"]) == (69, 69)


def test_counts_that_do_not_add_up_name_both_numbers_and_the_place(tmp_path):
    spec = table(
        tmp_path,
        "g,yes,no\na,10,20\nb,30,40\nTotal,41,60\n",
        {"columns": {"selected": "yes", "not_selected": "no"}, "totals": ["Total"]},
    )
    with pytest.raises(DataError, match=r"counts\.csv, line 4: .* printed is 41, .* 2 rows is 40"):
        read_counts(spec, tmp_path)


def test_a_row_that_does_not_add_up_is_refused(tmp_path):
    data = {"columns": {"selected": "yes", "not_selected": "no", "total": "all"}}
    spec = table(tmp_path, "g,yes,no,all\na,10,20,30\nb,30,40,71\n", data)
    with pytest.raises(DataError, match=r"line 3: .* sum is 70, the total printed is 71"):
        read_counts(spec, tmp_path)
    spec = table(tmp_path, "g,yes,all\na,31,30\n", {"columns": {"selected": "yes", "total": "all"}})
    with pytest.raises(DataError, match="do not add up"):
        read_counts(spec, tmp_path)


def test_rounded_totals_need_only_overlap(tmp_path):
    data = {"columns": {"selected": "yes", "not_selected": "no"}, "totals": ["Total"], "rounded_to": 10}
    spec = table(tmp_path, "g,yes,no\na,10,20\nb,30,40\nTotal,50,60\n", data)
    assert ends(by_group(spec, tmp_path)["a"]["selected"]) == (10, 15)  # 45 - 35 to 55 - 25, and 5 to 15
    spec = table(tmp_path, "g,yes,no\na,10,20\nb,30,40\nTotal,60,60\n", data)
    with pytest.raises(DataError, match=r"55–65.*30–50"):
        read_counts(spec, tmp_path)


HIDDEN = {"suppressed": [{"value": 0, "means": [0, 9], "further": "unbounded"}]}
FOUR = {
    "columns": {
        "true_positive": "tp",
        "false_positive": "fp",
        "true_negative": "tn",
        "false_negative": "fn",
    }
}


def test_one_hidden_count_is_under_the_limit_two_are_not_bounded(tmp_path):
    spec = table(tmp_path, "g,tp,fp,tn,fn\na,0,20,30,40\nb,0,0,30,40\n", {**FOUR, **HIDDEN})
    found = by_group(spec, tmp_path)
    assert found["a"]["true_positive"] == Interval(0, 9, 0)
    assert found["b"]["true_positive"] == Interval(0, INF, 0)
    assert found["b"]["false_positive"] == Interval(0, INF, 0)


def test_a_known_total_bounds_hidden_counts(tmp_path):
    four = {"columns": {**FOUR["columns"], "total": "all"}}
    spec = table(tmp_path, "g,tp,fp,tn,fn,all\nb,0,0,30,40,95\na,0,20,30,40,97\n", {**four, **HIDDEN})
    found = by_group(spec, tmp_path)
    assert ends(found["b"]["true_positive"]) == (0, 25)
    assert ends(found["a"]["true_positive"]) == (7, 7)


def test_a_total_row_bounds_hidden_counts(tmp_path):
    text = "g,tp,fp,tn,fn\na,0,0,30,40\nb,50,60,30,40\nTotal,61,75,60,80\n"
    spec = table(tmp_path, text, {**FOUR, **HIDDEN, "totals": ["Total"]})
    found = by_group(spec, tmp_path)
    assert (ends(found["a"]["true_positive"]), ends(found["a"]["false_positive"])) == ((11, 11), (15, 15))


def test_hidden_counts_of_one_group_are_counted_together_in_a_long_table(tmp_path):
    text = "g,decision,people\na,yes,0\na,no,0\nb,yes,0\nb,no,50\n"
    spec = table(tmp_path, text, {"count": "people", **HIDDEN}, selected={"column": "decision", "in": ["yes"]})
    found = [ends(counts["n"]) for _, counts in rows(spec, tmp_path)]
    assert found == [(0, INF), (0, INF), (0, 9), (50, 50)]


def test_totals_at_both_margins_of_a_linked_table(tmp_path):
    text = (
        "sex;age;yes;no\nF;young;1;2\nF;old;3;4\nM;young;5;6\nM;old;7;8\n"
        "F;Total;4;6\nM;Total;12;14\nTotal;young;6;8\nTotal;old;10;12\nTotal;Total;16;20\n"
    )
    groups = {"sex": {"column": "sex"}, "age": {"column": "age"}}
    data = {"columns": {"selected": "yes", "not_selected": "no"}, "totals": ["total"]}
    spec = table(tmp_path, text, data, groups)
    assert len(rows(spec, tmp_path)) == 4
    spec = table(tmp_path, text.replace("Total;old;10", "Total;old;11"), data, groups)
    with pytest.raises(DataError, match=r"line 9: .* printed is 11, .* is 10"):
        read_counts(spec, tmp_path)


def test_stacked_attributes_are_unlinked(tmp_path):
    text = "what,who,yes,no\nsex,F,1,2\nsex,M,3,4\nage,young,2,3\nage,old,2,3\n"
    data = {
        "columns": {"selected": "yes", "not_selected": "no"},
        "stacked": {"attribute": "what", "group": "who"},
    }
    groups = {"sexe": {"column": "sex"}, "age": {"column": "age"}}
    found = read_counts(table(tmp_path, text, data, groups), tmp_path).tables
    assert [one.attributes for one in found] == [("sexe",), ("age",)]
    assert [[row.groups for row in one.rows] for one in found] == [
        [{"sexe": "F"}, {"sexe": "M"}],
        [{"age": "young"}, {"age": "old"}],
    ]
    with pytest.raises(DataError, match=r'no row of column "what" says "nation"; it holds: "sex", "age"'):
        read_counts(table(tmp_path, text, data, {"n": {"column": "nation"}}), tmp_path)


def test_a_group_with_its_own_sheet_is_unlinked():
    sheet = {
        "file": "controles.xlsx",
        "suppressed": [{"text": "s", "means": [0, 4]}],
        "totals": ["Ensemble"],
    }
    own = {**sheet, "sheet": 2, "columns": {"selected": "Contrôlés", "total": "Allocataires"}}
    main = {**sheet, "columns": {"selected": "Nombre", "total": "Allocataires"}}
    spec = audit(main, {"age": {"column": "Âge"}, "sex": {"column": "Sexe", "data": own}})
    counts = read_counts(spec, FIXTURES)
    assert [one.attributes for one in counts.tables] == [("age",), ("sex",)]
    assert [source.name for source in counts.sources] == ["controles.xlsx"]


BAD = [
    ("g,yes,no\na,10,-3\n", r"line 2, column 3.*-3.*whole number"),
    ("g,yes,no\na,10,2.5\n", r"whole number"),
    ("g,yes,no\na,10,n.d.\n", r'"n\.d\.".*suppressed'),
    ("g,yes,no\na,10,<5\n", r'"<5".*suppressed'),
    ("g,yes,no\na,10,\n", r'line 2, column 3.*found ""'),
    ("g,yes,no\na,10,12,345\nb,1,2\n", None),
    ("g,yes\na,10\n", r'no row holds the column name "no"'),
    ("g,yes,no\n", r"the table is empty"),
    ("", r"empty"),
    ("\n\n", r"empty"),
    ("g,yes,no\na,1,2\nonly a heading\nb,3,4\n", r'line 3.*"only a heading"'),
    ("g,yes,yes,no\na,1,2,3\n", r'2 columns are named "yes"'),
    ("g;yes;no\na;12,345;1\n", r"decimal"),
    ("g,yes,no\na,=SUM(A1),2\n", r"=SUM"),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_what_is_not_recognised_is_refused_with_its_place(tmp_path, text, said):
    spec = table(tmp_path, text)
    if said is None:
        read_counts(spec, tmp_path)
        return
    with pytest.raises(DataError, match=said) as error:
        read_counts(spec, tmp_path)
    assert "counts.csv" in str(error.value)
    assert str(tmp_path) not in str(error.value)
    assert error.value.text("fr") != error.value.text("en")


def test_a_share_that_no_whole_number_makes_is_refused(tmp_path):
    data = {"columns": {"share": "yes", "total": "no"}}
    with pytest.raises(DataError, match="no whole number of people out of 7"):
        read_counts(table(tmp_path, "g,yes,no\na,36.0 %,7\n", data), tmp_path)


def test_across_goes_with_columns_and_one_attribute(tmp_path):
    with pytest.raises(SpecError, match="across"):
        read_counts(table(tmp_path, "a,b\n1,2\n", {"count": "n", "across": "g"}), tmp_path)
    two = {"g": {"column": "g"}, "h": {"column": "h"}}
    data = {"columns": {"selected": "yes", "total": "all"}, "across": "g"}
    with pytest.raises(SpecError, match="across names"):
        read_counts(table(tmp_path, "a,b\n1,2\n", data, two), tmp_path)


def test_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "count.csv").write_text("g\n")
    spec = audit({"file": "counts.csv", "columns": {"selected": "yes", "not_selected": "no"}})
    with pytest.raises(DataError, match=r'"counts\.csv".*"count\.csv"'):
        read_counts(spec, tmp_path)


def test_hostile_labels_stay_labels(tmp_path):
    label = "<script>alert(1)</script> {0} %s '; DROP TABLE x; --"
    spec = table(tmp_path, f'g,yes,no\n"{label}",1,2\nb,3,4\n')
    assert list(by_group(spec, tmp_path)) == [label, "b"]
    assert published_cells(spec, read_counts(spec, tmp_path)).joint[0].levels[0].values[0] == label


def test_a_hidden_share_is_a_hidden_count():
    data = {
        "file": "controles.xlsx",
        "columns": {"share": "Part", "total": "Allocataires"},
        "suppressed": [{"text": "s", "means": [0, 4]}],
    }
    found = by_group(audit({**data, "totals": ["Ensemble"]}, {"age": {"column": "Âge"}}), FIXTURES)
    # 2.9 % of 1,234 lies in 35.2 to 36.4, 3.3 % of 12,345 in 401.2 to 413.5.
    assert ends(found["18 à 24 ans"]["selected"]) == (36, 36)
    assert ends(found["25 à 39 ans"]["selected"]) == (402, 413)
    assert ends(found["40 à 59 ans"]["selected"]) == (0, 4)


def test_across_carries_no_other_labels():
    data = {"file": "groupes_en_colonnes.ods", "across": "sex", "columns": {"selected": "a", "total": "b"}}
    spec = audit(data, {"sex": {"column": "Sexe"}}, strata={"unit": "unit"})
    with pytest.raises(SpecError, match="no other labels"):
        read_counts(spec, FIXTURES)
