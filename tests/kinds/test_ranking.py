"""Rankings: case f of the vectors (exposure, NDKL, geometric attention), ratios over lists by hand, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.errors import DataError
from auditkit.inference import attention, divergence_along, ratio_in_one_list, ratio_over_lists
from tests.kinds.rows_of_kinds import audit, by_place, run

ORDER = "MMWMWWMW"
ONE_LIST = "g,p\n" + "".join(f"{'ab'[group == 'W']},{place}\n" for place, group in enumerate(ORDER, 1))


def test_the_published_case(tmp_path):
    """Mean exposure .598735 and .389631, ratio .650757 (FairRankTune agrees), NDKL .447512 in bits."""
    found = by_place(run(tmp_path, ONE_LIST, harm="assistive", ranking={"position": "p", "top": [4, 2]}))
    assert found["mean_exposure", "", "a"].value == pytest.approx(0.598735, abs=5e-7)
    assert found["mean_exposure", "", "b"].value == pytest.approx(0.389631, abs=5e-7)
    assert found["exposure_ratio", "", "b"].value == pytest.approx(0.650757, abs=5e-7)
    assert found["divergence", "", ""].value == pytest.approx(0.447512, abs=5e-7)
    falls = attention(np.arange(1, 9), "geometric")
    first = np.array([letter == "M" for letter in ORDER])
    assert falls[first].sum() / (falls.sum()) == pytest.approx(14 / 17, abs=1e-12)


def test_first_k_is_a_selection(tmp_path):
    result = run(tmp_path, ONE_LIST, harm="assistive", ranking={"position": "p", "top": [4, 2]})
    rates = {(a.key, e.group): e.value for a in result.analyses for e in a.estimates if e.measure == "selection_rate"}
    assert (rates["main", "a"], rates["main", "b"]) == (0.75, 0.25)
    assert (rates["first 2", "a"], rates["first 2", "b"]) == (0.5, 0.0)


def test_many_lists_by_hand(tmp_path):
    """Thirty lists of two, b second in twenty of them: exposure 1 and 1/log2(3)."""
    second = 1 / np.log2(3)
    lines = [f"{'ab'[first]},1,{i}\n{'ba'[first]},2,{i}\n" for i in range(30) for first in (int(i >= 20),)]
    found = by_place(run(tmp_path, "g,p,q\n" + "".join(lines), harm="assistive",
                         ranking={"position": "p", "per": "q", "top": 1}))  # fmt: skip
    mine, other = (10 + 20 * second) / 30, (20 + 10 * second) / 30
    assert found["mean_exposure", "", "b"].value == pytest.approx(mine, abs=1e-12)
    one = found["exposure_ratio", "", "b"]
    assert one.value == pytest.approx(mine / other, abs=1e-12)
    # influence of a list on the log ratio: x/mine - y/other over 30, x and y the two exposures
    pairs = np.array([(second, 1.0)] * 20 + [(1.0, second)] * 10)
    influence = (pairs[:, 0] / mine - pairs[:, 1] / other) / 30
    half = 2.045229642 * (30 / 29 * (influence**2).sum()) ** 0.5  # t of 29 degrees
    assert (one.lower, one.upper) == pytest.approx((one.value * np.exp(-half), one.value * np.exp(half)), abs=1e-8)
    assert one.method == "lists"
    assert one.p_value is not None


def test_alike_by_turns_diverges_less_than_one_after_the_other():
    turns, blocks = [0, 1] * 20, [0] * 20 + [1] * 20
    assert divergence_along(turns, 2) < divergence_along(blocks, 2)
    assert divergence_along([0, 0, 0], 1) == 0


def test_fair_lists_are_called_unlike_in_few_of_many():
    """The p of a fair process: at most 5 % plus two Monte Carlo errors in 400 draws."""
    generator = np.random.default_rng(7)
    over, within = 0, 0
    falls = attention(np.arange(1, 11))
    for _ in range(400):
        draws = np.array([generator.permutation(falls) for _ in range(40)])
        over += ratio_over_lists(draws[:, :4].sum(1), [4] * 40, draws[:, 4:].sum(1), [6] * 40)[3] < 0.05
        one = generator.permutation(attention(np.arange(1, 201)))
        within += ratio_in_one_list(one[:60], one[60:], one)[3] < 0.05
    allowed = 400 * 0.05 + 2 * (400 * 0.05 * 0.95) ** 0.5
    assert over <= allowed
    assert within <= allowed


@pytest.mark.parametrize("place", ["0", "1.5", "-2"])
def test_a_place_that_is_none_is_refused(tmp_path, place):
    with pytest.raises(DataError, match="a whole number from 1 up"):
        run(tmp_path, ONE_LIST + f"a,{place}\n", harm="assistive", ranking={"position": "p", "top": 2})


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match="twice"):
        audit(ranking={"position": "p", "top": [3, 3]})
    with pytest.raises(ValueError, match="log2"):
        audit(ranking={"position": "p", "weight": "linear"})


def test_exposure_is_released_rounded_and_ratios_are_not(tmp_path):
    generator = np.random.default_rng(3)
    lines = [f"{'ab'[generator.integers(2)]},{p},{q}\n" for q in range(40) for p in range(1, 11)]
    found = by_place(run(tmp_path, "g,p,q\n" + "".join(lines), harm="assistive", minimum=11,
                         ranking={"position": "p", "per": "q", "top": 5}))  # fmt: skip
    shown = found["mean_exposure", "", "a"]
    assert shown.status == "computed"
    assert shown.n is None
    assert shown.value == pytest.approx(round(shown.value, 2), abs=1e-12)
    assert found["exposure_ratio", "", "b"].reason == "withheld"
