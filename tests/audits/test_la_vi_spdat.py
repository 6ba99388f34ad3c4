"""Housing in Los Angeles: bands, chi-square, phi, a saturated logit and mean scores, all from counts."""

from collections import Counter

import pytest

from auditkit.reproduce import reproduce
from auditkit.run import run_audit
from auditkit.spec import load_audit
from auditkit.spec.file_lines import shipped

FOLDER = shipped("audits") / "la-vi-spdat"


def test_every_figure_comes_out():
    result = reproduce(FOLDER / "audit.yaml")
    assert result.held
    assert result.by_basis() == {"counts": Counter({"same": 66})}


def test_both_tables_tell_of_the_same_people():
    spec = load_audit(FOLDER / "audit.yaml")
    kept = {"scores": spec.analyses["scores"]}
    main, scores = run_audit(spec.model_copy(update={"analyses": kept}), FOLDER).analyses
    for group in ("Black", "Latino", "White"):
        band, cut = (
            next(e for e in one.estimates if (e.group, e.measure) == (group, "selection_rate"))
            for one in (main, scores)
        )
        assert (band.numerator, band.denominator) == (cut.numerator, cut.denominator)


def test_a_strong_test_of_a_modest_effect_is_not_called_more_than_it_is():
    spec = load_audit(FOLDER / "audit.yaml").model_copy(update={"analyses": {}})
    main = run_audit(spec, FOLDER).analyses[0]
    gap = next(g for g in main.gaps if g.group == "Black" and g.measure == "selection_rate" and g.kind == "ratio")
    # 12,997 of 50,650 against 9,567 of 29,877
    assert gap.value == pytest.approx(0.80135, abs=1e-5)
    assert gap.verdict == "present"
    assert gap.direction == "worse"
    unknown = [g for g in main.gaps if g.group == "" and g.measure == "selection_rate"]
    assert unknown
    assert all(g.verdict is None for g in unknown)
