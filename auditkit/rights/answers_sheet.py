"""The checklist as a workbook, written with the standard library alone: one sheet of texts, and nothing that runs.

Writing six small XML files needs no package; reading back is done by the reader that tables already use.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from auditkit.errors import DataError

__all__ = ["read_sheet", "workbook"]

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="checklist" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/>'
    '<diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="49" applyNumberFormat="1" '
    'applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf><xf numFmtId="49" fontId="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def workbook(rows: Iterable[Sequence[str]], widths: Sequence[int], choices: Mapping[int, Sequence[str]]) -> bytes:
    """A workbook of one sheet whose first row is the head; every cell is a text, so that none is a formula.

    `choices` are the words from which a cell of a column is chosen.
    The same rows give the same bytes: the files inside carry no clock.
    """
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{width}" customWidth="1"/>' for i, width in enumerate(widths, start=1)
    )
    held_rows = list(rows)
    lines = "".join(_line(number, row) for number, row in enumerate(held_rows, start=1))
    lists = "".join(
        f'<dataValidation type="list" allowBlank="1" sqref="{chr(65 + place)}2:{chr(65 + place)}{len(held_rows)}">'
        f"<formula1>{escape(chr(34) + ','.join(words) + chr(34))}</formula1></dataValidation>"
        for place, words in choices.items()
    )
    lists = f'<dataValidations count="{len(choices)}">{lists}</dataValidations>' if choices else ""
    frozen = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>'
    frozen += "</sheetView></sheetViews>"
    sheet = (
        f'<worksheet xmlns="{_MAIN}">{frozen}<cols>{columns}</cols><sheetData>{lines}</sheetData>{lists}</worksheet>'
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + content)
    return held.getvalue()


def _line(number: int, row: Sequence[str]) -> str:
    style = ' s="1"' if number == 1 else ""
    cells = "".join(
        f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(_CONTROL.sub("", text))}</t></is></c>'
        for text in row
    )
    return f'<row r="{number}">{cells}</row>'


def read_sheet(path: Path) -> list[list[str]]:
    """The first sheet of a workbook as texts; days as 2026-11-21. DataError where it cannot be read."""
    from datetime import date

    from python_calamine import CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:
        raise DataError("{file} cannot be read as a workbook; save it as .xlsx or as CSV.", file=path.name) from error

    def text(value: object) -> str:
        if isinstance(value, date):
            return value.isoformat()[:10]
        return "" if value is None else str(value)

    return [[text(cell) for cell in row] for row in rows]
