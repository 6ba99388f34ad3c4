"""Small cells, and what can be worked out from the rest."""

from auditkit.protect.disclose import disclose

__all__ = ["disclose"]
