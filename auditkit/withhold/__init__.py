"""What may not be said of figures on withheld counts: the last look at a result before anybody reads it."""

from auditkit.withhold.withheld_result import withheld

__all__ = ["withheld"]
