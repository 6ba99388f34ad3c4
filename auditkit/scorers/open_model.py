"""Reading a scorecard from its file, with sentences that name the line."""

from __future__ import annotations

from pathlib import Path

from auditkit.errors import SpecError, cut, nearest
from auditkit.scorers.scorecard import Scorecard
from auditkit.spec.file_lines import shipped
from auditkit.spec.load_spec import read_yaml, validate

__all__ = ["find_scorecard", "load_scorecard", "shipped_scorecards"]


def load_scorecard(path: Path) -> Scorecard:
    """The scorecard that a file describes. Raises SpecError with file, line, key, what was found and expected."""
    content, lines = read_yaml(path)
    return validate(Scorecard, content, lines, path)


def shipped_scorecards() -> list[str]:
    """The names of the scorecards that ship: "aggir/score", "kenya-means-test/score-kchs-urban".

    >>> "aggir/score" in shipped_scorecards()
    True
    """
    return sorted(f"{p.parent.name}/{p.stem}" for p in shipped("audits").glob("*/score*.yaml"))


def find_scorecard(name: str) -> Path:
    """The file meant by a path, by the folder of a shipped system that has one score, or by "system/score-version"."""
    folder = shipped("audits")
    for candidate in (
        Path(name),
        Path(name) / "score.yaml",
        folder / f"{name}.yaml",
        folder / name / "score.yaml",
    ):
        if candidate.is_file():
            return candidate
    raise SpecError(
        "There is no scorecard {name}: expected a file, a folder with a score.yaml, or one of {names}.",
        name=f'"{cut(name, 80)}"',
        names=nearest(name, shipped_scorecards()),
    )
