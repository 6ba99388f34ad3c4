"""Scoring models: what turns columns into a score, so that the rule can be run, audited and compared with the law."""

from auditkit.scorers.opened_models import open_model
from auditkit.scorers.scorer import Family, Scorer

__all__ = ["Family", "Scorer", "open_model"]
