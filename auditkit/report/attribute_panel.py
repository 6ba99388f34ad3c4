"""One section for each attribute: the figures of every group, the gaps to the reference.

An attribute with more than fifty groups shows its widest gaps and its largest groups, and says where the rest is.
Crossed attributes have a short table; all of their figures are in the CSV files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from auditkit.measures import primary_of
from auditkit.protect.released import NOT_STATED
from auditkit.report.code_words import reason_sentence
from auditkit.report.estimate_tables import Matrix, estimate_matrix
from auditkit.report.gap_comparisons import GapBlock, LargestRow, gap_blocks, largest_rows
from auditkit.report.group_names import Names, anchor
from auditkit.report.number_words import Name, markup, quoted
from auditkit.report.pair_panel import (
    EstimateKey,
    Pair,
    distinct,
    estimate_index,
    in_leading_order,
    pairs_of,
)
from auditkit.report.value_texts import is_withheld
from auditkit.result import AnalysisResult, Estimate, Gap, ViewResult
from auditkit.text import Message, say

__all__ = ["MANY", "AttributeSection", "attribute_sections", "measures_of", "shown_groups"]

MANY = 50
_CROSSED = 30
_CROSSED_GAPS = 20
_TOLD = ("established", "present")


@dataclass(frozen=True)
class AttributeSection:
    """All that is shown of one attribute, or of attributes crossed (compact)."""

    attributes: tuple[str, ...]
    anchor: str
    title: Name
    reference: Name | None
    notes: tuple[Markup, ...]
    matrix: Matrix | None
    gaps: tuple[GapBlock, ...]
    largest: tuple[LargestRow, ...]


def measures_of(analysis: AnalysisResult) -> tuple[str, ...]:
    """The measures of an analysis, primary ones first, then in the order of the result."""
    found = dict.fromkeys(estimate.measure for estimate in analysis.estimates)
    primary = [key for key in primary_of(analysis.spec) if key in found]
    return (*primary, *(key for key in found if key not in primary))


def shown_groups(
    view: ViewResult, pairs: Sequence[Pair], primary: tuple[str, ...], most: int = MANY
) -> tuple[tuple[str, ...], ...]:
    """The groups of a view that are shown, in their order: all up to `most`, else widest gaps and largest groups."""
    if len(view.groups) <= most:
        return view.groups
    widths: dict[tuple[str, ...], float] = {}
    for pair in pairs:
        gap = pair.difference or pair.main
        if gap.measure in primary and gap.value is not None and not is_withheld(gap):
            widths[gap.groups] = max(widths.get(gap.groups, 0.0), abs(gap.value))
    widest = sorted(widths, key=lambda group: -widths[group])[: most // 2]
    sizes = [(-(n or 0.0), i) for i, n in enumerate(view.n)]
    largest = [view.groups[i] for _, i in sorted(sizes)[: most // 2]]
    kept = {*widest, *largest}
    if view.reference is not None:
        kept.add(view.reference)
    return tuple(group for group in view.groups if group in kept)


def attribute_sections(analysis: AnalysisResult, names: Names, minimum_count: int) -> tuple[AttributeSection, ...]:
    """The sections of one analysis, single attributes first; a variation shows the gaps of its single attributes."""
    index = estimate_index(analysis.estimates)
    by_view: dict[tuple[str, ...], list[Pair]] = {}
    for pair in pairs_of(analysis):
        by_view.setdefault(pair.main.attributes, []).append(pair)
    largest: dict[tuple[str, ...], list[Gap]] = {}
    for gap in analysis.gaps:
        if gap.kind == "largest_difference":
            largest.setdefault(gap.attributes, []).append(gap)
    views = [view for view in analysis.views if analysis.key == "main" or len(view.attributes) == 1]
    return tuple(
        _section(
            analysis, view, by_view.get(view.attributes, []), largest.get(view.attributes, []),
            index, names, minimum_count,
        )
        for view in sorted(views, key=lambda view: len(view.attributes) > 1)
    )  # fmt: skip


def _section(
    analysis: AnalysisResult,
    view: ViewResult,
    pairs: Sequence[Pair],
    largest: Sequence[Gap],
    index: dict[EstimateKey, Estimate],
    names: Names,
    minimum_count: int,
) -> AttributeSection:
    """A full section for a single attribute of the main analysis; a short one for a crossing or a variation."""
    language = names.language
    primary = primary_of(analysis.spec)
    measures = measures_of(analysis)
    crossed = len(view.attributes) > 1
    full = not crossed and analysis.key == "main"
    shown = shown_groups(view, pairs, primary, _CROSSED if crossed else MANY)
    wanted = set(shown)
    kept = distinct(pair for pair in pairs if pair.main.groups in wanted)
    if not full:
        kept = _short(kept, primary, crossed)
    told = [key for key in measures if key in primary]
    figures = (view, shown, told if crossed else measures, index, names, minimum_count)
    return AttributeSection(
        attributes=view.attributes,
        anchor=anchor("attribute", analysis.key, *view.attributes),
        title=names.attribute(view.attributes),
        reference=_common_reference(view, names),
        notes=tuple(markup(note, language) for note in _notes(view, shown, crossed, len(kept) < len(pairs), names)),
        matrix=estimate_matrix(*figures) if view.linked and (full or crossed) else None,
        gaps=gap_blocks(kept, measures, names, minimum_count),
        largest=largest_rows(largest, names, minimum_count) if analysis.key == "main" else (),
    )


def _short(pairs: Sequence[Pair], primary: tuple[str, ...], crossed: bool) -> list[Pair]:
    """The comparisons of a short section: primary measures; of a crossing only the first that say something."""
    kept = [pair for pair in pairs if pair.main.measure in primary]
    if crossed:
        kept = in_leading_order([pair for pair in kept if pair.main.verdict in _TOLD], primary)[:_CROSSED_GAPS]
    return kept


def _common_reference(view: ViewResult, names: Names) -> Name | None:
    """The reference where all groups share one."""
    if view.reference is None and view.reference_rule != "rest":
        return None
    groups = view.reference if view.reference is not None else ("rest",)
    return names.reference_group(view.attributes, groups, view.reference_rule)


def _notes(
    view: ViewResult, shown: Sequence[tuple[str, ...]], brief: bool, fewer_gaps: bool, names: Names
) -> list[Message | str]:
    """What must be known before the tables are read."""
    language = names.language
    if not view.linked:
        return [reason_sentence(view.reason or "unlinked", language)]
    notes: list[Message | str] = []
    if view.reference_rule == "rest":
        notes.append(say("Each group is compared with everyone else."))
    elif view.reference_rule == "highest_rate":
        notes.append(reason_sentence("reference_from_data", language))
    elif view.reference is not None:
        reference = quoted(names.group(view.attributes, view.reference), language)
        if view.reference_rule == "largest":
            notes.append(say("The reference is the largest group, {reference}.", reference=reference))
        else:
            notes.append(say("The reference is the group {reference}.", reference=reference))
    elif view.reason is not None:
        notes.append(reason_sentence(view.reason, language))
    if any(NOT_STATED in group for group in shown):
        notes.append(reason_sentence("not_stated", language))
    if len(shown) < len(view.groups):
        notes.append(
            say(
                "There are {groups} groups. The {shown} shown are those with the widest gaps and the largest "
                "ones; "
                "all are in estimates.csv and gaps.csv.",
                groups=len(view.groups),
                shown=len(shown),
            )
        )
    if brief:
        notes.append(
            say(
                "Of the measures, the primary ones are shown, and of the gaps those that lead; all are in "
                "estimates.csv and gaps.csv."
            )
        )
    elif fewer_gaps and len(shown) == len(view.groups):
        notes.append(say("Gaps are shown for the primary measures; all are in gaps.csv."))
    return notes
