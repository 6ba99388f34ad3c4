"""Standard errors against statsmodels, which gets the rows one by one and knows nothing of our grouping."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.regression.auditing import regression, term

N = 400


def _rows() -> tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    x = random.integers(0, 8, N)
    group = random.integers(0, 2, N)
    cluster = np.arange(N) % 40
    weight = np.array([0.5, 1.0, 2.5])[random.integers(0, 3, N)]
    chance = 1 / (1 + np.exp(-(-1 + 0.3 * x + 0.5 * group + 0.4 * np.sin(cluster))))
    s = (random.random(N) < chance).astype(int)
    lines = [
        f"{'a' if one else 'b'},{number},{chosen},{chosen},c{place},{w}"
        for one, number, chosen, place, w in zip(group, x, s, cluster, weight, strict=True)
    ]
    design = np.column_stack([np.ones(N), group, x]).astype(float)
    return "g,x,s,y,c,w\n" + "\n".join(lines) + "\n", design, s.astype(float), cluster, weight


ASKED = "{{kind: {kind}, outcome: selected, terms: [g, {{column: x}}]{more}}}"


@pytest.mark.parametrize("kind", ["logit", "linear"])
def test_from_the_model_and_robust(tmp_path: Path, kind: str) -> None:
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.regression.linear_model import OLS

    text, design, s, _, _ = _rows()
    model = (Logit if kind == "logit" else OLS)(s, design)
    # HC1 is HC0 with n / (n - k), which statsmodels leaves out of its discrete models.
    for more, how in (("", "nonrobust"), (", robust: true", "HC0")):
        given = {"disp": 0} if kind == "logit" else {}
        expected = model.fit(cov_type=how, **given)
        found = regression(tmp_path, text, ASKED.format(kind=kind, more=more))
        lines = [term(found, "intercept"), term(found, "g", "a"), term(found, "x")]
        assert [one.coefficient for one in lines] == pytest.approx(list(expected.params), abs=1e-7)
        assert [one.standard_error for one in lines] == pytest.approx(
            list(expected.bse * (np.sqrt(N / (N - 3)) if more else 1)), rel=1e-6
        )
        assert found.log_likelihood == pytest.approx(expected.llf, abs=1e-6)


def test_clusters(tmp_path: Path) -> None:
    from statsmodels.regression.linear_model import OLS

    text, design, s, cluster, _ = _rows()
    kwds = {"groups": cluster, "use_correction": False}
    expected = OLS(s, design).fit(cov_type="cluster", cov_kwds=kwds)
    roles = "selected: {column: s, in: [1]}\ncluster: c"
    found = regression(tmp_path, text, ASKED.format(kind="linear", more=""), roles=roles)
    assert found.standard_errors == "cluster"
    assert found.freedom == 39
    correction = np.sqrt(40 / 39)
    assert term(found, "g", "a").standard_error == pytest.approx(expected.bse[1] * correction, rel=1e-6)


def test_weights_count_and_their_scale_does_not(tmp_path: Path) -> None:
    from statsmodels.regression.linear_model import WLS

    text, design, s, _, weight = _rows()
    expected = WLS(s, design, weights=weight).fit(cov_type="HC1")
    roles = "selected: {column: s, in: [1]}\nweight: w"
    found = regression(tmp_path, text, ASKED.format(kind="linear", more=""), roles=roles)
    assert found.standard_errors == "weighted"
    assert found.log_likelihood is None  # weights have no likelihood
    assert term(found, "g", "a").coefficient == pytest.approx(expected.params[1], abs=1e-8)
    assert term(found, "g", "a").standard_error == pytest.approx(expected.bse[1], rel=1e-6)
    header, *lines = text.splitlines()
    tenfold = [line.rsplit(",", 1) for line in lines]
    scaled = "\n".join([header, *(f"{rest},{10 * float(w)}" for rest, w in tenfold)]) + "\n"
    again = regression(tmp_path, scaled, ASKED.format(kind="linear", more=""), roles=roles)
    assert term(again, "g", "a").standard_error == pytest.approx(expected.bse[1], rel=1e-6)


def test_the_unit_of_a_number_does_not_matter(tmp_path: Path) -> None:
    text, *_ = _rows()
    header, *lines = text.splitlines()
    large = [",".join([p[0], str(int(p[1]) * 10**9), *p[2:]]) for p in (line.split(",") for line in lines)]
    found = regression(tmp_path, text, ASKED.format(kind="logit", more=""))
    again = regression(tmp_path, "\n".join([header, *large]) + "\n", ASKED.format(kind="logit", more=""))
    assert term(again, "x").coefficient * 1e9 == pytest.approx(term(found, "x").coefficient, rel=1e-8)
    assert term(again, "x").statistic == pytest.approx(term(found, "x").statistic, rel=1e-8)
