"""Whatever was hidden or rounded, what was there before lies within what is read; tried on many tables."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.test_counts import FOUR, HIDDEN, by_group, table

LIMIT = 9
WIDE_ROUNDED = {"columns": {"selected": "yes", "not_selected": "no"}, "rounded_to": 10}
PEOPLE = st.integers(0, 60)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(PEOPLE, PEOPLE, PEOPLE, PEOPLE), min_size=1, max_size=4),
    st.booleans(),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_what_was_hidden_always_lies_within_its_bounds(tmp_path, truth, row_totals, column_totals, random):
    """Counts under 10 are hidden, and one more where a total would give a single hidden one away."""
    lines = []
    for i, counts in enumerate(truth):
        small = {j for j, n in enumerate(counts) if n <= LIMIT}
        if len(small) == 1 and row_totals:
            small.add(min((j for j in range(4) if j not in small), key=lambda j: counts[j]))
        shown = ["0" if j in small else str(n) for j, n in enumerate(counts)]
        lines.append(",".join([f"g{i}", *shown, str(sum(counts))]))
    random.shuffle(lines)
    if column_totals:
        sums = [sum(column) for column in zip(*truth, strict=True)]
        if all(n > LIMIT for n in sums):
            lines.append(",".join(["Total", *map(str, sums), str(sum(sums))]))
    columns = {**FOUR["columns"], **({"total": "all"} if row_totals else {})}
    data = {"columns": columns, "suppressed": HIDDEN["suppressed"], "totals": ["Total"]}
    found = by_group(table(tmp_path, "\n".join(["g,tp,fp,tn,fn,all", *lines]), data), tmp_path)
    for i, counts in enumerate(truth):
        for n, kind in zip(counts, FOUR["columns"], strict=True):
            assert found[f"g{i}"][kind].lower <= n <= found[f"g{i}"][kind].upper


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=5), st.booleans())
def test_rounded_counts_and_shares_hold_the_truth(tmp_path, truth, shares):
    lines = []
    for i, (yes, no) in enumerate(truth):
        if shares:
            rate = f"{100 * yes / (yes + no):.1f} %" if yes + no else "0 %"
            lines.append(f"g{i};{rate};{yes + no}")
        else:
            lines.append(f"g{i};{10 * round(yes / 10)};{10 * round(no / 10)}")
    wide = {"columns": {"share": "yes", "total": "no"}} if shares else WIDE_ROUNDED
    found = by_group(table(tmp_path, "\n".join(["g;yes;no", *lines]), wide), tmp_path)
    for i, (yes, no) in enumerate(truth):
        assert found[f"g{i}"]["selected"].lower <= yes <= found[f"g{i}"]["selected"].upper
        assert found[f"g{i}"]["not_selected"].lower <= no <= found[f"g{i}"]["not_selected"].upper
