"""The whole audit on one page: it reads like the contents list of the report.

What comes after the count is imported after it, so that the count can begin at once; a run imports it beside the count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cells.count import count_cells
from auditkit.cells.unlinked import count_unlinked, has_own_tables
from auditkit.errors import SpecError
from auditkit.intake.hashing import Hashing
from auditkit.intake.open import Table, open_table
from auditkit.locale import Message
from auditkit.spec import AuditSpec, DataSpec
from auditkit.spec.load import analysis_spec

if TYPE_CHECKING:
    from auditkit.attribution.records import Attribution
    from auditkit.cells.table import Tabulation
    from auditkit.findings.records import ViewResult
    from auditkit.regression import Regression
    from auditkit.results import AuditResult, Source
    from auditkit.scorers import Scorer

__all__ = ["run_audit"]


def run_audit(
    spec: AuditSpec,
    folder: Path,
    engine: str = "duckdb",
    disclosed: bool = True,
    allow_unsafe_pickle: str | None = None,
    progress: Callable[[Message], None] | None = None,
) -> AuditResult:
    """Measure everything that an audit.yaml asks for; `folder` is where it stands.

    Small cells are suppressed unless `disclosed` is False (a reproduction compares figures that are public).
    `allow_unsafe_pickle` is the SHA-256 of the one pickle that may be loaded as the model. `progress` is told, in a
    sentence, before something takes long.
    Raises InputError with one clear sentence when the audit or its data are wrong.
    """
    if spec.data is None:
        from auditkit.results import AuditResult
        from auditkit.rights.record import add_rights

        return add_rights(AuditResult(spec=spec, analyses=(), sources=()), folder)
    spec, model, said = _with_model(spec, folder, allow_unsafe_pickle)
    hashing = Hashing()
    analyses = []
    with _tables(folder, engine, hashing, model, spec) as tables:
        for name in ("main", *spec.analyses):
            analysis = analysis_spec(spec, name)
            tabulation = _count(analysis, tables, folder, hashing)
            from auditkit.findings.analysis import find
            from auditkit.results import AnalysisResult, AuditResult, Source

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
                    facts=_plain_facts(tabulation) | found.facts | _model_facts(spec),
                    notes=tabulation.account.notes,
                    regressions=_regressions(analysis, tabulation, tables),
                    attribution=_attribution(analysis, found.views, tabulation, tables, model, name, progress),
                )
            )
    result = AuditResult(
        spec=spec,
        analyses=tuple(analyses),
        sources=(*(Source(s.name, s.sha256, s.bytes) for s in hashing.finish()), *_model_sources(model)),
        notes=said,
    )
    if not disclosed:
        return result
    from auditkit.disclosure import disclose
    from auditkit.rights.record import add_rights

    return add_rights(disclose(result), folder)


def _with_model(
    spec: AuditSpec, folder: Path, allow_unsafe_pickle: str | None
) -> tuple[AuditSpec, Scorer | None, tuple[Message, ...]]:
    """The audit with the score and selection of its model, the model, and what is to be said of it."""
    if spec.model is None:
        return spec, None, ()
    from auditkit.scorers import open_model
    from auditkit.scorers.effective import model_notes, with_model

    model = open_model(spec.model, folder, allow_unsafe_pickle)
    return with_model(spec, model), model, model_notes(spec, model)


def _model_facts(spec: AuditSpec) -> dict[str, float | str | None]:
    if spec.model is None:
        return {}
    from auditkit.scorers.effective import model_facts

    return {**model_facts(spec)}


def _count(spec: AuditSpec, tables: _Tables, folder: Path, hashing: Hashing) -> Tabulation:
    """Rows or published counts, as one tabulation."""
    assert spec.data is not None
    if spec.data.is_counts or any(g.data is not None and g.data.is_counts for g in spec.groups.values()):
        from auditkit.cells.published import published_cells
        from auditkit.intake.counts import read_counts

        counts = read_counts(spec, folder)
        hashing.add(counts.sources)
        return published_cells(spec, counts)
    if has_own_tables(spec):
        return count_unlinked(lambda data: tables.open(data, spec.missing_values), spec)
    table = tables.open(spec.data, spec.missing_values)
    tabulation = count_cells(table, spec)
    more = _more_facts(table, spec)
    return replace(tabulation, facts={**tabulation.facts, **more}) if more else tabulation


def _more_facts(table: Table, spec: AuditSpec) -> dict[str, object]:
    """What only some audits ask of their rows, beside the counts."""
    more: dict[str, object] = {}
    if spec.measures != "default":
        from auditkit.cells.correlation import score_correlation
        from auditkit.findings.correlation import SCORE_CORRELATION

        asked = [key for key in spec.measures if key.startswith(SCORE_CORRELATION)]
        found = {key: score_correlation(table, spec, key.removeprefix(SCORE_CORRELATION)) for key in asked}
        more |= {"correlations": found} if found else {}
    if spec.prediction is not None:
        from auditkit.cells.prediction import predicted_rows

        more["prediction"] = predicted_rows(table, spec)
    return more


def _regressions(spec: AuditSpec, tabulation: Tabulation, tables: _Tables) -> tuple[Regression, ...]:
    """The regressions that an analysis asks for, from its rows or its counts."""
    if not spec.regressions:
        return ()
    from auditkit.regression import regress

    assert spec.data is not None
    counted = spec.data.is_counts or any(g.data is not None and g.data.is_counts for g in spec.groups.values())
    return regress(None if counted else tables.open(spec.data, spec.missing_values), tabulation, spec)


def _attribution(
    spec: AuditSpec,
    views: tuple[ViewResult, ...],
    tabulation: Tabulation,
    tables: _Tables,
    model: Scorer | None,
    name: str,
    progress: Callable[[Message], None] | None,
) -> Attribution | None:
    """Why scores differ, where the audit asks or has a model that can be asked freely."""
    if spec.attribution is None and model is None:
        return None
    from auditkit.attribution.attribute import attribute, is_asked

    if not is_asked(spec, model):
        return None
    assert spec.data is not None
    if spec.data.is_counts or any(g.data is not None and g.data.is_counts for g in spec.groups.values()):
        raise SpecError("attribution: counts hold no variables; name the rows under data, or leave attribution out.")
    threshold = tabulation.facts.get("threshold")
    table = tables.open(spec.data, spec.missing_values)
    return attribute(table, spec, views, threshold, model, name, progress)


class _Tables:
    """The tables of a run: each opened once, however many analyses count it."""

    def __init__(
        self, folder: Path, engine: str, hashing: Hashing, model: Scorer | None, spec: AuditSpec
    ) -> None:
        from contextlib import ExitStack

        self.stack = ExitStack()
        self._model, self._spec = model, spec
        self._folder, self._engine, self._hashing = folder, engine, hashing
        self._open: dict[str, Table] = {}

    def open(self, data: DataSpec, missing_values: list[str]) -> Table:
        key = data.model_dump_json() + repr(missing_values)
        if key not in self._open:
            ordered = self._model is not None and self._model.family != "scorecard"
            opened = open_table(data, self._folder, self._engine, missing_values, ordered=ordered)
            table = self.stack.enter_context(opened)
            self._hashing.add(table.sources)
            if self._model is not None and self._spec.score is not None and self._spec.model is not None:
                from auditkit.intake.scored import score_rows

                name, batch = self._spec.score.column, self._spec.model.batch
                table = score_rows(table, self._model, name, missing_values, batch)
            self._open[key] = table
        return self._open[key]


@contextmanager
def _tables(
    folder: Path, engine: str, hashing: Hashing, model: Scorer | None, spec: AuditSpec
) -> Iterator[_Tables]:
    tables = _Tables(folder, engine, hashing, model, spec)
    with tables.stack:
        yield tables


def _model_sources(model: Scorer | None) -> Iterator[Source]:
    """The files of the model, as they were when they were read."""
    from auditkit.results import Source

    for file in () if model is None else model.files:
        yield Source(file.name, file.sha256, file.size)


def _plain_facts(tabulation: Tabulation) -> dict[str, float | str | None]:
    """What intake found and the report says: thresholds, cuts, the ends of the score."""
    return {
        key: value
        for key, value in sorted(tabulation.facts.items())
        if value is None or isinstance(value, (int, float, str))
    }
