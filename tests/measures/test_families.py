"""What a family must give, what the table holds, and that knowledge of a measure stands in one place."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest
from mypy import api

from auditkit.measures import MEASURES, Measure
from auditkit.measures.composites import Composite
from auditkit.measures.measure_table import measures_of_packages
from auditkit.measures.rates import Rate, compare_together
from tests.findings.measured import find, released
from tests.findings.test_find import COMPAS, spec, tabulation

ROOT = Path(__file__).parents[2]
METHODS = ("needs", "estimate", "compare", "unit")
FAMILY = """
from auditkit.measures.estimates import Estimates, Gaps
from auditkit.measures.measure import Measure, Sum, Unit
from auditkit.protect.released import ReleasedAnalysis, ReleasedView


class Odd(Measure):
    def needs(self) -> frozenset[Sum]:
        return frozenset()

    def estimate(self, analysis: ReleasedAnalysis, view: ReleasedView) -> Estimates | None:
        return None

    def compare(self, analysis: ReleasedAnalysis, view: ReleasedView) -> tuple[Gaps, ...]:
        return ()

    def unit(self) -> Unit:
        return "ratio"


odd = Odd("odd", "odd", "odd?", "odd", "selection", "higher", "lower", "odd", "nobody")
"""


def _without(method: str) -> str:
    lines = FAMILY.split("\n")
    at = next(i for i, line in enumerate(lines) if f"def {method}(" in line)
    return "\n".join([*lines[:at], *lines[at + 3 :]])


def test_mypy_says_what_a_new_family_lacks(tmp_path):
    """One whole family, and one without each method: the first passes, each other is refused by the method's name."""
    names = {"whole": FAMILY, **{method: _without(method) for method in METHODS}}
    files = []
    for name, text in names.items():
        files.append(tmp_path / f"family_{name}.py")
        files[-1].write_text(text, encoding="utf-8")
    said, _, _ = api.run(
        ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--follow-imports=silent", *map(str, files)]
    )
    errors = [line for line in said.splitlines() if "error:" in line]
    assert not [line for line in errors if "family_whole" in line]
    for method in METHODS:
        (line,) = [line for line in errors if f"family_{method}.py" in line]
        assert "Cannot instantiate abstract class" in line
        assert f'"{method}"' in line


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_estimates_compares_and_says_what_it_needs(key):
    analysis = released(tabulation(COMPAS), spec())
    (view,) = analysis.views
    found = MEASURES[key].estimate(analysis, view)
    assert found is None or len(found.value) == len(found.reason) == 2
    for gaps in MEASURES[key].compare(analysis, view):
        assert gaps.measure.partition(":")[0] == key
        assert len(gaps.difference.value) == len(gaps.event.value) == 2
        assert gaps.methods != ("", "")
    assert all(blank in MEASURES[key].sentence() for blank in ("{group}", "{value}", "{reference}"))
    named = {name for part in MEASURES[key].needs() for name in part}
    assert named <= {*MEASURES["selection_rate"].denominator}


def test_what_a_measure_does_not_need_does_not_change_it():
    """Moved people in classes that no sum of it holds leave every estimate as it is."""
    moved = {"a": [1369, 805, 40, 532, 990, 70], "b": [505, 349, 7, 461, 1139, 90]}
    one, other = (released(tabulation(table), spec()) for table in (COMPAS, moved))
    for measure in MEASURES.values():
        named = {name for part in measure.needs() for name in part}
        if isinstance(measure, (Rate, Composite)) and named and not named & {"selected_unseen", "not_selected_unseen"}:
            before, after = (measure.estimate(analysis, analysis.views[0]) for analysis in (one, other))
            assert before is not None
            assert after is not None
            assert np.array_equal(before.value, after.value, equal_nan=True)


def test_together_or_alone_gaps_are_the_same():
    analysis = released(tabulation({**COMPAS, "c": [9, 3, 0, 1, 40, 0]}), spec())
    wanted = [(MEASURES[key], view) for view in analysis.views for key in ("selection_rate", "burden", "accuracy")]
    for (measure, view), together in zip(wanted, compare_together(analysis, wanted), strict=True):
        for one, alone in zip(together, measure.compare(analysis, view), strict=True):
            for span in ("difference", "event", "complement"):
                for end in ("value", "lower", "upper"):
                    ends = [getattr(getattr(gaps, span), end) for gaps in (one, alone)]
                    assert np.allclose(*ends, equal_nan=True, rtol=1e-9)


OWN = Composite(
    "own_share", "own share", "What share?", "people selected rightly / people", "outcome", "higher", "lower",
    "own_share", "a package", of_counts="true_positive / people",
)  # fmt: skip
MORE = (OWN,)


@pytest.mark.parametrize("name", ["OWN", "MORE"])
def test_a_package_adds_measures_by_its_entry_point(name, monkeypatch):
    point = EntryPoint("own", f"{__name__}:{name}", "auditkit.measures")
    monkeypatch.setattr(EntryPoint, "load", lambda self: {"OWN": OWN, "MORE": MORE}[self.attr])
    (found,) = measures_of_packages([point])
    assert isinstance(found, Measure)
    monkeypatch.setitem(MEASURES, found.key, found)
    gaps = find(tabulation(COMPAS), spec(measures=["own_share"], bootstrap={"replicates": 200})).gaps
    (gap,) = [one for one in gaps if one.groups == ("a",)]
    assert gap.value == pytest.approx(1369 / 3696 - 505 / 2454)
    assert gap.direction == "worse"


def test_a_package_cannot_replace_a_measure_or_add_what_is_none():
    with pytest.raises(ValueError, match="accuracy"):
        measures_of_packages([_Loaded(MEASURES["accuracy"])])
    with pytest.raises(ValueError, match="no measure"):
        measures_of_packages([_Loaded("accuracy")])


class _Loaded:
    """What an entry point gives when it is loaded."""

    def __init__(self, found: object) -> None:
        self.name, self.value, self.found = "mine", "package:thing", found

    def load(self) -> object:
        return self.found
