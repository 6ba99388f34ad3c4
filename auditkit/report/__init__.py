"""From the one result to HTML and to a summary in the terminal: charts, tables, sentences, in the reader's language."""

from auditkit.report.render import render_report
from auditkit.report.terminal_summary import summary

__all__ = ["render_report", "summary"]
