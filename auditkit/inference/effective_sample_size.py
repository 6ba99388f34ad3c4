"""Survey weights and weighted random arms make rows count unequally; the intervals of this room want a number
of rows. The effective number keeps the variance that the weights really give a rate, and stays careful where
a handful of cases cannot show how unequal their weights may be."""

import numpy as np
from numpy.typing import ArrayLike

from auditkit.inference.array_shapes import FloatArray, divide, floats, quietly

PRIOR_ROWS = 10.0
DOUBT = 3.0


def _careful(
    n: FloatArray, weight: FloatArray, squared: FloatArray,
    other_n: FloatArray, other_weight: FloatArray, other_squared: FloatArray,
) -> FloatArray:  # fmt: skip
    """The squared weights of one class over its weights, raised towards the other class where it may be
    chance."""
    mean, other_mean = weight / n, other_weight / other_n
    own, other = squared / weight, other_squared / other_weight
    # Could rows with such small weights have been drawn from the other class? Then its weights may be theirs
    # too.
    variance = np.maximum(other_squared / other_n - other_mean**2, 0.0)
    apart = (other_mean - mean) ** 2
    doubt = DOUBT * variance * (1.0 / n + 1.0 / other_n)
    likeness = np.where(apart == 0, 1.0, doubt / (doubt + apart))
    raised = own + np.maximum(other - own, 0.0) * likeness
    # Few rows also understate how unequal the weights are round their own mean.
    spread, other_spread = own / mean, other / other_mean
    borrowed = mean * (spread + np.maximum(other_spread - spread, 0.0) * PRIOR_ROWS / (n + PRIOR_ROWS))
    return floats(np.maximum(raised, borrowed))


def effective_n(
    weight_yes: ArrayLike,
    weight_no: ArrayLike,
    weight_squared_yes: ArrayLike,
    weight_squared_no: ArrayLike,
    n_yes: ArrayLike | None = None,
    n_no: ArrayLike | None = None,
) -> FloatArray:
    """How many unweighted rows would tell as much about this weighted rate?

    p(1-p) W^2 / ((1-p)^2 W2_yes + p^2 W2_no), with W the sum of weights and W2 the sum of their squares, so
    that weights which differ between cases and others count for what they do to this rate; Kish's W^2 / W2
    where the rate is 0 or 1. With unit weights it is exactly n. Shapes broadcast; NaN without rows. Given the
    numbers of rows as well (they should be, where known), W2 / W of the class with the smaller weights is
    raised towards that of the other as far as the difference may be chance: five cases of weight 1 do not
    show that no case has weight 10 (docs/coverage.md: without this, intervals at 95 % hold in as few as 66
    %). Source: linearised variance of a ratio (Kish, Survey Sampling, 1965); the raising is this project's
    own. Example: weights 1, 1, 2 for cases and 2, 2 for others, p = 1/2, so 16 / (6/4 + 8/4).

    >>> print(f"{effective_n(4.0, 4.0, 6.0, 8.0):.4f}")
    4.5714
    """
    yes, no = floats(weight_yes), floats(weight_no)
    squared_yes, squared_no = floats(weight_squared_yes), floats(weight_squared_no)
    total = yes + no
    kish = total * divide(total, squared_yes + squared_no)
    # W2 / W of each class; with unit weights both are exactly 1, and so total * (total / total) is exactly n.
    of_yes, of_no = divide(squared_yes, yes), divide(squared_no, no)
    if n_yes is not None and n_no is not None:
        rows_yes, rows_no = floats(n_yes), floats(n_no)
        with quietly():
            of_yes = _careful(rows_yes, yes, squared_yes, rows_no, no, squared_no)
            of_no = _careful(rows_no, no, squared_no, rows_yes, yes, squared_yes)
    both = total * divide(total, no * of_yes + yes * of_no)
    return np.where((yes == 0) | (no == 0), kish, both)
