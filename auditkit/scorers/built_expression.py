"""What a loaded estimator holds inside: trees and sparse matrices whose places point within what is there.

scikit-learn follows the indices of a tree without looking whether they lead outside of it, so a file made for it
could read other memory or go round in a circle for ever. Each is looked at once, before the model scores.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError

__all__ = ["check_built"]


def check_built(model: Any, file: str) -> None:
    """Refuse an estimator with a tree or a sparse matrix that points outside of itself. Raises DataError."""
    seen: set[int] = set()
    waiting: list[Any] = [model]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or one is None or isinstance(one, (str, bytes, int, float, bool)):
            continue
        seen.add(id(one))
        if not _sound(one):
            raise DataError(
                "{file}: {type} in it is damaged, its parts do not fit together; save the model again.",
                file=file,
                type=type(one).__name__,
            )
        waiting += _inside(one)


def _inside(one: Any) -> list[Any]:
    if isinstance(one, dict):
        return [*one.values(), *(vars(one).values() if hasattr(one, "__dict__") else ())]
    if isinstance(one, (list, tuple, set)):
        return list(one)
    if isinstance(one, np.ndarray):
        return one.ravel().tolist() if one.dtype == object else []
    return list(vars(one).values()) if hasattr(one, "__dict__") else []


def _sound(one: Any) -> bool:
    kind = type(one)
    if not kind.__module__.startswith(("sklearn.", "scipy.sparse.")):
        return True
    if kind.__module__.startswith("scipy.sparse."):
        if hasattr(one, "check_format"):
            try:
                one.check_format(full_check=True)
            except ValueError:
                return False
        return True
    if hasattr(one, "tree_"):
        return _sound_tree(one.tree_, int(one.n_features_in_))
    if hasattr(one, "_predictors"):
        return all(
            _sound_nodes(tree.nodes, int(one.n_features_in_), len(tree.raw_left_cat_bitsets))
            for stage in one._predictors
            for tree in stage
        )
    if kind.__module__ in ("sklearn.ensemble._forest", "sklearn.ensemble._gb"):
        trees = np.asarray(getattr(one, "estimators_", []), dtype=object).ravel()
        return all(tree.n_features_in_ == one.n_features_in_ for tree in trees)
    return True


def _sound_tree(tree: Any, features: int) -> bool:
    leaf = tree.children_left == -1
    return (
        tree.node_count > 0
        and bool(np.array_equal(leaf, tree.children_right == -1))
        and _forward(tree.children_left, leaf)
        and _forward(tree.children_right, leaf)
        and bool(np.all(leaf | ((tree.feature >= 0) & (tree.feature < features))))
    )


def _sound_nodes(nodes: NDArray[Any], features: int, bitsets: int) -> bool:
    leaf = nodes["is_leaf"].astype(bool)
    categories = ~leaf & nodes["is_categorical"].astype(bool)
    return (
        len(nodes) > 0
        and _forward(nodes["left"].astype(np.int64), leaf)
        and _forward(nodes["right"].astype(np.int64), leaf)
        and bool(np.all(leaf | ((nodes["feature_idx"] >= 0) & (nodes["feature_idx"] < features))))
        and bool(np.all(nodes["bitset_idx"][categories] < bitsets))
    )


def _forward(children: NDArray[np.int64], leaf: NDArray[np.bool_]) -> bool:
    """Whether each child stands behind its parent and within the tree: no circle, no way out."""
    places = np.arange(len(children))
    return bool(np.all(leaf | ((children > places) & (children < len(children)))))
