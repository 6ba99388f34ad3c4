"""A page read back: its tags balanced, its ids, its links, its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = {"td", "th", "dt", "dd", "p", "li", "caption", "h1", "h2", "h3", "h4"}
VOID = {"meta", "br", "hr", "img", "input", "link", "circle", "path", "rect", "line", "col"}


@dataclass
class Page(HTMLParser):
    """What the parser found; `problems` is empty where every tag is closed in its turn."""

    open: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str | None]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if given.get("href"):
            self.links.append(str(given["href"]))
        if given.get("aria-labelledby"):
            self.labels += str(given["aria-labelledby"]).split()
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> inside {self.open[-3:]}")
        else:
            self.open.pop()
        if tag in BLOCKS:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        """The words a reader sees, spaces collapsed."""
        return re.sub(r"[ \n\t]+", " ", "".join(self.words))


def read(html: str) -> Page:
    """A page, parsed."""
    page = Page()
    page.feed(html)
    page.close()
    return page
