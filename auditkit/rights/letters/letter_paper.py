"""A letter as plain text and as HTML that word processors open, from one source of headings, paragraphs and tables.

What a person wrote is text and nothing else: it cannot make a heading, a cell or a tag. A blank that waits to be
filled in stands between brackets, and is marked in the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

__all__ = ["Table", "blank", "cell", "html_page", "plain_text", "said"]

Table = Sequence[Sequence[str]]

_OPEN, _CLOSE, _BAR = "\ue000", "\ue001", "\ue002"
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\uf8ff\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")  # not the narrow ones of French
_STYLE = (
    # margins of the body on a screen only: LibreOffice gives them to every cell of a table
    "body{font-family:'Liberation Sans',Arial,sans-serif;font-size:11pt;line-height:1.4}"
    "@media screen{body{max-width:17cm;margin:2cm auto}}"
    "h1{font-size:15pt}h2{font-size:12pt;margin-top:1.2em}table{border-collapse:collapse;margin:.6em 0}"
    "th,td{border:1px solid #888;padding:3pt 6pt;text-align:left;vertical-align:top}.blank{background:#fff2a8}"
    "@page{size:A4;margin:2cm}"
)


def blank(label: str) -> str:
    """The mark of a fact that is missing."""
    return f"{_OPEN}{said(label)}{_CLOSE}"


def said(text: str, length: int = 4_000) -> str:
    """A text that a person gave: on one line, without marks that hide or turn it, and no sign of ours.

    >>> said("a\\n# b")
    'a # b'
    """
    return _HIDDEN.sub("", _SPACES.sub(" ", str(text)).strip(" "))[:length]


def cell(text: str) -> str:
    """A text inside a table, whose bars are bars."""
    return said(text).replace("|", _BAR)


def plain_text(source: str) -> str:
    """The letter as text: headings underlined, blanks between brackets."""
    lines: list[str] = []
    for line in _lines(source):
        if heading := re.match(r"(#+) (.*)", line):
            title = _bare(heading[2])
            lines += [title, ("=" if len(heading[1]) == 1 else "-") * len(title)]
        elif line.startswith("|"):
            lines.append(" | ".join(_bare(part) for part in _cells(line)))
        else:
            lines.append(_bare(line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _bare(text: str) -> str:
    return text.replace(_OPEN, "[").replace(_CLOSE, "]").replace(_BAR, "|").replace("**", "")


def html_page(source: str, title: str, language: str) -> str:
    """The letter as one HTML file, without script, that Word and LibreOffice open."""
    body = "\n".join(_blocks(list(_lines(source))))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _lines(source: str) -> Iterator[str]:
    return (line.strip() for line in source.split("\n"))


def _cells(line: str) -> list[str]:
    return [part.strip() for part in line.strip("|").split("|")]


def _inline(text: str) -> str:
    shown = escape(text).replace(_BAR, "|")
    shown = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", shown)
    return shown.replace(_OPEN, '<span class="blank">[').replace(_CLOSE, "]</span>")


def _blocks(lines: list[str]) -> Iterator[str]:
    """Runs of lines of one kind, each as its element."""
    run: list[str] = []
    kind = ""
    for line in [*lines, ""]:
        now = "table" if line.startswith("|") else "list" if line.startswith("- ") else "p"
        if run and (now != kind or not line or line.startswith("#")):
            yield _block(run, kind)
            run = []
        kind = now
        if heading := re.match(r"(#+) (.*)", line):
            level = min(len(heading[1]), 3)
            yield f"<h{level}>{_inline(heading[2])}</h{level}>"
        elif line:
            run.append(line)


def _block(run: list[str], kind: str) -> str:
    if kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{_inline(line[2:])}</li>" for line in run) + "\n</ul>"
    if kind == "table":
        head, *rows = [_cells(line) for line in run]
        top = "".join(f"<th>{_inline(part)}</th>" for part in head)
        body = "".join("<tr>" + "".join(f"<td>{_inline(part)}</td>" for part in row) + "</tr>\n" for row in rows)
        return f"<table>\n<tr>{top}</tr>\n{body}</table>"
    return "<p>" + "<br>\n".join(_inline(line) for line in run) + "</p>"
