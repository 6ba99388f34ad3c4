"""The checklist of a run as plain records: in results.json, back again, and never more than disclosure lets through."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditkit.check import check_audit
from auditkit.errors import SpecError
from auditkit.report import render_report, summary
from auditkit.result.read_results import parse_results
from auditkit.run import run_audit
from auditkit.spec import AuditSpec, find_audit, load_audit
from auditkit.write.results_json import as_written, results_json
from tests.commands import small_audit

DOCUMENTS = ("cnaf-dmde", "france-travail-cre", "cnam-c2s", "caf-gironde-non-recours")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_audit_from_documents_runs_from_end_to_end(name: str) -> None:
    path = find_audit(name)
    spec = load_audit(path)
    result = run_audit(spec, path.parent)
    assert result.analyses == ()
    assert result.rights is not None
    assert result.rights.framework == "public-benefits-fr"
    assert len(result.rights.missing) >= 4
    assert not any(ground.attributes for ground in result.rights.grounds)
    assert all(item.statement is None or item.statement.status != "supports" for item in result.rights.items)
    assert as_written(result) == parse_results(results_json(result), "results.json")
    for language in ("en", "fr"):
        assert spec.title.text(language) in render_report(as_written(result), language)
        assert "auditkit letter" in summary(result, language)
    for known in spec.known_figures:
        assert known.source is not None
        assert known.denominator is not None or known.unit is not None
    assert (path.parent / "README.md").is_file()
    checked = check_audit(spec, path)
    assert not any("framework" in warning.text() for warning in checked.warnings)


def test_two_published_shares_give_two_ratios() -> None:
    # 36/16 = 2.25; (36/64) / (16/84) = 2.953125
    path = find_audit("cnaf-dmde")
    result = run_audit(load_audit(path), path.parent)
    assert result.rights is not None
    (shares,) = result.rights.published
    assert shares.representation_ratio == pytest.approx(2.25)
    assert shares.rate_ratio == pytest.approx(2.953125)
    text = summary(result, "fr")
    assert re.search(r"2,25 fois [^.]*\(rapport de représentation\)", text)
    assert re.search(r"2,95 fois [^.]*\(rapport des taux\)", text)


def test_the_published_denominators_divide() -> None:
    figures = {known.value: known for known in load_audit(find_audit("cnaf-dmde")).known_figures}
    for value, whole in ((0.53, 31_500_000), (2.6, 6_400_000), (1.2, 13_800_000)):
        assert figures[value].denominator is not None
        assert 100 * 166_000 / whole == pytest.approx(value, abs=0.05 if value > 1 else 0.005)
    assert round(1200 * 0.12 * 0.27, 1) == 38.9


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        ("{what: a, value: 36, unit: percent, share_of: selected}", "whose share"),
        ("{what: a, value: 136, unit: percent, share_of: selected, group: g}", "0 to 100"),
        ("{what: a, value: 0.36, unit: share, share_of: selected, group: g}", "percent"),
        ("{what: a, value: 36, unit: percent, share_of: controls, group: g}", "selected"),
    ],
)
def test_a_share_that_says_too_little_is_refused(tmp_path: Path, figure: str, words: str) -> None:
    path = tmp_path / "audit.yaml"
    path.write_text(f"title: t\nsystem: {{name: s, harm: punitive}}\ndata: none\nknown_figures:\n  - {figure}\n")
    with pytest.raises(SpecError, match=words):
        load_audit(path)


def test_duties_stand_with_their_dates() -> None:
    path = find_audit("cnaf-dmde")
    result = run_audit(load_audit(path), path.parent)
    assert result.rights is not None
    duties = {duty.key: duty for duty in result.rights.duties}
    explained = duties["ai-act-27-1-5"]
    assert (explained.state, explained.day, explained.if_in_use) == ("later", "2027-12-02", "2030-08-02")
    assert duties["crpa-r-311-3-1-2"].state == "applies"
    assert duties["iccpr-17"].to_be_checked
    assert not duties["crpa-r-311-3-1-2"].to_be_checked
    assert duties["cets-225-art-8"].state == "pending"
    assert not duties["defenseur-des-droits-2024"].binding
    known = set(duties)
    assert all(set(item.basis) <= known for item in result.rights.items)


def test_answers_stand_beside_the_audit(tmp_path: Path) -> None:
    path = small_audit(tmp_path)
    (tmp_path / "answers.yaml").write_text(
        "answers:\n  PUR-01: {value: yes, role: r, when: 2026-01-02, documents: [{file: ../b.pdf, sha256: '"
        + "0" * 64 + "'}]}\n", encoding="utf-8",
    )  # fmt: skip
    result = run_audit(load_audit(path), tmp_path)
    assert result.rights is not None
    item = next(item for item in result.rights.items if item.key == "PUR-01")
    assert item.status == "satisfied"
    assert item.answer is not None
    assert item.answer.documents == ({"file": "b.pdf", "sha256": "0" * 64},)  # no path that leads out of the folder
    assert "not there any more" in result.rights.notes[0].text("en")
    assert as_written(result) == parse_results(results_json(as_written(result)), "results.json")


def test_a_small_group_is_in_no_statement(tmp_path: Path) -> None:
    lines = ["sex,score,fraud"]
    lines += [f"F,{0.9 if i % 5 == 0 else 0.1},{int(i % 7 == 0)}" for i in range(300)]
    lines += [f"M,{0.9 if i % 5 < 3 else 0.1},{int(i % 7 == 0)}" for i in range(300)]
    lines += [f"{'VWXYZ'[i % 5]},{0.9 if i % 2 else 0.1},{int(i % 3 == 0)}" for i in range(50)]  # ten people each
    path = small_audit(tmp_path)
    (tmp_path / "rows.csv").write_text("\n".join(lines) + "\n")
    result = run_audit(load_audit(path), tmp_path)
    assert result.rights is not None
    items = {item.key: item for item in result.rights.items}
    figures = [one for item in items.values() if item.statement for one in item.statement.figures]
    assert any(one.groups == ("M",) and one.value is not None for one in figures)
    assert not any(set("VWXYZ") & set(one.groups) and one.value is not None for one in figures)
    assert items["EQU-02"].status == "contradicted"  # 60 % against 20 %: a ratio of 3, on 300 people each
    assert items["DAT-10"].statement is not None
    assert items["DAT-10"].statement.status == "supports"


def test_check_proposes_the_framework_of_the_country(tmp_path: Path) -> None:
    def warned(**rights: object) -> list[str]:
        content = {"title": "x", "system": {"name": "y", "harm": "punitive", "country": "FR"}, "data": "none"}
        spec = AuditSpec.model_validate(content | ({"rights": rights} if rights else {}))
        return [message.text() for message in check_audit(spec, tmp_path / "audit.yaml").warnings]

    assert any('"public-benefits-fr" is proposed' in text for text in warned())
    assert any("made for US" in text for text in warned(framework="nyc-ll144"))
    assert any("no file mine.yaml yet" in text for text in warned(framework="public-benefits-fr", answers="mine.yaml"))
    assert not any("framework" in text for text in warned(framework="general"))
    with pytest.raises(SpecError, match="public-benefits-fr"):
        warned(framework="public-benefit-fr")
