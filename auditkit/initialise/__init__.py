"""`auditkit init`: an audit.yaml to begin with, from what a table or a folder of documents shows."""

from auditkit.initialise.begin import Begun, audit_of_documents, audit_of_table

__all__ = ["Begun", "audit_of_documents", "audit_of_table"]
