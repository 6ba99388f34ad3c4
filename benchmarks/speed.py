"""How much longer a whole audit takes than the bare count it rests on, and how much memory it needs.

    python benchmarks/speed.py --rows 10000000 [--folder FOLDER] [--repeat 3] [--what run|count]

Both run as processes of their own, by turns, on the same Parquet file: a bare DuckDB process that groups by the five
attributes, selected, outcome and 200 score bins; and `auditkit run`. Each has run once before it is measured, and
Python may keep its compiled modules, as it does where a package is installed. Printed: seconds (the best of
`--repeat`), their ratio, and the peak memory of each; and how long the input takes to be hashed, which is within ours.
The limits: 3 times and 700 MB at 10 million rows, 1.5 times and 1 GB at 100 million. Exit 1 where a limit is passed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generate import LEVELS, THRESHOLD, generate

BARE = """
import duckdb, sys
found = duckdb.connect().execute(
    "SELECT {names}, score >= {threshold} AS selected, outcome, "
    "least(floor(score * 200), 199)::INTEGER AS bin, count(*) AS n "
    "FROM read_parquet(?) GROUP BY ALL", [sys.argv[1]]
).fetchall()
print(len(found))
"""

COUNT = """
import sys
from pathlib import Path
from auditkit.counts.count_rows import count_cells
from auditkit.intake.open_table import open_table
from auditkit.spec import load_audit
path = Path(sys.argv[1])
spec = load_audit(path)
with open_table(spec.data, path.parent, spec.missing_values) as table:
    print(len(count_cells(table, spec).joint[0]))
"""


@dataclass(frozen=True)
class Measured:
    """One process: seconds by the clock, seconds of work of all its threads, and its peak memory."""

    seconds: float
    work: float
    megabytes: float


def measure(command: list[str]) -> Measured:
    """Run a command to its end; RuntimeError with what it said where it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if process.returncode not in (0, 1):
            said.seek(0)
            raise RuntimeError(said.read().decode("utf-8", "replace"))
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6)


def best(found: list[Measured]) -> Measured:
    """The quickest run, with the most memory that any run took."""
    return Measured(
        min(one.seconds for one in found), min(one.work for one in found), max(one.megabytes for one in found)
    )


def write_audit(folder: Path, data: Path) -> Path:
    """An audit.yaml of the made-up caseload."""
    groups = "\n".join(f"  {name}: {{column: {name}}}" for name in LEVELS)
    path = folder / "audit.yaml"
    path.write_text(
        "title: Made-up caseload\n"
        "system: {name: made-up, harm: punitive}\n"
        f'data: "{data.resolve()}"\n'
        "score: score\n"
        f"selected: {{at_least: {THRESHOLD}}}\n"
        "outcome: {column: outcome, positive: [1]}\n"
        f"groups:\n{groups}\n",
        encoding="utf-8",
    )
    return path


def commands(what: str, audit: Path, data: Path, folder: Path) -> tuple[list[str], list[str]]:
    """The bare process and ours."""
    bare = [sys.executable, "-c", BARE.format(names=", ".join(LEVELS), threshold=THRESHOLD), str(data)]
    if what == "count":
        return bare, [sys.executable, "-c", COUNT, str(audit)]
    ours = [sys.executable, "-m", "auditkit", "run", str(audit), "--out", str(folder / "results"), "--quiet"]
    return bare, ours


def _hashing(data: Path) -> float:
    began = time.perf_counter()
    with data.open("rb") as file:
        hashlib.file_digest(file, "sha256")
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--what", choices=["run", "count"], default="run")
    given = parser.parse_args()
    data = generate(given.rows, given.folder / f"auditkit-caseload-{given.rows}.parquet")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare_command, our_command = commands(given.what, write_audit(folder, data), data, folder)
        measure(bare_command), measure(our_command)
        pairs = [(measure(bare_command), measure(our_command)) for _ in range(given.repeat)]
    bare, ours = best([pair[0] for pair in pairs]), best([pair[1] for pair in pairs])
    ratio = ours.seconds / bare.seconds
    print(f"rows {given.rows:,}; best of {given.repeat}")
    for label, one in (("bare DuckDB", bare), (f"auditkit {given.what}", ours)):
        print(f"{label:15} {one.seconds:8.2f} s  {one.work:8.2f} s of work  {one.megabytes:8.0f} MB")
    print(f"hashing the input alone {_hashing(data):.2f} s")
    print(f"ratio by the clock {ratio:.2f}, of work {ours.work / bare.work:.2f}")
    most_ratio, most_memory = (1.5, 1000) if given.rows >= 100_000_000 else (3.0, 700)
    held = ratio <= most_ratio and ours.megabytes <= most_memory
    print(f"limits: ratio {most_ratio}, memory {most_memory} MB: {'held' if held else 'passed'}")
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
