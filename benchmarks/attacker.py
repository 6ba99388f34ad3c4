"""A reader with a solver and all published files: what they leave open of every small number, in whole people.

Written apart from `auditkit.protect`: it reads counts.csv, scores.csv and the row account, knows the audit's own text,
and knows of everybody what they are (age, region, sex, ...: which combinations occur, nested ones too), but not what
was decided about them, nor what came of it. Every table of whole people that fits is allowed; the least and the
largest value of a number over all of them is what the files leave open.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, sparse

CLASSES = ("true_positive", "false_positive", "selected_unseen", "false_negative", "true_negative",
           "not_selected_unseen")  # fmt: skip
MEMBERS = {name: (place,) for place, name in enumerate(CLASSES)} | {
    "people": (0, 1, 2, 3, 4, 5), "selected": (0, 1, 2), "not_selected": (3, 4, 5), "positive": (0, 3),
    "negative": (1, 4), "correct": (0, 4), "unseen": (2, 5),
}  # fmt: skip
OF_STEPS = {"positive": (0, 3), "negative": (1, 4), "unseen": (2, 5), "people": (0, 1, 2, 3, 4, 5)}


@dataclass(frozen=True)
class Target:
    """One number that must not be narrowed: whose, what of it, and what it really is."""

    analysis: str
    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    sum: str
    value: int


class Attacker:
    """Cells of people that could be told apart, and what the files say of sums over them."""

    def __init__(self, rows: pd.DataFrame, spec: dict[str, Any], folder: Path) -> None:
        self._spec, self._folder, self._rows = spec, folder, rows
        self._lines = list(csv.DictReader((folder / "counts.csv").open()))
        self._steps = list(csv.DictReader((folder / "scores.csv").open()))
        self.analyses = {"main": spec} | {name: spec | more for name, more in spec.get("analyses", {}).items()}
        self._edges = self._score_edges()
        self.truth = self._cells(rows, counted=True)
        self.cells = self._possible()
        self._joined = self._joined_names()
        self._matrix, self._values = self._known()

    def _score_edges(self) -> list[float]:
        """Where the files cut the score, and where the audit does."""
        if "score" not in self._spec:
            return []
        found = {float(line[end]) for line in self._steps for end in ("from", "to") if line[end]}
        return sorted(found | {float(self._spec["selected"]["at_least"])})

    def _cells(self, rows: pd.DataFrame, counted: bool) -> pd.DataFrame:
        """What people are, in the finest parts that the audit makes of them, and what was decided."""
        frame = pd.DataFrame({name: rows[name] for name in ("region", "department", "sex", "charge")})
        ages = set()
        for one in self.analyses.values():
            ages |= {edge for group in one["groups"].values() for edge in group.get("bins", ())}
            ages |= {keep["at_least"] for keep in one.get("keep", ()) if "at_least" in keep}
        frame["age"] = np.array([0, *sorted(ages)])[np.searchsorted(sorted(ages), rows["age"], side="right")]
        if not counted:
            return frame.drop_duplicates().reset_index(drop=True)
        frame["step"] = np.searchsorted(self._edges, rows["score"], side="right") if self._edges else 0
        frame["chosen"] = self._chosen(frame["step"]) if self._edges else rows["sel"]
        frame["y"] = self._seen(rows["y"], frame["chosen"])
        return frame

    def _chosen(self, step: Any) -> Any:
        limit = self._edges.index(float(self._spec["selected"]["at_least"])) + 1
        return (step >= limit).astype(int) if hasattr(step, "astype") else int(step >= limit)

    def _seen(self, outcome: Any, chosen: Any) -> Any:
        hidden = (chosen == 0) if self._spec.get("observed") == "when_selected" else (chosen != chosen)
        return np.where(hidden, -1, outcome)

    def _possible(self) -> pd.DataFrame:
        """Every cell that could hold somebody: people that occur, with every decision and outcome."""
        people = self._cells(self._rows, counted=False)
        made = []
        for step in range(len(self._edges) + 1):
            for chosen, outcome in product((0, 1), (0, 1)):
                if self._edges and chosen != self._chosen(step):
                    continue
                seen = int(self._seen(np.array([outcome]), np.array([chosen]))[0])
                made.append(people.assign(step=step, chosen=chosen, y=seen))
        return pd.concat(made, ignore_index=True).drop_duplicates().reset_index(drop=True)

    def label(self, cells: pd.DataFrame, analysis: str, attribute: str) -> np.ndarray:
        """The group of each cell."""
        group = self.analyses[analysis]["groups"].get(attribute, {"column": attribute})
        values = cells[group["column"]]
        if "bins" not in group:
            return values.astype(str).to_numpy()
        return np.array(group["labels"])[np.searchsorted(group["bins"], values, side="right")]

    def used(self, cells: pd.DataFrame, analysis: str) -> np.ndarray:
        """Which cells an analysis uses."""
        kept = np.ones(len(cells), dtype=bool)
        for keep in self.analyses[analysis].get("keep", ()):
            values = cells[keep["column"]]
            kept &= (values >= keep["at_least"]) if "at_least" in keep else values.isin(keep["in"])
        return kept

    def _joined_names(self) -> dict[tuple[str, str], set[str]]:
        """Names that the files never say: those that stand together as "other"."""
        found = {}
        for analysis, one in self.analyses.items():
            for attribute in [*one["groups"], *one.get("strata", {})]:
                said = {
                    group
                    for line in self._lines
                    if line["analysis"] == analysis
                    for name, group in zip(line["attributes"].split(" & "), line["groups"].split(" & "), strict=True)
                    if name == attribute
                }
                found[analysis, attribute] = set(self.label(self.cells, analysis, attribute).tolist()) - said
        return found

    def inside(
        self, cells: pd.DataFrame, analysis: str, attributes: Iterable[str], groups: Iterable[str], members: Any
    ) -> np.ndarray:
        """Which cells a sum counts."""
        kept = self.used(cells, analysis)
        for attribute, group in zip(attributes, groups, strict=True):
            label = self.label(cells, analysis, attribute)
            kept &= np.isin(label, [*self._joined[analysis, attribute]]) if group == "other" else label == group
        place = np.where(cells["chosen"] == 1, 0, 3) + np.array([0, 1, 2])[[1, 0, 2] @ np.array(
            [cells["y"] == 0, cells["y"] == 1, cells["y"] == -1])]  # fmt: skip
        return kept & np.isin(place, members)

    def _known(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        rows, values = [], []
        for line in self._lines:
            if line["value"]:
                names = line["attributes"].split(" & ") if line["attributes"] else []
                groups = line["groups"].split(" & ") if names else []
                rows.append(self.inside(self.cells, line["analysis"], names, groups, MEMBERS[line["sum"]]))
                values.append(float(line["value"]))
        for line in self._steps:
            names = [line["attribute"]] if line["attribute"] else []
            kept = self.inside(self.cells, line["analysis"], names, [line["group"]][: len(names)],
                               OF_STEPS[line["class"]])  # fmt: skip
            low = 0 if not line["from"] else self._edges.index(float(line["from"])) + 1
            high = len(self._edges) + 1 if not line["to"] else self._edges.index(float(line["to"])) + 1
            rows.append(kept & (self.cells["step"] >= low).to_numpy() & (self.cells["step"] < high).to_numpy())
            values.append(float(line["value"]))
        account = json.loads((self._folder / "released.yaml").read_text())["analyses"]["main"]["account"]
        if account["read"] is not None:
            rows.append(np.ones(len(self.cells), dtype=bool))
            values.append(float(account["read"]))
        return sparse.csr_matrix(np.array(rows, dtype=float)), np.array(values)

    def targets(self, minimum: int) -> list[Target]:
        """Every small number of a published group: its classes, their unions, and what they leave over of it."""
        found = []
        views = {(line["analysis"], line["attributes"], line["groups"]) for line in self._lines if not line["stage"]}
        for analysis, attributes, groups in sorted(views):
            names = tuple(attributes.split(" & ")) if attributes else ()
            values = tuple(groups.split(" & ")) if names else ()
            if not self.inside(self.cells, analysis, names, values, MEMBERS["people"]).any():
                continue
            for name, members in MEMBERS.items():
                if self.inside(self.cells, analysis, names, values, members).any():
                    true = int(self.inside(self.truth, analysis, names, values, members).sum())
                    if true < minimum:
                        found.append(Target(analysis, names, values, name, true))
        return found

    def interval(self, target: Target) -> tuple[float, float]:
        """The least and the largest value that fits everything published."""
        aim = self.inside(self.cells, target.analysis, target.attributes, target.groups, MEMBERS[target.sum])
        ends = []
        for sign in (1, -1):
            found = optimize.milp(
                sign * aim.astype(float), integrality=np.ones(len(aim)), bounds=optimize.Bounds(0, 1e5),
                constraints=optimize.LinearConstraint(self._matrix, self._values, self._values),
                options={"time_limit": 20},
            )  # fmt: skip
            if found.status == 2:
                raise ValueError("the published files contradict what the attacker knows")
            ends.append(sign * (found.fun if found.status == 0 else found.mip_dual_bound))
        return float(np.ceil(ends[0] - 1e-6)), float(np.floor(ends[1] + 1e-6))
