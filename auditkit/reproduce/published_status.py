"""One published figure beside ours: the same at the published rounding, the same with a stated slip, or different."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditkit.reproduce.figure_formula import evaluate
from auditkit.reproduce.figure_lookup import REGRESSION, Found, Lookup
from auditkit.reproduce.published_figures import Figure
from auditkit.reproduce.resampling import RESAMPLED, Drawn
from auditkit.spec import AuditSpec
from auditkit.text import say

__all__ = ["STATUSES", "Reproduced", "compare", "judged", "same"]

Status = Literal["same", "same_within_resampling_error", "same_with_stated_slip", "different", "not_recomputable"]
STATUSES: tuple[Status, ...] = (
    "same", "same_within_resampling_error", "same_with_stated_slip", "different", "not_recomputable",
)  # fmt: skip


@dataclass(frozen=True)
class Reproduced:
    """A published figure beside ours. `status` is a closed vocabulary; `held` says it is what was expected."""

    figure: Figure
    ours: float | None
    lower: float | None
    upper: float | None
    status: str
    reason: str
    held: bool


def compare(figure: Figure, look: Lookup, spec: AuditSpec) -> Reproduced:
    """The figure beside what the run found for it."""
    analysis = figure.analysis or "main"
    if analysis != "main" and analysis not in spec.analyses:
        return judged(figure, Found(None, reason="no such analysis"), "not_recomputable")
    if figure.measure.startswith(RESAMPLED):
        return _resampled(figure, look.resampled.figure(figure))
    if figure.formula is not None:
        where = say("published.csv, figure {figure}", figure=figure.figure_id)
        ours = evaluate(figure.formula, where, lambda name, of: look.beside(figure, name, of or "group"))
        reason = "no such figure" if ours is None else ""
        status: Status = "not_recomputable" if ours is None else "different"
        if ours is not None and same(scaled(ours, figure), figure):
            status = "same"
        return judged(figure, Found(ours, reason=reason), status)
    found = look.find(analysis, figure.attribute, figure.group, figure.measure)
    if figure.kind in ("difference", "ratio", "relative_difference") and not figure.measure.startswith(REGRESSION):
        other = look.find(analysis, figure.attribute, figure.reference, figure.measure)
        found = Found(_against(figure.kind, found.value, other.value), reason=found.reason or other.reason)
    if found.value is None:
        return judged(figure, found, "not_recomputable")
    if figure.slip is None:
        return judged(figure, found, "same" if same(scaled(found.value, figure), figure) else "different")
    where = say("published.csv, figure {figure}", figure=figure.figure_id)
    slipped = evaluate(figure.slip, where, lambda name, of: look.beside(figure, name, of))
    if slipped is not None and same(scaled(slipped, figure), figure):
        return judged(figure, found, "same_with_stated_slip", figure.slip)
    return judged(figure, found, "different", "not even with the stated slip")


def _resampled(figure: Figure, drawn: Drawn | None) -> Reproduced:
    """A figure that both drew: the same, or apart by no more than rounding and the noise of both drawings."""
    if drawn is None:
        return judged(figure, Found(None, reason="no such figure"), "not_recomputable")
    ours = scaled(drawn.value, figure)
    status: Status = "same" if same(ours, figure) else "different"
    rounding = 0.5 * 10.0**-figure.decimals
    if status == "different" and abs(ours - figure.published) <= scaled(drawn.noise, figure) + rounding:
        status = "same_within_resampling_error"
    return judged(figure, Found(drawn.value), status)


def _against(kind: str, mine: float | None, other: float | None) -> float | None:
    if mine is None or other is None:
        return None
    if kind == "difference":
        return mine - other
    if other == 0:
        return None
    return mine / other if kind == "ratio" else (mine - other) / other


def scaled(value: float, figure: Figure) -> float:
    """A value in the unit of the publication."""
    return value * (100.0 if figure.unit == "percent" else 1.0)


def same(ours: float, figure: Figure) -> bool:
    """Equal at the published rounding."""
    step = 10.0**-figure.decimals
    return abs(ours - figure.published) <= 0.5 * step * (1 + 1e-9) + 1e-12 * abs(ours)


def judged(figure: Figure, found: Found, status: Status, reason: str = "") -> Reproduced:
    """The line of reproduce.csv: ours in the unit of the publication, and whether it is what was expected."""
    wanted = figure.expected.split(":")[0] or "same"
    good = {
        "same": ("same", "same_within_resampling_error"),
        "slip": ("same_with_stated_slip",),
        "different": ("different",),
    }.get(wanted, ("same",))
    if wanted == "different" and status == "different":
        reason = figure.expected.partition(":")[2].strip()
    ours, lower, upper = (
        None if one is None else scaled(one, figure) for one in (found.value, found.lower, found.upper)
    )
    return Reproduced(figure, ours, lower, upper, status, reason or found.reason, status in good)
