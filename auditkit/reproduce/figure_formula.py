"""The functions of formulas in published.csv and under tables; the language itself is that of spec/formula.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from auditkit.errors import DataError, cut
from auditkit.spec import formula as language
from auditkit.text import Message

__all__ = ["FUNCTIONS", "evaluate", "names_in"]

Find = Callable[[str, str | None], float | None]


def relative_risk(coefficient: float, intercept: float) -> float:
    """How many times as likely, for the person whom the intercept describes: odds ratio over 1 - c + c * odds ratio.

    c is the inverse logit of the intercept. ProPublica's way from a coefficient to "45 percent more likely".

    >>> round(relative_risk(0.47721, -1.52554), 6)
    1.452841
    """
    odds_ratio, chance = math.exp(coefficient), inverse_logit(intercept)
    return odds_ratio / (1 - chance + chance * odds_ratio)


def inverse_logit(x: float) -> float:
    """The chance whose log odds are x.

    >>> round(inverse_logit(0.10), 5)
    0.52498
    """
    return 1 / (1 + math.exp(-x))


def t_test_p(difference: float, sd: float, n_group: float, n_reference: float, freedom: float) -> float:
    """Student's two-sided p of a difference of two means whose common standard deviation is `sd`.

    >>> round(t_test_p(1.0, 2.0, 8, 8, 14), 4)
    0.3343
    """
    from scipy.special import stdtr

    t = difference / (sd * math.sqrt(1 / n_group + 1 / n_reference))
    return float(2 * stdtr(freedom, -abs(t)))


def stars(p: float) -> float:
    """The class of a p as tables print it: 0 none (ns), 1 to 4 stars at 0.05, 0.01, 0.001 and 0.0001.

    >>> [stars(p) for p in (0.2, 0.05, 0.004, 1e-9)]
    [0.0, 1.0, 2.0, 4.0]
    """
    return float(sum(p <= limit for limit in (0.05, 0.01, 0.001, 0.0001)))


def _floor(x: float, digits: float = 0) -> float:
    return math.floor(x * 10**digits + 1e-9) / 10**digits


FUNCTIONS: Mapping[str, tuple[Callable[..., float], tuple[int, ...]]] = {
    "round": (lambda x, digits=0: round(x, int(digits)), (1, 2)),
    "floor": (_floor, (1, 2)),
    "abs": (abs, (1,)),
    "exp": (math.exp, (1,)),
    "log": (math.log, (1,)),
    "sqrt": (math.sqrt, (1,)),
    "inverse_logit": (inverse_logit, (1,)),
    "relative_risk": (relative_risk, (2,)),
    "t_test_p": (t_test_p, (5,)),
    "stars": (stars, (1,)),
}
"""Each function of the language, and how many numbers it takes."""


_ARITIES = {name: arity for name, (_, arity) in FUNCTIONS.items()}
_CALLS = {name: call for name, (call, _) in FUNCTIONS.items()}


def names_in(formula: str) -> tuple[str, ...]:
    """The figures that a formula names; none where it cannot be read.

    >>> names_in("round(false_positive_rate[group], 4) / odds")
    ('false_positive_rate', 'odds')
    """
    try:
        return language.names_in(language.parse(formula, _ARITIES, figures=True))
    except ValueError:
        return ()


def evaluate(formula: str, where: Message | str, find: Find) -> float | None:
    """The value of a formula; `find` gives the figure of a name and of what stands in its brackets.

    None where a figure is not there, a step is undefined or the value is infinite. Raises DataError, naming `where`,
    for what is no formula.

    A comparison is 1 where it holds and 0 where it does not.

    >>> evaluate("exp(b) / 2", "here", lambda name, of: 0.0)
    0.5
    >>> evaluate("0.5 < b < 2 and abs(b) < 1", "here", lambda name, of: 0.7)
    1.0
    """
    try:
        found = language.evaluate(language.parse(formula, _ARITIES, figures=True), find, _CALLS)
    except (ValueError, RecursionError):
        raise DataError(
            '{where}: the formula "{value}" cannot be read; expected figures such as NAME, NAME[group] or '
            "NAME[reference], numbers, + - * / and the functions {functions}.",
            where=where, value=cut(formula, 80), functions=", ".join(FUNCTIONS),
        ) from None  # fmt: skip
    return found if found is not None and math.isfinite(found) else None
