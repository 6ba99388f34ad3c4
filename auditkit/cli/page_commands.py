"""`auditkit open`: the page in the browser."""

from __future__ import annotations

from auditkit.cli.terminal_reader import READER, choose_language
from auditkit.errors import InputError
from auditkit.text import Message

__all__ = ["open_command"]


def open_command(what: str | None, language: str | None, browser: bool) -> None:
    """Serve the page until it is closed."""
    chosen = choose_language(language)
    try:
        from auditkit.page.open_page import open_page
    except ImportError as error:
        if error.name not in ("starlette", "uvicorn", "python_multipart", "multipart"):
            raise
        raise InputError(
            "The page needs Starlette and Uvicorn, which are not installed; type: python -m pip install "
            '"auditkit[page]".'
        ) from None
    open_page(what, chosen, browser, _tell, READER.debug)


def _tell(message: Message) -> None:
    print(message.text(READER.language), flush=True)  # noqa: T201
