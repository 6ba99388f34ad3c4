"""Reading data/: laws, items, frameworks and grounds, checked against each other once.

Adding a country is adding files; what does not hold together is refused with the file and the name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from auditkit.errors import SpecError, cut, nearest
from auditkit.rights.library_records import Domain, Framework, Ground, Grounds, Instrument, Item, Laws, Provision
from auditkit.rights.read_data import read_data

__all__ = ["Library", "load_library"]

_ORDER = ("PUR", "DAT", "EQU", "TRA", "HUM", "ACC", "REL", "GOV")


@dataclass(frozen=True)
class Library:
    """Everything the checklist knows, by name; domains stand in their order."""

    instruments: dict[str, Instrument]
    provisions: dict[str, Provision]
    domains: tuple[Domain, ...]
    frameworks: dict[str, Framework]
    grounds: dict[str, Ground]

    @property
    def items(self) -> dict[str, Item]:
        """Every item, in the order of the domains."""
        return {key: item for domain in self.domains for key, item in domain.items.items()}

    def item_key(self, key: str) -> str:
        """The item that a name means: its own, or that of the item into which it was merged."""
        return next((now for now, item in self.items.items() if key in item.was), key)

    def ground_of(self, word: str) -> str | None:
        """The ground that a word of audit.yaml means; None for a word that is no ground of the list.

        >>> load_library().ground_of("gender")
        'sex'
        """
        if word in self.grounds:
            return word
        return next((key for key, ground in self.grounds.items() if word in ground.also), None)

    def is_binding(self, provision: Provision) -> bool:
        """Whether a provision obliges: its own word, else that of its instrument; never what is not in force."""
        if provision.pending:
            return False
        own = provision.binding
        return self.instruments[provision.instrument].binding if own is None else own


def load_library(folder: Path | None = None) -> Library:
    """The checklist that ships with auditkit, or that of another folder of the same shape.

    Raises SpecError with file, key, what was found and what was expected.
    """
    return _load(folder or Path(str(files("auditkit"))) / "rights" / "data")


@lru_cache(maxsize=4)
def _load(folder: Path) -> Library:
    laws = [(path, read_data(Laws, path)) for path in sorted((folder / "laws").glob("*.yaml"))]
    domains = [(path, read_data(Domain, path)) for path in sorted((folder / "items").glob("*.yaml"))]
    frameworks = {path.stem: read_data(Framework, path) for path in sorted((folder / "frameworks").glob("*.yaml"))}
    grounds = read_data(Grounds, folder / "grounds.yaml")
    _refuse_doubles((path, key) for path, law in laws for key in (*law.instruments, *law.provisions))
    _refuse_doubles(
        (path, name) for path, domain in domains for key, item in domain.items.items() for name in (key, *item.was)
    )
    library = Library(
        instruments={key: value for _, law in laws for key, value in law.instruments.items()},
        provisions={key: value for _, law in laws for key, value in law.provisions.items()},
        domains=tuple(sorted((domain for _, domain in domains), key=_place)),
        frameworks=frameworks,
        grounds=grounds.grounds,
    )
    for path, law in laws:
        for provision in law.provisions.values():
            _known(path, "instrument", provision.instrument, library.instruments)
    for path, domain in domains:
        for item in domain.items.values():
            for name in item.basis:
                _known(path, "basis", name, library.provisions)
    for name, framework in frameworks.items():
        chosen = [] if framework.items == "all" else framework.items
        for key in (*chosen, *framework.without, *framework.core):
            _known(folder / "frameworks" / f"{name}.yaml", "items", key, library.items)
    _known(folder / "grounds.yaml", "basis", grounds.basis, library.provisions)
    return library


def _place(domain: Domain) -> tuple[int, str]:
    place = _ORDER.index(domain.domain) if domain.domain in _ORDER else len(_ORDER)
    return place, domain.domain


def _refuse_doubles(names: Iterable[tuple[Path, str]]) -> None:
    seen: dict[str, Path] = {}
    for path, name in names:
        if name in seen:
            raise SpecError(
                '{file}: "{name}" is already in {other}; give it a name of its own.',
                file=path.name,
                name=cut(name),
                other=seen[name].name,
            )
        seen[name] = path


def _known(path: Path, key: str, name: str, valid: Iterable[str]) -> None:
    names = list(valid)
    if name not in names:
        raise SpecError(
            '{file}: {key} names "{name}", which is in no file of the checklist; the nearest: {known}.',
            file=path.name,
            key=key,
            name=cut(name),
            known=nearest(name, names),
        )
