"""`auditkit check`: everything read, nothing computed; what was understood said back in plain words.

The data are read and counted as a run would, so that what a run would refuse is refused here, at the same
place; no measure is computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.counts.row_account import NO_SELECTION
from auditkit.errors import cut
from auditkit.guard import reading
from auditkit.init.guess_doubts import ground_doubts, ground_name, value_doubts
from auditkit.intake import open_table
from auditkit.intake.column_reading import Columns
from auditkit.intake.line_repeats import repeat_doubts
from auditkit.intake.role_values import columns_in_words
from auditkit.intake.scored_rows import require_inputs, score_table
from auditkit.rights.check_answers import rights_found
from auditkit.scorers import Scorer, open_model
from auditkit.scorers.consent import foreign_parts, listed
from auditkit.scorers.model_audit import model_notes, with_model
from auditkit.scorers.score_class import asked_class
from auditkit.spec import AuditSpec, Outcome, RowCondition, Selection, Words, unsaid
from auditkit.spec.data_spec import GroupLimit
from auditkit.spec.load_spec import analysis_spec
from auditkit.spec.spec_words import OwnWords
from auditkit.text import Message, mark, say

if TYPE_CHECKING:
    from auditkit.counts.count_table import Tabulation
    from auditkit.intake.open_table import Table
    from auditkit.result import RowAccount

__all__ = ["Checked", "check_audit"]

_SHOWN = 12
_RUN = ("scorecard", "scikit-learn", "xgboost", "lightgbm", "onnx")
"""Models that a check runs, so that what a run would refuse is refused here; programs of others are not run."""


@dataclass(frozen=True)
class Checked:
    """What was understood, and what to look at before a run."""

    understood: tuple[Message, ...]
    warnings: tuple[Message, ...]


def check_audit(spec: AuditSpec, path: Path) -> Checked:
    """What an audit.yaml and its data say.

    Raises SpecError or DataError, in one sentence with its place, for the first thing a run would refuse.
    """
    from auditkit.counts.compared_groups import check_references, check_selected
    from auditkit.findings.chosen_measures import chosen_measures
    from auditkit.protect.exact import held
    from auditkit.protect.forecast import expected

    model = (
        None
        if spec.model is None or spec.data is None
        else open_model(spec.model, path.parent, asked=asked_class(spec), run=False, missing_values=spec.missing_values)
    )
    asked, spec = spec, spec if model is None else with_model(spec, model)
    understood = [*_system(spec), *_roles(spec)]
    understood += [] if model is None else [*model_notes(asked, model), _inputs(model)]
    if foreign := foreign_parts(spec, path.parent):
        understood.append(listed(foreign))
    warnings = [*_missing(spec), *ground_doubts(spec)]
    about, doubts = rights_found(spec, path.parent)
    understood += [*_unsaid(spec), *about]
    warnings += doubts
    if spec.probe is not None:
        understood.append(say("A text system is asked with made-up cases: {cases}.", cases=cut(spec.probe.cases, 80)))
    elif spec.data is None:
        understood.append(say("There are no data: the report rests on documents and published figures."))
        return Checked(tuple(understood), tuple(warnings))
    counted = []
    for name in ("main", *spec.analyses):
        analysis = analysis_spec(spec, name)
        file = "" if analysis.data is None else analysis.data.file or ""
        with reading(Path(file).name, path.parent / file, ours=True):
            tabulation, personal, notes = _read(analysis, path.parent, model)
        check_references(tabulation, analysis)
        chosen_measures(analysis, held(tabulation))
        if model is None or model.family in _RUN:
            check_selected(tabulation, analysis)
        if name == "main":
            understood += [*notes, *_groups(analysis, tabulation), _rows(tabulation.account)]
            known = list(notes)
            if model is not None and model.family not in _RUN and analysis.selected is not None:
                known.append(NO_SELECTION)  # it is not asked for scores here, and says nothing of who is selected
            understood += [note for note in tabulation.account.notes if note not in known]
            warnings += [*personal, *value_doubts(analysis, tabulation)]
        else:
            title = _quoted(analysis.name if analysis.name is not None else name)
            understood.append(say("Analysis {name}: {rows}", name=title, rows=_rows(tabulation.account)))
        if name == "main" or analysis.regressions != spec.regressions:
            understood += _regressions(analysis)
        counted.append((name, analysis, tabulation))
    return Checked((*understood, *expected(spec, counted)), tuple(warnings))


def _inputs(model: Scorer) -> Message:
    """What the model reads, and which of it as texts."""
    read: list[Message | str] = [
        say("{column} (text)", column=_quoted(name)) if name in model.categories else _quoted(name)
        for name in model.columns
    ]
    return say("The model reads the columns {columns}.", columns=_joined(_shortened(read)))


def _with_scores(table: Table, spec: AuditSpec, model: Scorer) -> tuple[Table, AuditSpec]:
    """The scored table; black boxes are not asked: their rows are counted without score and selection."""
    assert spec.score is not None
    if model.family in _RUN:
        return score_table(table, spec, model), spec
    require_inputs(table.name, Columns.of(table, spec.missing_values), model)
    return table, spec.model_copy(update={"score": None, "selected": None, "measures": "default", "stages": None})


def _read(spec: AuditSpec, folder: Path, model: Scorer | None) -> tuple[Tabulation, list[Message], tuple[Message, ...]]:
    """The counts of one analysis, warnings about columns that name people, and what was recognised."""
    data = spec.data
    assert data is not None
    if spec.from_counts:
        from auditkit.counts.published import published_cells
        from auditkit.intake.count_tables import read_counts

        counts = read_counts(spec, folder)
        return published_cells(spec, counts), [], counts.notes
    from auditkit.counts.count_rows import count_cells
    from auditkit.counts.unlinked import count_unlinked, has_own_tables

    ordered = model is not None and model.family != "scorecard"
    with open_table(data, folder, missing_values=spec.missing_values, ordered=ordered) as table:
        scored, counted = (table, spec) if model is None else _with_scores(table, spec, model)
        if has_own_tables(spec):
            with ExitStack() as others:
                tabulation = count_unlinked(
                    lambda one: others.enter_context(open_table(one, folder, missing_values=spec.missing_values)), spec
                )
        else:
            tabulation = count_cells(scored, counted)
            if spec.prediction is not None and spec.prediction.unit is None:
                from auditkit.counts.predicted_rows import predicted_rows

                predicted_rows(scored, counted)  # refuses numbers that a run cannot take
        if counted.regressions:
            from auditkit.regression import check_regressions

            check_regressions(scored, tabulation, counted)
        personal = _personal(table.frame.to_native().limit(500).fetchnumpy())
        personal += [doubt.question for doubt in repeat_doubts(table, spec)]
        named = say(
            "Data: {file}, with the columns {columns}.",
            file=table.name,
            columns=_joined(_shortened(table.columns)),
        )
        return tabulation, personal, (named, *table.notes, *columns_in_words(table, spec))


def _personal(columns: dict[str, object]) -> list[Message]:
    from auditkit.init.personal_columns import personal_warning
    from auditkit.intake.column_reading import label_of

    found = []
    for name, values in columns.items():
        texts = [label_of(value) for value in values.tolist()]  # type: ignore[attr-defined]
        if (warning := personal_warning(name, texts)) is not None:
            found.append(warning)
    return found


def _system(spec: AuditSpec) -> Iterator[Message]:
    yield say("Audit: {title}", title=_each(spec.title))
    if spec.system.harm == "punitive":
        yield say("Being selected is unfavourable. The wrong counted is: selected wrongly.")
    elif spec.system.harm == "both":
        yield say("Being selected hurts some, being missed hurts others. Both wrongs are counted, each by itself.")
    else:
        yield say("Being selected is favourable. The wrong counted is: left out wrongly.")


def _unsaid(spec: AuditSpec) -> Iterator[Message]:
    """The phrases that the report would need to speak of this decision in its own words."""
    if spec.data is None:
        return
    languages = [language for language in spec.title.root if language] or [spec.language or "en"]
    columns = getattr(spec.data, "columns", None)
    counted = columns is not None and (columns.true_positive or columns.false_positive) is not None
    phrases = {attribute: group.says for attribute, group in spec.groups.items()}
    missing = unsaid(spec.says, phrases, spec.outcome is not None or counted, languages)
    if missing:
        yield say(
            "The report says “selected”, “the outcome” and the names of groups as they are where these texts are "
            "missing: {texts}.",
            texts=", ".join(missing),
        )


def _roles(spec: AuditSpec) -> Iterator[Message]:
    """What each column is taken for."""
    if spec.data is None:
        return
    if spec.score is not None:
        if spec.score.lower_is:
            yield say("Score: {column}; the lowest are selected first.", column=_quoted(spec.score.column))
        else:
            yield say("Score: {column}; the highest are selected first.", column=_quoted(spec.score.column))
    if spec.selected is not None:
        yield say("Selected: {rule}.", rule=_selection(spec.selected, spec))
    if spec.outcome is not None:
        yield say("Outcome: {rule}.", rule=_outcome(spec.outcome))
        if spec.checked is not None:
            yield say(
                "Of those selected, the outcome counts where {column} is {values}: who was checked is taken as a "
                "matter of chance within the list.",
                column=_quoted(spec.checked.column),
                values=_values(spec.checked.is_in),
            )
        if spec.arm is not None:
            yield say(
                "The outcome is known for those selected, and for those drawn at random ({column} is {values}).",
                column=_quoted(spec.arm.column),
                values=_values(spec.arm.is_in),
            )
        elif spec.observed == "when_selected":
            yield say("The outcome is known only for those selected.")
        else:
            yield say("The outcome is known whoever was selected.")
    elif spec.from_counts and spec.observed == "when_selected":
        yield say("The outcome is known only for those selected.")
    for condition in spec.keep:
        yield say("Kept: rows where {rule}.", rule=_condition(condition))
    if spec.weight is not None:
        yield say("Weights: {column}.", column=_quoted(spec.weight))
    if spec.pair is not None:
        yield say("Rows are matched by {column}: what its rows share drops out.", column=_quoted(spec.pair))
    elif spec.cluster is not None:
        yield say("Rows stand or fall together by {column}.", column=_quoted(spec.cluster))
    for name, stratum in spec.strata.items():
        yield say(
            "Compared also within: {name} ({column}).",
            name=_each(stratum.name) if stratum.name else name,
            column=_quoted(stratum.column),
        )


def _regressions(spec: AuditSpec) -> Iterator[Message]:
    for name, one in spec.regressions.items():
        outcome = one.outcome if isinstance(one.outcome, str) else one.outcome.column
        yield say(
            "Regression {name} ({kind}): {outcome} by {terms}.",
            name=_quoted(name),
            kind=one.kind,
            outcome=outcome,
            terms=_joined([*one.keys()]),
        )


def _selection(selection: Selection, spec: AuditSpec) -> Message:
    score = spec.score.column if spec.score is not None else "-"
    if selection.is_in is not None:
        return say("{column} is {values}", column=_quoted(selection.column), values=_values(selection.is_in))
    if (places := selection.places) is not None:
        total = sum(places.values.values())
        if selection.top is not None:
            return say(
                "the highest scores of each {column}, {count} places in all",
                column=_quoted(places.by),
                count=f"{total:g}",
            )
        return say("the highest scores of each {column}, a share that differs between them", column=_quoted(places.by))
    if isinstance(selection.top_share, float):
        return say("the top {share} of the scores", share=f"{100 * selection.top_share:g} %")
    if selection.top is not None:
        return say("the top {count} scores", count=selection.top)
    return _between(selection.column or score, selection.at_least, selection.at_most)


def _between(column: str, at_least: float | GroupLimit | None, at_most: float | GroupLimit | None) -> Message:
    low, high = _limit(at_least), _limit(at_most)
    if low is not None and high is not None:
        return say("{column} is between {low} and {high}", column=_quoted(column), low=low, high=high)
    if low is not None:
        return say("{column} is {limit} or more", column=_quoted(column), limit=low)
    return say("{column} is {limit} or less", column=_quoted(column), limit=high)


def _limit(limit: float | GroupLimit | None) -> Message | str | None:
    if isinstance(limit, GroupLimit):
        return say("a limit that differs by {column}", column=_quoted(limit.by))
    return None if limit is None else f"{limit:g}"


def _outcome(outcome: Outcome) -> Message:
    column = _quoted(outcome.column)
    if outcome.numeric:
        return say("the number in {column}", column=column)
    if outcome.at_least is not None or outcome.at_most is not None:
        return say("positive where {rule}", rule=_between(outcome.column, outcome.at_least, outcome.at_most))
    parts: list[Message] = []
    if outcome.positive is not None:
        values = _values(outcome.positive)
        parts.append(say("positive where {column} is {values}", column=column, values=values))
    if outcome.negative is not None:
        values = _values(outcome.negative)
        parts.append(say("negative where {column} is {values}", column=column, values=values))
    rest = {
        "positive": say("other values are positive"),
        "negative": say("other values are negative"),
        "missing": say("other values count as missing"),
    }
    if outcome.rest is not None:
        parts.append(rest[outcome.rest])
    elif len(parts) == 1:
        parts.append(say("its one other value is the opposite"))
    first, *others = parts
    for part in others:
        first = say("{first}; {second}", first=first, second=part)
    return first


def _condition(condition: RowCondition) -> Message:
    if condition.is_in is not None:
        return say("{column} is {values}", column=_quoted(condition.column), values=_values(condition.is_in))
    if condition.not_in is not None:
        values = _values(condition.not_in)
        return say("{column} is not {values}", column=_quoted(condition.column), values=values)
    return _between(condition.column, condition.at_least, condition.at_most)


def _groups(spec: AuditSpec, tabulation: Tabulation) -> Iterator[Message]:
    for name, group in spec.groups.items():
        cells = tabulation.table((name,))
        values = cells.level(name).stated if cells is not None else ()
        shown: list[Message | str] = [_each(group.values[v]) if v in group.values else v for v in values]
        rule = group.reference if isinstance(group.reference, str) else group.reference.rule
        yield say(
            "Groups by {attribute} ({column}): {groups}; compared with {reference}; ground: {ground}.",
            attribute=_each(group.name) if group.name else name,
            column=_quoted(group.column),
            groups=_joined(_shortened(shown)),
            reference=_each(group.values[rule]) if rule in group.values else _reference(rule),
            ground=ground_name(group.ground),
        )


def _reference(reference: str) -> Message | str:
    rules = {
        "rest": say("everyone else"),
        "largest": say("the largest group"),
        "highest_rate": say("the group with the highest rate"),
    }
    return rules.get(reference) or _quoted(reference)


def _rows(account: RowAccount) -> Message:
    read, used = round(account.read or 0), round(account.used or 0)
    return say("Rows (or people counted): {read} read, {used} used.", read=read, used=used)


_FACTS = {
    "operator": mark("system: operator is missing: who runs the system?"),
    "decision": mark("system: decision is missing: what is decided with it?"),
    "affected": mark("system: affected is missing: on whom?"),
    "country": mark("system: country is missing."),
    "period": mark("system: period is missing: which years do the data cover?"),
}


def _missing(spec: AuditSpec) -> Iterator[Message]:
    """What a report needs and the file does not say."""
    if spec.as_of is None:
        yield say("as_of is missing: the report will carry no date.")
    for key, sentence in _FACTS.items():
        if getattr(spec.system, key) is None:
            yield Message(sentence)
    if not spec.system.sources:
        yield say("system: sources is missing: where can this be looked up?")
    if spec.data is None:
        if not spec.known_figures:
            yield say("known_figures is empty: without data, the report has no figure.")
        return
    if spec.outcome is None and (spec.data.columns is None or spec.data.columns.true_positive is None):
        yield say("outcome is missing: no error can be counted, only who is selected.")
    for name, group in spec.groups.items():
        if group.ground is None:
            yield say("groups: {name} has no ground: which legal ground does it stand for?", name=name)
    unnamed = [name for name, group in spec.groups.items() if "reference" not in group.model_fields_set]
    if unnamed:
        names = ", ".join(unnamed)
        yield say("groups: no reference is named for {names}: the largest group is taken.", names=names)


def _quoted(text: object) -> str:
    return f'"{text}"'


def _values(values: Iterable[object]) -> str:
    return ", ".join(_quoted(value) for value in values)


def _each(words: Words) -> Message:
    return OwnWords("", words=words)


def _joined(parts: list[Message | str]) -> Message | str:
    first, *others = parts or ["–"]
    for part in others:
        first = say("{first}, {second}", first=first, second=part)
    return first


def _shortened(names: Iterable[Message | str]) -> list[Message | str]:
    listed = list(names)
    more = len(listed) - _SHOWN
    return listed if more <= 0 else [*listed[:_SHOWN], say("and {count} more", count=more)]
