"""The gap, split by the variables that carry it: for each group against its reference, in mean score and in selection.

v(S) is the mean, over a person of the group and one of the reference, of the figure for a mixed person who takes the
variables of S from the first and the others from the second; a variable's part is its Shapley value of v, and the parts
sum to the gap. A score that is a sum of one-variable parts has a closed form. For any other, pairs are drawn in two
stages: a pilot, then one draw whose size the pilot sets; nothing is looked at in between. Statistics, section 7.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from auditkit.explain.drawn_pairs import Comparison, draw_rows, stream
from auditkit.explain.mixing import AdditiveMixer, Mixer
from auditkit.explain.model_inputs import Floats, Integers
from auditkit.explain.rare_variables import FEW, top_up
from auditkit.explain.sampled_parts import Controls, Estimated, Fixed, Sample, estimate_parts, fit_controls
from auditkit.explain.telescope import pair_moves
from auditkit.explain.variable_bins import Bins
from auditkit.result.attribution import Explainer, Figure, GapSplit, Part
from auditkit.text import Message, say

__all__ = ["SplitSettings", "gap_split", "score_range", "split_in_closed_form"]

Progress = Callable[[Message], None]

_FEWEST = 30
"""Under so many pairs with a score nothing is estimated."""


@dataclass(frozen=True)
class SplitSettings:
    """`half_width`: the error allowed, as a share of the range of the score (5th to 95th percentile).

    None takes 0.5 %, or a tenth of the largest gap where that is wider. `threshold` is the limit that selects (None:
    only the mean score is split), `from_top` whether high scores are selected. `pilot` pairs are drawn a group, and
    never more than `most`.
    """

    threshold: float | None = None
    from_top: bool = True
    half_width: float | None = None
    pilot: int = 1_000
    most: int = 100_000
    seed: int = 1
    confidence: float = 0.95
    name: str = "main"
    surrogate: bool = False


@dataclass
class _Work:
    """One comparison on its way: its pairs, and what is known of all its rows."""

    comparison: Comparison
    shares: Floats
    reference_shares: Floats
    gaps: list[float]
    samples: list[Sample] = field(default_factory=list)
    drawn: int = 0
    unscored: int = 0
    fixed: list[Fixed | None] = field(default_factory=list)
    estimated: list[Estimated] = field(default_factory=list)


def gap_split(
    mixer: Mixer,
    comparisons: Sequence[Comparison],
    scores: Floats,
    bins: Bins,
    settings: SplitSettings,
    weight: Floats | None = None,
    progress: Progress | None = None,
) -> tuple[GapSplit, ...]:
    """Which variables carry the gap of each group against its reference?

    `scores` are those of all rows, `bins` the variables of all rows in 16 bins. One split for each comparison and
    figure (mean score; selection where there is a threshold). The same rows in the same order give the same numbers.
    """
    figures: list[float | None] = [None] if settings.threshold is None else [None, settings.threshold]
    works = [_work(one, scores, bins, figures, settings, weight) for one in comparisons]
    if not works:
        return ()
    targets = _targets(works, scores, settings, len(figures))
    began = time.perf_counter()
    for work in works:
        _draw(work, settings.pilot, "pilot", mixer, scores, bins, figures, settings, weight)
    spent = time.perf_counter() - began
    every, works = works, [work for work in works if len(work.samples[0]) >= _FEWEST]
    if not works:
        return tuple(_without(work, f, settings) for work in every for f in range(len(figures)))
    controls = _estimate(works, len(figures))
    wanted = [_further(work, targets, settings) for work in works]
    if progress is not None:
        seconds = spent * sum(wanted) / (settings.pilot * len(works))
        progress(
            say(
                "Variables behind the gaps: {pairs} more pairs of rows, about {seconds} s.",
                pairs=sum(wanted),
                seconds=math.ceil(seconds),
            )
        )
    for work, count in zip(works, wanted, strict=True):
        if count:
            _draw(work, count, "second", mixer, scores, bins, figures, settings, weight)
    controls = _estimate(works, len(figures))
    for work in works if weight is None else []:
        work.fixed = top_up(
            mixer, work.comparison, work.samples, bins, work.shares, work.reference_shares, figures, settings.from_top,
            stream(settings.seed, settings.name, *work.comparison.attributes, *work.comparison.groups, "rare"),
        )  # fmt: skip
    if any(fixed is not None for work in works for fixed in work.fixed):
        controls = _estimate(works, len(figures))
    return tuple(
        _split(work, f, mixer.columns, controls[f], targets[f], settings)
        if len(work.samples[0]) >= _FEWEST
        else _without(work, f, settings)
        for work in every
        for f in range(len(figures))
    )


def score_range(scores: Floats) -> float:
    """From the 5th to the 95th percentile of the scores."""
    low, high = np.quantile(scores, [0.05, 0.95])
    return float(high - low)


def _work(
    one: Comparison,
    scores: Floats,
    bins: Bins,
    figures: Sequence[float | None],
    settings: SplitSettings,
    weight: Floats | None,
) -> _Work:
    gaps = []
    for threshold in figures:
        means = []
        for rows in (one.rows, one.reference_rows):
            value = scores[rows]
            if threshold is not None:
                value = (value >= threshold if settings.from_top else value <= threshold).astype(np.float64)
            means.append(float(np.average(value, weights=None if weight is None else weight[rows])))
        gaps.append(means[0] - means[1])
    return _Work(one, bins.shares(one.rows, weight), bins.shares(one.reference_rows, weight), gaps)


def _targets(works: Sequence[_Work], scores: Floats, settings: SplitSettings, figures: int) -> list[float]:
    """The half-width allowed for each figure."""
    result = []
    for f in range(figures):
        whole = score_range(scores) if f == 0 else 1.0
        if settings.half_width is not None:
            result.append(settings.half_width * whole)
        else:
            result.append(max(0.005 * whole, 0.1 * max(abs(work.gaps[f]) for work in works)))
    return result


def _draw(
    work: _Work,
    count: int,
    stage: str,
    mixer: Mixer,
    scores: Floats,
    bins: Bins,
    figures: Sequence[float | None],
    settings: SplitSettings,
    weight: Floats | None,
) -> None:
    """Draw pairs and add them to those there are."""
    one = work.comparison
    draw = stream(settings.seed, settings.name, *one.attributes, *one.groups, stage)
    x = draw_rows(one.rows, scores, weight, count, draw)
    b = draw_rows(one.reference_rows, scores, weight, count, draw)
    found = pair_moves(mixer, x, b, draw, figures, settings.from_top)
    x_bins, b_bins = bins.codes[x[found.kept]], bins.codes[b[found.kept]]
    made = [Sample(moves, x_bins, b_bins) for moves in found.moves]
    work.samples = made if not work.samples else [_joined(a, b) for a, b in zip(work.samples, made, strict=True)]
    work.drawn += count
    work.unscored += found.unscored


def _joined(one: Sample, other: Sample) -> Sample:
    return Sample(
        np.concatenate((one.moves, other.moves)),
        np.concatenate((one.x_bins, other.x_bins)),
        np.concatenate((one.b_bins, other.b_bins)),
    )


def _estimate(works: Sequence[_Work], figures: int) -> list[Controls]:
    controls = [fit_controls([work.samples[f] for work in works]) for f in range(figures)]
    for work in works:
        fixed = work.fixed or [None] * figures
        work.estimated = [
            estimate_parts(work.samples[f], controls[f], work.shares, work.reference_shares, work.gaps[f], fixed[f])
            for f in range(figures)
        ]
    return controls


def _further(work: _Work, targets: Sequence[float], settings: SplitSettings) -> int:
    """How many pairs the second draw takes: what the pilot's errors ask for, and a fifth more."""
    z = _quantile(settings.confidence)
    wanted = 0.0
    for estimated, target in zip(work.estimated, targets, strict=True):
        width = z * float(estimated.error.max(initial=0.0))
        if width > 0:
            wanted = max(wanted, 1.2 * work.drawn * (width / target) ** 2 if target > 0 else math.inf)
    return max(0, math.ceil(min(wanted, settings.most)) - work.drawn)


def _quantile(confidence: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def _split(
    work: _Work, f: int, names: Sequence[str], controls: Controls, target: float, settings: SplitSettings
) -> GapSplit:
    estimated, one, z = work.estimated[f], work.comparison, _quantile(settings.confidence)
    n, m = len(one.rows), len(one.reference_rows)
    people = (
        controls.spread(work.shares) / n
        + controls.spread(work.reference_shares) / m
        + estimated.rest_variance * (1 / n + 1 / m)
    )
    fixed = work.fixed[f] if work.fixed else None
    sample = work.samples[f]
    differing = (sample.x_bins != sample.b_bins).sum(axis=0)
    parts = []
    for k, variable in enumerate(names):
        value, error = float(estimated.parts[k]), z * float(estimated.error[k])
        reach = z * math.sqrt(float(people[k]) + float(estimated.error[k]) ** 2)
        seen = int(estimated.nonzero[k])
        added = fixed is not None and bool(fixed.known[k])
        few = not added and seen < FEW and (seen > 0 or 0 < int(differing[k]) < 5 * FEW)
        parts.append(Part(variable, value, value - reach, value + reach, error, seen, added, few))
    figure: Figure = "mean_score" if f == 0 else "selection_rate"
    return GapSplit(
        attributes=one.attributes, groups=one.groups, reference=one.reference, figure=figure, gap=work.gaps[f],
        parts=tuple(parts),
        explainer=Explainer(
            "drawn_pairs", False, "interventional", "score" if f == 0 else "selection", "reference_group", work.drawn,
            settings.surrogate,
        ),
        confidence=settings.confidence, n=n, n_reference=m, target=target,
        reached=all(p.computing_error is None or p.computing_error <= target for p in parts),
        unscored=work.unscored,
    )  # fmt: skip


def _without(work: _Work, f: int, settings: SplitSettings) -> GapSplit:
    """A gap that cannot be split: the model gives no score to mixed rows."""
    one = work.comparison
    scale: Literal["score", "selection"] = "score" if f == 0 else "selection"
    explainer = Explainer(
        "drawn_pairs", False, "interventional", scale, "reference_group", work.drawn, settings.surrogate
    )
    figure: Figure = "mean_score" if f == 0 else "selection_rate"
    return GapSplit(
        one.attributes, one.groups, one.reference, figure, work.gaps[f], (), explainer, settings.confidence,
        len(one.rows), len(one.reference_rows), None, False, work.unscored, (), "not_computed", "no_score",
    )  # fmt: skip


def split_in_closed_form(
    mixer: AdditiveMixer,
    comparisons: Sequence[Comparison],
    confidence: float = 0.95,
    weight: Floats | None = None,
    surrogate: bool = False,
) -> tuple[GapSplit, ...]:
    """The gap in the mean of a sum (the score itself, or its log-odds), part by part: differences of means of all rows.

    Nothing is drawn, so no error comes of computing; the interval is Welch's, for other people like these.
    """
    z = _quantile(confidence)
    linear = mixer.is_linear
    result = []
    for one in comparisons:
        means, variances = [], []
        for rows in (one.rows, one.reference_rows):
            mean, variance = _moments(mixer.parts[rows] * (mixer.scale if linear else 1.0), rows, weight)
            means.append(mean)
            variances.append(variance)
        value, reach = means[0] - means[1], z * np.sqrt(variances[0] + variances[1])
        parts = tuple(
            Part(name, float(v), float(v - r), float(v + r), 0.0)
            for name, v, r in zip(mixer.columns, value, reach, strict=True)
        )
        result.append(
            GapSplit(
                attributes=one.attributes, groups=one.groups, reference=one.reference,
                figure="mean_score" if linear else "mean_log_odds", gap=float(value.sum()), parts=parts,
                explainer=Explainer(
                    "closed_form", True, "interventional", "score" if linear else "log_odds", "reference_group",
                    len(one.rows) + len(one.reference_rows), surrogate,
                ),
                confidence=confidence, n=len(one.rows), n_reference=len(one.reference_rows),
            )
        )  # fmt: skip
    return tuple(result)


def _moments(parts: Floats, rows: Integers, weight: Floats | None) -> tuple[Floats, Floats]:
    """The mean of each column and the variance of that mean."""
    share = np.full(len(rows), 1.0 / len(rows)) if weight is None else weight[rows] / weight[rows].sum()
    mean = share @ parts
    left = parts - mean
    effective = float((share**2).sum())
    variance = share @ left**2 * effective / max(1e-12, 1.0 - effective)
    return np.asarray(mean), np.asarray(variance)
