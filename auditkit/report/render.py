"""The page put through a set of Jinja templates: one self-contained HTML file.

Templates see a prepared page and two functions that translate; nothing is computed in them. A set holds only the panels
that differ: what it does not hold is taken from the set `full`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from markupsafe import Markup

from auditkit.errors import InputError, cut, nearest
from auditkit.report.number_words import markup, plain
from auditkit.report.palettes import PALETTES
from auditkit.report.panels import DEPTHS, Panel
from auditkit.report.panels.scores import has_explorer
from auditkit.report.plain_page import plain_sections
from auditkit.report.report_page import prepare_page
from auditkit.report.sources_panel import versions
from auditkit.result import AuditResult
from auditkit.spec.file_lines import shipped
from auditkit.text import say, translate, translate_plural

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["font_address", "page_environment", "render_report", "template_folder", "template_sets", "templates_ahead"]

_PARAGRAPH = re.compile(r" data-p(?=>)")
"""Where a template marks a paragraph that is numbered; no text of an audit can hold it, since > is escaped there."""
_DEPTHS_OF = {"brief": ("brief",), "plain": ()}
_LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}


def template_sets() -> tuple[str, ...]:
    """The sets that come with auditkit.

    >>> template_sets()
    ('brief', 'full', 'plain')
    """
    folder = shipped("report_templates")
    return tuple(sorted(p.name for p in folder.iterdir() if (p / "report.html").is_file()))


def template_folder(chosen: str | Path) -> Path:
    """The folder of a set: one that comes with auditkit by its name, or a folder of one's own.

    Raises InputError where there is neither, or where the folder holds nothing that a report takes.
    """
    if str(chosen) in template_sets():
        return shipped("report_templates") / str(chosen)
    folder = Path(chosen)
    if not folder.is_dir():
        raise InputError(
            say(
                "There is no set of templates {name}; expected one of {known}, or a folder of your own.",
                name=cut(chosen, 80),
                known=nearest(str(chosen), template_sets()),
            )
        )
    full = shipped("report_templates") / "full"
    known = {p.relative_to(full).as_posix() for p in full.rglob("*.html")} | {
        "style.css",
        "paper.css",
        "colours.css",
        *_LOGOS,
    }
    if not any((folder / name).is_file() for name in known):
        raise InputError(
            say(
                "{folder} holds no template of a report; expected at least one of {known}.",
                folder=cut(folder, 80),
                known=", ".join(sorted(known)),
            )
        )
    return folder


def render_report(
    result: AuditResult,
    language: str,
    templates: Path | str | None = None,
    palette: Literal["screen", "paper"] = "screen",
    depths: tuple[str, ...] = DEPTHS,
    manifest: Mapping[str, Any] | None = None,
) -> str:
    """The report of an audit as one HTML file, in `language` ("en" or "fr").

    `templates` is the name of a set or a folder (default: full); what it does not hold comes from full. `palette` is
    the colours of the charts: those of the screen follow the reader's, those of paper are literal. `manifest` adds the
    versions and the engine of the run. The same result gives the same bytes: no clock, no chance.
    Templates of others are put through a sandbox. Raises InputError where there is no such set, or where a template of
    one's own cannot be followed.
    """
    folder = template_folder(templates if templates is not None else "full")
    environment = _environment(str(folder), language)
    chosen = tuple(d for d in depths if d in _DEPTHS_OF.get(folder.name, DEPTHS))
    made_with = versions(result, manifest)

    numbers = count(1)

    def drawn(panel: Panel, view: Mapping[str, Any]) -> str:
        given = {"panel": view, **view, "palette": PALETTES[palette], "made_with": made_with}
        html = _filled(environment, panel.template, given, folder)
        return _PARAGRAPH.sub(lambda _: ' id="p{0}" data-p="{0}"'.format(next(numbers)), html)

    page = prepare_page(result, language, drawn, chosen, opened=palette == "paper")
    has_script = "annex" in chosen and palette == "screen" and has_explorer(result, language)
    script = _script(environment) if has_script else ""
    given = {
        "page": page, "plain": plain_sections(result, language) if folder.name == "plain" else (),
        "script": Markup(script), "policy": _policy(script), "logo": _logo(folder), "font": font_address(), "kind": "",
        "internal": result.internal,
    }  # fmt: skip
    return _filled(environment, "report.html", given, folder)


def _filled(environment: Environment, template: str, given: Mapping[str, Any], folder: Path) -> str:
    """One template filled; what goes wrong in a template of others is said in a sentence."""
    if _is_ours(folder):
        return environment.get_template(template).render(given)
    from auditkit.report.sandbox import template_fault

    try:
        return environment.get_template(template).render(given)
    except Exception as error:  # a template of others can raise whatever it likes
        raise template_fault(error, folder) from None


@lru_cache(maxsize=8)
def _environment(folder: str, language: str) -> Environment:
    """The templates of a folder, before those of full."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from auditkit.report.compiled_templates import CompiledTemplates
    from auditkit.report.sandbox import ForeignTemplates

    make = Environment if _is_ours(Path(folder)) else ForeignTemplates
    environment = make(
        loader=FileSystemLoader([folder, str(shipped("report_templates") / "full")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,
        bytecode_cache=CompiledTemplates() if _is_ours(Path(folder)) else None,
    )
    environment.filters["words"] = lambda message: markup(message, language)
    environment.filters["said"] = lambda message: plain(message, language)
    environment.filters["css"] = _css_text
    environment.globals["_"] = lambda sentence: translate(sentence, language)
    environment.globals["ngettext"] = lambda one, many, number: translate_plural(one, many, number, language)
    return environment


def _is_ours(folder: Path) -> bool:
    return folder.parent == shipped("report_templates")


def templates_ahead(folder: Path, language: str) -> Iterator[Callable[[], object]]:
    """The steps that compile the templates of a folder, each a call of its own, for whoever has time to spare."""
    environment = _environment(str(folder), language)
    for name in environment.list_templates(extensions=["html", "css"]):
        yield partial(environment.get_template, name)


def page_environment(folder: str, language: str) -> tuple[Environment, str]:
    """The templates of another page that comes with auditkit, over those of full, and its policy: no script."""
    return _environment(str(shipped("report_templates") / folder), language), _policy("")


def _css_text(text: str) -> str:
    """A text inside quotation marks of CSS, with nothing that could end them or the style."""
    return "".join(c if c.isalnum() or c in " .,;:()·-’" else f"\\{ord(c):x} " for c in text)


@lru_cache(maxsize=1)
def font_address() -> str:
    """The font of every page as a data address; it is in the page once."""
    font = shipped("report_templates") / "full" / "hyperlegible.woff2"
    return f"data:font/woff2;base64,{b64encode(font.read_bytes()).decode()}"


def _script(environment: Environment) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, "explorer.js")[0].strip()


def _policy(script: str) -> str:
    """The content security policy: nothing from anywhere; a script only where it is the one of the page.

    >>> _policy("")
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    if not script:
        return policy
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return f"{policy}; script-src 'sha256-{digest}'"


def _logo(folder: Path) -> str:
    """The logo of a folder as a data address; "" where it holds none."""
    for name, kind in _LOGOS.items():
        if (folder / name).is_file():
            return f"data:{kind};base64,{b64encode((folder / name).read_bytes()).decode()}"
    return ""
