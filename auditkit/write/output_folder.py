"""A folder that is there whole or not at all, whatever happens to the program that writes it.

Everything is in memory before anything is named on the disk. On Linux the files are then written without a
name (O_TMPFILE), so that a killed process leaves none, and linked into a new folder beside the target that
takes the target's place in one step: SIGKILL could leave that folder during a fraction of a millisecond.
Elsewhere that moment lasts as long as writing the files. The next run into the same target clears it away.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditkit.errors import TargetError, cut
from auditkit.text import Message, mark, say

__all__ = ["MANIFEST", "check_target", "leave_unharmed", "write_file", "write_folder"]

MANIFEST = "manifest.json"
MANIFEST_SCHEMA = "auditkit/manifest/1"

_MARK = ".auditkit-"
_HARMLESS = {".DS_Store", "Thumbs.db", "desktop.ini"}
_STALE_AFTER = 60.0  # seconds
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_REFUSALS = {
    errno.EACCES: mark("you may not write there"),
    errno.EPERM: mark("you may not write there"),
    errno.EROFS: mark("the disk can only be read"),
    errno.ENOSPC: mark("the disk is full"),
    errno.EDQUOT: mark("no more room is given to you on this disk"),
    errno.ENOTDIR: mark("a part of the path is a file; expected a folder"),
    errno.EISDIR: mark("it is a folder; expected the name of a file"),
    errno.ENAMETOOLONG: mark("the name is too long"),
}


def check_target(target: Path) -> None:
    """Refuse a target that a run may not replace: TargetError says why, before anything is computed."""
    target = target.absolute()
    parent = next(folder for folder in target.parents if folder.exists())
    if not parent.is_dir():
        raise TargetError("{file} is a file; expected a folder to write into.", file=cut(parent, 80))
    if not os.access(parent, os.W_OK):
        raise TargetError("The folder {folder} may not be written to.", folder=cut(parent, 80))
    if not target.exists():
        return
    if not target.is_dir():
        raise TargetError(
            "{target} is a file; give --out the name of a new folder, or of one that auditkit wrote.",
            target=cut(target, 80),
        )
    if target.resolve() in (Path.cwd(), *Path.cwd().parents):
        raise TargetError(
            "The report cannot replace the folder you stand in, {target}; give --out the name of another folder.",
            target=cut(target, 80),
        )
    leave_unharmed(target)


def leave_unharmed(target: Path) -> None:
    """Raise TargetError where a folder holds anything that a run of auditkit did not write."""
    inside = (path for path in target.rglob("*") if not path.is_dir() and path.name not in _HARMLESS)
    found = {path.relative_to(target).as_posix() for path in inside}
    if not found:
        return
    written = _written_by_a_run(target)
    if written is None:
        raise TargetError(
            "The folder {target} was not written by auditkit and is left alone; give --out the name of another folder.",
            target=cut(target, 80),
        )
    foreign = sorted(found - written)
    if foreign:
        raise TargetError(
            "The folder {target} holds {file}, which auditkit did not write; "
            "move it, or give --out the name of another folder.",
            target=cut(target, 80),
            file=cut(foreign[0]),
        )


def _written_by_a_run(target: Path) -> set[str] | None:
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        if manifest["schema"] != MANIFEST_SCHEMA:
            return None
        return {MANIFEST, *manifest["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Put `files` at `target`, all or nothing; an earlier run's folder there is replaced whole.

    Raises TargetError where the target is not ours to replace.
    """
    check_target(target)
    target = target.absolute()
    # Folders above the target that do not exist yet come into being with it, in the same step.
    top = target
    while not top.parent.exists():
        top = top.parent
    _clear_stale(top)
    stage = top.parent / f".{top.name}{_MARK}{os.getpid()}"
    try:
        with _nameless(top.parent, files) as link:
            inner = stage / target.relative_to(top)
            for folder in sorted({(inner / name).parent for name in files}):
                folder.mkdir(parents=True, exist_ok=True)
            for name in files:
                link(name, inner / name)
            _take_place(stage, top)
    except OSError as error:
        raise _not_writable(target, error) from None
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def write_file(path: Path, content: bytes) -> None:
    """Put one file in place, whole or not at all."""
    stage = path.parent / f".{path.name}{_MARK}{os.getpid()}"
    try:
        with _nameless(path.parent, {path.name: content}) as link:
            link(path.name, stage)
            stage.replace(path)
    except OSError as error:
        raise _not_writable(path, error) from None
    finally:
        with contextlib.suppress(OSError):  # nothing was made where nothing could be
            stage.unlink(missing_ok=True)


def _not_writable(target: Path, error: OSError) -> TargetError:
    return TargetError("{target} cannot be written: {reason}.", target=cut(target, 80), reason=_why(target, error))


def _why(target: Path, error: OSError) -> Message:
    """The system's refusal in our own words, which the reader's language has."""
    if error.errno == errno.ENOENT and not target.parent.exists():
        return say("there is no folder {folder}; make it first, or name another", folder=cut(target.parent, 80))
    if error.errno in _REFUSALS:
        return Message(_REFUSALS[error.errno])
    return say(
        "the system lets no file be made there ({code}); name another folder",
        code=errno.errorcode.get(error.errno or 0, "?"),
    )


class _Link:
    """Gives written bytes a name: links a nameless file, or writes them where there is no such thing."""

    def __init__(self, files: Mapping[str, bytes], open_files: Mapping[str, int]) -> None:
        self.files, self.open_files = files, open_files

    def __call__(self, name: str, path: Path) -> None:
        number = self.open_files.get(name)
        if number is None:
            path.write_bytes(self.files[name])
        else:  # a src_dir_fd makes Python use linkat, which follows the link to the nameless file
            os.link(f"/proc/self/fd/{number}", path, src_dir_fd=number, follow_symlinks=True)


@contextlib.contextmanager
def _nameless(folder: Path, files: Mapping[str, bytes]) -> Iterator[_Link]:
    """The files, written to the disk but not yet named, where the system knows such files."""
    numbers: dict[str, int] = {}
    try:
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # a file system without O_TMPFILE
                for name, content in files.items():
                    number = os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
                    numbers[name] = number
                    _write_all(number, content)
                    os.fsync(number)
        complete = numbers if len(numbers) == len(files) and Path("/proc/self/fd").is_dir() else {}
        yield _Link(files, complete)
    finally:
        for number in numbers.values():
            os.close(number)


def _write_all(number: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(number, view) :]


def _take_place(stage: Path, top: Path) -> None:
    """Rename `stage` to `top`; exchange the two, in one step if the system can, where something is there."""
    if not top.exists():
        stage.rename(top)
    elif not _exchange(stage, top):
        aside = stage.with_name(stage.name + "-old")
        top.rename(aside)
        try:
            stage.rename(top)
        except OSError:
            aside.rename(top)
            raise
        shutil.rmtree(aside, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    flag = ctypes.c_uint(_RENAME_EXCHANGE)
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), flag) == 0)


def _clear_stale(top: Path) -> None:
    """Remove what a killed run left beside the target."""
    for path in top.parent.glob(f".{_escaped(top.name)}{_MARK}*"):
        owner = path.name.rpartition(_MARK)[2].removesuffix("-old")
        if owner.isdigit() and int(owner) != os.getpid() and not _alive(int(owner), path):
            shutil.rmtree(path, ignore_errors=True)


def _escaped(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _alive(process: int, path: Path) -> bool:
    if os.name != "posix":  # there, asking would end the process
        return time.time() - path.stat().st_mtime < _STALE_AFTER
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
