"""Which inputs of a fitted scikit-learn model are categories, and which values of each it learnt.

A column of codes 1, 2, 3 looks like numbers in a CSV file; an encoder that learnt "1", "2", "3" would take each for an
unknown category, and the scores would be wrong without a word; so would texts for an encoder that learnt numbers. The
fitted encoders know, wherever they stand: each input is followed from step to step, through imputers, column
transformers, ensembles, calibration and thresholds, to whatever encodes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from auditkit.errors import SpecError, cut
from auditkit.scorers.model_levels import Levels, levels_of

__all__ = ["encoder_levels"]

Sources = list[int | None]
"""For each column that a step gets, the place of the input that it comes from unchanged; None where it was mixed."""


def encoder_levels(model: Any, columns: Sequence[str], file: str, categories: Sequence[str] = ()) -> dict[str, Levels]:
    """The levels of each input, by the names in `columns`, that some encoder in the model learnt.

    Where several encoders read one input (the members of a bag, each fitted on rows drawn for it), what one of them
    knows, or, where one of them refuses what it does not know, what all of them know. `categories` are the inputs that
    audit.yaml names as texts. Raises SpecError where an encoder of texts stands behind steps through which its inputs
    cannot be followed, and `categories` names none.
    """
    width = int(getattr(model, "n_features_in_", len(columns)))
    if width != len(columns):
        return {}
    found: dict[int, list[Levels]] = {}
    lost = _follow(model, list(range(width)), found)[1]
    if lost and not categories:
        raise SpecError(
            "{file}: {type} in it learnt texts ({examples}), and which of the columns it reads cannot be told; name "
            "those that hold texts under model: categories.",
            file=file,
            type=lost[0],
            examples=lost[1],
        )
    return {columns[place]: _together(several) for place, several in sorted(found.items())}


def _together(several: list[Levels]) -> Levels:
    first = several[0]
    if any(one.texts != first.texts for one in several):
        return next(one for one in several if one.texts)
    takes = all(one.takes_unseen for one in several)
    values = dict.fromkeys(value for one in several for value in one.values)
    kept = tuple(value for value in values if takes or all(value in one.values for one in several))
    return Levels(kept, takes)  # type: ignore[arg-type]


def _follow(step: Any, sources: Sources, found: dict[int, list[Levels]]) -> tuple[Sources, tuple[str, str] | None]:
    """Where the columns that leave a step come from; what encodes on the way goes into `found`.

    The second part names an encoder of texts whose inputs could not be followed.
    """
    if step is None or isinstance(step, str):
        return ([] if step == "drop" else sources), None
    if hasattr(step, "steps"):
        lost = None
        for _, inner in step.steps:
            sources, missed = _follow(inner, sources, found)
            lost = lost or missed
        return sources, lost
    if hasattr(step, "transformers_"):
        return _side_by_side(
            [(inner, _chosen(chosen, sources, step)) for _, inner, chosen in step.transformers_], found
        )
    if hasattr(step, "transformer_list"):
        return _side_by_side([(inner, sources) for _, inner in step.transformer_list], found)
    if hasattr(step, "categories_"):
        return _encoded(step, sources, found)
    lost = None
    for inner, given in _inside(step, sources):
        lost = lost or _follow(inner, given, found)[1]
    return _leaving(step, sources), lost


def _side_by_side(
    parts: list[tuple[Any, Sources]], found: dict[int, list[Levels]]
) -> tuple[Sources, tuple[str, str] | None]:
    leaving: Sources = []
    lost = None
    for inner, given in parts:
        left, missed = _follow(inner, given, found)
        leaving, lost = leaving + left, lost or missed
    return leaving, lost


def _encoded(step: Any, sources: Sources, found: dict[int, list[Levels]]) -> tuple[Sources, tuple[str, str] | None]:
    lost = None
    takes = getattr(step, "handle_unknown", "ignore") != "error"
    for source, values in zip(sources, step.categories_, strict=False):
        levels = levels_of(np.asarray(values, dtype=object).tolist(), takes)
        if levels is None:
            continue
        if source is not None:
            found.setdefault(source, []).append(levels)
        elif levels.texts:
            lost = lost or (type(step).__name__, cut(", ".join(map(str, levels.values[:3]))))
    return _leaving(step, [None] * len(sources)), lost


def _inside(step: Any, sources: Sources) -> Iterator[tuple[Any, Sources]]:
    """The fitted models inside a model, and the columns that each of them gets."""
    given = _leaving(step, sources) if type(step).__name__ in ("RFE", "RFECV") else sources
    for name in ("best_estimator_", "estimator_", "regressor_", "_preprocessor"):
        inner = vars(step).get(name) if hasattr(step, "__dict__") else None
        if inner is not None:
            yield inner, given
    for inner in getattr(step, "calibrated_classifiers_", ()):
        yield inner.estimator, sources
    held = getattr(step, "estimators_", ())
    subsets = getattr(step, "estimators_features_", None)
    # a list stays one: numpy would open its pipelines, which are sequences of steps
    for place, inner in enumerate(held.ravel().tolist() if isinstance(held, np.ndarray) else list(held)):
        if subsets is None:
            yield inner, sources
        else:
            yield inner, [sources[int(one)] for one in subsets[place]]
    if type(step).__name__ == "FrozenEstimator":
        yield step.estimator, sources


def _leaving(step: Any, sources: Sources) -> Sources:
    """The columns that leave a transformer, by what it says of itself: its choice, or the names of what leaves it."""
    try:
        if hasattr(step, "get_support"):
            return [source for source, kept in zip(sources, step.get_support().tolist(), strict=True) if kept]
        if not hasattr(step, "transform"):
            return sources
        names = [str(name) for name in getattr(step, "feature_names_in_", [f"x{i}" for i in range(len(sources))])]
        given = np.asarray(names, dtype=object)
        left = [str(name) for name in step.get_feature_names_out(given).tolist()]
        return [sources[names.index(name)] if name in names else None for name in left]
    except (AttributeError, ValueError, TypeError, IndexError):
        same = getattr(step, "n_features_in_", None) == len(sources) and type(step).__name__ == "FunctionTransformer"
        return sources if same else [None] * len(sources)


def _chosen(chosen: Any, sources: Sources, step: Any) -> Sources:
    """The columns that a transformer was given, by name, place, slice or mask."""
    names = [str(name) for name in getattr(step, "feature_names_in_", [])]
    if isinstance(chosen, slice):
        start, stop = (names.index(one) if isinstance(one, str) else one for one in (chosen.start, chosen.stop))
        return sources[start : stop + 1 if isinstance(chosen.stop, str) else stop : chosen.step]
    listed = np.asarray([chosen] if isinstance(chosen, (str, int)) else chosen)
    if listed.dtype == np.bool_:
        return [source for source, taken in zip(sources, listed.tolist(), strict=False) if taken]
    return [sources[names.index(one) if isinstance(one, str) else int(one)] for one in listed.tolist()]
