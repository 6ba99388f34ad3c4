"""Which items a framework asks, at which level, and on whose law each rests there.

Outside the law that makes an item a duty it stays a good question: its level falls to `should`.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.errors import SpecError, cut, nearest
from auditkit.rights.library import Library
from auditkit.rights.library_records import Framework, Item, Level
from auditkit.text import Message, say

__all__ = ["Chosen", "chosen_items", "disagreement", "framework_for"]


@dataclass(frozen=True)
class Chosen:
    """An item as a framework asks it: its level there, the provisions behind it, its place in the core."""

    key: str
    domain: str
    item: Item
    level: Level
    basis: tuple[str, ...]
    core: int | None


def framework_of(library: Library, name: str) -> Framework:
    """The framework of that name; SpecError with the nearest names where there is none."""
    if name not in library.frameworks:
        raise SpecError(
            'rights.framework: there is no framework "{name}"; the nearest: {known}.',
            name=cut(name),
            known=nearest(name, sorted(library.frameworks)),
        )
    return library.frameworks[name]


def chosen_items(library: Library, name: str) -> tuple[Chosen, ...]:
    """The items of a framework, domain by domain.

    >>> from auditkit.rights.library import load_library
    >>> [c.level for c in chosen_items(load_library(), "general") if c.key in ("EQU-02", "GOV-01")]
    ['must', 'should']
    """
    framework = framework_of(library, name)
    wanted = set(library.items if framework.items == "all" else framework.items) - set(framework.without)
    return tuple(
        _choose(library, framework, domain.domain, key, item)
        for domain in library.domains
        for key, item in domain.items.items()
        if key in wanted
    )


def _choose(library: Library, framework: Framework, domain: str, key: str, item: Item) -> Chosen:
    basis = tuple(
        name
        for name in item.basis
        if library.instruments[library.provisions[name].instrument].jurisdiction in framework.jurisdictions
    )
    binds = any(library.is_binding(library.provisions[name]) for name in basis)
    return Chosen(
        key=key,
        domain=domain,
        item=item,
        level="must" if item.level == "must" and binds else "should",
        basis=basis,
        core=framework.core.index(key) if key in framework.core else None,
    )


def framework_for(library: Library, country: str | None) -> str:
    """The framework proposed for a country (its two letters); `general` where none is made for it.

    >>> from auditkit.rights.library import load_library
    >>> [framework_for(load_library(), country) for country in ("FR", "NL", "CA", "IN", None)]
    ['public-benefits-fr', 'public-benefits-eu', 'canada-aia', 'general', 'general']
    """
    code = (country or "").upper()
    found = [name for name, framework in library.frameworks.items() if code in framework.proposed_for]
    return found[0] if found else "general"


def disagreement(library: Library, name: str, country: str | None) -> Message | None:
    """What `check` warns of where a framework is made for other countries than that of the system."""
    framework = framework_of(library, name)
    if country is None or not framework.countries or country.upper() in framework.countries:
        return None
    return say(
        'The framework "{name}" is made for {countries}, and the system is used in {country}; "{proposed}" is proposed '
        "instead (rights.framework).",
        name=name,
        countries=", ".join(framework.countries),
        country=cut(country),
        proposed=framework_for(library, country),
    )
