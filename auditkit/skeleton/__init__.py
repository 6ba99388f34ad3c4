"""`auditkit new`: the first file of a measure, a panel, a format, a language or the law of a country, with its test.

Each is found by being there: nothing else has to be told of it. The texts of the skeletons stand in texts/; blanks are
NAME (as a module is named), TITLE (in words) and CODE (of a language or country).
"""

from __future__ import annotations

import re
from pathlib import Path

from auditkit.errors import InputError, TargetError, cut, nearest

__all__ = ["KINDS", "write_skeleton"]

KINDS: dict[str, dict[str, str]] = {
    "measure": {
        "measure.py.txt": "auditkit/measures/NAME.py",
        "test_measure.py.txt": "tests/measures/test_NAME.py",
    },
    "panel": {
        "panel.py.txt": "auditkit/report/panels/NAME.py",
        "panel.html.txt": "report_templates/full/panels/NAME.html",
        "test_panel.py.txt": "tests/report/test_NAME.py",
    },
    "format": {
        "format.py.txt": "auditkit/intake/formats/NAME_format.py",
        "test_format.py.txt": "tests/intake/test_NAME_format.py",
    },
    "language": {"language.po.txt": "auditkit/text/NAME/LC_MESSAGES/report.po"},
    "country": {"country.yaml.txt": "auditkit/rights/data/laws/NAME.yaml"},
}
"""The files of each kind: the text it is made from, and where it goes."""

_NAMES = {"language": r"[a-z]{2,3}(_[A-Z]{2})?", "country": r"[a-z][a-z-]*"}
_NAME = r"[a-z][a-z0-9_]*"


def write_skeleton(kind: str, name: str, root: Path) -> list[Path]:
    """Write the files of a new `kind` named `name` into the checkout at `root`; the paths written.

    Raises InputError for a kind or name that cannot be, or where `root` is no checkout of auditkit; TargetError where a
    file is there already, and then nothing is written.
    """
    if kind not in KINDS:
        raise InputError(
            'There is no kind "{kind}"; expected one of {known}.', kind=cut(kind), known=nearest(kind, KINDS)
        )
    if re.fullmatch(_NAMES.get(kind, _NAME), name) is None:
        raise InputError(
            '"{name}" cannot be the name of a {kind}; expected {example}.',
            name=cut(name),
            kind=kind,
            example={"language": "nl", "country": "belgium"}.get(kind, "false_alarm_share"),
        )
    if not (root / "auditkit" / "measures").is_dir() or not (root / "report_templates").is_dir():
        raise InputError(
            "{folder} is no checkout of auditkit (no auditkit/measures and report_templates in it); type the command "
            "in one, or add a measure from a package of your own by the entry point auditkit.measures.",
            folder=root.name or ".",
        )
    texts = Path(__file__).parent / "texts"
    files = {root / place.replace("NAME", name): texts / text for text, place in KINDS[kind].items()}
    for target in files:
        if target.exists():
            raise TargetError("{file} is there already; nothing was written.", file=target.relative_to(root).as_posix())
    for target, text in files.items():
        content = text.read_text(encoding="utf-8")
        for blank, value in (("NAME", name), ("TITLE", name.replace("_", " ").replace("-", " "))):
            content = content.replace(blank, value)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    return list(files)
