"""Audits of tables that stand in memory: `auditkit.audit(frame, ...)`, for notebooks and pipelines.

Another face of the same functions: the call is an audit.yaml, and `to_yaml` writes it.
"""

from auditkit.in_memory.audit_call import audit
from auditkit.in_memory.audit_object import Audit

__all__ = ["Audit", "audit"]
