"""One visible table of measures; pure functions over counts."""

from auditkit.measures.measure_table import DEFAULT_MEASURES, MEASURES, PRIMARY, Measure, direction_of, measure

__all__ = ["DEFAULT_MEASURES", "MEASURES", "PRIMARY", "Measure", "direction_of", "measure"]
