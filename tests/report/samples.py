"""Two results made by hand, as realistic as a report needs: rows of a punitive score, and published counts.

The counts of race are those that ProPublica published for COMPAS in 2016 (two-year recidivism, level Medium or High);
all other counts are invented. Intervals are plain approximations: the report only shows them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import exp, log, sqrt
from typing import Any

from auditkit.measures import MEASURES, direction_of
from auditkit.result import (
    AnalysisResult,
    AuditResult,
    Estimate,
    Exclusion,
    Family,
    Gap,
    Point,
    RowAccount,
    Source,
    ViewResult,
)
from auditkit.spec import AuditSpec
from auditkit.text import say

Counts = tuple[int, int, int, int]  # true positive, false positive, false negative, true negative
PLACES = {"true_positive": 0, "false_positive": 1, "false_negative": 2, "true_negative": 3}

RATES = (
    "selection_rate", "false_positive_rate", "base_rate", "true_positive_rate", "true_negative_rate",
    "false_negative_rate", "positive_predictive_value", "false_discovery_rate", "accuracy",
)  # fmt: skip


def parts(measure: str, counts: Counts) -> tuple[int, int]:
    """Numerator and denominator of a rate."""
    row = MEASURES[measure]
    top = sum(counts[PLACES[key]] for key in row.numerator if key in PLACES)
    return top, sum(counts[PLACES[key]] for key in row.denominator if key in PLACES)


def wilson(x: float, n: float) -> tuple[float, float]:
    """Wilson's interval at 95 %."""
    z, p = 1.959964, x / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def rate(attributes: tuple[str, ...], groups: tuple[str, ...], measure: str, counts: Counts, **more: Any) -> Estimate:
    """One computed rate."""
    x, n = parts(measure, counts)
    lower, upper = wilson(x, n) if n else (None, None)
    made = Estimate(
        analysis="main", attributes=attributes, groups=groups, measure=measure, value=x / n if n else None,
        lower=lower, upper=upper, bound_lower=None, bound_upper=None, confidence=0.95,
        method="wilson" if n else "none", numerator=x, denominator=n, n=sum(counts),
        status="computed" if n else "not_computed", reason=None if n else "nobody_selected",
    )  # fmt: skip
    return replace(made, **more)


def gaps(
    attributes: tuple[str, ...],
    group: tuple[str, ...],
    reference: tuple[str, ...],
    measure: str,
    mine: Counts,
    other: Counts,
    harm: str,
    **more: Any,
) -> tuple[Gap, Gap]:
    """Difference and ratio of one rate, with a verdict by plain normal intervals."""
    x, n = parts(measure, mine)
    y, m = parts(measure, other)
    p, q = x / n, y / m
    half = 1.96 * sqrt(p * (1 - p) / n + q * (1 - q) / m)
    hurts = direction_of(measure, harm)
    way = "none" if hurts == "context" or p == q else "worse" if (p > q) == (hurts == "higher") else "better"
    sign = -1 if hurts == "lower" else 1
    event, complement = _ratio(p, n, q, m), _ratio(1 - p, n, 1 - q, m)
    side = "event" if p + q <= 1 else "complement"
    _, low, high = event if side == "event" else complement
    pvalue = 0.0001 if not low <= 1 <= high else 0.4
    told = hurts != "context"
    ends = sorted((sign * n * (p - q - half), sign * n * (p - q + half)))
    shared: dict[str, Any] = {
        "analysis": "main", "attributes": attributes, "groups": group, "reference": reference, "measure": measure,
        "side": side, "direction": way, "bound_lower": None, "bound_upper": None, "confidence": 0.95,
        "p_no_gap": pvalue, "p_no_gap_adjusted": min(1.0, 20 * pvalue) if told else None, "test": "score",
        "verdict": _verdict(low, high) if told else None,
        "people": sign * n * (p - q) if told else None, "people_lower": ends[0] if told else None,
        "people_upper": ends[1] if told else None, "n": n, "n_reference": m,
        "smallest_established": 1.31 if told else None, "status": "computed",
        "reason": None if told else "context", "crossed": len(attributes) > 1,
    }  # fmt: skip
    shared |= more
    first = Gap(kind="difference", value=p - q, lower=p - q - half, upper=p - q + half, method="newcombe", **shared)
    second = Gap(
        kind="ratio", value=event[0], lower=event[1], upper=event[2], method="miettinen_nurminen",
        complement_value=complement[0], complement_lower=complement[1], complement_upper=complement[2], **shared,
    )  # fmt: skip
    return first, second


def _ratio(p: float, n: int, q: float, m: int) -> tuple[float, float, float]:
    spread = 1.96 * sqrt((1 - p) / (n * p) + (1 - q) / (m * q))
    return p / q, exp(log(p / q) - spread), exp(log(p / q) + spread)


def _verdict(low: float, high: float) -> str:
    if low > 1.25 or high < 0.8:
        return "established"
    if low > 1 or high < 1:
        return "present" if high > 1.25 or low < 0.8 else "small"
    return "equivalent" if low >= 0.8 and high <= 1.25 else "inconclusive"


def view(
    attributes: tuple[str, ...],
    table: dict[tuple[str, ...], Counts],
    reference: tuple[str, ...],
    harm: str,
    measures: tuple[str, ...] = RATES,
) -> tuple[ViewResult, list[Estimate], list[Gap]]:
    """One attribute: all rates of all groups, and their gaps."""
    estimates = [rate(attributes, group, measure, counts) for measure in measures for group, counts in table.items()]
    found = []
    for measure in measures:
        for group, counts in table.items():
            if group == reference or not _comparable(measure, counts, table[reference]):
                continue
            hidden: dict[str, Any] = {}
            if "" in group:
                hidden = {"verdict": None, "reason": "not_stated", "people": None, "p_no_gap_adjusted": None}
            found += gaps(attributes, group, reference, measure, counts, table[reference], harm, **hidden)
    sizes = tuple(float(sum(counts)) for counts in table.values())
    return ViewResult(attributes, tuple(table), reference, "group", sizes), estimates, found


def _comparable(measure: str, *both: Counts) -> bool:
    return all(0 < parts(measure, counts)[0] < parts(measure, counts)[1] for counts in both)


RACE: dict[tuple[str, ...], Counts] = {
    ("African-American",): (1369, 805, 532, 990),
    ("Caucasian",): (505, 349, 461, 1139),
    ("Hispanic",): (98, 79, 125, 315),
    ("Native American",): (9, 5, 4, 9),
    ("",): (12, 9, 11, 30),
}
SEX: dict[tuple[str, ...], Counts] = {("Female",): (303, 288, 195, 609), ("Male",): (1733, 994, 1021, 2071)}
AGE: dict[tuple[str, ...], Counts] = {
    ("under 25",): (600, 380, 180, 369),
    ("25 to 44",): (1170, 760, 730, 1450),
    ("45 and over",): (266, 142, 306, 862),
}
CROSSED: dict[tuple[str, ...], Counts] = {
    (race, sex): tuple(max(2, round(count * share)) for count in RACE[(race,)])  # type: ignore[misc]
    for race in ("African-American", "Caucasian", "Hispanic")
    for sex, share in (("Female", 0.19), ("Male", 0.81))
}


def rows_spec(**more: Any) -> AuditSpec:
    """The audit.yaml of the first sample."""
    content: dict[str, Any] = {
        "title": {
            "en": "COMPAS recidivism score (partly synthetic)",
            "fr": "Score de récidive COMPAS (en partie synthétique)",
        },
        "as_of": date(2026, 11, 21),
        "system": {
            "name": "COMPAS", "operator": "Broward County, Florida", "country": "US", "harm": "punitive",
            "decision": {
                "en": "Risk level shown to the judge before trial",
                "fr": "Niveau de risque montré au juge avant le procès",
            },
            "affected": {"en": "People arrested", "fr": "Personnes arrêtées"},
            "status": "retired", "period": "2013-2014",
            "sources": ["ProPublica, How We Analyzed the COMPAS Recidivism Algorithm, 2016"],
        },
        "data": "compas/two-years",
        "score": "decile_score",
        "selected": {"at_least": 5},
        "outcome": {"column": "two_year_recid", "positive": [1], "negative": [0]},
        "groups": {
            "race": {
                "column": "race", "reference": "Caucasian", "name": {"en": "recorded race", "fr": "origine déclarée"},
                "values": {
                    "African-American": {"en": "African-American", "fr": "Afro-Américains"},
                    "Caucasian": {"en": "Caucasian", "fr": "Blancs"},
                    "Hispanic": {"en": "Hispanic", "fr": "Hispaniques"},
                    "Native American": {"en": "Native American", "fr": "Amérindiens"},
                },
            },
            "sex": {
                "column": "sex", "name": {"en": "sex", "fr": "sexe"},
                "values": {"Female": {"en": "Female", "fr": "Femmes"}, "Male": {"en": "Male", "fr": "Hommes"}},
            },
            "age": {
                "column": "age", "bins": [25, 45], "reference": "25 to 44", "name": {"en": "age", "fr": "âge"},
                "labels": [
                    {"en": "under 25", "fr": "moins de 25 ans"}, {"en": "25 to 44", "fr": "25 à 44 ans"},
                    {"en": "45 and over", "fr": "45 ans et plus"},
                ],
            },
        },
        "stages": [
            {"name": {"en": "flagged", "fr": "signalés"}, "selected": {"at_least": 5}},
            {"name": {"en": "detained", "fr": "détenus"}, "selected": {"at_least": 8}},
        ],
        "publish": {"minimum_count": 0, "because": {"en": "figures already public", "fr": "chiffres déjà publics"}},
        "analyses": {"high_only": {"name": {"en": "level High only", "fr": "niveau High seulement"}}},
    }  # fmt: skip
    return AuditSpec.model_validate(content | more)


def point(series: Any, group: str, measure: str, at: float, value: float, to: float | None = None) -> Point:
    """One point of a chart by race."""
    return Point(
        series,
        ("race",),
        (group,),
        measure,
        at,
        to,
        value,
        value - 0.02,
        value + 0.02,
        100 * value,
        100,
        "computed",
    )


def points() -> tuple[Point, ...]:
    """Sweep, calibration, distribution and stages by race."""
    made = []
    for k, (group, shift) in enumerate((("African-American", 0.1), ("Caucasian", 0.0), ("Hispanic", -0.03))):
        for threshold in range(1, 11):
            share = max(0.0, min(1.0, 1.08 - 0.1 * threshold + shift))
            made.append(point("sweep", group, "selection_rate", threshold, share))
            made.append(point("sweep", group, "false_positive_rate", threshold, share * 0.7))
            made.append(point("calibration", group, "base_rate", threshold, 0.15 + 0.06 * threshold + 0.01 * k))
            made.append(point("distribution", group, "distribution", threshold, 0.1 + shift * (5 - threshold) / 40))
        made.append(point("stage", group, "selection_rate", 1, 0.45 + shift))
        made.append(point("stage", group, "selection_rate", 2, 0.25 + shift / 2))
    return tuple(made)


def analysis(
    key: str, spec: AuditSpec, tables: dict[tuple[str, ...], Any], measures: tuple[str, ...] = RATES, **more: Any
) -> AnalysisResult:
    """One analysis of the tables of counts."""
    views, estimates, found = [], [], []
    for attributes, (table, reference) in tables.items():
        one, figures, differences = view(attributes, table, reference, spec.system.harm, measures)
        views.append(one)
        estimates += [replace(e, analysis=key) for e in figures]
        found += [replace(g, analysis=key) for g in differences]
    made = AnalysisResult(
        key=key, spec=spec,
        rows=RowAccount(
            read=7214, used=7200,
            exclusions=(Exclusion("keep", say("{because}", because="no case found for this person"), 11),
                        Exclusion("missing_score", say("{because}", because="no score"), 3)),
            without_outcome=0, not_stated={"race": 62},
        ),
        views=tuple(views), estimates=tuple(estimates), gaps=tuple(found),
        families=(Family("main", 30), Family("other", 60)),
        facts={"threshold": 5.0},
    )  # fmt: skip
    return replace(made, **more)


TABLES: dict[tuple[str, ...], Any] = {
    ("race",): (RACE, ("Caucasian",)),
    ("sex",): (SEX, ("Male",)),
    ("age",): (AGE, ("25 to 44",)),
    ("race", "sex"): (CROSSED, ("Caucasian", "Male")),
}


def rows_result() -> AuditResult:
    """A punitive audit of rows: crossed groups, a variation, points, a largest gap."""
    spec = rows_spec()
    main = analysis("main", spec, TABLES, points=points())
    widest = replace(
        main.gaps[0], kind="largest_difference", groups=("African-American",), reference=("Hispanic",),
        measure="equalised_odds", value=0.25, verdict=None, method="newcombe_pairs", test="chi_square",
    )  # fmt: skip
    auc = [
        replace(main.estimates[0], measure="auc", groups=group, value=0.69, lower=0.67, upper=0.71, numerator=None,
                denominator=None, method="delong")
        for group in RACE
    ]  # fmt: skip
    burden = [
        replace(main.estimates[0], measure="burden", groups=group, value=c[1] / c[0], lower=0.5, upper=0.7,
                numerator=c[1], denominator=c[0])
        for group, c in RACE.items()
    ]  # fmt: skip
    main = replace(main, gaps=(*main.gaps, widest), estimates=(*main.estimates, *auc, *burden))
    filtered = rows_spec(name={"en": "level High only", "fr": "niveau High seulement"})
    other = analysis("high_only", filtered, {k: v for k, v in TABLES.items() if len(k) == 1})
    source = Source("compas-scores-two-years.csv", "ab" * 32, 2_546_489)
    return AuditResult(spec=spec, analyses=(main, other), sources=(source,), version="0.1.0")


def small_result() -> AuditResult:
    """The first sample cut short: every panel, few rows, for what takes long in a browser."""
    full = rows_result()
    kept = {"selection_rate", "false_positive_rate"}
    cut = tuple(
        replace(
            analysis,
            views=tuple(view for view in analysis.views if view.attributes in (("sex",), ("race", "sex"))),
            estimates=tuple(e for e in analysis.estimates if e.measure in kept and "age" not in e.attributes),
            gaps=tuple(g for g in analysis.gaps if g.measure in kept and "age" not in g.attributes),
            points=tuple(p for p in analysis.points if p.position < 4 and p.measure != "false_positive_rate"),
        )
        for analysis in full.analyses
    )
    return replace(full, analyses=cut)


def counts_spec(**more: Any) -> AuditSpec:
    """The audit.yaml of the second sample."""
    content: dict[str, Any] = {
        "title": {"en": "Help with rent (synthetic counts)", "fr": "Aide au loyer (comptages synthétiques)"},
        "system": {"name": {"en": "Help with rent", "fr": "Aide au loyer"}, "harm": "assistive", "status": "in_use"},
        "data": {"file": "counts.csv", "columns": {"selected": "yes", "not_selected": "no"}},
        "groups": {
            "sex": {"column": "sex", "reference": "men", "name": {"en": "sex", "fr": "sexe"},
                    "values": {"men": {"en": "men", "fr": "hommes"}, "women": {"en": "women", "fr": "femmes"}}},
            "area": {"column": "area", "name": {"en": "area", "fr": "quartier"}},
        },
        "known_figures": [{
            "what": {"en": "Share refused in 2022", "fr": "Part de refus en 2022"}, "value": 36, "unit": "percent",
            "denominator": {"en": "applications", "fr": "demandes"}, "year": 2022, "source": "annual report",
        }],
    }  # fmt: skip
    return AuditSpec.model_validate(content | more)


def counts_result() -> AuditResult:
    """An assistive audit of published counts: bounds, withheld cells, unlinked attributes."""
    spec = counts_spec()
    sex: dict[tuple[str, ...], Counts] = {("men",): (900, 0, 60, 0), ("women",): (840, 0, 115, 0)}
    found, rates, differences = view(("sex",), sex, ("men",), "assistive")
    rates = [e for e in rates if e.measure == "selection_rate"]
    differences = [g for g in differences if g.measure == "selection_rate"]
    area = ("area",)
    known = rate(area, ("North",), "selection_rate", (500, 0, 80, 0))
    bounds = replace(
        known, groups=("South",), value=None, bound_lower=0.61, bound_upper=0.66, lower=0.52, upper=0.74,
        numerator=None, denominator=131.0, status="bounds", method="union", n=131.0,
    )  # fmt: skip
    hidden = replace(
        known, groups=("West",), value=0.123456, lower=0.0111, upper=0.2222, numerator=4, denominator=9, n=9,
        status="suppressed", reason="small_count",
    )  # fmt: skip
    twin = replace(hidden, groups=("East",), value=0.654321, numerator=77, denominator=99, n=99, reason="complementary")
    empty = replace(
        known, groups=("Docks",), value=None, lower=None, upper=None, numerator=0, denominator=0, n=0,
        status="not_computed", reason="empty_group", method="none",
    )  # fmt: skip
    unsure = [
        replace(
            gap, attributes=area, groups=("South",), reference=("North",), value=None,
            bound_lower=-0.25 if i == 0 else 0.7,
            bound_upper=-0.2 if i == 0 else 0.77, complement_value=None, complement_lower=0.9, complement_upper=3.3,
            verdict="inconclusive", people=None, people_lower=10.0, people_upper=44.0, p_no_gap_no_gap_adjusted=0.2,
            smallest_established=None, status="bounds", n=131.0,
        )
        for i, gap in enumerate(differences[:2])
    ]  # fmt: skip
    gone = [replace(gap, groups=("West",), status="suppressed", reason="small_count", value=0.424242) for gap in unsure]
    groups = tuple((name,) for name in ("North", "South", "West", "East", "Docks"))
    by_area = ViewResult(area, groups, ("North",), "largest", (580.0, 131.0, None, None, 0.0))
    apart = ViewResult(("sex", "area"), (), None, "group", (), linked=False, reason="unlinked")
    main = AnalysisResult(
        key="main", spec=spec,
        rows=RowAccount(read=1915, used=1915, approximate=True, notes=(say("{rows} totals agree.", rows=2),)),
        views=(found, by_area, apart),
        estimates=(*rates, known, bounds, hidden, twin, empty), gaps=(*differences, *unsure, *gone),
        families=(Family("main", 2),),
    )  # fmt: skip
    return AuditResult(spec=spec, analyses=(main,), sources=(Source("counts.csv", "0" * 64, 812),), version="0.1.0")


def many_result(groups: int) -> AuditResult:
    """An audit of one attribute with any number of groups."""
    spec = rows_spec(analyses={})
    table: dict[tuple[str, ...], Counts] = {
        (f"group {i:05d}",): (10 + i % 90, 20 + i % 70, 15 + i % 7, 200 - i % 50) for i in range(groups)
    }
    first = next(iter(table))
    main = analysis("main", spec, {("race",): (table, first)}, RATES if groups < 1_000 else RATES[:2])
    return AuditResult(spec=spec, analyses=(main,), sources=(), version="0.1.0")


__all__ = ["counts_result", "counts_spec", "many_result", "rows_result", "rows_spec", "small_result"]
