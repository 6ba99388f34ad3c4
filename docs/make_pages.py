"""Renews the pages that are made from the code: the table of measures, and the examples of the READMEs.

`make docs` runs it; a test fails where a page is not what it would write.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from pathlib import Path

from auditkit.cli import exit_code
from auditkit.locale import translate
from auditkit.measures.table import MEASURES

ROOT = Path(__file__).parent.parent
EXAMPLE = re.compile(r"(<!-- example: auditkit (.*?) -->\n```text\n).*?(```\n)", re.DOTALL)

_HURTS = {"higher": "higher hurts", "lower": "lower hurts", "context": "context"}


def measures_page() -> str:
    """docs/measures.md."""
    lines = [
        "# Measures",
        "",
        "Every measure that auditkit knows; `auditkit measures` prints the same table. The key is the name in",
        "audit.yaml, in results.json and in the tables. *Punitive* and *assistive* say which end hurts when",
        "being selected is unfavourable, or favourable; a measure of context has no direction, and a gap in it",
        "has no verdict. Rates have ratios and verdicts; shares, means, the area under the curve and calibration",
        "have differences. Any metric of fairlearn can be named as well: `fairlearn.metrics.NAME`. This page is",
        "made from the code (`make docs`).",
        "",
    ]
    for row in MEASURES.values():
        lines += [
            f"## {row.key}",
            "",
            f"*{row.name}*, in French *{translate(row.name, 'fr')}*. {row.question}",
            "",
            f"- Formula: {row.formula}",
            f"- Needs: {row.needs}",
            f"- Punitive: {_HURTS[row.punitive]}; assistive: {_HURTS[row.assistive]}",
            f"- Source: {row.source}",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def with_examples(text: str) -> str:
    """A page with the output of its examples as it is today."""
    return EXAMPLE.sub(lambda found: found[1] + output(found[2].split()) + found[3], text)


def output(arguments: list[str]) -> str:
    """What a command prints, run in an empty folder."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
        os.chdir(folder)
        try:
            language = [] if "--language" in arguments else ["--language", "en"]
            assert exit_code([*arguments, *language]) == 0
        finally:
            os.chdir(here)
    return printed.getvalue()


def pages() -> dict[Path, str]:
    """Every made page and what it should hold."""
    readmes = [ROOT / "README.md", ROOT / "LISEZMOI.md"]
    made = {path: with_examples(path.read_text(encoding="utf-8")) for path in readmes}
    return {**made, ROOT / "docs" / "measures.md": measures_page()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
