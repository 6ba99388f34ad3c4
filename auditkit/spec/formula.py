"""The one formula language: arithmetic in scorecards, in measures of an audit.yaml, in published.csv.

A formula is read by Python's own grammar, then everything but numbers, names, + - * / ** and the functions of its
place is refused: nothing in a file is ever run. What has no value (a logarithm of nothing, a division by zero) is
missing. Where figures are named (published.csv), NAME[group], comparisons, `and` and `or` are allowed as well.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.text import say

__all__ = [
    "FUNCTIONS",
    "Call",
    "Formula",
    "Name",
    "Number",
    "Operation",
    "evaluate",
    "evaluate_arrays",
    "names_in",
    "parse",
]

Operator = Literal["+", "-", "*", "/"]
Arities = Mapping[str, tuple[int, ...]]
FUNCTIONS: Arities = {"log": (1,), "exp": (1,), "sqrt": (1,), "abs": (1,), "min": (2,), "max": (2,)}
"""The functions of a scorecard and of a measure, and how many numbers each takes."""

_LONGEST = 2000
_OPERATORS: dict[type[ast.operator], Operator] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_OPERATE: dict[Operator, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_SIGNS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Name:
    """A column, a count, a figure, or a quantity derived before; `of` is what stands in its brackets."""

    name: str
    of: str | None = None


@dataclass(frozen=True)
class Operation:
    """Two formulas joined by + - * or /."""

    operator: Operator
    left: Formula
    right: Formula


@dataclass(frozen=True)
class Call:
    """A function of formulas; among figures also a power, a comparison, `and` and `or`."""

    function: str
    arguments: tuple[Formula, ...]


Formula = Number | Name | Operation | Call


def parse(text: str, functions: Arities = FUNCTIONS, figures: bool = False) -> Formula:
    """The formula that a text says; `figures` allows what only published figures need.

    Raises ValueError with a sentence for whatever is not arithmetic.

    >>> parse("age - 18")
    Operation(operator='-', left=Name(name='age', of=None), right=Number(value=18.0))
    """
    try:
        return _Reader(text, functions, figures).read(_tree(text))
    except (SyntaxError, RecursionError, MemoryError, _NotReadError):
        raise ValueError(
            say('"{formula}" is not a formula; expected such as "log(income / 12)"', formula=text[:40])
        ) from None


class _NotReadError(Exception):
    """Python's grammar cannot read it, or nobody would write it."""


def _tree(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise _NotReadError
    try:
        return ast.parse(text.strip(), mode="eval").body
    except ValueError:  # a null byte
        raise _NotReadError from None


@dataclass(frozen=True)
class _Reader:
    text: str
    functions: Arities
    figures: bool

    def read(self, node: ast.expr) -> Formula:
        match node:
            case ast.Constant(value=value) if isinstance(value, (int, float)) and not isinstance(value, bool):
                return Number(float(value))
            case ast.Name(id=name):
                return Name(name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return Operation("-", Number(0.0), self.read(inner))
            case ast.BinOp(op=ast.Pow(), left=left, right=right):
                return self._power(node, left, right)
            case ast.BinOp(op=sign, left=left, right=right) if type(sign) in _OPERATORS:
                return Operation(_OPERATORS[type(sign)], self.read(left), self.read(right))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if (
                name in self.functions and len(arguments) in self.functions[name]
            ):
                return Call(name, tuple(self.read(argument) for argument in arguments))
        return self._of_figures(node)

    def _power(self, node: ast.expr, left: ast.expr, right: ast.expr) -> Formula:
        if self.figures:
            return Call("**", (self.read(left), self.read(right)))
        power = right.value if isinstance(right, ast.Constant) else None
        if not isinstance(power, int) or not 1 <= power <= 9 or _has_power(left):
            raise self._refused(node)
        factor = result = self.read(left)
        for _ in range(power - 1):
            result = Operation("*", result, factor)
        return result

    def _of_figures(self, node: ast.expr) -> Formula:
        if not self.figures:
            raise self._refused(node)
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=of) | ast.Constant(value=str() as of)):
                return Name(name, of)
            case ast.Compare(left=left, ops=signs, comparators=others) if all(type(s) in _SIGNS for s in signs):
                sides = [self.read(left), *(self.read(one) for one in others)]
                pairs = zip(signs, pairwise(sides), strict=True)
                return Call("and", tuple(Call(_SIGNS[type(sign)], pair) for sign, pair in pairs))
            case ast.BoolOp(op=joined, values=given):
                return Call("and" if isinstance(joined, ast.And) else "or", tuple(self.read(one) for one in given))
        raise self._refused(node)

    def _refused(self, node: ast.expr) -> ValueError:
        return ValueError(
            say(
                '"{formula}": "{part}" is not allowed in a formula; it holds numbers, columns, + - * /, '
                "** with a whole number from 1 to 9, and {functions}",
                formula=self.text[:40],
                part=ast.unparse(node)[:40],
                functions=", ".join(self.functions),
            )
        )


def _has_power(node: ast.expr) -> bool:
    """Powers of powers are refused: a short text could stand for millions of products."""
    return any(isinstance(part, ast.Pow) for part in ast.walk(node))


def names_in(formula: Formula) -> tuple[str, ...]:
    """The columns, counts or figures that a formula needs, each once, in the order in which they stand.

    >>> names_in(parse("b / (a + b)"))
    ('b', 'a')
    """
    match formula:
        case Name(name):
            return (name,)
        case Operation(_, left, right):
            return tuple(dict.fromkeys((*names_in(left), *names_in(right))))
        case Call(_, arguments):
            return tuple(dict.fromkeys(name for argument in arguments for name in names_in(argument)))
    return ()


def _exp(x: float) -> float:
    if x > 709:
        raise OverflowError
    return math.exp(x)


_CALLS: Mapping[str, Callable[..., float]] = {
    "log": math.log,
    "exp": _exp,
    "sqrt": math.sqrt,
    "abs": abs,
    "min": min,
    "max": max,
    "**": lambda a, b: float(a**b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "and": lambda *values: float(all(values)),
    "or": lambda *values: float(any(values)),
}
_ARRAY_CALLS: Mapping[str, Callable[..., Any]] = {
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
}


def evaluate(
    formula: Formula,
    find: Callable[[str, str | None], float | None],
    calls: Mapping[str, Callable[..., float]] | None = None,
) -> float | None:
    """The value of a formula, `find` giving what its names stand for; None where something is missing or has no value.

    >>> evaluate(parse("log(a / b)"), lambda name, of: {"a": 1.0, "b": 0.0}[name]) is None
    True
    """

    def known(name: str, of: str | None) -> float:
        found = find(name, of)
        if found is None:
            raise ArithmeticError
        return found

    try:
        return float(_value(formula, known, {**_CALLS, **(calls or {})}))
    except (ArithmeticError, ValueError, TypeError):
        return None


def evaluate_arrays(formula: Formula, values: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The value of a formula for arrays of one shape; what has no value is NaN or infinite."""
    with np.errstate(all="ignore"):
        return np.asarray(_value(formula, lambda name, of: values[name], _ARRAY_CALLS), dtype=np.float64)


def _value(formula: Formula, find: Callable[[str, str | None], Any], calls: Mapping[str, Callable[..., Any]]) -> Any:
    match formula:
        case Number(value):
            return np.float64(value) if calls is _ARRAY_CALLS else value
        case Name(name, of):
            return find(name, of)
        case Operation(sign, left, right):
            return _OPERATE[sign](_value(left, find, calls), _value(right, find, calls))
        case Call(function, arguments):
            return calls[function](*(_value(argument, find, calls) for argument in arguments))
