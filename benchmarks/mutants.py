"""How much the tests notice: one-token changes of the code, each against the tests of its own room.

    python benchmarks/mutants.py --count 300 [--rooms counts protect measures inference findings] [--jobs 2]

Changes are drawn with `random.Random(2026)` over all candidate places, by room in proportion to its code lines: a
comparison turned round, an arithmetic sign changed, `and` for `or`, a number moved by one, a `not` dropped, a returned
value replaced by None. A change is killed when the room's own tests fail. Changes that make no difference stay in the
denominator. Those that survive are printed, to be read. A copy of the tree is changed, never the tree itself; results
are kept in the file that `--out` names, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from size import code_lines  # noqa: E402

ROOMS = ("counts", "protect", "measures", "inference", "findings")
_COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_LIMIT_SECONDS = 300


@dataclass(frozen=True)
class Place:
    """One change: the file, the number of its node in the order of `ast.walk`, and what it is."""

    file: str
    node: int
    line: int
    what: str


def _kind(node: ast.AST) -> str | None:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        return "comparison"
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        return "arithmetic"
    if isinstance(node, ast.BoolOp):
        return "and/or"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return "not"
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return "constant"
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        return "return None"
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _in_types(tree: ast.Module) -> set[int]:
    """Nodes of annotations: a change there changes nothing."""
    found: set[int] = set()
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            part = getattr(node, name, None)
            if isinstance(part, ast.AST):
                found.update(id(leaf) for leaf in ast.walk(part))
    return found


def places(file: Path) -> list[Place]:
    """All candidate places of a module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    typed = _in_types(tree)
    name = file.relative_to(ROOT).as_posix()
    return [
        Place(name, number, getattr(node, "lineno", 0), kind)
        for number, node in enumerate(ast.walk(tree))
        if id(node) not in typed and (kind := _kind(node)) is not None
    ]


def _changed(text: str, place: Place) -> str:
    """The module with one place changed."""
    tree = ast.parse(text)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == place.node)
    if isinstance(node, ast.Compare):
        node.ops[0] = _COMPARE[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp):
        node.op = _ARITHMETIC[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        node.value = node.value + 1
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.UnaryOp):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
    return ast.unparse(ast.fix_missing_locations(tree))


def drawn(rooms: tuple[str, ...], count: int) -> list[Place]:
    """The places to change, by room in proportion to its code lines."""
    source = random.Random(2026)
    files = {room: sorted((ROOT / "auditkit" / room).rglob("*.py")) for room in rooms}
    sizes = {room: sum(code_lines(file.read_text(encoding="utf-8")) for file in files[room]) for room in rooms}
    total = sum(sizes.values())
    chosen: list[Place] = []
    for room in rooms:
        candidates = [place for file in files[room] for place in places(file)]
        chosen += source.sample(candidates, min(len(candidates), round(count * sizes[room] / total)))
    return chosen


def _killed(tree: Path, place: Place) -> bool:
    """Whether the tests of the room fail on the changed copy."""
    room = place.file.split("/")[1]
    file = tree / place.file
    original = file.read_text(encoding="utf-8")
    file.write_text(_changed(original, place), encoding="utf-8")
    tests = [str(tree / "tests" / room), str(tree / "auditkit" / room)]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    try:
        done = subprocess.run(
            command, cwd=tree, env=environment, capture_output=True, timeout=_LIMIT_SECONDS, check=False
        )
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(original, encoding="utf-8")


def main() -> None:
    """Draw, change, test, and say what survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rooms", nargs="*", default=list(ROOMS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("mutants.json"))
    given = parser.parse_args()
    known: dict[str, bool] = json.loads(given.out.read_text()) if given.out.exists() else {}
    todo = drawn(tuple(given.rooms), given.count)
    with tempfile.TemporaryDirectory() as folder:
        trees: Queue[Path] = Queue()
        for number in range(given.jobs):
            tree = Path(folder, str(number))
            ignored = shutil.ignore_patterns(".git", ".venv", "reports", "__pycache__", ".mypy_cache", ".hypothesis")
            shutil.copytree(ROOT, tree, ignore=ignored)
            trees.put(tree)

        def one(place: Place) -> None:
            key = f"{place.file}:{place.line}:{place.node} {place.what}"
            if key in known:
                return
            tree = trees.get()
            known[key] = _killed(tree, place)
            trees.put(tree)
            given.out.write_text(json.dumps(known, indent=1, sort_keys=True))
            print(f"{'killed  ' if known[key] else 'SURVIVED'} {key}", flush=True)

        with ThreadPoolExecutor(given.jobs) as pool:
            list(pool.map(one, todo))
    killed = sum(known.values())
    print(f"{killed} of {len(known)} killed ({killed / len(known):.0%})")


if __name__ == "__main__":
    main()
