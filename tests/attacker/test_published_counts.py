"""The attacker itself: it must find what can be found, else that it finds nothing says nothing."""

from tests.attacker.published_counts import Attacker, Line

PEOPLE = [{"g": "a"}, {"g": "b"}]


def test_a_count_is_found_by_subtraction() -> None:
    lines = [
        Line((), "selected", 54.0), Line((("g", "a"),), "selected", 50.0), Line((("g", "b"),), "selected", None),
        Line((), "people", 200.0),
    ]  # fmt: skip
    assert Attacker(lines, PEOPLE, ["su", "nu"]).interval([("g", "b")], "selected") == (4.0, 4.0)


def test_a_count_is_only_bounded_by_a_total() -> None:
    lines = [Line((), "selected", 54.0), Line((("g", "b"),), "people", 20.0)]
    assert Attacker(lines, PEOPLE, ["su", "nu"]).interval([("g", "b")], "selected") == (0.0, 20.0)


def test_whole_numbers_can_say_more_than_a_programme() -> None:
    lines = [Line((), "people", 3.0), Line((("g", "a"),), "people", None)]
    assert Attacker(lines, PEOPLE, ["su", "nu"]).interval([("g", "a")], "people") == (0.0, 3.0)
