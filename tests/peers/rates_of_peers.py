"""What auditkit says where v01, v02 and v03 publish a figure: Aequitas, fairlearn, SageMaker Clarify.

Each function audits the vector's own input and gives a value for every figure that auditkit has, under the path that
the figure has in the file. Differences, ratios and parities of peers are put together here from printed figures.
"""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from typing import Any

from tests.peers.auditing import HIGHEST, REST, Figures, audit, binary
from tests.peers.vectors import Value, read, table

RATES = {"fpr": "false_positive_rate", "fnr": "false_negative_rate", "for": "false_omission_rate",
         "fdr": "false_discovery_rate", "pprev": "selection_rate"}  # fmt: skip
CELLS = {"tp": "true_positive_rate", "fp": "false_positive_rate", "tn": "true_negative_rate",
         "fn": "false_negative_rate"}  # fmt: skip
PARITIES = {"FNR Parity": "fnr", "FPR Parity": "fpr", "FOR Parity": "for", "FDR Parity": "fdr",
            "Statistical Parity": "ppr", "Impact Parity": "pprev"}  # fmt: skip
TOGETHER = {"TypeI Parity": ("FDR Parity", "FPR Parity"), "TypeII Parity": ("FOR Parity", "FNR Parity"),
            "Unsupervised Fairness": ("Statistical Parity", "Impact Parity"),
            "Supervised Fairness": ("TypeI Parity", "TypeII Parity")}  # fmt: skip


def aequitas(mirror: Path, folder: Path) -> dict[str, Value]:
    """v01: every count, rate and ratio; the parities from the ratios."""
    found: dict[str, Value] = {}
    for case in json.loads((mirror / "v01-aequitas-unit" / "cases.json").read_text(encoding="utf-8"))["cases"]:
        columns = table(mirror / "v01-aequitas-unit" / case["input"])
        answers = audit(folder, columns, case["reference"], **binary("score", "label_value")).of()
        for attribute, reference in case["reference"].items():
            for group in dict.fromkeys(columns[attribute]):
                row = _aequitas_row(answers, attribute, group, reference, case["tau"])
                found |= {f"case {case['case']} / {attribute} {group} / {name}": v for name, v in row.items()}
    return found


def _aequitas_row(answers: Figures, attribute: str, group: str, reference: str, tau: float) -> dict[str, Value]:
    row = _aequitas_group(answers, attribute, group)
    other = _aequitas_group(answers, attribute, reference)
    ratios: dict[str, Value] = {"ppr": quotient(row["ppr"], other["ppr"])}
    for short, measure in RATES.items():
        itself = quotient(row[short], row[short])  # a group beside itself is no gap of auditkit's
        ratios[short] = itself if group == reference else answers.ratio(measure, group, attribute)
    parities: dict[str, Value] = {name: _within(ratios[short], tau) for name, short in PARITIES.items()}
    for name, (one, two) in TOGETHER.items():
        parities[name] = _both(parities[one], parities[two])
    return (
        row
        | {f"{name}_ref": value for name, value in other.items()}
        | {f"{short}_disparity": value for short, value in ratios.items()}
        | parities
    )


def _aequitas_group(answers: Figures, attribute: str, group: str) -> dict[str, Value]:
    people, chosen = answers.size("selection_rate", group, attribute), answers.cases("selection_rate", group, attribute)
    positive = answers.cases("base_rate", group, attribute)
    return {
        "group_size": people, "pp": chosen, "pn": people - chosen,
        "group_label_pos": positive, "group_label_neg": answers.size("base_rate", group, attribute) - positive,
        "ppr": answers.value("share_of_selected", group, attribute),
        **{short: answers.value(measure, group, attribute) for short, measure in RATES.items()},
        **{short: answers.cases(measure, group, attribute) for short, measure in CELLS.items()},
    }  # fmt: skip


def quotient(above: Value, below: Value) -> float | None:
    """A ratio of two figures, undefined where one is, or where it is divided by 0."""
    return None if above is None or not below else above / below


def _within(ratio: Value, tau: float) -> bool | None:
    return None if ratio is None else tau <= ratio <= 1 / tau


def _both(one: Value, two: Value) -> bool | None:
    """And, where the unknown stays unknown unless the other is false."""
    if one is False or two is False:
        return False
    return None if one is None or two is None else True


def fairlearn(mirror: Path, folder: Path) -> dict[str, Value]:
    """v02: by group, together, the widest gaps, and fairlearn's own metrics asked for by name."""
    columns = table(mirror / "v02-fairlearn-basic.csv")
    rates = {"tpr": "true_positive_rate", "fpr": "false_positive_rate", "selection_rate": "selection_rate"}
    between = ("demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_ratio")
    asked = [*rates.values(), *(f"fairlearn.metrics.{name}" for name in between)]
    both = {harm: audit(folder, columns, {"group": HIGHEST}, harm=harm, measures=asked,
                        **binary("y_pred", "y_true")).of() for harm in ("punitive", "assistive")}  # fmt: skip
    answers = both["punitive"]
    found: dict[str, Value] = {f"expected / {name}": answers.value(f"fairlearn.metrics.{name}", "a")
                               for name in between}  # fmt: skip
    for short, measure in rates.items():
        overall = answers.value(measure)
        values = {group: answers.value(measure, group) for group in "abc"}
        assert overall is not None
        numbers = [value for value in values.values() if value is not None]
        ratios = [quotient(*pair) for number in numbers for pair in ((number, overall), (overall, number))]
        # The widest gap is printed where a measure has a direction: a true positive rate where selection helps.
        widest = both["assistive" if short == "tpr" else "punitive"]
        found |= {f"expected / by_group / {group} / {short}": value for group, value in values.items()} | {
            f"expected / overall / {short}": overall,
            f"expected / group_min / {short}": min(numbers),
            f"expected / group_max / {short}": max(numbers),
            f"expected / difference_between_groups / {short}": widest.largest_difference(measure),
            f"expected / ratio_between_groups / {short}": answers.smallest_ratio(measure),
            f"expected / difference_to_overall / {short}": max(abs(number - overall) for number in numbers),
            f"expected / ratio_to_overall / {short}": min(ratio for ratio in ratios if ratio is not None),
        }
    sizes = {group: answers.estimate("selection_rate", group).n for group in ("all", *"abc")}
    found |= {f"expected / by_group / {group} / count": sizes[group] for group in "abc"}
    return found | {"expected / overall / count": sizes["all"]}


CLARIFY = {
    "RD (recall, a - d)": ("true_positive_rate", -1),
    "SD (specificity, d - a)": ("true_negative_rate", 1),
    "DAR (precision, a - d)": ("positive_predictive_value", -1),
    "DRR (true negatives / predicted negatives, d - a)": ("negative_predictive_value", 1),
    "AD (accuracy, a - d)": ("accuracy", -1),
}


def clarify(mirror: Path, folder: Path) -> dict[str, Value]:
    """v03: d is the facet named, a everyone else, as in a comparison with the rest."""
    return (
        _clarify_binary(mirror, folder)
        | _clarify_refused(mirror, folder)
        | _clarify_facets(mirror, folder)
        | _clarify_labels(mirror, folder)
        | _clarify_strata(mirror, folder)
    )


def _clarify_binary(mirror: Path, folder: Path) -> dict[str, Value]:
    answers = audit(
        folder, table(mirror / "v03-smclarify-binary.csv"), {"facet": REST}, **binary("predicted", "label")
    ).of()
    found: dict[str, Value] = {}
    for d, a in ("FM", "MF"):
        parts: dict[str, Value] = {"DI (selection-rate ratio d/a)": answers.ratio("selection_rate", d)}
        for name, (measure, sign) in CLARIFY.items():
            value = answers.difference(measure, d)
            parts[name] = None if value is None else sign * value
        share = answers.value("share_of_population", d)
        assert share is not None
        parts["CI (class imbalance, (n_a-n_d)/(n_a+n_d))"] = 1 - 2 * share
        labels, chosen, size = (
            {g: f(m, g) for g in (a, d)} for f, m in (
                (answers.cases, "base_rate"), (answers.cases, "selection_rate"), (answers.size, "selection_rate"))
        )  # fmt: skip
        accepted = {g: labels[g] / chosen[g] for g in (a, d)}
        rejected = {g: (size[g] - labels[g]) / (size[g] - chosen[g]) for g in (a, d)}
        missed = {g: answers.cases("false_negative_rate", g) / answers.cases("false_positive_rate", g) for g in (a, d)}
        parts["DCA (label positives / predicted positives, a - d)"] = accepted[a] - accepted[d]
        parts["DCR (label negatives / predicted negatives, d - a)"] = rejected[d] - rejected[a]
        parts["TE (fn/fp ratio, d - a)"] = missed[d] - missed[a]
        found |= {f"binary / expected / {name} / {d}": value for name, value in parts.items()}
    return found


def _clarify_refused(mirror: Path, folder: Path) -> dict[str, Value]:
    """A group in which nobody is left unselected: what is printed where the peer takes 0."""
    override = read(mirror, "v03-smclarify")["drr_zero"]["predicted_override"]
    columns = table(mirror / "v03-smclarify-binary.csv") | {"predicted": override}
    answers = audit(folder, columns, {"facet": REST}, **binary("predicted", "label")).of()
    assert answers.estimate("negative_predictive_value", "M").reason == "everybody_selected"
    return {f"drr_zero / expected / DRR / {d}": answers.difference("negative_predictive_value", d) for d in "FM"}


def _clarify_facets(mirror: Path, folder: Path) -> dict[str, Value]:
    """Class imbalance: everyone else's share less one's own."""
    vector = read(mirror, "v03-smclarify")
    everyone: dict[str, Any] = {"selected": {"column": "facet", "in": ["M"]}, "measures": ["share_of_population"]}
    many = audit(folder, {"facet": vector["multi_facet_CI"]["values"]}, {"facet": REST}, **everyone).of()
    found: dict[str, Value] = {}
    for d in "MFO":
        share = many.value("share_of_population", d)
        found[f"multi_facet_CI / expected / {d}"] = None if share is None else 1 - 2 * share
    bins = {"column": "facet", "bins": [1.0], "labels": ["low", "high"]}
    for d, a, name in (("high", "low", "value > 1.0"), ("low", "high", "value < 1.0")):
        columns = {"facet": vector["continuous_facet"]["values"]}
        two = audit(folder, columns, {"side": bins | {"reference": d}}, score="facet",
                    measures=["share_of_population"]).of()  # fmt: skip
        found[f"continuous_facet / expected / CI, d = {name}"] = two.difference("share_of_population", a)
    return found


def label_gap(folder: Path, labels: list[int], d: list[int]) -> float:
    """How far apart the shares of positive labels of two sides are, whatever the sign."""
    answers = audit(folder, {"label": labels, "side": d}, {"side": "0"}, selected={"column": "label", "in": [1]},
                    measures=["selection_rate"]).of()  # fmt: skip
    value = answers.difference("selection_rate", "1")
    assert value is not None
    return abs(value)


def _clarify_labels(mirror: Path, folder: Path) -> dict[str, Value]:
    """With two labels the Kolmogorov-Smirnov distance is the gap, and the Euclidean one sqrt(2) times it."""
    vector = read(mirror, "v03-smclarify")
    first, ks = vector["pretraining_pairs"][0], vector["KS"]
    sides = [int(facet == ks["d"]) for facet in ks["facet"]]
    return {
        "pretraining_pairs / 0 / LP2": sqrt(2) * label_gap(folder, first["label"], first["d"]),
        "KS / expected": label_gap(folder, ks["label"], sides),
    }


def _clarify_strata(mirror: Path, folder: Path) -> dict[str, Value]:
    columns = table(mirror / "v03-smclarify-cdd.csv")
    answers = audit(folder, columns, {"facet": REST}, {"column": "positive", "in": [1]}, harm="assistive",
                    strata={"stratum": "stratum"}, measures=["selection_rate"]).of()  # fmt: skip
    return {f"CDDL / expected / {d}": answers.difference("conditional_disparity:stratum", d) for d in "FM"}
