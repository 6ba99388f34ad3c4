"""The shipped audit with weights, clusters, strata, two analyses: what is published of it gives its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.protect.released_files import released_files
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec.file_lines import shipped
from auditkit.spec.load_spec import load_audit
from auditkit.write.results_json import results_json

FOLDER = shipped("audits") / "training-places"


@pytest.fixture(scope="module")
def published() -> AuditResult:
    return run_audit(load_audit(FOLDER / "audit.yaml"), FOLDER)


def test_it_has_what_it_is_shipped_for() -> None:
    spec = load_audit(FOLDER / "audit.yaml")
    assert (spec.weight, spec.cluster, spec.publish.minimum_count) == ("weight", "office", 11)
    assert spec.strata
    assert len(spec.analyses) == 1


def test_its_released_files_are_those_that_a_run_publishes(published: AuditResult) -> None:
    for name, content in released_files(published.released).items():
        assert (FOLDER / "released" / name).read_bytes() == content, name


def test_its_report_is_computed_from_them(published: AuditResult) -> None:
    folder: Path = FOLDER / "released"
    again = run_audit(load_audit(folder / "released.yaml"), folder)
    assert results_json(again) == results_json(published)


def test_somebody_is_protected_in_it(published: AuditResult) -> None:
    withheld = {e.groups for e in published.main.estimates if e.status == "suppressed" and len(e.groups) == 1}
    assert ("stateless",) in withheld
    shown = [e for e in published.main.estimates if e.measure == "selection_rate" and e.value is not None]
    assert len(shown) > 8
