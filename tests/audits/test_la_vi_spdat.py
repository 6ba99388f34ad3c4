"""Housing in Los Angeles: bands, chi-square, phi, a saturated logit and mean scores, all from counts."""

import math
from collections import Counter

import pytest
from scipy import stats

from auditkit.inference import claim_words, gap_claims
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


def test_a_ratio_inside_its_limit_is_beyond_by_the_five_points_alone_and_not_whoever_the_unknown_are():
    spec = load_audit(FOLDER / "audit.yaml").model_copy(update={"analyses": {}})
    main = run_audit(spec, FOLDER).analyses[0]
    gap = next(g for g in main.gaps if g.group == "Black" and g.measure == "selection_rate" and g.kind == "ratio")
    # 12,997 of 50,650 against 9,567 of 29,877
    assert gap.value == pytest.approx(0.80135, abs=1e-5)
    # not beyond a quarter, but 6.36 points apart, where five are the limit at 32 %: by the normal law, from the counts
    selected, reference = 12_997 / 50_650, 9_567 / 29_877
    error = math.sqrt(selected * (1 - selected) / 50_650 + reference * (1 - reference) / 29_877)
    beyond = stats.norm.cdf((selected - (reference - 0.05)) / error)
    assert 1e-5 < beyond < 4e-5
    stated = gap_claims(12_997, 50_650, 9_567, 29_877)
    assert stated.beyond == pytest.approx(beyond, rel=0.1)
    assert claim_words(stated, 0.04 / gap.tests_in_family, 29_877.0) == "established"
    # 3,982 people have no group: whoever they are there is a gap, and it may be smaller than five points
    assert main.rows.not_stated == {"race": 3982}
    assert gap.verdict == "present"
    assert gap.direction == "worse"
    unknown = [g for g in main.gaps if g.group == "" and g.measure == "selection_rate"]
    assert unknown
    assert all(g.verdict is None for g in unknown)
