"""The words of the figures of each kind: what the kind is, what each figure is called, how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping

from auditkit.text import mark

__all__ = ["ITEMS", "LEADS", "TITLES"]

TITLES: Mapping[str, str] = {
    "classes": mark("Classes in an order"),
    "reach": mark("Reach under a fixed number of places"),
}

LEADS: Mapping[str, tuple[str, ...]] = {
    "classes": (
        mark(
            "Each person is put into one class. Who is put into the last class is told first in this report; each "
            "other limit between classes is an analysis of its own."
        ),
        mark(
            "The odds of standing at or beyond a class are compared as one number where a group is shifted alike at "
            "every limit; a small p of the last column says that it is not, and that the limits are to be read one by "
            "one."
        ),
    ),
    "reach": (
        mark(
            "Places are limited: whoever is reached takes the place of another. The numbers say how many more (or "
            "fewer) of each group were reached than if the same places had been given at one rate; they add up to 0."
        ),
        mark(
            "Nobody who was never listed is counted here: a list of people to reach leaves out those whom no file "
            "holds."
        ),
    ),
}

ITEMS: Mapping[str, str] = {
    "share_of_class": mark("in class {level}"),
    "cumulative_odds": mark("odds of a later class, times those of the reference"),
    "proportional_odds_p": mark("p: alike at every limit"),
    "quadratic_kappa": mark("agreement with the right class (quadratic kappa)"),
    "kappa_difference": mark("agreement, less that of the reference"),
    "right_class": mark("in the right class"),
    "one_class_above": mark("one class too far"),
    "one_class_below": mark("one class too near"),
    "two_or_more_apart": mark("two classes off or more"),
    "found_of_class": mark("of those who belong in {level}, put there"),
    "right_in_class": mark("of those put in {level}, who belong there"),
    "people_beyond_equal_reach": mark("people reached beyond equal reach"),
    "least_reached": mark("least reached group"),
    "places_used": mark("places used"),
}
