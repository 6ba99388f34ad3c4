"""Options of the design that meet: clusters bear on every interval, or the figure says why it has none."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from auditkit.findings.option_paths import options_of
from auditkit.measures import gap_tables
from auditkit.measures.clustered_rates import with_arm_by_cluster
from auditkit.measures.design_options import NO_PATH, OPTIONS, has_path
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

TIMES = 6
CLUSTER = {"cluster": "cl"}
PATCHES = {
    "weight": {"weight": "w"},
    "arm": {"observed": {"arm": {"column": "arm", "in": ["r"]}}},
    "population": {"observed": {"arm": {"column": "arm", "in": ["r"], "population": 100_000}}},
    "checked": {"observed": {"checked": {"column": "done", "in": ["1"]}, "arm": {"column": "arm", "in": ["r"]}}},
    "pair": {"pair": "offer"},
    "when_selected": {"observed": "when_selected"},
    "strata": {"strata": {"st": "st"}},
    "stages": {"stages": [{"name": "one", "selected": {"column": "first", "in": ["yes"]}},
                          {"name": "two", "selected": {"column": "dec", "in": ["yes"]}}]},
    "rest": {"groups": {"g": {"column": "g", "reference": {"is": "rest"}}, "h": {"column": "h"}}},
    "crossed": {"crossed": [["g", "h"]]},
    "top": {"score": "score", "selected": {"top": 400}},
    "numeric": {"outcome": {"column": "cost", "numeric": True}},
    "score": {"score": "score"},
    "formula": {"measures": ["positive_likelihood_ratio", "selection_rate"]},
}  # fmt: skip
"""What turns an option on, beside a plain audit of two attributes."""


@pytest.fixture(autouse=True)
def _no_smallest_gap(monkeypatch):
    """No interval and no word rests on the smallest gap that could be found, and it takes most of the time."""
    for name in ("smallest_established", "smallest_told"):
        monkeypatch.setattr(gap_tables, name, lambda x0, *_, **__: np.full(np.shape(x0), np.nan))


def _rows(times: int = 1, pairs: bool = False) -> str:
    """60 clusters of 20 people, alike within; every person `times` over in the same cluster; pairs of one A, one B."""
    chance = random.Random(5)
    lines = ["g,h,cl,dec,first,arm,y,score,cost,w,st,offer,done"]
    for number in range(1200):
        cluster = number // 20
        lean = (0.2, 0.35, 0.5)[cluster * 7 % 3]
        selected = chance.random() < lean
        positive = chance.random() < lean
        first = selected or chance.random() < 0.4
        group, other = "AB"[cluster % 2 if number % 5 else chance.randrange(2)], "XY"[chance.randrange(2)]
        group = "AB"[number % 2] if pairs else group
        line = (
            group, other, f"c{cluster}", "yes" if selected else "no", "yes" if first else "no",
            "r" if chance.random() < 0.4 else "n", int(positive), round(chance.random() + lean, 3),
            round(100 * chance.random(), 1), chance.choice((1, 2)), chance.choice(("low", "high")),
            f"o{number // 2}", int(number % 10 < 7),
        )  # fmt: skip
        lines += [",".join(map(str, line))] * times
    return "\n".join(lines) + "\n"


def _spec(*options: str, times: int = 1) -> AuditSpec:
    content: dict[str, object] = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
        "selected": {"column": "dec", "in": ["yes"]}, "outcome": {"column": "y", "positive": ["1"], "negative": ["0"]},
        "groups": {"g": {"column": "g", "reference": "B"}, "h": {"column": "h", "reference": "Y"}},
    }  # fmt: skip
    for option in options:
        content |= CLUSTER if option == "cluster" else PATCHES[option]
    if "crossed" not in options:
        content |= {"groups": {"g": content["groups"]["g"]}, "crossed": []}
    if "top" in options:
        content["selected"] = {"top": 400 * times}
    return AuditSpec.model_validate(content)


def _gaps(folder: Path, *options: str, times: int = 1, disclosed: bool = False):
    (folder / "rows.csv").write_text(_rows(times, "pair" in options), encoding="utf-8")
    result = run_audit(_spec(*options, times=times), folder, disclosed=disclosed)
    return result.analyses[0]


@pytest.mark.parametrize("option", [option for option in PATCHES if option != "pair"])
def test_no_option_drops_the_clusters(option, tmp_path):
    """Six copies of everybody in the same cluster are no news: no interval may narrow by the root of six."""
    once, often = (_gaps(tmp_path, "cluster", option, times=times) for times in (1, TIMES))
    assert any(g.method == "cluster" for g in once.gaps) or not has_path(("cluster", option))
    both = {(g.attributes, g.groups, g.measure, g.kind): g for g in often.gaps}
    for gap in once.gaps:
        if gap.lower is None and gap.upper is None:
            assert gap.reason is not None, gap
            assert gap.verdict is None or gap.reason == "few_clusters", gap
            assert gap.p_no_gap is None or gap.reason == "few_clusters", gap
        else:
            assert gap.method == "cluster", gap
            other = both[gap.attributes, gap.groups, gap.measure, gap.kind]
            if gap.kind == "difference":
                assert other.upper - other.lower > 0.8 * (gap.upper - gap.lower), (gap, other)
    for estimate in once.estimates:
        assert estimate.method in ("cluster", "none"), estimate


@pytest.mark.parametrize("pair", list(combinations(PATCHES, 2)), ids="-".join)
def test_every_other_pair_has_an_interval_or_a_reason(pair, tmp_path):
    try:
        spec_pair = _spec(*pair)
    except ValueError:
        return  # refused with a sentence: there is no such audit
    if {"stages", "top"} <= set(pair):
        return
    for gap in _gaps(tmp_path, *pair).gaps:
        if gap.lower is None and gap.upper is None:
            assert gap.reason is not None, gap
        elif "pair" in pair:
            assert gap.method in ("cluster", "paired"), gap
        if not has_path(options_of(gap.measure, gap.kind, _View(gap, spec_pair.cluster is not None), spec_pair)):
            assert (gap.lower, gap.p_no_gap, gap.verdict, gap.reason) == (None, None, None, "pair_of_options")


class _View:
    """Of a view, what its options are read from."""

    def __init__(self, gap, clustered):
        self.clusters = [] if clustered else None
        self.crossed = gap.crossed
        self.compared = type("Compared", (), {"rule": gap.reference_rule})
        self.everyone = type("Everyone", (), {"hidden": False})


def test_a_release_without_clusters_claims_nothing(tmp_path):
    """With a minimum count the release holds no clusters: no figure goes back to independent rows."""
    for gap in _gaps(tmp_path, "cluster", disclosed=True).gaps:
        assert (gap.lower, gap.p_no_gap, gap.verdict, gap.people) == (None, None, None, None)
        assert gap.reason is not None


def test_clusters_with_a_random_arm(tmp_path):
    """The rows of findings N1: whole clusters are selected, every fifth row is in the arm."""
    lines = ["g,cl,dec,arm,y"]
    for i in range(2000):
        c = i // 50
        chosen, drawn = c in (0, 2, 4, 6, 8, 10, 1, 3, 5), i % 5 == 0
        y = (1 if i % 3 == 0 else 0) if chosen or drawn else ""
        lines.append(f"{'AB'[c % 2]},c{c},{'yes' if chosen else 'no'},{'r' if drawn else 'n'},{y}")
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec = _spec("cluster", "arm").model_copy(update={"groups": {"g": _spec().groups["g"]}})
    gaps = run_audit(spec, tmp_path, disclosed=False).analyses[0].gaps
    found = {g.measure: g for g in gaps if g.kind == "difference"}
    gap = found["selection_rate"]
    assert (gap.value, gap.lower, gap.upper) == pytest.approx((0.15, -0.1270, 0.4032), abs=5e-5)
    assert gap.verdict == "inconclusive"
    wrongly = found["false_positive_rate"]
    assert wrongly.method == "cluster"
    assert wrongly.lower < -0.1 < 0.1 < wrongly.upper  # no narrower than the selection of whole clusters allows


def test_an_arm_by_cluster_adds_up_to_its_estimate():
    """30 unselected, 3 of 8 in the arm with the outcome: 11.25 people, each cluster's part by hand."""
    two = np.array([[[4.0, 1, 0, 1, 3, 16], [2, 2, 0, 2, 2, 6]]])
    found = with_arm_by_cluster(two)[0]
    assert found[:, 3].tolist() == pytest.approx([20 * 3 / 8 + 30 / 8 * (1 - 4 * 3 / 8), 10 * 3 / 8 + 30 / 8 * 0.5])
    assert found[:, 3].sum() == pytest.approx(30 * 3 / 8)
    assert found[:, 4].sum() == pytest.approx(30 * 5 / 8)
    assert found[:, :3].tolist() == two[0, :, :3].tolist()


def test_the_pairs_without_a_way_are_few_and_named():
    assert len(NO_PATH) <= 15
    assert all(len(pair) == 2 and pair <= set(OPTIONS) and missing for pair, missing in NO_PATH.items())
    never = [("weight", other) for other in ("cluster", "arm", "strata")]
    never += [("cluster", other) for other in ("arm", "crossed", "rest", "strata")]
    assert all(has_path(pair) for pair in never)
