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
from auditkit.protect.second_tables import second_tables
from auditkit.protect.single_tables import single_tables
from auditkit.protect.sums import Sums

__all__ = ["BLOCK", "LARGE", "Chooser", "Chosen", "budget_for", "budget_of", "choose", "in_order", "proves"]

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCK = 64
LARGE = 1_000
"""More atoms than that start from second tables."""

MOST_SENSITIVE = 400
"""Where more sums than that are sensitive, tables that raise many at once change nearly every sum: then each has a
table of its own. 60,000 rows, five attributes, all pairs (939 sensitive sums): 71 % withheld in 70 s; COMPAS with five
analyses (1,154): the same is released in 67 s as in 150 s."""

_EFFORT = 4e9
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


def budget_for(atoms: int) -> int:
    """How many programmes over so many atoms may be solved: the fewer, the larger they are."""
    return int(max(40.0, min(6_000.0, _EFFORT / max(1, atoms) ** 2)))


def budget_of(sums: Sums) -> int:
    """How many programmes may be solved."""
    return budget_for(len(sums.atoms))


def choose(sums: Sums, minimum: int, budget: int | None = None) -> Chosen:
    """The sums that may be released. With a minimum of 0 all that are asked for."""
    if minimum <= 0:
        empty = np.zeros(0, dtype=np.int64)
        return Chosen(sums.asked.copy(), empty, np.zeros((0, len(sums.atoms))), empty, empty, 0, True)
    chooser = Chooser(sums, minimum, budget or budget_of(sums))
    chooser.offer_all(in_order(sums, chooser.offered))
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
        self._off = np.zeros(0)
        self._keep(sums.atoms[None, :])

    def offer_all(self, rows: Integers, first: int = 1) -> None:
        """Accept what stays safe, uses up to `first` before others.

        A large system starts from second tables: where few sums are sensitive all of it, else what follows `first`.
        """
        first_of_all = len(self.sums.atoms) > 2 * LARGE and len(self.sensitive) <= MOST_SENSITIVE
        if first_of_all and len(rows):
            rows = self._started(rows)
        early, rest = rows[self.sums.use[rows] <= first], rows[self.sums.use[rows] > first]
        self.offer(early)
        if len(self.sums.atoms) > LARGE and not first_of_all and len(rest):
            rest = self._started(rest)
        self.offer(rest)

    def _started(self, rows: Integers) -> Integers:
        """Release all of `rows` that cheap second tables leave as they are; what they change is to be given back."""
        fixed = np.flatnonzero(self.released)
        made = second_tables if len(self.sensitive) <= MOST_SENSITIVE else single_tables
        tables = made(self.sums, fixed, self.sensitive, self.minimum)
        first = len(self._tables)
        if tables:
            self._keep(np.array(tables))
        used = np.concatenate(([0], np.arange(first, len(self._tables))))
        only = np.zeros(len(self._tables), dtype=bool)
        only[used] = True
        low, high = self._ends(only)
        cheap = high - low >= self.minimum
        if not cheap.all():
            low_at, high_at = self._best(np.ones(len(self._tables), dtype=bool))
            used = np.unique(np.concatenate((used, low_at[~cheap], high_at[~cheap])))
        same = self._agrees[rows][:, used].all(axis=1)
        if same.any() and not self.accept(rows[same]):
            return rows
        return rows[~same]

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
                    shown, off = self._shown[:, -1], self._off[-1]
                    low, high = np.minimum(low, _up(shown) + off), np.maximum(high, _down(shown) - off)
                if high[place] - low[place] >= self.minimum:
                    break
            if high[place] - low[place] < self.minimum:
                self._queue.remove(place)
                self._queue.insert(0, place)
                return False
        return True

    def _ends(self, fits: Flags) -> tuple[Floats, Floats]:
        shown, off = self._shown[:, fits], self._off[fits]
        return (_up(shown) + off).min(axis=1, initial=np.inf), (_down(shown) - off).max(axis=1, initial=-np.inf)

    def _fit(self, rows: Integers) -> Flags:
        """Which tables agree with the released values of `rows`."""
        return np.asarray(self._agrees[rows].all(axis=0), dtype=bool)

    def _add(self, table: Table) -> bool:
        """Keep a table if it really fits what is released: a programme is believed only as far as it multiplies out."""
        found = self.sums.matrix @ table.atoms
        agrees = np.abs(found - self.sums.values) <= self._near
        if not agrees[self.released].all() or table.atoms.min(initial=0.0) < -TOLERANCE:
            return False
        self._keep(table.atoms[None, :])
        return True

    def _keep(self, tables: Floats) -> None:
        found = np.asarray(self.sums.matrix @ tables.T)
        agrees = np.abs(found - self.sums.values[:, None]) <= self._near[:, None]
        self._tables = np.vstack((self._tables, tables))
        self._agrees = np.hstack((self._agrees, agrees))
        self._shown = np.hstack((self._shown, found[self.sensitive]))
        self._off = np.append(self._off, fractional(tables))
        if len(self._tables) > 4 * _KEPT:
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
        self._off = self._off[keep]

    def _best(self, fits: Flags) -> tuple[Integers, Integers]:
        low = np.where(fits, _up(self._shown) + self._off, np.inf).argmin(axis=1)
        high = np.where(fits, _down(self._shown) - self._off, -np.inf).argmax(axis=1)
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


def fractional(tables: Floats) -> Floats:
    """1 for tables that are not of whole numbers: people are, so the sums of such a table may lie one further in."""
    return np.asarray((np.abs(tables - np.round(tables)) > TOLERANCE).any(axis=1), dtype=np.float64)


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
    off = fractional(chosen.tables)
    apart = (
        _down(shown[places, chosen.upper]) - off[chosen.upper] - _up(shown[places, chosen.lower]) - off[chosen.lower]
    )
    return bool(fits and (apart >= minimum).all() and (chosen.tables >= -TOLERANCE).all())
