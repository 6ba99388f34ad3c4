"""Mutated audits, tables, results and binary files through whole commands: a sentence each, and never a fault of ours.

    python benchmarks/robustness.py --count 5000 --out robustness.jsonl

Each case has a number from which everything in it is drawn, so that any can be run again (`--only 17`), and a run that
was broken off goes on where it stopped. A case holds where the exit code is 0, 1 or 2, the last line of stderr is no
trace, and the command took no more than 20 seconds of work and 2 GB. With `--forked` the commands begin in a copy of a
process in which each of them has run once, which is ten times faster.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

AUDIT = """\
title: t
system: {name: s, harm: punitive}
data: rows.csv
score: a
selected: {at_least: 5}
outcome: {column: y, positive: [1]}
groups: {sex: {column: sex, reference: M}}
"""
ROWS = "sex,a,b,y\n" + "".join(f"{'MF'[i % 2]},{i % 10},{i % 7},{int(i % 3 == 0)}\n" for i in range(200))
ODD = (
    "", "null", "-1", "1e309", "NaN", "[]", "{}", "[[[]]]", "true", "\ud7ff", "a" * 5000, "2026-13-45", "0x10", "é",
    "\x00", "{at_least: .inf}", "&a [*a]", "!!python/object:os.system x", "'", '"', ": :", "- -", "../../etc/passwd",
    "\t", "%", "1_000",
)  # fmt: skip


def mutated_text(text: str, draw: random.Random) -> str:
    """One to four changes: a value, a line, a character, a key, a piece twice."""
    for _ in range(draw.randint(1, 4)):
        lines = text.split("\n")
        place = draw.randrange(len(lines))
        match draw.randrange(6):
            case 0:
                lines[place] = lines[place].partition(":")[0] + ": " + draw.choice(ODD)
            case 1:
                lines.insert(place, draw.choice(lines))
            case 2:
                del lines[place]
            case 3:
                at = draw.randrange(len(lines[place]) + 1)
                lines[place] = lines[place][:at] + draw.choice(ODD) + lines[place][at:]
            case 4:
                words = lines[place].split(" ")
                words[draw.randrange(len(words))] = draw.choice(ODD)
                lines[place] = " ".join(words)
            case _:
                lines[place] = lines[place].replace(draw.choice("abcdesty01,:{}[]"), draw.choice("xyz,:{}[] \t9"))
        text = "\n".join(lines) or "x"
    return text


def mutated_bytes(content: bytes, draw: random.Random) -> bytes:
    """Bytes changed, cut, doubled or filled."""
    held = bytearray(content)
    for _ in range(draw.randint(1, 6)):
        at = draw.randrange(max(1, len(held)))
        match draw.randrange(4):
            case 0:
                held[at : at + 1] = bytes([draw.randrange(256)])
            case 1:
                del held[at : at + draw.randint(1, 64)]
            case 2:
                held[at:at] = held[at : at + draw.randint(1, 64)]
            case _:
                held[at : at + 8] = draw.choice((b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7))
    return bytes(held)


def forged(value: Any, draw: random.Random) -> Any:
    """A result with one of its values replaced, left out or made another kind: any place is as likely as any other."""
    places: list[tuple[Any, Any]] = []
    nodes = [value]
    while nodes:
        node = nodes.pop()
        keys: Any = list(node) if isinstance(node, dict) else range(len(node))
        places += [(node, key) for key in keys]
        nodes += [node[key] for key in keys if isinstance(node[key], (dict, list))]
    if not places:
        return value
    node, key = draw.choice(places)
    if draw.random() < 0.2:
        del node[key]
    else:
        odd: tuple[Any, ...] = (
            None,
            "",
            -1,
            1e308,
            True,
            [],
            {},
            [[]],
            "\0",
            "2026-13-45",
            10**400,
            "x" * 3000,
            0.5,
            "a",
        )
        node[key] = draw.choice(odd)
    return value


def put_audit(folder: Path, draw: random.Random) -> list[str]:
    """A mutated audit.yaml on sound rows."""
    (folder / "rows.csv").write_text(ROWS)
    (folder / "audit.yaml").write_text(mutated_text(AUDIT, draw), encoding="utf-8", errors="replace")
    return [draw.choice(("check", "run")), "audit.yaml"]


def put_table(folder: Path, draw: random.Random) -> list[str]:
    """A sound audit.yaml on mutated rows."""
    changed = mutated_text(ROWS, draw).encode("utf-8", "replace")
    (folder / "rows.csv").write_bytes(mutated_bytes(changed, draw) if draw.random() < 0.4 else changed)
    (folder / "audit.yaml").write_text(AUDIT)
    return [draw.choice(("check", "run", "init")), "audit.yaml"]


def put_result(folder: Path, draw: random.Random) -> list[str]:
    """A forged results.json for report."""
    content = json.loads(sound_result())
    for _ in range(draw.randint(1, 3)):
        content = forged(content, draw)
    (folder / "results.json").write_text(json.dumps(content))
    return ["report", "results.json", "--out", "report.html"]


def put_binary(folder: Path, draw: random.Random) -> list[str]:
    """A damaged Parquet file, spreadsheet, statistical file, packed text, database or model."""
    kind = draw.choice(("parquet", "typed.parquet", "xlsx", "ods", "dta", "xpt", "csv.gz", "duckdb", *MODELS))
    sound = sound_binary(kind)
    (folder / "rows.csv").write_text(ROWS)
    path = folder / (f"model.{kind.partition('.')[2]}" if kind in MODELS else f"rows.{kind.removeprefix('typed.')}")
    path.write_bytes(mutated_bytes(sound, draw))
    text = AUDIT
    if kind in MODELS:
        text = text.replace("score: a", f"model: {{file: {path.name}, columns: [a, b], positive: 1}}")
        text = text.replace("at_least: 5", "at_least: 0.5")
    else:
        text = text.replace("rows.csv", path.name)
    (folder / "audit.yaml").write_text(text)
    return [draw.choice(("check", "run", "run", "init")), "audit.yaml"]


MODELS = ("lightgbm.txt", "xgboost.json", "xgboost.ubj", "sklearn.skops")
_BINARIES: dict[str, bytes] = {}


def sound_binary(kind: str) -> bytes:
    """A sound file of one kind, made once."""
    if kind not in _BINARIES:
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / f"sound.{kind}"
            _write_sound(path, kind)
            _BINARIES[kind] = path.read_bytes()
    return _BINARIES[kind]


def _write_sound(path: Path, kind: str) -> None:
    import pandas

    frame = pandas.read_csv(io.StringIO(ROWS))
    match kind:
        case "parquet":
            frame.to_parquet(path)
        case "typed.parquet":
            more = {
                "day": pandas.date_range("2020-01-01", periods=len(frame)), "yes": frame["y"] == 1,
                "list": [["A"]] * len(frame), "class": frame["sex"].astype("category"), "blob": [b"x"] * len(frame),
            }  # fmt: skip
            frame.assign(**more).to_parquet(path)
        case "xlsx" | "ods":
            frame.to_excel(path, index=False)
        case "xpt":
            path.write_bytes((Path(__file__).parent.parent / "tests" / "fixtures" / "rows.xpt").read_bytes())
        case "dta":
            frame.to_stata(path, write_index=False)
        case "csv.gz":
            frame.to_csv(path, index=False)
        case "duckdb":
            import duckdb

            with duckdb.connect(str(path)) as connection:
                connection.execute("CREATE TABLE t AS SELECT * FROM frame")
        case _:
            _write_model(path, kind, frame)


def _write_model(path: Path, kind: str, frame: Any) -> None:
    inputs, outcome = frame[["a", "b"]], frame["y"]
    match kind.partition(".")[0]:
        case "lightgbm":
            import lightgbm

            made = lightgbm.LGBMClassifier(n_estimators=2, verbose=-1, min_child_samples=5, n_jobs=1).fit(
                inputs, outcome
            )
            made.booster_.save_model(path)
        case "xgboost":
            import xgboost

            xgboost.XGBClassifier(n_estimators=2, max_depth=2, n_jobs=1).fit(inputs, outcome).save_model(path)
        case _:
            import skops.io
            from sklearn.linear_model import LogisticRegression

            skops.io.dump(LogisticRegression().fit(inputs, outcome), path)


_SOUND: list[bytes] = []


def sound_result() -> bytes:
    """The results.json of a sound audit, made once."""
    if not _SOUND:
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "rows.csv").write_text(ROWS)
            (Path(name) / "audit.yaml").write_text(AUDIT)
            command = [sys.executable, "-m", "auditkit", "run", "audit.yaml", "--out", "out", "--quiet"]
            subprocess.run(command, cwd=name, check=True)
            _SOUND.append((Path(name) / "out" / "results.json").read_bytes())
    return _SOUND[0]


KINDS: dict[str, Callable[[Path, random.Random], list[str]]] = {
    "audit": put_audit, "table": put_table, "result": put_result, "binary": put_binary,
}  # fmt: skip


FORKED: list[bool] = []
"""Holds something where commands begin in a copy of this process."""

_LONGEST = 300


def spawned(command: list[str], folder: str) -> tuple[int, str, float, int]:
    """One command in a new process: exit code, what it said, seconds of work, kilobytes at most."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "auditkit", *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=said
        )
        return _waited(process.pid, said)


def forked(command: list[str], folder: str) -> tuple[int, str, float, int]:
    """As `spawned`, in a copy of this process, which has loaded the libraries."""
    import auditkit.cli

    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(said.fileno(), 2)
            sys.stdout, sys.stderr = open(1, "w"), open(2, "w")  # noqa: SIM115
            try:
                auditkit.cli.main(command)
            finally:
                os._exit(99)
        return _waited(child, said)


def _waited(child: int, said: Any) -> tuple[int, str, float, int]:
    began = time.monotonic()
    while True:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() - began > _LONGEST:
            os.kill(child, signal.SIGTERM)
            os.wait4(child, 0)
            return -1, f"no end within {_LONGEST} s", float(_LONGEST), 0
        time.sleep(0.01)
    said.seek(0)
    code = os.waitstatus_to_exitcode(status)
    return code, said.read().decode("utf-8", "replace"), used.ru_utime + used.ru_stime, used.ru_maxrss


def load_ahead() -> None:
    """Run each command once here, for the copies that follow: what they load and compile they share."""
    import auditkit.cli

    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
        folder = Path(name)
        (folder / "rows.csv").write_text(ROWS)
        (folder / "audit.yaml").write_text(AUDIT)
        with contextlib.chdir(folder):
            for command in ("check audit.yaml", "run audit.yaml --out out", "init rows.csv --out made.yaml"):
                auditkit.cli.exit_code(command.split())
            _SOUND.append((folder / "out" / "results.json").read_bytes())
            auditkit.cli.exit_code("report out/results.json --out report.html".split())
    for kind in ("xgboost.json", "lightgbm.txt", "sklearn.skops", "xlsx", "typed.parquet"):
        sound_binary(kind)
    gc.collect()
    gc.freeze()
    FORKED.append(True)


def run_case(number: int, kind: str) -> dict[str, Any]:
    """One case through a whole command, in a folder of its own."""
    draw = random.Random(f"{kind} {number}")
    with tempfile.TemporaryDirectory() as name:
        command = KINDS[kind](Path(name), draw)
        if command[0] == "init":
            command = ["init", "rows.csv", "--out", "made.yaml"]
        if (made := [file for file in Path(name).glob("rows.*") if file.suffix != ".csv"]) and command[0] == "init":
            command[1] = made[0].name
        began = time.monotonic()
        code, said, work, held = (forked if FORKED else spawned)(command, name)
    sentence = code == 0 or (bool(said.strip()) and "Traceback" not in said)
    return {
        "number": number, "kind": kind, "command": command, "code": code, "said": said.strip()[-300:],
        "seconds": round(time.monotonic() - began, 1), "work": round(work, 1),
        "megabytes": round(held / 1e3), "held": code in (0, 1, 2) and sentence and work < 20 and held < 2_000_000,
    }  # fmt: skip


def main() -> None:
    """Run the cases that the file does not hold yet, and say which did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="cases of each kind")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--out", type=Path, default=Path("robustness.jsonl"))
    parser.add_argument("--only", type=int)
    parser.add_argument("--forked", action="store_true", help="begin each command in a copy of this process")
    given = parser.parse_args()
    lines = given.out.read_text().splitlines() if given.out.exists() else []
    done = {(one["kind"], one["number"]) for one in map(json.loads, lines)}
    os.environ.setdefault("LANG", "C.UTF-8")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # a copy of a process has no threads of the first
    if given.forked:
        load_ahead()
    failed = 0
    for kind in given.kinds.split(","):
        for number in [given.only] if given.only is not None else range(given.count):
            if (kind, number) in done:
                continue
            found = run_case(number, kind)
            failed += not found["held"]
            if not found["held"]:
                print(json.dumps(found))
            with given.out.open("a") as file:
                file.write(json.dumps(found) + "\n")
    print(f"{failed} did not hold")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
