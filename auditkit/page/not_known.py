"""What "I do not know" means at each question: the answer that claims least, and what the result says of it."""

from __future__ import annotations

from auditkit.page.desk import Desk
from auditkit.text import mark, translate

__all__ = ["CAUTIOUS", "SET_ASIDE", "assume", "assumed", "forget"]

CAUTIOUS = {
    "twins": "apart", "dates": "apart", "missing_word": "missing_values", "sentinel": "missing_values",
    "stock": "stock", "hidden_rows": "left_out", "formulas": "confirm", "errors": "confirm", "hidden": "unknown",
    "observed": "unknown",
}  # fmt: skip
"""The answer to a doubt for whoever does not know."""

SET_ASIDE = frozenset({"counts", "scale", "no_group"})
"""Doubts without such an answer: no figure is made of the table, and the letter asks for it."""

_SAID = {
    "twins": mark("“{column}”: what is written in two ways is counted as two."),
    "dates": mark("“{column}”: the dates are taken as they are written."),
    "missing_word": mark("“{column}”: the word is taken as nothing stated."),
    "sentinel": mark("“{column}”: the number far out is taken as no value."),
    "stock": mark("“{column}”: the same people are counted once. The margins are then the widest."),
    "hidden_rows": mark("Hidden lines are left out: what one sees is counted."),
    "formulas": mark("“{column}”: cells without a result are taken as empty."),
    "errors": mark("“{column}”: cells with an error are taken as empty."),
    "hidden": mark("“{column}” may hide any number that the table leaves room for."),
    "observed": mark("It is taken that nobody looked among those who were not chosen."),
    "counts": mark("The table is set aside: it does not say what one of its lines stands for."),
    "scale": mark("The table is set aside: it does not say from which score on somebody is chosen."),
    "no_group": mark("The table is set aside: a line of it may sum up others, or count people of several groups."),
    "harm": mark("It is not known whom the decision hurts: both wrongs are counted."),
}  # fmt: skip


def assume(desk: Desk, key: str, column: str = "") -> None:
    """Keep what is taken for true because nobody knew; `key` is the question's."""
    desk.session.state.setdefault("assumed", {})[f"{key.partition(':')[0]}:{column}"] = column


def forget(desk: Desk, *keys: str) -> None:
    """These questions are asked anew, or answered: nothing is assumed of them; without keys, of no doubt."""
    kept = desk.session.state.get("assumed", {})
    over = keys or tuple(key for key in _SAID if key != "harm")
    desk.session.state["assumed"] = {key: one for key, one in kept.items() if key.partition(":")[0] not in over}


def assumed(desk: Desk) -> list[str]:
    """What was assumed, in sentences for the result to say."""
    return [
        translate(_SAID[key.partition(":")[0]], desk.session.language).format(column=column)
        for key, column in desk.session.state.get("assumed", {}).items()
    ]
