"""`auditkit letter` and `auditkit path`: the letters, and where one stands between the first and the court."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.rights_commands import result_of, show, typed
from auditkit.cli.terminal_reader import choose_language
from auditkit.errors import InputError, cut, nearest
from auditkit.spec import AuditSpec, find_audit, load_audit
from auditkit.text import format_date, say, translate

if TYPE_CHECKING:
    from auditkit.result import AuditResult
    from auditkit.rights.letters import Written
    from auditkit.rights.letters.case_file import Decided
    from auditkit.rights.letters.letter_kinds import LetterKind
    from auditkit.rights.letters.paths import Path as AimPath
    from auditkit.rights.letters.paths import Step, Timed

__all__ = ["letter_command", "path_command"]

_EVENTS = ("sent", "received", "refused", "registered")


def letter_command(
    audit: str,
    kind: str | None,
    out: Path | None,
    language: str | None,
    scorecard: str | None,
    case: list[str],
    row: int,
    ask: bool,
    force: bool = False,
    trust: str | None = None,
) -> None:
    """Write a letter or a form as HTML, text and .docx, with a sheet for the sender, and list what is missing."""
    from auditkit.rights.letters.letter_kinds import kind_named, letter_kinds
    from auditkit.rights.letters.paths import dated_facts

    reader = choose_language(language)
    if kind is None:
        for one in letter_kinds().values():
            show(f"{one.key:<16}{one.one_line.text(reader)}")
        return
    path = find_audit(audit)
    spec = load_audit(path)
    chosen = choose_language(language, spec.language)
    letter = kind_named(kind)
    target = out if out is not None else Path(f"{kind}.{chosen}.html")
    if target.suffix.lower() not in (".html", ".htm", ".docx"):
        raise InputError("--out: found {file}; expected a name that ends in .html or .docx.", file=cut(target, 80))
    decided = _decided(letter.needs_case, scorecard, case, row, chosen)
    if target.exists():
        raise InputError("{file} is there already and is left alone; give another name.", file=cut(target, 80))
    result = result_of(spec, path, trust)
    facts = _facts(letter, dated_facts(kind, spec, chosen), chosen, ask)
    _write(_written(kind, result, path, chosen, facts, decided, force, trust), target)


def _facts(
    letter: LetterKind, known: Mapping[str, str], language: str, ask: bool, now: date | None = None
) -> dict[str, str]:
    """What is known of earlier letters, and what is typed; Enter at the date takes today."""
    from auditkit.rights.letters.letter_kinds import personal_fields
    from auditkit.rights.rights_words import read_day

    facts = dict(known)
    for key, label in personal_fields(letter, language) if ask else ():
        if key in facts:
            continue
        today = (now or datetime.now().date()) if key == "letter_date" else None
        shown = label if today is None else say("{label} (Enter: today)", label=label).text(language)
        said = typed(f"{shown}{translate(':', language)}")
        if said is None:
            break
        day = today if not said else read_day(said)
        facts[key] = said if day is None else format_date(day, language)
    return facts


def _written(
    kind: str, result: AuditResult, path: Path, language: str, facts: Mapping[str, str], decided: Decided | None,
    force: bool, trust: str | None = None,
) -> Written:  # fmt: skip
    from auditkit.rights.letters import write_letter
    from auditkit.rights.library import load_library

    more: dict[str, Any] = {}
    if kind == "ll144":
        spec = load_audit(path)
        from auditkit.spec.audit_spec import Publish, Selection

        unseen = Publish.model_validate({"minimum_count": 0, "because": "the highest rate alone, in memory"})
        more["whole"] = result_of(spec.model_copy(update={"publish": unseen}), path, trust)
        if spec.score is not None:
            above = Selection.model_validate({"top_share": 0.5, "ties": "out"})
            more["scored"] = result_of(spec.model_copy(update={"selected": above}), path, trust)
    return write_letter(kind, result, load_library(), language, facts, decided, force, **more)


def _write(written: Written, target: Path) -> None:
    """The letter in each form, its sheet for the sender beside it, and what is still missing."""
    from importlib.util import find_spec

    from auditkit.rights.letters.letter_paper import html_page, plain_text
    from auditkit.write.output_folder import write_file

    cover = target.with_name(f"{target.stem}.cover.html")
    files = {target.with_suffix(".txt"): written.text.encode()}
    if target.suffix.lower() != ".docx":
        files[target] = written.html.encode()
    if target.suffix.lower() == ".docx" or find_spec("docx") is not None:
        files[target.with_suffix(".docx")] = written.docx()
    files |= {target.with_suffix(suffix): content for suffix, content in written.others.items()}
    if written.cover:
        files[cover] = html_page(written.cover, written.title, written.language).encode()
        files[cover.with_suffix(".txt")] = plain_text(written.cover).encode()
    for file, content in sorted(files.items()):
        write_file(file, content)
    show(say("Written: {file}.", file=", ".join(str(file) for file in sorted(files))))
    for note in written.notes:
        show(note)
    if written.missing:
        show(say("Still to fill in (marked in the letter):"))
        for label in written.missing:
            show(f"- {label}")


def path_command(
    audit: str, aim: str | None, last: Path | None, dates: list[str], farther: int, benefit: str | None,
    today: str | None, out: Path, language: str | None, ask: bool, trust: str | None = None,
) -> None:  # fmt: skip
    """Where one stands on a path: each step with its day, a calendar file, and the next letter from the last one."""
    from auditkit.rights.letters.paths import calendar_file, events_of, next_step, path_named, paths, timeline
    from auditkit.write.output_folder import write_file

    reader = choose_language(language)
    if aim is None:
        for one in paths().values():
            show(f"{one.key:<14}{one.one_line.text(reader)}")
        return
    way, place = path_named(aim), find_audit(audit)
    spec = load_audit(place)
    chosen = choose_language(language, spec.language)
    country = (spec.system.country or "").upper()
    if country and country not in way.countries:
        raise InputError(
            "The path {aim} is written for {countries}; the audit says that the system is used in {country}.",
            aim=aim, countries=", ".join(way.countries), country=cut(country),
        )  # fmt: skip
    if benefit is not None and benefit not in way.bodies:
        known = nearest(benefit, way.bodies, 9)
        raise InputError('--benefit: there is no "{name}"; the nearest: {known}.', name=cut(benefit), known=known)
    now = datetime.now().date() if today is None else _day(today, "--today")
    given = [_dated(text) for text in dates] or (_asked(way.steps, spec, out, chosen) if ask else [])
    if given:
        spec = _remember(place, audit, spec, given)
    times = timeline(way, events_of(spec), farther)
    _show_path(way, times, spec, now, benefit, audit, chosen)
    if any(timed.day for timed in times):
        file = out / f"{aim}.ics"
        write_file(file, calendar_file(way, times, chosen))
        show(say("Written: {file}.", file=str(file)))
    following, ready = next_step(times, spec, now)
    if (kind := _to_write(following, ready, out, chosen, f"{audit} {aim}")) is None:
        return
    facts = _next_facts(kind, last, spec, out, chosen, farther, ask, now)
    written = _written(kind, result_of(spec, place, trust), place, chosen, facts, None, False, trust)
    _write(written, out / f"{kind}.{chosen}.html")


def _show_path(
    way: AimPath, times: Iterable[Timed], spec: AuditSpec, now: date, benefit: str | None, audit: str, language: str
) -> None:
    """The steps, those that are past marked, and where each benefit is contested."""
    from auditkit.rights.letters.paths import step_line
    from auditkit.rights.rights_words import words

    show(way.title.text(language))
    for timed in times:
        kind = timed.step.letter
        past = kind in spec.letters if kind else timed.day is not None and timed.day <= now
        command = f"  [auditkit letter {audit} {kind}]" if kind and not past else ""
        show(f"{'x' if past else '-'} {step_line(timed).text(language)}{command}")
    for body in way.bodies.values() if benefit is None else [way.bodies[benefit]]:
        name, first, then = (words(text) for text in (body.name, body.body, body.court))
        show(say("{benefit}: {body}, then {court}", benefit=name, body=first, court=then))


def _to_write(following: Timed | None, ready: bool, out: Path, language: str, path: str) -> str | None:
    """The letter to write now; else why there is none, said."""
    from auditkit.rights.rights_words import day as in_words

    if following is None or (kind := following.step.letter) is None:
        show(say("Every letter of this path is sent."))
    elif not ready and following.start is not None:
        show(say("Nothing to send before {day}.", day=in_words(following.start)))
    elif not ready:
        show(say("Nothing to send yet: waiting for an answer, or for the date on which the last letter was received."))
    elif (target := out / f"{kind}.{language}.html").exists():
        show(
            say(
                "Next: {file}, already written; when it is sent, say so: auditkit path {path} --date {kind}.sent=DAY.",
                file=str(target), path=path, kind=kind,
            )
        )  # fmt: skip
    else:
        return kind
    return None


def _next_facts(
    kind: str, last: Path | None, spec: AuditSpec, out: Path, language: str, farther: int, ask: bool, now: date
) -> dict[str, str]:
    """What the next letter takes from those before it, and what is asked."""
    from auditkit.rights.letters.letter_kinds import kind_named
    from auditkit.rights.letters.paths import dated_facts

    known = _carried(last, spec, out, language) | dated_facts(kind, spec, language, farther)
    known.pop("letter_date", None)
    return _facts(kind_named(kind), known, language, ask, now)


def _carried(last: Path | None, spec: AuditSpec, out: Path, language: str) -> dict[str, str]:
    """The personal facts of the last letter, from its HTML."""
    from auditkit.rights.letters.letter_paper import facts_of_page

    if last is not None and not last.is_file():
        raise InputError("There is no file {file}.", file=cut(last, 80))
    files = [last] if last is not None else [out / f"{kind}.{language}.html" for kind in reversed(spec.letters)]
    for file in files:
        if file is not None and file.is_file():
            return facts_of_page(file.read_text(encoding="utf-8"))
    return {}


def _day(text: str, place: str) -> date:
    from auditkit.rights.rights_words import read_day

    day = read_day(text)
    if day is None:
        raise InputError(
            "{place}: found {found}; expected a day such as 2026-12-01 or 01/12/2026.", place=place, found=cut(text)
        )
    return day


def _dated(text: str) -> tuple[str, str, date]:
    """KIND.EVENT=DAY."""
    name, _, day = text.partition("=")
    kind, _, event = name.strip().partition(".")
    if event not in _EVENTS:
        raise InputError(
            "--date: found {found}; expected KIND.EVENT=DAY, EVENT one of {known}, such as "
            "documents.received=2026-12-03.",
            found=cut(text), known=", ".join(_EVENTS),
        )  # fmt: skip
    return kind, event, _day(day, "--date")


def _asked(steps: list[Step], spec: AuditSpec, out: Path, language: str) -> list[tuple[str, str, date]]:
    """The dates of the letter that was written last, asked: sent, received, then refused or registered."""
    from auditkit.rights.letters.letter_kinds import kind_named

    letters = [step.letter for step in steps if step.letter and not step.optional]
    written = [kind for kind in letters if kind in spec.letters or (out / f"{kind}.{language}.html").is_file()]
    if not written:
        return []
    kind = written[-1]
    words = {"sent": say("sent on"), "received": say("received on"), "refused": say("refused on"),
             "registered": say("registered on")}  # fmt: skip
    found = []
    for event in ("sent", "received", "registered" if kind == "cada" else "refused"):
        if kind in spec.letters and getattr(spec.letters[kind], event) is not None:
            continue
        title = kind_named(kind).title.text(language)
        question = say("{letter}: {event} (a day; Enter: not yet)", letter=title, event=words[event]).text(language)
        said = typed(f"{question}{translate(':', language)}")
        if not said and event == "sent":
            break
        if said:
            found.append((kind, event, _day(said, f"{kind}.{event}")))
    return found


def _remember(place: Path, audit: str, spec: AuditSpec, given: list[tuple[str, str, date]]) -> AuditSpec:
    """Dates written into `letters` of audit.yaml, its comments kept; an audit that ships with auditkit stays."""
    if Path(audit).exists():
        from auditkit.rights.letters.letter_dates import write_dates

        write_dates(place, given)
        return load_audit(place)
    letters = {kind: dates.model_dump(exclude_none=True) for kind, dates in spec.letters.items()}
    for kind, event, day in given:
        letters.setdefault(kind, {})[event] = day
    return AuditSpec.model_validate(spec.model_dump(by_alias=True, exclude_unset=True) | {"letters": letters})


def _decided(needed: bool, scorecard: str | None, case: list[str], row: int, language: str) -> Decided | None:
    """The explanation of one case, for the letter that needs one."""
    if not needed:
        if scorecard is not None or case:
            raise InputError("--scorecard and --case belong to the letter reply.")
        return None
    if scorecard is None:
        return None
    from auditkit.rights.letters.case_file import explain_case, read_case
    from auditkit.scorers.open_model import find_scorecard, load_scorecard

    card = load_scorecard(find_scorecard(scorecard))
    return explain_case(card, read_case(card, case, row), language)
