"""`observed` is held against the data: outcomes that only those selected have are never read as everyone's."""

from __future__ import annotations

import pytest

from auditkit.errors import DataError
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

BASE = {
    "title": "t", "system": {"name": "s", "harm": "punitive"}, "as_of": "2026-11-30",
    "groups": {"g": {"column": "groupe", "reference": "autres"}},
    "publish": {"minimum_count": 0, "because": "made up"},
}  # fmt: skip
COUNTS = {"true_positive": "indu", "false_positive": "sans_indu", "not_selected": "non_controles"}
FILE = "groupe;indu;sans_indu;non_controles\nparents isolés;250;750;9000\nautres;300;600;59100\n"


def test_counts_of_those_selected_say_so_by_their_form(tmp_path):
    """Findings N17: 750 of 9,750 to all of them selected wrongly, a base rate of 250 to 9,250 of 10,000."""
    (tmp_path / "c.csv").write_text(FILE, encoding="utf-8")
    spec = AuditSpec.model_validate(BASE | {"data": {"file": "c.csv", "columns": COUNTS}})
    assert spec.observed == "when_selected"
    found = {(e.measure, e.group): e for e in run_audit(spec, tmp_path).analyses[0].estimates}
    wrongly, base = (found[key, "parents isolés"] for key in ("false_positive_rate", "base_rate"))
    assert (wrongly.status, wrongly.value) == ("bounds", None)
    assert (wrongly.bound_lower, wrongly.bound_upper) == pytest.approx((750 / 9750, 1))
    assert (base.bound_lower, base.bound_upper) == pytest.approx((0.025, 0.925))


def test_counts_that_say_everywhere_against_their_form_are_refused():
    with pytest.raises(ValueError, match=r"count outcomes of those selected only"):
        AuditSpec.model_validate(BASE | {"data": {"file": "c.csv", "columns": COUNTS}, "observed": "everywhere"})


def test_all_four_counts_are_known_of_everyone():
    four = {name: name for name in ("true_positive", "false_positive", "true_negative", "false_negative")}
    assert AuditSpec.model_validate(BASE | {"data": {"file": "c.csv", "columns": four}}).observed == "everywhere"


def _rows(tmp_path, known_of_others: float, known_of_selected: float) -> AuditSpec:
    """1,000 people, one in ten selected; of each kind the first so many have an outcome."""
    lines = ["groupe,dec,y"]
    for selected, size, known in (("yes", 100, known_of_selected), ("no", 900, known_of_others)):
        for i in range(size):
            y = str(i % 3 % 2) if i < round(size * known) else ""
            lines.append(f"{('a', 'autres')[i % 2]},{selected},{y}")
    (tmp_path / "r.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    roles = {
        "selected": {"column": "dec", "in": ["yes"]},
        "outcome": {"column": "y", "positive": ["1"], "negative": ["0"]},
    }
    return AuditSpec.model_validate(BASE | roles | {"data": "r.csv"})


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.3, 0.49])
def test_rows_whose_outcomes_are_those_of_the_selected_are_refused(tmp_path, share):
    spec = _rows(tmp_path, share, 1.0)
    with pytest.raises(DataError, match=r"900 .*when_selected"):
        run_audit(spec, tmp_path)
    said = spec.model_copy(update={"observed": "when_selected"})
    found = {e.measure: e for e in run_audit(said, tmp_path).analyses[0].estimates}
    assert found["false_positive_rate"].status == "bounds"


@pytest.mark.parametrize(("others", "selected"), [(1.0, 1.0), (0.95, 1.0), (0.4, 0.4)])
def test_outcomes_that_are_missing_alike_are_no_contradiction(tmp_path, others, selected):
    found = {e.measure: e for e in run_audit(_rows(tmp_path, others, selected), tmp_path).analyses[0].estimates}
    assert found["false_positive_rate"].status == "computed"
