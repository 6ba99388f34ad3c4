"""The tables of a run: each opened once, however many analyses count it, scored where a model scores, and hashed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from auditkit.intake.hashing import Hashed, Hashing
from auditkit.intake.open_table import Table, open_table
from auditkit.intake.settle_values import settle_values
from auditkit.spec import AuditSpec, DataSpec

if TYPE_CHECKING:
    from auditkit.intake.count_tables import PublishedCounts
    from auditkit.scorers import Scorer

__all__ = ["Tables"]


class Tables:
    """What an audit reads, opened; closed when the block is left.

    `model` gives the rows the score that `spec` names. `frame` is a table in memory (or behind another engine) that
    stands for what `data` names.
    """

    def __init__(self, spec: AuditSpec, folder: Path, model: Scorer | None = None, frame: Any = None) -> None:
        self._spec, self._folder, self._model, self._frame = spec, folder, model, frame
        self._hashing = Hashing()
        self._stack = ExitStack()
        self._open: dict[str, Table] = {}

    def __enter__(self) -> Tables:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def folder(self) -> Path:
        """The folder in which the audit stands."""
        return self._folder

    @property
    def name(self) -> str:
        """The file of the main data, as audit.yaml names it."""
        return "" if self._spec.data is None else self._spec.data.file or ""

    def open(self, data: DataSpec, missing_values: list[str]) -> Table:
        """A table of rows."""
        key = data.model_dump_json() + repr(missing_values)
        if key not in self._open:
            ordered = self._model is not None and self._model.family != "scorecard"
            if self._frame is None:
                opened = open_table(data, self._folder, missing_values, ordered=ordered)
            else:
                from auditkit.intake.open_frame import open_frame

                opened = open_frame(self._frame)
            table = self._stack.enter_context(opened)
            self._hashing.add(table.sources)
            if self._model is not None and self._spec.score is not None and self._spec.model is not None:
                from auditkit.intake.scored_rows import score_table

                table = score_table(table, self._spec, self._model)
            self._open[key] = table
        return self._open[key]

    def rows(self, spec: AuditSpec) -> Table:
        """The rows of an analysis."""
        assert spec.data is not None
        return settle_values(self.open(spec.data, spec.missing_values), spec)

    def opened(self, spec: AuditSpec) -> Table:
        """The table of an analysis as it was opened: the same for all analyses of one table."""
        assert spec.data is not None
        return self.open(spec.data, spec.missing_values)

    def rows_of_all(self, specs: Sequence[AuditSpec]) -> Table:
        """The rows of one table with the values of every analysis settled."""
        table = self.opened(specs[0])
        for spec in specs:
            table = settle_values(table, spec)
        return table

    def counts(self, spec: AuditSpec) -> PublishedCounts:
        """The published counts of an analysis."""
        from auditkit.intake.count_tables import read_counts

        found = read_counts(spec, self._folder)
        self._hashing.add(found.sources)
        return found

    @property
    def files(self) -> list[tuple[str, Path]]:
        """The name of every file that was read, and where it is."""
        return self._hashing.files

    def hashed(self) -> list[Hashed]:
        """Every file that was read, waiting for what is still being hashed."""
        return self._hashing.finish()
