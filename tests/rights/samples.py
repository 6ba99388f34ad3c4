"""Results made by hand, as small as a hook needs: what is measured is written down, not computed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from auditkit.result import AnalysisResult, AuditResult, Estimate, Gap, RowAccount, Source
from auditkit.result.attribution import Ablation, Attribution, Explainer, Flip, StandIn
from auditkit.rights.declared_facts import Fact, read_facts
from auditkit.rights.evidence import HOOKS, Look, Statement
from auditkit.rights.library import load_library
from auditkit.spec import AuditSpec

GROUPS: dict[str, dict[str, Any]] = {
    "sex": {"column": "sex", "reference": "man", "ground": "sex", "values": {"woman": {"en": "women", "fr": "femmes"}}},
    "household": {"column": "household", "reference": "couple without children", "ground": "family"},
    "age": {"column": "age", "reference": "30 to 49", "ground": "age"},
    "allowance": {"column": "allowance", "reference": "no", "ground": "disability"},
    "income": {"column": "income", "reference": "middle", "ground": "poverty"},
    "birth": {"column": "birth", "reference": "here", "ground": "origin"},
}


def spec(**more: Any) -> AuditSpec:
    """An audit of rows with a score."""
    content = {
        "title": "t", "as_of": "2026-11-21", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv",
        "score": "score", "selected": {"at_least": 5}, "outcome": {"column": "y", "positive": [1]}, "groups": GROUPS,
    }  # fmt: skip
    return AuditSpec.model_validate(content | more)


def _word(lower: float, upper: float, p: float, n: float) -> str:
    if lower <= 1 <= upper:
        return "equivalent" if lower >= 0.8 and upper <= 1.25 else "inconclusive"
    if p >= 0.05:
        return "inconclusive"
    if (lower > 1.25 or upper < 0.8) and n >= 30:
        return "established"
    return "small" if lower >= 0.8 and upper <= 1.25 else "present"


def gap(attribute: str, group: str, lower: float, upper: float, **more: Any) -> Gap:
    """A ratio of a rate with its interval; the verdict is a word that goes with such an interval."""
    reference = str(GROUPS[attribute]["reference"]) if attribute in GROUPS else "rest"
    value = (lower * upper) ** 0.5
    p = more.pop("p_adjusted", 0.001 if not lower <= 1 <= upper else 0.5)
    n = more.pop("n", 800.0)
    word = _word(lower, upper, p, min(n, 800.0))
    fields: dict[str, Any] = {
        "analysis": "main", "attributes": (attribute,), "groups": (group,), "reference": (reference,),
        "measure": "selection_rate", "kind": "ratio", "side": "event", "direction": "worse" if value > 1 else "better",
        "value": value, "lower": lower, "upper": upper, "bound_lower": None, "bound_upper": None, "confidence": 0.95,
        "method": "miettinen_nurminen", "p_no_gap": p, "p_no_gap_adjusted": p, "test": None, "verdict": str(word),
        "people": None, "people_lower": None, "people_upper": None, "n": n, "n_reference": 800.0,
        "smallest_established": None, "status": "computed",
    }  # fmt: skip
    return Gap(**(fields | more))


def estimate(measure: str, lower: float, upper: float, **more: Any) -> Estimate:
    """A measure of everyone together with its interval."""
    fields: dict[str, Any] = {
        "analysis": "main", "attributes": (), "groups": (), "measure": measure, "value": (lower + upper) / 2,
        "lower": lower, "upper": upper, "bound_lower": None, "bound_upper": None, "confidence": 0.95,
        "method": "wilson", "numerator": 200.0, "denominator": 400.0, "n": 1000.0, "status": "computed",
    }  # fmt: skip
    return Estimate(**(fields | more))


def result(
    gaps: tuple[Gap, ...] = (),
    estimates: tuple[Estimate, ...] = (),
    others: dict[str, tuple[Gap, ...]] | None = None,
    not_stated: dict[str, float] | None = None,
    sources: tuple[Source, ...] = (),
    **more: Any,
) -> AuditResult:
    """A result of one leading analysis, and of others by name."""
    audit = spec(**more)
    rows = RowAccount(read=1000, used=1000, not_stated=not_stated or {})
    main = AnalysisResult("main", audit, rows, (), estimates, gaps)
    further = tuple(AnalysisResult(name, audit, rows, (), (), found) for name, found in (others or {}).items())
    return AuditResult(audit, (main, *further), sources)


def documents_only() -> AuditResult:
    """An audit that holds nothing but documents."""
    audit = AuditSpec.model_validate({"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none"})
    return AuditResult(audit, (), ())


def facts(**given: Any) -> dict[str, tuple[Fact, ...]]:
    """Declared facts, each said by a role."""
    return read_facts({name: {"said_by": "control service", **value} for name, value in given.items()})


def look(
    hook: str, at: AuditResult, declared: dict[str, tuple[Fact, ...]] | None = None, fact: str | None = None
) -> Statement:
    """What a hook says of a result and of declared facts."""
    return HOOKS[hook](Look(at, declared or {}, load_library(), fact))


def explained(ground: str = "origin") -> AuditResult:
    """A result with what a model shows: birth told with an AUC of 0.81; 30 of 1,000 decisions moved; AUCs without."""
    groups = {"birth": {"column": "birth", "reference": "here", "ground": ground}}
    at = result(groups=groups)
    pair: tuple[Any, ...] = (("birth",), ("elsewhere",))
    attribution = Attribution(
        columns=("rent", "income"),
        explainer=Explainer("closed_form", True, "interventional", "score", "reference_group", 1000),
        fidelity=None, contributions=(), splits=(), two_fold=(),
        stand_ins=(StandIn(*pair, 0.81, 0.78, 0.84, 0.5, 0.54, (), 1000, 5),
                   StandIn(*pair, None, None, None, None, None, (), 9, 5, "suppressed")),
        flips=(Flip(*pair, "rent", "low", "high", 1000, 200, 25, 5, 0.1),
               Flip(*pair, "income", "low", "high", 1000, 200, 1, 0, 0.1),
               Flip(*pair, "age", "low", "high", None, None, None, None, None, "suppressed")),
        ablations=(Ablation(*pair, "rent", 0.1, 0.05, 0.7, 0.64), Ablation(*pair, "income", 0.1, 0.1, 0.7, 0.699)),
    )  # fmt: skip
    return replace(at, analyses=(replace(at.main, attribution=attribution),))


def published(group: dict[str, str], selected: float, population: float) -> AuditResult:
    """Documents that give one group's share of those selected and of the population, in per cent."""
    at = documents_only()
    common = {"unit": "percent", "group": group}
    figures = [
        {"what": "a", "value": selected, "share_of": "selected", "denominator": "on-site controls", **common},
        {"what": "b", "value": population, "share_of": "population", **common},
    ]
    content = {"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none", "known_figures": figures}
    return replace(at, spec=AuditSpec.model_validate(content))
