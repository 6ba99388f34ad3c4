"""`auditkit check`, `init` and `measures`: what comes before a run."""

from __future__ import annotations

import textwrap
from datetime import date
from pathlib import Path

from auditkit.cli.terminal_reader import choose_language, show_columns
from auditkit.errors import InputError, cut
from auditkit.spec import find_audit, load_audit
from auditkit.text import mark, say, translate

__all__ = ["check_command", "init_command", "measures_command", "new_command"]


def check_command(audit: str, language: str | None) -> None:
    """Print what an audit.yaml and its data say, and what is missing."""
    from auditkit.check import check_audit

    choose_language(language)
    path = find_audit(audit)
    spec = load_audit(path)
    chosen = choose_language(language, spec.language)
    found = check_audit(spec, path)
    lines = [message.text(chosen) for message in found.understood]
    if found.warnings:
        lines += ["", translate(mark("To look at:"), chosen)]
        lines += [f"- {message.text(chosen)}" for message in found.warnings]
    print("\n".join(lines))  # noqa: T201


def init_command(
    file: Path | None,
    documents: Path | None,
    out: Path | None,
    force: bool,
    language: str | None,
    country: str | None = None,
    ask: bool = False,
    sheet: str | None = None,
) -> None:
    """Write an audit.yaml to begin with, and say what was recognised."""
    from auditkit.init import audit_of_documents, audit_of_table
    from auditkit.write.output_folder import write_file

    chosen = choose_language(language)
    if (file is None) == (documents is None):
        raise InputError("Expected a FILE, or --documents with a folder; see auditkit init --help.")
    if ask and documents is None:
        raise InputError("--ask goes with --documents: of a table, init asks nothing; write the facts into audit.yaml.")
    if sheet is not None and file is None:
        raise InputError("--sheet goes with a FILE; --documents reads no tables.")
    target = out if out is not None else (documents if documents is not None else _folder(file)) / "audit.yaml"
    if target.exists() and not force:
        raise InputError(
            "{file} is there already and is left alone; give --out another name, or --force to replace it.",
            file=target,
        )
    if documents is not None:
        begun = audit_of_documents(documents, target.parent, chosen, country, _facts(chosen) if ask else None)
    else:
        assert file is not None
        begun = audit_of_table(file, target.parent, chosen, country, sheet=sheet)
    write_file(target, begun.text.encode())
    for message in begun.notes:
        print(message.text(chosen))  # noqa: T201
    if begun.picture:
        print(say("The cells it takes, under the keys they stand for:").text(chosen))  # noqa: T201
        show_columns(begun.picture)
    last = say("Written: {file}. Look at each guess in it, then type: auditkit check {file}", file=target)
    print(last.text(chosen))  # noqa: T201


def _facts(language: str) -> dict[str, str]:
    """What somebody says of the system, question by question; Enter leaves a fact open."""
    from auditkit.cli.rights_commands import typed
    from auditkit.init import FACTS

    facts = {"as_of": date.today().isoformat()}  # duties that come later are told apart by it; the file says so
    for key, question in FACTS.items():
        said = typed(translate(question, language))
        while key == "harm" and said and said.lower() not in _HARMS:
            print(say('Found "{word}"; expected help or harm.', word=cut(said)).text(language))  # noqa: T201
            said = typed(translate(question, language))
        if said is None:
            break
        facts[key] = _HARMS.get(said.lower(), said) if key == "harm" else said
    return facts


_HARMS = {"help": "assistive", "harm": "punitive", "aide": "assistive", "tort": "punitive"}


def _folder(file: Path | None) -> Path:
    return Path() if file is None else file.parent


def measures_command(language: str | None) -> None:
    """Print the table of measures."""
    from auditkit.measures.measure_table import MEASURES

    chosen = choose_language(language)
    lines = []
    for row in MEASURES.values():
        lines.append(f"{row.key}: {translate(row.name, chosen)}")
        for text in (translate(row.question, chosen), f"= {translate(row.formula, chosen)}", row.source):
            lines += textwrap.wrap(text, 96, initial_indent="    ", subsequent_indent="      ")
        lines.append("")
    print("\n".join(lines).rstrip())  # noqa: T201


def new_command(kind: str, name: str, language: str | None) -> None:
    """Write the skeleton of something new into the checkout that one stands in, and say what was written."""
    from auditkit.skeleton import write_skeleton

    chosen = choose_language(language)
    written = write_skeleton(kind, name, Path.cwd())
    for path in written:
        said = say("Written: {file}", file=path.relative_to(Path.cwd()).as_posix())
        print(said.text(chosen))  # noqa: T201
