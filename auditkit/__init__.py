"""auditkit: audit the algorithms that judge people.

The public names, loaded when they are first asked for, so that `import auditkit` costs nothing:

    import auditkit
    audit = auditkit.audit(frame, groups=["sex"], score="score", threshold=0.8, outcome="fraud")

    from auditkit import find_audit, load_audit, run_audit, render_report
    path = find_audit("compas")
    result = run_audit(load_audit(path), path.parent)
    page = render_report(result, "en")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.errors import AuditkitError, DataError, InputError, NotHeld, SpecError, TargetError
    from auditkit.in_memory import Audit, audit
    from auditkit.report import render_report
    from auditkit.result import AuditResult
    from auditkit.result.read_results import read_results
    from auditkit.run import run_audit
    from auditkit.scorers.model_proof import pack_model
    from auditkit.spec import AuditSpec, find_audit, load_audit
    from auditkit.write.results_json import results_json

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "AuditResult",
    "AuditSpec",
    "AuditkitError",
    "DataError",
    "InputError",
    "NotHeld",
    "SpecError",
    "TargetError",
    "audit",
    "find_audit",
    "load_audit",
    "pack_model",
    "read_results",
    "render_report",
    "results_json",
    "run_audit",
]

_ROOMS = {
    "Audit": "in_memory",
    "audit": "in_memory",
    "AuditResult": "result",
    "AuditSpec": "spec",
    "find_audit": "spec",
    "load_audit": "spec",
    "pack_model": "scorers.model_proof",
    "read_results": "result.read_results",
    "render_report": "report",
    "results_json": "write.results_json",
    "run_audit": "run",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'auditkit' has no attribute {name!r}")
    return getattr(import_module(f"auditkit.{_ROOMS.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
