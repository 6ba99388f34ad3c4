"""What two published shares of one group say together: the representation ratio and the rate ratio, named apart.

"36 % of controls, 16 % of people" is all that some audits have; the two figures it allows are often mixed up.
"""

from __future__ import annotations

from math import isfinite

from auditkit.measures.representation_ratio import representation
from auditkit.result import PublishedShares
from auditkit.spec import AuditSpec
from auditkit.spec.audit_spec import KnownFigure
from auditkit.spec.spec_words import own_words

__all__ = ["published_shares"]


def published_shares(spec: AuditSpec) -> tuple[PublishedShares, ...]:
    """Every pair of known figures that give one group's share of those selected and of the population.

    Figures are paired by `group`; the share of the population is that of the last one declared with it where there
    are several. A ratio that has no value (a share of 0 or 100 %) is None.

    >>> shares = [{"what": "a", "value": 36, "unit": "percent", "share_of": "selected", "group": "lone parents"},
    ...           {"what": "b", "value": 16, "unit": "percent", "share_of": "population", "group": "lone parents"}]
    >>> spec = AuditSpec.model_validate({"title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "none",
    ...                                  "known_figures": shares})
    >>> [(round(p.representation_ratio, 2), round(p.rate_ratio, 2)) for p in published_shares(spec)]
    [(2.25, 2.95)]
    """
    population = {str(known.group): known for known in spec.known_figures if known.share_of == "population"}
    return tuple(
        _pair(known, population[str(known.group)])
        for known in spec.known_figures
        if known.share_of == "selected" and str(known.group) in population
    )


def _pair(selected: KnownFigure, population: KnownFigure) -> PublishedShares:
    found = representation(selected.value / 100, population.value / 100)
    assert selected.group is not None
    return PublishedShares(
        group=own_words(selected.group),
        selected=selected.value / 100,
        population=population.value / 100,
        selected_of=own_words(selected.denominator or selected.what),
        population_of=own_words(population.denominator or population.what),
        representation_ratio=_finite(found.representation_ratio),
        rate_ratio=_finite(found.rate_ratio),
    )


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
