"""Where many gaps are tested, some look significant by chance. Holm's correction keeps the chance of even one
false finding in a family at the level asked for, whatever the tests have to do with each other."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, floats


def holm(p_values: ArrayLike) -> FloatArray:
    """What is each p worth, seen as one of a family of tests?

    The smallest p times the size of the family, the next times one fewer, and so on; no corrected p under the
    one before it, none above 1. One family: the last axis. NaN (nothing tested) stays NaN and does not count.
    Source: Holm, Scandinavian Journal of Statistics 6 (1979) 65. Example: 0.01 * 3, then 0.03 * 2, then 0.04
    raised to 0.06.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.atleast_1d(floats(p_values))
    order = np.argsort(p, axis=-1, kind="stable")  # NaN last
    ordered = np.take_along_axis(p, order, axis=-1)
    family = (~np.isnan(p)).sum(axis=-1, keepdims=True)
    raised = ordered * np.maximum(family - np.arange(p.shape[-1]), 0)
    corrected = np.minimum(np.maximum.accumulate(raised, axis=-1), 1.0)
    answer = np.empty_like(p)
    np.put_along_axis(answer, order, corrected, axis=-1)
    return answer.reshape(np.shape(p_values))
