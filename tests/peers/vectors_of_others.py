"""What auditkit says where v04 to v09 publish a figure: holisticai, AIF360, OxonFair, RAI, LiFT and three more.

As in rates_of_peers: one function a vector, one value for every figure that auditkit has, under its path in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any

from auditkit import AuditSpec, run_audit
from tests.peers.auditing import HIGHEST, REST, Answers, Figures, audit, binary, specification
from tests.peers.rates_of_peers import quotient
from tests.peers.vectors import Value, read, table

CELLS = {"tp": "true_positive_rate", "fp": "false_positive_rate", "tn": "true_negative_rate",
         "fn": "false_negative_rate"}  # fmt: skip


def holisticai(mirror: Path, folder: Path) -> dict[str, Value]:
    """v04: a minus b, or a over b."""
    return (
        {f"classification / expected / {k}": v for k, v in _two_classes(mirror, folder).items()}
        | {f"regression / expected / {k}": v for k, v in _numbers(mirror, folder).items()}
        | {f"multiclass / expected / {k}": v for k, v in _three_classes(mirror, folder).items()}
    )


def _two_classes(mirror: Path, folder: Path) -> dict[str, Value]:
    columns = table(mirror / "v04-holisticai-classification.csv")
    answers = audit(folder, columns, {"group": "b"}, **binary("y_pred", "y_true")).of()
    lowest = audit(folder, columns, {"group": HIGHEST}, measures=["selection_rate"], **binary("y_pred", "y_true")).of()
    return {
        "statistical_parity": answers.difference("selection_rate", "a"),
        "disparate_impact": answers.ratio("selection_rate", "a"),
        "four_fifths": lowest.smallest_ratio("selection_rate"),
        "equal_opportunity_diff": answers.difference("true_positive_rate", "a"),
        "false_positive_rate_diff": answers.difference("false_positive_rate", "a"),
        "average_odds_diff": average_odds(answers, "a"),
        "accuracy_diff": answers.difference("accuracy", "a"),
    }


def average_odds(answers: Figures, group: str) -> float | None:
    """The mean of the gaps in true and false positive rates; undefined where either is."""
    gaps = [answers.difference(measure, group) for measure in ("true_positive_rate", "false_positive_rate")]
    known = [gap for gap in gaps if gap is not None]
    return sum(known) / 2 if len(known) == 2 else None


def _numbers(mirror: Path, folder: Path) -> dict[str, Value]:
    """A score beside a number: means by group, and each group's correlation in an analysis of its own."""
    correlation = "score_correlation:y_true"
    analyses = {
        g: {
            "keep": [{"column": "group", "in": [g]}],
            "groups": {"group": {"column": "group"}},
            "measures": [correlation],
        }
        for g in "ab"
    }
    answers = audit(folder, table(mirror / "v04-holisticai-regression.csv"), {"group": "b"}, {"at_least": 0.5},
                    score="y_pred", measures=["mean_score"], analyses=analyses)  # fmt: skip
    one, two = (answers.of(g).value(correlation) for g in "ab")
    assert one is not None
    assert two is not None
    means = [answers.of().value("mean_score", g) for g in "ab"]
    return {
        "avg_score_diff": answers.of().difference("mean_score", "a"),
        "avg_score_ratio": quotient(*means),
        "correlation_diff": one - two,
    }


def _three_classes(mirror: Path, folder: Path) -> dict[str, Value]:
    """Each class against the others: selected where it is predicted, positive where it is true."""
    matrices = {
        "frequency_matrix rows A,B,C; columns class 0,1,2": "selection_rate",
        "recall_matrix": "true_positive_rate",
        "precision_matrix": "positive_predictive_value",
    }
    classes: dict[str, Any] = {
        f"class{c}": {"selected": {"column": "y_pred", "in": [c]},
                      "outcome": {"column": "y_true", "positive": [c], "rest": "negative"}}
        for c in range(3)
    }  # fmt: skip
    answers = audit(folder, table(mirror / "v04-holisticai-multiclass.csv"), {"group": "A"}, analyses=classes,
                    **classes["class0"])  # fmt: skip
    return {
        f"{name} / {row} / {c}": answers.of(f"class{c}").value(measure, group)
        for name, measure in matrices.items()
        for row, group in enumerate("ABC")
        for c in range(3)
    }


def aif360(mirror: Path, folder: Path) -> dict[str, Value]:
    """v05: what is about groups; not the indices of individuals, nor rankings."""
    vector = read(mirror, "v05-aif360")
    imbalance = _columns(vector["class_imbalance_weighted"])
    found: dict[str, Value] = {}
    for group, other in "10", "01":
        answers = audit(folder, imbalance, {"group": group}, {"column": "group", "in": [1]}, weight="weight",
                        measures=["share_of_population"]).of()  # fmt: skip
        found[f"class_imbalance_weighted / expected_priv_{group}"] = answers.difference("share_of_population", other)
    many = audit(
        folder, _columns(vector["multiclass_collapsed"]), {"group": REST}, {"column": "pred", "in": [0, 1]},
        outcome={"column": "label", "positive": vector["multiclass_collapsed"]["favourable"], "rest": "negative"},
    ).of()  # fmt: skip
    start = "multiclass_collapsed / expected"
    return (
        found
        | {f"{start} / {short.upper()}": many.cases(measure) for short, measure in CELLS.items()}
        | {f"{start} / fnr difference (group 2 minus groups 0 and 1)": many.difference("false_negative_rate", "2")}
        | {"cdd_weighted / expected": _disparity_over_groups(folder, _columns(vector["cdd_weighted"]))}
    )


def _columns(part: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    return {name: part[name] for name in ("group", "label", "pred", "weight") if name in part}


def _disparity_over_groups(folder: Path, columns: dict[str, Sequence[Any]]) -> float:
    """Every group's share of refusals less its share of acceptances, averaged by the groups' weights."""
    everyone = columns | {"all": ["one"] * len(columns["group"])}
    answers = audit(folder, everyone, {"group": REST}, {"column": "label", "in": [1]}, harm="assistive",
                    weight="weight", strata={"all": "all"}).of()  # fmt: skip
    parts = [
        (answers.value("share_of_population", g), answers.difference("conditional_disparity:all", g)) for g in "012"
    ]
    return sum(share * gap for share, gap in parts if share is not None and gap is not None)


def oxonfair(mirror: Path, folder: Path) -> dict[str, Value]:
    """v06: admissions at Berkeley, from published counts; a conditional rate from rates by sex and department."""
    answers = berkeley(mirror, folder).of()
    found: dict[str, Value] = {}
    for sex in ("Female", "Male"):
        parts = [
            (answers.value("share_of_population", d), answers.value("selection_rate", f"{sex} & {d}")) for d in "ABCDEF"
        ]
        found |= {
            f"expected / raw admission rate / {sex}": answers.value("selection_rate", sex),
            f"exact / raw {sex}": answers.value("selection_rate", sex),
            f"expected / conditional rate, weighted to the department sizes / {sex}": sum(
                share * rate for share, rate in parts if share is not None and rate is not None
            ),
        }
    return found


def berkeley(mirror: Path, folder: Path) -> Answers:
    """The published counts as a count table of four lines a department."""
    wide = table(mirror / "v06-berkeley-1973.csv")
    lines = ["department,sex,admitted,people"]
    for i, department in enumerate(wide["department"]):
        for sex in ("Male", "Female"):
            for admitted in ("yes", "no"):
                lines.append(f"{department},{sex},{admitted},{wide[f'{sex.lower()}_{admitted}'][i]}")
    place = folder / "berkeley"
    place.mkdir(parents=True)
    (place / "counts.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec = specification(
        {"sex": "Male", "department": {"is": "largest"}}, {"column": "admitted", "in": ["yes"]}, harm="assistive",
        crossed=[["sex", "department"]], strata={"desk": "department"},
    )  # fmt: skip
    spec["data"] = {"file": "counts.csv", "count": "people"}
    return Answers(run_audit(AuditSpec.model_validate(spec), place))


def balance(mirror: Path, folder: Path) -> dict[str, Value]:
    """v07: what the label says of men and women."""
    answers = data_balance(mirror, folder).of()
    ratio = answers.ratio("selection_rate", "Male")
    assert ratio is not None
    start = "expected / Male minus Female, label 1"
    return {
        f"{start} / statistical_parity": answers.difference("selection_rate", "Male"),
        f"{start} / pointwise_mutual_information": log(ratio),
    }


def data_balance(mirror: Path, folder: Path) -> Answers:
    """Labels as the selection."""
    columns = table(mirror / "v07-rai-data-balance.csv")
    largest = {"is": "largest"}
    return audit(folder, columns, {"gender": "Female", "ethnicity": largest}, {"column": "label", "in": [1]})


def lift(mirror: Path, folder: Path) -> dict[str, Value]:
    """v08: precision by group, and the counts of a small table with an UNKNOWN group."""
    precision = permutation(mirror, folder).of()
    start = "precision_permutation / expected"
    rows = read(mirror, "v08-lift")["small_table"]["rows_label_pred_gender"]
    small = audit(folder, _rows(rows, "gender"), {"gender": "MALE"}, **binary("pred", "label")).of()
    found: dict[str, Value] = {
        f"{start} / precision {g}": precision.value("positive_predictive_value", g) for g in "MF"
    }
    found[f"{start} / difference"] = precision.difference("positive_predictive_value", "M")
    for gender in ("MALE", "FEMALE", "UNKNOWN"):
        found[f"small_table / expected_counts / {gender}"] = small.estimate("selection_rate", gender).n
    positive = small.cases("base_rate")
    found["small_table / expected_counts / label1"] = positive
    found["small_table / expected_counts / label0"] = small.size("base_rate") - positive
    return found


def permutation(mirror: Path, folder: Path) -> Answers:
    """The rows that LiFT runs its permutation test on."""
    rows = read(mirror, "v08-lift")["precision_permutation"]["rows_label_pred_group"]
    return audit(folder, _rows(rows, "group"), {"group": "F"}, **binary("pred", "label"))


def _rows(rows: Sequence[Sequence[Any]], group: str) -> dict[str, Sequence[Any]]:
    label, pred, groups = zip(*rows, strict=True)
    return {"label": label, "pred": pred, group: groups}


def small_cases(mirror: Path, folder: Path) -> dict[str, Value]:
    """v09: jurity's groups of one class, mlr3's labels 1 and 2, fairmodels' cut for each sex."""
    vector = read(mirror, "v09-small-edge-cases")
    found: dict[str, Value] = {}
    for i, case in enumerate(vector["jurity"]["cases"]):
        columns = {name: case[name] for name in ("pred", "group", "label") if name in case}
        both = binary("pred", "label") if "label" in case else {"selected": {"column": "pred", "in": [1]}}
        answers = audit(folder, columns, {"group": "0"}, **both).of()
        for name in ("statistical_parity", "average_odds", "predictive_equality"):
            if name in case:
                found[f"jurity / cases / {i} / {name}"] = _jurity(answers, name)
    mlr3 = audit(
        folder, _columns(vector["mlr3fairness"]), {"group": "1"}, {"column": "pred", "in": [1]},
        outcome={"column": "label", "positive": [1], "negative": [2]},
    ).of()  # fmt: skip
    found["mlr3fairness / expected / accuracy_abs_difference"] = mlr3.largest_difference("accuracy")
    part = vector["fairmodels_per_group_cutoffs"]
    cuts = audit(
        folder, {name: part[name] for name in ("sex", "label", "score")}, {"sex": "male"},
        {"at_least": {"by": "sex", "values": part["cutoff"]}}, score="score",
        outcome={"column": "label", "positive": [1], "negative": [0]},
    ).of()  # fmt: skip
    for sex in ("female", "male"):
        for short, measure in CELLS.items():
            found[f"fairmodels_per_group_cutoffs / expected / {sex} / {short}"] = cuts.cases(measure, sex)
    return found


def _jurity(answers: Figures, name: str) -> float | None:
    if name == "average_odds":
        return average_odds(answers, "1")
    measure = "selection_rate" if name == "statistical_parity" else "false_positive_rate"
    return answers.difference(measure, "1")
