"""What every shipped audit and dataset must have: it loads, in both languages, and figures can be traced."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditkit.measures.measure_table import MEASURES
from auditkit.result import JOINER
from auditkit.spec import AuditSpec, Words, load_audit
from auditkit.spec.dataset_spec import load_dataset
from auditkit.spec.load_spec import analysis_spec

ROOT = Path(__file__).parents[2]
AUDITS = ("amsterdam-smart-check", "benefits-caseload", "compas", "training-places")
DATASETS = ("benefits-caseload", "compas", "training-places")
PATHS = [f"audits/{name}/audit.yaml" for name in AUDITS] + [f"datasets/{name}/dataset.yaml" for name in DATASETS]
REPRODUCED = ("amsterdam-smart-check", "compas")
HEADER = "figure_id,analysis,attribute,group,reference,measure,kind,published,decimals,basis,source,expected,note,unit"
COUNTS = {
    "n",
    "true_positives",
    "false_positives",
    "true_negatives",
    "false_negatives",
    "selected",
    "positives",
}
KINDS = {"rate", "difference", "relative_difference", "ratio", "count", "test", "coefficient", "share"}


def words_in(value: Any) -> Iterator[Words]:
    if isinstance(value, Words):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from words_in(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from words_in(part)
    elif hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:
            yield from words_in(getattr(value, name))


def audit(name: str) -> AuditSpec:
    return load_audit(ROOT / "audits" / name / "audit.yaml")


def figures(name: str) -> list[dict[str, str]]:
    with (ROOT / "audits" / name / "published.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", AUDITS)
def test_every_text_of_an_audit_is_there_in_both_languages(name: str) -> None:
    spec = audit(name)
    for analysis in ("main", *spec.analyses):
        for words in words_in(analysis_spec(spec, analysis)):
            single = set(words.root) == {""}  # a proper name, the same in every language
            assert single or {"en", "fr"} <= set(words.root), words.root


@pytest.mark.parametrize("path", PATHS)
def test_french_is_set_with_narrow_spaces(path: str) -> None:
    spec = load_audit(ROOT / path) if path.startswith("audits") else load_dataset(ROOT / path)
    for words in words_in(spec):
        french = words.root.get("fr", "")
        assert not re.search(r"[^\u202f][;!?%»]|[^\u202f]:(?!//)|«[^\u202f]", french), french


@pytest.mark.parametrize("name", AUDITS)
def test_readmes_have_a_french_part_and_fit_a_page(name: str) -> None:
    text = (ROOT / "audits" / name / "README.md").read_text(encoding="utf-8")
    assert "\n## En français\n" in text
    assert len(text.splitlines()) < 70


@pytest.mark.parametrize("name", DATASETS)
def test_datasets_say_truly_what_ships(name: str) -> None:
    folder = ROOT / "datasets" / name
    dataset = load_dataset(folder / "dataset.yaml")
    assert (folder / "README.md").is_file()
    assert {"en", "fr"} <= set(dataset.title.root)
    for file in dataset.files.values():
        if file.shipped:
            content = (folder / file.file).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
            assert len(content) < 1_500_000
        else:
            assert not (folder / file.file).exists()
            assert file.address is not None
            assert file.address.startswith("https://")


def test_whatever_is_synthetic_says_so() -> None:
    dataset = load_dataset(ROOT / "datasets" / "benefits-caseload" / "dataset.yaml")
    titles = [dataset.title, audit("benefits-caseload").title]
    assert all("synthetic" in title.text("en").lower() for title in titles)
    assert all("synthétique" in title.text("fr").lower() for title in titles)
    assert all(file.file.startswith("synthetic-") for file in dataset.files.values())


@pytest.mark.parametrize("name", REPRODUCED)
def test_published_figures_are_well_formed(name: str) -> None:
    spec, rows = audit(name), figures(name)
    assert list(rows[0]) == HEADER.split(",")
    assert len({row["figure_id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["analysis"] in ("main", *spec.analyses)
        analysis = analysis_spec(spec, row["analysis"])
        assert row["kind"] in KINDS
        assert row["basis"] in ("rows", "counts", "internal")
        assert row["unit"] in ("", "percent")
        assert row["source"]
        float(row["published"])
        if row["measure"].startswith("regression:"):
            regression = analysis.regressions[row["measure"].split(":")[1]]
            assert row["attribute"] in ("", "intercept", *regression.keys())
            assert not row["reference"]
            continue
        attributes = row["attribute"].split(JOINER) if row["attribute"] else []
        assert set(attributes) <= set(analysis.groups)
        assert len(attributes) < 2 or tuple(attributes) in analysis.crossings()
        assert len(row["group"].split(JOINER) if row["group"] else []) == len(attributes)
        assert row["measure"] in COUNTS | set(MEASURES) or row["measure"].startswith("score_correlation:")
        assert (row["kind"] in ("ratio", "difference", "relative_difference")) == bool(row["reference"])
        assert (row["kind"] == "count") == (row["measure"] in COUNTS)


@pytest.mark.parametrize("name", REPRODUCED)
def test_slips_are_plain_arithmetic_on_two_groups(name: str) -> None:
    names = "|".join(MEASURES)
    token = rf"\s*(?:(?:{names})\[(?:group|reference)\]|round|[-+*/(),]|\d+(?:\.\d+)?)\s*"
    rows = [row for row in figures(name) if not row["measure"].startswith("regression:")]
    slips = [row["expected"] for row in rows if row["expected"] != "same"]
    assert slips
    for slip in slips:
        assert re.fullmatch(rf"slip: (?:{token})+", slip), slip
