"""The report on paper: the same page as a tagged PDF (PDF/UA), with page numbers and a contents list that gives them.

The page is drawn by WeasyPrint, which is an extra; nothing is fetched from anywhere while it draws.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from auditkit.errors import InputError
from auditkit.text import say

__all__ = ["report_pdf"]

_FINE = "#d5d5d5"


def report_pdf(html: str) -> bytes:
    """A rendered report as PDF/UA-1, the same bytes from the same page.

    Raises InputError, with the command to type, where WeasyPrint is not installed.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        raise InputError(
            say(
                "The PDF needs WeasyPrint, which is not installed or lacks its libraries ({reason}); type: "
                'python -m pip install "auditkit[pdf]", and on Debian or Ubuntu: apt-get install libpangoft2-1.0-0.',
                reason=type(error).__name__,
            )
        ) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of each line of CSS that is meant for screens
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    fetcher: Any = URLFetcher(allowed_protocols=("data",))
    document = HTML(string=_drawable(html), base_url=None, url_fetcher=fetcher)
    with _no_time_in_fonts():
        made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return made


@contextmanager
def _no_time_in_fonts() -> Iterator[None]:
    """Fonts that are cut down carry the second in which that was done, unless this variable says another."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = before or "0"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]


def _drawable(html: str) -> str:
    """The page with the style of its charts inside each of them, where alone WeasyPrint looks for it.

    The rules are those of the page that begin with `svg`; its colours are those that it gives for paper. A quotation
    mark and the no-break space after it go into the element that they stand before: where such a space ends a text,
    WeasyPrint (70.0) may break the line after every word.
    """
    style = "".join(re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL))
    colours = dict(re.findall(r"(--[a-z0-9]+):([^;}]+)", style.partition("@media")[0]))
    for paper in style.split("@media print")[1:]:
        colours |= dict(re.findall(r"(--[a-z0-9]+):([^;}]+)", paper))
    colours["--rule"] = _FINE  # on paper no outline keeps the lines of a scale from the words over them
    rules = [f"{selector.strip()}{{{body}}}" for selector, body in re.findall(r"svg((?: [^{},]+)?)\{([^}]*)\}", style)
             if selector and "paint-order" not in body]  # fmt: skip
    chart = re.sub(r"var\((--[a-z0-9]+)\)", lambda found: colours.get(found[1], "#000"), "".join(rules))
    chart = f"text{{font-family:sans-serif;font-size:13px;fill:{colours.get('--ink', '#000')}}}{chart}"
    html = re.sub(r"(<svg [^>]*>)", lambda found: f"{found[1]}<style>{chart}</style>", html)
    return re.sub(r"([^\s<>]*[\u00a0\u202f])(<(?:bdi|strong|code)>)", r"\2\1", html)
