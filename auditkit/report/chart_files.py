"""The charts of a report as files to hand on: each an SVG that stands by itself, and the same as PNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from textwrap import wrap
from typing import Any

from auditkit.errors import InputError, cut, nearest
from auditkit.report.answer import answer_of
from auditkit.report.audit_facts import AuditFacts
from auditkit.report.number_words import plain
from auditkit.report.palettes import PALETTES
from auditkit.report.panels import panels
from auditkit.report.panels.overview import rates_table, single_views
from auditkit.report.render import font_address, page_environment
from auditkit.report.sources_panel import citation
from auditkit.report.strips import Table
from auditkit.result import AuditResult
from auditkit.text import say

__all__ = ["chart_png", "chart_svgs", "rates_svg"]


def chart_svgs(result: AuditResult, language: str) -> dict[str, str]:
    """Every chart of the brief and the story by a short name, with its title and its source line.

    The same result gives the same bytes. Crossed groups, whose figure is a table of tints, are not among them.
    """
    return {name: _drawn(result, language, *rest) for name, *rest in _charts(result, language)}


def _drawn(result: AuditResult, language: str, template: str, title: Any, chart: Any) -> str:
    """One chart as an SVG that stands by itself."""
    environment, _ = page_environment("full", language)
    words = plain(title, language)
    given = {
        "chart": chart, "title": words, "title_lines": wrap(words, 72), "source": citation(result, language),
        "p": PALETTES["paper"],
    }  # fmt: skip
    return environment.get_template(f"charts/{template}.svg").render(given).strip() + "\n"


def rates_svg(result: AuditResult, language: str, measure: str | None, by: str | None) -> str:
    """The rates of every group as one chart: of the leading measures, or of one; of every attribute, or of one.

    Raises InputError where the audit holds no such measure or attribute.
    """
    facts = AuditFacts(result, language)
    views = single_views(result)
    held = list(dict.fromkeys(e.measure for e in result.main.estimates)) if result.analyses else []
    for given, known in ((measure, held), (by, [view.attributes[0] for view in views])):
        if given is not None and given not in known:
            raise InputError(
                say('This audit holds no "{name}"; the nearest: {known}.', name=cut(given), known=nearest(given, known))
            )
    measures = facts.measures if measure is None else (measure,)
    chosen = [view for view in views if by is None or view.attributes == (by,)]
    table = rates_table(facts, chosen, measures)
    return _drawn(result, language, "strips", table.caption, table)


def _charts(result: AuditResult, language: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Each chart: its name, its template, its title, and what is drawn."""
    answer = answer_of(AuditFacts(result, language))
    if answer.picture is not None:
        yield "picture", "picture", answer.picture.title, answer.picture
    views = {p.key: p.view(result, language) for p in panels() if p.depth == "story" and p.is_wanted(result)}
    if (table := views.get("overview", {}).get("table")) is not None:
        yield "groups", "strips", table.caption, table
    for number, card in enumerate(views.get("findings", {}).get("cards", ()), start=1):
        if isinstance(card.table, Table):
            yield f"finding-{number}", "strips", card.headline, card.table
    for number, chart in enumerate(views.get("tradeoff", {}).get("charts", ()), start=1):
        yield f"trade-off-{number}", "lines", chart.title, chart
    for key in ("why", "holds"):
        table = views.get(key, {}).get("table")
        if isinstance(table, Table):
            yield key, "strips", table.caption, replace(table, extra=None)


def chart_png(svg: str) -> bytes:
    """A chart as PNG, twice its size. Raises InputError where what draws it is not installed."""
    try:
        from pypdfium2 import PdfDocument
        from weasyprint import HTML
    except (ImportError, OSError):
        command = 'python -m pip install "auditkit[pdf]"'
        raise InputError(say("Charts as PNG need more programs; type: {command}.", command=command)) from None
    width, height = (float(svg.split(f'{side}="', 1)[1].split('"', 1)[0]) for side in ("width", "height"))
    style = (
        f'@font-face{{font-family:"Hyperlegible Audit";font-weight:400 700;src:url({font_address()}) format("woff2")}}'
        f"@page{{size:{width}px {height}px;margin:0}}body{{margin:0}}svg{{display:block}}"
    )
    page = HTML(string=f"<!doctype html><meta charset=utf-8><style>{style}</style>{svg}").write_pdf()
    target = BytesIO()
    PdfDocument(page)[0].render(scale=2 * 96 / 72).to_pil().save(target, "PNG")
    return target.getvalue()
