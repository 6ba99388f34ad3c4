"""The released table as four files that anybody can read: counts.csv, scores.csv, numbers.csv, released.yaml.

They hold everything that a result is computed from: `auditkit run FOLDER/released.yaml` gives the same results.json.
Values are written as they are released, and empty where they are withheld; bounds are worked out again on reading.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from auditkit.counts.compared_groups import ComparedGroups
from auditkit.errors import DataError
from auditkit.protect.bounds import narrowed
from auditkit.protect.public_spec import RELEASED
from auditkit.protect.released import (
    SUMS,
    Bounds,
    GroupCounts,
    Numbers,
    Released,
    ReleasedAnalysis,
    ReleasedView,
    Steps,
)
from auditkit.protect.score_sums import STEP_CLASS, middles, own_steps
from auditkit.result import Attribution, KindFigure, Regression, RowAccount, ScoreBins
from auditkit.result.field_types import Sentence, digits
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec

__all__ = ["FORMAT", "read_released", "released_files"]

FORMAT = "auditkit/released/1"

Floats = NDArray[np.float64]
Part = tuple[str, str, str, GroupCounts]
"""Stage, stratum, arm, and the counts there."""

_COUNTS = ("analysis", "stage", "stratum", "arm", "attributes", "groups", "sum", "value")
_SCORES = ("analysis", "attribute", "group", "class", "from", "to", "value")
_NUMBERS = ("analysis", "kind", "attributes", "groups", "item", "value", "unit", "people")
_JOINER = " & "
_SUMS_OF_NUMBERS = ("sum", "sum_of_squares")

_account, _regressions = TypeAdapter(RowAccount), TypeAdapter(tuple[Regression, ...])
_kind_figures = TypeAdapter(tuple[KindFigure, ...])
_attribution, _sentences = TypeAdapter(Attribution | None), TypeAdapter(tuple[Sentence, ...])


def released_files(released: Released) -> dict[str, bytes]:
    """The four files, by name."""
    counts, scores, numbers = [], [], []
    for analysis in released.analyses:
        for view in _views(analysis):
            for part in _parts(view):
                counts += list(_count_lines(analysis.key, part))
                numbers += list(_weight_lines(analysis.key, part))
            counts += list(_pair_lines(analysis.key, view))
            scores += list(_score_lines(analysis.key, view))
            numbers += list(_number_lines(analysis.key, view))
    files = {
        "counts.csv": _table(_COUNTS, counts),
        "scores.csv": _table(_SCORES, scores),
        "numbers.csv": _table(_NUMBERS, numbers),
    }
    said = {
        "released": {"format": FORMAT, "minimum_count": released.minimum},
        "audit": released.audit.model_dump(mode="json", by_alias=True, exclude_unset=True),
        "analyses": {one.key: _described(one) for one in released.analyses},
        "notes": _sentences.dump_python(released.notes, mode="json"),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return files | {RELEASED: (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()}


def _views(analysis: ReleasedAnalysis) -> list[ReleasedView]:
    return [view for view in (analysis.everyone, *analysis.views) if view is not None]


def _parts(view: ReleasedView) -> list[Part]:
    parts: list[Part] = [("", "", "", view.everyone)]
    parts += [] if view.arm is None else [("", "", "1", view.arm)]
    parts += [(str(number), "", "", counts) for number, counts in enumerate(view.stages, 1)]
    parts += [("", "1", "", counts) for counts in view.strata]
    return parts


def _count_lines(key: str, part: Part) -> Iterator[list[str]]:
    stage, stratum, arm, counts = part
    for row, group in enumerate(counts.groups):
        for place, name in enumerate(SUMS):
            low, high = counts.counts.lower[row, place], counts.counts.upper[row, place]
            value = digits(float(low)) if low == high else ""
            yield [key, stage, stratum, arm, _JOINER.join(counts.names), _JOINER.join(group), name, value]


_PAIRS = ("pairs_both", "pairs_group_only", "pairs_reference_only", "pairs_neither")


def _pair_lines(key: str, view: ReleasedView) -> Iterator[list[str]]:
    """Matched pairs by who of them was selected, of each group beside its reference."""
    for row, group in enumerate(view.everyone.groups if view.pairs is not None else ()):
        assert view.pairs is not None
        if not np.isnan(view.pairs[row]).any():
            where = [key, "", "", "", _JOINER.join(view.names), _JOINER.join(group)]
            yield from (
                [*where, name, digits(float(value))] for name, value in zip(_PAIRS, view.pairs[row], strict=True)
            )


def _read_pairs(key: str, names: tuple[str, ...], groups: tuple[tuple[str, ...], ...], values: Values) -> Floats | None:
    found = np.full((len(groups), len(_PAIRS)), np.nan)
    for row, group in enumerate(groups):
        for place, name in enumerate(_PAIRS):
            said = values.get((key, "", "", "", _JOINER.join(names), _JOINER.join(group), name), "")
            found[row, place] = float(said) if said else np.nan
    return None if np.isnan(found).all() else found


def _weight_lines(key: str, part: Part) -> Iterator[list[str]]:
    stage, stratum, arm, counts = part
    if not counts.weighted:
        return
    where = "".join(f" {name}" for name in (stage and f"stage {stage}", stratum and "stratum", arm and "arm") if name)
    for row, group in enumerate(counts.groups):
        for kind, array in (("weight_sum", counts.weights), ("weight_squared_sum", counts.squares)):
            for place, name in enumerate(SUMS[:6]):
                value = digits(float(array[row, place]))
                people = digits(float(counts.rows[row, place]))
                names = (_JOINER.join(counts.names), _JOINER.join(group))
                yield [key, kind + where, *names, name, value, "three digits or coarser", people]


def _number_lines(key: str, view: ReleasedView) -> Iterator[list[str]]:
    outcomes = view.outcomes
    if outcomes is None or outcomes.units is None:
        return
    for row, group in enumerate(view.everyone.groups):
        people = digits(float(outcomes.rows[row, 5]))
        for place, (kind, array) in enumerate(zip(_SUMS_OF_NUMBERS, (outcomes.total, outcomes.total_squared),
                                                  strict=True)):  # fmt: skip
            value, unit = digits(float(array[row, 5])), digits(float(outcomes.units[row, place]))
            yield [key, kind, _JOINER.join(view.names), _JOINER.join(group), "outcome", value, unit, people]


def _read_numbers(key: str, view: ReleasedView, lines: Lines) -> Numbers:
    """Sums of a number, of everybody in a group together, empty where they are withheld."""
    found, units = np.full((3, len(view.everyone)), np.nan), np.full((len(view.everyone), 2), np.nan)
    for row, group in enumerate(view.everyone.groups):
        for place, kind in enumerate(_SUMS_OF_NUMBERS):
            line = lines.get((key, kind, _JOINER.join(view.names), _JOINER.join(group), "outcome"), {})
            units[row, place] = float(line.get("unit") or "nan")
            if line.get("value"):
                found[place, row], found[2, row] = float(line["value"]), float(line["people"])
    total, squared, rows = (np.concatenate((np.zeros((len(one), 5)), one[:, None]), axis=1) for one in found)
    return Numbers(rows, rows, rows, total, squared, units=units)


def _score_lines(key: str, view: ReleasedView) -> Iterator[list[str]]:
    steps = view.scores
    if steps is None or steps.begins is None:
        return
    names = _JOINER.join(view.names)
    for row, group in enumerate(view.everyone.groups):
        for first, after in own_steps(steps.begins[row]):
            start = "" if first == 0 else digits(float(steps.lower[first]))
            end = "" if after == steps.begins.shape[1] else digits(float(steps.lower[after]))
            for name, place in STEP_CLASS.items():
                if steps.rows[row, :, place].any() and name != "people":
                    value = digits(float(steps.rows[row, first, place]))
                    yield [key, names, _JOINER.join(group), name, start, end, value]


def _described(analysis: ReleasedAnalysis) -> dict[str, Any]:
    """What is no table: the groups of each view, the row account, the grid of the score."""
    edges = analysis.edges
    return {
        "account": _account.dump_python(analysis.account, mode="json"),
        "everyone": analysis.everyone is not None,
        "views": [_view_text(view) for view in _views(analysis)],
        "holds": sorted(analysis.holds),
        "facts": dict(sorted(analysis.facts.items())),
        "edges": None if edges is None else {
            "lower": edges.lower.tolist(), "upper": edges.upper.tolist(), "exact": bool(edges.exact),
        },
        "thresholds": list(analysis.thresholds),
        "regressions": _regressions.dump_python(analysis.regressions, mode="json"),
        "attribution": _attribution.dump_python(analysis.attribution, mode="json"),
        "kind_figures": _kind_figures.dump_python(analysis.kind_figures, mode="json"),
    }  # fmt: skip


def _view_text(view: ReleasedView) -> dict[str, Any]:
    compared = view.compared
    return {
        "attributes": list(compared.attributes),
        "groups": [list(group) for group in compared.groups],
        "rule": compared.rule,
        "index": compared.index,
        "reason": compared.reason,
        "weighted": view.everyone.weighted,
        "arm": view.arm is not None,
        "stages": len(view.stages),
        "strata": [{"names": list(one.names), "groups": [list(group) for group in one.groups]} for one in view.strata],
        "scored": view.scores is not None,
        "numbers": view.outcomes is not None,
    }


def _table(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return text.getvalue().encode()


def read_released(folder: Path) -> Released:
    """The released table that stands in a folder. Raises DataError where a file is not the one that was released."""
    text = _bytes(folder / RELEASED)
    try:
        said = json.loads(text)
        wanted_files, format_found = dict(said["files"]), said["released"]["format"]
    except (ValueError, KeyError, TypeError):
        wanted_files, format_found = {}, ""
    if format_found != FORMAT:
        raise DataError(
            "{file} is no released table in the format {format}; expected the folder of a run.",
            file=RELEASED,
            format=FORMAT,
        )
    for name, wanted in wanted_files.items():
        if hashlib.sha256(_bytes(folder / name)).hexdigest() != wanted:
            raise DataError(
                "{file} is not the one that {released} names: its content was changed; take the folder as it was "
                "published.",
                file=name,
                released=RELEASED,
            )
    audit = AuditSpec.model_validate(said["audit"])
    tables = {name: list(csv.DictReader(io.StringIO(_bytes(folder / name).decode()))) for name in said["files"]}
    values = {tuple(line[c] for c in _COUNTS[:-1]): line["value"] for line in tables["counts.csv"]}
    numbers = {tuple(line[c] for c in _NUMBERS[:5]): line for line in tables["numbers.csv"]}
    analyses = tuple(
        _analysis(key, analysis_spec(audit, key), one, values, numbers, tables["scores.csv"])
        for key, one in said["analyses"].items()
    )
    minimum = int(said["released"]["minimum_count"])
    return Released(minimum, audit, analyses, _sentences.validate_python(said["notes"]))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise DataError(
            "{file} is missing beside {released}; expected the four files of a released table in one folder.",
            file=path.name,
            released=RELEASED,
        ) from None


Values = Mapping[tuple[str, ...], str]
Lines = Mapping[tuple[str, ...], Mapping[str, str]]


def _analysis(
    key: str, spec: AuditSpec, said: Mapping[str, Any], values: Values, numbers: Lines,
    scores: Sequence[Mapping[str, str]],
) -> ReleasedAnalysis:  # fmt: skip
    edges = said["edges"]
    grid = None if edges is None else ScoreBins(np.array(edges["lower"]), np.array(edges["upper"]), edges["exact"])
    views = [_read_view(key, one, values, numbers) for one in said["views"]]
    bounds = narrowed([(v.names, v.everyone.groups, v.everyone.counts.lower, v.everyone.counts.upper) for v in views])
    made = [
        replace(view, everyone=_shown(view.everyone, ends), scores=_steps(key, view, grid, scores) if one["scored"]
                else None)
        for view, ends, one in zip(views, bounds, said["views"], strict=True)
    ]  # fmt: skip
    everyone = made.pop(0) if said["everyone"] else None
    regressions = _regressions.validate_python(said["regressions"])
    return ReleasedAnalysis(
        key=key,
        spec=spec,
        account=_account.validate_python(said["account"]),
        views=tuple(made),
        everyone=everyone,
        holds=frozenset(said["holds"]),
        facts=said["facts"],
        edges=grid,
        thresholds=tuple(said["thresholds"]),
        regressions=tuple(replace(one, smallest=np.inf) for one in regressions),
        attribution=_attribution.validate_python(said["attribution"]),
        kind_figures=_kind_figures.validate_python(said.get("kind_figures", ())),
    )


def _read_view(key: str, said: Mapping[str, Any], values: Values, numbers: Lines) -> ReleasedView:
    names = tuple(said["attributes"])
    groups = tuple(tuple(group) for group in said["groups"])
    compared = ComparedGroups(names, groups, said["rule"], said["index"], said["reason"])

    def counts(names: tuple[str, ...], groups: Any, stage: str = "", stratum: str = "", arm: str = "") -> GroupCounts:
        where = (key, stage, stratum, arm)
        return _read_counts(where, names, tuple(tuple(g) for g in groups), said["weighted"], values, numbers)

    stages = [counts(names, groups, stage=str(number + 1)) for number in range(said["stages"])]
    strata = [counts(tuple(one["names"]), one["groups"], stratum="1") for one in said["strata"]]
    arm = counts(names, groups, arm="1") if said["arm"] else None
    view = ReleasedView(
        compared=compared,
        everyone=counts(names, groups),
        arm=None if arm is None else _alone(arm),
        stages=tuple(map(_alone, stages)),
        strata=tuple(map(_alone, strata)),
        pairs=_read_pairs(key, names, groups, values),
    )
    return replace(view, outcomes=_read_numbers(key, view, numbers)) if said["numbers"] else view


def _read_counts(
    where: tuple[str, str, str, str], names: tuple[str, ...], groups: tuple[tuple[str, ...], ...], weighted: bool,
    values: Values, numbers: Lines,
) -> GroupCounts:  # fmt: skip
    low, high = np.zeros((len(groups), len(SUMS))), np.full((len(groups), len(SUMS)), np.inf)
    key, stage, stratum, arm = where
    part = "".join(f" {name}" for name in (stage and f"stage {stage}", stratum and "stratum", arm and "arm") if name)
    sums = np.full((2, len(groups), 6), np.nan)
    for row, group in enumerate(groups):
        said = (_JOINER.join(names), _JOINER.join(group))
        for place, name in enumerate(SUMS):
            if value := values.get((*where, *said, name), ""):
                low[row, place] = high[row, place] = float(value)
        for kind, array in zip(("weight_sum", "weight_squared_sum"), sums, strict=True):
            for place, name in enumerate(SUMS[:6]):
                line = numbers.get((key, kind + part, *said, name), {})
                if weighted and line.get("value"):
                    array[row, place] = float(line["value"])
    return GroupCounts(names, groups, Bounds(low, high), sums[0], sums[1], weighted)


def _alone(counts: GroupCounts) -> GroupCounts:
    ends = narrowed([(counts.names, counts.groups, counts.counts.lower, counts.counts.upper)])[0]
    return _shown(counts, ends)


def _shown(counts: GroupCounts, ends: tuple[Floats, Floats]) -> GroupCounts:
    changed = replace(counts, counts=Bounds(*ends))
    return changed if counts.weighted else replace(changed, weights=changed.rows, squares=changed.rows)


def _steps(key: str, view: ReleasedView, grid: ScoreBins | None, scores: Sequence[Mapping[str, str]]) -> Steps | None:
    if grid is None:
        return None
    shape = (len(view.everyone), len(grid.lower))
    rows, begins = np.zeros((*shape, 6)), np.zeros(shape, dtype=bool)
    place = {_JOINER.join(group): row for row, group in enumerate(view.everyone.groups)}
    step = {digits(float(edge)): at for at, edge in enumerate(grid.lower)} | {"": 0}
    for line in scores:
        if line["analysis"] == key and line["attribute"] == _JOINER.join(view.names) and line["group"] in place:
            row, first = place[line["group"]], step[line["from"]]
            begins[row, first] = True
            rows[row, first, STEP_CLASS[line["class"]]] = float(line["value"])
    middle = middles(grid, begins)[:, :, None]
    return Steps(grid.lower, grid.upper, grid.exact, rows, rows, rows, rows * middle, rows * middle**2, begins)
