"""Published figures of peers that are wrong, and must not come out of auditkit.

AI Verify divides group rates by the totals of everybody: its own figures give back the counts they were made from
(checked below), so that the same counts can be audited. Aequitas printed the p of one rate beside another.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import AuditSpec, find_audit, load_audit, run_audit
from tests.peers.auditing import Answers, Figures, audit, specification
from tests.peers.rates_of_peers import label_gap
from tests.peers.tabulated import found_in
from tests.peers.vectors import read

PAIRS = (
    ("true_positive_rate", "false_negative_rate"),
    ("true_negative_rate", "false_positive_rate"),
    ("positive_predictive_value", "false_discovery_rate"),
    ("negative_predictive_value", "false_omission_rate"),
    ("accuracy", "error_rate"),
)
VERIFY = {
    "True Positive Rate": "true_positive_rate",
    "True Negative Rate": "true_negative_rate",
    "Positive Predictive Value Parity": "positive_predictive_value",
    "Negative Predictive Value Parity": "negative_predictive_value",
    "False Positive Rate": "false_positive_rate",
    "False Negative Rate": "false_negative_rate",
    "False Discovery Rate": "false_discovery_rate",
    "False Omission Rate": "false_omission_rate",
}
# True positive, false positive, true negative, false negative of the two groups, class 1 being positive.
COUNTS = {"0": (416, 377, 205, 255), "1": (406, 393, 229, 219)}


def add_to_one(answers: Figures, groups: tuple[str, ...]) -> None:
    """Each rate and its complement; undefined only together."""
    for one, other in PAIRS:
        for group in groups:
            value, rest = answers.value(one, group), answers.value(other, group)
            assert (value is None) == (rest is None)
            if value is not None and rest is not None:
                assert value + rest == pytest.approx(1, abs=1e-12)


def verified(folder: Path, counts: dict[str, tuple[int, int, int, int]]) -> Answers:
    """A wide table of the four counts of each group."""
    names = ("true_positive", "false_positive", "true_negative", "false_negative")
    lines = [",".join(("g", *names)), *(f"{g},{','.join(map(str, four))}" for g, four in counts.items())]
    (folder / "counts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec = specification({"g": {"column": "g", "reference": "1"}}, measures=[*(m for pair in PAIRS for m in pair),
                                                                              "selection_rate"])  # fmt: skip
    spec["data"] = {"file": "counts.csv", "columns": {name: name for name in names}}
    return Answers(run_audit(AuditSpec.model_validate(spec), folder))


def turned(four: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The same people where the other class is the positive one."""
    tp, fp, tn, fn = four
    return tn, fn, tp, fp


def over_everybody(counts: dict[str, tuple[int, int, int, int]]) -> dict[str, dict[str, float]]:
    """The wrong figures: a group's cases over the total of all groups."""
    tp, fp, tn, fn = (sum(column) for column in zip(*counts.values(), strict=True))
    return {
        g: {
            "True Positive Rate": one / (tp + fn), "False Negative Rate": four / (tp + fn),
            "True Negative Rate": three / (tn + fp), "False Positive Rate": two / (tn + fp),
            "Positive Predictive Value Parity": one / (tp + fp), "False Discovery Rate": two / (tp + fp),
            "Negative Predictive Value Parity": three / (tn + fn), "False Omission Rate": four / (tn + fn),
        }
        for g, (one, two, three, four) in counts.items()
    }  # fmt: skip


@pytest.mark.needs_rows
@pytest.mark.parametrize("positive", ["0", "1"])
def test_rates_over_the_totals_of_everybody_do_not_come_out(positive: str, peer_vectors: Path, tmp_path: Path) -> None:
    printed = read(peer_vectors, "v10-negative-controls")["must_NOT_match"][0]["values"][positive]
    counts = COUNTS if positive == "1" else {group: turned(four) for group, four in COUNTS.items()}
    wrong, answers = over_everybody(counts), verified(tmp_path, counts).of()
    for name, measure in VERIFY.items():
        for group, value in printed[name]:
            assert value == pytest.approx(wrong[str(group)][name], abs=1e-12)  # these are the counts they had
            ours = answers.value(measure, str(group))
            assert ours is not None
            assert abs(ours - value) > 0.05
    add_to_one(answers, ("0", "1"))
    # The one figure of the list that is right, whatever its company: a ratio of two selection rates.
    assert answers.ratio("selection_rate", "0") == pytest.approx(printed["Disparate Impact"][0][1], abs=1e-9)
    assert not [n for n in answers.numbers() if n == printed["Equal Selection Parity"][0][1]]


def test_each_group_is_divided_by_its_own_total(tmp_path: Path) -> None:
    answers, wrong = verified(tmp_path, COUNTS).of(), over_everybody(COUNTS)
    assert answers.value("true_positive_rate", "0") == pytest.approx(416 / (416 + 255))
    assert answers.value("false_discovery_rate", "1") == pytest.approx(393 / (406 + 393))
    for name, measure in VERIFY.items():
        values = [answers.value(measure, group) for group in COUNTS]
        assert all(
            value is not None and abs(value - wrong[g][name]) > 0.05 for g, value in zip(COUNTS, values, strict=True)
        )


counts_of_a_group = st.lists(st.integers(0, 30), min_size=4, max_size=4)


@settings(max_examples=40, deadline=None)
@given(st.lists(counts_of_a_group, min_size=2, max_size=4))
def test_complements_add_to_one_in_every_group(counts: list[list[int]]) -> None:
    rows = {chr(97 + i): four for i, four in enumerate(counts)}
    if not any(sum(four) for four in counts):
        return
    add_to_one(found_in(rows), tuple(g for g, four in rows.items() if sum(four)))


@pytest.fixture(scope="module")
def compas() -> dict[str, Figures]:
    """All rows of the shipped file, against each of two reference groups."""
    path = find_audit("compas")
    spec = load_audit(path)
    whole: dict[str, Any] = spec.model_dump(by_alias=True, exclude_none=True, exclude={"sweep"})
    whole |= {"crossed": [], "analyses": {}, "strata": {}, "measures": ["false_positive_rate", "false_discovery_rate"]}
    found = {}
    for reference in ("Caucasian", "Hispanic"):
        changed = {**whole, "groups": {"race": {"column": "race", "reference": reference}}}
        found[reference] = Answers(run_audit(AuditSpec.model_validate(changed), path.parent)).of()
    return found


@pytest.mark.parametrize(
    ("reference", "measure", "counts"),
    [
        ("Caucasian", "false_positive_rate", (805, 1795, 349, 1488)),
        ("Caucasian", "false_discovery_rate", (805, 2174, 349, 854)),
        ("Hispanic", "false_positive_rate", (805, 1795, 87, 405)),
    ],
)
def test_each_rate_has_its_own_p(
    compas: dict[str, Figures], reference: str, measure: str, counts: tuple[int, int, int, int]
) -> None:
    from scipy.stats import fisher_exact

    cases, n, cases0, n0 = counts
    gap = compas[reference].gap(measure, "African-American", "ratio")
    assert (gap.n, gap.n_reference, gap.test) == (n, n0, "fisher")
    assert gap.value == pytest.approx((cases / n) / (cases0 / n0))
    assert gap.p_no_gap == pytest.approx(fisher_exact([[cases, n - cases], [cases0, n0 - cases0]])[1], rel=1e-6)


@pytest.mark.needs_rows
def test_the_p_of_a_false_positive_gap_is_not_that_of_false_discoveries(
    compas: dict[str, Figures], peer_vectors: Path
) -> None:
    from scipy.stats import fisher_exact, norm
    from statsmodels.stats.proportion import proportions_ztest

    values = read(peer_vectors, "v10-negative-controls")["must_NOT_match"][1]["values"]
    white = values["African-American against Caucasian: fpr 805/1795 and 349/1488"]
    hispanic = values["African-American against Hispanic, fpr 805/1795 and 87/405"]
    discovery = values["same pair, fdr 805/2174 and 349/854"]["pooled z p"]
    against_white = compas["Caucasian"].gap("false_positive_rate", "African-American")
    assert against_white.p_no_gap == pytest.approx(white["p"], rel=0.1)
    assert against_white.p_no_gap_adjusted is not None
    assert against_white.p_no_gap_adjusted < 0.05
    assert against_white.verdict == "established"
    assert against_white.p_no_gap != pytest.approx(discovery, rel=0.5)
    ours = compas["Caucasian"].gap("false_discovery_rate", "African-American").p_no_gap
    # ours is exact, theirs the normal approximation: each is held to its own
    assert ours == pytest.approx(fisher_exact([[805, 1369], [349, 505]])[1], rel=1e-9)
    z, _ = proportions_ztest([805, 349], [2174, 854])
    assert 2 * norm.sf(abs(z)) == pytest.approx(discovery, rel=1e-3)
    against_hispanic = compas["Hispanic"].gap("false_positive_rate", "African-American")
    assert against_hispanic.p_no_gap == pytest.approx(hispanic["right p"], rel=0.05)
    assert against_hispanic.p_no_gap != pytest.approx(hispanic["aequitas p"], rel=0.5)


@pytest.mark.needs_rows
def test_clarifys_distance_that_drops_an_empty_class_does_not_come_out(peer_vectors: Path, tmp_path: Path) -> None:
    block = read(peer_vectors, "v03-smclarify")["do_not_match"]
    distance = sqrt(2) * label_gap(tmp_path, block["label"], block["d"])
    assert distance == pytest.approx(block["right"]["LP2"], abs=1e-6)
    assert distance != pytest.approx(block["smclarify"]["LP2"], abs=0.1)
    columns = {"label": block["label"], "d": block["d"]}
    printed = list(audit(tmp_path, columns, {"d": "0"}, {"column": "label", "in": [1]}).of().numbers())
    for name in ("KL", "JS"):
        assert not [number for number in printed if abs(number - block["smclarify"][name]) < 1e-6]
