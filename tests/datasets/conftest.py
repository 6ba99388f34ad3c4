"""The scripts that make shipped data, as modules; and where shipped folders are."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def script(path: str) -> ModuleType:
    name = Path(path).stem
    specification = importlib.util.spec_from_file_location(name, ROOT / path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def make_two_years() -> ModuleType:
    return script("datasets/compas/make_two_years.py")


@pytest.fixture(scope="session")
def make_caseload() -> ModuleType:
    return script("datasets/benefits-caseload/make_caseload.py")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT
