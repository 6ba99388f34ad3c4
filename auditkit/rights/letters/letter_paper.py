"""A letter as plain text, as HTML and as .docx, from one source of headings, paragraphs, lists and tables.

What a person wrote is text and nothing else: it cannot make a heading, a cell or a tag. A blank that waits to be
filled in stands between brackets, and is marked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape, unescape
from typing import Any

from auditkit.errors import DataError

__all__ = ["Table", "blank", "cell", "docx_file", "facts_of_page", "html_page", "plain_text", "said"]

Table = Sequence[Sequence[str]]

_FACT = "auditkit:"
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
    for kind, run in _blocks(source):
        if kind.startswith("h"):
            title = _bare(run[0])
            lines += [title, ("=" if kind == "h1" else "-") * len(title)]
        elif kind == "table":
            lines += [" | ".join(_bare(part) for part in _cells(line)) for line in run]
        else:
            lines += [("- " if kind == "list" else "") + _bare(line) for line in run]
        lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _bare(text: str) -> str:
    return text.replace(_OPEN, "[").replace(_CLOSE, "]").replace(_BAR, "|").replace("**", "")


def _blocks(source: str) -> Iterator[tuple[str, list[str]]]:
    """Headings (h1 to h3), paragraphs (p), lists and tables, each with its lines."""
    run: list[str] = []
    kind = ""
    for line in [*(line.strip() for line in source.split("\n")), ""]:
        heading = re.match(r"(#+) (.*)", line)
        now = "table" if line.startswith("|") else "list" if line.startswith("- ") else "p"
        if run and (now != kind or not line or heading):
            yield kind, run
            run = []
        kind = now
        if heading:
            yield f"h{min(len(heading[1]), 3)}", [heading[2]]
        elif line:
            run.append(line.removeprefix("- ") if now == "list" else line)


def _cells(line: str) -> list[str]:
    return [part.strip() for part in line.strip("|").split("|")]


def html_page(source: str, title: str, language: str, facts: Mapping[str, str] | None = None) -> str:
    """The letter as one HTML file, without script, that Word and LibreOffice open; `facts` stand in its head."""
    body = "\n".join(_block(run, kind) for kind, run in _blocks(source))
    held = "".join(
        f'<meta name="{_FACT}{escape(key)}" content="{escape(said(value))}">\n' for key, value in (facts or {}).items()
    )
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n{held}'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def facts_of_page(page: str) -> dict[str, str]:
    """The facts that were typed for a letter, from its HTML."""
    found = re.findall(rf'<meta name="{_FACT}(\w+)" content="([^"]*)">', page)
    return {key: unescape(value) for key, value in found}


def _inline(text: str) -> str:
    shown = escape(text).replace(_BAR, "|")
    shown = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", shown)
    return shown.replace(_OPEN, '<span class="blank">[').replace(_CLOSE, "]</span>")


def _block(run: list[str], kind: str) -> str:
    if kind.startswith("h"):
        return f"<{kind}>{_inline(run[0])}</{kind}>"
    if kind == "list":
        return "<ul>\n" + "\n".join(f"<li>{_inline(line)}</li>" for line in run) + "\n</ul>"
    if kind == "table":
        head, *rows = [_cells(line) for line in run]
        top = "".join(f"<th>{_inline(part)}</th>" for part in head)
        body = "".join("<tr>" + "".join(f"<td>{_inline(part)}</td>" for part in row) + "</tr>\n" for row in rows)
        return f"<table>\n<tr>{top}</tr>\n{body}</table>"
    return "<p>" + "<br>\n".join(_inline(line) for line in run) + "</p>"


def docx_file(source: str, title: str, language: str) -> bytes:
    """The letter as .docx; the same letter gives the same bytes. DataError where python-docx is not installed."""
    try:
        from docx import Document
        from docx.shared import Cm, Pt, RGBColor
    except ImportError:
        raise DataError("A .docx needs python-docx. Type: pip install 'auditkit[docx]'.") from None
    document = Document()
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)
    document.core_properties.language = language
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Sans", Pt(11)
    style.paragraph_format.space_after = Pt(6)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for kind, run in _blocks(source):
        if kind == "table":
            rows = [_cells(line) for line in run]
            table = document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
            longest = [
                max((len(word) for cell in column for word in cell.split()), default=1)
                for column in zip(*rows, strict=False)
            ]
            for row, cells in zip(table.rows, rows, strict=True):
                for box, text, size in zip(row.cells, cells, longest, strict=False):
                    box.width = Cm(17 * size / sum(longest))
                    _runs(box.paragraphs[0], text)
                    for run in box.paragraphs[0].runs:
                        run.font.size = Pt(9)
        elif kind == "p":
            paragraph = document.add_paragraph()
            for place, line in enumerate(run):
                if place:
                    paragraph.add_run().add_break()
                _runs(paragraph, line)
        else:
            for line in run:
                heading = document.add_heading(level=int(kind[1])) if kind[0] == "h" else None
                _runs(heading or document.add_paragraph(style="List Bullet"), line)
                for run in heading.runs if heading is not None else ():
                    run.font.color.rgb = RGBColor(0, 0, 0)
    for place, paragraph in enumerate(document.paragraphs):
        if paragraph.text == "(signature)":
            paragraph.paragraph_format.space_before = Pt(36)
            for before in document.paragraphs[max(place - 3, 0) : place]:
                before.paragraph_format.keep_with_next = True
    held = io.BytesIO()
    document.save(held)
    return _without_clock(held.getvalue())


def _runs(paragraph: Any, text: str) -> None:
    """The parts of a line: bold between stars, blanks highlighted."""
    from docx.enum.text import WD_COLOR_INDEX

    for part in re.split(rf"(\*\*.+?\*\*|{_OPEN}.*?{_CLOSE})", text):
        if part:
            run = paragraph.add_run(_bare(part))
            run.bold = part.startswith("**") or None
            if part.startswith(_OPEN):
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _without_clock(content: bytes) -> bytes:
    """The same archive with every time at its start."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), old.read(entry), zipfile.ZIP_DEFLATED)
    return held.getvalue()
