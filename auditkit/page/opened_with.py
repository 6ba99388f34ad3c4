"""What the page begins with when it is given something: a file, as if handed in, or an audit to go on with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditkit.errors import DataError, InputError, cut
from auditkit.guard import require_plain_file
from auditkit.page.audit_text import content_of
from auditkit.page.desk import Desk
from auditkit.page.door import LARGEST_UPLOAD
from auditkit.page.session import Session, safe_name
from auditkit.spec import find_audit, load_audit
from auditkit.spec.file_lines import shipped
from auditkit.text import say

__all__ = ["opened_with", "take_audit", "take_file"]


async def opened_with(desk: Desk, what: str | None) -> None:
    """The session made ready; InputError where `what` is neither a file nor an audit."""
    if what is None:
        return
    path = Path(what)
    if path.is_file() and path.suffix.lower() not in (".yaml", ".yml"):
        require_plain_file(path)
        take_file(desk.session, path, path.name)
        return
    if path.exists() and not path.is_dir() and not path.is_file():
        require_plain_file(path)
    take_audit(desk.session, find_audit(what))


def take_file(session: Session, path: Path, name: str) -> Path:
    """A copy of a file among the evidence; DataError where it is too large."""
    if path.stat().st_size > LARGEST_UPLOAD:
        raise DataError("{file} is larger than 200 MB: too large for the page. Use auditkit init.", file=cut(name, 80))
    session.evidence.mkdir(mode=0o700, exist_ok=True)
    target = session.evidence / safe_name(name)
    shutil.copyfile(path, target)
    session.state |= {"beginning": "table", "file": target.name, "waiting": True}
    session.keep()
    return target


def take_audit(session: Session, path: Path) -> None:
    """A copy of an audit and of the files that it names beside itself; those of a dataset stay where they are."""
    spec = load_audit(path)
    session.audit.write_bytes(path.read_bytes())
    names = [*_named(content_of(path)), spec.rights.answers or "answers.yaml"]
    for name in dict.fromkeys(names):
        _beside(path.parent, session.folder, name)
    if spec.language is not None:
        session.state["language"] = spec.language
    counts = spec.data is not None and spec.from_counts
    session.state |= {
        "beginning": "audit",
        "title": spec.title.text(session.language), "is_counts": counts,
        "answers": int(session.state.get("answers", 0)),
    }  # fmt: skip
    session.keep()


def _named(content: Any) -> Iterator[str]:
    """Every file that an audit names: the data, those of its groups and analyses, what is joined, the model."""
    for key, value in content.items() if isinstance(content, dict) else ():
        if isinstance(value, str) and (key in ("file", "scorecard") or (key == "data" and value != "none")):
            yield value
        elif isinstance(value, str) and key == "callable":
            module = value.partition(":")[0].replace(".", "/")
            yield from (f"{module}.py", module)
        elif isinstance(value, list) and key == "command":
            yield from (str(word) for word in value if not Path(str(word)).is_absolute())
        elif isinstance(value, list):
            for one in value:
                yield from _named(one)
        else:
            yield from _named(value)


def _beside(folder: Path, target: Path, name: str) -> None:
    """One file copied to where the copy of the audit looks for it; what is not there, or leads out, is left at that."""
    source = (folder / name).resolve()
    place = (target / name).resolve()
    if not source.exists() or not place.is_relative_to(target.resolve()):
        if source.exists() and not Path(name).is_absolute() and not (shipped("datasets") / name.split("/")[0]).is_dir():
            raise InputError(
                say("The audit names {file}, outside its folder: put both into one folder.", file=cut(name, 80))
            )
        return
    if not source.is_relative_to(folder.resolve()):
        raise InputError(
            "{file} is a link that leads out of the audit’s folder: put the file itself there.", file=cut(name, 80)
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, place, dirs_exist_ok=True, ignore=_links)
    else:
        require_plain_file(source)
        shutil.copyfile(source, place)


def _links(folder: str, names: list[str]) -> list[str]:
    """What of a folder is not copied: links and what is neither file nor folder."""
    paths = [Path(folder, name) for name in names]
    return [path.name for path in paths if path.is_symlink() or not (path.is_file() or path.is_dir())]
