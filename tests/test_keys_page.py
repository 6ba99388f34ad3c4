"""Every key of audit.yaml has an example on its page, and each example counts rows."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas
import pytest
from ruamel.yaml import YAML

from auditkit import load_audit, run_audit
from auditkit.counts.tabulate import tabulate
from auditkit.intake.audit_tables import Tables
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import analysis_spec

DOCS = Path(__file__).parent.parent / "docs"
KEYS = list(YAML(typ="safe", pure=True).load((DOCS / "key_examples.yaml").read_text(encoding="utf-8"))["keys"])
CARD = """\
title: Two points
status: own
harm: punitive
sources: [this test]
inputs: {age: {kind: number}}
sum: {intercept: 0, terms: [{column: age, times: 0.02}]}
"""


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    specification = importlib.util.spec_from_file_location("make_keys", DOCS / "make_keys.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["make_keys"] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows that the examples speak of."""
    place, n = tmp_path_factory.mktemp("keys"), range(240)
    yes: Any = lambda every, shift=0: ["yes" if (i + shift) % every == 0 else "no" for i in n]  # noqa: E731
    table = {
        "sex": ["FM"[i // 2 % 2] for i in n], "age": [18 + i * 7 % 60 for i in n],
        "tenure": [["owner", "tenant"][i // 3 % 2] for i in n],
        "score": [i * 37 % 100 / 100 for i in n], "checked": yes(3), "fraud": yes(4), "drawn": yes(2, 1),
        "weight": [1 + i % 2 for i in n], "household": [i // 2 for i in n], "segment": ["ABC"[i % 3] for i in n],
        "place": [i % 6 + 1 for i in n], "list": [i // 6 for i in n], "debt": [i * 11 % 900 for i in n],
        "claimed": [i * 13 % 1000 for i in n], "entitled": yes(2), "served": yes(5), "same": yes(6),
        "p_foreign": [i % 5 / 4 for i in n], "p_french": [1 - i % 5 / 4 for i in n],
    }  # fmt: skip
    pandas.DataFrame(table).to_csv(place / "cases.csv", index=False)
    (place / "table.csv").write_text("year,checked,people,rate\n2023,5,10,0.5\n2024,6,10,0.6\n")
    (place / "card.yaml").write_text(CARD)
    return place


def test_every_key_has_an_example() -> None:
    assert set(KEYS) == set(AuditSpec.model_fields)


@pytest.mark.parametrize("key", KEYS)
def test_an_example_runs(key: str, maker: ModuleType, folder: Path) -> None:
    content = maker.example_audit(key)
    path = folder / f"{key}.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(content, file)
    spec = load_audit(path)
    assert key in content or key in path.read_text(encoding="utf-8") or key == "unknown"
    if spec.data is None:
        return
    if spec.model is not None:
        assert run_audit(spec, folder).main.rows.used
        return
    with Tables(spec, folder, None, None) as tables:
        for name in ("main", *spec.analyses):
            assert tabulate(analysis_spec(spec, name), tables).account.used > 0
