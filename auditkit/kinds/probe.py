"""A system that writes, asked: outputs of versions that differ in one attribute, held against each other by case."""

from __future__ import annotations

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut
from auditkit.inference import holm
from auditkit.kinds.made_figures import made
from auditkit.kinds.probe_cases import Asked, asked_texts, read_cases, read_outputs
from auditkit.kinds.probe_judge import JUDGED, judged
from auditkit.result import KindFigure
from auditkit.result.kind_figure import TextPair, out_of_noise
from auditkit.spec import AuditSpec
from auditkit.spec.kinds.probe import Probe

__all__ = ["CONTROL", "SWAP", "figures_of_outputs", "figures_of_probe"]

Floats = NDArray[np.float64]

SWAP, CONTROL, REPEATS = "swap", "control", "repeats"
"""Levels: a swap of groups, a swap within the reference group, the spread of repeats of one text."""

_FEWEST = 6
_BATCH = 50
_LONGEST = 3_000
"""So much of an output is shown beside another."""


def figures_of_probe(spec: AuditSpec, folder: Path) -> tuple[KindFigure, ...]:
    """The system asked, and what it wrote counted. Raises InputError where it does not answer as it should."""
    part = spec.probe
    assert part is not None
    asked = list(asked_texts(part, read_cases(part, folder)))
    return figures_of_outputs(part, asked, _outputs(part, folder, asked), spec.confidence)


def figures_of_outputs(
    part: Probe, asked: Sequence[Asked], texts: Sequence[str], confidence: float
) -> tuple[KindFigure, ...]:
    """Every count of every swap: the mean difference over cases with Student's interval and p, all p corrected (Holm).

    `texts` are what was written of each of `asked`.
    """
    means: dict[tuple[str, str, str], dict[str, dict[str, list[float]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    outputs: dict[tuple[str, str, str], tuple[str, str]] = {}
    for one, text in zip(asked, texts, strict=True):
        outputs.setdefault((one.attribute, one.group, one.case.name), (one.value, text))
        for item, value in judged(one, text).items():
            means[item, one.attribute, one.group][one.case.name][one.value].append(value)
    found: list[KindFigure] = []
    for attribute, groups in part.swap.items():
        reference, *others = groups
        for item in JUDGED:
            base = means[item, attribute, reference]
            if not base:
                continue
            for group in others:
                apart = [_mean(means[item, attribute, group][case]) - _mean(base[case]) for case in base]
                cases = sorted(zip(np.abs(apart), base, strict=True), key=lambda pair: (-pair[0], pair[1]))
                pair = _pair(cases[0][1], outputs, attribute, reference, group)
                figure = _difference(item, attribute, group, reference, apart, SWAP, confidence)
                found.append(replace(figure, pair=pair))
            if len(groups[reference]) > 1:
                first, second = groups[reference][:2]
                apart = [float(np.mean(base[case][second]) - np.mean(base[case][first])) for case in base]
                found.append(_difference(item, attribute, reference, reference, apart, CONTROL, confidence))
            found.append(_noise(item, attribute, reference, base))
    return _with_pairs_to_show(_corrected(found))


def _pair(
    case: str, outputs: dict[tuple[str, str, str], tuple[str, str]], attribute: str, reference: str, group: str
) -> TextPair:
    """The first output of a case under the first value of each of two groups."""
    (value, text), (other_value, other) = outputs[attribute, reference, case], outputs[attribute, group, case]
    return TextPair(case, value, _shown(text), other_value, _shown(other))


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _with_pairs_to_show(figures: Sequence[KindFigure]) -> tuple[KindFigure, ...]:
    """Pairs beside what is no noise; where all may be noise, beside the first swap of each attribute and group."""
    told = {id(one) for one in out_of_noise(figures)}
    if not told:
        firsts = {(one.attributes, one.groups): id(one) for one in reversed(figures) if one.pair is not None}
        told = set(firsts.values())
    return tuple(one if id(one) in told else replace(one, pair=None) for one in figures)


def _mean(of_values: dict[str, list[float]]) -> float:
    return float(np.mean([np.mean(values) for values in of_values.values()]))


def _difference(
    item: str, attribute: str, group: str, reference: str, apart: Sequence[float], level: str, confidence: float
) -> KindFigure:
    """Student over cases; never a p under that of the sign test where all cases agree."""
    from scipy.special import stdtr, stdtrit

    d, n = np.asarray(apart, dtype=np.float64), len(apart)
    span, p = (np.nan, np.nan, np.nan), np.nan
    if n >= _FEWEST:
        mean, spread = float(d.mean()), float(d.std(ddof=1)) / n**0.5
        half = float(stdtrit(n - 1, (1 + confidence) / 2)) * spread
        span = (mean, mean - half, mean + half)
        tail = 2 * float(stdtr(n - 1, -abs(mean) / spread)) if spread > 0 else 0.0
        p = 1.0 if mean == 0 else min(1.0, max(tail, 2.0 ** (1 - n)))
    one = made("probe", item, ((attribute,), (group,)), span, float(n), "student", "number", level, p_value=p)
    return replace(one, reference=(reference,))


def _noise(item: str, attribute: str, group: str, base: dict[str, dict[str, list[float]]]) -> KindFigure:
    """The standard deviation of the repeats of one text, over all texts of the reference group."""
    spreads = [np.var(values, ddof=1) for of in base.values() for values in of.values() if len(values) > 1]
    value = float(np.sqrt(np.mean(spreads))) if spreads else np.nan
    n = float(len(base))
    return made("probe", item, ((attribute,), (group,)), (value, np.nan, np.nan), n, "none", "number", REPEATS)


def _corrected(figures: Sequence[KindFigure]) -> list[KindFigure]:
    """Every p of a swap corrected for all swaps of the probe together; a control keeps its own."""
    known = {i: one.p_value for i, one in enumerate(figures) if one.level == SWAP and one.p_value is not None}
    by_place = dict(zip(known, holm(list(known.values())).tolist(), strict=True)) if known else {}
    return [replace(one, p_value=by_place.get(i, one.p_value)) for i, one in enumerate(figures)]


def _outputs(part: Probe, folder: Path, asked: list[Asked]) -> list[str]:
    if part.file is not None:
        return read_outputs(part, folder, asked)
    found: list[str] = []
    for start in range(0, len(asked), _BATCH):
        texts = [one.text for one in asked[start : start + _BATCH]]
        found += _of_endpoint(part, texts) if part.endpoint is not None else _of_command(part, folder, texts)
    return found


def _of_endpoint(part: Probe, texts: list[str]) -> list[str]:
    from auditkit.scorers.endpoint_scorer import open_endpoint

    assert part.endpoint is not None
    service = open_endpoint(part.endpoint, ("text",), os.environ, part.token, timeout=part.timeout, retries=2)
    return _checked(service.written(texts), len(texts), service.name)


def _of_command(part: Probe, folder: Path, texts: list[str]) -> list[str]:
    """A program that reads {"texts": [...]} as JSON and prints {"texts": [...]}, as many, in order."""
    assert part.command is not None
    name = cut(Path(part.command[0]).name, 60)
    given = json.dumps({"texts": texts}, ensure_ascii=False).encode("utf-8")
    try:
        done = subprocess.run(
            part.command, input=given, cwd=folder, capture_output=True, timeout=part.timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise DataError(
            "{model} took more than {seconds} seconds and was ended; give more under timeout.",
            model=name, seconds=f"{part.timeout:g}",
        ) from None  # fmt: skip
    except (OSError, ValueError) as error:
        raise DataError(
            "{model} cannot be started ({problem}); command is a program and its arguments, without a shell.",
            model=name, problem=cut(getattr(error, "strerror", None) or error, 80),
        ) from None  # fmt: skip
    if done.returncode:
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        raise DataError(
            "{model} ended with the code {code}; the last that it said: {said}.",
            model=name, code=str(done.returncode), said=f'"{cut(said[-1].strip(), 160)}"' if said else "-",
        )  # fmt: skip
    try:
        return _checked(json.loads(done.stdout), len(texts), name)
    except (ValueError, RecursionError):
        raise DataError("{model} answered with something that is not JSON.", model=name) from None


def _checked(answer: object, wanted: int, name: str) -> list[str]:
    texts = answer.get("texts") if isinstance(answer, dict) else None
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts) or len(texts) != wanted:
        raise DataError(
            '{model} did not answer as it was asked; expected {{"texts": [...]}} with one text for each of the {count} '
            "that it was given, in their order.",
            model=name,
            count=str(wanted),
        )
    return texts
