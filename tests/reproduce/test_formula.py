"""A formula of published.csv is arithmetic: it runs nothing, ends at once, and holds only with a finite value."""

from __future__ import annotations

import time

import pytest

from auditkit.errors import DataError
from auditkit.reproduce.figure_formula import evaluate, names_in


def two(name: str, of: str | None) -> float | None:
    return None if name == "missing" else 2.0


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('id')", "a.b", "(lambda: 1)()", "[1 for i in a]",
        "(a := 1)", "abs(*a)", "f'{a}'",
        "True", "'a' * 9", "a[b[c]]", "a\0b", "\ud800", "1j", "9" * 5000,
        "(" * 500 + "1" + ")" * 500, "-" * 100_000 + "1",
        "+".join(["1"] * 100_000), "a<" * 50_000 + "1", "exp(1, 2)", "exp(x=1)", "not a", "",
    ],
)  # fmt: skip
def test_what_is_no_arithmetic_is_refused_at_once(formula: str) -> None:
    start = time.perf_counter()
    with pytest.raises(DataError):
        evaluate(formula, "here", two)
    names_in(formula)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "formula",
    ["1e308 * 10", "1e308 * 10 - 1e308 * 10", "9 ** 9 ** 9 ** 9", "10 ** 400", "(-8) ** 0.5", "0 ** -1", "a / 0",
     "exp(1e9)", "log(0)", "sqrt(-1)", "floor(2, 1e9)", "t_test_p(1, 0, 1, 1, 1)", "missing", "a + missing[group]"],
)  # fmt: skip
def test_what_has_no_finite_value_has_none(formula: str) -> None:
    # an infinite value would be "the same" as any published one: the tolerance grows with it
    assert evaluate(formula, "here", two) is None


def test_arithmetic() -> None:
    assert evaluate("-a ** 2 + 3 * (a[group] - 1) / 2", "here", two) == -2.5
    assert evaluate("round(a / 3, 2)", "here", two) == 0.67
    assert evaluate("1 < a <= 2 and a > 1", "here", two) == 1.0
