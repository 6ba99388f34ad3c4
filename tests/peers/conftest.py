"""Where the peers' vectors are: in the mirror, as they may not be shipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def peer_vectors() -> Path:
    return Path(os.environ["AUDITKIT_DATASETS_MIRROR"]) / "peer-vectors"
