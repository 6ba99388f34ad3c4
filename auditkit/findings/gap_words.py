"""What may be said of each gap of a measure, at the level that its comparison has in the audit's one family."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from auditkit.findings.families import Declared, Kind
from auditkit.inference import GapClaims, Limits, adjusted_p, claim_words
from auditkit.measures.estimates import Gaps
from auditkit.spec import AuditSpec

__all__ = ["NOTHING_SAID", "Said", "limits_of", "said_of"]

Floats = NDArray[np.float64]

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


def said_of(analysis: str, gaps: Gaps, spec: AuditSpec, declared: Declared) -> Said:
    """Test every group's gap, and put a word to it."""
    kind = declared.kind(analysis, gaps.compared.attributes, gaps.hypothesis)
    level, limits, on_event = declared.level(kind), limits_of(spec), gaps.side == "event"
    assert gaps.tables is not None
    claims = gaps.tables.claims(on_event, limits)
    words = claim_words(claims, level, gaps.smaller_n, spec.verdict.minimum_n)
    blank = np.full(len(words), np.nan)
    judged = gaps.stated & (gaps.hurts != "context") & (gaps.compared.rule != "highest_rate")
    found = judged & (claims.no_gap <= level)
    has_points = gaps.methods[0] not in ("", "odds_ratio")
    leads = gaps.tables.lead(np.where(found, level, np.nan)) if found.any() and has_points else ((blank, blank),) * 2
    levels = np.where(judged & ~np.isnan(claims.no_gap), level, np.nan)
    smallest = (
        gaps.tables.smallest(on_event, levels, limits, spec.verdict.minimum_n)
        if has_points and np.isfinite(levels).any()
        else (blank, blank)
    )
    return Said(words, claims, kind, declared, leads, smallest, _tipping(gaps, spec, level, kind, judged))


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
