"""Every regression of one analysis, in the order of audit.yaml: sample, checks, fit, and the lines of its table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit.counts.count_table import Tabulation
from auditkit.regression.fewest_rows import fewest
from auditkit.regression.fit_regression import Fit, dependent_columns, fit, separating_columns
from auditkit.regression.regression_design import Design, Label, design, with_references
from auditkit.regression.regression_from_counts import sample_counts
from auditkit.regression.regression_from_rows import sample_rows
from auditkit.regression.regression_sample import Sample, complete
from auditkit.result.regression import Regression, Term
from auditkit.spec import AuditSpec
from auditkit.spec.regression_spec import RegressionSpec
from auditkit.text import Message, mark, say

if TYPE_CHECKING:
    from auditkit.intake.open_table import Table

__all__ = ["check_regressions", "regress"]

_EDGE = 1e-6
_FEWEST_CLUSTERS = 20
_MOST_PATTERNS = 500_000

NOTES = {
    "no_rows": mark("No row has a value of the outcome and of every term."),
    "few_rows": mark("There are not more rows than coefficients."),
    "one_outcome": mark("The outcome does not vary: there is nothing to explain."),
    "separation": mark(
        "Separation: {terms} tells the outcome with certainty for some rows, so that no finite coefficient fits best. "
        "Put levels together, or leave the term out."
    ),
    "singular": mark("{terms} follows from the terms before it, and has no coefficient of its own. Leave it out."),
    "not_converged": mark("No best fit was found; leave out terms that hardly vary."),
    "few_clusters": mark("Fewer than 20 clusters: too few for standard errors."),
    "hidden_counts": mark("Some counts are hidden or rounded: no regression rests on them."),
    "outcome_unseen": mark(
        "The outcome is known only for people who were selected: how it differs among all cannot be told from them."
    ),
    "unlinked": mark("The terms and the outcome do not stand together in one table of counts."),
    "too_many_patterns": mark("The terms take too many different values together; put numbers into bins."),
}
"""Why there are no figures, in words."""


def regress(
    table: Table | None, tabulation: Tabulation, spec: AuditSpec, confidence: float | None = None
) -> tuple[Regression, ...]:
    """How do the odds (or the mean) of an outcome differ between groups, other things in the model being equal?

    Each regression that the analysis names, from the rows of `table`, or from the counts where `table` is None. A
    design that has no answer makes a regression without figures, with the reason. Raises DataError and SpecError for
    columns, references and values that are wrong.
    """
    level = spec.confidence if confidence is None else confidence
    return tuple(
        _regression(_sample(table, tabulation, spec, one, name), one, spec, name, level)
        for name, one in spec.regressions.items()
    )


def check_regressions(table: Table | None, tabulation: Tabulation, spec: AuditSpec) -> None:
    """Read what the regressions of an analysis need, and fit nothing. Raises what `regress` would raise."""
    for name, one in spec.regressions.items():
        sample = _sample(table, tabulation, spec, one, name)
        if isinstance(sample, Sample):
            with_references(sample, one, spec, name)


def _sample(
    table: Table | None, tabulation: Tabulation, spec: AuditSpec, regression: RegressionSpec, name: str
) -> Sample | str:
    """The sample of one regression; or why there is none."""
    if spec.observed == "when_selected" and _of_outcome(regression, spec):
        return "outcome_unseen"
    if table is None:
        return sample_counts(tabulation, regression)
    terms = regression.keys()
    if any(name in spec.groups and spec.groups[name].data is not None for name in terms):
        return "unlinked"
    threshold = tabulation.facts.get("threshold")
    return sample_rows(table, spec, regression, name, float(threshold) if isinstance(threshold, (int, float)) else None)


def _of_outcome(regression: RegressionSpec, spec: AuditSpec) -> bool:
    """Whether what is explained is the outcome, by its role or by its column."""
    column = None if isinstance(regression.outcome, str) else regression.outcome.column
    return regression.outcome == "outcome" or (spec.outcome is not None and column == spec.outcome.column)


def _regression(
    sample: Sample | str, regression: RegressionSpec, spec: AuditSpec, name: str, confidence: float
) -> Regression:
    said = regression.outcome if isinstance(regression.outcome, str) else regression.outcome.column

    def without(reason: str, labels: list[Label] | None = None) -> Regression:
        return Regression(name, regression.kind, said, "not_computed", reason, _note(reason, labels or []))

    if isinstance(sample, str):
        return without(sample)
    everyone = with_references(sample, regression, spec, name)
    sample = complete(everyone)
    if not len(sample):
        return without("no_rows")
    if len(sample) > _MOST_PATTERNS:
        return without("too_many_patterns")
    if float(np.ptp(sample.outcome)) == 0:
        return without("one_outcome")
    table = design(sample)
    if sample.n.sum() <= len(table.labels):
        return without("few_rows")
    if dependent := dependent_columns(table, sample):
        return without("singular", [table.labels[place] for place in dependent])
    errors = _errors(sample, regression)
    if errors == "cluster" and (sample.cluster is None or sample.cluster.max() + 1 < _FEWEST_CLUSTERS):
        return without("few_clusters")
    ways: dict[str, Literal["model", "sandwich", "cluster"]] = {"model": "model", "cluster": "cluster"}
    answer = fit(table, sample, regression.kind, ways.get(errors, "sandwich"))
    if regression.kind == "logit" and (answer is None or _extreme(answer)):
        columns = separating_columns(table, sample)
        if columns:
            return without("separation", [table.labels[place] for place in columns])
    if answer is None:
        return without("not_converged")
    found = _table(name, said, regression, sample, table, answer, errors, confidence)
    return replace(found, smallest=fewest(everyone, sample, len(table.labels)))


def _note(reason: str, labels: list[Label]) -> Message:
    if not labels:
        return say(NOTES[reason])
    shown = [f"{label.term} {label.level}".strip() for label in labels[:5]]
    return say(NOTES[reason], terms=", ".join(shown))


def _errors(sample: Sample, regression: RegressionSpec) -> Literal["model", "robust", "weighted", "cluster"]:
    if sample.cluster is not None:
        return "cluster"
    if sample.weighted:
        return "weighted"
    return "robust" if regression.robust else "model"


def _extreme(answer: Fit) -> bool:
    """Whether some row's outcome is all but certain, as it is where an outcome is separated."""
    return bool((answer.fitted < _EDGE).any() or (answer.fitted > 1 - _EDGE).any())


def _table(
    name: str,
    outcome: str,
    regression: RegressionSpec,
    sample: Sample,
    table: Design,
    answer: Fit,
    errors: Literal["model", "robust", "weighted", "cluster"],
    confidence: float,
) -> Regression:
    logit = regression.kind == "logit"
    n, size = float(sample.n.sum()), len(table.labels)
    freedom: float | None = None if logit else n - size
    if errors == "cluster" and sample.cluster is not None:
        freedom = float(sample.cluster.max())
    unweighted = errors != "weighted" and not sample.weighted
    deviance = -2 * answer.log_likelihood if logit else None
    return Regression(
        name=name,
        kind=regression.kind,
        outcome=outcome,
        status="computed",
        terms=tuple(_terms(sample, table, answer, logit, freedom, confidence)),
        n=n,
        events=float(sample.n[sample.outcome > 0.5].sum()) if logit else None,
        left_out=sample.left_out,
        log_likelihood=answer.log_likelihood if unweighted else None,
        null_log_likelihood=answer.null_log_likelihood if unweighted else None,
        deviance=deviance if unweighted else None,
        null_deviance=-2 * answer.null_log_likelihood if logit and unweighted else None,
        aic=deviance + 2 * size if deviance is not None and unweighted else None,
        r_squared=answer.r_squared,
        standard_errors=errors,
        freedom=freedom,
        confidence=confidence,
    )


def _terms(
    sample: Sample, table: Design, answer: Fit, logit: bool, freedom: float | None, confidence: float
) -> list[Term]:
    """The lines of the table, the intercept first."""
    from scipy.special import expit, ndtr, ndtri, stdtr, stdtrit

    tail = (1 + confidence) / 2
    reach = float(ndtri(tail) if freedom is None else stdtrit(freedom, tail))
    base = float(answer.coefficients[0])
    chance = float(expit(base))
    found = []
    for place, label in enumerate(table.labels):
        value, error = float(answer.coefficients[place]), float(np.sqrt(answer.covariance[place, place]))
        z = value / error if error > 0 else float("nan")
        p = float(2 * (ndtr(-abs(z)) if freedom is None else stdtr(freedom, -abs(z))))
        p = float(f"{p:.9g}")  # far out in the tail more digits are those of a version of scipy
        lower, upper = value - reach * error, value + reach * error
        ratios = [float(np.exp(min(x, 700.0))) for x in (value, lower, upper)] if logit else [None, None, None]
        risk = ratios[0] / (1 - chance + chance * ratios[0]) if ratios[0] is not None and place else None
        held = table.matrix[:, place] != 0 if label.level else np.ones(len(sample), dtype=bool)
        events = float(sample.n[held & (sample.outcome > 0.5)].sum()) if logit else None
        found.append(
            Term(
                label.term, label.level, label.reference, value, error, z, p, lower, upper,
                ratios[0], ratios[1], ratios[2], None if risk is None else float(risk),
                float(sample.n[held].sum()), events,
            )
        )  # fmt: skip
    return found
