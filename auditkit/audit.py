"""The whole audit on one page: it reads like the contents list of the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from auditkit.cells.correlation import score_correlation
from auditkit.cells.count import count_cells
from auditkit.cells.published import published_cells
from auditkit.cells.table import Tabulation
from auditkit.disclosure import disclose
from auditkit.errors import SpecError
from auditkit.findings.analysis import find
from auditkit.findings.correlation import SCORE_CORRELATION
from auditkit.intake.counts import read_counts
from auditkit.intake.hashing import Hashing
from auditkit.intake.open import Table, open_table
from auditkit.regression import Regression, regress
from auditkit.results import AnalysisResult, AuditResult, Source
from auditkit.rights.record import add_rights
from auditkit.spec import AuditSpec, DataSpec
from auditkit.spec.load import analysis_spec

__all__ = ["run_audit"]


def run_audit(spec: AuditSpec, folder: Path, engine: str = "duckdb", disclosed: bool = True) -> AuditResult:
    """Measure everything that an audit.yaml asks for; `folder` is where it stands.

    Small cells are suppressed unless `disclosed` is False (a reproduction compares figures that are public).
    Raises InputError with one clear sentence when the audit or its data are wrong.
    """
    if spec.data is None:
        return add_rights(AuditResult(spec=spec, analyses=(), sources=()), folder)
    if spec.model is not None:
        raise SpecError(
            "model: an audit does not score rows itself yet; score them first (docs/scorecards.md says how) "
            "and name the column under score."
        )
    hashing = Hashing()
    analyses = []
    with _tables(folder, engine, hashing) as tables:
        for name in ("main", *spec.analyses):
            analysis = analysis_spec(spec, name)
            tabulation = _count(analysis, tables, folder, hashing)
            found = find(tabulation, analysis, name)
            analyses.append(
                AnalysisResult(
                    key=name,
                    spec=analysis,
                    rows=tabulation.account,
                    views=found.views,
                    estimates=found.estimates,
                    gaps=found.gaps,
                    points=found.points,
                    families=found.families,
                    counts=found.counts,
                    scale=tabulation.scale,
                    facts=_plain_facts(tabulation),
                    notes=tabulation.account.notes,
                    regressions=_regressions(analysis, tabulation, tables),
                )
            )
    result = AuditResult(
        spec=spec,
        analyses=tuple(analyses),
        sources=tuple(Source(s.name, s.sha256, s.bytes) for s in hashing.finish()),
    )
    return add_rights(disclose(result), folder) if disclosed else result


def _count(spec: AuditSpec, tables: _Tables, folder: Path, hashing: Hashing) -> Tabulation:
    """Rows or published counts, as one tabulation."""
    assert spec.data is not None
    if spec.data.is_counts or any(g.data is not None and g.data.is_counts for g in spec.groups.values()):
        counts = read_counts(spec, folder)
        hashing.add(counts.sources)
        return published_cells(spec, counts)
    table = tables.open(spec.data, spec.missing_values)
    asked = [key for key in spec.measures if key.startswith(SCORE_CORRELATION)] if spec.measures != "default" else []
    found = {key: score_correlation(table, spec, key.removeprefix(SCORE_CORRELATION)) for key in asked}
    tabulation = count_cells(table, spec)
    return replace(tabulation, facts={**tabulation.facts, "correlations": found}) if found else tabulation


def _regressions(spec: AuditSpec, tabulation: Tabulation, tables: _Tables) -> tuple[Regression, ...]:
    """The regressions that an analysis asks for, from its rows or its counts."""
    if not spec.regressions:
        return ()
    assert spec.data is not None
    counted = spec.data.is_counts or any(g.data is not None and g.data.is_counts for g in spec.groups.values())
    return regress(None if counted else tables.open(spec.data, spec.missing_values), tabulation, spec)


class _Tables:
    """The tables of a run: each opened once, however many analyses count it."""

    def __init__(self, folder: Path, engine: str, hashing: Hashing) -> None:
        from contextlib import ExitStack

        self.stack = ExitStack()
        self._folder, self._engine, self._hashing = folder, engine, hashing
        self._open: dict[str, Table] = {}

    def open(self, data: DataSpec, missing_values: list[str]) -> Table:
        key = data.model_dump_json() + repr(missing_values)
        if key not in self._open:
            table = self.stack.enter_context(open_table(data, self._folder, self._engine, missing_values))
            self._hashing.add(table.sources)
            self._open[key] = table
        return self._open[key]


@contextmanager
def _tables(folder: Path, engine: str, hashing: Hashing) -> Iterator[_Tables]:
    tables = _Tables(folder, engine, hashing)
    with tables.stack:
        yield tables


def _plain_facts(tabulation: Tabulation) -> dict[str, float | str | None]:
    """What intake found and the report says: thresholds, cuts, the ends of the score."""
    return {
        key: value
        for key, value in sorted(tabulation.facts.items())
        if value is None or isinstance(value, (int, float, str))
    }
