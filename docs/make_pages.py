"""Renews the pages that are made from the code: the table of measures, the examples of the READMEs, the reproductions.

`make docs` runs it; a test fails where a page is not what it would write. The reproductions take minutes and need the
rows that may not be shipped, so that a test compares their page with published.csv only.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli import exit_code
from auditkit.errors import DataError
from auditkit.measures.measure_table import MEASURES
from auditkit.spec.formula import FUNCTIONS
from auditkit.spec.measure_spec import COUNTED
from auditkit.text import translate

if TYPE_CHECKING:
    from auditkit.reproduce import Reproduction

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
            f"- Needs: {row.data}",
            f"- Punitive: {_HURTS[row.punitive]}; assistive: {_HURTS[row.assistive]}",
            f"- Source: {row.source}",
            "",
        ]
    lines += [
        "## By formula",
        "",
        "Any formula of the counts of a group is a measure of its audit, with an interval (its counts drawn again)",
        "and a gap (square-and-add of the two intervals, on the logarithm with `compare: ratio`):",
        "",
        "```yaml",
        "measures:",
        "  - selection_rate",
        "  - name: f1",
        "    formula: 2 * true_positive / (2 * true_positive + false_positive + false_negative)",
        "    label: {en: F1 score, fr: score F1}",
        "    hurts: lower              # higher, lower or context (the default)",
        "  - {name: balanced_accuracy, formula: (true_positive / positive + true_negative / negative) / 2}",
        "```",
        "",
        "It may name " + ", ".join(f"`{name}`" for name in COUNTED) + ", numbers, + - * /, ** and",
        ", ".join(f"`{name}`" for name in FUNCTIONS) + ". Nothing over nothing is not computed, and says why.",
        "",
        "## Of your own",
        "",
        "A package adds measures by the entry point group `auditkit.measures`: each names an object, or a sequence",
        "of objects, of one of the families of `auditkit/measures` (Rate, RatioOfCounts, Mean, Auc, Calibration,",
        "PredictionError, Composite, Distribution). A new family is a class with `needs`, `estimate`, `compare` and",
        "`unit`; mypy says which of them is missing.",
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


_BASES = {"rows": "from rows", "counts": "from counts", "internal": "internal"}
_STATUSES = {
    "same": "the same",
    "same_within_resampling_error": "within resampling error",
    "same_with_stated_slip": "with the stated slip",
    "different": "different",
    "not_recomputable": "not recomputable",
}


def reproductions_page(found: list[Reproduction]) -> str:
    """docs/reproductions.md: how the figures of every shipped audit came out."""
    lines = [
        "# Reproductions",
        "",
        "Every published audit that ships, and how each of its figures came out: what `auditkit reproduce --all`",
        "finds, made by the command's own result (`make docs`). *From rows* and *from counts* are reproductions,",
        "at the published rounding. *Internal* figures are worked out from other published figures of the same",
        "table: that is consistency, and no reproduction. A figure *with the stated slip* comes out when the",
        "publication's slip is made again; the value that was meant stands beside it in reproduce.csv. Rows that",
        "may not be shipped were fetched (`auditkit datasets fetch`).",
        "",
        f"| audit | basis | figures | {' | '.join(_STATUSES.values())} |",
        f"|---|---|---|{'---|' * len(_STATUSES)}",
    ]
    totals: dict[str, Counter[str]] = {}
    for one in found:
        for basis, counts in one.by_basis().items():
            totals[basis] = totals.get(basis, Counter()) + counts
            lines.append(f"| {one.name} | {_BASES[basis]} | {_cells(counts)} |")
    lines += [f"| **all** | {_BASES[basis]} | {_cells(totals[basis])} |" for basis in _BASES if basis in totals]
    lines += ["", "## Figures that differ", "", "Each stays visible, with its reason.", ""]
    lines += [
        f"- {one.name}, `{row.figure.figure_id}`: "
        f"published {row.figure.published:g}, ours {row.ours:.6g}: {row.reason}."
        for one in found
        for row in one.figures
        if row.status == "different" and row.ours is not None
    ]
    return "\n".join(lines) + "\n"


def _cells(counts: Counter[str]) -> str:
    return " | ".join([f"{counts.total():,}", *(f"{counts[s]:,}" if counts[s] else "" for s in _STATUSES)])


def reproduced() -> list[Reproduction]:
    """Every shipped audit with published figures, run again; an audit without its rows stops the making of the page."""
    from auditkit.reproduce import reproduce
    from auditkit.spec.file_lines import shipped, shipped_names

    folders = [shipped("audits") / name for name in shipped_names("audits")]
    return [reproduce(folder / "audit.yaml") for folder in folders if (folder / "published.csv").is_file()]


if __name__ == "__main__":
    try:
        (ROOT / "docs" / "reproductions.md").write_text(reproductions_page(reproduced()), encoding="utf-8")
    except DataError as error:  # rows to be fetched: the page stays as it was
        sys.stderr.write(f"docs/reproductions.md is not renewed. {error}\n")
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
