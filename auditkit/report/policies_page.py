"""The page of `auditkit policies`: the panel of the report by itself."""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.report.masthead import Masthead
from auditkit.report.number_words import named
from auditkit.report.palettes import PALETTES
from auditkit.report.panels.policies import PANEL
from auditkit.report.render import font_address, page_environment
from auditkit.result import AuditResult
from auditkit.text import Message, say

__all__ = ["render_policies"]


@dataclass(frozen=True)
class PoliciesPage:
    """What the skeleton of every page asks for."""

    language: str
    title_plain: str
    masthead: Masthead
    citation: Message
    foot: str


def render_policies(result: AuditResult, language: str) -> str:
    """One self-contained HTML file."""
    title = result.spec.title.text(language)
    said = say("{title}: what other rules would do", title=title)
    page = PoliciesPage(language, said.text(language), Masthead((named(title),), named(title, 200)), said, title)
    environment, policy = page_environment("policies", language)
    return environment.get_template("policies.html").render(
        **PANEL.view(result, language), page=page, policy=policy, palette=PALETTES["screen"], font=font_address(),
        logo="", script="", kind=say("Other rules").text(language), internal=result.internal,
    )  # fmt: skip
