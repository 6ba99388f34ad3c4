"""`policies:`: figures by hand, fairlearn's own results on the same split, protection, report, files, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import auditkit
from auditkit.cli import exit_code
from auditkit.errors import DataError, InputError, SpecError
from auditkit.kinds.policies import Fitted, learnt, lifts
from auditkit.report import render_report
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec.load_spec import load_audit
from auditkit.spec.policy_spec import Policy
from auditkit.write.results_json import results_json
from tests.report.page import read

Figures = dict[tuple[str, str, str], Any]

# sex, score, outcome, times: F 60 people (30 with the outcome), M 140 (40 with it)
HAND = [("F", 1, 0, 20), ("F", 2, 0, 10), ("F", 2, 1, 10), ("F", 3, 1, 20),
        ("M", 1, 0, 80), ("M", 1, 1, 10), ("M", 2, 0, 15), ("M", 3, 0, 5), ("M", 3, 1, 30)]  # fmt: skip


def by_hand() -> pd.DataFrame:
    lines = [(sex, score, outcome) for sex, score, outcome, times in HAND for _ in range(times)]
    return pd.DataFrame(lines, columns=["sex", "score", "y"])


def figures(result: AuditResult) -> Figures:
    return {(f.level, f.item, "".join(f.groups)): f for f in result.main.kind_figures if f.kind == "policies"}


def told(policies: list[Any], frame: pd.DataFrame | None = None, **more: Any) -> Figures:
    given: dict[str, Any] = {"score": "score", "threshold": 3, "outcome": "y", "policies": policies} | more
    return figures(auditkit.audit(by_hand() if frame is None else frame, groups=["sex"], **given).result)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """4,000 rows whose outcome follows two variables; group F has more of the first."""
    draw = np.random.default_rng(4)
    sex = draw.choice(["F", "M"], 4000)
    x1, x2 = draw.normal(size=4000).round(2) + (sex == "F"), draw.normal(size=4000).round(2)
    chance = 1 / (1 + np.exp(-(x1 + x2 / 2 - 1)))
    job = draw.choice(["a", "b", "c"], 4000)
    y = (draw.random(4000) < chance).astype(int)
    return pd.DataFrame({"sex": sex, "x1": x1, "x2": x2, "job": job, "score": chance.round(3), "y": y})


def test_a_lower_threshold_by_hand() -> None:
    found = told([{"at_least": 2}])
    values = {item: found["1", item, ""].value for item in ("selected", "newly", "no_longer", "found", "missed")}
    assert values == {"selected": 90, "newly": 35, "no_longer": 0, "found": 60, "missed": 10}
    assert found["1", "wrongly", "M"].value == 20
    assert found["0", "selected", "F"].value == 20
    assert found["1", "found_rate", "F"].value == 1.0


def test_places_are_shared_among_equals_and_beside_stands_one_threshold() -> None:
    """20 places of 55 people with a score of 3: 20/55 of each group; the same number drawn finds 20 x 70 / 200."""
    found = told([{"top": 20}, "random", "nobody"])
    assert found["1", "selected", "F"].value == pytest.approx(20 * 20 / 55)
    assert found["1", "found", ""].value == pytest.approx(20 * 50 / 55)
    assert found["2", "selected", "F"].value == pytest.approx(55 * 60 / 200)
    assert found["2", "found", ""].value == pytest.approx(55 * 70 / 200)
    assert found["2", "selected_rate", ""].lower is None  # nothing varies but the draw
    assert found["2 common", "found", ""].value == 50
    assert found["3", "no_longer", ""].value == 55


def test_thresholds_by_group_by_hand() -> None:
    """F from 2 on (40: 30 with it), M from 3 on (35: 30 with it); one threshold for 75: 55, then 20 of the 35 at 2."""
    found = told([{"by": "sex", "at_least": {"F": 2, "M": 3}}])
    assert (found["1", "selected", ""].value, found["1", "found", ""].value) == (75, 60)
    assert found["1 common", "found", ""].value == pytest.approx(50 + 20 * 10 / 35)
    assert found["1 common", "selected", "F"].value == pytest.approx(20 + 20 * 20 / 35)


def test_people_sum_to_the_caseload() -> None:
    found = told([{"at_least": 2}, {"top_share": 0.3}, "random", "nobody", {"by": "sex", "at_least": {"F": 2, "M": 3}}])
    for level in {key[0] for key in found}:
        for item in ("people", "selected", "newly", "found", "wrongly", "missed"):
            assert found[level, item, "F"].value + found[level, item, "M"].value == pytest.approx(
                found[level, item, ""].value
            )
        assert found[level, "people", ""].value == 200
        assert found[level, "found", ""].value + found[level, "missed", ""].value == pytest.approx(70)


def test_costs_are_those_declared() -> None:
    found = told([{"at_least": 2}], cost={"each": 40, "found": 300, "unit": "euro"})
    assert (found["1", "cost", ""].value, found["1", "brought", ""].value) == (90 * 40, 60 * 300)


def test_outcomes_that_are_unseen_give_bounds() -> None:
    table = by_hand()
    found = told([{"at_least": 2}], table, observed="when_selected")
    one = found["1", "found", ""]
    assert (one.value, one.lower, one.upper) == (None, 50, 50 + 35)
    assert ("1", "found_rate", "") not in found


def halves(rows: pd.DataFrame, seed: int = 1) -> Fitted:
    train = np.zeros(len(rows), dtype=bool)
    train[np.random.default_rng(seed).permutation(len(rows))[: len(rows) // 2]] = True
    return Fitted(
        {"sex": rows.sex.to_numpy(dtype=object)},
        {"x1": rows.x1.to_numpy(), "x2": rows.x2.to_numpy(), "job": rows.job.to_numpy(dtype=object)},
        rows.score.to_numpy(), rows.score.to_numpy() >= 0.5, rows.y.to_numpy(), train,
    )  # fmt: skip


def test_thresholds_are_fairlearns_own(rows: pd.DataFrame) -> None:
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Score(ClassifierMixin, BaseEstimator):
        def fit(self, x: Any, y: Any) -> Any:
            self.fitted_ = True
            return self

        def predict(self, x: Any) -> Any:
            return x[:, 0]

    split = halves(rows)
    first, second = rows[split.train], rows[~split.train]
    theirs = ThresholdOptimizer(
        estimator=Score(), constraints="equalized_odds", objective="balanced_accuracy_score", predict_method="predict"
    ).fit(first[["score"]].to_numpy(), first.y, sensitive_features=first.sex)
    expected = theirs._pmf_predict(second[["score"]].to_numpy(), sensitive_features=second.sex)[:, 1]
    policy = Policy.model_validate({"fairlearn": "threshold_optimizer", "by": "sex", "constraint": "equalized_odds"})
    ours, _ = learnt(policy, split, 1)
    assert np.abs(ours[~split.train] - expected).max() < 1e-9


@pytest.mark.parametrize("name", ["exponentiated_gradient", "grid_search"])
def test_reductions_are_fairlearns_own(rows: pd.DataFrame, name: str) -> None:
    from fairlearn.reductions import DemographicParity, ErrorRate, ExponentiatedGradient, GridSearch
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    split = halves(rows)
    numbers = rows[["x1", "x2"]].to_numpy()
    x = StandardScaler().fit(numbers[split.train]).transform(numbers)
    first = split.train
    plain = LogisticRegression(max_iter=1000).fit(x[first], rows.y[first]).predict_proba(x)[:, 1]
    cut = np.quantile(plain[first], 1 - (rows.score[first] >= 0.5).mean())
    moment = DemographicParity()
    moment.default_objective = lambda: ErrorRate(costs={"fp": cut, "fn": 1 - cut})
    given = {"sensitive_features": rows.sex[first]}
    if name == "grid_search":
        search = GridSearch(LogisticRegression(max_iter=1000), moment, grid_size=20).fit(
            x[first], rows.y[first], **given
        )
        expected = search.predict(x)
    else:
        model = ExponentiatedGradient(LogisticRegression(max_iter=1000), moment).fit(x[first], rows.y[first], **given)
        expected = model._pmf_predict(x)[:, 1]
    policy = Policy.model_validate({"fairlearn": name, "by": "sex", "columns": ["x1", "x2"]})
    ours, _ = learnt(policy, split, 1)
    assert np.abs(ours - expected).max() < 1e-9


def test_a_planted_trade_off_is_told(rows: pd.DataFrame) -> None:
    """Equal selection rates: the gap closes, and as many selected find fewer than one threshold for all."""
    columns = ["x1", "x2", "job"]
    policies: list[Any] = [
        {"fairlearn": "threshold_optimizer", "by": "sex", "constraint": "demographic_parity"},
        {"rule": 2, "columns": columns},
        {"without": ["x1"], "columns": columns},
    ]
    found = told(policies, rows, threshold=0.5)

    def gap(level: str) -> float:
        rates = [found[level, "selected_rate", sex].value for sex in "FM"]
        return abs(float(rates[0] - rates[1]))

    assert gap("1") < 0.06 < 0.2 < gap("1 common")
    for level in ("1", "3"):  # the score is the true chance: nothing finds more with as many selected
        assert found[level, "selected", ""].value == pytest.approx(found[f"{level} common", "selected", ""].value)
        assert found[level, "found", ""].value < found[f"{level} common", "found", ""].value
    assert found["1", "people", ""].value == 2000
    assert found["2", "found", ""].value > 1.2 * found["2", "selected", ""].value * rows.y.mean()


def test_lift_by_hand() -> None:
    """Of 400 people 100 have the outcome; of 100 selected the score finds 60, the rule 40, 30 of them the same."""
    kinds = [((1, 1, 1), 30), ((1, 0, 1), 30), ((0, 1, 1), 10), ((0, 0, 1), 30),
             ((1, 1, 0), 20), ((1, 0, 0), 20), ((0, 1, 0), 40), ((0, 0, 0), 220)]  # fmt: skip
    score, rule, outcome = (np.array([kind[i] for kind, n in kinds for _ in range(n)]) for i in range(3))
    over_rule, over_draw = lifts("1", score.astype(float), rule.astype(float), outcome, 0.95)
    assert over_rule.value == pytest.approx(1.5)
    assert over_draw.value == pytest.approx(0.60 / 0.25)
    # found by both 1/60 - 1/40, by the score 1/60 - 1/100, by the rule 1/100 - 1/40, wrongly by one 1/100
    spread = 30 * (1 / 60 - 1 / 40) ** 2 + 30 * (1 / 60 - 1 / 100) ** 2 + 10 * (1 / 40 - 1 / 100) ** 2 + 60 / 100**2
    assert over_rule.upper == pytest.approx(1.5 * np.exp(1.959964 * spread**0.5), rel=1e-6)
    assert next(lifts("1", score * 1.0, rule * 1.0, outcome - 1, 0.95)).reason == "outcome_unseen"


def test_what_is_released_tells_the_same(tmp_path: Path) -> None:
    from auditkit.protect.released_files import released_files

    table = pd.concat([by_hand()] * 4)
    policies = [{"at_least": 2}, {"top": 160}, "random", {"fairlearn": "threshold_optimizer", "by": "sex"}]
    given: dict[str, Any] = {"score": "score", "threshold": 3, "outcome": "y", "policies": policies}
    hidden = auditkit.audit(table, groups=["sex"], minimum_count=11, **given).result
    exact = auditkit.audit(table, groups=["sex"], **given).result
    mine, whole = figures(hidden), figures(exact)
    shown = [key for key, one in mine.items() if one.value is not None]
    assert len(shown) >= 50
    assert all(mine[key].value == pytest.approx(whole[key].value) for key in shown)
    assert all(one.value is None for key, one in mine.items() if key[0].startswith("4"))
    assert hidden.released is not None
    for name, content in released_files(hidden.released).items():
        (tmp_path / name).write_bytes(content)
    assert results_json(run_audit(load_audit(tmp_path / "released.yaml"), tmp_path)) == results_json(hidden)


def test_the_report_and_the_files(tmp_path: Path) -> None:
    by_hand().to_csv(tmp_path / "rows.csv", index=False)
    (tmp_path / "audit.yaml").write_text(
        "title: t\nsystem: {name: s, harm: punitive, country: FR}\ndata: rows.csv\nscore: score\n"
        "selected: {at_least: 3}\noutcome: {column: y, positive: [1]}\ngroups: {sex: {column: sex}}\n"
        "publish: {minimum_count: 0, because: test}\n"
        "policies: [{at_least: 2}, random, {by: sex, at_least: {F: 2, M: 3}}]\n"
    )
    assert exit_code(["policies", str(tmp_path), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    lines = pd.read_csv(tmp_path / "out" / "policies.csv").query(
        "policy == 1 and item == 'selected' and group != group"
    )
    assert lines.value.tolist() == [90]
    page = (tmp_path / "out" / "policies.html").read_text(encoding="utf-8")
    assert "<svg" in page
    result = run_audit(load_audit(tmp_path / "audit.yaml"), tmp_path)
    english, french = read(render_report(result, "en")).text, read(render_report(result, "fr")).text
    assert "Nothing here is recommended" in english
    assert "law no. 2008-496" in english
    assert "one threshold for all, as many selected" in english
    assert "Rien ici n’est recommandé" in french
    assert "loi n° 2008-496" in french.replace("\u00a0", " ")


def test_in_python() -> None:
    audit = auditkit.audit(by_hand(), groups=["sex"], score="score", threshold=3, outcome="y")
    found = audit.policies({"at_least": 2}, "nobody")
    assert found.query("policy == '1' and item == 'selected' and group == ''").value.tolist() == [90]
    assert set(audit.policies({"top": 5}).policy) == {"0", "1"}


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        ([{"at_least": 2, "top": 3}], "expected one of"),
        ([{"at_most": 2}], "end of the score"),
        ([{"at_least": {"F": 2}}], "by goes with"),
        ([{"by": "age", "at_least": {"F": 2}}], "not in groups"),
        ([{"fairlearn": "grid_search", "by": "sex"}], "needs columns"),
        ([{"without": ["z"], "columns": ["score"]}], "not among columns"),
        ([{"without": ["score"], "columns": ["score"]}], "leaves no column"),
        ([{"rule": 3, "columns": ["nowhere"]}], "nowhere"),
        ([], "policies"),
    ],
)
def test_what_cannot_be_a_rule_is_a_sentence(policies: list[Any], words: str) -> None:
    with pytest.raises((DataError, SpecError, InputError), match=words):
        told(policies)


def test_a_half_of_one_outcome_cannot_be_learnt_from() -> None:
    table = by_hand().assign(y=0)
    with pytest.raises(DataError, match="the half to learn from"):
        told([{"rule": 1, "columns": ["score"]}], table)
