"""What is explained: the model itself, as a sum of parts where it is one, or a surrogate of scores alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from auditkit.errors import DataError
from auditkit.explain.additive import additive_parts
from auditkit.explain.contributions import Contributions, contributions, of_sum, says_its_own
from auditkit.explain.explained_rows import AuditRows
from auditkit.explain.mixing import AdditiveMixer, Flags, Mixer, ModelMixer
from auditkit.explain.model_inputs import Floats, Inputs, Integers
from auditkit.explain.surrogate import fit_surrogate
from auditkit.inference.array_shapes import quantile_of
from auditkit.result.attribution import Contribution, Explainer, Fidelity
from auditkit.scorers.scorer import Scorer
from auditkit.spec.attribution_spec import AttributionPart

__all__ = ["Explained", "Threshold", "explained", "explained_rows"]

_AT_HAND = ("lightgbm", "xgboost", "scikit-learn")
_SUMMED_CELLS = 20_000_000
"""So many parts of a sum are explained at most: all rows, of most audits."""

_EXPLAINED_ROWS = 2_000
_ASKED_ROWS, _ASKED_SCORES = 30, 300_000
"""Rows explained: of a model that says its own contributions, and of one that is asked about some hundred mixed rows
for each variable of each; one that is at hand is asked for as many rows as make 300,000 scores."""


@dataclass(frozen=True)
class Threshold:
    """The limit of the score that selects; None where rows are not selected by one limit of the score."""

    limit: float | None
    from_top: bool

    def selected(self, scores: Floats) -> Flags:
        """Who is selected by it."""
        assert self.limit is not None
        return np.asarray(scores >= self.limit if self.from_top else scores <= self.limit, dtype=np.bool_)


@dataclass(frozen=True)
class Explained:
    """`scores` are those of the model explained; for a surrogate they are not the audit's.

    `contributions` are those of some rows, drawn at random where not all are explained.
    """

    mixer: Mixer
    score: Callable[[Inputs], Floats]
    scores: Floats
    fidelity: Fidelity
    surrogate: bool
    contributions: Contributions | None
    confidence: float = 0.95

    @property
    def mean_contributions(self) -> tuple[Contribution, ...]:
        """The mean absolute contribution of each variable, the largest first."""
        if self.contributions is None:
            return ()
        sizes = np.abs(self.contributions.values)
        count, every = len(sizes), self.fidelity.rows
        error = np.zeros(sizes.shape[1])
        if 1 < count < every:
            error = float(quantile_of(self.confidence)) * sizes.std(axis=0, ddof=1) * ((1 / count - 1 / every) ** 0.5)
        rows = zip(self.contributions.columns, sizes.mean(axis=0).tolist(), error.tolist(), strict=True)
        found = [Contribution(name, mean, width) for name, mean, width in rows]
        return tuple(sorted(found, key=lambda one: (-one.mean_absolute, one.variable)))

    @property
    def explainer(self) -> Explainer:
        """How the contributions were worked out; for a surrogate without any, that none were."""
        if self.contributions is not None:
            return self.contributions.explainer
        return Explainer("drawn_pairs", False, "interventional", "score", "reference_group", 0, self.surrogate)


def explained(
    rows: AuditRows, scorer: Scorer | None, threshold: Threshold, part: AttributionPart, confidence: float = 0.95
) -> Explained:
    """The model made ready, or a surrogate fitted to the scores. Raises DataError where the model breaks off."""
    if scorer is None:
        made = fit_surrogate(rows.inputs, rows.scores, threshold.limit, threshold.from_top, part.seed)
        scores = made.score(rows.inputs)
        return Explained(ModelMixer(rows.inputs, made.score), made.score, scores, made.fidelity, True, None)
    additive = additive_parts(scorer, rows.inputs)

    def score(inputs: Inputs) -> Floats:
        return scorer.score(inputs.frame())

    mixer: Mixer = additive or ModelMixer(rows.inputs, score, _used(scorer, rows.inputs))
    _agree(mixer, rows.scores, score, rows.inputs)
    fidelity = Fidelity(False, scorer.family, None, None, None, 0.0, len(rows))
    found = _contributions(rows, scorer, part, additive)
    return Explained(mixer, score, rows.scores, fidelity, False, found, confidence)


def _agree(mixer: Mixer, scores: Floats, score: Callable[[Inputs], Floats], inputs: Inputs) -> None:
    """The scores of the audit must be the model's: the first 1,000 rows are asked again."""
    first = np.arange(min(1_000, len(scores)))
    again = mixer.whole(first) if isinstance(mixer, AdditiveMixer) else score(inputs.take(first))
    apart = float(np.nanmax(np.abs(again - scores[first]), initial=0.0))
    if apart > 1e-6 * max(1.0, float(np.abs(scores[first]).max(initial=0.0))):
        raise DataError(
            "The model gives other scores to the same rows when it is asked again (up to {apart} apart); its gaps "
            "cannot be split. Take the chance out of the model, or leave attribution out.",
            apart=f"{apart:.3g}",
        )


def _used(scorer: Scorer, inputs: Inputs) -> Flags | None:
    """The variables that a booster reads at all."""
    if scorer.family == "lightgbm":
        return np.asarray(np.asarray(scorer.native.feature_importance()) > 0, dtype=np.bool_)
    return None


def _contributions(
    rows: AuditRows, scorer: Scorer, part: AttributionPart, additive: AdditiveMixer | None
) -> Contributions:
    if additive is not None:
        most = _SUMMED_CELLS // max(1, len(rows.inputs.columns))
        return of_sum(additive, _drawn(len(rows), most, part.seed), slice(None))
    drawn = rows.inputs.take(_drawn(len(rows), explained_rows(scorer, rows.inputs), part.seed))
    asked = scorer.family not in _AT_HAND
    background = drawn if asked else rows.inputs.take(_drawn(len(rows), 100_000, part.seed + 1))
    return contributions(scorer, drawn, background, part.perturbation, part.seed)


def _drawn(rows: int, most: int, seed: int) -> Integers:
    """All rows, or as many as allowed, drawn at random: the first of a file are often alike."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def explained_rows(scorer: Scorer, inputs: Inputs) -> int:
    """How many rows are explained one by one: as many as cost no more than the answer is worth."""
    if says_its_own(scorer, inputs):
        return min(len(inputs), _EXPLAINED_ROWS)
    affordable = _ASKED_SCORES // (200 * (len(inputs.columns) + 1)) if scorer.family in _AT_HAND else 0
    return min(len(inputs), max(_ASKED_ROWS, min(affordable, _EXPLAINED_ROWS)))
