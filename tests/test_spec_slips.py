"""Slips that people make when they write audit.yaml by hand, each refused in one sentence that says what to write."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from auditkit.cli import exit_code
from auditkit.cli.run_command import gate_of
from auditkit.counts.count_rows import count_cells
from auditkit.counts.published import published_cells
from auditkit.errors import DataError, InputError, SpecError, TargetError
from auditkit.intake import open_table
from auditkit.intake.count_tables import read_counts
from auditkit.spec import load_audit
from auditkit.write.output_folder import _not_writable, write_file

HEAD = "title: t\nsystem: {name: s, harm: punitive}\ndata: rows.csv\ngroups: {sex: {column: sex, reference: F}}\n"


def refused(folder: Path, text: str) -> SpecError:
    (folder / "audit.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as found:
        load_audit(folder / "audit.yaml")
    return found.value


@pytest.mark.parametrize(
    ("line", "key", "number"),
    [
        ("score: s\nselected:\n  at_least: 0,55", "selected.at_least", "0.55"),
        ("score: s\nselected:\n  at_least: 1 000,5", "selected.at_least", "1000.5"),
        ("score: s\nconfidence: 0,95", "confidence", "0.95"),
        ('score: s\nkeep: [{column: a, at_most: "-0,5"}]', "keep.0.at_most", "-0.5"),
    ],
)
def test_a_decimal_comma_is_told_with_the_number_to_write(tmp_path: Path, line: str, key: str, number: str) -> None:
    said = refused(tmp_path, HEAD + line + "\n")
    assert f"{key} is " in str(said)
    assert str(said).endswith(f"expected a number without comma or space: {number}.")
    assert f"un nombre sans virgule ni espace\u202f: {number}." in said.message.text("fr")


@pytest.mark.parametrize("line", ["selected: {at_least: 0,55}", "selected: {top_share: 0,1}", "verdict: {ratio: 1,25}"])
def test_a_decimal_comma_between_braces_makes_two_entries(tmp_path: Path, line: str) -> None:
    said = str(refused(tmp_path, HEAD + "score: s\n" + line + "\n"))
    assert "audit.yaml, line 6: a comma ends an entry" in said
    assert "write it with a point, such as 0.55" in said


def test_a_text_that_is_no_number_gets_no_advice(tmp_path: Path) -> None:
    assert str(refused(tmp_path, HEAD + "score: s\nconfidence: high\n")).endswith('is "high"; expected a number.')


def test_a_language_that_is_not_there(tmp_path: Path) -> None:
    said = str(refused(tmp_path, HEAD + "score: s\nlanguage: de\n"))
    assert 'there is no language "de"; expected one of en, fr' in said


def test_a_value_on_both_sides(tmp_path: Path) -> None:
    said = str(refused(tmp_path, HEAD + "score: s\noutcome: {column: o, positive: [1, 0], negative: [0]}\n"))
    assert '"0" is listed as positive and as negative' in said


ONE_SIDED = HEAD + "score: s\nselected: {at_least: 0.5}\noutcome: {column: o, positive: [1, 0]%s}\n"
ROWS = "sex,s,o\n" + "F,0.1,1\nM,0.9,0\nF,0.7,1\n" * 20


def test_both_values_listed_as_positive_are_refused_of_rows(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    path = tmp_path / "audit.yaml"
    for rest in ("", ", rest: negative"):
        path.write_text(ONE_SIDED % rest, encoding="utf-8")
        spec = load_audit(path)
        assert spec.data is not None
        with open_table(spec.data, tmp_path) as table:
            if rest:
                assert count_cells(table, spec).joint
            else:
                with pytest.raises(DataError, match='column "o": it holds no value but those listed as positive'):
                    count_cells(table, spec)


def test_both_values_listed_as_negative_are_refused_of_counts(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("sex,picked,o,n\nF,1,a,5\nF,0,b,6\nM,1,b,7\nM,0,a,8\n", encoding="utf-8")
    (tmp_path / "audit.yaml").write_text(
        "title: t\nsystem: {name: s, harm: punitive}\ndata: {file: c.csv, count: n}\n"
        "selected: {column: picked, in: [1]}\noutcome: {column: o, negative: [a, b]}\n"
        "groups: {sex: {column: sex, reference: F}}\n",
        encoding="utf-8",
    )
    spec = load_audit(tmp_path / "audit.yaml")
    with pytest.raises(DataError, match=r"listed as negative \(\"a\", \"b\"\), so that nobody would have the outcome"):
        published_cells(spec, read_counts(spec, tmp_path))


@pytest.mark.parametrize(
    ("given", "verdict"),
    [("établi", "established"), ("ETABLI", "established"),
     ("Établi (statistiquement)", "established"), ("présent", "present"), ("faible", "small"),
     ("non concluant", "inconclusive"), ("non-concluant", "inconclusive")],
)  # fmt: skip
def test_a_gate_in_the_words_of_a_report(given: str, verdict: str) -> None:
    assert gate_of(given) == verdict


@pytest.mark.parametrize("given", ["equivalent", "équivalent", "", "probablement", "likely", "probable"])
def test_a_gate_that_is_no_verdict(given: str) -> None:
    with pytest.raises(InputError, match="There is no verdict"):
        gate_of(given)


def test_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TargetError, match=r"there is no folder .*no/such; make it first, or name another"):
        write_file(tmp_path / "no" / "such" / "x.yaml", b"")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    target = tmp_path / "rows.csv" / "x.yaml"
    assert exit_code(["init", str(tmp_path / "rows.csv"), "--out", str(target), "--language", "fr"]) == 2
    assert "une partie du chemin est un fichier\u202f; un dossier est attendu" in capsys.readouterr().err


def test_what_the_system_refuses_is_said_in_our_own_words() -> None:
    for code, words in ((errno.ENOSPC, "the disk is full"), (errno.EACCES, "you may not write there"),
                        (errno.ENOENT, "the system lets no file be made there (ENOENT); name another folder"),
                        (errno.EIO, "the system lets no file be made there (EIO); name another folder")):  # fmt: skip
        said = str(_not_writable(Path("/proc/x"), OSError(code, "what the operating system says")))
        assert said == f"/proc/x cannot be written: {words}."
