"""How large the package is: code lines by room (no blanks, comments, docstrings), records, comparisons of a kind.

    python benchmarks/size.py

A code line is a line that holds at least one token which is neither a comment nor (part of) a docstring. A record is a
dataclass, a named tuple or a pydantic model. A comparison of a kind asks a measure which kind it is
(`row.kind == "rate"`, `kind in (...)`): knowledge about a measure that stands outside it.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "auditkit"
KINDS = {
    "rate", "odds", "quotient", "share", "representation", "mean", "auc", "calibration", "calibration_by_bin", "strata",
    "stage", "prediction", "composite", "distribution",
}  # fmt: skip
"""The words by which measures are, or were, told apart."""
_SILENT = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


def code_lines(text: str) -> int:
    """The lines of a module that hold code."""
    words: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            words.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - words)


def records(text: str) -> int:
    """The records that a module defines: dataclasses, named tuples, pydantic models."""
    found = 0
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            marks = " ".join(ast.unparse(part) for part in (*node.decorator_list, *node.bases))
            found += any(word in marks for word in ("dataclass", "NamedTuple", "BaseModel", "Part", "Record"))
    return found


def comparisons_of_a_kind(text: str) -> int:
    """How often a module asks a measure for its kind."""
    found = 0
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            names = {side.attr if isinstance(side, ast.Attribute) else getattr(side, "id", "") for side in sides}
            texts = {leaf.value for side in sides for leaf in ast.walk(side) if isinstance(leaf, ast.Constant)}
            found += "kind" in names and bool(texts & KINDS)
    return found


def main() -> None:
    """Print the figures, by room and in all."""
    lines: Counter[str] = Counter()
    of_records: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        text = path.read_text(encoding="utf-8")
        lines[room] += code_lines(text)
        of_records[room] += records(text)
        asked[room] += comparisons_of_a_kind(text)
    print(f"{'room':<16}{'code lines':>12}{'records':>10}{'asks a kind':>13}")
    for room in sorted(lines):
        print(f"{room:<16}{lines[room]:>12,}{of_records[room]:>10,}{asked[room]:>13,}")
    outside = sum(asked.values()) - asked["measures"]
    print(f"{'all':<16}{sum(lines.values()):>12,}{sum(of_records.values()):>10,}{sum(asked.values()):>13,}")
    print(f"comparisons of a kind outside measures: {outside}")


if __name__ == "__main__":
    main()
