"""Like with like over clusters: rows by themselves say what independent rows say; what is shared drops out."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.inference import clustered_strata, like_with_like

# Statistics section 8: high A 400 of 800, B 120 of 200; low A 10 of 200, B 80 of 800: -0.075, 0.7857, "is reversed".
STRATA = (([400, 10], [800, 200]), ([120, 80], [200, 800]))


def _rows() -> tuple[np.ndarray, ...]:
    """Every person a cluster: 1 x strata x people."""
    arrays = [np.zeros((1, 2, 2000)) for _ in range(4)]
    place = 0
    for side, (cases, sizes) in enumerate(STRATA):
        for stratum, (x, n) in enumerate(zip(cases, sizes, strict=True)):
            arrays[2 * side][0, stratum, place : place + x] = 1
            arrays[2 * side + 1][0, stratum, place : place + n] = 1
            place += n
    return tuple(arrays)


def test_rows_by_themselves_say_what_independent_rows_say() -> None:
    found = clustered_strata(*_rows(), 0.05)
    plain = like_with_like([400, 10], [800, 200], [120, 80], [200, 800], 0.05)
    assert str(found.alike.word[0]) == str(plain.word) == "reversed"
    assert float(found.ratio[0]) == pytest.approx(0.275 / 0.35)
    assert 0.0003 < float(found.alike.within.no_gap[0]) < 0.003  # by Cochran's 0.00099
    assert (float(found.lower[0]), float(found.upper[0])) == pytest.approx((0.6845, 0.9019), abs=0.01)  # Greenland


def test_what_a_cluster_shares_widens_what_is_apart_and_drops_out_of_what_is_together() -> None:
    rows = _rows()
    ten = tuple(one.reshape(1, 2, 200, 10).sum(axis=-1) for one in rows)  # ten alike in each cluster
    apart = clustered_strata(*ten, 0.05)
    assert float(apart.upper[0] / apart.lower[0]) > float(np.exp(1.5 * np.log(0.9019 / 0.6845)))
    cases = np.tile(np.arange(60) % 4, (1, 2, 1))
    together = clustered_strata(cases + 1, np.full((1, 2, 60), 10), cases, np.full((1, 2, 60), 10), 0.01)
    assert float(together.alike.within.beyond[0]) < 1e-9  # one case of ten more in every cluster
    assert bool(clustered_strata(*(one[..., :15] for one in ten), 0.05).few_clusters[0])
