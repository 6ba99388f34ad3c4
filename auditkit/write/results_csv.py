"""estimates.csv and gaps.csv: the rows of the result for a spreadsheet, RFC 4180, UTF-8, one line a row.

A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) is
written with an apostrophe before it. Numbers are written bare, with 12 significant
digits; what is missing is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from auditkit.result import AuditResult, Gap
from auditkit.result.field_types import digits

__all__ = ["ESTIMATE_COLUMNS", "GAP_COLUMNS", "estimate_lines", "estimates_csv", "gap_lines", "gaps_csv", "table_csv"]

ESTIMATE_COLUMNS = tuple(
    "analysis attribute group measure value lower upper bound_lower bound_upper confidence method numerator "
    "denominator n status reason".split()
)

GAP_COLUMNS = tuple(
    "analysis attribute group reference measure kind side direction harm value lower upper bound_lower bound_upper "
    "lead_lower lead_upper method test family tests_in_family p_no_gap p_no_gap_adjusted p_beyond p_beyond_adjusted "
    "p_inside p_inside_adjusted verdict within people people_lower people_upper n n_reference smallest_established "
    "smallest_told status reason".split()
)


def estimates_csv(result: AuditResult) -> bytes:
    """The bytes of estimates.csv: one line an estimate, in the order of the report."""
    return table_csv(ESTIMATE_COLUMNS, estimate_lines(result))


def estimate_lines(result: AuditResult) -> Iterator[list[object]]:
    """The lines of estimates.csv as values."""
    for analysis in result.analyses:
        for row in analysis.estimates:
            yield [getattr(row, column) for column in ESTIMATE_COLUMNS]


def gaps_csv(result: AuditResult) -> bytes:
    """The bytes of gaps.csv: one line a figure, in the order of the report.

    A ratio of rates takes two lines, one for the event and one for its complement, so that each line's verdict was
    taken on the line's own value: only the line of the deciding side carries it.
    """
    return table_csv(GAP_COLUMNS, gap_lines(result))


def gap_lines(result: AuditResult) -> Iterator[list[object]]:
    """The lines of gaps.csv as values."""
    return (line for analysis in result.analyses for gap in analysis.gaps for line in _lines(gap))


_FIELDS = ["reference_group" if column == "reference" else column for column in GAP_COLUMNS]
_OWN = {name: GAP_COLUMNS.index(name) for name in ("value", "lower", "upper", "bound_lower", "bound_upper")}
_SIDE, _VERDICT = GAP_COLUMNS.index("side"), GAP_COLUMNS.index("verdict")


def _lines(gap: Gap) -> Iterator[list[object]]:
    line = [getattr(gap, name) for name in _FIELDS]
    if gap.kind != "ratio" or (gap.complement_lower is None and gap.complement_upper is None):
        yield line
        return
    other = list(line)
    for name, place in _OWN.items():
        other[place] = getattr(gap, f"complement_{name}", None)
    for side, own in (("event", line), ("complement", other)):
        own[_SIDE] = side
        if gap.side != side:
            own[_VERDICT] = None
        yield own


def table_csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A table as CSV.

    >>> table_csv(["group", "value"], [["=1+1", 0.1 + 0.2], ["a, b", None]]).decode()
    'group,value\\n\\'=1+1,0.3\\n"a, b",\\n'
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_CELLS.get(type(value), _cell)(value) for value in row] for row in rows)
    return file.getvalue().encode()


def _cell(value: Any) -> str:
    return digits(value) if isinstance(value, (int, float)) else _text(str(value))


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


_CELLS: dict[type, Callable[[Any], str]] = {type(None): lambda _: "", float: digits, str: _text}
