"""What a line of published.csv may ask beyond a rate: formulas, the tests of others, figures drawn by resampling."""

import numpy as np
import pytest

from auditkit.reproduce import COLUMNS, reproduce
from auditkit.reproduce.resampling import resampled_measure, summary

AUDIT = """
title: small
system: {name: small, harm: punitive}
data: {file: counts.csv, columns: {true_positive: tp, false_positive: fp, true_negative: tn, false_negative: fn}}
groups: {g: {column: g, reference: {is: rest}}}
bootstrap: {replicates: 5000, seed: 3}
confidence: 0.9
publish: {minimum_count: 0, because: test}
"""
COUNTS = "g,tp,fp,tn,fn\na,30,70,0,0\nb,10,90,0,0\n"


def _figures(folder, *lines, audit=AUDIT, counts=COUNTS):
    (folder / "audit.yaml").write_text(audit)
    (folder / "counts.csv").write_text(counts)
    text = ",".join(COLUMNS) + "\n" + "".join(f'x{i},main,g,a,b,"{m}",{k},{v},{d},counts,,,,\n'
                                              for i, (m, k, v, d) in enumerate(lines))  # fmt: skip
    (folder / "published.csv").write_text(text)
    return reproduce(folder / "audit.yaml").figures


def test_formulas_and_tests_by_hand(tmp_path):
    # 30 of 100 against 10 of 100: chi-square 200 (30*90 - 70*10)^2 / (100*100*40*160) = 12.5, phi = sqrt(12.5 / 200)
    found = _figures(
        tmp_path,
        ("= positive_predictive_value[group] - positive_predictive_value[rest]", "difference", 0.2, 2),
        ("= positive_predictive_value[rest]", "rate", 0.1, 2),
        ("= chi_square_positive_predictive_value[rest]", "test", 12.5, 6),
        ("= phi_positive_predictive_value[reference]", "test", 0.25, 6),
        ("= (fisher_p_positive_predictive_value[rest] < 0.05) + (fisher_p_positive_predictive_value[rest] < 0.0001)",
         "test", 1, 0),
        ("= 0.2 < positive_predictive_value[group] < 0.4 and positive_predictive_value[group] < 0.3", "test", 0, 0),
    )  # fmt: skip
    assert [f.status for f in found] == ["same"] * 6


def test_what_is_not_there_is_not_recomputable(tmp_path):
    found = _figures(
        tmp_path,
        ("= fisher_p_false_positive_rate[nobody]", "test", 1, 0),
        ("= positive_predictive_value[group] / 0", "ratio", 1, 0),
        ("bootstrap:burden:mean:100", "rate", 1, 0),
        ("bootstrap:positive_predictive_value:median:100", "rate", 1, 0),
    )
    assert [f.status for f in found] == ["not_recomputable"] * 4


def test_resampled_figures_are_the_same_up_to_the_noise_of_both(tmp_path):
    # 30 of 100: sd of a share sqrt(0.3 * 0.7 / 100) = 0.0458 (a little more, since the size of the group varies)
    found = _figures(
        tmp_path,
        ("bootstrap:positive_predictive_value:mean:1000", "rate", 0.3005, 4),
        ("bootstrap:positive_predictive_value:standard_deviation:1000", "rate", 0.0464, 4),
        ("bootstrap:positive_predictive_value:lower:1000", "rate", 0.2254, 4),
        ("bootstrap:positive_predictive_value:share_above_zero:1000", "difference", 1.0, 2),
        ("bootstrap:positive_predictive_value:mean:1000", "rate", 0.32, 4),
    )
    assert [f.status for f in found[:3]] == ["same_within_resampling_error"] * 3
    assert found[3].status in ("same", "same_within_resampling_error")
    assert found[4].status == "different"


def test_noise_of_a_mean_and_of_an_end():
    values = np.random.default_rng(1).normal(0, 2, 40_000)
    mean = summary(values, "mean", 10_000, 0.9)
    assert mean.noise == pytest.approx(3 * 2 * (1 / 40_000 + 1 / 10_000) ** 0.5, rel=0.02)
    end = summary(values, "lower", 10_000, 0.9)
    assert end.value == pytest.approx(-1.645 * 2, abs=0.05)
    # sqrt(0.05 * 0.95) / 0.1031, the density of a normal curve at its 5 % point
    assert end.noise / mean.noise == pytest.approx(2.113, rel=0.01)


def test_a_resampled_measure_is_read_or_refused():
    assert resampled_measure("bootstrap:accuracy:mean:10") == ("accuracy", "mean", 10)
    assert resampled_measure("bootstrap:accuracy:mean:none") is None
    assert resampled_measure("bootstrap:accuracy:mean") is None


def test_rounded_counts_are_taken_as_printed(tmp_path):
    audit = AUDIT.replace("fn}}", "fn}, rounded_to: 10}")
    (found,) = _figures(tmp_path, ("positive_predictive_value", "rate", 0.3, 4), audit=audit)
    assert found.status == "same"
