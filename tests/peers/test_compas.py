"""The shipped COMPAS rows, counted by fairlearn and judged by statsmodels, independently of auditkit.

Value by fairlearn's MetricFrame on the rows; Wilson, Newcombe and Miettinen-Nurminen by statsmodels; p by SciPy.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from auditkit import AuditSpec, find_audit, load_audit, run_audit
from auditkit.spec.file_lines import shipped
from tests.peers.auditing import Answers, Figures

RACES = ("African-American", "Asian", "Caucasian", "Hispanic", "Native American", "Other")
REFERENCES = {"race": "Caucasian", "sex": "Male"}
# Cases and denominator of each measure, as conditions on (selected, outcome).
MEASURES: dict[str, Any] = {
    "selection_rate": (lambda s, y: s == 1, lambda s, y: y >= 0),
    "base_rate": (lambda s, y: y == 1, lambda s, y: y >= 0),
    "true_positive_rate": (lambda s, y: (s == 1) & (y == 1), lambda s, y: y == 1),
    "false_positive_rate": (lambda s, y: (s == 1) & (y == 0), lambda s, y: y == 0),
    "positive_predictive_value": (lambda s, y: (s == 1) & (y == 1), lambda s, y: s == 1),
    "false_omission_rate": (lambda s, y: (s == 0) & (y == 1), lambda s, y: s == 0),
    "accuracy": (lambda s, y: s == y, lambda s, y: y >= 0),
}


@cache
def audited() -> Figures:
    """Main analysis of the shipped audit, without crossings, points and variations."""
    path = find_audit("compas")
    spec = load_audit(path).model_dump(by_alias=True, exclude_none=True, exclude={"sweep"})
    groups = {name: {"column": name, "reference": reference} for name, reference in REFERENCES.items()}
    plain = {**spec, "groups": groups, "analyses": {}, "crossed": [], "strata": {}, "measures": list(MEASURES)}
    return Answers(run_audit(AuditSpec.model_validate(plain), path.parent)).of()


@cache
def rows() -> Any:
    import pandas as pd

    table = pd.read_csv(shipped("datasets") / "compas" / "two-years.csv")
    return table.assign(selected=(table["decile_score"] >= 5).astype(int))


def counted(attribute: str, group: str, measure: str) -> tuple[int, int]:
    """Cases and denominator, by pandas."""
    table = rows()
    some = table[table[attribute] == group]
    cases, whole = (part(some["selected"], some["two_year_recid"]) for part in MEASURES[measure])
    return int(cases.sum()), int(whole.sum())


PAIRS = [(attribute, group, measure) for attribute, groups in (("race", RACES), ("sex", ("Female", "Male")))
         for group in groups for measure in MEASURES]  # fmt: skip


@pytest.mark.parametrize(("attribute", "group", "measure"), PAIRS)
def test_value_and_wilsons_interval(attribute: str, group: str, measure: str) -> None:
    from statsmodels.stats.proportion import proportion_confint

    cases, n = counted(attribute, group, measure)
    ours = audited().estimate(measure, group, attribute)
    assert (ours.numerator, ours.denominator, ours.method) == (cases, n, "wilson")
    assert ours.value == pytest.approx(cases / n, abs=1e-12)
    assert (ours.lower, ours.upper) == pytest.approx(proportion_confint(cases, n, method="wilson"), abs=1e-9)


@pytest.mark.parametrize(("attribute", "group", "measure"), [p for p in PAIRS if p[1] not in REFERENCES.values()])
def test_newcombe_and_miettinen_nurminen(attribute: str, group: str, measure: str) -> None:
    from scipy.stats import fisher_exact
    from statsmodels.stats.proportion import confint_proportions_2indep

    mine, theirs = (counted(attribute, name, measure) for name in (group, REFERENCES[attribute]))
    difference, ratio = (audited().gap(measure, group, kind, attribute) for kind in ("difference", "ratio"))
    rates = mine[0] / mine[1], theirs[0] / theirs[1]
    assert difference.value == pytest.approx(rates[0] - rates[1], abs=1e-12)
    assert ratio.value == pytest.approx(rates[0] / rates[1], abs=1e-12)
    newcombe = confint_proportions_2indep(*mine, *theirs, method="newcomb", compare="diff")
    assert (difference.lower, difference.upper) == pytest.approx(newcombe, abs=1e-9)
    # statsmodels looks for the ends of the ratio with a tolerance of its own
    score = confint_proportions_2indep(*mine, *theirs, method="score", compare="ratio", correction=True)
    assert (ratio.lower, ratio.upper) == pytest.approx(score, rel=2e-4)
    cells = [[x, n - x] for x, n in (mine, theirs)]
    assert ratio.test == difference.test == "fisher"
    assert ratio.p_no_gap == difference.p_no_gap == pytest.approx(fisher_exact(cells)[1], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("attribute", "group", "measure"), [p for p in PAIRS if p[1] == "African-American"])
def test_the_ends_of_the_ratio_are_where_statsmodels_test_rejects(attribute: str, group: str, measure: str) -> None:
    """Closer than statsmodels' own search: at each end its score test has a p of exactly 5 %."""
    from statsmodels.stats.proportion import test_proportions_2indep

    mine, theirs = (counted(attribute, name, measure) for name in (group, REFERENCES[attribute]))
    gap = audited().gap(measure, group, "ratio", attribute)
    for end in (gap.lower, gap.upper):
        tested = test_proportions_2indep(*mine, *theirs, value=end, method="score", compare="ratio", correction=True)
        assert float(tested.pvalue) == pytest.approx(0.05, abs=1e-6)


def test_fairlearn_counts_the_same_rates_from_the_rows() -> None:
    import fairlearn.metrics as fm
    from sklearn.metrics import accuracy_score, precision_score

    table = rows()
    metrics = {
        "selection_rate": fm.selection_rate, "true_positive_rate": fm.true_positive_rate,
        "false_positive_rate": fm.false_positive_rate, "accuracy": accuracy_score,
        "positive_predictive_value": precision_score,
    }  # fmt: skip
    for attribute in REFERENCES:
        theirs = fm.MetricFrame(metrics=metrics, y_true=table["two_year_recid"], y_pred=table["selected"],
                                sensitive_features=table[attribute])  # fmt: skip
        for measure in metrics:
            for group, value in theirs.by_group[measure].items():
                assert audited().value(measure, group, attribute) == pytest.approx(float(value), abs=1e-12)
            assert audited().value(measure) == pytest.approx(float(theirs.overall[measure]), abs=1e-12)
    widest = fm.demographic_parity_difference(
        table["two_year_recid"], table["selected"], sensitive_features=table["race"]
    )
    (ours,) = [g for g in audited().analysis.gaps
               if (g.kind, g.measure, g.attribute) == ("largest_difference", "selection_rate", "race")]  # fmt: skip
    assert ours.value == pytest.approx(float(widest), abs=1e-12)
