"""The whole page: its masthead, the brief, the story and the annex, each panel put through its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from auditkit.report.masthead import Masthead, masthead
from auditkit.report.number_words import named
from auditkit.report.panels import Panel, panels, titled
from auditkit.report.sources_panel import citation
from auditkit.result import AuditResult
from auditkit.text import Message, say, translate

__all__ = ["Page", "Shown", "prepare_page"]

_TITLE_LENGTH = 200


@dataclass(frozen=True)
class Shown:
    """A panel as it stands on the page; `short` is its name in the line of contents."""

    key: str
    title: str
    short: str
    html: Markup


@dataclass(frozen=True)
class Page:
    """All that the skeleton shows."""

    language: str
    title_plain: str
    masthead: Masthead
    brief: Markup
    story: tuple[Shown, ...]
    annex: tuple[Shown, ...]
    contents: tuple[Shown, ...]
    citation: Message
    foot: str
    opened: bool


def prepare_page(
    result: AuditResult,
    language: str,
    drawn: Callable[[Panel, Mapping[str, Any]], str],
    depths: tuple[str, ...],
    opened: bool = False,
) -> Page:
    """The panels that the audit wants, at these depths, each drawn by `drawn`; `opened`: with the annex unfolded."""
    made: dict[str, list[Shown]] = {"brief": [], "story": [], "annex": []}
    for panel in panels():
        if panel.depth in depths and panel.is_wanted(result):
            html = Markup(drawn(panel, panel.view(result, language)))
            short = translate(panel.short, language) if panel.short else titled(panel, language)
            made[panel.depth].append(Shown(panel.key, titled(panel, language), short, html))
    annex = Shown("annex", "", translate("Annex", language), Markup(""))
    contents = (*made["story"], *((annex,) if made["annex"] else ()))
    title = named(result.spec.title.text(language), _TITLE_LENGTH)
    return Page(
        language=language,
        title_plain=say("{title}: audit report", title=str(title)).text(language),
        masthead=masthead(result, language),
        brief=Markup("").join(one.html for one in made["brief"]),
        story=tuple(made["story"]),
        annex=tuple(made["annex"]),
        contents=contents if len(contents) > 2 else (),
        citation=citation(result, language),
        foot=citation(result, language).text(language),
        opened=opened,
    )
