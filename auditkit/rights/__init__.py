"""The rights-oriented checklist: items and laws as dated data, what figures say of each item, and answers.

A number may contradict or inform a legal item; it never satisfies one. Nothing here is averaged.
"""

from auditkit.rights.answers import Answer, Document, read_answers, save_answer
from auditkit.rights.chosen_items import Chosen, chosen_items, disagreement, framework_for
from auditkit.rights.due_dates import Timing, duties, timing_of
from auditkit.rights.evidence import HOOKS, Figure, Statement, evidence_for
from auditkit.rights.item_status import Checked, check_items
from auditkit.rights.library import Library, load_library
from auditkit.rights.library_records import Framework, Ground, Instrument, Item, Provision

__all__ = [
    "HOOKS",
    "Answer",
    "Checked",
    "Chosen",
    "Document",
    "Figure",
    "Framework",
    "Ground",
    "Instrument",
    "Item",
    "Library",
    "Provision",
    "Statement",
    "Timing",
    "check_items",
    "chosen_items",
    "disagreement",
    "duties",
    "evidence_for",
    "framework_for",
    "load_library",
    "read_answers",
    "save_answer",
    "timing_of",
]
