"""Every measure is one object here; users' own come by the entry point group `auditkit.measures`."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules

from auditkit.measures.further_table import FURTHER
from auditkit.measures.measure import ANY_SENTENCE, Hurts, Measure
from auditkit.measures.rate_table import RATES
from auditkit.spec import AuditSpec

__all__ = [
    "DEFAULT_MEASURES",
    "MEASURES",
    "PRIMARY",
    "Measure",
    "direction_of",
    "measure",
    "primary_of",
    "sentence_of",
]

GROUP = "auditkit.measures"
"""The entry points by which a package adds measures: each names one object, or a sequence of them."""


def _added() -> tuple[Measure, ...]:
    """The measures of every module of this room that gives MEASURES: one that is added is one file."""
    import auditkit.measures as room

    names = [f"{room.__name__}.{module.name}" for module in iter_modules(room.__path__)]
    found = [import_module(name) for name in names if name != __name__]
    return tuple(measure for module in found for measure in getattr(module, "MEASURES", ()))


_OWN: dict[str, Measure] = {one.key: one for one in (*RATES, *FURTHER, *_added())}


def measures_of_packages(points: Iterable[EntryPoint]) -> tuple[Measure, ...]:
    """The measures that packages add. Raises ValueError for what is none, and for a key that is taken."""
    found: dict[str, Measure] = {}
    for point in points:
        loaded = point.load()
        for one in [loaded] if isinstance(loaded, (Measure, str)) else list(loaded):
            if not isinstance(one, Measure):
                raise ValueError(f"entry point {point.name} ({point.value}) of {GROUP} gives no measure: {one!r}")
            if one.key in _OWN or one.key in found:
                raise ValueError(f"entry point {point.name} ({point.value}) of {GROUP}: {one.key} is taken")
            found[one.key] = one
    return tuple(found.values())


MEASURES: dict[str, Measure] = _OWN | {one.key: one for one in measures_of_packages(entry_points(group=GROUP))}
"""The one visible list, in the order in which the docs and `auditkit measures` print it."""

DEFAULT_MEASURES = (
    "selection_rate", "base_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate",
    "false_negative_rate", "positive_predictive_value", "negative_predictive_value", "false_discovery_rate",
    "false_omission_rate", "accuracy", "burden", "share_of_population", "share_of_selected", "mean_score",
    "auc", "calibration_error", "calibration_error_by_bin", "mean_outcome",
)  # fmt: skip

PRIMARY = {
    "punitive": ("selection_rate", "false_positive_rate"),
    "assistive": ("selection_rate", "false_negative_rate"),
    "both": ("false_positive_rate", "false_negative_rate"),
}


_PRIMARY_OF_SELECTED = {
    "punitive": ("selection_rate", "false_discovery_rate"),
    "assistive": ("selection_rate",),
    "both": ("false_discovery_rate",),
}
"""Those that lead where outcomes are seen only for the selected: the others have bounds alone."""


def primary_of(spec: AuditSpec) -> tuple[str, ...]:
    """The measures that lead: those the audit names, else selection and the errors that hurt and can be known."""
    if not isinstance(spec.primary, str):
        return tuple(spec.primary)
    return (_PRIMARY_OF_SELECTED if spec.observed == "when_selected" else PRIMARY)[spec.system.harm]


def measure(key: str) -> Measure:
    """The measure of a key. The key of one within strata or of a stage may carry its name after a colon."""
    return MEASURES[key.partition(":")[0]]


def sentence_of(key: str) -> str:
    """What happened to a group and its reference, with blanks; one that serves any measure where it is not listed."""
    found = MEASURES.get(key.partition(":")[0])
    return ANY_SENTENCE if found is None else found.sentence()


def direction_of(key: str, harm: str) -> Hurts:
    """Which end of a measure hurts, when being selected hurts (punitive) or helps (assistive), or either (both).

    >>> direction_of("false_positive_rate", "punitive"), direction_of("false_positive_rate", "assistive")
    ('higher', 'context')
    """
    return measure(key).hurts_where(harm)
