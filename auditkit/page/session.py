"""What one person has answered so far: a folder of their own (0700) with audit.yaml, the evidence, and where they are.

What identifies whoever writes a letter is never in it: that lives in memory until the page is closed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from auditkit.page.audit_text import content_of
from auditkit.text import mark, translate

__all__ = ["Session", "interrupted", "new_session", "resumed", "safe_name"]

_PREFIX = "auditkit-page-"
_STATE = "session.json"
_EVIDENCE = mark("evidence")
_RESERVED = frozenset("con prn aux nul".split()) | {f"{p}{n}" for p in ("com", "lpt") for n in range(10)}


@dataclass
class Session:
    """One sitting. `state` is kept on disk after each answer; what letters say of their writer in memory only."""

    folder: Path
    state: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    changed: dict[str, str] = field(default_factory=dict)  # letters whose text was changed, as they are then

    @property
    def language(self) -> str:
        """The language of every page."""
        return str(self.state.get("language", "en"))

    @property
    def audit(self) -> Path:
        """The audit.yaml being written."""
        return self.folder / "audit.yaml"

    @property
    def evidence(self) -> Path:
        """The folder of files as they were received."""
        return self.folder / str(self.state.setdefault("evidence", translate(_EVIDENCE, self.language)))

    @property
    def out(self) -> Path:
        """The folder of the last run."""
        return self.folder / "out"

    def text(self) -> str:
        """The audit.yaml as it stands; "" before there is one."""
        return self.audit.read_text(encoding="utf-8") if self.audit.is_file() else ""

    def made_from(self) -> dict[str, str]:
        """What a run is made from, hashed: all of it; what letters say, who have their days from audit.yaml; figures.

        The answers to the checklist change no figure; whom letters go to, and when, is read when one is written.
        """
        answers = self.folder / "answers.yaml"
        given = self.language.encode() + (answers.read_bytes() if answers.is_file() else b"")
        content = content_of(self.audit)
        content.pop("letters", None)
        rights = dict(content.get("rights") or {})
        rights.pop("letters", None)
        content["rights"] = rights or None
        undated = json.dumps(content, default=str)
        rights.pop("answers", None)
        content["rights"] = rights or None
        whole, letters = self.text().encode() + given, undated.encode() + given
        parts = {"all": whole, "letters": letters, "figures": json.dumps(content, default=str).encode()}
        return {part: sha256(text).hexdigest() for part, text in parts.items()}

    def has_result(self, part: str = "all") -> bool:
        """Whether the last run is of the audit as it stands, as far as a part of `made_from` goes."""
        return (self.state.get("ran") or {}).get(part) == self.made_from()[part] and (
            self.out / "results.json"
        ).is_file()

    def answered(self, screen: str, before: str, answers: int = 1) -> None:
        """One more answer, on disk at once; `before` is the audit.yaml as the screen found it."""
        self.state["answers"] = int(self.state.get("answers", 0)) + answers
        self.state.setdefault("before", {}).setdefault(screen, before)
        self.state["when"] = datetime.now().isoformat(timespec="seconds")
        self.keep()

    def keep(self) -> None:
        """The state written whole."""
        self.state["process"] = os.getpid()
        beside = self.folder / f".{_STATE}"
        beside.write_text(json.dumps(self.state, ensure_ascii=False), encoding="utf-8")
        beside.replace(self.folder / _STATE)

    def empty(self) -> None:
        """Everything answered is forgotten; the language stays."""
        language = self.language
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        self.state, self.typed, self.changed = {"language": language}, {}, {}
        self.keep()

    def remove(self) -> None:
        """The folder is gone, and what was typed with it."""
        self.typed, self.changed = {}, {}
        shutil.rmtree(self.folder, ignore_errors=True)


def new_session(language: str) -> Session:
    """A session in a new folder that only this person may open."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    session = Session(folder, {"language": language})
    session.keep()
    return session


def interrupted() -> Iterator[tuple[Path, int, date | None]]:
    """Folders of sessions whose server died: how many answers they hold, and of what day they are."""
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")):
        state = _own_state(folder)
        if state is None or _is_alive(state.get("process")):
            continue
        answers = state.get("answers", 0)
        if not isinstance(answers, int) or answers < 1:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        yield folder, answers, _day(state.get("when"))


def resumed(folder: Path, session: Session) -> Session:
    """An interrupted session taken up; the one that had just begun is removed."""
    state = _own_state(folder)
    if state is None or folder.parent != Path(tempfile.gettempdir()) or not folder.name.startswith(_PREFIX):
        return session
    session.remove()
    found = Session(folder, state)
    found.keep()
    return found


def _own_state(folder: Path) -> dict[str, Any] | None:
    """The state of a session's folder; None where it is not a folder that we made and that is this person's alone."""
    try:
        info = folder.lstat()
        if not stat.S_ISDIR(info.st_mode):
            return None
        if hasattr(os, "getuid") and (info.st_uid != os.getuid() or info.st_mode & 0o077):
            return None
        state = json.loads((folder / _STATE).read_bytes()[:1_000_000])
    except (OSError, ValueError):
        return None
    return state if isinstance(state, dict) else None


def _is_alive(process: object) -> bool:
    if not isinstance(process, int) or process <= 0:
        return False
    if process == os.getpid():
        return True
    if os.name == "nt":
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, False, process)  # type: ignore[attr-defined,unused-ignore]
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)  # type: ignore[attr-defined,unused-ignore]
        return bool(handle)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _day(text: object) -> date | None:
    try:
        return datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None


def safe_name(name: str, default: str = "file") -> str:
    """The name of a file that was handed in, as a plain name: no folder, no mark that hides or turns, not hidden.

    >>> safe_name("../../etc/passwd"), safe_name("contrôles 2023.xlsx"), safe_name("..")
    ('passwd', 'contrôles 2023.xlsx', 'file')
    >>> safe_name("a<b>:c|d?.csv"), safe_name("CON.csv"), safe_name(".bashrc")
    ('a_b__c_d_.csv', '_CON.csv', 'bashrc')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029")
    kept = re.sub(r'[<>:"|?*]', "_", shown).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    kept = f"{stem[:80]}.{suffix[:12]}" if dot and stem else kept[:80]
    kept = f"_{kept}" if kept.split(".")[0].lower() in _RESERVED else kept
    return kept or default
