"""One server of each kind for all tests of engines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engines.servers import PASSWORD, USER, Server, postgres
from tests.engines.spark_cluster import Cluster, spark_cluster


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL; user and password stand in the environment, as on a user's machine."""
    with postgres() as started:
        yield started


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A standalone cluster of two workers with a Connect server."""
    with spark_cluster() as started:
        yield started


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """User and password as the driver finds them."""
    monkeypatch.setenv("PGUSER", USER)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
