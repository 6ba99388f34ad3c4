"""Changes that are those of a few people: none is shown, nor what would give one away by subtraction.

Two exact publications of the same people can always be subtracted by whoever holds both (`publish.earlier` is the cure
for that); a comparison does not do it for the reader.
"""

from __future__ import annotations

from collections import defaultdict

from auditkit.result import AnalysisResult, Estimate

__all__ = ["FigureKey", "few_people"]

FigureKey = tuple[tuple[str, ...], tuple[str, ...], str]
"""Attributes, groups and measure of a figure."""


def few_people(before: AnalysisResult, after: AnalysisResult) -> set[FigureKey]:
    """The figures whose change is not shown.

    Withheld are those of which numerator, denominator or people differ by fewer than may be published, and nobody by
    none. Groups of an attribute add up to everyone, and groups of a crossing to those of its attributes: where a single
    one of such a set is withheld, the one that moved least among the others goes with it, so that no sum gives it away.
    """
    minimum = after.spec.publish.minimum_count
    if minimum <= 0:
        return set()
    earlier = {(e.attributes, e.groups, e.measure): e for e in before.estimates}
    moves = {
        key: _moves(found, later)
        for later in after.estimates
        if (found := earlier.get(key := (later.attributes, later.groups, later.measure))) is not None
    }
    hidden = {key for key, numbers in moves.items() if any(0 < number < minimum for number in numbers)}
    sets = _sets(list(moves))
    for _ in range(len(sets) + 1):
        more = set()
        for members in sets:
            alone = [key for key in members if key in hidden]
            others = [key for key in members if key not in hidden]
            if len(alone) == 1 and others:
                more.add(min(others, key=lambda key: (max(moves[key], default=0.0), key)))
        if not more - hidden:
            break
        hidden |= more
    return hidden


def _moves(before: Estimate, after: Estimate) -> list[float]:
    pairs = ((before.numerator, after.numerator), (before.denominator, after.denominator), (before.n, after.n))
    return [abs(a - b) for a, b in pairs if a is not None and b is not None]


def _sets(keys: list[FigureKey]) -> list[list[FigureKey]]:
    """Figures of one measure that add up: a group (or everyone) and what it is divided into by one more attribute."""
    known = set(keys)
    children: dict[tuple[FigureKey, str], list[FigureKey]] = defaultdict(list)
    for attributes, groups, measure in keys:
        for place, name in enumerate(attributes):
            above = (attributes[:place] + attributes[place + 1 :], groups[:place] + groups[place + 1 :], measure)
            children[above, name].append((attributes, groups, measure))
    return [[above, *members] if above in known else members for (above, _), members in children.items()]
