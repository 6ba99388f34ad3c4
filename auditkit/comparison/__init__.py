"""Two results side by side: before and after, this year and last, two versions of a score."""

from auditkit.comparison.changes import compare
from auditkit.comparison.files import comparison_csv, comparison_json
from auditkit.comparison.page import render_comparison
from auditkit.comparison.records import Change, Comparison, Moved, Roster

__all__ = [
    "Change", "Comparison", "Moved", "Roster", "compare", "comparison_csv", "comparison_json", "render_comparison",
]  # fmt: skip
