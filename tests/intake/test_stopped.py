"""A program that is stopped while it reads leaves nothing behind; what a killed one left goes with the next run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from auditkit.intake import open_table
from auditkit.spec import DataSpec

FIXTURES = Path(__file__).parent.parent / "fixtures"

SPILL = """
import sys, time
from pathlib import Path
from auditkit.intake import open_table
from auditkit.spec import DataSpec
with open_table(DataSpec(file="a.csv"), Path(sys.argv[1]), memory_limit="60MB") as table:
    connection_rows = table.frame.to_native().query(
        "t", "SELECT a.a, b.a AS other FROM t a, t b, range(40) ORDER BY hash(a.a || b.a || random())")
    print("open", flush=True)
    print(connection_rows.aggregate("count(*)").fetchall(), flush=True)
    connection_rows.limit(3).fetchall()
    time.sleep(30)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_nothing_behind(number, tmp_path):
    (tmp_path / "a.csv").write_text("a\n" + "".join(f"value {i}\n" for i in range(600)))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SPILL), str(tmp_path)],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=temporary,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(1)
    process.send_signal(number)
    assert process.wait(timeout=60) != 0
    assert list(temporary.iterdir()) == []


def test_a_dead_run_s_folder_is_removed_by_the_next(tmp_path, monkeypatch):
    from auditkit.intake import database

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    dead = tmp_path / f"{database._prefix()}{process.pid}-abc"
    alive = tmp_path / f"{database._prefix()}{os.getpid()}-abc"
    dead.mkdir()
    alive.mkdir()
    with open_table(DataSpec(file="rows.csv"), FIXTURES) as table:
        assert table.columns
    assert sorted(p.name for p in tmp_path.iterdir()) == [alive.name]
