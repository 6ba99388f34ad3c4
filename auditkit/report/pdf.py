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


def report_pdf(html: str) -> bytes:
    """A report rendered with the palette of paper as PDF/UA-1, the same bytes from the same page.

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
    """The page as WeasyPrint (70.0) draws it whole.

    A quotation mark and the no-break space after it go into the element that they stand before: where such a space ends
    a text, it may break the line after every word.
    """
    head, end, body = html.partition("</head>")  # not in the style, whose font is one long word
    return head + end + re.sub(r"([^\s<>]{0,80}[\u00a0\u202f])(<(?:bdi|strong|b|code)\b[^>]*>)", r"\2\1", body)
