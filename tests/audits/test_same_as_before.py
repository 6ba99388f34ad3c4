"""Every shipped audit against what release 0.1.0 wrote: values, intervals, directions and reasons, row by row.

Tests, p and verdict words follow another rule since then (docs/verdicts-changed.md); of them the headlines are held.

The stored tables (tests/fixtures/release-0.1.0) hold every field of every record, numbers with 12 significant digits.
A row that is there must be found again and be the same; a measure may gain rows only where `MORE` names it. What is
compared is what was measured, before anything is withheld: which figures are withheld is a rule of its own, and where
0.1.0 withheld some (`WITHHELD_SOME`), its points were joined and its p corrected once more.
"""

import csv
import gzip
import math
from pathlib import Path

import pytest

from auditkit.run import run_audit
from auditkit.spec import load_audit
from auditkit.spec.file_lines import shipped

BEFORE = Path(__file__).parents[1] / "fixtures" / "release-0.1.0"
ROWS_NOT_SHIPPED = {"compas-violent", "kenya-pmt", "sweden-vab"}
AUDITS = sorted({path.name.split(".")[0] for path in BEFORE.glob("*.estimates.csv.gz")})

KEYS = {
    "estimates": ("analysis", "attribute", "group", "measure"),
    "gaps": ("analysis", "attribute", "group", "reference_group", "measure", "kind"),
    "points": ("analysis", "series", "attribute", "group", "measure", "position"),
}
WITHHELD_SOME = {"benefits-caseload"}
MORE: dict[str, set[str]] = {"estimates": set(), "gaps": set(), "points": set()}
"""Measures that have more rows than in 0.1.0."""
OF_THE_RULE = {"p_value", "p_adjusted", "test", "verdict", "smallest_detectable"}
"""Fields that the rule of claims gives."""


def _stored(audit: str, table: str) -> dict[tuple[str, ...], dict[str, str]]:
    path = BEFORE / f"{audit}.{table}.csv.gz"
    if not path.exists():
        return {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {tuple(row.pop(key) for key in KEYS[table]): row for row in rows}


def _key(table: str, analysis: str, record) -> tuple[str, ...]:
    own = {
        "analysis": lambda: analysis,
        "attribute": lambda: " & ".join(record.attributes),
        "group": lambda: " & ".join(record.groups) if record.attributes or table != "estimates" else "all",
        "reference_group": lambda: " & ".join(record.reference),
        "position": lambda: f"{record.position:.12g}",
    }
    return tuple(own[key]() if key in own else str(getattr(record, key)) for key in KEYS[table])


def _given_side(audit: str, key: tuple[str, ...], field: str, before: str, now) -> bool:
    """Within strata 0.1.0 took no verdict and so named no side; the rule now takes one, on the side of all together."""
    if field != "side" or before or not key[4].startswith("mantel_haenszel_ratio:") or now.verdict is None:
        return False
    return now.side == _stored(audit, "gaps")[(*key[:4], "selection_rate", "difference")]["side"]


_KNOWN: dict[int, set[tuple[object, ...]]] = {}


def _unstated(place: int, result) -> set[tuple[object, ...]]:
    """Of a result, the comparisons beside which people stated no group."""
    if place not in _KNOWN:
        rows = [g for one in result.analyses for g in one.gaps if g.unstated_lower is not None]
        _KNOWN[place] = {(g.attributes, g.groups, g.measure) for g in rows}
    return _KNOWN[place]


def _wider_for_unstated(result, key: tuple[str, ...], field: str, before: str, now) -> bool:
    """0.1.0 left out people who stated no group; intervals now hold whoever they are, and are only wider."""
    ends = ("lower", "upper", "people_lower", "people_upper", "complement_lower", "complement_upper")
    if not hasattr(now, "tipping_factor") or field not in ends or before == "":
        return False
    value = getattr(now, field)
    unstated = _unstated(id(result), result)
    burden = (now.attributes, now.groups, "positive_predictive_value") in unstated and now.measure == "burden"
    if (now.attributes, now.groups, now.measure) not in unstated and not burden:
        return False
    return value is None or (value <= float(before) if field.endswith("lower") else value >= float(before))


def _no_finding(field: str, now) -> bool:
    """A gap in precision against the group selected less is no finding any more: no people, and a reason."""
    gone = {"people": None, "people_lower": None, "people_upper": None, "reason": "infra_marginal"}
    return getattr(now, "reason", None) == "infra_marginal" and field in gone and getattr(now, field) == gone[field]


def _differs(stored: str, now: object) -> bool:
    if now is None or stored == "":
        return not (now is None and stored == "")
    if isinstance(now, (int, float)) and not isinstance(now, bool):
        before = float(stored)
        return not math.isclose(before, float(now), rel_tol=5e-12, abs_tol=1e-12)
    return stored != str(now)


@pytest.mark.parametrize(
    "audit", [pytest.param(a, marks=pytest.mark.needs_rows if a in ROWS_NOT_SHIPPED else ()) for a in AUDITS]
)
def test_every_figure_is_what_it_was(audit):
    path = shipped("audits") / audit / "audit.yaml"
    result = run_audit(load_audit(path), path.parent, disclosed=False)
    for table in KEYS:
        if table == "points" and audit in WITHHELD_SOME:
            continue
        stored = {key: row for key, row in _stored(audit, table).items() if row["status"] != "suppressed"}
        left_out = {"p_adjusted", "verdict"} if audit in WITHHELD_SOME else set()
        now = {_key(table, one.key, row): row for one in result.analyses for row in getattr(one, table)}
        assert [key for key in stored if key not in now] == []
        measure = KEYS[table].index("measure")
        known = set(_stored(audit, table))
        assert [key for key in now if key not in known and key[measure] not in MORE[table]] == []
        differing = [
            f"{table} {key} {field}: {before} before, {getattr(now[key], field)} now"
            for key, fields in stored.items()
            for field, before in fields.items()
            if field not in left_out | OF_THE_RULE and _differs(before, getattr(now[key], field))
            if not _given_side(audit, key, field, before, now[key])
            if not _no_finding(field, now[key])
            if not _wider_for_unstated(result, key, field, before, now[key])
        ]
        assert differing == []


def test_the_stored_tables_hold_what_they_should():
    """16 audits of 0.1.0 could be run; of nine of them there are figures, COMPAS by far the most."""
    assert len(AUDITS) == 9
    assert len(_stored("compas", "gaps")) > 3000
    verdicts = {row["verdict"] for audit in AUDITS for row in _stored(audit, "gaps").values()}
    assert verdicts == {"established", "likely", "present", "small", "equivalent", "inconclusive", ""}


@pytest.mark.parametrize(
    ("audit", "verdicts"),
    [
        ("compas", {
            ("African-American", "false_positive_rate"): "established",
            ("African-American", "selection_rate"): "established",
        }),
        ("amsterdam-smart-check", {
            ("not Dutch", "selection_rate"): "established",
            ("not Dutch", "false_positive_rate"): "present",
            ("not Western", "false_positive_rate"): "established",
            ("40 and over", "selection_rate"): "present",
            ("women", "selection_rate"): "inconclusive",
        }),
    ],
)  # fmt: skip
def test_the_headlines(audit: str, verdicts: dict[tuple[str, str], str]):
    """Worked out beside the rule, before the code: COMPAS p_beyond 2e-23, Amsterdam .0031 among 16 main comparisons."""
    path = shipped("audits") / audit / "audit.yaml"
    told = {
        (gap.groups[0], gap.measure): gap.verdict
        for gap in run_audit(load_audit(path), path.parent).main.gaps
        if gap.kind == "ratio" and len(gap.groups) == 1
    }
    assert {key: told[key] for key in verdicts} == verdicts
