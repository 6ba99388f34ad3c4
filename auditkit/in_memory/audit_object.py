"""What `auditkit.audit` gives: figures as frames, the brief in a notebook, the report, the file of the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals.stable.v2 as nw

from auditkit.errors import InputError, cut, nearest
from auditkit.spec import AuditSpec

if TYPE_CHECKING:
    from auditkit.result import AuditResult

__all__ = ["Audit", "Chart"]

_SHIPPED_MINIMUM = 11
_CLAIMS = ("no established gap", "no present gap", "no small gap")


@dataclass(frozen=True, repr=False)
class Chart:
    """One chart of a report; a notebook shows it, `save` writes it as .svg or .png."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the chart, by the ending of `path`: .svg, or .png."""
        from auditkit.report.chart_files import chart_png

        target = Path(path)
        target.write_bytes(chart_png(self.svg) if target.suffix == ".png" else self.svg.encode())
        return target


@dataclass(frozen=True, repr=False)
class Audit:
    """One audit of a table in memory. `result` is what results.json holds."""

    spec: AuditSpec
    result: AuditResult
    _content: Mapping[str, Any] = field(repr=False)
    _frame: Any = field(repr=False)
    _minimum_given: bool = field(repr=False)

    @classmethod
    def of(cls, spec: AuditSpec, content: Mapping[str, Any], frame: Any, protected: bool) -> Audit:
        """Count, measure and compare."""
        from auditkit.run import run_audit

        return cls(spec, run_audit(spec, Path(), frame=frame), content, frame, protected)

    @property
    def rates(self) -> Any:
        """Every figure of every group, one line each, in the library of the data; columns as in estimates.csv."""
        from auditkit.write.results_csv import ESTIMATE_COLUMNS, estimate_lines

        return self._table(ESTIMATE_COLUMNS, estimate_lines(self.result))

    @property
    def gaps(self) -> Any:
        """Every group beside its reference, with interval and verdict; columns as in gaps.csv."""
        from auditkit.write.results_csv import GAP_COLUMNS, gap_lines

        return self._table(GAP_COLUMNS, gap_lines(self.result))

    def report(self, path: str | Path, language: str | None = None) -> Path:
        """Write the report as one HTML file; groups under 11 people stay hidden unless minimum_count was given."""
        from auditkit.report import render_report

        target = Path(path)
        html = render_report(self._published().result, language or self.spec.language or "en")
        target.write_text(html, encoding="utf-8")
        return target

    def plot(self, measure: str | None = None, by: str | None = None, language: str | None = None) -> Chart:
        """The report's own chart of the rates of every group, shown in a notebook: all attributes, or one.

        `measure` is one measure in place of the leading ones. Raises InputError where the audit holds no such thing.
        """
        from auditkit.report.chart_files import rates_svg

        return Chart(rates_svg(self.result, language or self.spec.language or "en", measure, by))

    def to_yaml(self, path: str | Path = "audit.yaml", data: str = "rows.parquet") -> Path:
        """Write the audit.yaml that this call is; `data` is the file where the rows will stand (it is not written)."""
        from ruamel.yaml import YAML

        content = {**self._content, "data": data} | {"publish": self._publish()}
        target = Path(path)
        buffer = StringIO()
        YAML(typ="safe", pure=True).dump(content, buffer)
        target.write_text(buffer.getvalue(), encoding="utf-8")
        return target

    def compare(self, other: Audit) -> Any:
        """What changed from this audit to another, with intervals."""
        from auditkit.compare import compare

        return compare(self.result, other.result)

    def policies(self, *policies: Any, cost: Mapping[str, Any] | None = None) -> Any:
        """What other rules would do and to whom, one figure a line; columns as in policies.csv.

        Each of `policies` as in audit.yaml (`{"at_least": 0.6}`, `"random"`, `{"fairlearn": "threshold_optimizer",
        "by": "sex"}`); without any those of the audit, else the usual ones.
        """
        from auditkit.spec.load_spec import validate
        from auditkit.spec.policy_spec import with_policies
        from auditkit.write.policies_csv import POLICY_COLUMNS, policy_lines

        content = dict(self._content) | ({"policies": list(policies)} if policies else {})
        content |= {} if cost is None else {"cost": dict(cost)}
        spec = with_policies(validate(AuditSpec, content, {}, Path("audit()")))
        told = Audit.of(spec, content, self._frame, self._minimum_given)
        return self._table(POLICY_COLUMNS, policy_lines(told.result))

    def require(self, claim: str = "no established gap") -> Audit:
        """This audit, where the claim holds; raises NotHeld with the gaps against it.

        Counted are gaps in which a group is worse off. Claims: no established gap, no present gap (nor established),
        no small gap (nor any larger).
        """
        from auditkit.cli.gates import hold

        if claim not in _CLAIMS:
            raise InputError(
                'There is no claim "{claim}"; expected one of {known}.', claim=cut(claim), known=nearest(claim, _CLAIMS)
            )
        hold(self.result, claim.split()[1])
        return self

    def metric_frame(self, metrics: Mapping[str, Any], by: str | Sequence[str]) -> Any:
        """fairlearn's own MetricFrame of this audit's rows: `metrics` by name, `by` one attribute or several."""
        from fairlearn.metrics import MetricFrame

        truth, decided, weight, groups = self._decisions([by] if isinstance(by, str) else list(by))
        parameters = {name: {"sample_weight": weight} for name in metrics}
        return MetricFrame(
            metrics=dict(metrics), y_true=truth, y_pred=decided, sensitive_features=groups, sample_params=parameters
        )

    def _decisions(self, by: list[str]) -> tuple[Any, Any, Any, Any]:
        """Truth and decision of every class of every group, with the people of that class as weight."""
        import pandas

        known = list(self.spec.groups)
        wrong = next((name for name in by if name not in known), None)
        if wrong is not None:
            raise InputError(
                'There is no attribute "{name}"; the nearest: {known}.', name=cut(wrong), known=nearest(wrong, known)
            )
        rows = [
            (dict(zip(by, group, strict=True)), truth, decided, people)
            for group, classes in _classes(self.result, tuple(by))
            for (truth, decided), people in classes.items()
            if people
        ]
        groups = pandas.DataFrame([group for group, *_ in rows], columns=by)
        truth, decided, weight = ([row[place] for row in rows] for place in (1, 2, 3))
        return truth, decided, weight, groups

    def _publish(self) -> dict[str, Any]:
        return dict(self._content["publish"]) if self._minimum_given else {"minimum_count": _SHIPPED_MINIMUM}

    def _published(self) -> Audit:
        """The same audit as it would be published."""
        from auditkit.spec.load_spec import validate

        content = {**self._content, "publish": self._publish()}
        return Audit.of(validate(AuditSpec, content, {}, Path("audit()")), content, self._frame, protected=True)

    def _table(self, columns: Sequence[str], lines: Any) -> Any:
        """A frame in the library that the data came in; pandas for those that have no frames in memory."""
        rows = [list(line) for line in lines]
        values = {column: [row[place] for row in rows] for place, column in enumerate(columns)}
        given = nw.from_native(self._frame)
        backend = given.implementation
        if not isinstance(given, nw.DataFrame):
            import pandas

            return pandas.DataFrame(values)
        return nw.from_dict(values, backend=backend).to_native()

    def __repr__(self) -> str:
        from auditkit.report.terminal_summary import summary

        return summary(self.result, self.spec.language or "en")

    def _repr_html_(self) -> str:
        from auditkit.report import render_report

        page = render_report(self.result, self.spec.language or "en", "brief")
        return f'<iframe style="width:100%;height:720px;border:0" srcdoc="{escape(page, quote=True)}"></iframe>'


def _classes(result: AuditResult, by: tuple[str, ...]) -> list[tuple[tuple[str, ...], dict[tuple[int, int], float]]]:
    """The four known classes of each group, (outcome, selected): people, from the rates that count them."""
    found: dict[tuple[str, ...], dict[tuple[int, int], float]] = {}
    for row in result.main.estimates:
        if row.attributes != by or row.measure not in ("true_positive_rate", "false_positive_rate"):
            continue
        outcome = int(row.measure == "true_positive_rate")
        selected, everyone = row.numerator or 0.0, row.denominator or 0.0
        found.setdefault(row.groups, {}).update({(outcome, 1): selected, (outcome, 0): everyone - selected})
    if not found:
        raise InputError(
            "There are no classes of {attributes} to hand over: the audit needs an outcome, and attributes that are "
            "crossed.",
            attributes=", ".join(by),
        )
    return list(found.items())
