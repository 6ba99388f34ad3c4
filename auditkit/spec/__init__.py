"""audit.yaml and dataset.yaml: read, checked, typed."""

from auditkit.spec.audit_spec import Arm, AuditSpec, Group, Outcome, Score, Selection, Stage, System
from auditkit.spec.data_spec import CountColumns, DataSpec, Join, RowCondition, Stacked, Suppressed
from auditkit.spec.load_spec import find_audit, load_audit
from auditkit.spec.spec_words import Words
from auditkit.spec.spoken_texts import Sayings, Spoken, unsaid

__all__ = [
    "Arm",
    "AuditSpec",
    "CountColumns",
    "DataSpec",
    "Group",
    "Join",
    "Outcome",
    "RowCondition",
    "Sayings",
    "Score",
    "Selection",
    "Spoken",
    "Stacked",
    "Stage",
    "Suppressed",
    "System",
    "Words",
    "find_audit",
    "load_audit",
    "unsaid",
]
