"""The table that New York City's rule asks for, as CSV: rates and impact ratios of every category and crossing."""

from __future__ import annotations

import csv
import io

from auditkit.result import AuditResult
from auditkit.rights.answers_exchange import inert
from auditkit.rights.letters.letter_fields import Filled
from auditkit.rights.letters.letter_figures import impact_rows

__all__ = ["impact_csv"]

_HEAD = (
    ("audit_date", "audit_date"),
    ("tool", "system_name"),
    ("distribution_date", "distribution_date"),
    ("data_source", "data_source"),
    ("data_explanation", "data_explanation"),
    ("n_unknown", "unknown_number"),
)
_COLUMNS = ("attribute", "category", "n_assessed", "n_selected", "selection_rate", "impact_ratio", "note")


def impact_csv(result: AuditResult, filled: Filled, language: str) -> bytes:
    """The header block, an empty line, then one row a category; what is missing is empty, what is withheld says so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for name, key in _HEAD:
        value = filled.values.get(key)
        writer.writerow([name, inert(value if isinstance(value, str) else "")])
    writer.writerow([])
    writer.writerow(_COLUMNS)
    for attribute, category, row, ratio, note in impact_rows(result, language):
        counts = ["" if number is None else f"{number:.12g}" for number in (row.n, row.numerator)]
        rates = ["" if number is None else f"{number:.4f}" for number in (row.value, ratio)]
        writer.writerow([inert(attribute), inert(category), *counts, *rates, inert(note)])
    return text.getvalue().encode()
