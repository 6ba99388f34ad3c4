"""Work in a second process: the same bytes with it and without it, and nothing left behind when it fails."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from auditkit.cli import run_command as running
from auditkit.cli import write_beside as room
from auditkit.cli.write_beside import _packed, _unpacked, beside
from auditkit.spec import load_audit

linux = pytest.mark.skipif(sys.platform != "linux", reason="a second process is begun on Linux only")
HERE = os.getpid()


@pytest.fixture
def forking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever other tests have loaded: none of it works at this moment."""
    monkeypatch.setattr(room, "_KEEP_THREADS", ())
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def who() -> Sequence[bytes]:
    """The process that does the work."""
    return [str(os.getpid()).encode()]


def no_child_is_left() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


@linux
@pytest.mark.usefixtures("forking")
def test_another_process_does_the_work() -> None:
    with beside(who, worth_it=True) as made:
        (found,) = made()
    assert found != str(HERE).encode()
    assert found.isdigit()
    assert no_child_is_left()


def test_little_work_is_done_here() -> None:
    with beside(who, worth_it=False) as made:
        assert made() == [str(HERE).encode()]


def test_work_is_done_here_where_another_thread_is_alive() -> None:
    ended = threading.Event()
    other = threading.Thread(target=ended.wait)
    other.start()
    try:
        with beside(who, worth_it=True) as made:
            assert made() == [str(HERE).encode()]
    finally:
        ended.set()
        other.join()


def test_work_is_done_here_beside_an_engine_with_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setitem(sys.modules, "polars", object())
    with beside(who, worth_it=True) as made:
        assert made() == [str(HERE).encode()]


@linux
@pytest.mark.usefixtures("forking")
def test_what_fails_there_is_done_here() -> None:
    def fails_elsewhere() -> Sequence[bytes]:
        if os.getpid() != HERE:
            raise MemoryError
        return who()

    def dies_elsewhere() -> Sequence[bytes]:
        if os.getpid() != HERE:
            os._exit(9)
        return who()

    for work in (fails_elsewhere, dies_elsewhere):
        with beside(work, worth_it=True) as made:
            assert made() == [str(HERE).encode()]
    assert no_child_is_left()


@linux
@pytest.mark.usefixtures("forking")
def test_an_error_of_the_work_is_that_of_the_run() -> None:
    def fails() -> Sequence[bytes]:
        raise ValueError("no room")

    with pytest.raises(ValueError, match="no room"), beside(fails, worth_it=True) as made:
        made()
    assert no_child_is_left()


@linux
@pytest.mark.usefixtures("forking")
def test_it_ends_with_an_error_in_the_block() -> None:
    def much() -> Sequence[bytes]:
        return [b"x" * 5_000_000]

    with pytest.raises(ValueError, match="the run"), beside(much, worth_it=True):
        raise ValueError("the run")
    assert no_child_is_left()


@linux
@pytest.mark.usefixtures("forking")
def test_more_than_a_pipe_holds_comes_whole() -> None:
    parts = [b"x" * 3_000_000, b"", b"\x00\xff" * 400_000]
    with beside(lambda: parts, worth_it=True) as made:
        assert made() == parts


@pytest.mark.parametrize("parts", [[], [b""], [b"", b"a"], [b"\x00" * 9, b"two"]])
def test_what_did_not_come_whole_is_not_taken(parts: list[bytes]) -> None:
    sent = _packed(parts)
    assert _unpacked(sent) == parts
    for cut in range(len(sent)):
        assert _unpacked(sent[:cut]) is None
    assert _unpacked(sent + b"x") is None


@linux
@pytest.mark.usefixtures("forking")
def test_the_files_are_the_same_with_and_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditkit.run import run_audit

    lines = ["sex,score,hurt", *(f"{'FM'[i % 2]},{i * 37 % 101 / 100},{i % 3 % 2}" for i in range(120))]
    (tmp_path / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    path = tmp_path / "audit.yaml"
    path.write_text(
        "title: Sixty and sixty\nsystem: {name: made-up, harm: punitive}\ndata: rows.csv\nscore: score\n"
        "selected: {at_least: 0.5}\noutcome: {column: hurt, positive: [1]}\ngroups: {sex: {column: sex}}\n",
        encoding="utf-8",
    )
    result = run_audit(load_audit(path), tmp_path)
    forks: list[int] = []
    original = os.fork

    def counted() -> int:
        forks.append(original())
        return forks[-1]

    monkeypatch.setattr(os, "fork", counted)
    files, results = [], []
    for most in (0, 10**9):
        monkeypatch.setattr(running, "_MANY_RECORDS", most)
        made, written = running.audit_files(result, path, "audit.yaml", "en", 1.0)
        files.append({name: content for name, content in made.items() if name != "manifest.json"})
        results.append(written)
    assert files[0] == files[1]
    assert results[0] == results[1]
    assert list(files[0]) == ["results.json", "estimates.csv", "gaps.csv", "report.html"]
    assert len(forks) == 1
