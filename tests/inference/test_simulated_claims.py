"""A fast part of benchmarks/claims.py: fair systems, systems at the limit, and what leads."""

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "claims.py"


@pytest.fixture(scope="module")
def claims():
    spec = importlib.util.spec_from_file_location("claims_benchmark", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("part", ["limit", "power", "verification"])
def test_the_bars_are_kept(claims, part):
    missed = [share.line() for share in claims.PARTS[part](True) if not share.kept]
    assert not missed


def test_a_share_beyond_two_errors_misses_its_bar(claims):
    assert not claims.Share("x", "y", 0.10, 400, most=0.05).kept
    assert claims.Share("x", "y", 0.06, 400, most=0.05).kept
    assert not claims.Share("x", "y", 0.80, 400, least=0.95).kept
