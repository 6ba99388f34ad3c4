"""estimates.csv and gaps.csv: the rows of the result for a spreadsheet, RFC 4180, UTF-8, one line a row.

A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) is
written with an apostrophe before it. Numbers are written bare, with 12 significant
digits; what is missing is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from auditkit.results import AuditResult
from auditkit.write.codec import number

__all__ = ["ESTIMATE_COLUMNS", "GAP_COLUMNS", "estimates_csv", "gaps_csv", "table_csv"]

ESTIMATE_COLUMNS = tuple(
    "analysis attribute group measure value lower upper bound_lower bound_upper confidence method numerator "
    "denominator n status reason".split()
)

GAP_COLUMNS = tuple(
    "analysis attribute group reference measure kind side direction value lower upper bound_lower "
    "bound_upper method p_value p_adjusted test verdict people people_lower people_upper n n_reference "
    "smallest_detectable status reason".split()
)


def estimates_csv(result: AuditResult) -> bytes:
    """The bytes of estimates.csv: one line an estimate, in the order of the report."""
    rows = (
        [getattr(row, column) for column in ESTIMATE_COLUMNS]
        for analysis in result.analyses
        for row in analysis.estimates
    )
    return table_csv(ESTIMATE_COLUMNS, rows)


def gaps_csv(result: AuditResult) -> bytes:
    """The bytes of gaps.csv: one line a gap, in the order of the report."""
    names = ["reference_group" if column == "reference" else column for column in GAP_COLUMNS]
    rows = ([getattr(row, name) for name in names] for analysis in result.analyses for row in analysis.gaps)
    return table_csv(GAP_COLUMNS, rows)


def table_csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A table as CSV.

    >>> table_csv(["group", "value"], [["=1+1", 0.1 + 0.2], ["a, b", None]]).decode()
    'group,value\\n\\'=1+1,0.3\\n"a, b",\\n'
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        plain = number(value)
        return "" if plain is None else repr(plain)
    text = str(value)
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
