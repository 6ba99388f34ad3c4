"""results.json read back, whoever wrote it: a result, or one sentence that says what is wrong and where.

Results of release 0.1.0 (schema auditkit/results/1) are read as well: their `p_value` is `p_no_gap`, their verdicts
stand as they were written (but `likely`, a word that is no longer used: it is read as `present`), and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from auditkit.errors import AuditkitError, InputError, cut
from auditkit.result.audit_result import AuditResult
from auditkit.result.results_file import FIRST_SCHEMA, SCHEMA, adapter
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec, expected_words, validate
from auditkit.text import Message, say

__all__ = ["FIRST_RELEASE", "as_a_run_writes", "parse_results", "read_results"]

_INCONSISTENT = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

_RENAMED = {"p_value": "p_no_gap", "p_adjusted": "p_no_gap_adjusted", "smallest_detectable": "smallest_told"}
"""Fields of a gap under the first schema, and what they are called now."""


FIRST_RELEASE = say(
    "This result was written by release 0.1.0: its p-values ask whether there is a gap at all, and its verdicts "
    "stand as that release wrote them; where it said likely, this page says present."
)
"""The note of a result that was read under the first schema."""


def read_results(path: Path) -> AuditResult:
    """The result that a results.json holds.

    Raises InputError where the file is missing, is not JSON, or was written by something else.
    """
    try:
        content = path.read_bytes()
    except OSError:
        raise InputError("There is no file {file}; expected the results.json of a run.", file=cut(path, 80)) from None
    return parse_results(content, path.name)


def parse_results(content: bytes, name: str) -> AuditResult:
    """The result that the bytes of a results.json hold; InputError, with the file's name, if they do not."""
    try:
        plain = from_json(content, allow_inf_nan=False)
    except ValueError as error:
        raise InputError("{file} is not JSON: {problem}.", file=name, problem=cut(error, 80)) from None
    found = plain.get("schema") if isinstance(plain, dict) else None
    if found not in (SCHEMA, FIRST_SCHEMA):
        raise InputError(
            '{file}: the schema is "{found}"; expected "{expected}".',
            file=name,
            found=cut(found),
            expected=SCHEMA,
        )
    try:
        return _result(_upgraded(plain) if found == FIRST_SCHEMA else plain, name)
    except ValidationError as error:
        raise InputError(_sentence(name, dict(error.errors()[0]))) from None


@contextmanager
def as_a_run_writes(name: str) -> Iterator[None]:
    """Say in one sentence that a file was changed or forged, where what it holds cannot be shown or compared.

    Every value of such a file may be of the right kind, and still name a group, a measure or a day that it has not.
    """
    try:
        yield
    except AuditkitError:
        raise
    except _INCONSISTENT as error:
        raise InputError(
            "{file} holds what no run of auditkit writes ({problem}); make it again with auditkit run.",
            file=cut(name, 80),
            problem=cut(repr(error), 80),
        ) from error


def _result(plain: dict[str, Any], name: str) -> AuditResult:
    spec = validate(AuditSpec, _entry(plain, name, "audit", "spec"), {}, Path(name))
    entries = _entry(plain, name, "analyses")
    analyses = {
        key: _entry(entries, name, key) | {"key": key, "spec": _analysis_spec(spec, key, name)} for key in entries
    }
    read = adapter().validate_python(plain | {"analyses": analyses})
    return AuditResult(
        spec=spec,
        analyses=tuple(read.analyses.values()),
        sources=read.audit.sources,
        suppressed=read.disclosure.suppressed,
        internal=read.disclosure.internal,
        notes=read.notes,
        version=read.audit.version,
        rights=read.rights,
    )


def _analysis_spec(spec: AuditSpec, key: str, name: str) -> AuditSpec:
    if key != "main" and key not in spec.analyses:
        raise InputError('{file}: audit.yaml has no analysis "{key}".', file=name, key=cut(key))
    return analysis_spec(spec, key, Path(name))


def _entry(plain: dict[str, Any], name: str, *keys: str) -> dict[str, Any]:
    """The object at a place of the file; InputError where there is something else."""
    found: Any = plain
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise InputError(
            '{file}: {place} is "{value}"; expected {expected}.',
            file=name,
            place=cut(".".join(keys), 80),
            value=cut(found),
            expected=say("keys and values"),
        )
    return found


def _sentence(name: str, error: dict[str, Any]) -> Message:
    place = cut(".".join(str(part) for part in error["loc"]), 80)
    if error["type"] == "missing":
        return say('{file}: the key "{place}" is missing.', file=name, place=place)
    if error["type"] == "value_error":
        reason = error["ctx"]["error"].args[0]
        return say("{file}: {place}: {reason}.", file=name, place=place, reason=reason)
    return say(
        '{file}: {place} is "{value}"; expected {expected}.',
        file=name,
        place=place,
        value=cut(error.get("input")),
        expected=expected_words(error),
    )


def _upgraded(plain: dict[str, Any]) -> dict[str, Any]:
    """What release 0.1.0 wrote, as it is written now."""
    analyses = _entry(plain, FIRST_SCHEMA, "analyses")
    for analysis in analyses.values():
        for gap in (isinstance(analysis, dict) and analysis.get("gaps")) or ():
            if isinstance(gap, dict):
                gap |= {new: gap[old] for old, new in _RENAMED.items() if old in gap}
                if gap.get("verdict") == "likely":  # which is no longer said
                    gap["verdict"] = "present"
    notes = plain.get("notes")
    return plain | {"schema": SCHEMA, "notes": [*notes, FIRST_RELEASE] if isinstance(notes, list) else notes}
