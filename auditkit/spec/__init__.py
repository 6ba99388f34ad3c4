"""audit.yaml and dataset.yaml: read, checked, typed."""

from auditkit.spec.data import CountColumns, DataSpec, Join, RowCondition, Stacked, Suppressed
from auditkit.spec.load import find_audit, load_audit
from auditkit.spec.model import Arm, AuditSpec, Group, Outcome, Score, Selection, Stage, System
from auditkit.spec.words import Words

__all__ = [
    "Arm",
    "AuditSpec",
    "CountColumns",
    "DataSpec",
    "Group",
    "Join",
    "Outcome",
    "RowCondition",
    "Score",
    "Selection",
    "Stacked",
    "Stage",
    "Suppressed",
    "System",
    "Words",
    "find_audit",
    "load_audit",
]
