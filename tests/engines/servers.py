"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on a loopback port, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis

from tests.engines.programs import postgres_programs

__all__ = ["PASSWORD", "USER", "Server", "postgres"]

USER, PASSWORD = "postgres", "S3cr3t-of-the-tests"


@dataclass(frozen=True)
class Server:
    """Where it listens, and how it is stopped in the middle."""

    port: int
    folder: Path
    programs: Path

    @property
    def address(self) -> str:
        """The address that an audit names: without user and password."""
        return f"postgresql://127.0.0.1:{self.port}/postgres"

    def load(self, name: str, table: Any) -> None:
        """A table put there anew."""
        connection = ibis.connect(self.address)
        connection.raw_sql(f'DROP TABLE IF EXISTS "{name}"')
        connection.create_table(name, table)
        connection.disconnect()

    def command(self, text: str) -> None:
        """One command of the one who runs the server."""
        connection = ibis.connect(self.address)
        connection.raw_sql(text)
        connection.disconnect()

    def count(self, name: str) -> int:
        """The rows of a table."""
        connection = ibis.connect(self.address)
        found = int(connection.table(name).count().execute())
        connection.disconnect()
        return found

    def stop(self) -> None:
        """The server gone at once, as in a crash."""
        _run(self.programs / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def start(self) -> None:
        """The server there, waiting for who connects."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        log = self.folder / "log"
        _run(self.programs / "pg_ctl", "-D", self.folder / "data", "-o", options, "-l", log, "-w", "start")


def _run(*command: object) -> None:
    """A program of PostgreSQL, which refuses to run as root."""
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    subprocess.run([*as_user, *(str(part) for part in command)], check=True, capture_output=True, timeout=120)


@contextmanager
def postgres() -> Iterator[Server]:
    """A fresh cluster; who connects needs PGUSER and PGPASSWORD."""
    programs = postgres_programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="auditkit-postgres-"))
    folder.chmod(0o777)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = Server(port, folder, programs)
    try:
        _run(programs / "initdb", "-D", folder / "data", "-A", "scram-sha-256", "-U", USER, "-N", "-E", "UTF8",
             "--locale=C.UTF-8", f"--pwfile={secret}")  # fmt: skip
        server.start()
        try:
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
