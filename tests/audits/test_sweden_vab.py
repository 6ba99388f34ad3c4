"""Swedish parental benefit: every figure from the rows, and the same question asked with other readings of "error"."""

from collections import Counter

import pytest

from auditkit.reproduce import reproduce
from auditkit.run import run_audit
from auditkit.spec import load_audit
from auditkit.spec.file_lines import shipped

FOLDER = shipped("audits") / "sweden-vab"
pytestmark = pytest.mark.needs_rows


def test_every_figure_comes_out():
    result = reproduce(FOLDER / "audit.yaml")
    assert result.held
    assert len(result.figures) == 331
    assert set(result.by_basis()) == {"rows"}
    drawn = [f for f in result.figures if f.figure.measure.startswith("bootstrap:")]
    assert len(drawn) == 156
    assert {f.status for f in drawn} <= {"same", "same_within_resampling_error"}
    assert Counter(f.status for f in result.figures if f not in drawn) == {"same": 175}


@pytest.fixture(scope="module")
def analyses():
    spec = load_audit(FOLDER / "audit.yaml")
    kept = {name: spec.analyses[name] for name in ("finished", "strict")}
    return {one.key: one for one in run_audit(spec.model_copy(update={"analyses": kept}), FOLDER).analyses}


def _value(analysis, attribute, group, measure):
    return next(
        e for e in analysis.estimates if (e.attribute, e.group, e.measure) == (attribute, group, measure)
    )  # fmt: skip


def test_precision_with_and_without_the_unfinished_investigations(analyses):
    found = {
        key: tuple(round(_value(one, "background", g, "positive_predictive_value").value, 4) for g in "01")
        for key, one in analyses.items()
    }
    # 1,313 of 2,890 and 1,191 of 2,192; 870 of 2,447 and 797 of 1,798; 870 of 2,890 and 797 of 2,192
    assert found == {"main": (0.4543, 0.5433), "finished": (0.3555, 0.4433), "strict": (0.301, 0.3636)}


def test_attributes_of_separate_sheets_are_never_crossed(analyses):
    assert not any(len(e.attributes) > 1 for e in analyses["main"].estimates)
    assert {view.attributes for view in analyses["main"].views} == {
        ("gender",), ("background",), ("income",), ("education",),
    }  # fmt: skip


def test_an_estimated_rate_is_worth_the_arm_and_not_the_population(analyses):
    rate = _value(analyses["main"], "background", "1", "base_rate")
    assert rate.value == pytest.approx(88 / 248)
    # Wilson of 88 in 248: the random sample, whatever the 977,730 people it stands for
    assert rate.lower == pytest.approx(0.2979, abs=2e-4)
    assert rate.upper == pytest.approx(0.4162, abs=2e-4)
