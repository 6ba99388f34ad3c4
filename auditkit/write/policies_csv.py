"""policies.csv: every figure of every rule, one a line."""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.result import JOINER, AuditResult
from auditkit.write.results_csv import table_csv

__all__ = ["POLICY_COLUMNS", "policies_csv", "policy_lines"]

POLICY_COLUMNS = "policy beside attribute group item value lower upper method n unit status reason".split()


def policy_lines(result: AuditResult) -> Iterator[list[object]]:
    """`policy` is the number of the rule as listed (0: today), `beside` says common or today where it stands beside."""
    for one in result.main.kind_figures:
        if one.kind == "policies":
            number, _, beside = one.level.partition(" ")
            yield [
                number, beside, JOINER.join(one.attributes), JOINER.join(one.groups), one.item, one.value, one.lower,
                one.upper, one.method, one.n, one.unit, one.status, one.reason,
            ]  # fmt: skip


def policies_csv(result: AuditResult) -> bytes:
    """The same as a file."""
    return table_csv(POLICY_COLUMNS, policy_lines(result))
