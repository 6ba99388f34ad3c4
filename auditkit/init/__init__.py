"""`auditkit init`: an audit.yaml to begin with, from what a table or a folder of documents shows."""

from auditkit.init.begin_audit import FACTS, Begun, audit_of_documents, audit_of_table

__all__ = ["FACTS", "Begun", "audit_of_documents", "audit_of_table"]
