"""Published figures beside ours: the proof that the toolkit is right, and the reason students come.

A figure is looked up among the estimates of an audit by analysis, attribute, group and measure. A published
slip is stated as a formula and shown beside the value that was meant; what differs stays visible.
"""

from __future__ import annotations

import ast
import csv
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditkit.audit import run_audit
from auditkit.errors import DataError, cut, nearest
from auditkit.findings.correlation import SCORE_CORRELATION
from auditkit.findings.records import Estimate
from auditkit.measures import DEFAULT_MEASURES, MEASURES
from auditkit.results import AuditResult
from auditkit.spec import AuditSpec, load_audit

__all__ = ["COLUMNS", "Figure", "Reproduced", "Reproduction", "read_published", "reproduce"]

COLUMNS = (
    "figure_id", "analysis", "attribute", "group", "reference", "measure", "kind", "published",
    "decimals", "basis", "source", "expected", "note", "unit",
)  # fmt: skip
_OPTIONAL = {"note", "unit", "expected", "reference", "attribute", "group", "source"}
KINDS = ("rate", "difference", "ratio", "relative_difference", "count", "test", "coefficient", "share")
BASES = ("rows", "counts", "internal")

# Counts are the numerators of rates that are reported anyway.
_COUNTS = {
    "n": ("selection_rate", "denominator"),
    "selected": ("selection_rate", "numerator"),
    "positives": ("base_rate", "numerator"),
    "true_positives": ("true_positive_rate", "numerator"),
    "false_positives": ("false_positive_rate", "numerator"),
    "true_negatives": ("true_negative_rate", "numerator"),
    "false_negatives": ("false_negative_rate", "numerator"),
}


@dataclass(frozen=True)
class Figure:
    """One line of published.csv."""

    figure_id: str
    analysis: str
    attribute: str
    group: str
    reference: str
    measure: str
    kind: str
    published: float
    decimals: int
    basis: str
    source: str
    expected: str
    note: str
    unit: str


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


@dataclass(frozen=True)
class Reproduction:
    """All figures of one audit."""

    name: str
    figures: tuple[Reproduced, ...]

    @property
    def held(self) -> bool:
        """Whether every figure came out as expected."""
        return all(figure.held for figure in self.figures)

    def by_basis(self) -> dict[str, Counter[str]]:
        """How many figures of each status, split by what they were recomputed from."""
        result: dict[str, Counter[str]] = {}
        for row in self.figures:
            result.setdefault(row.figure.basis, Counter())[row.status] += 1
        return result


def reproduce(path: Path, engine: str = "duckdb") -> Reproduction:
    """Run the audit at `path` and compare it with the published.csv beside it.

    Raises DataError where published.csv is missing or wrong, naming the line.
    """
    figures = read_published(path.parent / "published.csv")
    spec = load_audit(path)
    result = run_audit(_with_measures(spec, figures), path.parent, engine)
    look = _lookup(result)
    return Reproduction(path.resolve().parent.name, tuple(_compare(figure, look, spec) for figure in figures))


def _with_measures(spec: AuditSpec, figures: list[Figure]) -> AuditSpec:
    """The audit with the measures that the figures name added to those it asks for."""
    named = {word for f in figures for word in (f.measure, *_names(f.expected)) if word in MEASURES}
    named |= {_COUNTS[f.measure][0] for f in figures if f.measure in _COUNTS}
    named |= {f.measure for f in figures if f.measure.startswith(SCORE_CORRELATION)}

    def wanted(chosen: object) -> list[str]:
        base = list(DEFAULT_MEASURES) if chosen == "default" else list(chosen)  # type: ignore[call-overload]
        return base + sorted(named - set(base))

    analyses = {
        key: {**changes, "measures": wanted(changes["measures"])} if "measures" in changes else changes
        for key, changes in spec.analyses.items()
    }
    return spec.model_copy(update={"measures": wanted(spec.measures), "analyses": analyses})


def read_published(path: Path) -> list[Figure]:
    """The figures of a published.csv. Raises DataError with line, column and value where one cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = reader.fieldnames or []
            for column in header:
                if column not in COLUMNS:
                    raise DataError(
                        '{file}: the column "{column}" is not known; the nearest known: {known}.',
                        file=path.name, column=cut(column), known=nearest(column, COLUMNS),
                    )  # fmt: skip
            if missing := [c for c in COLUMNS if c not in header and c not in _OPTIONAL]:
                raise DataError('{file}: the column "{column}" is missing.', file=path.name, column=missing[0])
            figures = [_figure(row, path, reader.line_num) for row in reader]
    except FileNotFoundError:
        raise DataError(
            "{folder} holds no published.csv; a reproduction needs the figures that were published.",
            folder=path.resolve().parent.name,
        ) from None
    if repeated := [name for name, n in Counter(f.figure_id for f in figures).items() if n > 1]:
        raise DataError('{file}: the figure_id "{value}" stands twice.', file=path.name, value=cut(repeated[0]))
    return figures


def _figure(row: Mapping[str, str | None], path: Path, line: int) -> Figure:
    values = {key: (row.get(key) or "").strip() for key in COLUMNS}

    def wrong(column: str, expected: str) -> DataError:
        return DataError(
            '{file}, line {line}, column {column}: found "{value}"; expected {expected}.',
            file=path.name, line=str(line), column=column, value=cut(values[column]), expected=expected,
        )  # fmt: skip

    if values["kind"] not in KINDS:
        raise wrong("kind", nearest(values["kind"], KINDS))
    if values["basis"] not in BASES:
        raise wrong("basis", nearest(values["basis"], BASES))
    if values["unit"] not in ("", "percent"):
        raise wrong("unit", "percent")
    try:
        published = float(values["published"])
    except ValueError:
        raise wrong("published", "1.91") from None
    if not values["decimals"].isdigit():
        raise wrong("decimals", "2")
    texts = {k: v for k, v in values.items() if k not in ("published", "decimals")}
    return Figure(published=published, decimals=int(values["decimals"]), **texts)


_Lookup = Callable[[str, str, str, str], tuple[Estimate | None, float | None]]


def _lookup(result: AuditResult) -> _Lookup:
    """Finds a figure by analysis, attribute, group and measure."""
    index = {(e.analysis, e.attribute, e.group, e.measure): e for a in result.analyses for e in a.estimates}

    def look(analysis: str, attribute: str, group: str, measure: str) -> tuple[Estimate | None, float | None]:
        key, part = _COUNTS.get(measure, (measure, "value"))
        place = (analysis or "main", attribute, group if attribute else "all", key)
        estimate = index.get(place)
        if estimate is None:
            return None, 0.0 if measure in _COUNTS and _known(index, place) else None
        return estimate, getattr(estimate, part)

    return look


def _known(index: Mapping[tuple[str, str, str, str], Estimate], place: tuple[str, str, str, str]) -> bool:
    """Whether a crossed group merely does not occur: each of its groups does."""
    analysis, attribute, group, key = place
    names, values = attribute.split(" & "), group.split(" & ")
    return len(names) == len(values) > 1 and all(
        (analysis, name, value, key) in index for name, value in zip(names, values, strict=True)
    )


def _compare(figure: Figure, look: _Lookup, spec: AuditSpec) -> Reproduced:
    analysis = figure.analysis or "main"
    if analysis != "main" and analysis not in spec.analyses:
        return _row(figure, None, None, "not_recomputable", "no such analysis")
    place = (analysis, figure.attribute, figure.group)
    estimate, mine = look(*place, figure.measure)
    ours = mine
    if figure.kind in ("difference", "ratio", "relative_difference"):
        _, other = look(analysis, figure.attribute, figure.reference, figure.measure)
        ours = _against(figure.kind, mine, other)
        estimate = None
    if ours is None:
        return _row(figure, None, None, "not_recomputable", estimate.reason or "" if estimate else "no such figure")
    scale = 100.0 if figure.unit == "percent" else 1.0
    ours *= scale
    if figure.expected.startswith("slip:"):
        formula = figure.expected.removeprefix("slip:").strip()
        slipped = _evaluate(formula, figure, look, analysis)
        if slipped is not None and _same(slipped * scale, figure):
            return _row(figure, ours, estimate, "same_with_stated_slip", formula)
        return _row(figure, ours, estimate, "different", "not even with the stated slip")
    return _row(figure, ours, estimate, "same" if _same(ours, figure) else "different", "")


def _against(kind: str, mine: float | None, other: float | None) -> float | None:
    if mine is None or other is None:
        return None
    if kind == "difference":
        return mine - other
    if other == 0:
        return None
    return mine / other if kind == "ratio" else (mine - other) / other


def _same(ours: float, figure: Figure) -> bool:
    """Equal at the published rounding."""
    step = 10.0**-figure.decimals
    return abs(ours - figure.published) <= 0.5 * step * (1 + 1e-9) + 1e-12 * abs(ours)


def _row(figure: Figure, ours: float | None, estimate: Estimate | None, status: str, reason: str) -> Reproduced:
    wanted = figure.expected.split(":")[0] or "same"
    good = {
        "same": ("same", "same_within_resampling_error"),
        "slip": ("same_with_stated_slip",),
        "different": ("different",),
    }.get(wanted, ("same",))
    scale = 100.0 if figure.unit == "percent" else 1.0
    ends = estimate is not None and figure.measure not in _COUNTS
    lower = estimate.lower * scale if ends and estimate and estimate.lower is not None else None
    upper = estimate.upper * scale if ends and estimate and estimate.upper is not None else None
    if wanted == "different" and status == "different":
        reason = figure.expected.partition(":")[2].strip()
    return Reproduced(figure, ours, lower, upper, status, reason, status in good)


# The language of slips: arithmetic over MEASURE[group], MEASURE[reference], round(x, digits) and numbers.

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}


def _names(formula: str) -> list[str]:
    if not formula.startswith("slip:"):
        return []
    try:
        tree = ast.parse(formula.removeprefix("slip:").strip(), mode="eval")
    except SyntaxError:
        return []
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _evaluate(formula: str, figure: Figure, look: _Lookup, analysis: str) -> float | None:
    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                return _OPERATIONS[type(op)](value(left), value(right))
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id="group" | "reference" as which)):
                group = figure.group if which == "group" else figure.reference
                _, found = look(analysis, figure.attribute, group, name)
                if found is None:
                    raise ArithmeticError
                return found
            case ast.Call(func=ast.Name(id="round"), args=[inner, ast.Constant(value=int() as digits)]):
                return round(value(inner), digits)
        raise DataError(
            'published.csv, figure {figure}: the formula "{value}" cannot be read; expected MEASURE[group], '
            "MEASURE[reference], round(x, digits), numbers and + - * /.",
            figure=figure.figure_id,
            value=cut(formula, 80),
        )

    try:
        return value(ast.parse(formula, mode="eval").body)
    except SyntaxError:
        return value(ast.Name("?"))
    except ArithmeticError:
        return None
