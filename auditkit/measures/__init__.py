"""One visible table of measures; pure functions over counts."""
