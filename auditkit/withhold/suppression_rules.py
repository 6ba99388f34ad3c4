"""Which figures are withheld: small counts first, then whatever would let them be worked out, until nothing does.

Figures are only ever withheld, never given back, so that the rules come to an end. Each round looks for the cheap
ways first (inside a group, along a line) and then asks the whole system of published sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.withhold.allowed_tables import pinned
from auditkit.withhold.exposed_rows import known_from_all
from auditkit.withhold.figure_forms import EVERYBODY, SUMS, UNSEEN, known, small_sums
from auditkit.withhold.suppression_network import Line, Name, Network
from auditkit.withhold.withheld_figures import Offer

__all__ = ["COMPLEMENTARY", "SHOWN", "SMALL_COUNT", "Earlier", "Settled", "settle"]

Flags = NDArray[np.bool_]
Sets = NDArray[np.uint64]

SHOWN, SMALL_COUNT, COMPLEMENTARY = 0, 1, 2

_PATIENCE = 100
_FEW_ROUNDS = 12
_ONE = np.uint64(1)


@dataclass(frozen=True)
class Earlier:
    """What earlier analyses gave away of a node: its counts, the sums known, the sums that were withheld."""

    counts: NDArray[np.float64]
    known: int
    withheld: int


@dataclass(frozen=True)
class Settled:
    """What is withheld, nodes x figures (SHOWN, SMALL_COUNT or COMPLEMENTARY), and the sums that are known."""

    reasons: NDArray[np.int8]
    known: Sets
    offered: Sets
    sensitive: Sets


def settle(net: Network, offered: Offer, minimum: int, earlier: dict[Name, list[Earlier]]) -> Settled:
    """Withhold figures until no small sum of any group can be worked out from what is left."""
    work = _Work(net, offered, minimum, earlier)
    work.withhold_small()
    rounds = 0
    while True:
        while work.crossings() or work.together() or work.alone() or work.remainders():
            pass
        exposed = work.exposed()
        if not exposed.any():
            squeezed = work.squeezed()
            rounds += 1
            if not squeezed.any() or not work.loosen(squeezed, drastic=rounds > _FEW_ROUNDS):
                break
            continue
        rounds += 1
        if not work.cover(exposed, drastic=rounds > _PATIENCE):
            break  # nothing is left to withhold: what shows now shows without any figure of this audit
    return Settled(work.reasons, work.everything_known, work.all_offered, work.sensitive)


class _Work:
    """The state of one analysis while figures are withheld."""

    def __init__(self, net: Network, offered: Offer, minimum: int, earlier: dict[Name, list[Earlier]]) -> None:
        self.net, self.offered, self.minimum = net, offered, minimum
        self.shown = offered.exists.copy()
        self.reasons = np.zeros(self.shown.shape, dtype=np.int8)
        self.sensitive = small_sums(net.counts, minimum, net.structural) | _of_earlier(net, minimum, earlier)
        self.protected = np.zeros(len(net), dtype=np.uint64)
        nobody = sum(1 << (1 << c) for c in range(6) if net.structural >> c & 1)
        self.always = np.full(len(net), nobody, dtype=np.uint64)
        self.sizes = net.counts @ SUMS[EVERYBODY]
        self.lines_of: dict[int, list[int]] = {}
        for number, line in enumerate(net.lines):
            for node in (*line.members.tolist(), line.margin):
                self.lines_of.setdefault(node, []).append(number)
        self.total = np.array([net.names[line.margin][0] == () for line in net.lines], dtype=bool)
        self.margin = np.array([line.margin for line in net.lines], dtype=np.int64)
        self.of_crossing = np.array([net.names[margin][1] == () for margin in self.margin], dtype=bool)
        self.member = np.concatenate([line.members for line in net.lines]) if net.lines else np.zeros(0, dtype=np.int64)
        self.line = np.repeat(np.arange(len(net.lines)), [len(line.members) for line in net.lines])
        self.masks = np.zeros(len(net), dtype=np.uint64)
        self.local = np.zeros(len(net), dtype=np.uint64)
        self.everything_known = self.local
        self.all_offered = _known(np.bitwise_or.reduce(offered.gives, axis=1) | self.always)

    # What is published of each node.

    def withhold_small(self) -> None:
        """Small counts, and inside each group whatever would give them away."""
        gives_small = (self.offered.gives & self.sensitive[:, None]) != 0
        self._withhold(self.offered.small | (gives_small & self.shown), SMALL_COUNT)
        self._assume_totals()
        for node in np.flatnonzero(self.sensitive | self.protected):
            self._keep_in_order(int(node))
        self._refresh()

    def _withhold(self, what: Flags, reason: int) -> bool:
        new = what & self.shown
        self.shown &= ~new
        self.reasons[new] = reason
        return bool(new.any())

    def _assume_totals(self) -> None:
        """Sums over everybody count as public wherever they give no small sum away."""
        for node in self.net.totals:
            mask = int(self.always[node])
            for part in (EVERYBODY, UNSEEN, *(1 << c for c in range(6))):
                if not known(mask | 1 << part) & int(self.sensitive[node]):
                    mask |= 1 << part
            self.always[node] = mask
        for number, margin in enumerate(self.margin):
            if self.total[number] or self.of_crossing[number]:
                self._share_of_total(self.net.lines[number].members, int(margin))

    def _share_of_total(self, members: NDArray[np.int64], margin: int) -> None:
        """A share of a total gives the total away: it goes where that total is not to be known."""
        mask = int(self.always[margin])
        for i in self._shares(members):
            more = mask | 1 << self.offered.of_total[i]
            if known(more) & int(self.sensitive[margin]):
                what = np.zeros_like(self.shown)
                what[members, i] = True
                self._withhold(what, COMPLEMENTARY)
            else:
                mask = more

    def _shares(self, members: NDArray[np.int64]) -> list[int]:
        """The shares of a total that are shown of any of these groups."""
        return [i for i, part in enumerate(self.offered.of_total) if part and self.shown[members, i].any()]

    def _keep_in_order(self, node: int) -> None:
        """Keep the figures of a group in their order as long as no forbidden sum follows from them."""
        forbidden = int(self.sensitive[node] | self.protected[node])
        mask = int(self.always[node])
        for i in np.flatnonzero(self.shown[node]):
            more = mask | int(self.offered.gives[node, i])
            if more != mask and known(more) & forbidden:
                self.shown[node, i] = False
                self.reasons[node, i] = COMPLEMENTARY
            else:
                mask = more
        self.masks[node] = mask
        self.local[node] = known(mask)

    def _refresh(self) -> None:
        gives = np.where(self.shown, self.offered.gives, np.uint64(0))
        if len(self.net):
            self.masks = np.bitwise_or.reduce(gives, axis=1) | self.always
        for number in np.flatnonzero(self.total | self.of_crossing):
            shares = self._shares(self.net.lines[number].members)
            self.masks[self.margin[number]] |= np.uint64(sum({1 << self.offered.of_total[i] for i in shares}))
        self.local = _known(self.masks)

    def protect(self, node: int, sums: int) -> bool:
        """Withhold figures of a group until none of these sums follows from them; whether anything went."""
        before = int(self.shown[node].sum())
        self.protected[node] |= np.uint64(sums)
        self._keep_in_order(node)
        return int(self.shown[node].sum()) < before

    # Lines.

    def crossings(self) -> bool:
        """What is withheld of a group is withheld of every crossing that contains it."""
        inner, outer = self.net.crossed_margins
        hidden = self.offered.exists[outer] & ~self.shown[outer] & self.shown[inner]
        if not hidden.any():
            return False
        what = np.zeros_like(self.shown)
        np.logical_or.at(what, inner, hidden)
        self._withhold(what, COMPLEMENTARY)
        self._refresh()
        return True

    def together(self) -> bool:
        """A figure that is one for all groups of a view is shown for all of them or for none."""
        what = np.zeros_like(self.shown)
        for i in (i for i, one in enumerate(self.offered.together) if one):
            gone = {self.net.names[n][0] for n in np.flatnonzero(self.offered.exists[:, i] & ~self.shown[:, i])}
            what[:, i] = [names in gone for names, _ in self.net.names]
        if not self._withhold(what, COMPLEMENTARY):
            return False
        self._refresh()
        return True

    def alone(self) -> bool:
        """No group stands alone with a figure withheld on a line whose sum is public."""
        changed = False
        unlisted = self._count(~self.net.listed) > 0
        for i in range(self.shown.shape[1]):
            hidden = self.offered.exists[:, i] & ~self.shown[:, i]
            single = (self._count(hidden) == 1) & ~unlisted & (self.total | self.shown[self.margin, i])
            single &= self._count(self.shown[:, i]) > 0
            for number in np.flatnonzero(single):
                members = self.net.lines[number].members
                now = members[self.offered.exists[members, i] & ~self.shown[members, i]]
                if len(now) != 1:
                    continue
                group = int(now[0])
                others = members[self.shown[members, i]]
                if len(others):
                    changed = True
                    self._pair(group, int(others[np.argmin(self.sizes[others])]), i)
        return changed

    def _pair(self, group: int, other: int, i: int) -> None:
        """Withhold a figure of `other` because that of `group` is withheld, beyond recall."""
        self.shown[other, i], self.reasons[other, i] = False, COMPLEMENTARY
        gives = int(self.offered.gives[group, i])
        cause = gives & int(self.sensitive[group])
        self.protect(other, (cause or gives & -gives) & ~_structural_sums(self.net.structural))

    def _count(self, nodes: Flags) -> NDArray[np.float64]:
        count = np.bincount(self.line, weights=nodes[self.member], minlength=len(self.net.lines))
        return count.astype(np.float64)

    def remainders(self) -> bool:
        """On a line whose sum is public, the hidden groups together hold at least the minimum."""
        changed = False
        for part in range(1, 64):
            if part & self.net.structural:
                continue
            bit = np.uint64(part)
            hidden = (self.local >> bit & _ONE) == 0
            if not hidden.any():
                continue
            values = self.net.counts @ SUMS[part]
            at_stake = self._count(hidden & ((self.sensitive >> bit & _ONE) == 1)) > 0
            rest = np.bincount(
                self.line, weights=np.where(hidden, values, 0.0)[self.member], minlength=len(self.net.lines)
            )
            public = ~hidden[self.margin]
            for number in np.flatnonzero(at_stake & public & (rest < self.minimum)):
                changed |= self._fill_up(self.net.lines[number], part, values)
        return changed

    def _fill_up(self, line: Line, part: int, values: NDArray[np.float64]) -> bool:
        """Hide a sum in the smallest groups of a line until the hidden ones hold the minimum together."""
        changed = False
        bit = np.uint64(part)
        seen = (self.local[line.members] >> bit & _ONE) == 1
        rest = float(values[line.members[~seen]].sum())
        able = line.members[seen & self.net.listed[line.members]]
        for node in able[np.argsort(self.sizes[able], kind="stable")]:
            if rest >= self.minimum:
                break
            if self.protect(int(node), 1 << part):
                changed, rest = True, rest + float(values[node])
        return changed

    # Everything together.

    def exposed(self) -> Sets:
        """The small sums that can be worked out from all that is published."""
        self.everything_known = known_from_all(self.masks, self.net.lines)
        result: Sets = self.everything_known & self.sensitive & ~self.local
        return result

    def squeezed(self) -> Sets:
        """The small sums that are one whole number only, since no count is negative."""
        return pinned(self.net, self.masks, self.sensitive & ~self.everything_known)

    def loosen(self, squeezed: Sets, drastic: bool) -> bool:
        """Withhold the rates of the smallest group beside each such sum, one a round; whether anything went."""
        before = int(self.shown.sum())
        for node in np.flatnonzero(squeezed):
            beside = {other for n in self.lines_of.get(int(node), []) for other in self.net.lines[n].members.tolist()}
            able = [other for other in beside if self.shown[other, 1:].any()]
            if drastic or not able:
                self._withhold_views(int(node))
            else:
                what = np.zeros_like(self.shown)
                what[min(able, key=lambda other: (self.sizes[other], other)), 1:] = True
                self._withhold(what, COMPLEMENTARY)
            break
        self._refresh()
        return int(self.shown.sum()) < before

    def cover(self, exposed: Sets, drastic: bool) -> bool:
        """Withhold more along the lines of every exposed group, one change a line and round; whether anything went."""
        touched: set[int] = set()
        before = int(self.shown.sum())
        for node in np.flatnonzero(exposed):
            if self._without_shares(int(node)):
                break
            if drastic:
                self._withhold_views(int(node))
            elif not touched & set(self.lines_of.get(int(node), [])):
                touched |= self._cover_one(int(node), int(exposed[node]))
        if int(self.shown.sum()) == before:
            self._withhold(np.ones_like(self.shown), COMPLEMENTARY)
        self._refresh()
        return int(self.shown.sum()) < before

    def _without_shares(self, node: int) -> bool:
        """People not stated come to light by the totals of a crossing: its shares go first."""
        attributes, group = self.net.names[node]
        if self.net.listed[node] or not attributes or not group:
            return False
        of_view = np.array([names == attributes for names, _ in self.net.names])
        what = of_view[:, None] & np.array([part > 0 for part in self.offered.of_total])
        return self._withhold(what, COMPLEMENTARY)

    def _cover_one(self, node: int, exposed: int) -> set[int]:
        """Hide, in the smallest group that can do it, all that brings the exposed sums to light."""
        learned = int(self.everything_known[node] & ~self.local[node])
        mask = int(self.masks[node])
        dangerous = sum(1 << part for part in range(64) if learned >> part & 1 and known(mask | 1 << part) & exposed)
        reached, front = {node}, [node]
        while front:
            numbers = sorted({n for at in front for n in self.lines_of.get(at, [])})
            for number in numbers:
                for other in self._by_size(self.net.lines[number].members, node):
                    if int(self.local[other]) & dangerous and self.protect(other, dangerous):
                        return {number}
            front = self._beyond(numbers, reached)
        self._withhold_views(node)
        return set(self.lines_of.get(node, []))

    def _by_size(self, members: NDArray[np.int64], but: int) -> Iterable[int]:
        able = members[self.net.listed[members] & (members != but)]
        return [int(node) for node in able[np.argsort(self.sizes[able], kind="stable")]]

    def _beyond(self, numbers: Iterable[int], reached: set[int]) -> list[int]:
        found = []
        for number in numbers:
            line = self.net.lines[number]
            for node in (*line.members.tolist(), line.margin):
                if node not in reached:
                    reached.add(node)
                    found.append(node)
        return found

    def _withhold_views(self, node: int) -> None:
        """The last resort: nothing at all of the attributes that this group belongs to."""
        attributes = set(self.net.names[node][0])
        near = [not attributes or bool(attributes & set(names)) for names, _ in self.net.names]
        what = np.zeros_like(self.shown)
        what[near] = True
        if not self._withhold(what, COMPLEMENTARY):
            self._withhold(np.ones_like(self.shown), COMPLEMENTARY)
        self._refresh()


def _known(masks: Sets) -> Sets:
    values, where = np.unique(masks, return_inverse=True)
    found = np.array([known(int(value)) for value in values], dtype=np.uint64)
    result: Sets = found[where] if len(values) else masks
    return result


def _structural_sums(classes: int) -> int:
    return sum(1 << part for part in range(64) if not part & ~classes)


def _of_earlier(net: Network, minimum: int, earlier: dict[Name, list[Earlier]]) -> Sets:
    """Sums that would tell a few people apart from an earlier analysis, or undo what it withheld."""
    result = np.zeros(len(net), dtype=np.uint64)
    possible = np.array([part & ~net.structural != 0 for part in range(64)])
    for name, befores in earlier.items():
        node = net.place.get(name)
        for before in befores if node is not None else ():
            change = net.counts[node] - before.counts
            more, fewer = SUMS @ np.maximum(change, 0.0), SUMS @ np.maximum(-change, 0.0)
            apart = np.maximum(more, fewer)
            one_way = np.minimum(more, fewer) < 0.5  # else the difference is no number of people
            for part in np.flatnonzero((apart < minimum - 1e-9) & one_way & possible):
                told = before.known >> int(part) & 1 and apart[part] > 0.5
                if told or before.withheld >> int(part) & 1:
                    result[node] |= _ONE << np.uint64(part)
    return result
