"""A cluster of the tests' own: a standalone master, two workers, and a Connect server on them, all on loopback."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyspark

from tests.engines.programs import java

__all__ = ["Cluster", "spark_cluster"]

_HOME = Path(pyspark.__file__).parent
_DEPLOY = "org.apache.spark.deploy"
# The compiler that starts sooner, and one thread to collect garbage: these machines live for seconds.
QUICK = {"SPARK_DAEMON_MEMORY": "640m", "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.cores.max": "2",  # one core of each worker; the other is for who comes to the master's own door
    "spark.log.level": "ERROR",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}


@dataclass(frozen=True)
class Cluster:
    """Its two doors: Spark Connect, and the master itself."""

    connect: str
    master: str

    def executors(self) -> list[psutil.Process]:
        """The processes that hold the rows."""
        return [one for one in psutil.Process().children(recursive=True) if _is_executor(one)]


def _is_executor(process: psutil.Process) -> bool:
    try:
        return any("CoarseGrainedExecutorBackend" in part for part in process.cmdline())
    except psutil.Error:
        return False


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def spark_cluster() -> Iterator[Cluster]:
    """A master, two workers, and a Connect server whose executors are theirs."""
    assert java() is not None
    folder = Path(tempfile.mkdtemp(prefix="auditkit-spark-"))
    master, door = free_port(), free_port()
    address = f"spark://127.0.0.1:{master}"
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        pages = ("--webui-port", 0, "--host", "127.0.0.1")
        stack.enter_context(_java(folder, f"{_DEPLOY}.master.Master", *pages, "--port", master))
        _listening(master)
        for _ in range(2):
            stack.enter_context(
                _java(folder, f"{_DEPLOY}.worker.Worker", *pages,
                      "--cores", 2, "--memory", "3g", "--work-dir", folder / "work", address)
            )  # fmt: skip
        settings = [f"--conf={key}={value}" for key, value in _QUIET.items()]
        stack.enter_context(
            _java(folder, f"{_DEPLOY}.SparkSubmit", "--master", address, *settings,
                  f"--conf=spark.connect.grpc.binding.port={door}",
                  "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal")
        )  # fmt: skip
        _listening(door)
        yield Cluster(f"sc://127.0.0.1:{door}", address)


@contextmanager
def _java(folder: Path, *command: object) -> Iterator[subprocess.Popen[bytes]]:
    """A class of Spark's own as a process, ended with the block."""
    environment = {
        **os.environ,
        "SPARK_HOME": str(_HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "640m",
        **QUICK,
    }
    with (folder / f"{command[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            [str(_HOME / "bin" / "spark-class"), *(str(part) for part in command)],
            cwd=folder, env=environment, stdout=log, stderr=log, preexec_fn=_not_left_behind,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.wait(30)


def _not_left_behind() -> None:
    """Linux ends the process when its parent is gone, however that came about."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _listening(port: int) -> None:
    """Wait until somebody listens there."""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"nobody listens on port {port}")
