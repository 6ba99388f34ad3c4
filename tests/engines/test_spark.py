"""A cluster with two workers: no row leaves it, a lost executor changes nothing, a lost server ends in a sentence."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from auditkit import load_audit, run_audit
from auditkit.errors import DataError, InputError
from auditkit.scorers.consent import consent_hash, foreign_parts
from tests.engines.cases import CASES
from tests.engines.sources import people
from tests.engines.spark_cluster import Cluster
from tests.engines.test_same_figures import counted

pytestmark = pytest.mark.needs_spark


def audit(folder: Path, data: str, case: str = "truth values") -> Path:
    """An audit of a table that stands in `folder` as Parquet."""
    pyarrow.parquet.write_table(people(), folder / "rows.parquet")
    path = folder / "audit.yaml"
    path.write_text(CASES[case].replace("DATA", data), encoding="utf-8")
    return path


def sentence(path: Path) -> str:
    """What the audit ends with; nothing may stand beside its file then."""
    before = sorted(path.parent.rglob("*"))
    spec = load_audit(path)
    with pytest.raises(InputError) as failed:
        run_audit(spec, path.parent, trust=consent_hash(foreign_parts(spec, path.parent)))
    assert sorted(path.parent.rglob("*")) == before
    assert "\n" not in str(failed.value)
    return str(failed.value)


@pytest.mark.parametrize("address", ["sc://127.0.0.1:9", "spark://127.0.0.1:9"])
def test_a_cluster_that_is_not_there(address: str, tmp_path: Path) -> None:
    assert "does not give the rows" in sentence(audit(tmp_path, f'{{spark: "{address}", table: t}}'))


@pytest.mark.parametrize("address", ["yarn", "http://127.0.0.1", "sc://127.0.0.1:port"])
def test_what_is_no_cluster(address: str, tmp_path: Path) -> None:
    assert "expected local, or an address" in sentence(audit(tmp_path, f'{{spark: "{address}", table: t}}'))


def test_a_cluster_elsewhere_needs_consent(tmp_path: Path) -> None:
    path = audit(tmp_path, '{spark: "sc://agency:S3cr3t@127.0.0.1:9", table: t}')
    with pytest.raises(InputError, match="--trust") as refused:
        run_audit(load_audit(path), tmp_path)
    assert "S3cr3t" not in str(refused.value)


def test_what_a_cluster_refuses_is_one_sentence(cluster: Cluster, tmp_path: Path) -> None:
    assert "renamed" in sentence(audit(tmp_path, f'{{spark: "{cluster.connect}", table: renamed}}'))
    table = people()
    texts = [str(one) for one in table["score"].to_pylist()]
    texts[-1] = "n/a"
    place = table.column_names.index("score")
    path = audit(tmp_path, f'{{spark: "{cluster.connect}", file: texts.parquet}}', "ties at the limit")
    pyarrow.parquet.write_table(table.set_column(place, "score", [texts]), tmp_path / "texts.parquet")
    assert '"n/a"' in sentence(path)


def test_no_row_leaves_the_cluster_and_a_lost_executor_changes_nothing(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes home is asked for by a plan that counts: an aggregate, or a limit, above every scan."""
    from pyspark.sql.connect.dataframe import DataFrame

    plans: list[str] = []
    brought: list[int] = []
    fetch = DataFrame.toArrow

    def watched(self: Any) -> Any:
        plans.append(self._explain_string())
        found = fetch(self)
        brought.append(found.num_rows)
        if len(brought) == 2:  # in the middle of the audit
            for executor in cluster.executors()[:1]:
                with suppress(ProcessLookupError):
                    os.kill(executor.pid, signal.SIGKILL)
        return found

    monkeypatch.setattr(DataFrame, "toArrow", watched)
    for refused in ("toPandas", "collect", "toLocalIterator"):
        monkeypatch.setattr(DataFrame, refused, None)
    rows = audit(tmp_path, "rows.parquet")
    expected = counted("truth values", _place("rows.parquet"), rows.parent)
    found = counted("truth values", _place(f'{{spark: "{cluster.connect}", file: {tmp_path}/rows.parquet}}'), tmp_path)
    assert found == expected
    assert len(plans) > 2
    assert all("Aggregate" in plan or "GlobalLimit" in plan or "CollectLimit" in plan for plan in plans)
    assert max(brought) <= 12


def _place(data: str) -> Any:
    from tests.engines.sources import Place

    return Place(data, data)


@contextmanager
def door(target: int) -> Iterator[tuple[int, Any]]:
    """A port that leads to another one, and what closes it for good: a server gone, seen from outside."""
    listener = socket.create_server(("127.0.0.1", 0))
    ends: list[socket.socket] = [listener]

    def pass_on(source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                to.sendall(part)

    def serve() -> None:
        with suppress(OSError):
            while True:
                one, _ = listener.accept()
                other = socket.create_connection(("127.0.0.1", target))
                ends.extend((one, other))
                for pair in ((one, other), (other, one)):
                    threading.Thread(target=pass_on, args=pair, daemon=True).start()

    def close() -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1], close
    finally:
        close()


def test_a_server_gone_in_the_middle(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql.connect.client import retries

    from auditkit.counts import count_rows

    survey = count_rows.survey_rows
    monkeypatch.setattr(retries.time, "sleep", lambda seconds: None)
    with door(int(cluster.connect.rpartition(":")[2])) as (port, close):

        def gone(*arguments: object) -> object:
            found = survey(*arguments)  # type: ignore[arg-type]
            close()
            return found

        monkeypatch.setattr(count_rows, "survey_rows", gone)
        path = audit(tmp_path, f'{{spark: "sc://127.0.0.1:{port}", file: {tmp_path}/rows.parquet}}')
        assert "does not give the rows" in sentence(path)


def test_the_error_of_a_lost_executor_is_read() -> None:
    from auditkit.intake.open_spark import _told

    class Py4JJavaError(Exception):
        """As py4j raises it."""

    Py4JJavaError.__module__ = "py4j.protocol"
    with pytest.raises(DataError, match="Executor lost"), _told("spark://host:7077"):
        raise Py4JJavaError("An error occurred.\nCaused by: org.apache.spark.SparkException: Executor lost (file:/x)\n")
