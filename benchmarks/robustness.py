"""Mutated audits, tables, results and binary files through whole commands: a sentence each, and never a fault of ours.

    python benchmarks/robustness.py --count 5000 --out robustness.jsonl

Each case has a number from which everything in it is drawn, so that any can be run again (`--only 17`), and a run that
was broken off goes on where it stopped. A case holds where the exit code is 0, 1 or 2, the last line of stderr is no
trace, and the command took no more than 20 seconds of work and 2 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
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
    """A result with one of its values replaced, left out or made another kind."""
    node, steps = value, draw.randint(1, 9)
    for _ in range(steps):
        keys: Any = list(node) if isinstance(node, dict) else range(len(node))
        if not keys:
            break
        key = draw.choice(keys)
        child = node[key]
        if not isinstance(child, (dict, list)) or draw.random() < 0.15:
            odd: Any = draw.choice(
                [None, "", -1, 1e308, True, [], {}, [[]], "\u0000", "2026-13-45", 10**400, "x" * 3000]
            )
            if draw.random() < 0.2:
                del node[key]
            else:
                node[key] = odd
            break
        node = child
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
    content = json.loads(sound_result().read_bytes())
    for _ in range(draw.randint(1, 3)):
        content = forged(content, draw)
    (folder / "results.json").write_text(json.dumps(content))
    return ["report", "results.json", "--out", "report.html"]


def put_binary(folder: Path, draw: random.Random) -> list[str]:
    """A damaged Parquet file, spreadsheet or model."""
    import pandas

    frame = pandas.read_csv(__import__("io").StringIO(ROWS))
    kind = draw.choice(("parquet", "xlsx", "gz", "model"))
    name = {"parquet": "rows.parquet", "xlsx": "rows.xlsx", "gz": "rows.csv.gz", "model": "rows.csv"}[kind]
    path = folder / name
    if kind == "parquet":
        frame.to_parquet(path)
    elif kind == "xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False)
    text = AUDIT.replace("rows.csv", name)
    if kind == "model":
        import lightgbm

        made = lightgbm.LGBMClassifier(n_estimators=2, verbose=-1, min_child_samples=5).fit(
            frame[["a", "b"]], frame["y"]
        )
        made.booster_.save_model(folder / "model.txt")
        path = folder / "model.txt"
        text = text.replace("score: a", "model: {file: model.txt, columns: [a, b]}").replace(
            "at_least: 5", "at_least: 0.5"
        )
    path.write_bytes(mutated_bytes(path.read_bytes(), draw))
    (folder / "audit.yaml").write_text(text)
    return [draw.choice(("check", "run")), "audit.yaml"]


_SOUND: list[Path] = []


def sound_result() -> Path:
    """The results.json of a sound audit, made once."""
    if not _SOUND:
        folder = Path(tempfile.mkdtemp(prefix="robustness-"))
        (folder / "rows.csv").write_text(ROWS)
        (folder / "audit.yaml").write_text(AUDIT)
        subprocess.run(
            [sys.executable, "-m", "auditkit", "run", "audit.yaml", "--out", "out", "--quiet"], cwd=folder, check=True
        )
        _SOUND.append(folder / "out" / "results.json")
    return _SOUND[0]


KINDS: dict[str, Callable[[Path, random.Random], list[str]]] = {
    "audit": put_audit, "table": put_table, "result": put_result, "binary": put_binary,
}  # fmt: skip


def run_case(number: int, kind: str) -> dict[str, Any]:
    """One case through a whole command, in a folder of its own."""
    draw = random.Random(f"{kind} {number}")
    with tempfile.TemporaryDirectory() as name:
        command = KINDS[kind](Path(name), draw)
        if command[0] == "init":
            command = ["init", "rows.csv", "--out", "made.yaml"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "auditkit", *command], cwd=name, capture_output=True, timeout=300, check=False
            )
            code, said = done.returncode, done.stderr.decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            code, said = -1, "no end within 300 s"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sentence = code == 0 or (bool(said.strip()) and "Traceback" not in said)
    return {
        "number": number, "kind": kind, "command": command, "code": code, "said": said.strip()[-300:],
        "seconds": round(time.monotonic() - began, 1), "work": round(work, 1),
        "held": code in (0, 1, 2) and sentence and work < 60,
    }  # fmt: skip


def main() -> None:
    """Run the cases that the file does not hold yet, and say which did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="cases of each kind")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--out", type=Path, default=Path("robustness.jsonl"))
    parser.add_argument("--only", type=int)
    given = parser.parse_args()
    lines = given.out.read_text().splitlines() if given.out.exists() else []
    done = {(one["kind"], one["number"]) for one in map(json.loads, lines)}
    os.environ.setdefault("LANG", "C.UTF-8")
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
