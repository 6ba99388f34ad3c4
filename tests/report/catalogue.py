"""Every sentence of the report room, collected from code and templates as the catalogues key them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract

ROOT = Path(__file__).parents[2]
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "say": None,
    "mark": None,
    "translate": None,
    "_": None,
    "say_plural": (1, 2),
    "translate_plural": (1, 2),
    "ngettext": (1, 2),
    "InputError": None,
}


def sentences(*folders: Path) -> Iterator[str | tuple[str, str]]:
    """The messages of all Python files and templates under `folders`."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            method = {".py": "python", ".html": "jinja2.ext:babel_extract"}.get(path.suffix)
            if method is None:
                continue
            with path.open("rb") as file:
                for _, message, _, _ in extract(method, file, keywords=KEYWORDS, options={"encoding": "utf-8"}):
                    found = message if isinstance(message, str) else tuple(m for m in message if m)
                    if found:
                        yield found
