"""Case files of a probe: one text in versions that differ in one attribute, and what is known to stand in it."""

from __future__ import annotations

import csv
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from auditkit.errors import DataError, SpecError, cut
from auditkit.guard import reading
from auditkit.spec.kinds.probe import Probe
from auditkit.spec.load_spec import read_yaml

__all__ = ["Asked", "Case", "asked_texts", "read_cases", "read_outputs"]


@dataclass(frozen=True)
class Case:
    """A case: its text with blanks for what is swapped, the facts that it holds, the services that may be proposed."""

    name: str
    text: str
    facts: tuple[str, ...]
    services: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One version of a case that is put to the system."""

    case: Case
    attribute: str
    group: str
    value: str
    repeat: int
    text: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What tells it from all others."""
        return self.case.name, self.attribute, self.group, self.value, str(self.repeat)


def read_cases(part: Probe, folder: Path) -> tuple[Case, ...]:
    """The cases of a folder, by name of file. Raises SpecError or DataError for none or a broken one."""
    place = folder / part.cases
    files = sorted(place.glob("*.yaml")) if place.is_dir() else []
    if not files:
        raise DataError(
            "probe: cases names {folder}, in which there is no case; expected a folder of files such as 01.yaml, each "
            "with text and facts.",
            folder=f'"{cut(part.cases, 80)}"',
        )
    return tuple(_case(file, part) for file in files)


def _case(file: Path, part: Probe) -> Case:
    content, _ = read_yaml(file)
    text, lists = content.get("text"), [content.get(key, []) for key in ("facts", "services")]
    if not isinstance(text, str) or not all(isinstance(one, list) for one in lists):
        raise SpecError("{file}: expected text (a text) and facts (a list of what the text holds).", file=file.name)
    facts, services = (tuple(str(one) for one in found) for found in lists)
    try:
        blanks = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        blanks = {"{"}
    if blanks - set(part.swap) or not blanks:
        raise SpecError(
            "{file}: the text holds {found}; expected the blanks of what is swapped: {known}.",
            file=file.name,
            found=", ".join(f"{{{one}}}" for one in sorted(blanks)) or "-",
            known=", ".join(f"{{{one}}}" for one in part.swap),
        )
    absent = next((one for one in facts if one.casefold() not in text.casefold()), None)
    if absent is not None:
        raise SpecError(
            "{file}: the fact {fact} does not stand in the text; write it as it stands there.",
            file=file.name,
            fact=f'"{cut(absent)}"',
        )
    return Case(file.stem, text, facts, services)


def asked_texts(part: Probe, cases: tuple[Case, ...]) -> Iterator[Asked]:
    """Every version of every case, as often as it is asked; what is not swapped has its first value."""
    first = {name: next(iter(groups.values()))[0] for name, groups in part.swap.items()}
    for case in cases:
        for attribute, groups in part.swap.items():
            if f"{{{attribute}}}" not in case.text:
                continue
            for group, values in groups.items():
                for value in values:
                    text = case.text.format_map({**first, attribute: value})
                    for repeat in range(1, part.repeats + 1):
                        yield Asked(case, attribute, group, value, repeat, text)


def read_outputs(part: Probe, folder: Path, asked: list[Asked]) -> list[str]:
    """Outputs from a table with the columns case, swap, group, value, repeat, text: one for each version.

    Raises DataError for a column or an output that is missing.
    """
    assert part.file is not None
    columns = ("case", "swap", "group", "value", "repeat", "text")
    with reading(part.file), (folder / part.file).open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        absent = [name for name in columns if name not in (lines.fieldnames or ())]
        if absent:
            raise DataError(
                "{file} has no column {column}; expected {known}.",
                file=part.file, column=f'"{absent[0]}"', known=", ".join(columns),
            )  # fmt: skip
        known = {tuple(line[name] or "" for name in columns[:5]): line["text"] or "" for line in lines}
    missing = next((one for one in asked if one.key not in known), None)
    if missing is not None:
        raise DataError(
            "{file} holds no output for case {case}, {swap} {value}, repeat {repeat}; expected one for every version "
            "of every case.",
            file=part.file, case=missing.case.name, swap=missing.attribute, value=cut(missing.value),
            repeat=str(missing.repeat),
        )  # fmt: skip
    return [known[one.key] for one in asked]
