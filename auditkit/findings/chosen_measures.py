"""Which measures an audit asks for; by default all that its data can speak of."""

from __future__ import annotations

from auditkit.errors import SpecError, cut, nearest
from auditkit.measures import DEFAULT_MEASURES, MEASURES, Measure
from auditkit.measures.composites import of_formula
from auditkit.measures.rates import STAGE_MEASURE
from auditkit.measures.strata import STRATA_MEASURES
from auditkit.spec import AuditSpec
from auditkit.spec.measure_spec import FAIRLEARN, SCORE_CORRELATION

__all__ = ["chosen_measures"]


_OF_DECISIONS = ("selection", "outcome")
"""What speaks of who is selected, and so of nobody where an audit has a score, or an amount, and no limit on it."""
_OF_NOBODY = ("share_of_population", "base_rate")


def chosen_measures(spec: AuditSpec, holds: frozenset[str]) -> list[Measure]:
    """The measures asked for; `holds` are the kinds of data that there are.

    Raises SpecError for a name that is none, and for a measure of strata or stages that the audit does not name.
    """
    if spec.measures != "default":
        return [_measure(key, spec) for key in spec.measures if not key.startswith((FAIRLEARN, SCORE_CORRELATION))]
    decides = spec.selected is not None or spec.from_counts or bool(spec.stages)
    predicted = [one for one in MEASURES.values() if one.data == "prediction" and "prediction" in holds]
    asked = [MEASURES[key] for key in DEFAULT_MEASURES if MEASURES[key].data in holds]
    return [one for one in asked if decides or one.data not in _OF_DECISIONS or one.key in _OF_NOBODY] + predicted


def _measure(key: str, spec: AuditSpec) -> Measure:
    if key in STRATA_MEASURES and not spec.strata:
        raise SpecError(
            "measures: {key} compares within strata, and the audit names none; add strata: a column of what makes "
            "cases alike.",
            key=f'"{key}"',
        )
    if key == STAGE_MEASURE and not spec.stages:
        raise SpecError("measures: {key} is that of stages, and the audit names none; add stages.", key=f'"{key}"')
    if key in spec.formulas:
        if key in MEASURES:
            raise SpecError('measures: "{name}" is a measure already; give the formula another name.', name=cut(key))
        return of_formula(key, spec.formulas[key])
    if key not in MEASURES:
        raise SpecError(
            'measures: there is no measure "{key}"; the nearest: {known}. `auditkit measures` lists them all.',
            key=cut(key), known=nearest(key, MEASURES),
        )  # fmt: skip
    return MEASURES[key]
