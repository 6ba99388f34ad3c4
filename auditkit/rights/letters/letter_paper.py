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

__all__ = [
    "Table",
    "blank",
    "cell",
    "docx_file",
    "facts_of_page",
    "from_edit",
    "html_page",
    "plain_text",
    "said",
    "to_edit",
]

Table = Sequence[Sequence[str]]

_FACT = "auditkit:"
_OPEN, _CLOSE, _BAR = "\ue000", "\ue001", "\ue002"
_MARKS = {"|": "table", "- ": "list", "> ": "to"}
_NUMBERED = re.compile(r"\d+[.°] ")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\uf8ff\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")  # not the narrow ones of French
_STYLE = (
    # margins of the body on a screen only: LibreOffice gives them to every cell of a table
    "body{font-family:'Liberation Sans',Arial,sans-serif;font-size:11pt;line-height:1.4}"
    "@media screen{body{max-width:17cm;margin:2cm auto}}"
    "h1{font-size:15pt}h2{font-size:12pt;margin-top:1.2em}table{border-collapse:collapse;margin:.6em 0}"
    "th,td{border:1px solid #888;padding:3pt 6pt;text-align:left;vertical-align:top}.blank{background:#fff2a8}"
    ".to{margin-left:9cm}.signature{margin-top:4em}.numbered{list-style:none;margin-left:-1em}tr{break-inside:avoid}h2{break-after:avoid}"
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
            lines += [" | ".join(_bare(part) for part in row) for row in _rows(run)]
        else:
            lines += [("- " if kind == "list" and not _NUMBERED.match(line) else "") + _bare(line) for line in run]
        lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def to_edit(source: str) -> str:
    """The letter as its writer may change it: one line a paragraph, "# " a title, "- " a list, "|" between cells."""
    return source.replace(_OPEN, "[").replace(_CLOSE, "]").replace(_BAR, "¦")


def from_edit(text: str, source: str) -> str:
    """A letter that its writer has changed; the blanks of `source` stay blanks where they still stand.

    >>> plain_text(from_edit("# Letter\\r\\nTo [name]\\u202e and [x]", blank("name")))
    'Letter\\n======\\n\\nTo [name] and [x]\\n'
    """
    lines = [said(line) for line in text.replace("\r\n", "\n").split("\n")]
    changed = "\n".join(line.replace("¦", _BAR) if line.startswith("|") else line for line in lines)
    for label in set(re.findall(f"{_OPEN}(.*?){_CLOSE}", source)):
        changed = changed.replace(f"[{label}]", blank(label))
    return changed


def _bare(text: str) -> str:
    return text.replace(_OPEN, "[").replace(_CLOSE, "]").replace(_BAR, "|").replace("**", "")


def _blocks(source: str) -> Iterator[tuple[str, list[str]]]:
    """Headings (h1 to h3), paragraphs (p), whom it goes to (to), lists and tables, each with its lines."""
    run: list[str] = []
    kind = ""
    for line in [*(line.strip() for line in source.split("\n")), ""]:
        heading = re.match(r"(#+) (.*)", line)
        now = next((name for mark, name in _MARKS.items() if line.startswith(mark)), "p")
        if run and (now != kind or not line or heading):
            yield kind, run
            run = []
        kind = now
        if heading:
            yield f"h{min(len(heading[1]), 3)}", [heading[2]]
        elif line:
            run.append(line[2:] if now in ("list", "to") else line)


def _rows(run: list[str]) -> list[list[str]]:
    """The cells of a table, without the columns that hold nothing under their head."""
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in run]
    kept = [
        place
        for place in range(len(rows[0]))
        if len(rows) == 1 or any("".join(row[place : place + 1]) for row in rows[1:])
    ]
    return [[row[place] for place in kept if place < len(row)] for row in rows]


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
        kinds = (' class="numbered"' if _NUMBERED.match(line) else "" for line in run)
        return (
            "<ul>\n" + "\n".join(f"<li{k}>{_inline(line)}</li>" for k, line in zip(kinds, run, strict=True)) + "\n</ul>"
        )
    if kind == "table":
        head, *rows = _rows(run)
        top = "".join(f"<th>{_inline(part)}</th>" for part in head)
        body = "".join("<tr>" + "".join(f"<td>{_inline(part)}</td>" for part in row) + "</tr>\n" for row in rows)
        return f"<table>\n<tr>{top}</tr>\n{body}</table>"
    name = "to" if kind == "to" else "signature" if run == ["(signature)"] else ""
    return (f'<p class="{name}">' if name else "<p>") + "<br>\n".join(_inline(line) for line in run) + "</p>"


def docx_file(source: str, title: str, language: str) -> bytes:
    """The letter as .docx; the same letter gives the same bytes. DataError where python-docx is not installed."""
    try:
        from docx import Document
        from docx.shared import Cm, Pt
    except ImportError:
        raise DataError("A .docx needs python-docx. Type: pip install 'auditkit[docx]'.") from None
    document = Document()
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.created = document.core_properties.modified = datetime(2000, 1, 1)
    document.core_properties.language = language
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(11)
    style.paragraph_format.space_after = Pt(6)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    after_table = False
    for kind, run in _blocks(source):
        if kind == "table":
            _docx_table(document, _rows(run))
            after_table = True
            continue
        parts = _docx_parts(document, run, kind)
        if after_table:
            parts[0].paragraph_format.space_before = Pt(8)
        after_table = False
    for place, paragraph in enumerate(document.paragraphs):
        if paragraph.text == "(signature)":
            paragraph.paragraph_format.space_before = Pt(36)
            for before in document.paragraphs[max(place - 3, 0) : place]:
                before.paragraph_format.keep_with_next = True
            for near in document.paragraphs[place + 1 : -1]:  # what is enclosed stays on one page
                near.paragraph_format.keep_with_next = True
    held = io.BytesIO()
    document.save(held)
    return _without_clock(held.getvalue())


def _docx_table(document: Any, rows: list[list[str]]) -> None:
    """A table whose head is repeated, whose rows no page cuts, and whose columns are as wide as their words."""
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    table = document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
    table.autofit = False  # or LibreOffice makes the columns equal and cuts words
    longest = [
        max((len(w) + 3 for part in column for w in part.split()), default=1) for column in zip(*rows, strict=False)
    ]
    for column, size in zip(table.columns, longest, strict=False):
        column.width = Cm(17 * size / sum(longest))
    for place, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for box, text, size in zip(row.cells, cells, longest, strict=False):
            box.width = Cm(17 * size / sum(longest))
            paragraph = box.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = place == 0
            _runs(paragraph, text)
            for run in paragraph.runs:
                run.font.size = Pt(9)
                run.bold = run.bold or place == 0


def _docx_parts(document: Any, run: list[str], kind: str) -> list[Any]:
    """A heading, a paragraph with its lines, or a list; whom the letter goes to stands on the right."""
    from docx.shared import Cm, Pt, RGBColor

    if kind in ("p", "to"):
        paragraph = document.add_paragraph()
        if kind == "to":
            paragraph.paragraph_format.left_indent = Cm(9)
        for place, line in enumerate(run):
            if place:
                paragraph.add_run().add_break()
            _runs(paragraph, line)
        return [paragraph]
    parts = []
    for line in run:
        if kind[0] == "h":
            parts.append(document.add_heading(level=int(kind[1])))
        else:
            parts.append(document.add_paragraph(style=None if _NUMBERED.match(line) else "List Bullet"))
            if _NUMBERED.match(line):
                parts[-1].paragraph_format.left_indent, parts[-1].paragraph_format.space_after = Cm(0.6), Pt(0)
        _runs(parts[-1], line)
        for piece in parts[-1].runs if kind[0] == "h" else ():
            piece.font.color.rgb = RGBColor(0, 0, 0)
    return parts


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
