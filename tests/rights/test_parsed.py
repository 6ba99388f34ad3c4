"""parsed.json says what the YAML says, and nothing of a YAML that has changed since."""

from __future__ import annotations

import datetime
from pathlib import Path

from ruamel.yaml import YAML

import auditkit.rights.library as library
from auditkit.rights.library import load_library
from auditkit.rights.parsed_library import parsed_before, parsed_now, write_parsed

_ANEW = 'the YAML has changed; run: python -c "from auditkit.rights.parsed_library import write_parsed; write_parsed()"'
DATA = Path(library.__file__).parent / "data"


def test_it_is_of_the_yaml_as_it_stands() -> None:
    assert (DATA / "parsed.json").read_bytes() == parsed_now(DATA), _ANEW


def test_it_holds_what_the_yaml_holds() -> None:
    for path in [*DATA.glob("*.yaml"), *DATA.glob("*/*.yaml")]:
        text = path.read_bytes()
        stored = parsed_before(path, text)
        assert stored is None or stored == YAML(typ="safe").load(text.decode()), path.name


def test_a_file_that_has_changed_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "laws").mkdir()
    file = tmp_path / "laws" / "one.yaml"
    file.write_text("since: 2024-02-01\nno: [1, 1.5, true, null, é]\n", encoding="utf-8")
    write_parsed(tmp_path)
    known = {"since": datetime.date(2024, 2, 1), "no": [1, 1.5, True, None, "é"]}
    assert parsed_before(file, file.read_bytes()) == known
    assert parsed_before(file, b"since: 2025-01-01\n") is None
    assert parsed_before(tmp_path / "laws" / "two.yaml", b"") is None


def test_the_checklist_is_the_same_without_it(tmp_path: Path) -> None:
    for path in [*DATA.glob("*.yaml"), *DATA.glob("*/*.yaml")]:
        copy = tmp_path / path.relative_to(DATA)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert load_library(tmp_path) == load_library()
