"""The language of formulas in published.csv and under tables: arithmetic over named figures, and nothing else.

A formula is parsed, never run: names, numbers, + - * / **, a few functions; whatever else stands in it is refused.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from itertools import pairwise

from auditkit.errors import DataError, cut
from auditkit.text import Message

__all__ = ["FUNCTIONS", "evaluate", "names_in"]

Find = Callable[[str, str | None], float | None]

_LONGEST = 2000

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: float(a**b),
}
_SIGNS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


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


def names_in(formula: str) -> list[str]:
    """The figures that a formula names; none where it cannot be read.

    >>> names_in("round(false_positive_rate[group], 4) / odds")
    ['false_positive_rate', 'odds']
    """
    tree = _parsed(formula)
    if tree is None:
        return []
    inside = {id(n.slice) for n in ast.walk(tree) if isinstance(n, ast.Subscript)}
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in inside | called]
    return [n.id for n in sorted(found, key=lambda n: n.col_offset)]


def _parsed(formula: str) -> ast.Expression | None:
    """The tree of a formula; None for what is none, or is longer than anybody writes."""
    if len(formula) > _LONGEST:
        return None
    try:
        return ast.parse(formula, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


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

    def unreadable() -> DataError:
        return DataError(
            '{where}: the formula "{value}" cannot be read; expected figures such as NAME, NAME[group] or '
            "NAME[reference], numbers, + - * / and the functions {functions}.",
            where=where, value=cut(formula, 80), functions=", ".join(FUNCTIONS),
        )  # fmt: skip

    def known(name: str, of: str | None) -> float:
        found = find(name, of)
        if found is None:
            raise ArithmeticError
        return found

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                return _OPERATIONS[type(op)](value(left), value(right))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=of) | ast.Constant(value=str() as of)):
                return known(name, of)
            case ast.Name(id=name):
                return known(name, None)
            case ast.Compare(left=left, ops=signs, comparators=others) if all(type(s) in _SIGNS for s in signs):
                values = [value(left), *(value(one) for one in others)]
                return float(all(_SIGNS[type(s)](a, b) for s, (a, b) in zip(signs, pairwise(values), strict=True)))
            case ast.BoolOp(op=ast.And() | ast.Or() as op, values=given):
                return float((all if isinstance(op, ast.And) else any)([value(one) for one in given]))
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]) if (
                name in FUNCTIONS and len(given) in FUNCTIONS[name][1]
            ):
                return float(FUNCTIONS[name][0](*(value(one) for one in given)))
        raise unreadable()

    tree = _parsed(formula)
    if tree is None:
        raise unreadable()
    try:
        found = value(tree.body)
        return found if math.isfinite(found) else None
    except RecursionError:
        raise unreadable() from None
    except (ArithmeticError, ValueError, TypeError):
        return None
