"""Tables: notes said once, strata and composite measures named, figures of everyone together, withheld rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.report import render_report, summary
from auditkit.report.gap_comparisons import gap_row
from auditkit.report.group_names import Names
from auditkit.report.number_words import difference, figure, p_value, ratio
from auditkit.report.pair_panel import Pair
from auditkit.result import AuditResult, Exclusion, RowAccount
from auditkit.text import say
from tests.report.page import read
from tests.report.samples import counts_result, rows_result, rows_spec


def with_main(result: AuditResult, **more: object) -> AuditResult:
    """The result with another main analysis."""
    return replace(result, analyses=(replace(result.main, **more), *result.analyses[1:]))  # type: ignore[arg-type]


def test_a_composite_measure_names_its_stratum() -> None:
    spec = rows_spec(strata={"charge": {"column": "c", "name": {"en": "charge", "fr": "faits"}}})
    assert Names(spec, "en").measure("conditional_disparity:charge") == "conditional disparity, strata of charge"
    assert Names(spec, "fr").measure("conditional_disparity:charge") == "disparité conditionnelle, strates de faits"
    assert Names(spec, "fr").measure("fairlearn.metrics.mean_prediction") == "fairlearn.metrics.mean_prediction"


def test_differences_of_shares_are_in_points_whatever_their_stratum() -> None:
    assert difference("conditional_disparity:charge", 0.1234, "en") == "+12.3\xa0pts"
    assert difference("standardised_selection_rate_difference:charge", -0.004, "fr") == "−0,40\xa0pts"


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0.0, "0%", "0\u202f%"), (1.0, "100%", "100\u202f%"), (0.4486, "44.9%", "44,9\u202f%"),
        (0.0042, "0.42%", "0,42\u202f%"), (0.9987, "99.87%", "99,87\u202f%"), (0.00001, "< 0.01%", "< 0,01\u202f%"),
    ],
)  # fmt: skip
def test_percentages_keep_the_decimals_they_need(value: float, english: str, french: str) -> None:
    assert figure("selection_rate", value, "en") == english
    assert figure("selection_rate", value, "fr") == french


def test_a_p_is_never_nought_nor_one_by_rounding() -> None:
    assert [p_value(p, "en") for p in (0.0, 0.0009, 0.001, 0.9996, 1.0)] == [
        "< 0.001", "< 0.001", "0.001", "> 0.999", "1.000",
    ]  # fmt: skip


def test_ratios_keep_their_meaning_at_both_ends() -> None:
    assert [ratio(r, "en") for r in (0.0, 0.004, 0.33, 1.5, 250.0, 12_345.0)] == [
        "0.00", "0.004", "0.33", "1.50", "250.0", "12,345",
    ]  # fmt: skip


def test_a_figure_of_everyone_together_is_shown() -> None:
    result = rows_result()
    whole = replace(result.main.estimates[0], groups=(), measure="fairlearn.metrics.x", value=0.25, method="none")
    page = read(render_report(with_main(result, estimates=(*result.main.estimates, whole)), "en"))
    assert "all groups together" in page.text
    assert "0.250" in page.text


def test_a_note_that_all_groups_share_is_said_once() -> None:
    result = counts_result()
    silent = [
        replace(e, measure="base_rate", value=None, lower=None, upper=None, status="not_computed", reason="no_outcome")
        for e in result.main.estimates[:2]
    ]
    text = read(render_report(with_main(result, estimates=(*result.main.estimates, *silent)), "en")).text
    assert text.count("The data hold no outcome for this group.") == 2  # once in the table, once in what cannot be said


def test_no_gap_of_any_size_is_said_of_rates_alone() -> None:
    gap = replace(rows_result().main.gaps[1], verdict="inconclusive", smallest_established=None)
    assert gap_row(Pair(None, gap), Names(rows_spec(), "en"), 0).detectable == "none of any size"
    assert gap_row(Pair(None, replace(gap, measure="burden")), Names(rows_spec(), "en"), 0).detectable == "–"


def test_withheld_rows_leave_no_number() -> None:
    result = counts_result()
    account = RowAccount(
        read=None, used=None, exclusions=(Exclusion("other", say("other reasons"), 40),), without_outcome=None
    )
    hidden = with_main(result, rows=account)
    text = read(render_report(hidden, "en")).text
    assert "people read, from published counts withheld" in text
    assert "of these, outcome not known (used only where no outcome is needed) withheld" in text
    assert "1,915" not in text
    assert "Rows read: withheld; used: withheld; excluded: withheld." in summary(hidden, "en")
