"""A table opened on an engine; roles given to columns; every row accounted for."""

from auditkit.intake.open import ENGINES, Table, open_table
from auditkit.intake.source import FileSource
from auditkit.intake.text import guess_encoding

__all__ = ["ENGINES", "FileSource", "Table", "guess_encoding", "open_table"]
