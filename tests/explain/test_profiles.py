"""The synthetic caseload of profiles: what its script makes is what ships, and it holds what the scorecard reads."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
from pathlib import Path

from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.spec.load_spec import read_yaml

FOLDER = Path(__file__).parents[2] / "datasets" / "amsterdam-profiles"


def test_the_script_makes_what_ships() -> None:
    specification = importlib.util.spec_from_file_location("make_profiles", FOLDER / "make_profiles.py")
    assert specification is not None
    assert specification.loader is not None
    maker = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(maker)
    shipped = (FOLDER / maker.SHIPPED).read_bytes()
    assert gzip.decompress(maker.make_bytes()) == gzip.decompress(shipped)
    described = read_yaml(FOLDER / "dataset.yaml")[0]["files"]["profiles"]
    assert (described["sha256"], described["bytes"]) == (hashlib.sha256(shipped).hexdigest(), len(shipped))


def test_the_columns_are_those_that_the_scorecard_reads() -> None:
    card = load_scorecard(find_scorecard("amsterdam-smart-check/score-original"))
    with gzip.open(FOLDER / "synthetic-profiles.csv.gz", "rt") as file:
        columns = file.readline().strip().split(",")
    assert sorted(columns) == sorted(card.columns)
    assert set(read_yaml(FOLDER / "dataset.yaml")[0]["columns"]) == set(columns)
