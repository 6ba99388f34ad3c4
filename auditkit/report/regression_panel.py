"""The regressions of the analyses as tables: each term beside its reference, and what the model rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import MISSING, Name, count, named, p_value, ratio, span
from auditkit.report.value_texts import is_withheld
from auditkit.result import AnalysisResult
from auditkit.result.regression import INTERCEPT, Regression, Term
from auditkit.spec import AuditSpec
from auditkit.spec.regression_spec import RegressionTerm
from auditkit.text import Message, format_number, mark, say, translate

__all__ = ["RegressionRow", "RegressionTable", "level_name", "regression_tables", "term_name"]

_ERRORS = {
    "model": mark("standard errors from the model"),
    "robust": mark("robust standard errors (HC1)"),
    "weighted": mark("standard errors that allow for the sampling weights"),
    "cluster": mark("standard errors over clusters"),
}
_KINDS = {"logit": mark("logistic regression"), "linear": mark("linear regression by least squares")}
_OUTCOMES = {"selected": mark("being selected"), "outcome": mark("having the outcome"), "score": mark("the score")}
_WITHHELD = mark(
    "Withheld: a category of the model rests on too few people, and coefficients give the counts behind them away. Put "
    "small categories together to have it."
)


@dataclass(frozen=True)
class RegressionRow:
    """One term: its coefficient and, for a logit, what it means for odds and chances."""

    anchor: str
    term: Name
    level: Name | None
    reference: Name | None
    n: str
    coefficient: str
    interval: str
    error: str
    p: str
    odds: str
    odds_interval: str
    risk: str


@dataclass(frozen=True)
class RegressionTable:
    """One regression. Without rows, `note` says why."""

    anchor: str
    title: Name
    analysis: Name
    sentence: Message
    is_logit: bool
    rows: tuple[RegressionRow, ...]
    note: Message | None
    fit: str


def regression_tables(analysis: AnalysisResult, names: Names) -> tuple[RegressionTable, ...]:
    """The regressions of one analysis, in the order of audit.yaml."""
    return tuple(_table(one, analysis, names) for one in analysis.regressions)


def _table(one: Regression, analysis: AnalysisResult, names: Names) -> RegressionTable:
    language = names.language
    asked = analysis.spec.regressions.get(one.name)
    given = asked.name.text(language) if asked is not None and asked.name is not None else one.name
    outcome = _OUTCOMES.get(one.outcome)
    return RegressionTable(
        anchor=anchor("regression", analysis.key, one.name),
        title=named(given, 120),
        analysis=names.analysis(analysis.key, analysis.spec),
        sentence=say(
            "What is explained: {outcome}. Method: {kind}, {errors}.",
            outcome=named(one.outcome) if outcome is None else translate(outcome, language),
            kind=translate(_KINDS[one.kind], language),
            errors=translate(_ERRORS[one.standard_errors], language),
        ),
        is_logit=one.kind == "logit",
        rows=tuple(_row(term, one, analysis, names) for term in one.terms),
        note=say(_WITHHELD) if is_withheld(one) else one.note,
        fit=_fit(one, language),
    )


def _row(term: Term, one: Regression, analysis: AnalysisResult, names: Names) -> RegressionRow:
    language = names.language
    write: Callable[[float], str] = partial(_number, language=language)
    odds: Callable[[float], str] = partial(ratio, language=language)
    logit = term.odds_ratio is not None and term.term != INTERCEPT
    return RegressionRow(
        anchor=anchor("regression", analysis.key, one.name, term.term, term.level),
        term=term_name(term.term, one.name, names),
        level=level_name(term.term, term.level, names) if term.level else None,
        reference=level_name(term.term, term.reference, names) if term.reference else None,
        n=count(term.n, language),
        coefficient=write(term.coefficient),
        interval=span(term.lower, term.upper, write, language),
        error=write(term.standard_error),
        p=p_value(term.p_value, language),
        odds=odds(term.odds_ratio) if logit and term.odds_ratio is not None else MISSING,
        odds_interval=span(term.odds_ratio_lower, term.odds_ratio_upper, odds, language) if logit else "",
        risk=odds(term.relative_risk) if logit and term.relative_risk is not None else MISSING,
    )


def _number(value: float, language: str) -> str:
    return format_number(value, 3 if abs(value) < 100 else 1, language)


def term_name(term: str, regression: str, names: Names) -> Name:
    """A term's name: the attribute's, the stratum's, the one given to the column, else the column."""
    language, spec = names.language, names.spec
    if term == INTERCEPT:
        return Name(translate(mark("everyone at the references"), language))
    if (given := _given(term, regression, spec)) is not None and given.name is not None:
        return named(given.name.text(language))
    if term in spec.strata and (words := spec.strata[term].name) is not None:
        return named(words.text(language))
    return names.attribute((term,))


def _given(term: str, regression: str, spec: AuditSpec) -> RegressionTerm | None:
    asked = spec.regressions.get(regression)
    terms = asked.terms if asked is not None else []
    return next((one for one in terms if isinstance(one, RegressionTerm) and one.column == term), None)


def level_name(term: str, level: str, names: Names) -> Name:
    """A level's name: the group's, the one given to the stratum's value, else the level as the data have it."""
    if term in names.spec.groups:
        return names.group((term,), (level,))
    known = names.spec.strata.get(term)
    given = None if known is None else known.values.get(level)
    return named(level if given is None else given.text(names.language))


def _events(one: Regression, language: str) -> Message:
    """How many had what the regression explains: were selected, or had the outcome."""
    words = {"value": count(one.events, language)}
    if one.outcome == "selected":
        return say("selected {value}", **words)
    return say("with the outcome {value}", **words)


def _fit(one: Regression, language: str) -> str:
    """How many people, and how well the model fits, in one line."""
    write: Callable[[float], str] = partial(format_number, decimals=1, language=language)
    said = [
        (one.n, say("n {value}", value=count(one.n, language))),
        (one.events, _events(one, language)),
        (one.left_out or None, say("left out for a missing value {value}", value=count(one.left_out, language))),
    ]
    parts = [message for value, message in said if value is not None]
    if one.log_likelihood is not None:
        parts.append(say("log-likelihood {value}", value=write(one.log_likelihood)))
    if one.aic is not None:
        parts.append(say("AIC {value}", value=write(one.aic)))
    if one.r_squared is not None:
        parts.append(say("R² {value}", value=format_number(one.r_squared, 3, language)))
    return " · ".join(part.text(language) for part in parts)
