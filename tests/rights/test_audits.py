"""On published audits, the items that figures contradict are exactly those that the decision rules say."""

from __future__ import annotations

from functools import cache

import pytest

from auditkit.audit import run_audit
from auditkit.rights.library import load_library
from auditkit.rights.status import Checked, check_items
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
    assert contradicted("amsterdam-smart-check") == {"EQU-02", "EQU-10"}
    informed = {
        key
        for key, one in checked("amsterdam-smart-check").items()
        if one.statement and one.statement.status == "informs"
    }
    assert {"EQU-01", "EQU-07", "EQU-08"} <= informed


@pytest.mark.needs_rows
def test_compas() -> None:
    # Race and age: selection (EQU-02), age bands (EQU-08), false positive rates (EQU-10). Women are selected less.
    assert contradicted("compas") == {"EQU-02", "EQU-08", "EQU-10"}
    for key, status in (("EQU-06", "cannot_tell"), ("EQU-07", "informs"), ("EQU-03", "informs"), ("PUR-06", "informs")):
        statement = checked("compas")[key].statement
        assert statement is not None
        assert statement.status == status, key
