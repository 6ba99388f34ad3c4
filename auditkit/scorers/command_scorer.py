"""A program as a model: a CSV table goes in, one score a line comes out. No shell, a limit of time."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.scorecard import Cut
from auditkit.scorers.scored_batches import checked_scores, table_of
from auditkit.text import Message, say_plural

__all__ = ["CommandScorer"]

_NOTHING = ("", "NA", "NaN", "nan", "NULL", "null", "None")


@dataclass(frozen=True)
class CommandScorer:
    """`command` run in `folder` once a batch: the columns with a header on its stdin, UTF-8, missing values empty."""

    command: tuple[str, ...]
    folder: Path
    columns: tuple[str, ...]
    categories: tuple[str, ...] = ()
    timeout: float = 60.0
    files: tuple[ModelFile, ...] = ()
    notes: tuple[Message, ...] = ()
    family: Literal["command"] = "command"
    native: None = None
    decision: Cut | None = None

    @property
    def name(self) -> str:
        """The program, without its folder."""
        return cut(Path(self.command[0]).name, 60)

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order.

        Raises DataError where the program is not there, fails, takes too long, or prints anything but a number a line.
        """
        table = table_of(frame, self.columns)
        if not len(table):
            return np.empty(0)
        given = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
        lines = self._run(given).splitlines()
        while lines and not lines[-1].strip():
            lines.pop()
        if len(lines) != len(table):
            raise DataError(
                say_plural(
                    "{model} printed {count} line for {rows} rows; expected one score a line, and no header.",
                    "{model} printed {count} lines for {rows} rows; expected one score a line, and no header.",
                    len(lines),
                    model=self.name,
                    rows=len(table),
                )
            )
        return checked_scores([self._number(place, line) for place, line in enumerate(lines, 1)], len(table), self.name)

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """A program has no decision of its own."""
        return None

    def _run(self, given: bytes) -> str:
        try:
            done = subprocess.run(
                self.command, input=given, cwd=self.folder, capture_output=True, timeout=self.timeout, check=False
            )
        except subprocess.TimeoutExpired:
            raise DataError(
                "{model} took more than {seconds} seconds and was ended; give more under timeout, or smaller batches "
                "under batch.",
                model=self.name,
                seconds=f"{self.timeout:g}",
            ) from None
        except (OSError, ValueError) as error:
            raise DataError(
                "{model} cannot be started ({problem}); command is a program and its arguments, without a shell.",
                model=self.name,
                problem=cut(getattr(error, "strerror", None) or error, 80),
            ) from None
        if done.returncode:
            said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
            raise DataError(
                "{model} ended with the code {code}; the last that it said: {said}.",
                model=self.name,
                code=str(done.returncode),
                said=f'"{cut(said[-1].strip(), 160)}"' if said else "-",
            )
        try:
            return done.stdout.decode("utf-8")
        except UnicodeDecodeError:
            raise DataError("{model} printed something that is not UTF-8.", model=self.name) from None

    def _number(self, place: int, line: str) -> float:
        text = line.strip().strip('"')
        try:
            return float("nan") if text in _NOTHING else float(text)
        except ValueError:
            raise DataError(
                "{model} printed {value} on line {line}; expected a number.",
                model=self.name,
                value=f'"{cut(text)}"',
                line=place,
            ) from None
