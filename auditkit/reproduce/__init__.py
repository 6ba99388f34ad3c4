"""Published figures beside ours: the proof that the toolkit is right, and the reason students come.

A figure is looked up among the estimates and regressions of an audit by analysis, attribute, group and measure; or it
is worked out from other published figures (`tables`), which is reported as consistency and never as reproduction. A
published slip is stated as a formula and shown beside the value that was meant; what differs stays visible.
"""

from auditkit.reproduce.published_figures import BASES, COLUMNS, KINDS, Figure, read_published
from auditkit.reproduce.published_status import STATUSES, Reproduced
from auditkit.reproduce.reproduce_audit import Reproduction, absent, reproduce

__all__ = [
    "BASES",
    "COLUMNS",
    "KINDS",
    "STATUSES",
    "Figure",
    "Reproduced",
    "Reproduction",
    "absent",
    "read_published",
    "reproduce",
]
