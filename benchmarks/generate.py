"""A made-up caseload of any size as Parquet, the same on every run: five attributes, a score, what came of it.

    python benchmarks/generate.py --rows 10000000 --out caseload.parquet

Nobody in it exists. Values come from hashes of the row number, so that no seed and no order of threads matters.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

LEVELS = {"sex": 2, "age": 3, "district": 4, "household": 5, "benefit": 6}
THRESHOLD = 0.6
"""At or above it a case is selected: 32 % of rows."""


def generate(rows: int, target: Path) -> Path:
    """Write `rows` rows to `target`, unless it is there already with as many."""
    if target.is_file():
        with duckdb.connect() as connection:
            found = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchone()
        if found is not None and found[0] == rows:
            return target
    attributes = ", ".join(
        f"'{name} ' || (1 + {_number(i)} % {size})::VARCHAR AS {name}"
        for i, (name, size) in enumerate(LEVELS.items(), 1)
    )
    partial = target.with_name(target.name + ".part")
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"""COPY (
                SELECT {attributes}, score, (chance < 0.1 + 0.6 * score)::INTEGER AS outcome
                FROM (
                    SELECT i, ({_share(6)} + {_share(7)}) / 2 AS score, {_share(8)} AS chance
                    FROM range({rows}) t(i)
                )
            ) TO '{partial}' (FORMAT parquet)"""
        )
    partial.replace(target)
    return target


def _number(stream: int) -> str:
    """A whole number of the row, another one for each stream."""
    return f"(hash(i * 16 + {stream}) >> 16)"


def _share(stream: int) -> str:
    """A number from 0 to under 1 with nine decimals."""
    return f"({_number(stream)} % 1000000007) / 1000000007.0::DOUBLE"


def main() -> None:
    """Write the file."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--out", type=Path, default=Path("caseload.parquet"))
    given = arguments.parse_args()
    print(generate(given.rows, given.out))


if __name__ == "__main__":
    main()
