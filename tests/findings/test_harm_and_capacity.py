"""A score that can hurt by selecting and by missing; places of a fixed number; rows that are the whole caseload."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from auditkit.measures import MEASURES
from auditkit.report import render_report
from auditkit.run import run_audit
from auditkit.spec import AuditSpec


def _audit(folder: Path, rows: list[str], **more: object):
    (folder / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    content = {
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
        "groups": {"g": {"column": "g", "reference": "B"}},
    }  # fmt: skip
    return run_audit(AuditSpec.model_validate(content | more), folder, disclosed=False)


def test_the_people_of_a_top_sum_to_nothing(tmp_path: Path) -> None:
    """Findings N14: 996 and 4 of 20,000 each are selected; at one rate 500 and 500: 496 people."""
    rows = ["g,score", *(f"A,{i}" for i in range(19004, 39004)), *(f"B,{i}" for i in range(19996))]
    rows += [f"B,{50_000 + i}" for i in range(4)]
    result = _audit(tmp_path, rows, score="score", selected={"top": 1000})
    gap = next(g for g in result.main.gaps if g.measure == "selection_rate" and g.kind == "ratio")
    assert (gap.people, gap.people_lower < 496 < gap.people_upper) == (496.0, True)
    assert "496" in render_report(result, "en")


@pytest.mark.parametrize("seed", range(6))
def test_people_moved_under_a_cut_are_each_group_less_its_part(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    groups = ["A", "B", "C", ""]
    rows = [(chance.choice(groups), chance.randrange(10**6)) for _ in range(600)]
    selected = {"top": 90} if seed % 2 else {"top_share": 0.15}
    result = _audit(tmp_path, ["g,score", *(f"{g},{s}" for g, s in rows)], score="score", selected=selected)
    cut = sorted((s for _, s in rows), reverse=True)[89]
    chosen = [g for g, s in rows if s >= cut]
    for gap in result.main.gaps:
        if gap.measure == "selection_rate" and gap.kind == "ratio" and gap.people is not None:
            group = gap.groups[0]
            size = sum(g == group for g, _ in rows)
            assert gap.people == pytest.approx(chosen.count(group) - size * len(chosen) / 600)


def test_harm_both_judges_each_measure_in_its_own_direction(tmp_path: Path) -> None:
    rows = ["g,sel,y"]
    for group, table in {"A": (300, 150, 50, 500), "B": (200, 60, 150, 590)}.items():
        for (sel, y), n in zip(((1, 1), (1, 0), (0, 1), (0, 0)), table, strict=True):
            rows += [f"{group},{sel},{y}"] * n
    more = {"selected": {"column": "sel", "in": ["1"]}, "outcome": {"column": "y", "positive": ["1"]}}
    result = _audit(tmp_path, rows, system={"name": "s", "harm": "both", "caseload": "all"}, **more)
    told = {g.measure: g for g in result.main.gaps if g.kind == "ratio"}
    assert (told["selection_rate"].direction, told["selection_rate"].verdict) == ("none", None)
    found = {key: (told[key].direction, told[key].harm) for key in ("false_positive_rate", "false_negative_rate")}
    assert found == {"false_positive_rate": ("worse", "selected"), "false_negative_rate": ("better", "missed")}
    assert {told[key].family for key in found} == {"main"}
    for language, words in (("en", "whole caseload"), ("fr", "ensemble des dossiers")):
        assert words in render_report(result, language)


def test_every_measure_hurts_at_one_end_or_at_none_under_both() -> None:
    for measure in MEASURES.values():
        ends = {measure.punitive, measure.assistive} - {"context"}
        assert measure.hurts_where("both") == (ends.pop() if len(ends) == 1 else "context")
