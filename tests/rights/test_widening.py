"""No number alone satisfies; widening an interval never brings `satisfied`, `supports` or a new `contradicts`."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.result import AuditResult, Gap
from auditkit.rights.declared_facts import FACTS, Fact, read_facts
from auditkit.rights.evidence import HOOKS
from auditkit.rights.evidence.evidence import Look
from auditkit.rights.item_status import check_items, status_of
from auditkit.rights.library import load_library
from tests.rights.samples import estimate, gap, result

LIBRARY = load_library()
RATES = ("positive_predictive_value", "false_omission_rate", "false_positive_rate", "burden")
PLACES = (("sex", "woman"), ("household", "lone parent"), ("age", "under 30"), ("allowance", "yes"), ("income", "low"))

factors = st.floats(1.0, 3.0)
ratios = st.tuples(st.floats(0.2, 5.0), st.floats(1.01, 1.6), factors)
shares = st.tuples(st.floats(0.05, 0.95), st.floats(0.001, 0.05), factors)
spans = st.tuples(st.floats(-0.5, 3.0), st.floats(0.0001, 0.3), factors)


def built(
    gaps: list[tuple[float, float, float]],
    rows: list[tuple[float, float, float]],
    declared: dict[str, tuple[float, float, float]],
    wide: bool,
) -> tuple[AuditResult, dict[str, tuple[Fact, ...]]]:
    """The same estimates with their intervals as drawn, or widened by the factor drawn."""
    made: list[Gap] = []
    for (attribute, group), (value, spread, factor) in zip(PLACES * 2, gaps, strict=False):
        ends = spread ** (factor if wide else 1.0)
        measure = "selection_rate" if len(made) < len(PLACES) else "false_positive_rate"
        # the p-value of a wider interval is no smaller: it follows from the interval
        p = 0.001 if not value / ends <= 1 <= value * ends else 0.5
        made.append(gap(attribute, group, value / ends, value * ends, measure=measure, p_adjusted=p))
    measured = []
    for measure, (value, half, factor) in zip(RATES, rows, strict=True):
        reach = half * (factor if wide else 1.0)
        measured.append(estimate(measure, max(value - reach, 0.0), min(value + reach, 1.0), value=value))
    given: dict[str, Any] = {
        name: {
            "value": value, "lower": value - half * (factor if wide else 1.0),
            "upper": value + half * (factor if wide else 1.0), "n": 500, "said_by": "auditor",
        }
        for name, (value, half, factor) in declared.items()
    }  # fmt: skip
    return result(tuple(made), tuple(measured)), read_facts(given)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(ratios, min_size=10, max_size=10),
    st.lists(shares, min_size=len(RATES), max_size=len(RATES)),
    st.dictionaries(
        st.sampled_from([n for n, r in FACTS.items() if r.kind not in ("any", "flag")]), spans, max_size=40
    ),
)
def test_wider_intervals_only_say_less(
    gaps: list[tuple[float, float, float]],
    rows: list[tuple[float, float, float]],
    declared: dict[str, tuple[float, float, float]],
) -> None:
    narrow, wide = built(gaps, rows, declared, False), built(gaps, rows, declared, True)
    for hook, function in HOOKS.items():
        for fact in FACTS if hook == "declared" else (None,):
            before = function(Look(*narrow, LIBRARY, fact)).status
            after = function(Look(*wide, LIBRARY, fact)).status
            if after in ("supports", "contradicts"):
                assert before == after, (hook, fact)
            assert status_of(None, function(Look(*wide, LIBRARY, fact)))[0] != "satisfied"


@settings(max_examples=25, deadline=None)
@given(st.lists(ratios, min_size=10, max_size=10), st.lists(shares, min_size=len(RATES), max_size=len(RATES)))
def test_no_number_alone_satisfies(
    gaps: list[tuple[float, float, float]], rows: list[tuple[float, float, float]]
) -> None:
    at, _ = built(gaps, rows, {}, False)
    for framework in LIBRARY.frameworks:
        assert {one.status for one in check_items(at, {}, LIBRARY, framework)} <= {"contradicted", "unanswered"}
