"""Which sums may be released: all that leave every sensitive sum an interval of at least the minimum.

A sum is accepted when, for every sensitive sum, two tables fit everything released and differ in it by the minimum.
Sums are offered in order of use, then of released size, never of what they show; in blocks, halved on failure. The
budget counts programmes, not seconds, so that the same counts give the same bytes everywhere; what is not reached is
withheld. In large systems the start is a safe table made from cheap second tables, and the rest is given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.protect.programme import TOLERANCE, Programme, Table
from auditkit.protect.sums import Sums

__all__ = ["BLOCK", "BUDGET", "Chooser", "Chosen", "choose"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCK = 64
BUDGET = 20_000
_KEPT = 512


@dataclass(frozen=True)
class Chosen:
    """What may be released, and for each sensitive sum two tables that prove it.

    `tables` are the tables, one a row; `lower` and `upper` say for each of `sensitive` which two of them.
    """

    released: Flags
    sensitive: Integers
    tables: Floats
    lower: Integers
    upper: Integers
    programmes: int
    finished: bool


def choose(sums: Sums, minimum: int, budget: int = BUDGET) -> Chosen:
    """The sums that may be released. With a minimum of 0 all that are asked for."""
    if minimum <= 0:
        empty = np.zeros(0, dtype=np.int64)
        return Chosen(sums.asked.copy(), empty, np.zeros((0, len(sums.atoms))), empty, empty, 0, True)
    chooser = Chooser(sums, minimum, budget)
    chooser.offer(in_order(sums, chooser.offered))
    return chooser.chosen()


def in_order(sums: Sums, rows: Integers) -> Integers:
    """Rows in the order in which they are offered: by use, then the largest groups first, then as declared."""
    order = np.lexsort((rows, -sums.size[rows], sums.use[rows]))
    found: Integers = rows[order]
    return found


class Chooser:
    """Sums accepted one block after another, with the tables that prove each step."""

    def __init__(self, sums: Sums, minimum: int, budget: int) -> None:
        self.sums, self.minimum, self.budget = sums, minimum, budget
        self.offered = np.flatnonzero(sums.asked & ~sums.sensitive(minimum))
        self.programme = Programme(sums, self.offered)
        self.released = np.zeros(len(sums), dtype=bool)
        self.sensitive = np.flatnonzero(sums.sensitive(minimum))
        self.finished = True
        self._near = TOLERANCE * np.maximum(1.0, np.abs(sums.values))
        self._queue = list(range(len(self.sensitive)))
        self._tables = np.zeros((0, len(sums.atoms)))
        self._agrees = np.zeros((len(sums), 0), dtype=bool)
        self._shown = np.zeros((len(self.sensitive), 0))
        self._keep(sums.atoms[None, :])

    def offer(self, rows: Integers) -> None:
        """Accept what stays safe of `rows`, in their order."""
        for start in range(0, len(rows), BLOCK):
            self._offer_block(rows[start : start + BLOCK])

    def _offer_block(self, rows: Integers) -> None:
        if self.programme.solved >= self.budget:
            self.finished = False
            return
        if self.accept(rows) or len(rows) == 1:
            return
        half = len(rows) // 2
        self._offer_block(rows[:half])
        self._offer_block(rows[half:])

    def accept(self, rows: Integers) -> bool:
        """Release `rows` together, if every sensitive sum stays safe."""
        self.programme.release(rows)
        fits = self._fit(rows)
        if self._all_safe(fits, rows):
            self.released[rows] = True
            fits = self._fit(rows)
            if not fits.all():
                self._only(fits)
            return True
        self.programme.free(rows)
        return False

    def _all_safe(self, fits: Flags, rows: Integers) -> bool:
        low, high = self._ends(fits)
        for place in list(self._queue):
            if high[place] - low[place] >= self.minimum:
                continue
            row = int(self.sensitive[place])
            for largest in (True, False):
                table = self.programme.end(row, largest)
                if table is None or not self._add(table):
                    break
                fresh = self._agrees[rows, -1].all()
                if fresh:
                    shown = self._shown[:, -1]
                    low, high = np.minimum(low, _up(shown)), np.maximum(high, _down(shown))
                if high[place] - low[place] >= self.minimum:
                    break
            if high[place] - low[place] < self.minimum:
                self._queue.remove(place)
                self._queue.insert(0, place)
                return False
        return True

    def _ends(self, fits: Flags) -> tuple[Floats, Floats]:
        shown = self._shown[:, fits]
        return _up(shown.min(axis=1, initial=np.inf)), _down(shown.max(axis=1, initial=-np.inf))

    def _fit(self, rows: Integers) -> Flags:
        """Which tables agree with the released values of `rows`."""
        return np.asarray(self._agrees[rows].all(axis=0), dtype=bool)

    def _add(self, table: Table) -> bool:
        """Keep a table if it really fits what is released: a programme is believed only as far as it multiplies out."""
        found = self.sums.matrix @ table.atoms
        agrees = np.abs(found - self.sums.values) <= self._near
        if not agrees[self.released].all() or (self.sums.lower == 0 and table.atoms.min(initial=0.0) < -TOLERANCE):
            return False
        self._keep(table.atoms[None, :])
        return True

    def _keep(self, tables: Floats) -> None:
        found = np.asarray(self.sums.matrix @ tables.T)
        agrees = np.abs(found - self.sums.values[:, None]) <= self._near[:, None]
        self._tables = np.vstack((self._tables, tables))
        self._agrees = np.hstack((self._agrees, agrees))
        self._shown = np.hstack((self._shown, found[self.sensitive]))
        if len(self._tables) > 2 * _KEPT:
            self._thin()

    def _thin(self) -> None:
        """The true table, the newest, and the two that show each sensitive sum at its ends."""
        keep = np.zeros(len(self._tables), dtype=bool)
        keep[0] = keep[-_KEPT // 2 :] = True
        fits = self._fit(np.flatnonzero(self.released))
        low, high = self._best(fits)
        keep[low] = keep[high] = True
        self._only(keep)

    def _only(self, keep: Flags) -> None:
        self._tables, self._agrees, self._shown = self._tables[keep], self._agrees[:, keep], self._shown[:, keep]

    def _best(self, fits: Flags) -> tuple[Integers, Integers]:
        shown = self._shown
        low = np.where(fits, shown, np.inf).argmin(axis=1)
        high = np.where(fits, shown, -np.inf).argmax(axis=1)
        return low.astype(np.int64), high.astype(np.int64)

    def chosen(self) -> Chosen:
        """What stands at the end; raises where multiplication does not show every sensitive sum to be safe."""
        whole = np.ones(len(self._tables), dtype=bool)
        low, high = self._ends(whole)
        if (high - low < self.minimum).any():  # nothing was offered yet that needed a proof
            self._all_safe(whole, np.zeros(0, dtype=np.int64))
        fits = self._fit(np.flatnonzero(self.released))
        low_at, high_at = self._best(fits)
        low, high = self._ends(fits)
        if (high - low < self.minimum).any():
            raise RuntimeError("protection has no proof for what it would release")
        used = np.unique(np.concatenate((low_at, high_at)))
        return Chosen(
            released=self.released,
            sensitive=self.sensitive,
            tables=self._tables[used],
            lower=np.searchsorted(used, low_at),
            upper=np.searchsorted(used, high_at),
            programmes=self.programme.solved,
            finished=self.finished,
        )


def _up(values: Floats) -> Floats:
    found: Floats = np.ceil(values - TOLERANCE)
    return found


def _down(values: Floats) -> Floats:
    found: Floats = np.floor(values + TOLERANCE)
    return found


def proves(sums: Sums, chosen: Chosen, minimum: int, rows: Sequence[int] | None = None) -> bool:
    """Whether the two tables of every sensitive sum fit all released sums and differ in it by the minimum."""
    found = np.asarray(sums.matrix @ chosen.tables.T)
    near = TOLERANCE * np.maximum(1.0, np.abs(sums.values))[:, None]
    fits = (np.abs(found - sums.values[:, None]) <= near)[chosen.released].all()
    shown = found[chosen.sensitive]
    places = np.arange(len(chosen.sensitive))
    apart = _down(shown[places, chosen.upper]) - _up(shown[places, chosen.lower])
    return bool(fits and (apart >= minimum).all() and (chosen.tables >= -TOLERANCE).all())
