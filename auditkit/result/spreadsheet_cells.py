"""What goes into a CSV file that people open in a spreadsheet."""

from __future__ import annotations

__all__ = ["inert", "shown_number"]


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> inert("=1+1"), inert("women")
    ("'=1+1", 'women')
    """
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def shown_number(value: object) -> object:
    """A number to twelve digits, as results.json has it; anything else as it is.

    >>> shown_number(1 / 3), shown_number("a")
    (0.333333333333, 'a')
    """
    return float(f"{value:.12g}") if isinstance(value, float) else value
