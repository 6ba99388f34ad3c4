"""The highest scores within each office: the same people as cutting each office by hand, and people under capacity."""

import random

import pytest

from auditkit.errors import DataError
from auditkit.run import run_audit
from auditkit.spec import AuditSpec

OFFICES = ("north", "south", "east")


def _people(seed: int) -> list[tuple[str, str, int]]:
    chance = random.Random(seed)
    return [
        (chance.choices("FM", (2 + place, 3))[0], office, chance.randrange(12))
        for place, office in enumerate(OFFICES) for _ in range(chance.randrange(20, 60))
    ]  # fmt: skip


def _run(folder, people, selected, **more):
    lines = ["g,o,score", *(f"{g},{o},{score}" for g, o, score in people)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    spec = AuditSpec.model_validate({
        "title": "t", "system": {"name": "s", "harm": "punitive"}, "data": "rows.csv", "as_of": "2026-11-30",
        "score": "score", "selected": selected, "measures": ["selection_rate"],
        "groups": {"g": {"column": "g", "reference": "M"}},
        "publish": {"minimum_count": 0, "because": "made up"}, **more,
    })  # fmt: skip
    return run_audit(spec, folder, disclosed=False).main


def _by_hand(people, wanted, ties, lowest=False):
    """Of each office the wanted number of people, everybody on the last score with them (or nobody on it)."""
    chosen = []
    for office, k in wanted.items():
        mine = [(g, -score if lowest else score) for g, o, score in people if o == office]
        ranked = sorted((score for _, score in mine), reverse=True)
        k = min(k, len(ranked))
        last = ranked[k - 1] if k else float("inf")
        over = ties == "out" and sum(score >= last for score in ranked) > k
        chosen.append((office, [g for g, score in mine if (score > last if over else score >= last)]))
    return chosen


@pytest.mark.parametrize(
    ("seed", "ties", "lowest"), [(1, "in", False), (2, "out", False), (3, "in", True), (4, "out", True)]
)
def test_as_cutting_each_office_by_hand(seed, ties, lowest, tmp_path):
    people = _people(seed)
    wanted = {"north": 7, "south": 0, "east": 500 if seed == 1 else 11}
    more = {"score": {"column": "score", "lower_is": "selected"}} if lowest else {}
    found = _run(tmp_path, people, {"top": {"by": "o", "values": wanted}, "ties": ties}, **more)
    chosen = _by_hand(people, wanted, ties, lowest)
    counts = {e.groups[0]: e.numerator for e in found.estimates if e.measure == "selection_rate" and e.attributes}
    assert counts == {g: sum(mine.count(g) for _, mine in chosen) for g in "FM"}
    assert found.facts["top_selected"] == sum(len(mine) for _, mine in chosen)
    held = 0.0
    for office, mine in chosen:
        here = [g for g, o, _ in people if o == office]
        held += mine.count("F") - here.count("F") * len(mine) / len(here)
    gap = next(g for g in found.gaps if g.measure == "selection_rate" and g.kind == "difference")
    assert gap.people == pytest.approx(held)
    assert gap.people_lower < gap.people < gap.people_upper


def test_a_share_of_each_office(tmp_path):
    people = [("F" if i % 3 else "M", office, i) for office in OFFICES for i in range(30)]
    found = _run(tmp_path, people, {"top_share": {"by": "o", "values": {"north": 0.1, "south": 0.5, "east": 1}}})
    assert found.facts["top_wanted"] == found.facts["top_selected"] == 3 + 15 + 30


def test_offices_that_do_not_fit(tmp_path):
    people = _people(5)
    with pytest.raises(DataError, match="west"):
        _run(tmp_path, people, {"top": {"by": "o", "values": {"north": 5, "west": 5}}})
    left = _run(tmp_path, people, {"top": {"by": "o", "values": {"north": 5}}})
    others = sum(o != "north" for _, o, _ in people)
    assert [(line.reason, line.rows) for line in left.rows.exclusions] == [("no_limit", others)]
    for wrong in ({"top": {"by": "o", "values": {"north": 2.5}}}, {"top_share": {"by": "o", "values": {"north": 1.5}}},
                  {"top": {"by": "o", "values": {"north": 5}}, "ties": "shared"},
                  {"top": {"by": "o", "values": {}}}):  # fmt: skip
        with pytest.raises(ValueError):
            _run(tmp_path, people, wrong)


def test_no_persons_score_stands_in_the_result(tmp_path):
    """The cut of an office is one person's score: it enters neither the audit nor the facts of the result."""
    found = _run(tmp_path, _people(6), {"top": {"by": "o", "values": {"north": 5, "south": 5, "east": 5}}})
    assert found.spec.selected.at_least is None
    assert found.facts.get("threshold") is None
    assert not [name for name, value in found.facts.items() if isinstance(value, AuditSpec)]
