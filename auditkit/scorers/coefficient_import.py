"""A scorecard from the table of coefficients that R, SAS or statsmodels print.

A table of coefficients does not say all: the level of reference of a category is not in it, and must be named. What
cannot be read for certain (splines, aliased terms, categories in interactions of SAS) is refused rather than guessed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from auditkit.errors import DataError, InputError, cut, nearest
from auditkit.scorers.scorecard import Scorecard
from auditkit.spec.formula import names_in, parse

__all__ = ["import_coefficients", "scorecard_text"]

Coding = Literal["reference", "effect"]
_TERM = ("", "term", "variable", "parameter", "unnamed: 0")
_ESTIMATE = ("estimate", "coef", "coef.", "coefficient", "0")
_INTERCEPT = ("(intercept)", "intercept", "const", "_cons")
_PATSY = re.compile(r"(?:C\((?P<wrapped>[^(),\[\]]+)\)|(?P<bare>[^()\[\]:*]+))\[T\.(?P<level>[^\]]+)\]")


@dataclass(frozen=True)
class _Row:
    place: int
    term: str
    level: str
    weight: float


@dataclass(frozen=True)
class _Level:
    column: str
    level: str


def import_coefficients(
    path: Path,
    *,
    link: Literal["identity", "logistic", "exp"],
    levels: Mapping[str, Sequence[str]] | None = None,
    coding: Coding = "reference",
    title: str | None = None,
) -> Scorecard:
    """The scorecard that a table of coefficients describes.

    `levels`: for each category its values, the one of reference first. `coding`: how the program coded categories;
    PROC LOGISTIC codes effects unless PARAM=REF was asked. Predictions equal the program's to 1e-9 when the table holds
    all digits. Raises DataError with file, row and column, InputError when a category has no levels.
    """
    rows = _read(path)
    known = {column: [str(v) for v in values] for column, values in (levels or {}).items()}
    inputs: dict[str, dict[str, Any]] = {c: {"kind": "category", "values": v} for c, v in known.items()}
    intercept = 0.0
    points: dict[str, dict[str, float]] = {}
    terms: list[dict[str, Any]] = []
    derived: dict[str, str] = {}
    for row in rows:
        if row.term.lower() in _INTERCEPT:
            intercept += row.weight
            continue
        parts = [_part(row, text, known, path) for text in _split(row.term)]
        if len(parts) == 1 and isinstance(parts[0], _Level):
            points.setdefault(parts[0].column, {})[parts[0].level] = row.weight
            continue
        if coding == "effect" and any(isinstance(part, _Level) for part in parts):
            raise DataError(
                '{file}, row {row}: "{term}" crosses a category coded as effects; fit the model with PARAM=REF.',
                file=path.name,
                row=row.place,
                term=cut(row.term),
            )
        terms.append(_term(row, parts, derived, inputs, path))
    _all_used(known, terms, points, rows, path)
    terms += [_category(column, found, known[column], coding, path) for column, found in points.items()]
    return Scorecard.model_validate(
        {
            "title": title or path.stem,
            "status": "own",
            "inputs": inputs,
            "derived": derived,
            "sum": {"intercept": intercept, "link": link, "terms": terms},
        }
    )


def _all_used(
    known: Mapping[str, Sequence[str]],
    terms: Sequence[dict[str, Any]],
    points: Mapping[str, object],
    rows: Sequence[_Row],
    path: Path,
) -> None:
    """A category of which the table knows nothing is a slip of the pen."""
    used = {c["column"] for term in terms for c in term.get("when", ())} | set(points)
    for column in known:
        if column not in used:
            raise InputError(
                '{file}: no coefficient is one of the category "{column}"; the terms are {terms}.',
                file=path.name,
                column=cut(column),
                terms=nearest(column, [row.term for row in rows]),
            )


def scorecard_text(card: Scorecard) -> str:
    """A scorecard as the text of its file."""
    from io import StringIO

    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    text = StringIO()
    yaml.dump(_plain_words(card.model_dump(mode="json", by_alias=True, exclude_defaults=True)), text)
    return text.getvalue()


def _plain_words(value: Any) -> Any:
    """Texts that were given without their language as plain texts."""
    if isinstance(value, dict):
        return value[""] if list(value) == [""] else {key: _plain_words(inner) for key, inner in value.items()}
    return [_plain_words(inner) for inner in value] if isinstance(value, list) else value


def _read(path: Path) -> list[_Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except FileNotFoundError:
        raise DataError("There is no file {file}.", file=path) from None
    except UnicodeDecodeError as error:
        raise DataError(
            "{file}: byte {byte} is not UTF-8; save the file as UTF-8.", file=path.name, byte=error.start + 1
        ) from None
    header = [name.strip().lower() for name in lines[0]] if lines else []
    term = next((header.index(name) for name in _TERM if name in header), None)
    estimate = next((header.index(name) for name in _ESTIMATE if name in header), None)
    if term is None or estimate is None or term == estimate:
        raise DataError(
            "{file}, row 1: found the columns {found}; expected one of terms ({terms}) and one of coefficients "
            "({estimates}).",
            file=path.name,
            found=cut(", ".join(lines[0]) if lines else "", 80),
            terms="term, Variable",
            estimates="estimate, Estimate, coef, Coef.",
        )
    level = header.index("classval0") if "classval0" in header else None
    rows = []
    for place, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        cells = cells + [""] * (len(header) - len(cells))
        rows.append(_row(path, place, cells[term], "" if level is None else cells[level], cells[estimate]))
    for row in rows:
        first = next(other for other in rows if (other.term, other.level) == (row.term, row.level))
        if first is not row:
            raise DataError(
                '{file}, row {row}: "{term}" stands in row {first} already; expected one model, one row a term.',
                file=path.name,
                row=row.place,
                term=cut(f"{row.term} {row.level}".strip()),
                first=first.place,
            )
    if not rows:
        raise DataError("{file}: there is no coefficient below the header.", file=path.name)
    return rows


def _row(path: Path, place: int, term: str, level: str, weight: str) -> _Row:
    try:
        number = float(weight)
        if number - number != 0:
            raise ValueError
    except ValueError:
        raise DataError(
            '{file}, row {row}: the coefficient of "{term}" is "{value}"; expected a number. A term that the program '
            "left out (NA) must be taken out of the model and of the table.",
            file=path.name,
            row=place,
            term=cut(term),
            value=cut(weight),
        ) from None
    return _Row(place, term.strip(), level.strip(), number)


def _split(term: str) -> list[str]:
    """The factors of an interaction: R and statsmodels write a:b, SAS a*b."""
    if _PATSY.fullmatch(term) is not None:
        return [term]
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(term):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and letter in ":*":
            parts.append(term[start:place])
            start = place + 1
    return [*parts, term[start:]]


def _part(row: _Row, text: str, known: Mapping[str, Sequence[str]], path: Path) -> _Level | str:
    """One factor of a term: a level of a category, or a formula on numbers."""
    found = None
    if row.level:
        found = _Level(row.term, row.level)
    elif (match := _PATSY.fullmatch(text)) is not None:
        found = _Level((match["wrapped"] or match["bare"]).strip(), match["level"])
    else:
        named = [_Level(c, v) for c, values in known.items() for v in values if text in (c + v, f"factor({c}){v}")]
        if len(named) > 1:
            raise DataError(
                '{file}, row {row}: "{term}" may mean several levels; rename the columns.',
                file=path.name,
                row=row.place,
                term=cut(row.term),
            )
        found = named[0] if named else None
    if found is None:
        return re.sub(r"\bnp\.", "", re.sub(r"^I\((.*)\)$", r"\1", text)).replace("^", "**")
    if found.column not in known:
        raise InputError(
            '{file}, row {row}: "{term}" is a level of the category "{column}"; name its levels, the one of '
            "reference first (--level {column}=REFERENCE,...).",
            file=path.name,
            row=row.place,
            term=cut(row.term if row.term != found.column else found.level),
            column=cut(found.column),
        )
    if found.level not in known[found.column] or found.level == known[found.column][0]:
        raise InputError(
            '{file}, row {row}: "{level}" must be among the levels of "{column}" and not its first, which is the '
            "reference; the levels are {known}.",
            file=path.name,
            row=row.place,
            level=cut(found.level),
            column=cut(found.column),
            known=cut(", ".join(known[found.column]), 120),
        )
    return found


def _term(
    row: _Row,
    parts: list[_Level | str],
    derived: dict[str, str],
    inputs: dict[str, dict[str, Any]],
    path: Path,
) -> dict[str, Any]:
    """A term of the scorecard for a number, a formula or an interaction; new columns are noted in `inputs`."""
    when = [{"column": part.column, "in": [part.level]} for part in parts if isinstance(part, _Level)]
    numbers = [part for part in parts if isinstance(part, str)]
    term: dict[str, Any] = {"name": row.term}
    if when:
        term["when"] = when
    if not numbers:
        return term | {"points": row.weight}
    if len(numbers) == 1 and re.search(r"[()*+/\s-]", numbers[0]) is None:
        inputs.setdefault(numbers[0], {"kind": "number"})
        return term | {"column": numbers[0], "times": row.weight}
    formula = " * ".join(f"({text})" for text in numbers)
    try:
        columns = names_in(parse(formula))
    except ValueError:
        raise DataError(
            '{file}, row {row}: the term "{term}" cannot be read; expected a column, a product a:b, or a formula '
            "such as log(a) or I(a^2). Write splines and poly() as columns of their own.",
            file=path.name,
            row=row.place,
            term=cut(row.term),
        ) from None
    for column in sorted(columns):
        inputs.setdefault(column, {"kind": "number"})
    name = f"term_{len(derived) + 1}"
    derived[name] = formula
    return term | {"column": name, "times": row.weight}


def _category(
    column: str, found: Mapping[str, float], levels: Sequence[str], coding: Coding, path: Path
) -> dict[str, Any]:
    """The points of a category: 0 for the reference; minus the sum of the others where effects were coded."""
    absent = [level for level in levels[1:] if level not in found]
    if absent:
        raise InputError(
            '{file}: there is no coefficient for "{level}" of "{column}".',
            file=path.name,
            level=cut(absent[0]),
            column=cut(column),
        )
    reference = -sum(found.values()) if coding == "effect" else 0.0
    return {"column": column, "values": {levels[0]: reference, **found}}
