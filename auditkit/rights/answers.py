"""answers.yaml: what the agency, or whoever holds the documents, says of each item, and what proves it.

A person edits this file by hand too, so comments and order stay; each answer is on disk before the next is asked.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from auditkit.errors import InputError, SpecError, TargetError, cut, nearest
from auditkit.rights.library import Library
from auditkit.spec.data_spec import Part
from auditkit.spec.load_spec import read_yaml, validate
from auditkit.text import Message, mark, say, translate

__all__ = [
    "Answer",
    "Document",
    "changed_documents",
    "document_at",
    "open_round_trip",
    "read_answers",
    "replace_file",
    "save_answer",
]


class Document(Part):
    """A document that proves an answer: a file (path from the audit's folder) with its SHA-256, or a link."""

    file: str | None = None
    link: str | None = None
    sha256: str | None = None

    @field_validator("sha256")
    @classmethod
    def _hash(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValueError(say("expected the 64 hexadecimal digits of a SHA-256"))
        return value

    @model_validator(mode="after")
    def _one(self) -> Document:
        if (self.file is None) == (self.link is None):
            raise ValueError(say("expected either file or link"))
        if self.file is not None and self.sha256 is None:
            raise ValueError(say("expected sha256 beside file"))
        return self


class Answer(Part):
    """One answer. `role` is the function of whoever says so, never a name; `because` names a fact or a reason."""

    value: Literal["yes", "no", "not_applicable", "unknown"]
    role: str = Field(min_length=1)
    when: date
    because: str | None = None
    documents: list[Document] = []

    @model_validator(mode="after")
    def _reason(self) -> Answer:
        if self.value == "not_applicable" and not (self.because or "").strip():
            raise ValueError(say("not_applicable needs a because"))
        return self

    @property
    def is_proved(self) -> bool:
        """Whether a document or a fact is named: without one, a yes stays a claim."""
        return bool(self.documents) or bool((self.because or "").strip())


class _Answers(Part):
    answers: dict[str, Answer] = {}


def read_answers(path: Path, library: Library) -> dict[str, Answer]:
    """The answers of a file; none where there is no file yet; of a merged item, they count for the other.

    Raises SpecError with file, line and key for what is wrong, and for an item that does not exist.
    """
    if not path.exists():
        return {}
    content, lines = read_yaml(path)
    if content.get("answers") is None:
        content = {**content, "answers": {}}
    found = validate(_Answers, content, lines, path).answers
    for key in found:
        if library.item_key(key) not in library.items:
            raise SpecError(
                '{file}, line {line}: there is no item "{item}"; the nearest: {known}.',
                file=path.name,
                line=str(lines.get(("answers", key), 0)),
                item=cut(key),
                known=nearest(key, library.items),
            )
    return {library.item_key(key): answer for key, answer in found.items() if key not in library.items} | {
        key: answer for key, answer in found.items() if key in library.items
    }


def save_answer(path: Path, key: str, answer: Answer, library: Library, language: str = "en") -> None:
    """Write one answer into the file, at once and whole: what stood there, comments too, is kept.

    The new file takes the place of the old in one step, so an interruption loses nothing already given.
    Raises SpecError for an item that does not exist or a file that is wrong, TargetError where writing is refused.
    """
    if key not in library.items:
        raise SpecError(
            'There is no item "{item}"; the nearest: {known}.', item=cut(key), known=nearest(key, library.items)
        )
    read_answers(path, library)
    yaml, content = open_round_trip(path)
    if not path.exists():
        content.yaml_set_start_comment(translate(_HEAD, language))
    if content.get("answers") is None:
        content["answers"] = {}
    kept = content["answers"].setdefault(key, {})
    given = _plain(answer)
    for name in [name for name in kept if name not in given]:
        del kept[name]
    for name, value in given.items():
        if kept.get(name) != value:
            kept[name] = value
    replace_file(path, yaml, content)


def open_round_trip(path: Path) -> tuple[Any, Any]:
    """A parser that keeps comments and order, and what it read of a file; an empty mapping where there is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml, yaml.load(path.read_bytes().decode("utf-8-sig")) if path.exists() else CommentedMap()


def replace_file(path: Path, yaml: Any, content: Any) -> None:
    """The file written whole in the place of the old one. Raises TargetError where that is refused."""
    try:
        _replace(path.resolve(), yaml, content)
    except PermissionError:
        raise TargetError("{file} cannot be written; choose a folder that you may write to.", file=path.name) from None


_HEAD = mark(
    "The answers to the checklist: value is yes, no, not_applicable or unknown; role is a function, never a name.\n"
    "A yes needs a document or a fact (because); a figure of the audit may still contradict it."
)


def _plain(answer: Answer) -> dict[str, Any]:
    given: dict[str, Any] = {"value": answer.value, "role": answer.role, "when": answer.when}
    if answer.because is not None:
        given["because"] = answer.because
    if answer.documents:
        given["documents"] = [document.model_dump(exclude_none=True) for document in answer.documents]
    return given


def _replace(path: Path, yaml: Any, content: Any) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yaml.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def document_at(place: str, folder: Path) -> Document:
    """A link, or a file (from the audit's folder) with its SHA-256 as it is now.

    Raises InputError where there is no such file.
    """
    if re.match(r"https?://", place):
        return Document(link=place)
    path = folder / place
    if not path.is_file():
        raise InputError(
            "There is no file {file}; give a path from the folder of the audit, or a link.", file=cut(place)
        )
    return Document(file=place, sha256=_sha256(path))


def changed_documents(answers: Mapping[str, Answer], folder: Path) -> tuple[Message, ...]:
    """A sentence for each file that is gone, or is no longer the one that proved an answer."""
    said = []
    for key, answer in answers.items():
        for document in answer.documents:
            if document.file is None:
                continue
            path = folder / document.file
            if not path.is_file():
                said.append(
                    say("{item}: the document {file} is not there any more.", item=key, file=cut(document.file))
                )
            elif _sha256(path) != document.sha256:
                said.append(
                    say("{item}: the document {file} has changed since the answer.", item=key, file=cut(document.file))
                )
    return tuple(said)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
