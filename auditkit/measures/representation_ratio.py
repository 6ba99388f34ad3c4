"""How strongly a group is over-represented, when two shares are all that was published.

"36 % of controls, 16 % of people" allows two honest figures that differ and are often mixed up: how much larger the
share is (2.25), and how many times likelier one of the group is selected than one of the rest (2.95).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan, nan

__all__ = ["Representation", "representation"]


@dataclass(frozen=True)
class Representation:
    """The two figures that two shares allow; without counts neither has an interval (`reason: no_denominator`)."""

    representation_ratio: float
    """The share among those selected over the share of the population: the rate of the group over that of all."""
    rate_ratio: float
    """The rate of the group over the rate of everyone else (the rest)."""


def representation(share_of_selected: float, share_of_population: float) -> Representation:
    """How over-represented is a group among those selected, and what does that say of its rate against the rest?

    Shares are fractions from 0 to 1 (36 % is 0.36): s of those selected, p of the population that could have been.
    Representation ratio: s / p. Rate ratio against everyone else: (s / (1 - s)) / (p / (1 - p)); the number of people
    and of selections cancel out, so that it needs no count. It is infinite where the group holds every selection and
    NaN where it is nobody or everybody. A common slip is to read the first as the second: it is nearer to 1, the more
    so the larger the group. Raises ValueError for a share outside 0 to 1, such as 36 for 36 %. Source: Bayes' rule;
    statistics page, section 2.

    >>> found = representation(0.36, 0.16)
    >>> f"{found.representation_ratio:.2f}", f"{found.rate_ratio:.2f}"
    ('2.25', '2.95')
    """
    for share in (share_of_selected, share_of_population):
        if isnan(share) or not 0.0 <= share <= 1.0:
            raise ValueError(f"a share lies between 0 and 1; found {share} (write 36 % as 0.36)")
    if share_of_population in (0.0, 1.0):
        return Representation(1.0 if share_of_population == share_of_selected == 1.0 else nan, nan)
    if share_of_selected == 1.0:
        return Representation(1.0 / share_of_population, inf)
    rate_ratio = share_of_selected / (1.0 - share_of_selected) * (1.0 - share_of_population) / share_of_population
    return Representation(share_of_selected / share_of_population, rate_ratio)
