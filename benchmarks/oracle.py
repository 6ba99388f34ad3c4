"""Does an audit hold what its intervals promise? Asked of invented caseloads whose truth is known.

Over many seeds, each known disparity should lie in its 95 % interval in 92 to 98 % of audits; and where there
is no disparity at all, at most 6 % of audits may show a gap called established. The whole road is taken each
time: rows in a file, audit.yaml, run_audit.

    python benchmarks/oracle.py [--seeds 300] [--rows 40000] [--jobs 1]
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from auditkit.result import Gap
from auditkit.run import run_audit
from auditkit.spec import AuditSpec, DataSpec, load_audit

ROOT = Path(__file__).parent.parent
KNOWN = ("selection_rate", "false_positive_rate", "positive_predictive_value")
LOWEST, HIGHEST, FALSE_ALARMS = 0.92, 0.98, 0.06

Key = tuple[str, str, str, str]  # measure, kind, attribute, group


@dataclass(frozen=True)
class Seed:
    """What one seed showed: whether each known disparity lies in its interval; gaps called established."""

    held: dict[Key, bool]
    established: tuple[Key, ...]


def maker() -> ModuleType:
    """The script that makes the caseload, as a module."""
    path = ROOT / "datasets" / "benefits-caseload" / "make_caseload.py"
    specification = importlib.util.spec_from_file_location("make_caseload", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["make_caseload"] = module
    specification.loader.exec_module(module)
    return module


def audited(module: ModuleType, seed: int, rows: int, no_disparity: bool) -> Iterator[Gap]:
    """The gaps of main, in an audit of the rows that a seed draws.

    A false alarm is looked for in everything that the audit measures; intervals only of what is known.
    """
    audit: AuditSpec = load_audit(ROOT / "audits" / "benefits-caseload" / "audit.yaml")
    if not no_disparity:
        audit = audit.model_copy(update={"measures": list(KNOWN), "crossed": [], "strata": {}})
    with tempfile.TemporaryDirectory() as folder:
        caseload = module.draw(module.parameters(no_disparity), rows, seed)
        (Path(folder) / "rows.csv").write_text(module.as_csv(caseload), encoding="utf-8")
        spec = audit.model_copy(update={"data": DataSpec(file="rows.csv")})
        result = run_audit(spec, Path(folder), disclosed=False)
    yield from result.main.gaps


def key_of(gap: Gap) -> Key:
    """Which disparity a gap is about."""
    return gap.measure, gap.kind, gap.attribute, gap.group


def one_seed(seed: int, rows: int, no_disparity: bool) -> Seed:
    """Audit one caseload and set its gaps beside the truth."""
    module = maker()
    true = module.truth(module.parameters(no_disparity))
    held: dict[Key, bool] = {}
    established = []
    for gap in audited(module, seed, rows, no_disparity):
        if gap.verdict == "established":
            established.append(key_of(gap))
        if gap.crossed or gap.measure not in KNOWN or gap.kind not in ("difference", "ratio"):
            continue
        here = true[gap.measure, gap.attribute, gap.group]
        there = true[gap.measure, gap.attribute, gap.reference_group]
        value = here - there if gap.kind == "difference" else here / there
        known = gap.lower is not None and gap.upper is not None
        held[key_of(gap)] = known and float(gap.lower or 0) <= value <= float(gap.upper or 0)
    return Seed(held, tuple(established))


def seeds(count: int, rows: int, jobs: int, no_disparity: bool) -> list[Seed]:
    """What seeds 1 to `count` show."""
    ask = partial(one_seed, rows=rows, no_disparity=no_disparity)
    if jobs == 1:
        return [ask(seed) for seed in range(1, count + 1)]
    with ProcessPoolExecutor(jobs) as pool:
        return list(pool.map(ask, range(1, count + 1), chunksize=5))


def coverage(found: list[Seed]) -> dict[Key, float]:
    """For each known disparity, the share of audits whose interval holds it."""
    held: dict[Key, list[bool]] = defaultdict(list)
    for seed in found:
        for key, holds in seed.held.items():
            held[key].append(holds)
    return {key: sum(holds) / len(found) for key, holds in held.items()}


def report_coverage(shares: dict[Key, float]) -> bool:
    """Print how often intervals held the truth; whether every known disparity is within the limits."""
    print("measure                      kind         gaps   mean   lowest  highest")
    for measure in KNOWN:
        for kind in ("difference", "ratio"):
            some = [share for key, share in shares.items() if key[:2] == (measure, kind)]
            if some:
                mean = sum(some) / len(some)
                print(f"{measure:28} {kind:12} {len(some):4} {mean:7.3f} {min(some):7.3f} {max(some):8.3f}")
    outside = {key: share for key, share in shares.items() if not LOWEST <= share <= HIGHEST}
    for key, share in sorted(outside.items()):
        print("outside the limits:", *key, f"{share:.3f}")
    return bool(shares) and not outside


def main() -> int:
    """Print both answers; 0 when both hold, else 1."""
    parser = argparse.ArgumentParser(description="Set audits of invented caseloads beside their known truth.")
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    print(f"{given.seeds} caseloads of {given.rows:,} households, with known disparities")
    covered = report_coverage(coverage(seeds(given.seeds, given.rows, given.jobs, no_disparity=False)))
    even = seeds(given.seeds, given.rows, given.jobs, no_disparity=True)
    alarms = sum(bool(seed.established) for seed in even) / len(even)
    print(f"without any disparity: {alarms:.1%} of audits show a gap called established")
    return 0 if covered and alarms <= FALSE_ALARMS else 1


if __name__ == "__main__":
    sys.exit(main())
