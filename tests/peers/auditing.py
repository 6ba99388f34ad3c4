"""A small audit, from a table to its figures, through the public interface alone.

The table is written as a CSV file, the audit as the dictionary that audit.yaml would be; what comes back is asked
by measure and group. A figure that is missing without saying why fails here, whichever test asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from auditkit import AuditSpec, run_audit
from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap

REST: dict[str, Any] = {"is": "rest"}
HIGHEST: dict[str, Any] = {"is": "highest_rate"}
_NUMBER = count(1)


@dataclass(frozen=True)
class Answers:
    """What one audit answered."""

    result: AuditResult

    def of(self, analysis: str = "main") -> Figures:
        """The figures of one analysis."""
        return Figures(next(found for found in self.result.analyses if found.key == analysis))


@dataclass(frozen=True)
class Figures:
    """The figures of one analysis; groups are told apart by name, or by (attribute, name) where names recur."""

    analysis: AnalysisResult

    @cached_property
    def _estimates(self) -> dict[tuple[str, str, str], Estimate]:
        return {(e.measure, e.attribute, e.group): e for e in self.analysis.estimates}

    @cached_property
    def _gaps(self) -> dict[tuple[str, str, str, str], Gap]:
        return {(g.measure, g.kind, g.attribute, g.group): g for g in self.analysis.gaps}

    def estimate(self, measure: str, group: str = "all", attribute: str | None = None) -> Estimate:
        """The one estimate of a measure of a group."""
        found = [e for (m, a, g), e in self._estimates.items()
                 if (m, g) == (measure, group) and attribute in (None, a)]  # fmt: skip
        assert len(found) == 1, f"{len(found)} estimates of {measure} for {attribute} {group}"
        return found[0]

    def value(self, measure: str, group: str = "all", attribute: str | None = None) -> float | None:
        """Its value; None where it could not be computed, which must then be said, with a reason."""
        return _honest(self.estimate(measure, group, attribute))

    def gap(self, measure: str, group: str, kind: str = "difference", attribute: str | None = None) -> Gap:
        """The one gap of a measure of a group to its reference."""
        found = [x for (m, k, a, g), x in self._gaps.items()
                 if (m, k, g) == (measure, kind, group) and attribute in (None, a)]  # fmt: skip
        assert len(found) == 1, f"{len(found)} gaps of {measure} for {attribute} {group}"
        return found[0]

    def difference(self, measure: str, group: str, attribute: str | None = None) -> float | None:
        """Group minus reference."""
        return _honest(self.gap(measure, group, "difference", attribute))

    def ratio(self, measure: str, group: str, attribute: str | None = None) -> float | None:
        """Group over reference."""
        return _honest(self.gap(measure, group, "ratio", attribute))

    def largest_difference(self, measure: str) -> float | None:
        """Highest group minus lowest."""
        (gap,) = [g for g in self.analysis.gaps if (g.measure, g.kind) == (measure, "largest_difference")]
        return _honest(gap)

    def smallest_ratio(self, measure: str) -> float:
        """The smallest of the ratios to the reference."""
        found = [g.value for g in self.analysis.gaps if (g.measure, g.kind) == (measure, "ratio")]
        return min(value for value in found if value is not None)

    def cases(self, measure: str, group: str = "all", attribute: str | None = None) -> float:
        """The numerator of a rate."""
        numerator = self.estimate(measure, group, attribute).numerator
        assert numerator is not None
        return numerator

    def size(self, measure: str, group: str = "all", attribute: str | None = None) -> float:
        """The denominator of a rate."""
        denominator = self.estimate(measure, group, attribute).denominator
        assert denominator is not None
        return denominator

    def numbers(self) -> Iterator[float]:
        """Every value and every p that estimates and gaps print."""
        printed = [e.value for e in self.analysis.estimates]
        for gap in self.analysis.gaps:
            printed += [gap.value, gap.p_no_gap, gap.p_beyond, gap.p_inside]
            printed += [gap.p_no_gap_adjusted, gap.p_beyond_adjusted, gap.p_inside_adjusted]
        return (number for number in printed if number is not None)


def _honest(record: Estimate | Gap) -> float | None:
    """A value, or None with `not_computed` and a reason (a ratio to a rate of 0 keeps its lower limit)."""
    if record.value is None:
        assert record.reason is not None, record
        assert record.status == "not_computed" or record.reason == "reference_zero", record
    else:
        assert record.status == "computed", record
    return record.value


def audit(
    folder: Path,
    columns: Mapping[str, Sequence[Any]],
    groups: Mapping[str, Any],
    selected: Mapping[str, Any] | None = None,
    **more: Any,
) -> Answers:
    """Audit a table given as columns. `groups` gives each attribute's reference, or its whole part of audit.yaml."""
    place = folder / f"audit{next(_NUMBER)}"
    place.mkdir()
    lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    (place / "table.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec = specification(groups, selected, **more)
    return Answers(run_audit(AuditSpec.model_validate(spec), place))


def specification(
    groups: Mapping[str, Any], selected: Mapping[str, Any] | None = None, harm: str = "punitive", **more: Any
) -> dict[str, Any]:
    """An audit of table.csv as audit.yaml would say it, small counts shown."""
    parts = {
        name: part if isinstance(part, Mapping) and "column" in part else {"column": name, "reference": part}
        for name, part in groups.items()
    }
    spec: dict[str, Any] = {
        "title": "comparison", "system": {"name": "comparison", "harm": harm}, "data": {"file": "table.csv"},
        "groups": parts, "crossed": [], "publish": {"minimum_count": 0, "because": "published test data"},
    }  # fmt: skip
    return {**spec, **({"selected": dict(selected)} if selected else {}), **more}


def binary(selected: str = "selected", outcome: str = "outcome") -> dict[str, Any]:
    """Selection and outcome read from columns of 0 and 1."""
    return {
        "selected": {"column": selected, "in": [1]},
        "outcome": {"column": outcome, "positive": [1], "negative": [0]},
    }
