"""How words and numbers are put on paper: sentences as HTML or plain text, names that cannot do harm, figures.

A name that a person gave (a group, a title) may hold anything: markup, ten thousand characters, marks that turn
the reading direction. It is shown as text, cut where it would break the page, and kept apart from what surrounds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from markupsafe import Markup, escape

from auditkit.measures import MEASURES
from auditkit.spec import Words
from auditkit.text import Message, format_number, format_percent, say, translate, translate_plural

__all__ = [
    "MISSING",
    "Name",
    "amount",
    "count",
    "difference",
    "difference_span",
    "figure",
    "markup",
    "named",
    "p_value",
    "plain",
    "position",
    "quoted",
    "ratio",
    "span",
    "tick_label",
]

MISSING = "–"
NO_BREAK = "\u00a0"
_NAME_LENGTH = 60
_TITLE_LENGTH = 300
_SHARES = (
    "equalised_odds",
    "conditional_disparity",
    "standardised_selection_rate_difference",
    "calibration_error_by_bin",
)
_SPACES = re.compile(r"[\t\n\r\x0b\x0c\u2028\u2029]+")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")


class Name(str):
    """A text that a person gave, as shown; `full` is all of it. In HTML it stands in a `<bdi>` of its own."""

    full: str

    def __new__(cls, shown: str, full: str | None = None) -> Name:
        """The name `shown`; `full` where it was cut."""
        made = super().__new__(cls, shown)
        made.full = shown if full is None else full
        return made

    def __html__(self) -> Markup:
        if self.full == str(self):
            return Markup("<bdi>{}</bdi>").format(str(self))
        return Markup('<bdi title="{}">{}</bdi>').format(self.full[:_TITLE_LENGTH], str(self))


def named(text: str, length: int = _NAME_LENGTH) -> Name:
    """A given text as a name: marks that hide or turn text are spelled out, and it is cut at `length` characters.

    An apostrophe within a word is the typographic one.

    >>> named("abc\\u202edef"), named("x" * 9, 4), named("chef d'accusation")
    ('abc\\\\u202edef', 'xxx…', 'chef d’accusation')
    """
    one_line = _APOSTROPHE.sub("’", _SPACES.sub(" ", text))
    visible = _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", one_line)
    return Name(visible if len(visible) <= length else visible[: length - 1] + "…", visible)


class Quoted(Name):
    """A name between the quotation marks of the language; they stand outside its `<bdi>`."""

    marks: tuple[str, str]
    name: Name

    def __html__(self) -> Markup:
        return Markup("{}{}{}").format(self.marks[0], self.name, self.marks[1])


def quoted(name: Name, language: str) -> Name:
    """A name between quotation marks, unless it brings its own.

    >>> quoted(named("men"), "en"), quoted(named("«\u202foccidentale\u202f»"), "fr")
    ('“men”', '«\\u202foccidentale\\u202f»')
    """
    if name[:1] in ('"', "“", "«", "'"):
        return name
    marks = translate("“{name}”", language).partition("{name}")[::2]
    made = Quoted(f"{marks[0]}{name}{marks[1]}", name.full)
    made.marks, made.name = marks, name
    return made


def markup(value: object, language: str) -> Markup:
    """A message as HTML: what fills its blanks is escaped, names are kept apart.

    >>> markup(say("The group {group}.", group=named("<b>")), "en")
    Markup('The group <bdi>&lt;b&gt;</bdi>.')
    """
    if isinstance(value, Message) and not value.template:  # words of the author's own, in the languages they gave
        return escape(_text(value.text(language), language))
    if isinstance(value, Message):
        filled: dict[str, Any] = {k: markup(v, language) for k, v in value.values.items()}
        return Markup(escape(_template(value, language))).format(**filled)
    if isinstance(value, tuple):
        return Markup(", ").join(markup(item, language) for item in value)
    return escape(value if isinstance(value, (Name, Markup)) else _text(value, language))


def plain(value: object, language: str) -> str:
    """A message as plain text, the same words as `markup`."""
    if isinstance(value, Message) and not value.template:
        return _text(value.text(language), language)
    if isinstance(value, Message):
        filled = {k: plain(v, language) for k, v in value.values.items()}
        return _template(value, language).format(**filled)
    if isinstance(value, tuple):
        return ", ".join(plain(item, language) for item in value)
    return _text(value, language)


def _template(message: Message, language: str) -> str:
    if message.plural is None:
        return translate(message.template, language)
    return translate_plural(message.template, message.plural, message.count, language)


def _text(value: object, language: str) -> str:
    if isinstance(value, Words):
        return str(named(value.text(language), 1_000))
    if isinstance(value, int) and not isinstance(value, bool):
        return format_number(value, 0, language)
    if isinstance(value, float):
        return count(value, language)
    return str(value) if isinstance(value, Name) else str(named(str(value), 2_000))


def count(value: float | None, language: str) -> str:
    """A number of people or rows; weights keep one decimal.

    >>> count(3175.0, "en"), count(12.25, "fr"), count(None, "en")
    ('3,175', '12,2', '–')
    """
    if value is None:
        return MISSING
    return format_number(value, 0 if float(value).is_integer() else 1, language)


def _percent(share: float, language: str) -> str:
    small = min(abs(share), abs(1 - share)) < 0.01
    if share in (0, 1):
        return format_percent(share, 0, language)
    if abs(share) < 0.00005:
        return ("< " if share > 0 else "> −") + format_percent(0.0001, 2, language)
    return format_percent(share, 2 if small else 1, language)


def _points(value: float, language: str) -> str:
    number = _signed(100 * value, 1 if abs(value) >= 0.01 or value == 0 else 2, language)
    return number + NO_BREAK + translate("pts", language)


def _signed(value: float, decimals: int, language: str) -> str:
    text = format_number(value, decimals, language)
    return text if value <= 0 or text.strip("0.,") == "" else "+" + text


def _decimals(value: float) -> int:
    size = abs(value)
    return 0 if size >= 1_000 else 1 if size >= 100 else 2 if size >= 1 else 3


def ratio(value: float, language: str) -> str:
    """A ratio, with as many decimals as it can bear.

    >>> ratio(1.7421, "en"), ratio(0.0421, "fr"), ratio(131.27, "en")
    ('1.74', '0,042', '131.3')
    """
    return format_number(value, 2 if 0.1 <= abs(value) < 100 or value == 0 else _decimals(value), language)


def _kind(measure: str) -> Literal["percent", "ratio", "mean", "auc", "points", "other"]:
    base = measure.partition(":")[0]
    found = MEASURES.get(base)
    unit = "other" if found is None else found.unit()
    if unit == "other":
        return "percent" if base in _SHARES else "other"
    return _KINDS[unit]


_KINDS: dict[str, Literal["percent", "ratio", "mean", "auc", "points"]] = {
    "share": "percent", "ratio": "ratio", "number": "mean", "auc": "auc", "points": "points",
}  # fmt: skip


def figure(measure: str, value: float, language: str) -> str:
    """The value of a measure, in its unit: a percentage with one decimal, two under 1 %.

    >>> figure("selection_rate", 0.0042, "en"), figure("auc", 0.7, "fr"), figure("mean_score", 5.37, "en")
    ('0.42%', '0,700', '5.37')
    """
    kind = _kind(measure)
    if kind == "percent":
        return _percent(value, language)
    if kind == "points":
        return _points(value, language)
    if kind == "ratio":
        return ratio(value, language)
    return format_number(value, 3 if kind == "auc" else _decimals(value), language)


def tick_label(measure: str, value: float, language: str) -> str:
    """A value as it stands on an axis: no more decimals than it has.

    >>> tick_label("selection_rate", 0.25, "en"), tick_label("selection_rate", 0.025, "fr")
    ('25%', '2,5\\u202f%')
    """
    kind = _kind(measure)
    if kind not in ("percent", "points"):
        return position(value, language)
    decimals = next((d for d in range(4) if abs(round(100 * value, d) - 100 * value) < 1e-9), 4)
    return format_percent(value, decimals, language)


def difference(measure: str, value: float, language: str) -> str:
    """A difference of two values of a measure, signed; shares in percentage points.

    >>> difference("selection_rate", 0.2451, "en"), difference("auc", -0.012, "en")
    ('+24.5\\xa0pts', '−0.012')
    """
    kind = _kind(measure)
    if kind in ("percent", "points"):
        return _points(value, language)
    return _signed(value, 3 if kind == "auc" else _decimals(value), language)


def difference_span(measure: str, lower: float | None, upper: float | None, language: str) -> str:
    """The interval of a difference, its unit written once.

    >>> difference_span("selection_rate", -0.01, 0.032, "en")
    '−1.0 to +3.2\\xa0pts'
    """
    unit = NO_BREAK + translate("pts", language)
    text = span(lower, upper, lambda value: difference(measure, value, language).removesuffix(unit), language)
    return text + unit if text and _kind(measure) in ("percent", "points") else text


def p_value(value: float | None, language: str) -> str:
    """A p, never as 0.

    >>> p_value(0.00002, "en"), p_value(0.0342, "fr"), p_value(0.9999, "en")
    ('< 0.001', '0,034', '> 0.999')
    """
    if value is None:
        return MISSING
    if value < 0.001:
        return "< " + format_number(0.001, 3, language)
    if 0.9995 <= value < 1:
        return "> " + format_number(0.999, 3, language)
    return format_number(value, 3, language)


def amount(value: float, language: str) -> str:
    """An amount in the audit's own unit.

    >>> amount(12.5, "fr"), amount(1234.5, "en")
    ('12,50', '1,234')
    """
    return format_number(value, 0 if abs(value) >= 1_000 else 2, language)


def position(value: float, language: str) -> str:
    """A place on a score's scale: a threshold or the edge of a bin, with no more decimals than it has.

    >>> position(5.0, "en"), position(0.125, "fr"), position(12345.678, "en")
    ('5', '0,125', '12,346')
    """
    size = abs(value)
    text = f"{value:.0f}" if size >= 10_000 else f"{value:.4g}" if size >= 0.001 or size == 0 else f"{value:.2g}"
    short = float(text)
    decimals = next((d for d in range(9) if round(short, d) == short), 9)
    return format_number(short, decimals, language)


def span(lower: float | None, upper: float | None, write: Callable[[float], str], language: str) -> str:
    """An interval in words; "" where there is none, half of it where one end is not known.

    >>> span(0.5, 0.6, lambda x: f"{x}", "en"), span(3.2, None, lambda x: f"{x}", "en")
    ('0.5 to 0.6', 'from 3.2')
    """
    if lower is None and upper is None:
        return ""
    if upper is None:
        assert lower is not None
        return say("from {lower}", lower=write(lower)).text(language)
    if lower is None:
        return say("up to {upper}", upper=write(upper)).text(language)
    return say("{lower} to {upper}", lower=write(lower), upper=write(upper)).text(language)
