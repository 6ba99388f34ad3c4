"""Make a SYNTHETIC caseload of profiles for the Amsterdam Smart Check: invented applications, drawn at random.

Nothing here comes from Amsterdam or from any person: neither the shares nor the ways in which properties go together
were fitted to anything. The caseload lets the published rule be run and its gaps be split; what comes out is a property
of the rule on these profiles, never a figure about people.

    python datasets/amsterdam-profiles/make_profiles.py [--rows 20000] [--seed 1] [--out FILE]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
from pathlib import Path

import numpy as np

SHIPPED = "synthetic-profiles.csv.gz"
ROWS, SEED = 20_000, 1


def make_columns(rows: int, seed: int) -> dict[str, list[str]]:
    """The columns of the caseload, under the names that the scorecard reads, each value as it is written."""
    draw = np.random.default_rng(seed)
    partner = draw.random(rows) < 0.35
    cohabitant = draw.random(rows) < np.where(partner, 0.75, 0.10)
    same_product = draw.random(rows) < 0.30
    applied = draw.random(rows) < np.where(same_product, 0.55, 0.20)
    ended = np.where(same_product, draw.exponential(200, rows), draw.exponential(1_500, rows)).astype(int)
    # Two people together move less often, have fewer addresses, more income and more assets in this invented world.
    moved = draw.exponential(np.where(partner, 2_600, 1_700), rows).astype(int)
    addresses = 1 + draw.poisson(np.where(partner, 0.15, 0.30), rows)
    income = np.round(draw.gamma(1.2, np.where(cohabitant, 45.0, 30.0), rows), 2)
    no_income = draw.random(rows) < 0.25
    assets = np.where(draw.random(rows) < 0.6, 0, draw.gamma(1.0, np.where(partner, 2_500, 1_500), rows)).astype(int)
    missed = draw.poisson(np.where(same_product, 0.5, 0.2), rows)
    return {
        "afspraken_no_show_count_last_year": [str(n) for n in missed],
        "deelnames_started_percentage_last_year": [f"{x:.2f}" for x in np.round(draw.beta(2, 2, rows), 2)],
        "received_same_product_last_year": _flags(same_product),
        "applied_for_same_product_last_year": _flags(applied),
        "total_vermogen": [str(n) for n in assets],
        "days_since_last_relocation": [str(n) for n in moved],
        "at_least_one_address_in_amsterdam": _flags(draw.random(rows) < 0.93),
        "has_medebewoner": _flags(cohabitant),
        "active_address_count": [str(n) for n in addresses],
        "has_partner": _flags(partner),
        "afspraken_no_contact_count_last_year": _flags(draw.random(rows) < np.where(same_product, 0.12, 0.05)),
        "avg_percentage_maatregel": [str(n) for n in np.where(draw.random(rows) < 0.05, 30_000, 0)],
        "days_since_last_dienst_end": [str(n) for n in ended],
        "sum_inkomen_bruto": ["" if gone else f"{x:.2f}" for gone, x in zip(no_income, income, strict=True)],
    }


def _flags(values: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[str]:
    return ["1" if one else "0" for one in values]


def make_bytes(rows: int = ROWS, seed: int = SEED) -> bytes:
    """The caseload as gzipped CSV, the same bytes on every run."""
    columns = make_columns(rows, seed)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(text.getvalue().encode())
    return packed.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / SHIPPED)
    given = parser.parse_args()
    content = make_bytes(given.rows, given.seed)
    given.out.write_bytes(content)
    print(f"{given.out.name}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
