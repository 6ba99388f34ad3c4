"""Attributes in another file: keys of every spelling and number. The account adds up, or a question names the keys."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from auditkit.errors import DataError
from auditkit.intake import open_table
from auditkit.spec import DataSpec

PEOPLE = 24
SPELLINGS = {
    "as it is": str,
    "zeros": lambda i: f"{i:04d}",
    "decimal": lambda i: f"{i}.0",
    "blank after": lambda i: f"{i} ",
    "blank before": lambda i: f" {i}",
    "no-break blank": lambda i: f"{i}\u00a0",
    "letters": lambda i: f"a{i}",
    "capitals": lambda i: f"A{i}",
    "letters and zeros": lambda i: f"a{i:03d}",
}
SAME_TEXT = {("as it is", "decimal"), ("decimal", "as it is")}
FOLDED = [{"as it is", "zeros", "decimal", "blank after", "blank before", "no-break blank"}, {"letters", "capitals"}]


def joined(folder: Path, ours: list[str], theirs: list[tuple[str, str]], **join: object) -> tuple[list[object], str]:
    """The group of each row as it was joined, sorted, and the notes."""
    (folder / "a.csv").write_text("id,finding\n" + "".join(f"{key},yes\n" for key in ours), encoding="utf-8")
    (folder / "b.csv").write_text("id,sex\n" + "".join(f"{key},{sex}\n" for key, sex in theirs), encoding="utf-8")
    data = DataSpec.model_validate({"file": "a.csv", "join": {"file": "b.csv", "key": "id", **join}})
    with open_table(data, folder) as table:
        found = table.frame.select("sex").collect().get_column("sex").to_list()
        return sorted(found, key=str), "\n".join(note.text("en") for note in table.notes)


SEXES = sorted("FM"[i % 2] for i in range(PEOPLE))


@pytest.mark.parametrize("ours", SPELLINGS)
def test_keys_of_two_spellings_meet_or_are_asked_about(ours: str, tmp_path: Path) -> None:
    for theirs in SPELLINGS:
        left = [SPELLINGS[ours](i) for i in range(PEOPLE)]
        right = [(SPELLINGS[theirs](i), "FM"[i % 2]) for i in range(PEOPLE)]
        if ours == theirs or (ours, theirs) in SAME_TEXT:
            assert joined(tmp_path, left, right)[0] == SEXES
            continue
        if any({ours, theirs} <= one for one in FOLDED):
            with pytest.raises(DataError, match=r"find a match only if .* alike: true"):
                joined(tmp_path, left, right)
            assert joined(tmp_path, left, right, alike=True)[0] == SEXES, theirs
        else:
            with pytest.raises(DataError, match=r"no row found a match by id"):
                joined(tmp_path, left, right)


@pytest.mark.parametrize(("lines", "several"), list(product(range(1, 4), [None, "first", "apart", "each"])))
def test_a_key_of_several_lines(lines: int, several: str | None, tmp_path: Path) -> None:
    """Key 0 stands on so many lines, F and M in turn, in every place of the file."""
    ours = [str(i) for i in range(4)]
    rest = [("1", "F"), ("2", "M")]  # nobody says anything of 3
    zero = [("0", "FM"[i % 2]) for i in range(lines)]
    for at in range(len(rest) + 1):
        theirs = [*rest[:at], *zero, *rest[at:]]
        if several is None and lines > 1:
            with pytest.raises(DataError, match=r'the key id is "0" in rows .*several: first.*several: each'):
                joined(tmp_path, ours, theirs)
            continue
        found, notes = joined(tmp_path, ours, theirs, **({"several": several} if several else {}))
        if several == "each":
            expected = sorted([*("FM"[i % 2] for i in range(lines)), "F", "M", None], key=str)
        elif several == "apart" and lines > 1:
            expected = sorted(["F + M", "F", "M", None], key=str)
        else:
            expected = sorted(["F", "F", "M", None], key=str)
        assert found == expected
        rows = 3 + lines if several == "each" else 4
        assert f"b.csv: 1 of {rows} rows has no match by id" in notes


def test_a_column_of_both_files_gets_the_name_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,sex\n1,F\n2,M\n")
    (tmp_path / "b.csv").write_text("id,Sex\n1,M\n2,M\n")
    data = DataSpec.model_validate({"file": "a.csv", "join": {"file": "b.csv", "key": "id"}})
    with open_table(data, tmp_path) as table:
        assert table.columns == ("id", "sex", "b.Sex")
        assert table.frame.select("sex", "b.Sex").collect().rows() == [("F", "M"), ("M", "M")]
        assert 'that of b.csv is read as "b.Sex"' in "\n".join(note.text("en") for note in table.notes)
