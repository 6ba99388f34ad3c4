"""Published counts whose form tells outcomes of those selected only: then nobody knows them of everyone else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditkit.text import say

__all__ = ["see_outcomes", "with_pair"]

_OF_SELECTED = "true_positive"
_OF_OTHERS = {"false_negative", "true_negative"}
_NEED_OTHERS = {
    "true_positive_rate", "false_positive_rate", "true_negative_rate", "false_negative_rate", "accuracy",
    "negative_predictive_value", "false_omission_rate",
}  # fmt: skip


def see_outcomes(content: Any) -> Any:
    """The audit with `observed: when_selected` where its counts tell no outcome of those not selected.

    Taken as known of everyone, each person without the outcome would have been selected: a false positive rate of 1
    that says nothing. Raises ValueError where the audit says otherwise and asks for such a rate, or where its tables
    differ in this.

    >>> see_outcomes({"data": {"columns": {"selected": "s", "total": "n", "true_positive": "t"}}})["observed"]
    'when_selected'
    """
    if not isinstance(content, dict):
        return content
    whole = [bool(_OF_OTHERS & forms) for forms in _forms(content) if _OF_SELECTED in forms]
    observed = content.get("observed")
    if all(whole) or observed not in (None, "everywhere"):
        return content
    if any(whole):
        raise ValueError(
            say(
                "one table counts outcomes of everyone and another of those selected only; say observed: "
                "when_selected, or put them into two analyses"
            )
        )
    if observed is None:
        return {**content, "observed": "when_selected"}
    measures = content.get("measures")
    if isinstance(measures, list) and not _NEED_OTHERS & {str(one) for one in measures}:
        return content
    raise ValueError(
        say(
            "observed is everywhere, and the columns count outcomes of those selected only; say observed: "
            "when_selected, or name the columns of false_negative and true_negative"
        )
    )


def with_pair(content: Any) -> Any:
    """The audit with its pairs as the clusters that they are. Raises ValueError where another cluster is named.

    >>> with_pair({"pair": "offer"})["cluster"]
    'offer'
    """
    if not isinstance(content, dict) or not isinstance(content.get("pair"), str):
        return content
    if content.get("cluster") not in (None, content["pair"]):
        raise ValueError(say("pair and cluster are both given; rows of a pair stand together already: keep one"))
    return {**content, "cluster": content["pair"]}


def _forms(content: dict[str, Any]) -> Iterator[set[str]]:
    """What the columns of each published table count."""
    groups = content.get("groups")
    tables = [content.get("data")]
    if isinstance(groups, dict):
        tables += [group.get("data") for group in groups.values() if isinstance(group, dict)]
    for table in tables:
        columns = table.get("columns") if isinstance(table, dict) else None
        if isinstance(columns, dict):
            yield {str(key) for key, value in columns.items() if value}
