"""Who is selected, as an audit says it: by a limit on the score, a number or share of the highest, or a column."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from auditkit.spec.data_spec import Limit, Part, Places, Scalar
from auditkit.text import say

__all__ = ["Scalars", "Score", "Selection", "as_list"]


def as_list(value: Any) -> Any:
    """One value as a list of it."""
    return [value] if isinstance(value, (str, int, float, bool)) else value


Scalars = Annotated[list[Scalar], BeforeValidator(as_list)]


class Score(Part):
    """The column that holds the score, and which end of it is selected."""

    column: str
    lower_is: Literal["selected"] | None = None


class Selection(Part):
    """How a row is selected: by its score, by a share or number of top scores, or by a column."""

    at_least: Limit | None = None
    at_most: Limit | None = None
    column: str | None = None
    is_in: Scalars | None = Field(default=None, alias="in")
    top_share: Annotated[float, Field(gt=0, lt=1)] | Places | None = None
    top: Annotated[int, Field(ge=1)] | Places | None = None
    ties: Literal["in", "out", "shared"] = "in"

    @model_validator(mode="after")
    def _one_way(self) -> Selection:
        ways = [
            self.at_least is not None or self.at_most is not None,
            self.top_share is not None,
            self.top is not None,
            self.is_in is not None,
        ]
        if sum(ways) != 1:
            raise ValueError(say("expected one of: at_least or at_most, top_share, top, or column with in"))
        if self.is_in is not None and self.column is None:
            raise ValueError(say("expected column beside in"))
        if self.places is not None:
            self._check_places(self.places)
        return self

    @property
    def places(self) -> Places | None:
        """The places of each value of a column, where the highest are taken within each."""
        found = self.top if self.top is not None else self.top_share
        return found if isinstance(found, Places) else None

    @property
    def has_limit(self) -> bool:
        """Whether a limit decides, or one for each value of a column."""
        return self.at_least is not None or self.at_most is not None

    def _check_places(self, places: Places) -> None:
        if self.ties == "shared":
            raise ValueError(say("ties: shared goes with one cut over all rows; expected in or out"))
        for value, number in places.values.items():
            if self.top is not None and number != int(number):
                raise ValueError(
                    say('top: values: "{value}" is {number}; expected a whole number', value=value, number=number)
                )
            if self.top is None and number > 1:
                raise ValueError(
                    say(
                        'top_share: values: "{value}" is {number}; expected a share from 0 to 1',
                        value=value,
                        number=number,
                    )
                )
