"""What docs/adding-a-country.md says to write is read as it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from ruamel.yaml import YAML

import auditkit.rights.library
from auditkit.rights.chosen_items import chosen_items, disagreement, framework_for
from auditkit.rights.declared_facts import FACTS, read_facts
from auditkit.rights.library import load_library

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adding-a-country.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```yaml (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))


def test_a_country_is_added_by_the_files_of_the_page(tmp_path: Path) -> None:
    data = Path(shutil.copytree(Path(auditkit.rights.library.__file__).parent / "data", tmp_path / "data"))
    for name, content in BLOCKS.items():
        if name != "facts":
            (data / name).write_text(content, encoding="utf-8")
    items = data / "items" / "transparency.yaml"
    text = items.read_text(encoding="utf-8")
    items.write_text(
        text.replace("- ai-act-26-11\n", "- ai-act-26-11\n      - fd-transparency-act-4\n", 1), encoding="utf-8"
    )
    library = load_library(data)
    assert framework_for(library, "FD") == "public-benefits-fd"
    told = next(one for one in chosen_items(library, "public-benefits-fd") if one.key == "TRA-04")
    assert (told.level, told.basis) == ("must", ("fd-transparency-act-4",))
    assert disagreement(library, "public-benefits-fd", "FR") is not None


def test_the_facts_of_the_page_are_read_and_all_are_listed() -> None:
    assert set(read_facts(YAML(typ="safe").load(BLOCKS["facts"]))) == {"override_rate", "drop_after_control", "target"}
    assert [name for name in FACTS if f"| `{name}` |" not in PAGE] == []
