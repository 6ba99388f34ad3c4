"""For tests of a pipeline: a model that treats groups apart fails the build.

from auditkit.testing import assert_no_established_gap

def test_the_score_is_even() -> None:
    assert_no_established_gap(frame, groups=["sex"], score="score", threshold=0.8, outcome="fraud")
"""

from __future__ import annotations

from typing import Any

from auditkit.errors import NotHeld
from auditkit.in_memory import Audit, audit

__all__ = ["assert_no_established_gap"]


def assert_no_established_gap(data: Any, **arguments: Any) -> Audit:
    """The audit of `data` (arguments as of `auditkit.audit`, or an Audit) where no group is established worse off.

    Raises AssertionError that names the gaps otherwise. No such gap found is not proof of none.
    """
    found = data if isinstance(data, Audit) else audit(data, **arguments)
    try:
        return found.require("no established gap")
    except NotHeld as error:
        raise AssertionError(str(error)) from None
