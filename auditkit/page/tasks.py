"""What is done in a process of its own: everything that opens a file that somebody handed in.

Each task takes plain values and gives plain values, as JSON can hold them; what is wrong is one of our errors, which
the process says and ends with.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from auditkit.check import check_audit
from auditkit.errors import AuditkitError
from auditkit.guard import reading
from auditkit.init import audit_of_documents, audit_of_table
from auditkit.intake.doubts import Doubt, Unanswered
from auditkit.page.doubt_sums import sums_of
from auditkit.page.guessed_doubts import guessed_doubts
from auditkit.page.table_picture import table_picture
from auditkit.scorers.consent import consent_hash, foreign_parts
from auditkit.spec import AuditSpec, load_audit
from auditkit.text import Message

__all__ = ["TASKS", "run_task"]

Plain = dict[str, Any]


def run_task(name: str, given: Mapping[str, Any], language: str) -> Plain:
    """One task by its name; KeyError for another name."""
    return TASKS[name](given, language)


def _begin(given: Mapping[str, Any], language: str) -> Plain:
    """An audit.yaml for a file that was handed in, and the file as it was read."""
    folder, file = Path(given["folder"]), Path(given["file"])
    begun = audit_of_table(file, folder, language, given.get("country"), given.get("what") == "table")
    (folder / "audit.yaml").write_text(begun.text, encoding="utf-8")
    return {"notes": _said(begun.notes, language), "picture": _picture(folder, language, given.get("what"))}


def _documents(given: Mapping[str, Any], language: str) -> Plain:
    """An audit.yaml for documents alone."""
    folder, documents = Path(given["folder"]), Path(given["documents"])
    begun = audit_of_documents(documents, folder, language, given.get("country"), given.get("facts") or {})
    (folder / "audit.yaml").write_text(begun.text, encoding="utf-8")
    return {"notes": _said(begun.notes, language)}


def _look(given: Mapping[str, Any], language: str) -> Plain:
    """The table of an audit as a spreadsheet program shows it; `sheet` is another than the one chosen."""
    return {"picture": _picture(Path(given["folder"]), language, given.get("what"), given.get("sheet"))}


def _picture(folder: Path, language: str, what: str | None, sheet: str | None = None) -> Plain | None:
    data = load_audit_data(folder)
    return None if data is None else table_picture(data, folder, language, what == "table", sheet)


def load_audit_data(folder: Path) -> dict[str, Any] | None:
    """What audit.yaml says under data, as it stands there; None without data."""
    from auditkit.spec.load_spec import read_yaml

    content, _ = read_yaml(folder / "audit.yaml")
    data = content.get("data")
    if isinstance(data, str):
        return None if data == "none" else {"file": data}
    return dict(data) if isinstance(data, dict) else None


def _doubts(given: Mapping[str, Any], language: str) -> Plain:
    """What `check` says: what was understood, what to look at, and the doubts that stop a run."""
    path = Path(given["folder"]) / "audit.yaml"
    spec = load_audit(path)
    with _reading_data(spec, path.parent):
        doubts: list[Doubt] = list(guessed_doubts(spec, path.parent, given.get("settled", ())))
    understood: list[str] = []
    warnings: list[str] = []
    try:
        found = check_audit(spec, path)
        understood, warnings = _said(found.understood, language), _said(found.warnings, language)
    except Unanswered as unanswered:
        doubts = [*unanswered.doubts, *doubts]
    except AuditkitError:
        if not doubts:  # else what is guessed of the marks may be what does not fit: it is asked first
            raise
    with _reading_data(spec, path.parent):
        asked = [_plain_doubt(doubt, path, language) for doubt in doubts]
    return {"understood": understood, "warnings": warnings, "doubts": asked}


def _reading_data(spec: AuditSpec, folder: Path) -> AbstractContextManager[object]:
    """The limits of reading hold for the data of an audit."""
    file = spec.data.file if spec.data is not None else None
    return nullcontext() if file is None else reading(Path(file).name, folder / file, ours=True)


def _plain_doubt(doubt: Doubt, path: Path, language: str) -> Plain:
    return {
        "key": doubt.key,
        "column": doubt.column,
        "question": doubt.question.text(language),
        "values": [[value, count] for value, count in doubt.values],
        "answers": [
            {"key": answer.key, "text": answer.text.text(language), "patch": _plain(answer.patch)}
            for answer in doubt.answers
        ],
        "example": doubt.example,
        "sums": [dataclasses.asdict(one) for one in sums_of(path, doubt, language)],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _said(messages: tuple[Message, ...], language: str) -> list[str]:
    return [message.text(language) for message in messages]


def _foreign(given: Mapping[str, Any], language: str) -> Plain:
    """What a run would start or send to, and the hash that consents to exactly that; "" where it is nothing."""
    folder = Path(given["folder"])
    parts = foreign_parts(load_audit(folder / "audit.yaml"), folder)
    return {
        "parts": [[part.kind, part.text, part.sha256] for part in parts],
        "sha256": consent_hash(parts) if parts else "",
    }


def _answers(given: Mapping[str, Any], language: str) -> Plain:
    """The answers of a colleague's file taken in."""
    from auditkit.rights import load_library, save_answer
    from auditkit.rights.answers_exchange import import_answers

    folder, library = Path(given["folder"]), load_library()
    file = Path(given["file"])
    with reading(file.name, file, ours=True):
        found = import_answers(file, library, folder)
    for key, answer in found.items():
        save_answer(folder / "answers.yaml", key, answer, library, language)
    return {"count": len(found)}


def _paper(given: Mapping[str, Any], language: str) -> Plain:
    """The brief as a PDF of one sheet."""
    from auditkit.report import render_report
    from auditkit.report.pdf import report_pdf
    from auditkit.result.read_results import read_results

    out = Path(given["out"])
    page = render_report(read_results(out / "results.json"), language, "brief", palette="paper", depths=("brief",))
    (out / "summary.pdf").write_bytes(report_pdf(page))
    return {}


TASKS: dict[str, Callable[[Mapping[str, Any], str], Plain]] = {
    "begin": _begin,
    "documents": _documents,
    "look": _look,
    "foreign": _foreign,
    "doubts": _doubts,
    "answers": _answers,
    "paper": _paper,
}
