"""The error that binning can make of an AUC, against pairs counted one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from auditkit.findings.binning import BINNING_ERROR
from tests.counts.counting import audit, count_parquet
from tests.findings.measured import find

ROWS = 4_000


def found(score: Any, hurt: Any, sex: Any, **more: Any) -> tuple[Any, Any]:
    spec = audit(
        **{"score": "score", "selected": {"at_least": 1.0}, "outcome": {"column": "hurt", "positive": [1]},
           "measures": ["auc"]} | more
    )  # fmt: skip
    tabulation = count_parquet(spec, {"sex": list(sex), "score": score, "hurt": hurt.astype(int)})
    return find(tabulation, spec, "main"), tabulation


def caseload() -> tuple[Any, Any, Any]:
    draw = np.random.default_rng(5)
    hurt = draw.random(ROWS) < 0.3
    sex = np.where(draw.random(ROWS) < 0.1, "F", "M")
    return draw.normal(hurt * 1.0, 1.0), hurt, sex


def test_it_is_half_the_share_of_pairs_in_one_bin() -> None:
    score, hurt, sex = caseload()
    result, tabulation = found(score, hurt, sex)
    bins = np.searchsorted(tabulation.scale.lower, score, side="right")
    shares = []
    for group in (sex == "F", sex == "M", sex != ""):
        yes, no = bins[group & hurt], bins[group & ~hurt]
        shares.append((yes[:, None] == no[None, :]).mean())
    said = result.facts[BINNING_ERROR]
    assert max(shares) / 2 <= said < max(shares) / 2 * 1.1


def test_no_auc_is_further_from_that_of_the_scores_themselves() -> None:
    score, hurt, sex = caseload()
    result, _ = found(score, hurt, sex)
    said = {estimate.groups: estimate.value for estimate in result.estimates}
    for groups, rows in (((), sex != ""), (("F",), sex == "F"), (("M",), sex == "M")):
        yes, no = score[rows & hurt], score[rows & ~hurt]
        exact = (yes[:, None] > no[None, :]).mean()
        assert 0 < abs(said[groups] - exact) <= result.facts[BINNING_ERROR]


def test_groups_with_few_people_of_a_kind_do_not_count() -> None:
    score, hurt, sex = caseload()
    sex = sex.astype(object)
    few = np.concatenate((np.flatnonzero(hurt)[:2], np.flatnonzero(~hurt)[:2]))
    sex[few], score[few] = "X", 0.5  # every pair of theirs is a tie
    result, _ = found(score, hurt, sex)
    assert result.facts[BINNING_ERROR] < 0.1


@pytest.mark.parametrize(
    "more", [{"observed": "when_selected"}, {"measures": ["selection_rate"]}, {"score_bins": "exact"}]
)
def test_nothing_is_said_where_no_auc_is_binned(more: dict[str, Any]) -> None:
    result, _ = found(*caseload(), **more)
    assert result.facts == {}
