"""What a score would have done among cases whose outcome is seen only of those released: contraction.

Source: Lakkaraju, Kleinberg, Leskovec, Ludwig, Mullainathan, KDD 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["contraction"]

Floats = NDArray[np.float64]


def contraction(risk: ArrayLike, released: ArrayLike, failed: ArrayLike, acceptance: ArrayLike) -> Floats:
    """How many of all cases would fail, had the score released fewer than the most lenient decider did?

    Of the cases of that decider, released ones are taken back from the highest risk down until a share `acceptance` of
    all cases is left; the failures among these, over all cases, is the rate. Of cases with equal risk at the edge each
    counts in part. NaN where more are to be released than were: no outcome of theirs is seen. Arrays: one entry a case
    (`failed` is read of the released alone), one result an acceptance. It rests on nothing but the decider's releases:
    for one who is less lenient nothing is claimed.

    >>> rates = contraction([0.9, 0.6, 0.4, 0.2], [1, 0, 1, 1], [1, 0, 0, 0], [0.75, 0.5, 1])
    >>> [round(float(rate), 4) for rate in rates]
    [0.25, 0.0, nan]
    """
    chance, kept = np.asarray(risk, dtype=float), np.asarray(released, dtype=bool)
    bad = np.where(kept, np.asarray(failed, dtype=float), 0.0)[kept]
    levels, place = np.unique(chance[kept], return_inverse=True)
    people = np.bincount(place, minlength=len(levels)).astype(float)
    failures = np.bincount(place, bad, len(levels))
    reached, failing = np.append(0.0, people.cumsum()), np.append(0.0, failures.cumsum())
    wanted = np.atleast_1d(np.asarray(acceptance, dtype=float)) * len(chance)
    found = np.interp(wanted, reached, failing) / len(chance)
    return np.where(wanted > reached[-1] + 1e-9, np.nan, found)
