"""Matched pairs and lists that were checked in part: the figures of findings N15 and N16, and designs that meet."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from auditkit.inference import verified_rates
from auditkit.protect.released_files import released_files
from auditkit.report import render_report
from auditkit.run import run_audit
from auditkit.spec import AuditSpec
from auditkit.write.results_json import results_json

BASE = {"title": "t", "data": "rows.csv", "as_of": "2026-11-30"}


def _offers(folder: Path, table=((60, 1, 1), (40, 1, 0), (15, 0, 1), (285, 0, 0)), **more: object):
    lines, k = ["offer,origin,callback"], 0
    for n, f, m in table:
        for _ in range(n):
            k += 1
            lines += [f"{k},F,{'yes' if f else 'no'}", f"{k},M,{'yes' if m else 'no'}"]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    content = BASE | {
        "system": {"name": "s", "harm": "assistive"}, "selected": {"column": "callback", "in": ["yes"]},
        "groups": {"origin": {"column": "origin", "reference": "F"}},
    }  # fmt: skip
    return run_audit(AuditSpec.model_validate(content | more), folder)


@pytest.mark.parametrize("key", ["pair", "cluster"])
def test_matched_pairs_give_the_figures_of_the_contract(key: str, tmp_path: Path) -> None:
    """Statistics section 10, with the default minimum count: McNemar exact p 0.00102, -0.0985 to -0.0265."""
    result = _offers(tmp_path, **{key: "offer"})
    difference, ratio = (
        next(g for g in result.main.gaps if (g.measure, g.kind) == ("selection_rate", kind))
        for kind in ("difference", "ratio")
    )
    assert (difference.value, difference.lower, difference.upper) == pytest.approx(
        (-0.0625, -0.0985, -0.0265), abs=5e-5
    )
    assert ratio.p_no_gap == pytest.approx(0.00102, abs=5e-6)
    assert (ratio.test, ratio.method, ratio.verdict) == ("mcnemar", "paired", "present")
    assert (ratio.only_group, ratio.only_reference, ratio.conditional_ratio) == (15, 40, 0.375)
    assert (ratio.lower, ratio.upper) == pytest.approx((0.628, 0.884), abs=5e-4)
    assert "matched pairs" in render_report(result, "en")
    for name, content in released_files(result.released).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "rows.csv").unlink()
    from auditkit.spec.load_spec import load_audit

    again = run_audit(load_audit(tmp_path / "released.yaml"), tmp_path)
    assert results_json(again) == results_json(result)


def test_few_discordant_pairs_are_not_published(tmp_path: Path) -> None:
    result = _offers(tmp_path, ((60, 1, 1), (40, 1, 0), (5, 0, 1), (295, 0, 0)), pair="offer")
    gap = next(g for g in result.main.gaps if (g.measure, g.kind) == ("selection_rate", "ratio"))
    assert (gap.verdict, gap.p_no_gap, gap.only_group, gap.reason) == (None, None, None, "pair_of_options")


def test_pair_and_cluster_are_one_or_the_other(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pair and cluster are both given"):
        _offers(tmp_path, pair="offer", cluster="origin")


def _list(folder: Path, checked: dict[str, int], observed: object, seed: int | None = None):
    """Findings N16: 2,000 listed a group (40 % positive), 8,000 not (10 %), an arm of 1,000 of these."""
    lines = ["group,listed,arm,done,found"]
    for group, n in checked.items():
        order = list(range(2000))
        if seed is not None:
            random.Random(f"{seed}{group}").shuffle(order)
        for i in order[:2000]:
            seen = i < n
            lines.append(f"{group},1,score,{int(seen)},{('yes' if i % 5 < 2 else 'no') if seen else ''}")
        lines += [
            f"{group},0,{'random' if i < 1000 else 'score'},0,{('yes' if i < 100 else 'no') if i < 1000 else ''}"
            for i in range(8000)
        ]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    content = BASE | {
        "system": {"name": "s", "harm": "punitive"}, "selected": {"column": "listed", "in": ["1"]},
        "outcome": {"column": "found", "positive": ["yes"], "negative": ["no"]},
        "groups": {"g": {"column": "group", "reference": "a"}}, "observed": observed,
    }  # fmt: skip
    return run_audit(AuditSpec.model_validate(content), folder, disclosed=False).main


ARM = {"arm": {"column": "arm", "in": ["random"]}}
CHECKED = {"checked": {"column": "done", "in": ["1"]}, **ARM}


def _rates(main, measure: str):
    return [next(e for e in main.estimates if (e.groups, e.measure) == ((g,), measure)) for g in "ab"]


def test_a_list_checked_in_part(tmp_path: Path) -> None:
    main = _list(tmp_path, {"a": 1800, "b": 900}, CHECKED)
    for measure, value in (("false_positive_rate", 1200 / 8400), ("true_positive_rate", 0.5), ("base_rate", 0.16)):
        assert [e.value for e in _rates(main, measure)] == pytest.approx([value, value])
    first, second = _rates(main, "false_positive_rate")
    assert (first.lower, first.upper) == pytest.approx((0.1351, 0.1510), abs=5e-5)
    assert (second.lower, second.upper) == pytest.approx((0.1339, 0.1523), abs=5e-5)
    for i, n in enumerate((1800, 900)):  # the rows each is worth are those of the formulas of the contract
        rates = verified_rates(2000, n, n * 0.4, 8000, 1000, 100)
        for measure, rate in (("base_rate", rates.base_rate), ("true_positive_rate", rates.true_positive_rate)):
            found = _rates(main, measure)[i]
            p, size = float(rate.value), float(rate.effective_n)
            half = 1.959964 * (p * (1 - p) / size + 1.959964**2 / (4 * size**2)) ** 0.5 / (1 + 1.959964**2 / size)
            assert found.upper - found.lower == pytest.approx(2 * half, rel=1e-4)
    gap = next(g for g in main.gaps if (g.measure, g.kind) == ("false_positive_rate", "ratio"))
    assert gap.verdict in ("inconclusive", "equivalent")


def test_without_the_assumption_a_list_checked_in_part_has_bounds(tmp_path: Path) -> None:
    main = _list(tmp_path, {"a": 1800, "b": 900}, ARM)
    wanted = {
        "false_positive_rate": ((0.1304, 0.1509), (0.0698, 0.1855)),
        "true_positive_rate": ((0.474, 0.535), (0.310, 0.646)),
    }
    for measure, ends in wanted.items():
        for found, (low, high) in zip(_rates(main, measure), ends, strict=True):
            assert found.status == "bounds"
            assert (found.bound_lower, found.bound_upper) == pytest.approx((low, high), abs=6e-4)
    seen = _list(tmp_path, {"a": 1800, "b": 900}, "when_selected")
    base = _rates(seen, "base_rate")
    assert base[0].bound_lower == pytest.approx(0.072)  # nothing is known of 200 listed: 720 of 10,000


@pytest.mark.parametrize("seed", range(6))
def test_thinning_the_checked_moves_no_estimate_far(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    main = _list(tmp_path, {"a": chance.randrange(100, 2000), "b": chance.randrange(100, 2000)}, CHECKED, seed)
    for measure, truth in (("false_positive_rate", 1200 / 8400), ("true_positive_rate", 0.5), ("base_rate", 0.16)):
        for found in _rates(main, measure):
            assert found.lower < truth < found.upper
