"""Kitagawa, Oaxaca and Blinder against regressions by statsmodels and means by hand."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.explain.drawn_pairs import Comparison
from auditkit.explain.model_inputs import inputs_of
from auditkit.explain.two_fold import two_fold


def pair(group: np.ndarray) -> Comparison:
    return Comparison(("g",), ("1",), ("0",), np.flatnonzero(group), np.flatnonzero(~group))


def test_against_a_regression_of_the_reference() -> None:
    import statsmodels.api as sm

    draw = np.random.default_rng(1)
    group = np.arange(500) < 200
    x = draw.normal(size=(500, 2)) + group[:, None] * [0.5, -0.2]
    job = np.where(draw.random(500) < 0.3 + 0.2 * group, "some", "none")
    y = x @ [1.0, 2.0] + 0.7 * (job == "some") + 0.4 * group + draw.normal(size=500)
    found = two_fold(inputs_of({"a": x[:, 0], "b": x[:, 1], "job": job}), "mean_score", y, [pair(group)])[0]
    # the less frequent value of job has the column
    rare = min(set(job), key=lambda value: (job == value).sum())
    table = np.column_stack((x, job == rare)).astype(float)
    fit = sm.OLS(y[~group], sm.add_constant(table[~group])).fit(cov_type="HC1")
    apart = table[group].mean(axis=0) - table[~group].mean(axis=0)
    assert [part.value for part in found.composition] == pytest.approx((fit.params[1:] * apart).tolist(), abs=1e-9)
    gap = y[group].mean() - y[~group].mean()
    assert found.gap == pytest.approx(gap, abs=1e-9)
    assert found.treatment.value == pytest.approx(gap - float(fit.params[1:] @ apart), abs=1e-9)
    # the delta method by hand for the first variable: b² var(means) + means apart² var(b)
    variance = fit.params[1] ** 2 * sum(np.var(x[rows, 0]) / rows.sum() for rows in (group, ~group))
    variance += apart[0] ** 2 * fit.cov_params()[1, 1]
    part = found.composition[0]
    assert part.upper is not None
    assert part.value is not None
    assert part.upper - part.value == pytest.approx(1.959963984540054 * variance**0.5, rel=1e-6)


def test_what_does_not_vary_in_the_reference_is_treatment() -> None:
    group = np.array([True, True, False, False, False])
    inputs = inputs_of({"own": group.astype(float), "x": [1.0, 3.0, 0.0, 1.0, 2.0]})
    found = two_fold(inputs, "mean_score", np.array([5.0, 9.0, 0.0, 2.0, 4.0]), [pair(group)])[0]
    assert found.left_out == ("own",)
    assert found.composition[0].value == 0.0
    assert found.composition[1].value == pytest.approx(2.0)  # slope 2, means 2 and 1
    assert found.treatment.value == pytest.approx(3.0)  # gap 5


def test_intervals_hold_over_other_people() -> None:
    held = np.zeros((300, 3))
    for seed in range(300):
        draw = np.random.default_rng(seed)
        group = np.arange(300) < 100
        x = draw.normal(size=300) + 0.5 * group
        y = 2 * x + 1.0 * group + draw.normal(size=300)
        found = two_fold(inputs_of({"x": x}), "mean_score", y, [pair(group)])[0]
        for k, (part, wanted) in enumerate(
            ((found.composition[0], 1.0), (found.composition_total, 1.0), (found.treatment, 1.0))
        ):
            assert part.lower is not None
            assert part.upper is not None
            held[seed, k] = part.lower <= wanted <= part.upper
    assert held.mean(axis=0).min() >= 0.91
    assert held.mean(axis=0).max() <= 0.985
