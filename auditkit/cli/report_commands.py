"""`auditkit report`: the report made again from what a run wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.run_command import report_name
from auditkit.cli.terminal_reader import READER, choose_language, progress, warn
from auditkit.errors import InputError, cut
from auditkit.guard import reading, require_plain_file
from auditkit.text import Message, say

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["print_results_schema", "report_command"]


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
    charts: bool = False,
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
    if charts:
        _write_charts(result, chosen, path.parent, out)
        return
    folder = template_folder(templates) if templates is not None else None
    with progress(say("Writing the report …")):
        depths = ("annex",) if annex else ("brief", "story") if pdf else DEPTHS
        with reading(path.name, path, seconds=120.0), as_a_run_writes(path.name):
            html = render_report(result, chosen, folder, "paper" if pdf else "screen", depths)
        page = report_pdf(html) if pdf else html.encode()
        target = out if out is not None else path.parent / _name(chosen, templates, pdf, annex)
        if out is None and (path.parent / "manifest.json").is_file():
            _add_to_run(path.parent, {target.name: page}, folder)
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


def _write_charts(result: AuditResult, language: str, folder: Path, out: Path | None) -> None:
    """Every chart as SVG and as PNG: into charts/ of the run's folder, or into a folder of its own."""
    from auditkit.report.chart_files import chart_png, chart_svgs
    from auditkit.write.output_folder import write_file

    with progress(say("Writing the report …")):
        drawn = chart_svgs(result, language)
        files = {f"{name}.svg": svg.encode() for name, svg in drawn.items()}
        files |= {f"{name}.png": chart_png(svg) for name, svg in drawn.items()}
        target = folder / "charts" if out is None else out
        if out is None and (folder / "manifest.json").is_file():
            _add_to_run(folder, {f"charts/{name}": content for name, content in files.items()}, None)
        else:
            target.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                write_file(target / name, content)
    if not READER.quiet:
        _print(say("Written: {file}.", file=target))


def _add_to_run(folder: Path, added: Mapping[str, bytes], templates: Path | None) -> None:
    """Files put into the folder of a run, their hashes into the manifest, all in one step."""
    from auditkit.manifest import hash_bytes, hash_folder, manifest_bytes, read_manifest
    from auditkit.write.output_folder import leave_unharmed, write_folder

    manifest = read_manifest(folder)
    leave_unharmed(folder)
    files = {output: (folder / output).read_bytes() for output in manifest["outputs"] if output not in added}
    changed = [output for output, content in files.items() if hash_bytes(content) != manifest["outputs"][output]]
    if changed:
        raise InputError(
            "{file} has been changed since the run wrote it; give --out a file outside that folder.",
            file=cut(folder / changed[0], 80),
        )
    entries: dict[str, dict[str, Any]] = {name: {**hash_bytes(content)} for name, content in added.items()}
    if templates is not None:
        for entry in entries.values():
            entry["templates"] = {"name": templates.resolve().name, "sha256": hash_folder(templates)}
    manifest["outputs"] = dict(sorted({**manifest["outputs"], **entries}.items()))
    write_folder(folder, {**files, **added, "manifest.json": manifest_bytes(manifest)})
