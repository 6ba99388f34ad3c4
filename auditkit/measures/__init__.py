"""One visible table of measures, each an object of one of a few families; pure functions over released counts."""

from auditkit.measures.measure import Measure
from auditkit.measures.measure_table import (
    DEFAULT_MEASURES,
    MEASURES,
    PRIMARY,
    direction_of,
    measure,
    primary_of,
    sentence_of,
)

__all__ = ["DEFAULT_MEASURES", "MEASURES", "PRIMARY", "Measure", "direction_of", "measure", "primary_of", "sentence_of"]
