"""`auditkit checklist`: the questions asked one by one, sent out, and taken back in."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli.terminal_reader import READER, choose_language, progress
from auditkit.errors import AuditkitError, InputError, cut, nearest
from auditkit.spec import AuditSpec, find_audit, load_audit
from auditkit.text import Message, say, say_plural

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["checklist_command", "result_of", "show", "typed"]

_FORMATS = ("csv", "md", "xlsx")


class _Stopped(AuditkitError):
    """Ctrl-C while answers were given: what was given stays."""

    exit_code = 130


def show(message: Message | str) -> None:
    print(message if isinstance(message, str) else message.text(READER.language))  # noqa: T201


def _ask(prompt: str) -> str:
    """A line typed at a prompt; the prompt goes to stderr, so that stdout can be kept."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def typed(question: str) -> str | None:
    """What was typed at a question, "" for "I do not know"; None where the input has ended."""
    from auditkit.rights.rights_words import is_blank

    try:
        said = _ask(f"{question} ").strip()
    except EOFError:
        return None
    return "" if is_blank(said) else said


def result_of(spec: AuditSpec, path: Path, trust: str | None = None) -> AuditResult:
    from auditkit.run import run_audit

    with progress(say("Reading and measuring …")):
        return run_audit(spec, path.parent, trust=trust)


def _writable(audit: str) -> None:
    """Refuse to answer an audit that was found by its shipped name: an update would take the answers away."""
    if not Path(audit).exists():
        raise InputError(
            "{audit} is an audit that ships with auditkit; copy its folder, and answer there.", audit=f'"{cut(audit)}"'
        )


def checklist_command(
    audit: str,
    everything: bool,
    export: tuple[str, Path] | None,
    taken: Path | None,
    language: str | None,
    trust: str | None = None,
) -> None:
    """Walk through the open items, or send the checklist out, or take answers in."""
    from auditkit.rights.rights_record import answers_path

    choose_language(language)
    path = find_audit(audit)
    spec = load_audit(path)
    chosen = choose_language(language, spec.language)
    target = answers_path(spec, path.parent)
    if export is not None:
        _export(spec, target, export, chosen)
        return
    _writable(audit)
    if taken is not None:
        _take_in(path, target, taken, chosen)
        return
    _walk(audit, spec, path, target, everything, chosen, trust)


def _walk(
    audit: str, spec: AuditSpec, path: Path, target: Path, everything: bool, language: str, trust: str | None = None
) -> None:
    from auditkit.rights.library import load_library
    from auditkit.rights.question_walk import Desk, walk

    result = result_of(spec, path, trust)
    assert result.rights is not None
    desk = Desk(target, path.parent, load_library(), language, datetime.now().date(), _ask, show, audit)
    try:
        given = walk(result.rights, desk, everything)
    except KeyboardInterrupt:
        raise _Stopped("Stopped; the answers given are kept in {file}.", file=target.name) from None
    except EOFError:
        show(say("Stopped; the answers given are kept in {file}.", file=target.name))
        return
    show(say_plural("{count} answer given; kept in {file}.", "{count} answers given; kept in {file}.", given,
                      file=target.name))  # fmt: skip


def _export(spec: AuditSpec, answers: Path, export: tuple[str, Path], language: str) -> None:
    from auditkit.rights import chosen_items, load_library, read_answers
    from auditkit.rights.answers_exchange import export_csv, export_markdown, export_workbook
    from auditkit.write.output_folder import write_file

    kind, file = export
    if kind not in _FORMATS:
        raise InputError(
            '--export: there is no format "{kind}"; expected one of {known}.',
            kind=cut(kind),
            known=nearest(kind, _FORMATS),
        )
    if file.exists():
        raise InputError("{file} is there already and is left alone; give another name.", file=cut(file, 80))
    library = load_library()
    chosen, given = chosen_items(library, spec.rights.framework), read_answers(answers, library)
    if kind == "xlsx":
        content = export_workbook(chosen, given, language)
    else:
        text = export_csv(chosen, given, language) if kind == "csv" else export_markdown(chosen, given, language)
        content = text.encode("utf-8-sig" if kind == "csv" else "utf-8")
    write_file(file, content)
    show(say("Written: {file}.", file=file))


def _take_in(path: Path, target: Path, taken: Path, language: str) -> None:
    from auditkit.rights import load_library, save_answer
    from auditkit.rights.answers_exchange import import_answers

    library = load_library()
    found = import_answers(taken, library, path.parent)
    for key, answer in found.items():
        save_answer(target, key, answer, library, language)
    show(
        say_plural(
            "{count} answer taken in; kept in {file}.",
            "{count} answers taken in; kept in {file}.",
            len(found),
            file=target.name,
        )
    )
