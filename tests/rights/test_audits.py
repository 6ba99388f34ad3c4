"""On published audits, the items that figures contradict are exactly those that the decision rules say."""

from __future__ import annotations

from functools import cache
from math import exp

import pytest

from auditkit.rights.item_status import Checked, check_items
from auditkit.rights.library import load_library
from auditkit.run import run_audit
from auditkit.spec import find_audit, load_audit


@cache
def checked(name: str) -> dict[str, Checked]:
    path = find_audit(name)
    result = run_audit(load_audit(path), path.parent)
    return {one.chosen.key: one for one in check_items(result, {}, load_library(), "public-benefits-fr")}


def contradicted(name: str) -> set[str]:
    return {key for key, one in checked(name).items() if one.status == "contradicted"}


def test_amsterdam() -> None:
    # Dutch nationality: selected 1.53 times as often; false positives by both readings of nationality.
    assert contradicted("amsterdam-smart-check") == {"EQU-02"}
    informed = {
        key
        for key, one in checked("amsterdam-smart-check").items()
        if one.statement and one.statement.status == "informs"
    }
    assert {"EQU-01", "EQU-07", "EQU-08"} <= informed


@pytest.mark.needs_rows
def test_compas() -> None:
    # Race and age: selection (EQU-02), age bands (EQU-08), false positive rates inform EQU-10. Women are selected less.
    assert contradicted("compas") == {"EQU-02", "EQU-08"}
    for key, status in (("EQU-06", "cannot_tell"), ("EQU-07", "informs"), ("EQU-03", "informs"), ("PUR-06", "informs")):
        statement = checked("compas")[key].statement
        assert statement is not None
        assert statement.status == status, key


# (those of the group, its size, those of the reference, its size): counts of the two publications, typed off.
AMSTERDAM = {
    "selected, not Dutch against Dutch": (183, 345, 303, 876),
    "selected, not Western against Western": (104, 199, 382, 1021),
    "selected, women against men": (217, 560, 283, 693),
    "selected, 40 and over against under 40": (160, 478, 342, 777),
    "selected, 50 and over against under 50": (84, 255, 418, 1000),
    "selected, full-time parents against others": (66, 185, 436, 1070),
    "wrongly selected, not Dutch against Dutch": (61, 139, 120, 464),
}
COMPAS = {
    "selected, African-American against Caucasian": (1369 + 805, 3696, 505 + 349, 2454),
    "wrongly selected, African-American against Caucasian": (805, 805 + 990, 349, 349 + 1139),
}


def beyond(group: int, of: int, reference: int, whole: int) -> bool:
    """Whether the interval of the ratio lies wholly beyond 1.25 or 0.8, by the logarithm (Katz 1978)."""
    ratio = (group / of) / (reference / whole)
    error = 1.96 * (1 / group - 1 / of + 1 / reference - 1 / whole) ** 0.5
    return ratio * exp(-error) > 1.25 or ratio * exp(error) < 0.8


def test_the_established_gaps_by_another_method() -> None:
    assert [name for name, counts in AMSTERDAM.items() if beyond(*counts)] == [
        "selected, not Dutch against Dutch",  # so EQU-02; nationality only informs EQU-07, age and family do not reach
        "wrongly selected, not Dutch against Dutch",
    ]
    assert all(beyond(*counts) for counts in COMPAS.values())  # so EQU-02
