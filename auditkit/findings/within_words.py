"""What becomes of a gap among like cases: the word, the three p and the verdict of every group within a stratum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.families import Declared
from auditkit.findings.gap_words import NOTHING_SAID, limits_of
from auditkit.inference import GapClaims, LikeWithLike, adjusted_p, claim_words, clustered_strata, like_with_like
from auditkit.measures.decisive_side import decisive_side
from auditkit.measures.estimates import Gaps
from auditkit.result.figures import Gap
from auditkit.spec import AuditSpec

__all__ = ["Alike", "with_words_within", "within_of"]

DECIDES = "mantel_haenszel_ratio"
"""The figure within strata that carries test, verdict and word: the files name it after its stratum."""

_MARGINAL = "selection_rate"
_FIRST = ("reversed", "disappears", "differs", "shrinks", "grows", "cannot_tell", "remains")
"""Where several strata are declared, a gap carries the first of these that one of them gives."""


@dataclass(frozen=True)
class Alike:
    """The comparison of every group within one stratum's strata."""

    found: LikeWithLike
    side: NDArray[np.object_]
    verdict: NDArray[np.object_]
    declared: Declared
    kind: Any

    def of(self, i: int) -> dict[str, Any]:
        """The fields of one group's record."""
        within, level = self.found.within, self.declared.level(self.kind)
        found = {"p_no_gap": within.no_gap[i], "p_beyond": within.beyond[i], "p_inside": within.inside[i]}
        word = str(self.found.word[i]) or None
        fields = NOTHING_SAID | {"within": word, "family": self.kind, "tests_in_family": self.declared.size(self.kind)}
        if isnan(within.no_gap[i]):
            return fields
        fields |= {name: float(p) for name, p in found.items()}
        fields |= {f"{name}_adjusted": float(adjusted_p(p, level, self.declared.total)) for name, p in found.items()}
        return fields | {"test": str(within.test[i]) or "mantel_haenszel", "verdict": str(self.verdict[i])}


def within_of(analysis: str, gaps: Gaps, spec: AuditSpec, declared: Declared) -> Alike:
    """Test the gap of every group among like cases, on the rarer side, at the level of its comparison."""
    assert gaps.by_stratum is not None
    x, n, x0, n0 = gaps.by_stratum
    kind = declared.kind(analysis, gaps.compared.attributes, "selection")
    level = declared.level(kind)
    axes = tuple(range(1, x.ndim))
    side = decisive_side(x.sum(axis=axes), n.sum(axis=axes), x0.sum(axis=axes), n0.sum(axis=axes), gaps.hurts)
    on_event = (side == "event").reshape((-1,) + (1,) * len(axes))
    sides = (np.where(on_event, x, n - x), n, np.where(on_event, x0, n0 - x0), n0)
    if x.ndim > 2:
        found = clustered_strata(*sides, np.full(len(side), level), limits_of(spec)).alike
    else:
        found = like_with_like(*sides, level, limits_of(spec))
    for ends in gaps.by_stratum_ends[1:]:
        x, n, x0, n0 = ends
        other = like_with_like(
            np.where(on_event, x, n - x), n, np.where(on_event, x0, n0 - x0), n0, level, limits_of(spec)
        )
        found = _weaker(found, other)
    smaller = np.minimum(found.people_alike, found.reference_alike)
    verdict = claim_words(found.within, level, smaller, spec.verdict.minimum_n)
    return Alike(found, side, verdict, declared, kind)


def _weaker(one: LikeWithLike, other: LikeWithLike) -> LikeWithLike:
    """What holds in both tables: the same word, or none that can be told; the larger of each p."""
    first, second = one.within, other.within
    largest = GapClaims(
        np.maximum(first.no_gap, second.no_gap), np.maximum(first.beyond, second.beyond),
        np.maximum(first.inside, second.inside), first.test,
    )  # fmt: skip
    word = np.where(one.word == other.word, one.word, "cannot_tell").astype(object)
    return replace(one, word=word, within=largest)


def with_words_within(gaps: Sequence[Gap]) -> list[Gap]:
    """The gaps, those of selection with what becomes of them among like cases."""
    words: dict[tuple[tuple[str, ...], tuple[str, ...]], set[str]] = {}
    for gap in gaps:
        if gap.measure.partition(":")[0] == DECIDES and gap.within is not None:
            words.setdefault((gap.attributes, gap.groups), set()).add(gap.within)
    found = {key: next(word for word in _FIRST if word in said) for key, said in words.items()}
    return [
        replace(gap, within=found[gap.attributes, gap.groups])  # type: ignore[arg-type]
        if gap.measure == _MARGINAL and gap.verdict is not None and (gap.attributes, gap.groups) in found
        else gap
        for gap in gaps
    ]
