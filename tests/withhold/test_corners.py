"""Counts are not negative: what an attacker with integer programming makes of it, and what is withheld against it."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.counts.count_table import COUNTS
from auditkit.measures import MEASURES
from auditkit.measures.shares import Distribution
from auditkit.withhold import disclose
from auditkit.withhold import suppression_rules as rules
from auditkit.withhold.allowed_tables import pinned
from auditkit.withhold.exposed_rows import known_from_all
from auditkit.withhold.figure_forms import EVERYBODY
from auditkit.withhold.suppression_network import network
from tests.withhold.made import analysis_of, audit_of, spec_of, views_of

FALSE_POSITIVE = 1 << COUNTS.index("false_positive")

# A random table in which adding and subtracting finds nothing, and yet some cells can be one number only.
SQUEEZED = {
    ("a0", "b0"): (1, 3, 0, 0, 60, 0), ("a0", "b1"): (25, 3, 0, 25, 60, 0), ("a0", "b2"): (60, 13, 0, 0, 3, 0),
    ("a1", "b0"): (1, 25, 0, 13, 3, 0), ("a1", "b1"): (0, 60, 0, 0, 3, 0), ("a1", "b2"): (0, 6, 0, 9, 3, 0),
    ("a2", "b0"): (13, 13, 0, 0, 0, 0), ("a2", "b1"): (0, 0, 0, 60, 13, 0), ("a2", "b2"): (1, 3, 0, 13, 13, 0),
}  # fmt: skip


def test_what_adds_up_to_nought_is_nought():
    # b0 is published to have no false positive; so neither have its two cells, which no subtraction tells
    joint = {("a0", "b0"): (9, 0, 0, 9, 9, 0), ("a0", "b1"): (9, 9, 0, 9, 9, 0),
             ("a1", "b0"): (9, 0, 0, 9, 9, 0), ("a1", "b1"): (9, 9, 0, 9, 9, 0)}  # fmt: skip
    net = network(views_of(joint))
    published = np.full(len(net), 1 << EVERYBODY, dtype=np.uint64)
    published[net.place[("b",), ("b0",)]] |= np.uint64(1 << FALSE_POSITIVE)
    asked = np.full(len(net), 1 << FALSE_POSITIVE, dtype=np.uint64)
    found = {net.names[node] for node in np.flatnonzero(pinned(net, published, asked))}
    linear = {net.names[node] for node in np.flatnonzero(known_from_all(published, net.lines) & asked)}
    margin = (("b",), ("b0",))
    assert linear == {margin}
    assert found == {margin, (("a", "b"), ("a0", "b0")), (("a", "b"), ("a1", "b0"))}


def squeezed(after) -> list[tuple[str, ...]]:
    """Counts of cells below 11 that can be one whole number only, given all that is printed."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    cells = list(SQUEEZED)
    truth = np.array([SQUEEZED[cell][c] for cell in cells for c in (0, 1, 3, 4)], dtype=float)

    def form(attributes, group, classes):
        wanted = dict(zip(attributes, group, strict=True))
        inside = [all(dict(zip("ab", cell, strict=True))[k] == v for k, v in wanted.items()) for cell in cells]
        return np.array([float(i and COUNTS[c] in classes) for i in inside for c in (0, 1, 3, 4)])

    told = [form((), (), COUNTS)]
    for view in after.views:
        told += [form(view.attributes, g, COUNTS) for g, n in zip(view.groups, view.n, strict=True) if n is not None]
    for e in after.estimates:
        if e.status == "computed":
            row = MEASURES[e.measure]
            told.append(form(e.attributes, e.groups, row.numerator))
            told.append(form(*((), ()) if isinstance(row, Distribution) else (e.attributes, e.groups), row.denominator))
    matrix = np.array(told)
    printed = LinearConstraint(matrix, matrix @ truth, matrix @ truth)
    found = []
    for cell in cells:
        for name in (COUNTS[c] for c in (0, 1, 3, 4)):
            row = form(("a", "b"), cell, [name])
            if row @ truth < 11:
                ends = [
                    milp(sign * row, constraints=printed, integrality=np.ones(len(truth)), bounds=Bounds(0)).fun
                    for sign in (1, -1)
                ]
                if abs(ends[0] + ends[1]) < 0.5:
                    found.append((*cell, name))
    return found


def test_hidden_counts_that_leave_each_other_no_room(monkeypatch: pytest.MonkeyPatch):
    before = audit_of(analysis_of(views_of(SQUEEZED), spec_of()))
    after = disclose(before).main
    assert squeezed(after) == []
    assert sum(e.status == "computed" for e in after.estimates) > 50
    monkeypatch.setattr(rules, "pinned", lambda net, published, asked: np.zeros(len(net), dtype=np.uint64))
    assert ("a0", "b0", "false_positive") in squeezed(disclose(before).main)
