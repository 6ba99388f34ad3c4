"""The records of findings by their former address, until every room imports them from result."""

from auditkit.result import JOINER, REASONS, VERDICTS, Estimate, Family, Gap, Point, ViewResult

__all__ = ["JOINER", "REASONS", "VERDICTS", "Estimate", "Family", "Gap", "Point", "ViewResult"]
