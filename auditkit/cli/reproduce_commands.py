"""`auditkit reproduce`: published figures beside ours, one by one, and the totals by what they rest on.

With --all one line an audit; an audit whose data are not on this machine says what to fetch, and does not pass.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli.run_command import audit_name
from auditkit.cli.terminal_reader import READER, choose_language, progress
from auditkit.errors import InputError, NotHeld
from auditkit.spec import find_audit
from auditkit.spec.file_lines import shipped, shipped_names
from auditkit.text import format_number, format_percent, mark, say, say_plural, translate

if TYPE_CHECKING:
    from auditkit.reproduce import Reproduced, Reproduction

__all__ = ["reproduce_command", "reproduction_csv", "summary_lines", "total_lines"]

_STATUSES = {
    "same": mark("the same"),
    "same_within_resampling_error": mark("the same, within the error of resampling"),
    "same_with_stated_slip": mark("the same, with the slip that is stated"),
    "different": mark("different"),
    "not_recomputable": mark("not recomputable here"),
}

_BASES = {
    "rows": mark("recomputed from rows"),
    "counts": mark("recomputed from published counts"),
    "internal": mark("checked against each other only"),
}


def reproduce_command(
    audits: list[str], every: bool, out: Path | None, language: str | None, quiet: bool, trust: str | None = None
) -> None:
    """Compare each audit's published figures with ours; NotHeld where one is not what was expected."""
    READER.quiet = quiet
    chosen = choose_language(language)
    if every == bool(audits):
        raise InputError("Expected the names of audits, or --all; see auditkit reproduce --help.")
    paths = [find_audit(name) for name in (_all_audits() if every else audits)]
    names = [audit_name(path) for path in paths]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InputError("The audit {name} is named twice.", name=repeated[0])

    from auditkit.reproduce import absent, reproduce
    from auditkit.write.output_folder import check_target

    if out is not None:
        check_target(out)
    found = {}
    for name, path in zip(names, paths, strict=True):
        with progress(say("Reproducing {name} …", name=name)):
            missing = absent(path) if every else None
            found[name] = reproduce(path, trust) if missing is None else missing
        lines = summary_lines(found[name], chosen) if every else _lines(name, found[name], chosen)
        print("\n".join(lines), flush=every)  # noqa: T201
    if every:
        print("\n".join(total_lines(list(found.values()), chosen)))  # noqa: T201
    if out is not None:
        _write(out, found)
    wrong = sum(not row.held for reproduction in found.values() for row in reproduction.figures)
    waiting = sum(
        not row.held and row.status == "not_recomputable"
        for reproduction in found.values()
        if reproduction.absent is not None
        for row in reproduction.figures
    )
    if wrong and waiting == wrong:
        raise NotHeld(
            say_plural(
                "{count} figure waits for data that are still to be fetched; all others came out as expected.",
                "{count} figures wait for data that are still to be fetched; all others came out as expected.",
                wrong,
            )
        )
    if wrong:
        raise NotHeld(
            say_plural(
                "{count} figure did not come out as expected.",
                "{count} figures did not come out as expected.",
                wrong,
            )
        )


def _all_audits() -> list[str]:
    folder = shipped("audits")
    return [name for name in shipped_names("audits") if (folder / name / "published.csv").is_file()]


def _lines(name: str, reproduction: Reproduction, language: str) -> list[str]:
    """What is printed of one audit: each figure (only what did not hold with --quiet), then the totals."""
    shown = [row for row in reproduction.figures if not (READER.quiet and row.held)]
    lines = [_figure_line(row, language) for row in shown]
    lines.append(say("{name}:", name=name).text(language))
    for basis, counts in reproduction.by_basis().items():
        total = say_plural("{count} figure", "{count} figures", counts.total()).text(language)
        parts = [
            say("{status}: {count}", status=translate(_STATUSES[status], language), count=count).text(language)
            for status, count in counts.most_common()
        ]
        lines.append(f"  {total} ({translate(_BASES[basis], language)}). {', '.join(parts)}.")
    if reproduction.absent is not None:
        lines.append(f"  {reproduction.absent.text(language)}")
    return lines


def summary_lines(reproduction: Reproduction, language: str) -> list[str]:
    """One audit in one line, split by basis; below it what did not come out as expected, or what to fetch."""
    opening = say("{name}:", name=reproduction.name).text(language)
    lines = [f"{opening} {'. '.join(_by_basis(reproduction.by_basis(), language))}."]
    if reproduction.absent is not None:
        return [*lines, f"  {reproduction.absent.text(language)}"]
    return lines + [f"  {_figure_line(row, language)}" for row in reproduction.figures if not row.held]


def total_lines(reproductions: list[Reproduction], language: str) -> list[str]:
    """All audits together, never without the split by basis."""
    totals: dict[str, Counter[str]] = {}
    for one in reproductions:
        for basis, counts in one.by_basis().items():
            totals[basis] = totals.get(basis, Counter()) + counts
    ordered = {basis: totals[basis] for basis in _BASES if basis in totals}
    opening = say_plural("{count} audit", "{count} audits", len(reproductions)).text(language)
    return [say("{name}:", name=opening).text(language), *(f"  {line}." for line in _by_basis(ordered, language))]


def _by_basis(by_basis: Mapping[str, Counter[str]], language: str) -> list[str]:
    """Each basis with its number of figures, and how they came out."""
    lines = []
    for basis, counts in by_basis.items():
        parts = [
            say("{status}: {count}", status=translate(_STATUSES[status], language), count=counts[status]).text(language)
            for status in _STATUSES
            if counts[status]
        ]
        total = say_plural("{count} figure", "{count} figures", counts.total()).text(language)
        lines.append(f"{total} {translate(_BASES[basis], language)} ({translate(mark('; '), language).join(parts)})")
    return lines


def _number(value: float, decimals: int, unit: str, language: str) -> str:
    """A figure as the language writes it; percentages are published as such."""
    if unit == "percent":
        return format_percent(value / 100, decimals, language)
    return format_number(value, decimals, language)


def _figure_line(row: Reproduced, language: str) -> str:
    figure = row.figure
    published = _number(figure.published, figure.decimals, figure.unit, language)
    ours = "–" if row.ours is None else _number(row.ours, min(figure.decimals + 2, 12), figure.unit, language)
    line = say(
        "{figure}: published {published}, ours {ours}: {status}",
        figure=figure.figure_id,
        published=published,
        ours=ours,
        status=translate(_STATUSES[row.status], language),
    ).text(language)
    return f"{line} ({row.reason})" if row.reason else line


def reproduction_csv(reproduction: Reproduction) -> bytes:
    """published.csv with our figures beside: the bytes of reproduce.csv."""
    from auditkit.reproduce import COLUMNS
    from auditkit.write.results_csv import table_csv

    added = ("ours", "lower", "upper", "status", "reason")
    rows = (
        [getattr(row.figure, name) for name in COLUMNS] + [getattr(row, name) for name in added]
        for row in reproduction.figures
    )
    return table_csv((*COLUMNS, *added), rows)


def _write(out: Path, found: dict[str, Reproduction]) -> None:
    from auditkit import __version__
    from auditkit.manifest import hash_bytes, manifest_bytes, versions
    from auditkit.write.output_folder import MANIFEST_SCHEMA, write_folder

    files = {f"{name}/reproduce.csv": reproduction_csv(one) for name, one in found.items()}
    manifest = {
        "schema": MANIFEST_SCHEMA,
        "auditkit": __version__,
        "python": platform.python_version(),
        "packages": versions(),
        "engine": "duckdb",
        "outputs": {name: hash_bytes(content) for name, content in sorted(files.items())},
    }
    write_folder(out, {**files, "manifest.json": manifest_bytes(manifest)})
