"""Samples rendered once for all tests of the report."""

from __future__ import annotations

import pytest

from auditkit.report import render_report
from auditkit.result import AuditResult
from tests.report.samples import counts_result, rows_result

RESULTS = {"rows": rows_result(), "counts": counts_result()}
PAGES = {(name, language): render_report(RESULTS[name], language) for name in RESULTS for language in ("en", "fr")}


@pytest.fixture(params=["rows", "counts"])
def result(request: pytest.FixtureRequest) -> AuditResult:
    """Each sample result."""
    return RESULTS[request.param]


@pytest.fixture(params=list(PAGES), ids=lambda pair: "-".join(pair))
def html(request: pytest.FixtureRequest) -> str:
    """Each sample page, in each language."""
    return PAGES[request.param]


@pytest.fixture
def rows_page() -> str:
    """The English page of the rows sample."""
    return PAGES[("rows", "en")]


@pytest.fixture
def counts_page() -> str:
    """The English page of the counts sample."""
    return PAGES[("counts", "en")]
