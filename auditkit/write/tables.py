"""estimates.csv and gaps.csv: the rows of the result for a spreadsheet, RFC 4180, UTF-8, one line a row.

A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a carriage return) is
written with an apostrophe before it. Numbers are written bare, with 12 significant
digits; what is missing is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from auditkit.findings.records import Gap
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
    """The bytes of gaps.csv: one line a figure, in the order of the report.

    A ratio of rates takes two lines, one for the event and one for its complement, so that each line's verdict was
    taken on the line's own value: only the line of the deciding side carries it.
    """
    names = ["reference_group" if column == "reference" else column for column in GAP_COLUMNS]
    lines = (line for analysis in result.analyses for gap in analysis.gaps for line in _both_sides(gap))
    return table_csv(GAP_COLUMNS, ([getattr(line, name) for name in names] for line in lines))


def _both_sides(gap: Gap) -> Iterator[Gap]:
    if gap.kind != "ratio" or (gap.complement_lower is None and gap.complement_upper is None):
        yield gap
        return
    complement = {"value": gap.complement_value, "lower": gap.complement_lower, "upper": gap.complement_upper,
                  "bound_lower": None, "bound_upper": None}  # fmt: skip
    for side, own in (("event", {}), ("complement", complement)):
        silent = {} if gap.side == side else {"verdict": None}
        yield replace(gap, side=side, **own, **silent)  # type: ignore[arg-type]


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
