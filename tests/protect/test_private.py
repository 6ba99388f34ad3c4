"""What stays inside: the exact report beside the published one, and a check of rows with the salt."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from auditkit.cli import exit_code

ROWS = {"A": (300, 150), "B": (200, 4), "C": (260, 90)}
"""People and selected: B's four are small, so that another count has to go with them."""

AUDIT = """\
title: Private
system: {name: s, harm: punitive}
data: rows.csv
selected: {column: sel, in: [1]}
groups: {grp: {column: grp, reference: A}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("private")
    lines = [f"{group},{int(i < chosen)}" for group, (n, chosen) in ROWS.items() for i in range(n)]
    (folder / "rows.csv").write_text("grp,sel\n" + "\n".join([*lines, "D,1", "D,0"]) + "\n")
    (folder / "audit.yaml").write_text(AUDIT)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert exit_code(["run", "audit.yaml", "--out", "open", "--private", "inside", "--quiet"]) == 0
        assert exit_code(["run", "audit.yaml", "--out", "plain", "--quiet"]) == 0
    return folder


def _json(path: Path) -> dict:  # type: ignore[type-arg]
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_internal_report_is_exact_and_marked_on_every_page(place: Path) -> None:
    result = _json(place / "inside" / "results.json")
    assert result["disclosure"]["internal"] is True
    rates = {tuple(e["groups"]): e for e in result["analyses"]["main"]["estimates"] if e["measure"] == "selection_rate"}
    assert rates["B",]["numerator"] == 4
    page = (place / "inside" / "report.html").read_text(encoding="utf-8")
    assert "Internal: not for publication" in page
    assert '@top-center{content:"Internal: not for publication"' in page  # each printed page
    assert "primary suppression" in page
    assert "private.json" in page


def test_what_is_published_is_the_same_bytes_and_says_nothing_of_it(place: Path) -> None:
    for path in (place / "plain").iterdir():
        if path.name != "manifest.json":
            assert path.read_bytes() == (place / "open" / path.name).read_bytes(), path.name
    secret = _json(place / "inside" / "private.json")
    plain = hashlib.sha256((place / "rows.csv").read_bytes()).hexdigest()
    assert secret["files"]["rows.csv"]["sha256"] == plain
    public = b"".join(path.read_bytes() for path in (place / "open").iterdir())
    for hidden in (plain, secret["salt"], 'reason": "small_count', 'complementary"', "Internal"):
        assert hidden.encode() not in public
    assert "commitment" not in (place / "plain" / "manifest.json").read_text()


def test_the_commitment_is_of_salt_and_file(place: Path) -> None:
    secret = _json(place / "inside" / "private.json")
    salt = bytes.fromhex(secret["salt"])
    assert len(salt) == 16
    expected = hashlib.sha256(salt + (place / "rows.csv").read_bytes()).hexdigest()
    assert _json(place / "open" / "manifest.json")["data"][0]["commitment"] == expected
    assert secret["files"]["rows.csv"]["commitment"] == expected


def test_why_each_sum_is_withheld_stands_in_private_json_alone(place: Path) -> None:
    # B's 4 are small; D's two people are joined as "other", whose counts are small as well. B and C share 94 selected
    # with everyone's: nothing else of C needs to go but what would give B's or the other's numbers away.
    secret = _json(place / "inside" / "private.json")
    assert secret["joined_groups"] == {"main": {"grp": ["D"]}}
    found = {(tuple(one["groups"]), one["sum"]): (one["value"], one["reason"]) for one in secret["withheld"]}
    assert found[("B",), "selected"] == (4, "small_count")
    assert found[("other",), "people"] == (2, "small_count")
    assert "complementary" in {reason for _, reason in found.values()}
    assert all((value < 11) == (reason == "small_count") for value, reason in found.values())


@pytest.mark.parametrize(
    ("options", "changed", "said", "code"),
    [
        ((), False, "not checked, that takes the salt", 0),
        (("--private", "inside"), False, "rows.csv: same", 0),
        (("--private", "inside", "--no-run"), False, "rows.csv: same", 0),
        (("--private", "inside", "--no-run"), True, "rows.csv: other", 1),
        (("--no-run",), True, "not checked", 0),
    ],
)
def test_verify_with_and_without_salt_and_rows(
    place: Path, options: tuple[str, ...], changed: bool, said: str, code: int, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(place)
    rows = (place / "rows.csv").read_bytes()
    try:
        if changed:
            (place / "rows.csv").write_bytes(rows.replace(b"A,1", b"A,0", 1))
        assert exit_code(["verify", "open", *options]) == code
    finally:
        (place / "rows.csv").write_bytes(rows)
    told = capsys.readouterr().out
    assert said in told
    assert "--no-run" in options or "Released findings: same" in told


def test_without_the_rows_the_findings_are_checked_and_the_rows_are_not(
    place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("open", "inside"):
        (tmp_path / name).mkdir()
        for path in (place / name).iterdir():
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert exit_code(["verify", "open", "--private", "inside"]) == 0
    told = capsys.readouterr().out
    assert "rows.csv: not checked, it is not at hand." in told
    assert "Released findings: same" in told


@pytest.mark.parametrize("folder", ["out", "out/inside", "."])
def test_a_private_folder_that_would_be_published_is_refused(
    folder: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    assert exit_code(["run", "audit.yaml", "--out", "out", "--private", folder, "--quiet"]) == 2
    assert "--private" in capsys.readouterr().err
    assert not (place / "out").exists()
