"""The peers' published figures come out of auditkit, each one, or stand here with the reason why not.

Two tables, read by the tests below: `*` stands for any text, a path covers what is below it. A figure of v01 to v09
that is neither compared nor listed fails a test, and so does a line that no figure needs.

Without a counterpart: not a measure of this project.

vector | figure | why
v03 | binary / expected / GE (generalised entropy, alpha 2) | inequality between individuals, not a gap between groups
v03 | pretraining_pairs / * / KL(a||d) | a distance without unit or direction; the gap in rates is printed
v03 | pretraining_pairs / * / JS | a distance without unit or direction; the gap in rates is printed
v04 | classification / expected / cohen_d | a gap in standard deviations; gaps are printed in points, ratios, people
v04 | classification / expected / z_test_diff | a z without its p; with counts under 5 the test here is Fisher's
v04 | classification / expected / z_test_ratio | a z of Wald's on the log ratio; the interval here is the score's
v04 | regression / expected / rmse_ratio | error of a predicted quantity; auditkit judges selections and scores
v04 | regression / expected / mae_ratio | error of a predicted quantity; auditkit judges selections and scores
v04 | regression / expected / zscore_diff | a gap in standard deviations; the mean score's gap is printed
v04 | regression / expected / no_disparate_impact_level | a threshold for a pass mark, which auditkit does not give
v05 | generalized_entropy | inequality between individuals, not a gap between groups
v05 | between_group_two | inequality between individuals, not a gap between groups
v05 | kl_weighted | a distance without unit or direction; the gap in rates is printed
v05 | ranking | the order within a ranking; auditkit measures who is above the cut
v05 | differential_fairness_adult | a smoothed log ratio over crossings; and its data are not in the folder
v07 | expected / gender against uniform | a distance of shares from equal ones; the shares are printed
v07 | expected / ethnicity against uniform | a distance of shares from equal ones; the shares are printed
v07 | expected / Male minus Female, label 1 / sorensen_dice | overlap of two sets, which mixes rate and group size
v07 | expected / Male minus Female, label 1 / jaccard | overlap of two sets, which mixes rate and group size
v07 | expected / Male minus Female, label 1 / kendall | a rank correlation of two yes or no columns
v07 | expected / Male minus Female, label 1 / log_likelihood_ratio | overlap of two sets, never recomputed
v08 | inequality_of_group_values | inequality of any list of values; the groups' own gaps are printed
v08 | distances_between_group_distributions | a distance of shares; the shares are printed
v08 | js_base2 | a distance of shares; the shares are printed
v08 | precision_permutation / published_p | from a seeded simulation; a test below holds its band

Refused: the measure exists, and must not give the published value.

vector | figure | why
v01 | case 2 / * / ppr | wrong in the original, 0.25 for 0.5
v01 | case 2 / * / ppr_ref | wrong in the original, 0.25 for 0.5
v03 | drr_zero / expected / DRR | nobody unselected, 0/0, which the peer takes as 0
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.peers.rates_of_peers import aequitas, clarify, fairlearn
from tests.peers.vectors import Comparison, Value, listed, published, published_by_aequitas, read
from tests.peers.vectors_of_others import (
    aif360,
    balance,
    berkeley,
    data_balance,
    holisticai,
    lift,
    oxonfair,
    permutation,
    small_cases,
)

pytestmark = pytest.mark.needs_rows

Ours = Callable[[Path, Path], dict[str, Value]]

FILES: dict[str, tuple[str, Ours]] = {
    "v01": ("v01-aequitas-unit", aequitas),
    "v02": ("v02-fairlearn-basic", fairlearn),
    "v03": ("v03-smclarify", clarify),
    "v04": ("v04-holisticai", holisticai),
    "v05": ("v05-aif360", aif360),
    "v06": ("v06-berkeley-1973", oxonfair),
    "v07": ("v07-rai-data-balance", balance),
    "v08": ("v08-lift", lift),
    "v09": ("v09-small-edge-cases", small_cases),
}
TOLERANCE = {
    "v01": {"*": 1e-9},
    "v04": {"regression / expected / correlation_diff": 5e-4},  # published with three decimals
    "v06": {"expected": 0.01},
    "v09": {"jurity / cases / 2": 1e-4},
}
WITHOUT, REFUSED = (listed(part) for part in (__doc__ or "").split("Refused:"))
# What comes out where a published value is refused: the right number, or undefined.
INSTEAD: dict[str, Value] = {"case 2 / * / ppr": 0.5, "case 2 / * / ppr_ref": 0.5, "drr_zero / expected / DRR": None}


@pytest.fixture(scope="module", params=FILES)
def compared(
    request: pytest.FixtureRequest, peer_vectors: Path, tmp_path_factory: pytest.TempPathFactory
) -> Comparison:
    vector: str = request.param
    name, ours = FILES[vector]
    figures = published_by_aequitas(peer_vectors / name) if vector == "v01" else published(read(peer_vectors, name))
    return Comparison(
        vector,
        dict(figures),
        ours(peer_vectors, tmp_path_factory.mktemp(vector)),
        WITHOUT.get(vector, {}),
        {path: INSTEAD[path] for path in REFUSED.get(vector, {})},
        TOLERANCE.get(vector, {}),
    )


def test_every_published_figure_is_compared_or_listed(compared: Comparison) -> None:
    assert compared.published
    assert compared.unaccounted() == []


def test_every_compared_figure_comes_out(compared: Comparison) -> None:
    assert compared.faults() == []


def test_no_refused_figure_comes_out(compared: Comparison) -> None:
    assert compared.matches_refused() == []


def test_the_folder_holds_no_other_vector(peer_vectors: Path) -> None:
    held = {path.name[:3] for path in peer_vectors.glob("v??-*")}
    assert held == {*FILES, "v10"}


def test_standardising_turns_berkeleys_gap(peer_vectors: Path, tmp_path: Path) -> None:
    """Simpson's case: women are admitted less often, and more often within departments."""
    answers = berkeley(peer_vectors, tmp_path).of()
    rates = read(peer_vectors, "v06-berkeley-1973")["exact"]
    assert answers.difference("selection_rate", "Female") == pytest.approx(rates["raw Female"] - rates["raw Male"])
    within = answers.difference("standardised_selection_rate_difference:desk", "Female")
    conditional = oxonfair(peer_vectors, tmp_path / "again")
    female, male = (
        conditional[f"expected / conditional rate, weighted to the department sizes / {sex}"]
        for sex in ("Female", "Male")
    )
    assert female is not None
    assert male is not None
    assert within is not None
    assert within == pytest.approx(female - male, abs=1e-12)
    assert within > 0
    odds = answers.ratio("mantel_haenszel_odds_ratio:desk", "Female")
    assert odds == pytest.approx(1 / 0.9046968, abs=1e-6)  # R, mantelhaen.test(UCBAdmissions): male over female


def test_lifts_precision_gap_is_within_its_band(peer_vectors: Path, tmp_path: Path) -> None:
    gap = permutation(peer_vectors, tmp_path).of().gap("positive_predictive_value", "M")
    assert gap.p_no_gap is not None
    assert gap.p_no_gap > 0.05


def test_what_rai_calls_a_t_test_or_wasserstein_is_nowhere(peer_vectors: Path, tmp_path: Path) -> None:
    printed = list(data_balance(peer_vectors, tmp_path).of().numbers())
    assert len(printed) > 50
    for wrong in (-0.1855, 0.4350, 0.0741, 0.0833):
        assert not [number for number in printed if abs(number - wrong) < 5e-5], wrong
