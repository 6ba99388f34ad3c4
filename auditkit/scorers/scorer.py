"""What every scoring model offers: the columns it needs, a score for each row, a decision if it has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from auditkit.errors import DataError, cut, nearest
from auditkit.scorers.engine_expression import scored
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.scorecard import Cut, Scorecard
from auditkit.text import Message

__all__ = ["CardScorer", "Family", "Scorer", "adds_up_as_scored", "check_columns", "decided"]

Family = Literal["scorecard", "scikit-learn", "xgboost", "lightgbm", "onnx", "callable", "command", "endpoint"]


class Scorer(Protocol):
    """A scoring model. `decide` is None for a model without a decision of its own."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the model reads, in the order in which it reads them."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns that hold texts and not numbers."""
        ...

    @property
    def family(self) -> Family:
        """What kind of model it is."""
        ...

    @property
    def native(self) -> Any:
        """The model itself (Scorecard, estimator, Booster, InferenceSession); None for a black box."""
        ...

    @property
    def decision(self) -> Cut | None:
        """The model's own decision, as a limit of the score."""
        ...

    @property
    def files(self) -> tuple[ModelFile, ...]:
        """The files that the model was read from."""
        ...

    @property
    def notes(self) -> tuple[Message, ...]:
        """What is to be said of the model, such as the class whose probability is the score."""
        ...

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a table, in its order; NaN where the model gives none."""
        ...

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected; None when the model leaves that to others."""
        ...


@dataclass(frozen=True)
class CardScorer:
    """A scorecard as a scorer.

    >>> import pandas
    >>> from auditkit.scorers.open_model import find_scorecard, load_scorecard
    >>> scorer = CardScorer(load_scorecard(find_scorecard("f-edi")))
    >>> scorer.score(pandas.DataFrame({column: [0.0, 1.0] for column in scorer.columns})).round(2).tolist()
    [0.0, 3.64]
    """

    card: Scorecard
    files: tuple[ModelFile, ...] = ()
    notes: tuple[Message, ...] = ()
    family: Literal["scorecard"] = "scorecard"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the scorecard reads."""
        return self.card.columns

    @property
    def categories(self) -> tuple[str, ...]:
        """The columns that are categories."""
        return tuple(name for name, part in self.card.inputs.items() if part.kind == "category")

    @property
    def native(self) -> Scorecard:
        """The scorecard."""
        return self.card

    @property
    def decision(self) -> Cut | None:
        """The decision of the scorecard."""
        return self.card.decision

    def score(self, frame: Any) -> NDArray[np.float64]:
        """A score for each row of a pandas, polars or pyarrow table, or of a DuckDB relation; NaN where there is none.

        DuckDB keeps no order of rows by itself: join scores to rows by `add_score` instead.
        Raises DataError for a column that is not there or not of its kind, SpecError for empty weights.
        """
        import narwhals.stable.v2 as nw

        table = nw.from_native(self.add_score(frame, "score")).lazy().select(nw.col("score"))
        return np.asarray(table.collect("pandas")["score"].to_numpy(), dtype=np.float64)

    def add_score(self, frame: Any, name: str) -> Any:
        """The same table, on its own engine, with one more column; null where there is no score."""
        import narwhals.stable.v2 as nw

        table = nw.from_native(frame)
        check_columns(self.card, table.collect_schema())
        return scored(self.card, table, name).to_native()

    def decide(self, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
        """Who is selected by the decision of the scorecard; a row without a score is not."""
        return decided(self.card.decision, scores)


def adds_up_as_scored(scorer: Scorer) -> bool:
    """Whether what the model itself adds up is the score: its inputs as they are, and not the other class's."""
    native_codes = scorer.family in ("xgboost", "lightgbm") and bool(getattr(scorer, "levels", {}))
    return not (native_codes or getattr(scorer, "other_class", False))


def decided(rule: Cut | None, scores: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Who is selected by a limit; None without one. A row without a score is not."""
    if rule is None:
        return None
    selected = scores >= rule.at_least if rule.at_least is not None else scores <= (rule.at_most or 0.0)
    return np.asarray(selected, dtype=np.bool_)


def check_columns(card: Scorecard, schema: Any) -> None:
    """Refuse a typed table that lacks a column of the scorecard or holds another kind of values there."""
    for name, part in card.inputs.items():
        if name not in schema:
            raise DataError(
                'The scorecard reads the column "{column}", which is not there; the nearest: {known}.',
                column=cut(name),
                known=nearest(name, schema),
            )
        kind = schema[name]
        text = str(kind).split("(")[0] in ("String", "Categorical", "Enum")
        if part.kind == "category" and not (text or kind.is_integer() or str(kind) == "Object"):
            raise DataError(
                'The column "{column}" is of type {kind}; expected texts or whole numbers, since it is a category.',
                column=cut(name),
                kind=kind,
            )
        if part.kind != "category" and not (kind.is_numeric() or str(kind) == "Boolean"):
            raise DataError('The column "{column}" is of type {kind}; expected numbers.', column=cut(name), kind=kind)
