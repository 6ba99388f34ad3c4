"""The page put through a set of Jinja templates: one self-contained HTML file.

Templates see a prepared page and two functions that translate; nothing is computed in them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditkit.locale import translate, translate_plural
from auditkit.report.page import prepare_page
from auditkit.report.writing import markup
from auditkit.results import AuditResult
from auditkit.spec.places import shipped

__all__ = ["render_report"]


def render_report(
    result: AuditResult, language: str, templates: Path | None = None, manifest: dict[str, Any] | None = None
) -> str:
    """The report of an audit as one HTML file, in `language` ("en" or "fr").

    `templates` is a folder with a report.html (default: report_templates/full). `manifest` adds the versions and the
    engine of the run. The same result gives the same bytes: no clock, no chance. Raises jinja2.UndefinedError where
    a template names what the page does not hold.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = templates if templates is not None else shipped("report_templates") / "full"
    environment = Environment(
        loader=FileSystemLoader(str(folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["words"] = lambda message: markup(message, language)
    page = prepare_page(result, language, manifest)
    return environment.get_template("report.html").render(
        page=page,
        _=lambda sentence: translate(sentence, language),
        ngettext=lambda one, many, number: translate_plural(one, many, number, language),
    )
