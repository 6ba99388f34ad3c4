"""Figures that others drew by resampling rows: drawn again by us, and the same up to the noise of both drawings.

A line of published.csv names one as `bootstrap:MEASURE:STATISTIC:REPLICATES`, the replicates being theirs; ours, and
the level of the interval, are those of its analysis (`bootstrap`, `confidence`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.measures import MEASURES
from auditkit.measures.rate_parts import rate
from auditkit.measures.sampled_outcomes import estimated
from auditkit.protect.released import GroupCounts
from auditkit.reproduce.published_figures import Figure
from auditkit.result import AuditResult

__all__ = ["RESAMPLED", "STATISTICS", "Drawn", "Resampling", "resampled_measure"]

Floats = NDArray[np.float64]
RESAMPLED = "bootstrap:"
STATISTICS = (
    "mean", "lower", "upper", "standard_deviation", "monte_carlo_error", "share_above_zero", "share_below_zero",
)  # fmt: skip
Statistic = Literal[
    "mean", "lower", "upper", "standard_deviation", "monte_carlo_error", "share_above_zero", "share_below_zero"
]


@dataclass(frozen=True)
class Drawn:
    """Our figure and the noise of drawing: three standard deviations of ours and theirs together."""

    value: float
    noise: float


def resampled_measure(measure: str) -> tuple[str, str, int] | None:
    """Measure, statistic and their replicates of a `bootstrap:` figure; None where it is not one.

    >>> resampled_measure("bootstrap:false_positive_rate:lower:10000")
    ('false_positive_rate', 'lower', 10000)
    """
    words = measure.split(":")
    if len(words) != 4 or words[0] + ":" != RESAMPLED or words[1] not in MEASURES or words[2] not in STATISTICS:
        return None
    return (words[1], words[2], int(words[3])) if words[3].isdigit() and int(words[3]) > 0 else None


class Resampling:
    """The replicates of a result's rates, drawn once for each attribute and measure."""

    def __init__(self, result: AuditResult) -> None:
        self._analyses = {one.key: one for one in result.analyses}
        self._drawn: dict[tuple[str, str], Floats] = {}

    def figure(self, figure: Figure) -> Drawn | None:
        """Our value of a published figure; None where the counts of its group are not there."""
        asked = resampled_measure(figure.measure)
        analysis = self._analyses.get(figure.analysis or "main")
        if asked is None or analysis is None or not MEASURES[asked[0]].is_part_of_whole:
            return None
        key, statistic, theirs = asked
        counts = next((c for c in analysis.counts if " & ".join(c.names) == figure.attribute), None)
        places = {" & ".join(group): i for i, group in enumerate(counts.groups)} if counts is not None else {}
        wanted = [figure.group, figure.reference] if figure.kind == "difference" else [figure.group]
        if counts is None or not set(wanted) <= set(places) or (counts.weighted and counts.sampled is None):
            return None
        at = (analysis.key, figure.attribute)
        bootstrap = analysis.spec.bootstrap
        if at not in self._drawn:
            self._drawn[at] = replicates(counts, bootstrap.replicates, bootstrap.seed)
        rates = rate(self._drawn[at], MEASURES[key])
        values = rates[:, places[wanted[0]]]
        if len(wanted) > 1:
            values = values - rates[:, places[wanted[1]]]
        return summary(values[~np.isnan(values)], statistic, theirs, analysis.spec.confidence)


def replicates(counts: GroupCounts, draws: int, seed: int) -> Floats:
    """All rows drawn again with replacement: draws x groups x 6, a random arm estimated anew each time."""
    rows = counts.rows
    total = round(float(rows.sum()))
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    drawn = generator.multinomial(total, (rows / rows.sum()).ravel(), size=draws).astype(np.float64)
    six = drawn.reshape(draws, *rows.shape)
    if counts.sampled is None:
        return six
    return estimated(six[..., :3], six[..., 3:], counts.sampled.population)


def summary(values: Floats, statistic: str, theirs: int, confidence: float) -> Drawn | None:
    """A statistic of our replicates, and three standard deviations of its noise, ours and theirs together.

    One replicate adds to a mean a noise of sd; to the end q of a percentile interval sqrt(q(1-q)) over the density
    there, that of a normal curve; to a standard deviation sd / sqrt(2); to a share p sqrt(p(1-p)).

    >>> drawn = summary(np.array([1.0, 2.0, 3.0, 4.0]), "mean", 4, 0.9)
    >>> drawn.value, round(drawn.noise, 4)
    (2.5, 2.3717)
    """
    if not len(values):
        return None
    sd = float(values.std())
    tail = (1 - confidence) / 2
    if statistic in ("lower", "upper"):
        value, one = float(np.quantile(values, tail if statistic == "lower" else 1 - tail)), _end(sd, tail)
    elif statistic == "mean":
        value, one = float(values.mean()), sd
    elif statistic == "standard_deviation":
        value, one = sd, sd / 2**0.5
    elif statistic == "monte_carlo_error":
        value, one = 1.96 * sd / theirs**0.5, 1.96 * sd / theirs**0.5 / 2**0.5
    else:
        hits = int((values > 0).sum() if statistic == "share_above_zero" else (values < 0).sum())
        value, p = hits / len(values), (hits + 1) / (len(values) + 2)
        one = (p * (1 - p)) ** 0.5
    return Drawn(value, 3 * one * (1 / len(values) + 1 / theirs) ** 0.5)


def _end(sd: float, tail: float) -> float:
    from scipy.special import ndtri

    density = np.exp(-(float(ndtri(tail)) ** 2) / 2) / (2 * np.pi) ** 0.5
    return float((tail * (1 - tail)) ** 0.5 / density * sd)
