"""How much faster a scorecard runs on the engine that holds the rows than row by row in pandas.

    python benchmarks/scorecards.py [--rows 10000000] [--sample 20000] [--scorecard aggir] [--repeat 3] [--threads N]

Rows are drawn with a seed from the values that the scorecard tells apart, and written to Parquet. Pushed down: DuckDB
reads the file and computes the mean score and the number of scores, the best of `--repeat`. Row by row: the plain
reading of the scorecard (`evaluate`) by `DataFrame.apply` over a sample of the same rows, extrapolated to all of them;
both give the same scores on that sample, to 1e-12, or the run ends. The limit: 20 times faster by the clock. Exit 1
where it is missed. On a machine that others use at the same time the clock says little; the seconds of work of all
threads, printed beside it, say more.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas

from auditkit.scorers.evaluate_card import evaluate
from auditkit.scorers.open_model import find_scorecard, load_scorecard
from auditkit.scorers.scored_profiles import settings
from auditkit.scorers.scorer import CardScorer

LIMIT = 20


def write_rows(path: Path, values: dict[str, tuple[float | str, ...]], rows: int, seed: int) -> None:
    """Rows whose inputs are drawn evenly from the values of each, in parts of a million."""
    import pyarrow
    import pyarrow.parquet

    draw = np.random.default_rng(seed)
    writer = None
    for start in range(0, rows, 1_000_000):
        count = min(1_000_000, rows - start)
        columns = {}
        for name, known in values.items():
            codes = draw.integers(0, len(known), count).astype(np.int32)
            columns[name] = pyarrow.DictionaryArray.from_arrays(codes, pyarrow.array(list(known))).dictionary_decode()
        table = pyarrow.table(columns)
        writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def main() -> int:
    """Measure and print; 1 where the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--scorecard", default="aggir")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int)
    asked = parser.parse_args()
    card = load_scorecard(find_scorecard(asked.scorecard))
    scorer = CardScorer(card)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        write_rows(path, settings(card), asked.rows, seed=1)
        connection = duckdb.connect()
        if asked.threads:
            connection.execute(f"SET threads = {asked.threads}")
        best, work = math.inf, math.inf
        for _ in range(asked.repeat):
            began, worked = time.perf_counter(), time.process_time()
            rows = connection.sql(f"SELECT * FROM read_parquet('{path}')")
            scored = scorer.add_score(rows, "score")
            found = scored.query("scored", "SELECT count(score), avg(score) FROM scored").fetchall()[0]
            best = min(best, time.perf_counter() - began)
            work = min(work, time.process_time() - worked)
        sample = connection.sql(f"SELECT * FROM read_parquet('{path}') LIMIT {asked.sample}").df()
        by_row, row_work = math.inf, math.inf
        for _ in range(asked.repeat):
            began, worked = time.perf_counter(), time.process_time()
            plain = sample.apply(lambda row: evaluate(card, row.to_dict()), axis=1)
            by_row = min(by_row, time.perf_counter() - began)
            row_work = min(row_work, time.process_time() - worked)
        pushed = scorer.score(pandas.DataFrame(sample))
        connection.close()
    if not np.allclose(plain.to_numpy(dtype=float), pushed, rtol=0, atol=1e-12, equal_nan=True):
        print("the two ways give other scores")
        return 1
    extrapolated = by_row * asked.rows / len(sample)
    ratio = extrapolated / best
    print(f"scorecard {asked.scorecard}: {len(card.terms)} terms, {len(card.columns)} columns")
    print(f"pushed down, {asked.rows:,} rows: {best:.2f} s, {work:.2f} s of work (scores: {found[0]:,})")
    print(f"row by row, {len(sample):,} rows: {by_row:.2f} s; extrapolated to {asked.rows:,}: {extrapolated:,.0f} s")
    print(f"ratio: {ratio:,.0f} (limit: {LIMIT}); of work: {row_work * asked.rows / len(sample) / work:,.0f}")
    return 0 if ratio >= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
