"""`auditkit scorecard check`, `compare`, `import`: what a score lacks, where two of them differ, one from a table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.terminal_reader import choose_language
from auditkit.errors import InputError, NotHeld, cut
from auditkit.text import mark, say, say_plural, translate

if TYPE_CHECKING:
    from auditkit.scorers.compare_scorecards import Comparison, Steps
    from auditkit.scorers.scorecard import Scorecard

__all__ = ["check_scorecard_command", "compare_command", "import_command"]

_SHOWN = 5


def check_scorecard_command(name: str, steps: bool, out: Path | None, as_json: bool, language: str | None) -> None:
    """Print what a scorecard says and lacks, and with `steps` every step backward; NotHeld where it cannot score."""
    from auditkit.scorers.check_scorecard import check_scorecard
    from auditkit.scorers.compare_scorecards import backward_steps

    chosen = choose_language(language)
    card = _load(name)
    if out is not None and not steps:
        raise InputError("--out takes the list of --steps; give both, or neither.")
    found = check_scorecard(card)
    back = backward_steps(card) if steps else None
    if as_json:
        _print_json(
            {
                "scorecard": card.title.text(chosen),
                "status": card.status,
                "columns": list(card.columns),
                "understood": [message.text(chosen) for message in found.understood],
                "missing": [message.text(chosen) for message in found.missing],
                "warnings": [message.text(chosen) for message in found.warnings],
                "obtain": None if found.obtain is None else found.obtain.text(chosen),
                **(
                    {} if back is None else {"steps": back.steps, "backward": len(back.backward), "losing": back.losing}
                ),
            }
        )
    else:
        lines = [card.title.text(chosen), *(message.text(chosen) for message in found.understood)]
        for title, messages in ((mark("Missing:"), found.missing), (mark("To look at:"), found.warnings)):
            if messages:
                lines += ["", translate(title, chosen), *(f"- {message.text(chosen)}" for message in messages)]
        if found.obtain is not None:
            lines += ["", found.obtain.text(chosen)]
        if back is not None:
            lines += ["", *_steps_lines(back, chosen)]
        print("\n".join(lines))  # noqa: T201
    if back is not None and out is not None:
        _write(out, _steps_csv(card, back))
    if not found.scores:
        raise NotHeld(
            say_plural(
                "The scorecard cannot score yet: {count} of its weights is empty.",
                "The scorecard cannot score yet: {count} of its weights are empty.",
                card.empty_weights,
            )
        )


def _steps_lines(back: Steps, language: str) -> list[str]:
    said = say(
        "Of {steps} steps to a worse situation, {backward} get the score of a better one; {losing} of these lose what "
        "the decision gives.",
        steps=back.steps,
        backward=len(back.backward),
        losing=back.losing,
    )
    shown = [
        say(
            '- "{column}" → "{worse}": {before} → {after} ({profile})',
            column=step.column,
            worse=step.worse,
            before=_score(step.before, language),
            after=_score(step.after, language),
            profile=_profile(step.profile, language),
        ).text(language)
        for step in back.backward[:_SHOWN]
    ]
    return [said.text(language), *_more(len(back.backward), language), *shown]


def _more(found: int, language: str) -> list[str]:
    """That only the first of many are printed, and where the others are to be had."""
    if found <= _SHOWN:
        return []
    return [say("The first {shown} follow; --out FILE writes them all.", shown=_SHOWN).text(language)]


def _steps_csv(card: Scorecard, back: Steps) -> bytes:
    header = [*card.columns, "column", "worse", "before", "after", "loses"]
    rows = [
        [*(step.profile[name] for name in card.columns), step.column, step.worse, step.before, step.after, step.loses]
        for step in back.backward
    ]
    return _csv(header, rows)


def compare_command(
    first: str, second: str, at_most: int, seed: int, out: Path | None, as_json: bool, language: str | None
) -> None:
    """Print on which profiles two scorecards differ; `out` gets the differing profiles as CSV."""
    from auditkit.scorers.compare_scorecards import compare_scorecards

    chosen = choose_language(language)
    if at_most < 1:
        raise InputError("--at-most expects a whole number from 1; found {value}.", value=str(at_most))
    one, two = _load(first), _load(second)
    found = compare_scorecards(one, two, at_most=at_most, seed=seed, examples=at_most if out is not None else 20)
    if as_json:
        _print_json(_comparison(found))
    else:
        print("\n".join(_comparison_lines(found, chosen)))  # noqa: T201
    if out is not None:
        names = list(dict.fromkeys((*one.columns, *two.columns)))
        rows = [[*(d.profile.get(name) for name in names), d.first, d.second] for d in found.examples]
        _write(out, _csv([*names, "first", "second"], rows))


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "profiles": found.profiles,
        "possible": found.possible,
        "sampled": found.sampled,
        "differing": found.differing,
        "largest": found.largest,
        "unscored": found.unscored,
        "decisions_differing": found.decisions_differing,
        "moves": [{"first": a, "second": b, "profiles": n} for (a, b), n in found.moves.items()],
        "examples": [{"profile": d.profile, "first": d.first, "second": d.second} for d in found.examples],
    }


def _comparison_lines(found: Comparison, language: str) -> list[str]:
    if found.sampled:
        tried = say(
            "{count} profiles were drawn, of {possible} there are.", count=found.profiles, possible=found.possible
        )
    else:
        tried = say("All {count} profiles were tried.", count=found.profiles)
    said = [
        tried,
        say(
            "The scores differ on {count} of them, by at most {most}.",
            count=found.differing,
            most=_score(found.largest, language),
        ),
    ]
    if found.unscored:
        said.append(
            say_plural(
                "On {count} profile one of the two gives no score.",
                "On {count} profiles one of the two gives no score.",
                found.unscored,
            )
        )
    if found.decisions_differing is not None:
        said.append(
            say_plural(
                "The decisions differ on {count} profile.",
                "The decisions differ on {count} profiles.",
                found.decisions_differing,
            )
        )
    said.append(say("Profiles are not people: none is more frequent here than another."))
    lines = [message.text(language) for message in said]
    lines += _more(found.differing, language)
    for difference in found.examples[:_SHOWN]:
        first, second = _score(difference.first, language), _score(difference.second, language)
        lines.append(f"- {first} → {second} ({_profile(difference.profile, language)})")
    return lines


def import_command(
    file: Path,
    link: str,
    levels: Sequence[str],
    coding: str,
    title: str | None,
    out: Path | None,
    force: bool,
    language: str | None,
) -> None:
    """Write the scorecard that a table of coefficients describes, to `out` or to stdout."""
    from auditkit.scorers.coefficient_import import import_coefficients, scorecard_text

    chosen = choose_language(language)
    card = import_coefficients(
        file,
        link=_choice("--link", link, ("identity", "logistic", "exp")),
        levels=_levels(levels),
        coding=_choice("--coding", coding, ("reference", "effect")),
        title=title,
    )
    text = scorecard_text(card)
    if out is None:
        print(text, end="")  # noqa: T201
        return
    if out.exists() and not force:
        raise InputError(
            "{file} is there already and is left alone; give --out another name, or --force to replace it.", file=out
        )
    _write(out, text.encode())
    print(say("Written: {file}. Type: auditkit scorecard check {file}", file=out).text(chosen))  # noqa: T201


def _levels(given: Sequence[str]) -> dict[str, list[str]]:
    """`area=rural,town,city`: a category and its values, the one of reference first."""
    found: dict[str, list[str]] = {}
    for one in given:
        column, sign, values = one.partition("=")
        listed = [value.strip() for value in values.split(",")]
        if not sign or not column.strip() or not all(listed) or len(listed) < 2 or column.strip() in found:
            raise InputError(
                "--level expects a category and its values, the one of reference first, such as area=rural,town,city; "
                "found {value}.",
                value=f'"{cut(one)}"',
            )
        found[column.strip()] = listed
    return found


def _choice(option: str, given: str, known: tuple[str, ...]) -> Any:
    if given not in known:
        raise InputError(
            '{option} does not know "{given}"; expected one of {known}.',
            option=option,
            given=cut(given),
            known=", ".join(known),
        )
    return given


def _load(name: str) -> Scorecard:
    from auditkit.scorers.open_model import find_scorecard, load_scorecard

    return load_scorecard(find_scorecard(name))


def _profile(profile: dict[str, float | str], language: str) -> str:
    comma = ", " if language == "en" else " ; "
    return comma.join(
        f"{name} {value if isinstance(value, str) else _score(value, language)}" for name, value in profile.items()
    )


def _score(score: float | None, language: str) -> str:
    """Six digits, with the decimal mark of the language."""
    if score is None:
        return "–"
    return f"{score:.6g}" if language == "en" else f"{score:.6g}".replace(".", ",")


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _write(path: Path, content: bytes) -> None:
    from auditkit.write.output_folder import write_file

    write_file(path, content)


def _print_json(content: dict[str, Any]) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False))  # noqa: T201
