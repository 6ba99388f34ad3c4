"""A folder that is there whole or not at all, whatever happens to the program that writes it.

Everything is in memory before anything is written; files are written into a hidden folder beside the target, which
then takes the target's place by a rename. A process killed within those few milliseconds leaves the hidden folder
behind, and never half a target; the next run into the same target, a minute later or more, clears it away.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import json
import os
import shutil
import tempfile
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
    target = target.absolute()
    # Folders above the target that do not exist yet come into being with it, in the same step.
    top = target
    while not top.parent.exists():
        top = top.parent
    _clear_stale(top)
    check_target(target)
    try:
        with _stage(top) as stage:
            new, old = stage / "new", stage / "old"
            for name, content in files.items():
                path = new / target.relative_to(top) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if top.exists():
                top.rename(old)
            try:
                new.rename(top)
            except OSError:
                if old.exists():
                    old.rename(top)
                raise
    except OSError as error:
        raise _not_writable(target, error) from None


def write_file(path: Path, content: bytes) -> None:
    """Put one file in place, whole or not at all."""
    try:
        with _stage(path) as stage:
            new = stage / "new"
            new.write_bytes(content)
            new.replace(path)
    except OSError as error:
        raise _not_writable(path, error) from None


@contextlib.contextmanager
def _stage(top: Path) -> Iterator[Path]:
    """A hidden folder beside `top`, gone at the end."""
    stage = Path(tempfile.mkdtemp(prefix=f".{top.name}{_MARK}", dir=top.parent))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _clear_stale(top: Path) -> None:
    """Remove what a killed run left beside the target; what it had set aside and not replaced goes back."""
    for stage in top.parent.glob(f".{glob.escape(top.name)}{_MARK}*"):
        if time.time() - stage.stat().st_mtime > _STALE_AFTER:
            if (stage / "old").is_dir() and not top.exists():
                (stage / "old").rename(top)
            shutil.rmtree(stage, ignore_errors=True)


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
