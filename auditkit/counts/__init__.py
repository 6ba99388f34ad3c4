"""The count table: from rows on any engine, or from published counts."""
