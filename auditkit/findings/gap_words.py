"""What may be said of each gap of a measure, at the level that its comparison has in the audit's one family."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.families import Declared, Kind
from auditkit.inference import GapClaims, Limits, adjusted_p, claim_words
from auditkit.measures.estimates import Gaps
from auditkit.measures.gap_tables import GapTables
from auditkit.spec import AuditSpec

__all__ = ["NOTHING_SAID", "Said", "limits_of", "said_together"]

Floats = NDArray[np.float64]

_TOGETHER = 4096
_P = ("p_no_gap", "p_beyond", "p_inside")
NOTHING_SAID: dict[str, Any] = dict.fromkeys(
    ("test", "verdict", *_P, *(f"{p}_adjusted" for p in _P), "family", "tests_in_family", "smallest_established",
     "smallest_told", "tipping_factor")
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Words and p of every group's gap, with the intervals of what may lead and the gaps that would have been found."""

    words: NDArray[np.object_]
    claims: GapClaims
    kind: Kind
    declared: Declared
    leads: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]
    smallest: tuple[Floats, Floats]
    tipping: Floats

    def of(self, i: int, judged: bool) -> dict[str, Any]:
        """The fields of one group's records; a gap that hurts nobody has its p and no word, and is in no family."""
        found = (self.claims.no_gap, self.claims.beyond, self.claims.inside)
        fields = NOTHING_SAID | {name: _number(p[i]) for name, p in zip(_P, found, strict=True)}
        fields["test"] = str(self.claims.test[i]) or None
        if not judged:
            return fields
        level, total = self.declared.level(self.kind), self.declared.total
        return fields | {
            **{f"{name}_adjusted": _number(adjusted_p(p[i], level, total)) for name, p in zip(_P, found, strict=True)},
            "verdict": str(self.words[i]),
            "family": self.kind,
            "tests_in_family": self.declared.size(self.kind),
            "smallest_established": _number(self.smallest[0][i]),
            "smallest_told": _number(self.smallest[1][i]),
            "tipping_factor": _number(self.tipping[i]),
        }

    def lead(self, i: int, ratio: int) -> dict[str, float | None]:
        """The interval of the difference (0) or ratio (1) that holds together with all others of the family."""
        lower, upper = self.leads[ratio]
        return {"lead_lower": _finite(lower[i]), "lead_upper": _finite(upper[i])}


def limits_of(spec: AuditSpec) -> Limits:
    """The limits of the audit, on both scales."""
    return Limits(spec.verdict.ratio, spec.verdict.points / 100.0)


def said_together(analysis: str, many: Sequence[Gaps], spec: AuditSpec, declared: Declared) -> list[Said]:
    """Test every group's gap of many comparisons, and put a word to each.

    Tables of one shape go through the formulas as one long array, at most `_TOGETHER` groups or so at a time.
    """
    batches: dict[object, list[int]] = {}
    groups: Counter[object] = Counter()
    for place, gaps in enumerate(many):
        assert gaps.tables is not None
        shape = gaps.tables.shape
        batches.setdefault((shape, groups[shape] // _TOGETHER), []).append(place)
        groups[shape] += len(gaps.stated)
    said: dict[int, Said] = {}
    for places in batches.values():
        said |= dict(zip(places, _said(analysis, [many[place] for place in places], spec, declared), strict=True))
    return [said[place] for place in range(len(many))]


def _said(analysis: str, many: list[Gaps], spec: AuditSpec, declared: Declared) -> Iterator[Said]:
    """What may be said of comparisons whose tables have one shape."""
    kinds = [declared.kind(analysis, gaps.compared.attributes, gaps.hypothesis) for gaps in many]
    tables = GapTables.joined([gaps.tables for gaps in many if gaps.tables is not None])
    limits, minimum_n = limits_of(spec), spec.verdict.minimum_n
    sizes = [len(gaps.stated) for gaps in many]
    level = np.repeat([declared.level(kind) for kind in kinds], sizes)
    has_points = np.repeat([gaps.methods[0] not in ("", "odds_ratio") for gaps in many], sizes)
    on_event = np.concatenate([gaps.side == "event" for gaps in many])
    judged = np.concatenate([_judged(gaps) for gaps in many])
    claims = tables.claims(on_event, limits)
    words = claim_words(claims, level, np.concatenate([gaps.smaller_n for gaps in many]), minimum_n)
    nothing = (np.full(len(level), np.nan),) * 2
    found = judged & has_points & (claims.no_gap <= level)
    leads = tables.lead(np.where(found, level, np.nan)) if found.any() else (nothing, nothing)
    levels = np.where(judged & has_points & ~np.isnan(claims.no_gap), level, np.nan)
    smallest = tables.smallest(on_event, levels, limits, minimum_n) if np.isfinite(levels).any() else nothing
    starts = np.cumsum([0, *sizes[:-1]])
    for gaps, kind, start, size in zip(many, kinds, starts, sizes, strict=True):
        part = slice(int(start), int(start) + size)
        yield Said(
            words[part],
            GapClaims(claims.no_gap[part], claims.beyond[part], claims.inside[part], claims.test[part]),
            kind,
            declared,
            tuple((lower[part], upper[part]) for lower, upper in leads),  # type: ignore[arg-type]
            (smallest[0][part], smallest[1][part]),
            _tipping(gaps, spec, declared.level(kind), kind, judged[part]),
        )


def _judged(gaps: Gaps) -> NDArray[np.bool_]:
    """Of which groups a word is said: who stated a group, where being selected helps or hurts, beside a reference that
    was not taken from the data."""
    return gaps.stated & (gaps.hurts != "context") & (gaps.compared.rule != "highest_rate")


def _tipping(gaps: Gaps, spec: AuditSpec, level: float, kind: Kind, judged: NDArray[np.bool_]) -> Floats:
    """Up to which factor the word would stand with the unstated left out, of each main comparison that has one."""
    found = np.full(len(judged), np.nan)
    tables = gaps.tables
    if kind != "main" or tables is None or tables.unstated is None or tables.clusters is not None:
        return found
    for i in np.flatnonzero(judged):
        found[i] = tables.unstated.tipping(int(i), level, limits_of(spec))
    return found


def _number(value: Any) -> float | None:
    return None if isnan(value) else float(value)


def _finite(value: float) -> float | None:
    return float(value) if isfinite(value) else None
