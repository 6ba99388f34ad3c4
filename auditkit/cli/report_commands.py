"""`auditkit report` and `auditkit verify`: what can be done with a folder that a run wrote."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.run_command import audit_files, report_name
from auditkit.cli.terminal_reader import READER, choose_language, progress, warn
from auditkit.errors import InputError, NotHeld, cut
from auditkit.guard import reading, require_plain_file
from auditkit.spec import find_audit, load_audit
from auditkit.text import Message, say, say_plural

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["print_results_schema", "report_command", "verify_command"]


def _print(message: Message) -> None:
    print(message.text(READER.language))  # noqa: T201


def print_results_schema() -> None:
    """The JSON Schema of results.json, on standard output."""
    from auditkit.result.results_file import results_schema

    print(json.dumps(results_schema(), ensure_ascii=False, indent=1))  # noqa: T201


def report_command(
    results: Path,
    language: str | None,
    templates: Path | None,
    out: Path | None,
    quiet: bool,
    pdf: bool = False,
    annex: bool = False,
) -> None:
    """Make the report again; into the run's folder, with its manifest, or to a file of its own."""
    from auditkit.report import render_report
    from auditkit.report.panels import DEPTHS
    from auditkit.report.pdf import report_pdf
    from auditkit.report.render import template_folder
    from auditkit.result.read_results import FIRST_RELEASE, as_a_run_writes, read_results
    from auditkit.write.output_folder import write_file

    READER.quiet = quiet
    choose_language(language)
    if annex and not pdf:
        raise InputError("--annex goes with --pdf: the page holds its annex already.")
    if templates is not None and str(templates) == "summary":
        templates = Path("brief")
        if not quiet:
            _print(say("The set summary is called brief now; the old name goes with the next release."))
    path = results / "results.json" if results.is_dir() else results
    require_plain_file(path)
    with reading(path.name, path):
        result = read_results(path)
    if FIRST_RELEASE in result.notes:
        warn(FIRST_RELEASE)
    chosen = choose_language(language, result.spec.language)
    folder = template_folder(templates) if templates is not None else None
    with progress(say("Writing the report …")):
        depths = ("annex",) if annex else ("brief", "story") if pdf else DEPTHS
        with reading(path.name, path, seconds=120.0), as_a_run_writes(path.name):
            html = render_report(result, chosen, folder, "paper" if pdf else "screen", depths)
        page = report_pdf(html) if pdf else html.encode()
        target = out if out is not None else path.parent / _name(chosen, templates, pdf, annex)
        if out is None and (path.parent / "manifest.json").is_file():
            _add_to_run(path.parent, target.name, page, folder)
        elif out is None and target.exists():
            raise InputError("{file} is there already; give --out the name of another file.", file=cut(target, 80))
        else:
            write_file(target, page)
    if not quiet:
        _print(say("Written: {file}.", file=target))


def _name(language: str, templates: Path | None, pdf: bool, annex: bool = False) -> str:
    """report.html, report.fr.pdf, annex.pdf; a set that comes with auditkit gives its own name: brief.html."""
    from auditkit.report.render import template_sets

    name = report_name(language)
    if templates is not None and str(templates) in template_sets() and str(templates) != "full":
        name = name.replace("report", str(templates), 1)
    name = name.replace("report", "annex", 1) if annex else name
    return name.removesuffix(".html") + ".pdf" if pdf else name


def _add_to_run(folder: Path, name: str, page: bytes, templates: Path | None) -> None:
    """A report put into the folder of a run, its hash into the manifest, both in one step."""
    from auditkit.manifest import hash_bytes, hash_folder, manifest_bytes, read_manifest
    from auditkit.write.output_folder import leave_unharmed, write_folder

    manifest = read_manifest(folder)
    leave_unharmed(folder)
    files = {output: (folder / output).read_bytes() for output in manifest["outputs"] if output != name}
    changed = [output for output, content in files.items() if hash_bytes(content) != manifest["outputs"][output]]
    if changed:
        raise InputError(
            "{file} has been changed since the run wrote it; give --out a file outside that folder.",
            file=cut(folder / changed[0], 80),
        )
    entry: dict[str, Any] = hash_bytes(page)
    if templates is not None:
        entry["templates"] = {"name": templates.resolve().name, "sha256": hash_folder(templates)}
    manifest["outputs"] = dict(sorted({**manifest["outputs"], name: entry}.items()))
    write_folder(folder, {**files, name: page, "manifest.json": manifest_bytes(manifest)})


def verify_command(
    folder: Path,
    audit: str | None,
    language: str | None,
    allow_unsafe_pickle: str | None = None,
    trust: str | None = None,
    no_run: bool = False,
) -> None:
    """Compare a folder with its manifest and, but with `no_run`, with a new run; NotHeld where anything differs."""
    from auditkit.manifest import read_manifest

    choose_language(language)
    manifest = read_manifest(folder)
    different = _changed_outputs(folder, manifest["outputs"])
    for message in _changed_versions(manifest):
        _print(message)
    if no_run:
        _print(say("Not run again, as was asked: only the hashes were compared."))
    else:
        different += _run_again(folder, manifest, audit, allow_unsafe_pickle, trust)
    if different:
        raise NotHeld(say_plural("{count} difference was found.", "{count} differences were found.", different))
    _print(say("Nothing differs."))


def _changed_outputs(folder: Path, outputs: Mapping[str, Any]) -> int:
    from auditkit.manifest import hash_file

    different = 0
    for name, entry in outputs.items():
        path = folder / name
        if Path(name).is_absolute() or ".." in Path(name).parts or not path.is_file():
            _print(say("{file}: missing.", file=cut(name)))
        elif hash_file(path)["sha256"] != entry["sha256"]:
            _print(say("{file}: changed since the run wrote it.", file=name))
        else:
            _print(say("{file}: as the run wrote it.", file=name))
            continue
        different += 1
    return different


def _changed_versions(manifest: Mapping[str, Any]) -> list[Message]:
    """What is installed here in another version than the run had: said, but no difference by itself."""
    from auditkit import __version__
    from auditkit.manifest import versions

    then = {"auditkit": manifest["auditkit"], **manifest["packages"]}
    now = {"auditkit": __version__, **versions(manifest["packages"])}
    return [
        say(
            "{package}: version {then} then, {now} now.",
            package=name,
            then=str(version),
            now=now.get(name, "–"),
        )
        for name, version in then.items()
        if version != now.get(name)
    ]


def _run_again(
    folder: Path,
    manifest: Mapping[str, Any],
    audit: str | None,
    allow_unsafe_pickle: str | None,
    trust: str | None,
) -> int:
    from auditkit.manifest import hash_file
    from auditkit.run import run_audit

    if "audit" not in manifest:  # the folder of a reproduction
        return 0
    asked = audit or manifest["audit"].get("asked")
    if asked is None:
        _print(say("Not run again: the manifest does not say where the audit is; name it with --audit."))
        return 0
    try:
        path = find_audit(asked)
    except InputError:
        if audit is not None:
            raise
        _print(say("Not run again: there is no audit {name} here; name it with --audit.", name=cut(asked, 80)))
        return 0
    spec = load_audit(path)
    if hash_file(path)["sha256"] != manifest["audit"]["sha256"]:
        _print(say("{file}: another audit than the run had.", file=path.name))
    with progress(say("Reading and measuring …")):
        began = time.perf_counter()
        result: AuditResult = run_audit(spec, path.parent, allow_unsafe_pickle=allow_unsafe_pickle, trust=trust)
        files, again = audit_files(result, path, asked, manifest["language"], time.perf_counter() - began)
    different = _changed_data(manifest, again)
    stored = folder / "results.json"
    if stored.is_file() and stored.read_bytes() == files["results.json"]:
        _print(say("A new run: the same results.json, byte for byte."))
        return different
    _print(say("A new run: a different results.json."))
    return different + 1


def _changed_data(manifest: Mapping[str, Any], again: AuditResult) -> int:
    then = {entry["name"]: entry["sha256"] for entry in manifest["data"]}
    changed = [source.name for source in again.sources if then.get(source.name) != source.sha256]
    for name in changed:
        _print(say("{file}: other data than the run had.", file=name))
    return len(changed)
