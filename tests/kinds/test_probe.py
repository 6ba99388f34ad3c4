"""Text systems: every planted gap found, none invented in 100 fair probes, and what a bad system says."""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

import pytest

from auditkit.errors import DataError, InputError, SpecError
from auditkit.kinds.probe import figures_of_outputs
from auditkit.kinds.probe_cases import Case, asked_texts, read_cases
from auditkit.kinds.probe_judge import judged
from auditkit.report.render import render_report
from auditkit.result.kind_figure import out_of_noise
from auditkit.run import run_audit
from auditkit.scorers.consent import consent_hash, foreign_parts
from auditkit.spec import AuditSpec
from tests.kinds.responder import written

ROOT = Path(__file__).parents[2]
CASES = ROOT / "audits" / "text-probe"
NAMES = {"name": {"French": ["Claire", "Julie"], "Maghrebi": ["Fatima", "Leila"]}}
GAPS = {"omit": "omitted_facts", "tone": "sanction_words", "length": "words", "service": "services_proposed",
        "invent": "invented_numbers"}  # fmt: skip


def probe(**more):
    part = {"file": "outputs.csv", "cases": "cases", "swap": NAMES, "repeats": 2, **more}
    return AuditSpec.model_validate(
        {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none", "probe": part}
    )


PROBE = probe().probe
ASKED = {n: list(asked_texts(probe(repeats=n).probe, read_cases(PROBE, CASES))) for n in (1, 2)}


def figures(gap, seed, repeats=2):
    generator = random.Random(seed)
    texts = [written(one.text, gap, generator) for one in ASKED[repeats]]
    return figures_of_outputs(PROBE, ASKED[repeats], texts, 0.95)


def told(found):
    """What stands out of noise."""
    return {one.item for one in out_of_noise(found)}


@pytest.mark.parametrize("gap", GAPS)
def test_every_planted_gap_is_found(gap):
    for seed in range(3):
        assert GAPS[gap] in told(figures(gap, seed))


def test_none_is_invented_in_100_fair_probes():
    assert [seed for seed in range(100) if told(figures("fair", seed, 1))] == []


def test_counts_by_hand():
    case = Case("1", "{name} earns 1140 euros. Rent 120.", ("1140 euros", "12"), ("training",))
    one = next(asked_texts(probe(repeats=1).probe, (case,)))
    found = judged(one, "Please help: training for 1140 euros. A sanction of 99, immediately.")
    assert found["words"] == 9  # Please help training for euros A sanction of immediately
    assert found["omitted_facts"] == 0.5  # 12 does not stand in the output
    assert found["invented_numbers"] == 1
    assert (found["services_proposed"], found["sanction_words"], found["warm_words"]) == (1, 1, 2)
    assert found["urgent_words"] == 1
    # LIX: 9 words in 2 sentences, 3 over six letters (training, sanction, immediately)
    assert found["reading_level"] == pytest.approx(9 / 2 + 100 * 3 / 9)


def run_command(gap, tmp_path, **more):
    asked = [sys.executable, str(ROOT / "tests" / "kinds" / "responder.py"), gap, "1"]
    spec = probe(file=None, cases=str(CASES / "cases"), command=asked, **more)
    return run_audit(spec, tmp_path, trust=consent_hash(foreign_parts(spec, tmp_path)))


@pytest.mark.parametrize(
    ("gap", "said", "more"),
    [
        ("rude", "not JSON", {}),
        ("dead", 'code 3; the last that it said: "out of memory"', {}),
        ("slow", "took more than 0.5 seconds", {"timeout": 0.5}),
        ("lying", "one text for each", {}),
    ],
)
def test_a_bad_system_ends_with_a_sentence(tmp_path, gap, said, more):
    with pytest.raises(DataError, match=said):
        run_command(gap, tmp_path, **more)


def test_nothing_runs_without_consent(tmp_path):
    spec = probe(file=None, command=["touch", "ran"])
    with pytest.raises(InputError, match="--trust"):
        run_audit(spec, tmp_path)
    assert not (tmp_path / "ran").exists()


def test_outputs_of_a_file_and_the_report(tmp_path):
    spec = probe(cases=str(CASES / "cases"))
    asked = list(asked_texts(spec.probe, read_cases(spec.probe, tmp_path)))
    generator = random.Random(4)
    lines = [(*one.key, written(one.text, "omit", generator)) for one in asked]
    with (tmp_path / "outputs.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("case", "swap", "group", "value", "repeat", "text"), *lines])
    result = run_audit(spec, tmp_path)
    assert "omitted_facts" in told(result.main.kind_figures)
    for language, words in (("en", "by more than noise, in"), ("fr", "au-delà du bruit")):
        assert words in render_report(result, language)
    with (tmp_path / "outputs.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("case", "swap", "group", "value", "repeat", "text"), *lines[1:]])
    with pytest.raises(DataError, match="holds no output for case 01"):
        run_audit(spec, tmp_path)


def test_cases_that_are_not_whole_are_refused(tmp_path):
    (tmp_path / "cases").mkdir()
    with pytest.raises(DataError, match="there is no case"):
        read_cases(probe().probe, tmp_path)
    for text, said in (
        ('text: "{nom} is 30"\nfacts: ["30"]\n', "expected the blanks"),
        ('text: "{name} is 30"\nfacts: ["31"]\n', "does not stand in the text"),
        ("text: 3\n", "expected text"),
    ):
        (tmp_path / "cases" / "01.yaml").write_text(text)
        with pytest.raises(SpecError, match=said):
            read_cases(probe().probe, tmp_path)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"command": ["a"]}, "exactly one"),
        ({"swap": {"name": {"A": ["x"]}}}, "two groups"),
        ({"file": None, "endpoint": "ftp://x"}, "https://"),
    ],
)
def test_what_is_wrong_is_said(more, said):
    with pytest.raises(ValueError, match=said):
        probe(**more)
