"""Two rates as so many of a hundred, a thousand or ten thousand people, so that what is drawn is what is true."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BASES", "Frequency", "FrequencyPair", "base_of", "frequency_pair", "of_people"]

BASES = (100, 1_000, 10_000)
_LEAST = {100: 0.05, 1_000: 0.005}
_CLOSE = 0.05


@dataclass(frozen=True)
class Frequency:
    """So many of `base` people, and the ends of the interval, each rounded on its own."""

    value: int
    lower: int
    upper: int


@dataclass(frozen=True)
class FrequencyPair:
    """The group and its reference, out of the same number of people."""

    base: int
    group: Frequency
    reference: Frequency


def base_of(*rates: float) -> int:
    """A hundred where the smallest rate above nothing is 5 % or more, a thousand from 0.5 %, else ten thousand.

    >>> base_of(0.45, 0.23), base_of(0.05, 0.0149994), base_of(0.0048, 0.0024), base_of(0.2, 0.0)
    (100, 1000, 10000, 100)
    """
    smallest = min((rate for rate in rates if rate > 0), default=1.0)
    return next((base for base in BASES[:-1] if smallest >= _LEAST[base]), BASES[-1])


def of_people(rate: float, base: int) -> int:
    """So many of `base` people, rounded to the nearest (a half upwards)."""
    return int(rate * base + 0.5)


def _is_true(group: float, reference: float, base: int) -> bool:
    """Whether the whole numbers keep the ratio of the rates within 5 %, and no rate above nothing vanishes."""
    a, b = of_people(group, base), of_people(reference, base)
    if (a == 0) != (group == 0) or (b == 0) != (reference == 0) or (a == b) != (group == reference):
        return False
    if a == 0 or b == 0:
        return True
    return abs((a / b) / (group / reference) - 1) <= _CLOSE


Rate = tuple[float, float | None, float | None]


def frequency_pair(group: Rate, reference: Rate) -> FrequencyPair | None:
    """Both rates out of the smallest number of people that draws them true; None where ten thousand do not.

    >>> pair = frequency_pair((0.4485, 0.4256, 0.4716), (0.2345, 0.2137, 0.2567))
    >>> pair.base, pair.group.value, pair.reference.value, pair.group.lower, pair.group.upper
    (100, 45, 23, 43, 47)
    >>> frequency_pair((8000 / 500000, None, None), (7000 / 500000, None, None)).base
    1000
    """
    first = BASES.index(base_of(group[0], reference[0]))
    base = next((base for base in BASES[first:] if _is_true(group[0], reference[0], base)), None)
    if base is None:
        return None
    return FrequencyPair(base, _frequency(group, base), _frequency(reference, base))


def _frequency(rate: Rate, base: int) -> Frequency:
    value, lower, upper = rate
    shown = of_people(value, base)
    low = shown if lower is None else min(shown, of_people(max(lower, 0.0), base))
    high = shown if upper is None else max(shown, of_people(min(upper, 1.0), base))
    return Frequency(shown, low, high)
