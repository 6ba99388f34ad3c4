"""A table opened; roles given to columns; every row accounted for."""

from auditkit.intake.csv_text import guess_encoding
from auditkit.intake.file_source import FileSource
from auditkit.intake.open_table import Table, open_table

__all__ = ["FileSource", "Table", "guess_encoding", "open_table"]
