"""`auditkit model pack` and `auditkit model check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditkit.cli.terminal_reader import READER, choose_language
from auditkit.errors import InputError, NotHeld
from auditkit.guard import reading, require_plain_file
from auditkit.text import say

__all__ = ["check_model_command", "pack_command"]


def pack_command(
    model: Path, rows: Path, columns: str | None, categories: str, positive: str | None, language: str | None
) -> None:
    """Write the sidecar of a model file, with rows drawn within a sample."""
    from auditkit.scorers.model_proof import pack_model

    choose_language(language)
    texts = [name.strip() for name in categories.split(",") if name.strip()]
    table = _sample(rows, texts)
    chosen = [name.strip() for name in columns.split(",")] if columns is not None else _own_names(model, table)
    missing = [name for name in (*chosen, *texts) if name not in table.columns]
    if missing:
        raise InputError(
            "{file} lacks the columns {columns}; name the inputs of the model with --columns.",
            file=rows.name,
            columns=", ".join(f'"{name}"' for name in missing[:8]),
        )
    written = pack_model(model, table, positive=positive, categories=texts, columns=chosen)
    print(say("Written: {file}.", file=written).text(READER.language))  # noqa: T201


def _sample(rows: Path, texts: list[str]) -> Any:
    """A CSV file as pandas reads it; the columns named as texts stay as they are written."""
    import pandas

    require_plain_file(rows)
    if not rows.is_file():
        raise InputError("There is no file {file}.", file=rows.name)
    with reading(rows.name, rows):
        return pandas.read_csv(rows, dtype=dict.fromkeys(texts, str))


def _own_names(model: Path, table: Any) -> list[str]:
    """The names that the file itself holds, where the sample has them all; else the columns of the sample."""
    from auditkit.scorers.input_names import own_names

    names = own_names(model)
    return names if names and set(names) <= set(table.columns) else [str(name) for name in table.columns]


def check_model_command(model: Path, language: str | None) -> None:
    """Say whether a model file scores as its sidecar says. Raises NotHeld without a sidecar."""
    from auditkit.scorers.model_file import read_model_file
    from auditkit.scorers.model_proof import proof_path, prove, read_proof
    from auditkit.scorers.opened_models import open_model
    from auditkit.spec.model_spec import ModelPart

    choose_language(language)
    file = read_model_file(model.name, model.parent)
    proof = read_proof(file)
    if proof is None:
        raise NotHeld(say("There is no {proof} beside {file}.", proof=proof_path(model).name, file=model.name))
    names = [one["name"] for one in proof["inputs"]]
    texts = [one["name"] for one in proof["inputs"] if one.get("type") == "text"]
    part = {"file": model.name, "columns": names, "categories": texts, "positive": proof.get("positive")}
    scorer = open_model(ModelPart.model_validate(part), model.parent, proved=False)
    print(prove(scorer).text(READER.language))  # noqa: T201
