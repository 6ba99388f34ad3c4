"""Numbers as people write them in published tables, and what a hidden or rounded number may be.

A cell is a number of a spreadsheet, or a text. A text is a number only where it can mean one thing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.spec import Suppressed
from auditkit.text import Message, say

__all__ = [
    "Cell",
    "Found",
    "Interval",
    "Refusal",
    "hidden_by",
    "hiding",
    "plain",
    "read_count",
    "read_number",
    "read_share",
]

Cell = str | float

_SPACES = " \u00a0\u2009\u202f\u2007\u2008\u3000\t"
_MARK = re.compile(r"(?P<number>.*[0-9%])\s*(?P<mark>\*{1,3}|[†‡]|[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\([0-9a-z]\)|\[[0-9a-z]\])$")


@dataclass(frozen=True)
class Interval:
    """What a count may be, both ends included; `upper` may be infinite. `printed` is the number the table
    gives, or the smallest it may be where it is hidden.

    >>> Interval.exact(3) + Interval(0, 9, 0)
    Interval(lower=3, upper=12, printed=3)
    """

    lower: float
    upper: float
    printed: float

    @classmethod
    def exact(cls, value: float) -> Interval:
        """A number that is known."""
        return cls(value, value, value)

    @property
    def known(self) -> bool:
        """Whether the number is known."""
        return self.lower == self.upper

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.lower + other.lower, self.upper + other.upper, self.printed + other.printed)

    def within(self, lower: float, upper: float) -> Interval:
        """The part of the interval between two limits (which may leave nothing: then lower > upper)."""
        low, high = max(self.lower, lower), min(self.upper, upper)
        return Interval(low, high, min(max(self.printed, low), high))


@dataclass(frozen=True)
class Found:
    """A number read: its value, the decimals printed, whether a % sign stood there, what was set aside."""

    value: float
    decimals: int
    percent: bool = False
    mark: str | None = None


class Refusal(ValueError):
    """A cell that is no number one can be sure of; the sentence says what was expected."""

    def __init__(self, expected: Message) -> None:
        self.expected = expected
        super().__init__(expected.text("en"))


def plain(text: str) -> str:
    """A text with every run of spaces, whatever their width, made one space.

    >>> plain(" moins de\\u00a030 ans ")
    'moins de 30 ans'
    """
    return " ".join(text.replace("\ufeff", "").translate(dict.fromkeys(map(ord, _SPACES), " ")).split())


def read_number(cell: Cell, decimal: str | None) -> Found:
    """A number: thousands apart by spaces of any width or apostrophes, a decimal comma or point, a % sign.

    `decimal` is the table's decimal mark; without it "12,345" is refused, for it can mean two numbers.

    >>> [read_number(text, None).value for text in ("1\\u202f234", "36,5 %")]
    [1234.0, 36.5]
    >>> read_number("12.345", ",").value
    12345.0
    """
    if not isinstance(cell, str):
        text = repr(float(cell))
        short = float(cell).is_integer() or "e" in text
        return Found(float(cell), 0 if short else len(text.partition(".")[2]))
    text, mark = plain(cell), None
    if (found := _MARK.match(text)) is not None:
        text, mark = found["number"].strip(), found["mark"]
    percent = text.endswith("%")
    digits = text.removesuffix("%").strip().replace("\u2212", "-").replace("’", "'")
    whole, fraction = _parts(digits, decimal)
    value = float(f"{whole}.{fraction or 0}")
    return Found(value, len(fraction), percent, mark)


def _parts(digits: str, decimal: str | None) -> tuple[str, str]:
    """The whole digits and the decimals of a number written out."""
    if re.fullmatch(r"-?[0-9]+", digits):
        return digits, ""
    marks = {",": ".", ".": ","}
    other = marks[decimal] if decimal else ""
    groups = rf"-?[0-9]{{1,3}}(?:(?P<sep>[ '{other}])[0-9]{{3}})(?:(?P=sep)[0-9]{{3}})*"
    match = re.fullmatch(rf"(?P<whole>{groups}|-?[0-9]+)(?:(?P<mark>[.,])(?P<fraction>[0-9]+))?", digits)
    if match is None or (decimal and match["mark"] not in (None, decimal)):
        raise Refusal(say("a number"))
    whole = re.sub(r"[ '.,]", "", match["whole"])
    fraction = match["fraction"] or ""
    if decimal is None and len(fraction) == 3 and whole.lstrip("-") != "0" and len(whole.lstrip("-")) <= 3:
        raise Refusal(say('a number that can mean one thing: say decimal: "," or decimal: "." under data'))
    return whole, fraction


def read_count(
    cell: Cell, decimal: str | None, suppressed: Sequence[Suppressed], rounded_to: float | None
) -> tuple[Interval, Suppressed | None, str | None]:
    """A count: what it may be, the mark that hides it if one does, and a footnote mark that was set aside.

    Raises Refusal for a negative or fractional number and for what is no number.

    >>> read_count("1 230", None, (), 10)[0]
    Interval(lower=1225.0, upper=1235.0, printed=1230.0)
    """
    if (hidden := hiding(cell, suppressed)) is not None:
        return hidden_by(hidden), hidden, None
    found = read_number(cell, decimal)
    for hidden in suppressed:
        if hidden.value is not None and found.value == hidden.value and not found.percent:
            return hidden_by(hidden), hidden, found.mark
    if found.percent or found.value < 0 or not found.value.is_integer():
        raise Refusal(say("a whole number, 0 or more"))
    if rounded_to is not None:
        half = rounded_to / 2
        return Interval(max(0.0, found.value - half), found.value + half, found.value), None, found.mark
    return Interval.exact(found.value), None, found.mark


def hiding(cell: Cell, suppressed: Sequence[Suppressed]) -> Suppressed | None:
    """The text that hides a number in a cell, spaces apart; None where the cell holds none of them."""
    if not isinstance(cell, str):
        return None
    text = plain(cell).replace(" ", "")
    return next((s for s in suppressed if s.text is not None and text == plain(s.text).replace(" ", "")), None)


def hidden_by(mark: Suppressed) -> Interval:
    """What a count hidden by a mark may be."""
    return Interval(mark.means[0], mark.means[1], mark.means[0])


def read_share(cell: Cell, decimal: str | None, scale: float, decimals: int | None = None) -> tuple[Interval, Found]:
    """A printed share as what it may be, from its decimals; `scale` is 1, 100 (per cent) or 1,000.

    >>> read_share("36 %", None, 1)[0]
    Interval(lower=0.355, upper=0.365, printed=0.36)
    """
    found = read_number(cell, decimal)
    scale = 100.0 if found.percent else scale
    half = 0.5 * 10.0 ** -(found.decimals if decimals is None else max(decimals, found.decimals))
    if not 0 <= found.value <= scale or math.isnan(found.value):
        raise Refusal(say("a share between 0 and 1, or between 0 % and 100 %"))
    lower, upper = max(0.0, found.value - half) / scale, min(scale, found.value + half) / scale
    return Interval(lower, upper, found.value / scale), found
