"""The names that a model was made with, held against the columns that it is given."""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.errors import SpecError, cut
from auditkit.text import Message, say

__all__ = ["check_inputs", "other_names"]


def check_inputs(file: str, columns: Sequence[str], wanted: int, names: Sequence[str] | None) -> None:
    """Refuse another number of inputs than the model's, and inputs that the model knows at another place.

    Other names at each place are taken as they come: a model and a table may name one thing in two ways. Raises
    SpecError.
    """
    if len(columns) != wanted:
        raise SpecError(
            "{file} reads {wanted} inputs, and columns names {found}{names}.",
            file=file,
            wanted=wanted,
            found=len(columns),
            names="" if not names else f" ({', '.join(cut(name) for name in list(names)[:12])})",
        )
    for place, (given, own) in enumerate(zip(columns, names or columns, strict=True), 1):
        if given != own and own in columns:
            raise SpecError(
                'columns names "{given}" at place {place}, where {file} was made with "{own}"; put the columns in the '
                "order of the model.",
                given=cut(given),
                place=place,
                file=file,
                own=cut(own),
            )


def other_names(columns: Sequence[str], names: Sequence[str] | None) -> tuple[Message, ...]:
    """That columns stand in for inputs of another name, for a reader to look at; nothing where all names agree.

    >>> other_names(["age", "case"], ["age", "area"])[0].text()
    'The model was made with other names for its inputs: "area" is taken from "case". Look whether each is the same.'
    """
    apart = [(own, given) for given, own in zip(columns, names or columns, strict=True) if given != own]
    if not apart:
        return ()
    pairs = [say('"{own}" is taken from "{given}"', own=cut(own), given=cut(given)) for own, given in apart[:6]]
    listed: Message = pairs[0]
    for pair in pairs[1:]:
        listed = say("{first}, {second}", first=listed, second=pair)
    return (
        say(
            "The model was made with other names for its inputs: {pairs}. Look whether each is the same.", pairs=listed
        ),
    )
