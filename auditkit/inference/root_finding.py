"""Score intervals have no simple closed form: their ends are where a decreasing function crosses zero. One
bracketing root finder serves them all, over whole arrays at once, so that 50,000 ratios take well under a
second. Method: Chandrupatla (1997), bisection that turns into inverse quadratic steps once the curve is
smooth."""

from collections.abc import Callable
from functools import partial

import numpy as np

from auditkit.inference.array_shapes import BooleanArray, FloatArray, quietly

TOLERANCE = 1e-13
LARGEST_STEPS = 80


def _bracket(
    function: Callable[[FloatArray], FloatArray], start: FloatArray, step: FloatArray
) -> tuple[FloatArray, ...]:
    low, high = start - step, start + step
    low_value, high_value = function(low), function(high)
    width = 2.0 * step
    for _ in range(LARGEST_STEPS):
        below, above = low_value < 0, high_value > 0
        if not (below.any() or above.any()):
            break
        low, high = np.where(below, low - width, low), np.where(above, high + width, high)
        if below.any():
            low_value = function(low)
        if above.any():
            high_value = function(high)
        width = 2.0 * width
    return low, high, low_value, high_value


def decreasing_root(function: Callable[[FloatArray], FloatArray], start: FloatArray, step: FloatArray) -> FloatArray:
    """Where does a decreasing function of one number cross zero, for every element of an array?

    `function` takes and returns an array of the shape of `start`; the first bracket is start - step to start
    + step and grows until it holds the root. The answer is within about 1e-13 (relative, or absolute below
    1). An element without a root has a meaningless answer, which the caller must mask. Source: Chandrupatla,
    Advances in Engineering Software 28 (1997).

    >>> import numpy as np
    >>> decreasing_root(lambda x: np.array([2.0, 8.0]) - np.exp(x), np.zeros(2), np.ones(2)).round(6).tolist()
    [0.693147, 2.079442]
    """
    with quietly():
        near, far, near_value, far_value = _bracket(function, start, step)
        third, third_value = near, near_value
        fraction = np.full(start.shape, 0.5)
        best = near
        for _ in range(LARGEST_STEPS):
            point = near + fraction * (far - near)
            value = function(point)
            same = (value >= 0) == (near_value >= 0)
            third, third_value = np.where(same, near, far), np.where(same, near_value, far_value)
            far, far_value = np.where(same, far, near), np.where(same, far_value, near_value)
            near, near_value = point, value
            best = np.where(np.abs(far_value) < np.abs(near_value), far, near)
            width = np.abs(far - near)
            tolerance = TOLERANCE * np.maximum(1.0, np.abs(best))
            if not ((width > tolerance) & (near_value != 0) & (far_value != 0)).any():
                break
            fraction = _next_fraction(near, far, third, near_value, far_value, third_value)
            least = np.minimum(0.5, 0.5 * tolerance / np.maximum(width, tolerance))
            fraction = np.clip(fraction, least, 1.0 - least)
    return best


def _next_fraction(
    near: FloatArray, far: FloatArray, third: FloatArray,
    near_value: FloatArray, far_value: FloatArray, third_value: FloatArray,
) -> FloatArray:  # fmt: skip
    position = (near - far) / (third - far)
    height = (near_value - far_value) / (third_value - far_value)
    smooth = (height**2 < position) & ((1.0 - height) ** 2 < 1.0 - position)
    step = near_value / (far_value - near_value) * third_value / (far_value - third_value) + (third - near) / (
        far - near
    ) * near_value / (third_value - near_value) * far_value / (third_value - far_value)
    return np.where(smooth & np.isfinite(step), step, 0.5)


def score_limits(
    score: Callable[..., FloatArray],
    counts: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    z: FloatArray,
    start: FloatArray,
    step: FloatArray,
    has: tuple[BooleanArray, BooleanArray],
) -> tuple[FloatArray, FloatArray]:
    """Between which ratios does a score statistic stay within +-z?

    `score(logarithm, *counts)` falls as the logarithm of the ratio grows; `has` says where there is a lower and where
    an upper limit (0 and infinity elsewhere). Arrays of one axis.
    """
    limits = np.zeros(start.shape), np.full(start.shape, np.inf)
    for limit, there, side in zip(limits, has, (z, -z), strict=True):
        if there.any():
            part = tuple(value[there] for value in counts)
            beyond = partial(_beyond, score, part, side[there])
            limit[there] = np.exp(decreasing_root(beyond, start[there], step[there]))
    return limits


def _beyond(
    score: Callable[..., FloatArray], counts: tuple[FloatArray, ...], side: FloatArray, logarithm: FloatArray
) -> FloatArray:
    return score(logarithm, *counts) - side
