"""Two results side by side: before and after, this year and last, two versions of a score."""

from auditkit.compare.changes import compare
from auditkit.compare.comparison import Change, Comparison, Moved, Roster
from auditkit.compare.comparison_files import comparison_csv, comparison_json
from auditkit.compare.comparison_page import render_comparison

__all__ = [
    "Change", "Comparison", "Moved", "Roster", "compare", "comparison_csv", "comparison_json", "render_comparison",
]  # fmt: skip
