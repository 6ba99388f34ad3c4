"""Tests that publications run on two groups: Fisher's, chi-square without correction, and the size of its effect.

The report tests gaps in one way of its own; a reproduction asks for the test that was published. In a formula of
published.csv: `fisher_p_MEASURE[rest]`, `chi_square_MEASURE[reference]`, `chi_square_p_...`, `phi_...`, and
`MEASURE[rest]` for the rate of everyone but the group.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from auditkit.inference import fisher_exact
from auditkit.measures import MEASURES
from auditkit.measures.rate_parts import parts
from auditkit.protect.released import GroupCounts, everyone_else, take
from auditkit.result import AuditResult

__all__ = ["REST", "TESTS", "TwoByTwo", "chi_square", "phi"]

REST = "rest"


def fisher_p(cases: float, others: float, cases0: float, others0: float) -> float:
    """Fisher's two-sided p, by point probabilities, of two groups' cases and others.

    >>> round(fisher_p(3, 1, 1, 3), 4)
    0.4857
    """
    return float(fisher_exact(cases, others, cases0, others0))


def chi_square(cases: float, others: float, cases0: float, others0: float) -> float:
    """Pearson's chi-square of a table of two by two, without Yates's correction: n (ad - bc)^2 / the four margins.

    >>> round(chi_square(30, 70, 10, 90), 4)
    12.5
    """
    n = cases + others + cases0 + others0
    margins = (cases + others) * (cases0 + others0) * (cases + cases0) * (others + others0)
    return n * (cases * others0 - others * cases0) ** 2 / margins


def chi_square_p(cases: float, others: float, cases0: float, others0: float) -> float:
    """The p of that chi-square, with one degree of freedom.

    >>> round(chi_square_p(30, 70, 10, 90), 5)
    0.00041
    """
    from scipy.special import chdtrc

    return float(chdtrc(1, chi_square(cases, others, cases0, others0)))


def phi(cases: float, others: float, cases0: float, others0: float) -> float:
    """Cramer's phi: the square root of chi-square over n; 0 no association, 1 a complete one.

    >>> round(phi(30, 70, 10, 90), 4)
    0.25
    """
    n = cases + others + cases0 + others0
    return float((chi_square(cases, others, cases0, others0) / n) ** 0.5)


TESTS = {"fisher_p_": fisher_p, "chi_square_p_": chi_square_p, "chi_square_": chi_square, "phi_": phi}
"""What a formula may ask of two groups; the rate that is compared follows."""


class TwoByTwo:
    """The counts of a result's groups, two at a time."""

    def __init__(self, result: AuditResult) -> None:
        self._counts: Mapping[tuple[str, str], GroupCounts] = {
            (one.key, " & ".join(counts.names)): counts for one in result.analyses for counts in one.counts
        }

    def figure(self, place: tuple[str, str, str], name: str, other: str) -> float | None:
        """A test of the group at `place` (analysis, attribute, group) against `other`, or the rate of the rest.

        None where the name asks for neither, or where the counts are not there or not known.
        """
        test = next((prefix for prefix in TESTS if name.startswith(prefix)), "")
        key = name.removeprefix(test)
        if key not in MEASURES or not MEASURES[key].is_part_of_whole or (not test and other != REST):
            return None
        counts = self._counts.get(place[:2])
        at = {" & ".join(group): i for i, group in enumerate(counts.groups)} if counts is not None else {}
        if counts is None or counts.weighted or place[2] not in at or (other != REST and other not in at):
            return None
        i, row = at[place[2]], MEASURES[key]
        others = everyone_else(counts) if other == REST else take(counts, at[other])
        mine, theirs = ([float(side[i]) for side in parts(one.rows, row)] for one in (counts, others))
        if np.isnan([*mine, *theirs]).any() or not sum(theirs):
            return None
        return TESTS[test](*mine, *theirs) if test else theirs[0] / sum(theirs)
