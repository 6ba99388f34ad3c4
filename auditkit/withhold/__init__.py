"""Small cells, and what can be worked out from the rest."""

from auditkit.withhold.disclose import disclose

__all__ = ["disclose"]
