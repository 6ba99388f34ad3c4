"""An audit run again, and each of its published figures held against the result."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError
from auditkit.intake.dataset_files import locate, looks_like_dataset
from auditkit.measures import DEFAULT_MEASURES, MEASURES
from auditkit.reproduce.figure_formula import names_in
from auditkit.reproduce.figure_lookup import COUNTS, Found, Lookup
from auditkit.reproduce.printed_tables import as_printed
from auditkit.reproduce.published_figures import Figure, read_published
from auditkit.reproduce.published_status import Reproduced, compare, judged
from auditkit.reproduce.reproduce_tables import compare_table, read_table
from auditkit.reproduce.resampling import resampled_measure
from auditkit.run import run_audit
from auditkit.spec import AuditSpec, load_audit
from auditkit.spec.load_spec import analysis_spec
from auditkit.spec.measure_spec import SCORE_CORRELATION
from auditkit.text import Message

__all__ = ["Reproduction", "absent", "reproduce"]


@dataclass(frozen=True)
class Reproduction:
    """All figures of one audit. `absent` says what to fetch, where its data are not on this machine."""

    name: str
    figures: tuple[Reproduced, ...]
    absent: Message | None = None

    @property
    def held(self) -> bool:
        """Whether every figure came out as expected."""
        return all(figure.held for figure in self.figures)

    def by_basis(self) -> dict[str, Counter[str]]:
        """How many figures of each status, split by what they were recomputed from."""
        result: dict[str, Counter[str]] = {}
        for row in self.figures:
            result.setdefault(row.figure.basis, Counter())[row.status] += 1
        return result


def reproduce(path: Path, trust: str | None = None) -> Reproduction:
    """Run the audit at `path` and compare it with the published.csv beside it.

    `trust` is the hash by which a person consents to what the audit would run or send (`run_audit`).
    Where only the data of further analyses are still to be fetched, their figures are not recomputable, and the rest is
    compared. Raises DataError where published.csv is missing or wrong, naming the line, and where all is to be fetched.
    """
    figures = read_published(path.parent / "published.csv")
    spec = load_audit(path)
    tables = {name: read_table(name, one, path.parent) for name, one in spec.tables.items()}
    to_fetch = {name: said for name in spec.analyses if (said := _missing(analysis_spec(spec, name))) is not None}
    kept = {name: one for name, one in spec.analyses.items() if name not in to_fetch}
    asked = as_printed(_with_measures(spec.model_copy(update={"analyses": kept}), figures))
    look = Lookup(run_audit(asked, path.parent, disclosed=False, trust=trust))
    rows = tuple(
        _to_be_fetched(figure)
        if figure.analysis in to_fetch
        else compare_table(figure, tables[figure.analysis])
        if figure.basis == "internal" and figure.analysis in tables
        else compare(figure, look, spec)
        for figure in figures
    )
    return Reproduction(path.resolve().parent.name, rows, next(iter(to_fetch.values()), None))


def absent(path: Path) -> Reproduction | None:
    """Where the main data of the audit at `path` are not on this machine: its figures, none recomputed, what to fetch.

    None where they are there.
    """
    message = _missing(load_audit(path))
    if message is None:
        return None
    figures = read_published(path.parent / "published.csv")
    return Reproduction(path.resolve().parent.name, tuple(_to_be_fetched(figure) for figure in figures), message)


def _to_be_fetched(figure: Figure) -> Reproduced:
    return judged(figure, Found(None, reason="data to be fetched"), "not_recomputable")


def _missing(spec: AuditSpec) -> Message | None:
    """What must be fetched for one analysis, in one sentence."""
    places = [spec.data, *(group.data for group in spec.groups.values())]
    for file in (place.file for place in places if place is not None and place.file is not None):
        if looks_like_dataset(file):
            try:
                locate(file)
            except DataError as error:
                return error.message
    return None


def _measures_of(figure: Figure) -> list[str]:
    """The measures that a figure names: its own, those of its formula and slip, that of its resampling."""
    drawn = resampled_measure(figure.measure)
    named = [*names_in(figure.slip or ""), *names_in(figure.formula or "")]
    return [figure.measure, *named, *(drawn[:1] if drawn else ())]


def _with_measures(spec: AuditSpec, figures: list[Figure]) -> AuditSpec:
    """The audit with the measures that the figures name added to those it asks for."""
    named = {word for f in figures for word in _measures_of(f) if word in MEASURES}
    named |= {COUNTS[f.measure][0] for f in figures if f.measure in COUNTS}
    named |= {f.measure for f in figures if f.measure.startswith(SCORE_CORRELATION)}

    def wanted(chosen: object) -> list[str]:
        base = list(DEFAULT_MEASURES) if chosen == "default" else list(chosen)  # type: ignore[call-overload]
        return base + sorted(named - set(base))

    analyses = {
        key: {**changes, "measures": wanted(changes["measures"])} if "measures" in changes else changes
        for key, changes in spec.analyses.items()
    }
    return spec.model_copy(update={"measures": wanted(spec.measures), "analyses": analyses})
