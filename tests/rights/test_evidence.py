"""Each hook three times: a result that supports or informs, one that contradicts, one that cannot tell.

Hooks whose rule holds no contradiction (they only inform) are held never to contradict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from auditkit.errors import SpecError
from auditkit.result import AuditResult, Source
from auditkit.rights.declared_facts import FACTS, read_facts
from auditkit.rights.evidence import HOOKS, Statement, evidence_for
from auditkit.rights.evidence.evidence import Look
from auditkit.rights.evidence.row_account_evidence import coverage
from auditkit.rights.library import load_library
from auditkit.rights.library_records import Evidence
from tests.rights.samples import documents_only, estimate, explained, facts, gap, look, result

Case = Callable[[], Statement]


def of(hook: str, *gaps: Any, **more: Any) -> Case:
    return lambda: look(hook, result(tuple(gaps), **more))


def with_facts(hook: str, at: Callable[[], AuditResult], **declared: Any) -> Case:
    return lambda: look(hook, at(), facts(**declared))


def rates(*rows: Any) -> Callable[[], AuditResult]:
    return lambda: result((), rows)


def span(ends: tuple[float, float]) -> dict[str, Any]:
    return {"value": sum(ends) / 2, "lower": ends[0], "upper": ends[1], "n": 500}


FPR: dict[str, Any] = {"measure": "false_positive_rate"}
ESTABLISHED, LIKELY, EQUAL = (1.4, 1.9), (1.1, 1.9), (0.7, 1.4)
WOMEN = ("sex", "woman")
PPV, FOR = "positive_predictive_value", "false_omission_rate"
CROSSED: dict[str, Any] = {
    "attributes": ("sex", "age"),
    "groups": ("woman", "under 30"),
    "reference": ("man", "30 to 49"),
    "crossed": True,
}
LIKE_CASES: dict[str, Any] = {
    "measure": "standardised_selection_rate_difference:charge",
    "kind": "difference",
    "verdict": None,
}
HOLDS_NOTHING = replace(gap(*WOMEN, *EQUAL), **LIKE_CASES, value=0.03, lower=-0.02, upper=0.08)
SMALL: dict[str, Any] = {"attributes": ("sex",), "groups": ("woman",), "numerator": 4.0, "denominator": 40.0}

WHOLE = {"minimum_count": 0, "because": "synthetic"}


SPEAKS: dict[str, Case] = {
    "selection_gaps": of("selection_gaps", gap(*WOMEN, *LIKELY)),
    "error_gaps": of("error_gaps", gap(*WOMEN, *ESTABLISHED, **FPR)),
    "disability_gaps": of("disability_gaps", gap("allowance", "yes", *LIKELY)),
    "family_gaps": of("family_gaps", gap(*WOMEN, *LIKELY)),
    "age_gaps": of("age_gaps", gap("age", "under 30", *LIKELY)),
    "crossed_gaps": of("crossed_gaps", gap("sex", "woman", *ESTABLISHED, **CROSSED)),
    "poverty": of("poverty", gap("income", "low", *ESTABLISHED)),
    "origin": of("origin", gap("birth", "elsewhere", *ESTABLISHED)),
    "conditional_gaps": of("conditional_gaps", gap(*WOMEN, *LIKELY, within="reversed")),
    "stability": of("stability", gap(*WOMEN, *ESTABLISHED), others={"later": (gap(*WOMEN, *ESTABLISHED),)}),
    "lift": with_facts("lift", rates(estimate(PPV, 0.5, 0.6), estimate(FOR, 0.1, 0.2))),
    "burden": with_facts("burden", rates(estimate("burden", 1.0, 2.0))),
    "overrides": with_facts(
        "overrides", rates(estimate(PPV, 0.3, 0.4)), override_rate={"value": 0.2, "lower": 0.15, "upper": 0.25}
    ),
    "drift": with_facts(
        "drift", result, drift={"value": 0.1, "lower": 0.05, "upper": 0.15}, drift_bound={"value": 0.2}
    ),
    "declared_performance": with_facts(
        "declared_performance", rates(estimate(PPV, 0.5, 0.6)), declared_precision={"value": 0.55}
    ),
    "yield_split": with_facts("yield_split", result, rights_found={"value": 25}, debts_found={"value": 75}),
    "judged_by_money": with_facts(
        "judged_by_money", result, target={"value": "euros"}, rights_found={"value": 1}, debts_found={"value": 3}
    ),
    "grounds": of("grounds"),
    "label_bias": of("label_bias", observed={"arm": {"column": "a", "in": ["random"]}}),
    "missing_values": of("missing_values", not_stated={"birth": 120.0}),
    "small_counts": of("small_counts"),
    "profiling": of("profiling"),
    "access": of("access"),
    "figures_by_group": of("figures_by_group", gap(*WOMEN, *EQUAL)),
    "criteria": of("criteria", estimates=(estimate(PPV, 0.5, 0.6),)),
    "limits": of("limits", gap(*WOMEN, *EQUAL, smallest_established=1.6)),
    "reproducible": of("reproducible", sources=(Source("rows.csv", "0" * 64, 10),), publish=WHOLE),
    "stand_ins": lambda: look("stand_ins", explained()),
    "flips": lambda: look("flips", explained()),
    "ablations": lambda: look("ablations", explained()),
}

CONTRADICTS: dict[str, Case] = {
    "selection_gaps": of("selection_gaps", gap(*WOMEN, *ESTABLISHED)),
    "disability_gaps": of("disability_gaps", gap("allowance", "yes", *ESTABLISHED)),
    "family_gaps": of("family_gaps", gap("household", "lone parent", *ESTABLISHED)),
    "age_gaps": of("age_gaps", gap("age", "under 30", *ESTABLISHED)),
    "poverty": with_facts(
        "poverty",
        lambda: result((gap("income", "low", *ESTABLISHED),)),
        income_effect={"value": 0.2, "lower": 0.1, "upper": 0.3},
    ),
    "origin": with_facts(
        "origin",
        result,
        origin_proxy={"value": 0.85, "lower": 0.8, "upper": 0.9},
        flip={"value": 0.05, "lower": 0.03, "upper": 0.07},
    ),
    "stability": of("stability", gap(*WOMEN, *ESTABLISHED), others={"later": (gap(*WOMEN, 0.5, 0.7),)}),
    "lift": with_facts("lift", rates(estimate(PPV, 0.1, 0.2), estimate(FOR, 0.4, 0.5))),
    "overrides": with_facts(
        "overrides", rates(estimate(PPV, 0.3, 0.4)), override_rate={"value": 0.01, "lower": 0.0, "upper": 0.02}
    ),
    "drift": with_facts("drift", result, drift={"value": 0.4, "lower": 0.3, "upper": 0.5}, drift_bound={"value": 0.2}),
    "declared_performance": with_facts(
        "declared_performance", rates(estimate(PPV, 0.5, 0.6)), declared_precision={"value": 0.9}
    ),
    "judged_by_money": with_facts("judged_by_money", result, target={"value": "euros"}),
    "label_bias": of("label_bias", observed="when_selected"),
    "missing_values": with_facts(
        "missing_values", result, missing_raises_score={"value": 2.0, "lower": 1.5, "upper": 2.6, "n": 300}
    ),
    "small_counts": of("small_counts", estimates=(estimate("selection_rate", 0.1, 0.2, **SMALL),)),
    "stand_ins": with_facts("stand_ins", explained, sensitive_proxy=span((0.8, 0.9))),
    "flips": with_facts("flips", explained, flip=span((0.02, 0.04))),
    "ablations": with_facts("ablations", explained, idle_variables={"value": 0.0, "lower": -0.0005, "upper": 0.0005}),
}

CANNOT_TELL: dict[str, Case] = {
    "selection_gaps": of("selection_gaps", gap(*WOMEN, *EQUAL)),
    "error_gaps": of("error_gaps", gap(*WOMEN, *ESTABLISHED)),
    "disability_gaps": of("disability_gaps", gap("allowance", "yes", *EQUAL)),
    "family_gaps": of("family_gaps", gap(*WOMEN, *EQUAL)),
    "age_gaps": of("age_gaps", gap("age", "under 30", *EQUAL)),
    "crossed_gaps": of("crossed_gaps", gap("sex", "woman", *EQUAL, **CROSSED)),
    "poverty": of("poverty", gap(*WOMEN, *ESTABLISHED)),
    "origin": of("origin", gap("birth", "elsewhere", *EQUAL)),
    "conditional_gaps": of("conditional_gaps", HOLDS_NOTHING),
    "stability": of("stability", gap(*WOMEN, *ESTABLISHED), others={"later": (gap(*WOMEN, *EQUAL),)}),
    "lift": with_facts("lift", rates(estimate(PPV, 0.3, 0.5), estimate(FOR, 0.35, 0.45))),
    "burden": of("burden"),
    "overrides": with_facts("overrides", rates(estimate(PPV, 0.3, 0.4)), override_rate={"value": 0.01}),
    "drift": with_facts("drift", result, drift={"value": 0.4}, drift_bound={"value": 0.2}),
    "declared_performance": with_facts("declared_performance", result, declared_precision={"value": 0.9}),
    "yield_split": with_facts("yield_split", result, rights_found={"value": 25}),
    "judged_by_money": of("judged_by_money"),
    "grounds": lambda: look("grounds", documents_only()),
    "label_bias": lambda: look("label_bias", documents_only()),
    "missing_values": of("missing_values"),
    "small_counts": lambda: look("small_counts", documents_only()),
    "profiling": lambda: look("profiling", documents_only()),
    "access": lambda: look("access", documents_only()),
    "figures_by_group": of("figures_by_group"),
    "criteria": of("criteria"),
    "limits": of("limits", gap(*WOMEN, *EQUAL)),
    "reproducible": of("reproducible", publish=WHOLE),
    "stand_ins": lambda: look("stand_ins", explained(ground="age")),
    "flips": of("flips"),
    "ablations": of("ablations"),
}

NEVER_CONTRADICTS = {
    "crossed_gaps",
    "conditional_gaps",
    "burden",
    "yield_split",
    "grounds",
    "profiling",
    "access",
    "figures_by_group",
    "criteria",
    "error_gaps",
    "limits",
    "reproducible",
}


def test_every_hook_is_here() -> None:
    assert set(SPEAKS) == set(HOOKS) - {"declared"} == set(CANNOT_TELL)
    assert set(CONTRADICTS) | NEVER_CONTRADICTS == set(SPEAKS)


@pytest.mark.parametrize("hook", SPEAKS)
def test_supports_or_informs(hook: str) -> None:
    said = SPEAKS[hook]()
    assert said.status in ("supports", "informs")
    assert said.sentence.text("fr") != said.sentence.text("en")


@pytest.mark.parametrize("hook", CONTRADICTS)
def test_contradicts(hook: str) -> None:
    said = CONTRADICTS[hook]()
    assert said.status == "contradicts"
    assert said.sentence.text("fr") != said.sentence.text("en")


@pytest.mark.parametrize("hook", CANNOT_TELL)
def test_cannot_tell(hook: str) -> None:
    said = CANNOT_TELL[hook]()
    assert said.status == "cannot_tell"
    assert said.sentence.text("fr") != said.sentence.text("en")


@pytest.mark.parametrize("hook", sorted(set(HOOKS) - {"declared"}))
def test_documents_alone_never_contradict(hook: str) -> None:
    assert look(hook, documents_only()).status == "cannot_tell"


DECLARED: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None, dict[str, Any] | None]] = {
    # kind: (informs, contradicts, cannot tell)
    "ratio": (
        {"value": 1.4, "lower": 1.1, "upper": 1.8, "n": 400},
        {"value": 1.9, "lower": 1.4, "upper": 2.5, "n": 400},
        {"value": 1.9, "lower": 0.9, "upper": 4.0, "n": 400},
    ),
    "ratio_both_ways": (
        {"value": 0.8, "lower": 0.7, "upper": 0.9, "n": 400},
        {"value": 0.5, "lower": 0.4, "upper": 0.6, "n": 400},
        {"value": 0.9, "lower": 0.7, "upper": 1.1, "n": 400},
    ),
    "idle": (
        {"value": 0.01, "lower": 0.005, "upper": 0.015},
        {"value": 0.0, "lower": -0.0005, "upper": 0.0005},
        {"value": 0.0, "lower": -0.01, "upper": 0.01},
    ),
    "any": ({"value": 0, "n": 50}, {"value": 1, "n": 50}, {"value": "some"}),
    "flag": ({"value": True}, {"value": False}, {"value": "perhaps"}),
    "informs": ({"value": 3}, None, None),
}
ABOVE = {
    "unrelated_variables": ((0.5, 0.9), (1.5, 2.5)),
    "sensitive_proxy": ((0.55, 0.7), (0.8, 0.9)),
    "income_effect": (None, (0.1, 0.2)),
    "flip": ((0.002, 0.008), (0.02, 0.04)),
    "overrides_reversed": ((0.2, 0.4), (0.96, 0.99)),
}


@pytest.mark.parametrize("name", [name for name, rule in FACTS.items() if rule.kind != "above"])
def test_every_declared_fact_three_ways(name: str) -> None:
    informs, contradicts, cannot_tell = DECLARED[FACTS[name].kind]
    for status, given in (("informs", informs), ("contradicts", contradicts), ("cannot_tell", cannot_tell)):
        if given is not None:
            assert look("declared", result(), facts(**{name: given}), name).status == status
    assert look("declared", result(), {}, name).status == "cannot_tell"


@pytest.mark.parametrize("name", ABOVE)
def test_facts_held_against_a_limit(name: str) -> None:
    informs, contradicts = ABOVE[name]
    if informs is not None:
        assert look("declared", result(), facts(**{name: span(informs)}), name).status == "informs"
    assert contradicts is not None
    assert look("declared", result(), facts(**{name: span(contradicts)}), name).status == "contradicts"
    few = {**span(contradicts), "n": 12}
    assert look("declared", result(), facts(**{name: few}), name).status != "contradicts"
    neutral = FACTS[name].neutral
    vague = span((neutral - 0.1, neutral + 0.1))
    assert look("declared", result(), facts(**{name: vague}), name).status == "cannot_tell"


def test_the_gravest_of_several_facts_speaks() -> None:
    declared = read_facts(
        {"sensitive_proxy": [{"said_by": "auditor", **span((0.8, 0.9))}, {"said_by": "auditor", **span((0.4, 0.6))}]}
    )
    assert look("declared", result(), declared, "sensitive_proxy").status == "contradicts"


def test_an_established_gap_counts_whoever_is_the_reference() -> None:
    worse = gap("age", "under 30", 1.4, 1.9)
    better = replace(gap("age", "30 to 49", 1 / 1.9, 1 / 1.4), reference=("under 30",))
    assert better.direction == "better"
    for hook in ("selection_gaps", "age_gaps"):
        assert look(hook, result((worse,))).status == look(hook, result((better,))).status == "contradicts"


def test_men_worse_off_than_women_say_nothing_of_women() -> None:
    men = replace(gap("sex", "man", 1.4, 1.9), reference=("woman",))
    women = gap("sex", "woman", 0.5, 0.7)
    for one in (men, women):
        assert look("family_gaps", result((one,))).status == "cannot_tell"
        assert look("selection_gaps", result((one,))).status == "contradicts"


def test_people_without_the_allowance_are_not_taken_for_disabled() -> None:
    assert look("disability_gaps", result((gap("allowance", "without", 1.4, 1.9),))).status == "cannot_tell"
    assert look("disability_gaps", result((gap("allowance", "yes", 0.4, 0.6),))).status == "cannot_tell"


def test_couples_without_children_are_no_families() -> None:
    assert (
        look("family_gaps", result((gap("household", "single, without children", 1.4, 1.9),))).status == "cannot_tell"
    )


@pytest.mark.parametrize("more", [{"n": 12.0}, {"p_adjusted": 0.2}, {"verdict": None}, {"status": "suppressed"}])
def test_a_gap_that_is_not_established_never_contradicts(more: dict[str, Any]) -> None:
    assert look("selection_gaps", result((gap(*WOMEN, 1.4, 1.9, **more),))).status in ("informs", "cannot_tell")


def test_named_variations_do_not_contradict_alone() -> None:
    assert look("selection_gaps", result((), others={"later": (gap(*WOMEN, *ESTABLISHED),)})).status == "cannot_tell"


def test_an_established_gap_by_origin_informs_the_item_on_origin() -> None:
    found = look("origin", result((gap("birth", "elsewhere", *ESTABLISHED),)))
    assert found.status == "informs"
    assert [figure.verdict for figure in found.figures] == ["established"]


def test_a_figure_carries_what_it_rests_on() -> None:
    figure = look("selection_gaps", result((gap(*WOMEN, 1.4, 1.9),))).figures[0]
    assert (figure.attribute, figure.group, figure.reference, figure.measure) == (
        "sex",
        "woman",
        "man",
        "selection_rate",
    )
    assert (figure.lower, figure.upper, figure.n, figure.threshold) == (1.4, 1.9, 800.0, 1.25)
    assert figure.record is not None


def test_the_complement_is_shown_where_the_verdict_was_taken_on_it() -> None:
    other = replace(
        gap(*WOMEN, 1.4, 1.9), side="complement", complement_value=1.6, complement_lower=1.4, complement_upper=1.9,
        value=0.9, lower=0.85, upper=0.95,
    )  # fmt: skip
    figure = look("selection_gaps", result((other,))).figures[0]
    assert (figure.value, figure.lower) == (1.6, 1.4)


def test_french_sentences_name_groups_in_french_and_write_numbers_so() -> None:
    text = look("selection_gaps", result((gap(*WOMEN, 1.4, 1.9),))).sentence.text("fr")
    assert "femmes" in text
    assert "1,25" in text


def test_help_that_fails_to_reach_people_is_held_against_false_negatives() -> None:
    one = gap(*WOMEN, *ESTABLISHED, measure="false_negative_rate")
    assert look("error_gaps", result((one,), system={"name": "s", "harm": "assistive"})).status == "informs"
    assert look("error_gaps", result((one,))).status == "cannot_tell"


def test_grounds_are_covered_by_their_words() -> None:
    table = coverage(Look.at(result()))
    assert len(table) == 24
    assert {key for key, names in table.items() if names} == {"sex", "family", "age", "disability", "poverty", "origin"}


def test_an_unknown_hook_is_named_with_the_nearest() -> None:
    library = load_library()
    item = library.items["EQU-02"].model_copy(update={"evidence": Evidence(hook="selection_gap")})
    with pytest.raises(SpecError, match="selection_gaps"):
        evidence_for(item, result(), library)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"overide_rate": {"value": 1, "said_by": "x"}}, "override_rate"),
        ({"override_rate": {"value": 1}}, "said_by"),
        ({"override_rate": {"value": 0.5, "lower": 0.6, "upper": 0.7, "said_by": "x"}}, "rising order"),
        ({"override_rate": {"value": 0.5, "lower": 0.4, "said_by": "x"}}, "both lower and upper"),
        ({"override_rate": {"value": float("nan"), "said_by": "x"}}, "override_rate"),
        ({"drift_acted": {"value": True, "lower": 0, "upper": 1, "said_by": "x"}}, "number"),
    ],
)
def test_a_wrong_fact_is_refused(content: dict[str, Any], words: str) -> None:
    with pytest.raises(SpecError, match=words):
        read_facts(content)


def test_where_counts_are_released_anybody_can_compute_the_audit_again() -> None:
    said = of("reproducible")()
    assert said.status == "supports"
    assert "published with the report" in said.sentence.text("en")
