"""The page put through a set of Jinja templates: one self-contained HTML file.

Templates see a prepared page and two functions that translate; nothing is computed in them. A set holds only the panels
that differ: what it does not hold is taken from the set `full`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from auditkit.errors import InputError, cut, nearest
from auditkit.report.number_words import markup
from auditkit.report.report_page import prepare_page
from auditkit.result import AuditResult
from auditkit.spec.file_lines import shipped
from auditkit.text import say, translate, translate_plural

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["page_environment", "render_report", "template_folder", "template_sets", "templates_ahead"]

_LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}


def template_sets() -> tuple[str, ...]:
    """The sets that come with auditkit.

    >>> template_sets()
    ('full', 'summary', 'technical')
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
    known = {p.name for p in (shipped("report_templates") / "full").iterdir()} | {"colours.css", *_LOGOS}
    if not any(p.name in known for p in folder.iterdir()):
        raise InputError(
            say(
                "{folder} holds no template of a report; expected at least one of {known}.",
                folder=cut(folder, 80),
                known=", ".join(sorted(known)),
            )
        )
    return folder


def render_report(
    result: AuditResult, language: str, templates: Path | str | None = None, manifest: dict[str, Any] | None = None
) -> str:
    """The report of an audit as one HTML file, in `language` ("en" or "fr").

    `templates` is the name of a set or a folder (default: full); the panels that it does not hold come from full.
    `manifest` adds the versions and the engine of the run. The same result gives the same bytes: no clock, no chance.
    Templates of others are put through a sandbox. Raises InputError where there is no such set, or where a template of
    one's own cannot be followed.
    """
    folder = template_folder(templates if templates is not None else "full")
    environment = _environment(str(folder), language)
    page = prepare_page(result, language, manifest)
    script = _script(environment) if page.explorer is not None else ""
    given = {"page": page, "script": Markup(script), "policy": _policy(script), "logo": _logo(folder)}
    if _is_ours(folder):
        return environment.get_template("report.html").render(given)
    from auditkit.report.sandbox import template_fault

    try:
        return environment.get_template("report.html").render(given)
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


def _script(environment: Environment) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, "explorer.js")[0].strip()


def _policy(script: str) -> str:
    """The content security policy: nothing from anywhere; a script only where it is the one of the page.

    >>> _policy("")
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
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
