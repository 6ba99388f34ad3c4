"""The whole audit on one page: it reads like the contents list of the report.

What comes after the count is imported after it, so that the count can begin at once; a run imports it beside the count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.counts.tabulate import counted_as, tabulate
from auditkit.errors import InputError
from auditkit.guard import reading
from auditkit.intake.audit_tables import Tables
from auditkit.protect.public_spec import RELEASED
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec
from auditkit.text import Message, say

if TYPE_CHECKING:
    from auditkit.counts.count_table import Tabulation
    from auditkit.counts.joint_counts import JointCounts
    from auditkit.findings.families import Declared
    from auditkit.protect.exact import CountedAnalysis
    from auditkit.protect.released import Released, ReleasedAnalysis
    from auditkit.protect.withheld_sums import WithheldSum
    from auditkit.regression import Regression
    from auditkit.result import AnalysisResult, AuditResult, KindFigure, Source
    from auditkit.result.attribution import Attribution
    from auditkit.scorers import Scorer
    from auditkit.search import Found

__all__ = ["Private", "run_audit"]

Progress = Callable[[Message], None]


@dataclass(frozen=True)
class Private:
    """What stays inside: the exact result, why each sum is withheld, the names that were joined, the files read."""

    result: AuditResult
    withheld: tuple[WithheldSum, ...]
    joined: dict[str, dict[str, list[str]]]
    files: tuple[tuple[str, Path], ...]


def run_audit(
    spec: AuditSpec,
    folder: Path,
    disclosed: bool = True,
    allow_unsafe_pickle: str | None = None,
    progress: Progress | None = None,
    frame: Any = None,
    trust: str | None = None,
    private: bool = False,
) -> AuditResult:
    """Measure everything that an audit.yaml asks for; `folder` is where it stands.

    Small cells are suppressed unless `disclosed` is False (a reproduction compares figures that are public).
    `trust` is the SHA-256 of everything in the audit that runs or leaves the machine (`auditkit.scorers.consent`);
    `allow_unsafe_pickle` that of the one pickle that may be loaded as the model. With `private` the audit is measured
    twice, and the exact result stands under `private` of the one that may be published. `progress` is told, in a
    sentence, before something takes long. `frame` is a table in memory that stands for what `data` names.
    Raises InputError with one clear sentence when the audit or its data are wrong.
    """
    if spec.data is not None and spec.data.file == RELEASED:  # of which nothing runs, whatever made it
        from auditkit.protect.released_files import read_released

        return _result(read_released(folder), (), folder, disclosed)
    from auditkit.scorers.consent import require_consent

    for part in require_consent(spec, folder, trust, allow_unsafe_pickle):
        if part.kind == "pickle" and trust is not None:
            allow_unsafe_pickle = part.sha256
    if private:
        _check_private(spec)
    spec, model, notes = _with_model(spec, folder, allow_unsafe_pickle)
    if spec.data is None:
        released, _ = _released(spec, (), notes, None, disclosed)
        return _result(_probed(released, folder, progress), (), folder, disclosed)
    with Tables(spec, folder, model, frame) as tables:
        counted = [
            _counted(name, analysis_spec(spec, name), tables, model, progress) for name in ("main", *spec.analyses)
        ]
        spec, counted, found = _searched(spec, counted, tables)
        released, whole = _released(spec, counted, notes, tables, disclosed, found)
        sources = _sources(tables, model)
        inside = _private(spec, counted, notes, whole, released, tables, model) if private else None
    return replace(_result(released, sources, folder, disclosed), private=inside)


def _check_private(spec: AuditSpec) -> None:
    if spec.data is None or spec.publish.minimum_count <= 0:
        raise InputError(
            "--private is for audits that withhold something; this one has {what}.",
            what=say("no data") if spec.data is None else say("minimum_count: 0"),
        )


def _private(
    spec: AuditSpec, counted: Sequence[CountedAnalysis], notes: tuple[Message, ...], whole: Released,
    released: Released, tables: Tables, model: Scorer | None,
) -> Private:  # fmt: skip
    """The same audit measured on everything that was counted, and what of it is not published."""
    from auditkit.counts.small_groups import small_groups
    from auditkit.protect.exact import Counts, exact, inside
    from auditkit.protect.withheld_sums import withheld_sums

    hidden = withheld_sums(whole, released)
    found = _result(exact(inside(Counts(spec, tuple(counted), notes))), _sources(tables, model), tables.folder, True)
    by_reason = {why: sum(one.reason == why for one in hidden) for why in ("small_count", "complementary")}
    small = {one.key: small_groups(one.tabulation, released.minimum) for one in counted}
    names = {key: {name: sorted(few) for name, few in groups.items()} for key, groups in small.items() if groups}
    files = (*tables.files, *((file.name, file.path) for file in (() if model is None else model.files)))
    return Private(replace(found, internal=True, suppressed=by_reason), hidden, names, files)


def _result(released: Released, sources: tuple[Source, ...], folder: Path, disclosed: bool) -> AuditResult:
    """The result, a function of what was released; the files that went in are named beside it."""
    from auditkit.findings.families import declare
    from auditkit.result import AuditResult
    from auditkit.rights.rights_record import add_rights
    from auditkit.withhold import withheld

    declared = declare(released.analyses)
    analyses = tuple(_measured(analysis, declared) for analysis in released.analyses)
    if analyses:
        from auditkit.findings.kind_figures import kind_figures

        analyses = (replace(analyses[0], kind_figures=kind_figures(released)), *analyses[1:])
    result = AuditResult(spec=released.audit, analyses=analyses, sources=sources, notes=released.notes)
    result = withheld(result, released) if disclosed else result
    if released.minimum > 0:
        kept = tuple(
            replace(counts, regressions=one.regressions, attribution=one.attribution)
            for counts, one in zip(released.analyses, result.analyses, strict=True)
        )
        result = replace(result, released=replace(released, analyses=kept))
    return add_rights(result, folder) if disclosed else result


def _searched(
    spec: AuditSpec, counted: list[CountedAnalysis], tables: Tables
) -> tuple[AuditSpec, list[CountedAnalysis], Found | None]:
    """The audit with what its search found, counted as one more analysis; as it was where it has none."""
    if spec.search is None:
        return spec, counted, None
    from auditkit.protect.exact import CountedAnalysis
    from auditkit.search import search_rows
    from auditkit.spec.search_spec import SEARCH

    found = search_rows(spec, tables, counted[0].tabulation)
    if found is None:
        return spec, counted, None
    return found.audit, [*counted, CountedAnalysis(SEARCH, found.spec, found.tabulation)], found


def _released(
    spec: AuditSpec, counted: Sequence[CountedAnalysis], notes: tuple[Message, ...], tables: Tables | None,
    disclosed: bool, found: Found | None = None,
) -> tuple[Released, Released]:  # fmt: skip
    """What leaves the counts: everything, or what narrows no count below the minimum of the audit; and all of it."""
    from auditkit.protect.exact import Counts, exact

    minimum = spec.publish.minimum_count
    if not disclosed or minimum <= 0 or tables is None:
        whole = exact(Counts(spec, tuple(counted), notes))
        return whole, whole

    from auditkit.counts.small_groups import joint_with_small_joined, small_groups, with_small_joined
    from auditkit.protect.protected import protect

    small = {one.key: small_groups(one.tabulation, minimum) for one in counted}
    joined = [replace(one, tabulation=with_small_joined(one.tabulation, small[one.key])) for one in counted]
    joints = _joints(joined, tables, found)
    joints = tuple(joint_with_small_joined(joint, small) for joint in joints)
    columns = {(one.key, name): group.column for one in counted for name, group in one.spec.groups.items()}
    whole = exact(Counts(spec, tuple(joined), notes))
    return protect(whole, joints, minimum, columns, earlier=_earlier(spec, tables.folder)), whole


def _joints(counted: Sequence[CountedAnalysis], tables: Tables, found: Found | None) -> tuple[JointCounts, ...]:
    """The counts of all analyses together, the halves of a search told apart."""
    from auditkit.counts.joint_counts import joint_counts

    analyses = [(one.key, counted_as(one.spec, one.tabulation), one.tabulation) for one in counted]
    if found is None:
        return joint_counts(analyses, tables)
    from auditkit.search import told_apart

    key, _, tabulation = analyses.pop()
    main = counted[0].tabulation
    (joint,) = joint_counts([*analyses, (key, found.wide, replace(tabulation, facts=main.facts))], tables)
    return (told_apart(joint, found),)


def _earlier(spec: AuditSpec, folder: Path) -> Released | None:
    """What was published before of the same people."""
    if spec.publish.earlier is None or not spec.publish.same_people:
        return None
    from auditkit.protect.released_files import read_released

    return read_released(folder / spec.publish.earlier)


def _counted(
    name: str, spec: AuditSpec, tables: Tables, model: Scorer | None, progress: Progress | None
) -> CountedAnalysis:
    """One analysis counted; regressions and the variables behind the gaps, which need its rows, where asked for."""
    tabulation = tabulate(spec, tables)

    from auditkit.counts.compared_groups import check_references, check_selected
    from auditkit.findings.chosen_measures import chosen_measures
    from auditkit.protect.exact import CountedAnalysis, held

    check_references(tabulation, spec)
    if name == "main":
        check_selected(tabulation, spec)
    chosen_measures(spec, held(tabulation))
    of_rows = counted_as(spec, tabulation)
    return CountedAnalysis(
        key=name,
        spec=spec,
        tabulation=tabulation,
        regressions=_regressions(of_rows, tabulation, tables),
        attribution=_attribution(name, of_rows, tabulation, tables, model, progress),
        kind_figures=_kind_figures(name, of_rows, tabulation, tables),
    )


def _measured(released: ReleasedAnalysis, declared: Declared) -> AnalysisResult:
    """One analysis measured and compared, from what was released and nothing else."""
    from auditkit.findings.analysis import find
    from auditkit.result import AnalysisResult

    found = find(released, declared)
    return AnalysisResult(
        key=released.key,
        spec=released.spec,
        rows=released.account,
        views=found.views,
        estimates=found.estimates,
        gaps=found.gaps,
        points=found.points,
        families=found.families,
        counts=found.counts,
        scale=released.edges,
        facts=released.facts | found.facts | _model_facts(released.spec),
        notes=released.account.notes,
        regressions=released.regressions,
        attribution=released.attribution,
        sensitivity=found.sensitivity,
    )


def _with_model(
    spec: AuditSpec, folder: Path, allow_unsafe_pickle: str | None
) -> tuple[AuditSpec, Scorer | None, tuple[Message, ...]]:
    """The audit with the score and selection of its model, the model, and what is to be said of it."""
    if spec.model is None or spec.data is None:
        return spec, None, ()
    from auditkit.scorers import open_model
    from auditkit.scorers.model_audit import model_notes, with_model
    from auditkit.scorers.score_class import asked_class

    model = open_model(spec.model, folder, allow_unsafe_pickle, asked_class(spec), missing_values=spec.missing_values)
    return with_model(spec, model), model, model_notes(spec, model)


def _model_facts(spec: AuditSpec) -> dict[str, float | str | None]:
    if spec.model is None:
        return {}
    from auditkit.scorers.model_audit import model_facts

    return {**model_facts(spec)}


def _regressions(spec: AuditSpec, tabulation: Tabulation, tables: Tables) -> tuple[Regression, ...]:
    if not spec.regressions:
        return ()
    from auditkit.regression import regress

    return regress(None if spec.from_counts else tables.rows(spec), tabulation, spec)


def _probed(released: Released, folder: Path, progress: Progress | None) -> Released:
    """The answers of a text system to cases that the audit makes: nobody's data, so that nothing is withheld."""
    if released.audit.probe is None:
        return released
    from auditkit.kinds import figures_of_probe
    from auditkit.protect.released import ReleasedAnalysis
    from auditkit.result import RowAccount

    if progress is not None:
        progress(say("The text system is asked; this may take a while."))
    figures = figures_of_probe(released.audit, folder)
    main = ReleasedAnalysis("main", released.audit, RowAccount(0, 0), (), None, frozenset(), kind_figures=figures)
    return replace(released, analyses=(main,))


def _kind_figures(name: str, spec: AuditSpec, tabulation: Tabulation, tables: Tables) -> tuple[KindFigure, ...]:
    """What the kind of system asks of its rows beside the counts, in the main analysis."""
    if name != "main" or spec.from_counts or not spec.kinds:
        return ()
    from auditkit.counts.compared_groups import compared_groups
    from auditkit.kinds import kind_figures_of_rows

    views = [
        (one.attributes, one.groups, one.reference)
        for one in compared_groups(tabulation, spec)
        if len(one.attributes) == 1 and one.reason is None
    ]
    found = kind_figures_of_rows(tables.rows(spec), spec, views)
    if any(policy.is_fitted for policy in spec.policies or []):
        from auditkit.kinds.policies import fitted_policies

        found += fitted_policies(tables.rows(spec), spec, views, tabulation)
    return found


def _attribution(
    name: str,
    spec: AuditSpec,
    tabulation: Tabulation,
    tables: Tables,
    model: Scorer | None,
    progress: Progress | None,
) -> Attribution | None:
    if spec.attribution is None and model is None:
        return None
    from auditkit.counts.compared_groups import compared_groups
    from auditkit.explain.attribute import attribute, is_asked

    if not is_asked(spec, model):
        return None
    views = compared_groups(tabulation, spec)
    return attribute(tables.rows(spec), spec, views, tabulation.facts.get("threshold"), model, name, progress)


def _sources(tables: Tables, model: Scorer | None) -> tuple[Source, ...]:
    """Every file that went in; those of the model as they were when they were read."""
    from auditkit.result import Source

    with reading(tables.name, tables.folder / tables.name, ours=True):
        files = tuple(Source(file.name, file.sha256, file.bytes) for file in tables.hashed())
    return files + tuple(Source(f.name, f.sha256, f.size, "model") for f in (() if model is None else model.files))
