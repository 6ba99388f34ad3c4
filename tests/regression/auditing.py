"""Small audits with a regression, written and run in a folder of their own."""

from __future__ import annotations

from pathlib import Path

from auditkit.regression import Regression, Term
from auditkit.run import run_audit
from auditkit.spec import load_audit

AUDIT = """
title: small
system: {{name: small, harm: punitive}}
data: {data}
{roles}
groups:
  g: {{column: g, reference: b}}
measures: [selection_rate, base_rate, share_of_population]
bootstrap: {{replicates: 100}}
publish: {{minimum_count: {minimum}, because: test}}
regressions:
  r: {regression}
"""
ROLES = "selected: {column: s, in: [1]}\noutcome: {column: y, positive: [1]}"


def regression(
    folder: Path,
    rows: str,
    asked: str,
    roles: str = ROLES,
    data: str = "rows.csv",
    minimum: int = 0,
) -> Regression:
    """The regression `asked` of the table `rows`."""
    (folder / "rows.csv").write_text(rows)
    text = AUDIT.format(data=data, roles=roles, regression=asked, minimum=minimum)
    (folder / "audit.yaml").write_text(text)
    (found,) = run_audit(load_audit(folder / "audit.yaml"), folder).main.regressions
    return found


def term(found: Regression, name: str, level: str = "") -> Term:
    """One line of a regression."""
    return next(one for one in found.terms if (one.term, one.level) == (name, level))


def table(counts: dict[tuple[str, int], int]) -> str:
    """Rows of g and s: {(group, selected): rows}. The outcome alternates."""
    lines = [f"{g},{s},{i % 2}" for (g, s), n in counts.items() for i in range(n)]
    return "g,s,y\n" + "\n".join(lines) + "\n"
