"""What is published is enough to compute the report again, byte for byte, and holds nothing that is not released."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.errors import DataError
from auditkit.protect.released_files import released_files
from auditkit.result import AuditResult
from auditkit.run import run_audit
from auditkit.spec import AuditSpec
from auditkit.spec.load_spec import load_audit
from auditkit.write.results_json import results_json
from benchmarks.protection import attack_audit


def _run(seed: int, folder: Path) -> AuditResult:
    audit = attack_audit(seed)
    names = list(audit.spec["groups"])[:2]
    spec = audit.spec | {"groups": {name: audit.spec["groups"][name] for name in names}, "crossed": []}
    audit.rows.to_csv(folder / "rows.csv", index=False)
    return run_audit(AuditSpec.model_validate(spec), folder)


def _publish(result: AuditResult, folder: Path) -> None:
    for name, content in released_files(result.released).items():
        (folder / name).write_bytes(content)


@pytest.mark.parametrize("seed", range(6))
def test_the_report_is_computed_from_what_is_published(seed: int, tmp_path: Path) -> None:
    result = _run(seed, tmp_path)
    public = tmp_path / "public"
    public.mkdir()
    _publish(result, public)
    again = run_audit(load_audit(public / "released.yaml"), public)
    assert results_json(again) == results_json(result)
    assert released_files(again.released) == released_files(result.released)


def test_no_file_of_rows_is_named_or_hashed(tmp_path: Path) -> None:
    result = _run(1, tmp_path)
    for content in (results_json(result), *released_files(result.released).values()):
        assert b"rows.csv" not in content
    assert {(source.sha256, source.bytes) for source in result.sources} == {("", 0)}


def test_a_changed_table_is_refused(tmp_path: Path) -> None:
    _publish(_run(1, tmp_path), tmp_path)
    table = tmp_path / "counts.csv"
    table.write_bytes(table.read_bytes().replace(b",people,", b",persons,", 1))
    with pytest.raises(DataError, match=r"counts\.csv"):
        run_audit(load_audit(tmp_path / "released.yaml"), tmp_path)
