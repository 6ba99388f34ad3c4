"""Rows and audits of kinds, written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from auditkit.result import AuditResult, KindFigure
from auditkit.run import run_audit
from auditkit.spec import AuditSpec


def table(head: str, lines: Iterable[tuple[str, int]]) -> str:
    """Lines of CSV, each as often as it says."""
    return "\n".join([head, *(line for line, times in lines for _ in range(times))]) + "\n"


def audit(harm: str = "punitive", minimum: int = 0, **more: Any) -> AuditSpec:
    """A small audit of two groups."""
    publish = {"minimum_count": minimum, **({"because": "test"} if minimum == 0 else {})}
    return AuditSpec.model_validate(
        {
            "title": "t",
            "system": {"name": "s", "harm": harm},
            "data": "rows.csv",
            "groups": {"g": {"column": "g", "reference": "a"}},
            "publish": publish,
            **more,
        }
    )


def run(folder: Path, rows: str, **more: Any) -> AuditResult:
    """The result of an audit of rows."""
    (folder / "rows.csv").write_text(rows)
    return run_audit(audit(**more), folder)


def by_place(result: AuditResult) -> dict[tuple[str, str, str], KindFigure]:
    """The figures of the kind by item, level and group."""
    return {(one.item, one.level, " & ".join(one.groups)): one for one in result.main.kind_figures}
