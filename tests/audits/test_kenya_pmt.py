"""The Kenyan proxy means test: group tables from counts, the test set from rows, and what becomes of 200 tests."""

from collections import Counter

import pytest

from auditkit.reproduce import reproduce
from auditkit.run import run_audit
from auditkit.spec import load_audit
from auditkit.spec.file_lines import shipped

FOLDER = shipped("audits") / "kenya-pmt"


def test_every_figure_of_the_group_tables_comes_out_without_the_rows(monkeypatch):
    monkeypatch.delenv("AUDITKIT_DATASETS_MIRROR", raising=False)
    result = reproduce(FOLDER / "audit.yaml")
    found = result.by_basis()
    assert found["counts"] == Counter({"same": 1679})
    if result.absent is None:  # fetched on this machine
        assert found["rows"] == Counter({"same": 66})
    else:
        assert found["rows"] == Counter({"not_recomputable": 66})
        assert not result.held
        assert "auditkit datasets fetch kenya-pmt" in result.absent.text("en")


@pytest.mark.needs_rows
def test_every_figure_of_the_test_set_comes_out():
    result = reproduce(FOLDER / "audit.yaml")
    assert result.held
    assert result.by_basis() == {"counts": Counter({"same": 1679}), "rows": Counter({"same": 66})}


def test_most_starred_groups_do_not_survive_the_correction_for_their_number():
    spec = load_audit(FOLDER / "audit.yaml")
    kept = {"ibs": spec.analyses["ibs"]}
    analyses = run_audit(spec.model_copy(update={"analyses": kept}), FOLDER).analyses
    exclusion = [
        g for a in analyses for g in a.gaps
        if g.measure == "false_negative_rate" and g.kind == "ratio" and g.p_no_gap is not None
    ]  # fmt: skip
    starred = {(g.analysis, g.attribute, g.group) for g in exclusion if g.p_no_gap < 0.05}
    corrected = {(g.analysis, g.attribute, g.group) for g in exclusion if g.p_no_gap_adjusted < 0.05}
    for g in exclusion:
        level = {"main": 0.04, "other": 0.01}[g.family] / g.tests_in_family
        assert g.p_no_gap_adjusted == pytest.approx(min(1.0, g.p_no_gap * 0.05 / level))
    assert corrected < starred
    assert len(exclusion) > 200
    assert len(corrected) < 0.8 * len(starred)


def test_households_of_no_group_count_among_the_rest():
    analyses = run_audit(load_audit(FOLDER / "audit.yaml").model_copy(update={"analyses": {}}), FOLDER).analyses
    gap = next(g for g in analyses[0].gaps if g.group == "Vihiga" and g.measure == "false_negative_rate")
    # 1,343 poor households in all, 56 of them in Vihiga
    assert gap.n_reference == 1343 - 56
