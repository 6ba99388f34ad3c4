"""The same rates of the same million rows by auditkit, fairlearn's MetricFrame and Aequitas, one process each.

    python benchmarks/beside_peers.py [--rows 1000000] [--repeat 3] [--peers fairlearn aequitas]

auditkit counts all pairs of attributes, every interval and test, and writes its report; the peers compute rates
of single attributes without intervals. Printed: seconds (the best of --repeat), peak memory, ratio to auditkit. A peer
that is not installed is named with the line that installs it.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path

from generate import LEVELS, THRESHOLD, generate
from speed import best, measure, write_audit

FAIRLEARN = """
import sys
import pandas as pd
from fairlearn.metrics import (
    MetricFrame, false_negative_rate, false_positive_rate, selection_rate, true_negative_rate, true_positive_rate)
from sklearn.metrics import accuracy_score, precision_score
import duckdb
rows = duckdb.sql(f"SELECT * FROM read_parquet('{{sys.argv[1]}}')").df()
chosen = (rows["score"] >= {threshold}).astype(int)
metrics = dict(selection=selection_rate, tpr=true_positive_rate, fpr=false_positive_rate, tnr=true_negative_rate,
               fnr=false_negative_rate, ppv=precision_score, accuracy=accuracy_score)
for name in {names}:
    frame = MetricFrame(metrics=metrics, y_true=rows["outcome"], y_pred=chosen, sensitive_features=rows[name])
    frame.by_group, frame.difference(), frame.ratio()
"""

AEQUITAS = """
import sys
import duckdb
from aequitas.group import Group
from aequitas.bias import Bias
rows = duckdb.sql(f"SELECT * FROM read_parquet('{{sys.argv[1]}}')").df()
rows["score"] = (rows["score"] >= {threshold}).astype(int)
rows = rows.rename(columns={{"outcome": "label_value"}})[[*{names}, "score", "label_value"]]
for name in {names}:
    rows[name] = rows[name].astype(str).astype(object)
counts, _ = Group().get_crosstabs(rows, attr_cols=list({names}))
Bias().get_disparity_major_group(counts, original_df=rows, check_significance=False)
"""

PEERS = {"fairlearn": ("fairlearn", FAIRLEARN), "aequitas": ("aequitas", AEQUITAS)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    given = parser.parse_args()
    data = generate(given.rows, given.folder / f"auditkit-caseload-{given.rows}.parquet")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        audit = write_audit(folder, data)
        ours = [sys.executable, "-m", "auditkit", "run", str(audit), "--out", str(folder / "results"), "--quiet"]
        found = {"auditkit": best([measure(ours) for _ in range(given.repeat)])}
        for peer in given.peers:
            package, script = PEERS[peer]
            if importlib.util.find_spec(package) is None:
                print(f"{peer} is not installed; install it with: python -m pip install {package}")
                continue
            code = script.format(threshold=THRESHOLD, names=list(LEVELS))
            found[peer] = best([measure([sys.executable, "-c", code, str(data)]) for _ in range(given.repeat)])
    print(f"rows {given.rows:,}; best of {given.repeat}")
    for name, one in found.items():
        ratio = one.seconds / found["auditkit"].seconds
        print(f"{name:10} {one.seconds:8.2f} s  {one.megabytes:8.0f} MB  {ratio:6.2f} times auditkit")


if __name__ == "__main__":
    main()
