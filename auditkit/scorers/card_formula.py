"""Arithmetic written in a scorecard: "log(sanctions / (years + 26))".

A formula is read by Python's own grammar, then everything but numbers, names, + - * / ** and six functions is
refused: nothing in a file is ever run. What has no value (a logarithm of nothing, a division by zero) is missing.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from auditkit.text import say

__all__ = [
    "FUNCTIONS",
    "Call",
    "Formula",
    "Name",
    "Number",
    "Operation",
    "evaluate_formula",
    "names_in",
    "parse_formula",
]

Operator = Literal["+", "-", "*", "/"]
FUNCTIONS = {"log": 1, "exp": 1, "sqrt": 1, "abs": 1, "min": 2, "max": 2}
_OPERATORS: dict[type[ast.operator], Operator] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class Name:
    """A column, or a quantity derived before."""

    name: str


@dataclass(frozen=True)
class Operation:
    """Two formulas joined by + - * or /."""

    operator: Operator
    left: Formula
    right: Formula


@dataclass(frozen=True)
class Call:
    """A function of one or two formulas."""

    function: str
    arguments: tuple[Formula, ...]


Formula = Number | Name | Operation | Call


def parse_formula(text: str) -> Formula:
    """The formula that a text says.

    Raises ValueError with a sentence for whatever is not arithmetic on columns.

    >>> parse_formula("age - 18")
    Operation(operator='-', left=Name(name='age'), right=Number(value=18.0))
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(
            say('"{formula}" is not a formula; expected such as "log(income / 12)"', formula=text[:40])
        ) from None
    return _read(tree, text)


def _read(node: ast.expr, text: str) -> Formula:
    match node:
        case ast.Constant(value=value) if isinstance(value, (int, float)) and not isinstance(value, bool):
            return Number(float(value))
        case ast.Name(id=name):
            return Name(name)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return Operation("-", Number(0.0), _read(inner, text))
        case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=power)) if (
            isinstance(power, int) and 1 <= power <= 9 and not _has_power(left)
        ):
            factor = result = _read(left, text)
            for _ in range(power - 1):
                result = Operation("*", result, factor)
            return result
        case ast.BinOp(op=operator, left=left, right=right) if type(operator) in _OPERATORS:
            return Operation(_OPERATORS[type(operator)], _read(left, text), _read(right, text))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if FUNCTIONS.get(name) == len(arguments):
            return Call(name, tuple(_read(argument, text) for argument in arguments))
    raise ValueError(
        say(
            '"{formula}": "{part}" is not allowed in a formula; it holds numbers, columns, + - * /, '
            "** with a whole number from 1 to 9, and {functions}",
            formula=text[:40],
            part=ast.unparse(node)[:40],
            functions=", ".join(FUNCTIONS),
        )
    )


def _has_power(node: ast.expr) -> bool:
    """Powers of powers are refused: a short text could stand for millions of products."""
    return any(isinstance(part, ast.Pow) for part in ast.walk(node))


def names_in(formula: Formula) -> frozenset[str]:
    """The columns that a formula needs."""
    match formula:
        case Name(name):
            return frozenset({name})
        case Operation(_, left, right):
            return names_in(left) | names_in(right)
        case Call(_, arguments):
            return frozenset().union(*map(names_in, arguments))
    return frozenset()


def evaluate_formula(formula: Formula, values: Mapping[str, float | None]) -> float | None:
    """The value of a formula for one row; None where something is missing or has no value.

    >>> evaluate_formula(parse_formula("log(a / b)"), {"a": 1.0, "b": 0.0}) is None
    True
    """
    match formula:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Operation(operator, left, right):
            a, b = evaluate_formula(left, values), evaluate_formula(right, values)
            if a is None or b is None or (operator == "/" and b == 0):
                return None
            return _operate(operator, a, b)
        case Call(function, arguments):
            found = [evaluate_formula(argument, values) for argument in arguments]
            known = [value for value in found if value is not None]
            if len(known) < len(found):
                return None
            if (
                (function == "log" and known[0] <= 0)
                or (function == "sqrt" and known[0] < 0)
                or (function == "exp" and known[0] > 709)
            ):
                return None
            return _CALLS[function](*known)


_CALLS: dict[str, Callable[..., float]] = {
    "log": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "abs": abs,
    "min": min,
    "max": max,
}


def _operate(operator: Operator, a: float, b: float) -> float:
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
