"""A .skops file: read by a fixed list of types, node by node, before skops is asked to build anything.

skops has a check of its own, and a list of its own that trusts more than scores need. Here every node of the file's
schema must be of a kind and a type that auditkit lists, so that a gap in one of the two checks is not a hole.
"""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn

from auditkit.errors import DataError, InputError, cut
from auditkit.scorers.built_expression import check_built
from auditkit.scorers.model_file import ModelFile
from auditkit.scorers.safe_archive import check_archive, check_array, check_sparse
from auditkit.scorers.skops_types import BIT_GENERATORS, LOADED_BESIDES, PARTIAL, allowed
from auditkit.text import Message, say

__all__ = ["load_skops"]

_MOST_DEPTH = 300
_MOST_NODES = 20_000_000
_PROTOCOLS = (1, 2)
_BESIDES = {"CachedNode", "JsonNode"}


def load_skops(file: ModelFile) -> tuple[Any, tuple[Message, ...]]:
    """The estimator in a .skops file, and what is to be said of it.

    Raises DataError, with the type named, for whatever is not on the list; InputError where skops is not installed.
    """
    try:
        import sklearn
        import skops.io
    except ImportError:
        raise InputError(
            "{file} is read with skops, which is not installed. Type: pip install 'auditkit[models]'", file=file.name
        ) from None
    check_skops(file)
    notes: list[Message] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = skops.io.loads(file.content, trusted=sorted(LOADED_BESIDES))
            check_built(model, file.name)
        except DataError:
            raise
        except Exception as error:  # skops, numpy and scikit-learn raise whatever they trip over
            raise DataError(
                "{file} cannot be loaded ({problem}). Save the model again with skops.io.dump, with the versions of "
                "scikit-learn and skops that are installed here.",
                file=file.name,
                problem=cut(f"{type(error).__name__}: {error}", 160),
            ) from None
    if any(one.category.__name__ == "InconsistentVersionWarning" for one in caught):
        notes.append(
            say(
                "{file} was saved with another version of scikit-learn than the one installed here ({version}); its "
                "scores may differ from those of the program it came from.",
                file=file.name,
                version=sklearn.__version__,
            )
        )
    return model, tuple(notes)


def check_skops(file: ModelFile) -> None:
    """Refuse a .skops file that holds anything beyond the list. Nothing of it is built. Raises DataError."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(file.content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise DataError("{file} is damaged: it is no archive that can be read.", file=file.name) from None
    with archive:
        check_archive(archive, file.name, file.size, (".npy", ".npz", "schema.json"))
        try:
            schema = json.loads(archive.read("schema.json"))
        except (KeyError, ValueError, RecursionError, zipfile.BadZipFile, OSError, EOFError):
            raise DataError(
                "{file} is an archive without the schema of skops; expected what skops.io.dump writes.", file=file.name
            ) from None
        if not isinstance(schema, dict) or schema.get("protocol") not in _PROTOCOLS or schema["protocol"] is True:
            raise DataError(
                "{file} was written in a form of skops that is not read here; save the model again with skops 0.11 or "
                "newer.",
                file=file.name,
            )
        _Walk(archive, file).node(schema, 0)


class _Walk:
    """One walk through the schema; every node is looked at once, and nothing is built."""

    def __init__(self, archive: zipfile.ZipFile, file: ModelFile) -> None:
        self._archive, self._file = archive, file
        self._nodes = 0
        self._parts: set[str] = set()

    def node(self, state: Any, depth: int) -> None:
        """Look at a node and all below it."""
        self._nodes += 1
        if not isinstance(state, dict) or depth > _MOST_DEPTH or self._nodes > _MOST_NODES:
            self._damaged()
        loader, module, name = (state.get(key) for key in ("__loader__", "__module__", "__class__"))
        if loader == "CachedNode":
            return
        if not all(isinstance(text, str) for text in (loader, module, name)):
            self._damaged()
        full = f"{module}.{name}"
        if loader == "JsonNode":
            if not isinstance(state.get("content"), str):
                self._damaged()
            return
        if not allowed(str(loader), full):
            raise DataError(
                "{file} holds {type} (as {loader}), which is not on the list of what is loaded: estimators of "
                "scikit-learn, numbers, texts and arrays, no functions. Save the fitted model without functions, "
                "metrics or classes of your own, or give it as a callable.",
                file=self._file.name,
                type=cut(full, 100),
                loader=cut(loader),
            )
        for child in self._children(str(loader), full, state):
            self.node(child, depth + 1)

    def _children(self, loader: str, full: str, state: dict[str, Any]) -> Iterator[Any]:
        content = state.get("content")
        match loader:
            case "DictNode":
                yield state.get("key_types")
                yield from self._mapping(content).values()
            case "ListNode" | "TupleNode" | "SetNode":
                yield from self._listed(content)
            case "NdArrayNode":
                yield from self._array(state)
            case "SparseMatrixNode":
                check_sparse(self._part(state.get("file"), ".npz"), self._file.name, str(state.get("file")))
            case "SliceNode":
                if any(isinstance(one, (dict, list)) for one in self._mapping(content).values()):
                    self._damaged()
            case "MaskedArrayNode":
                yield from (self._mapping(content).get(key) for key in ("data", "mask"))
            case "RandomGeneratorNode":
                yield from self._generator(self._mapping(content))
            case "TreeNode" | "LossNode":
                yield self._mapping(state.get("__reduce__")).get("args")
                yield content
            case "ObjectNode":
                if full.startswith("sklearn.feature_extraction.text.") and not self._reads_content(content):
                    self._refuse_state(full, "input")
                if content is not None:
                    yield content
            case "PartialNode":
                yield from self._partial(self._mapping(content))
            case "DTypeNode" | "RandomStateNode":
                yield content

    def _array(self, state: dict[str, Any]) -> Iterator[Any]:
        if state.get("type") == "numpy":
            part = str(state.get("file"))
            if part not in self._parts:
                check_array(self._part(state.get("file"), ".npy"), self._file.name, part)
                self._parts.add(part)
        elif state.get("type") == "json":
            yield from self._listed(state.get("content"))
            yield state.get("shape")
        else:
            self._damaged()

    def _generator(self, content: dict[str, Any]) -> Iterator[Any]:
        try:
            name = json.loads(content["bit_generator"]["content"]["bit_generator"]["content"])
        except (KeyError, TypeError, ValueError, RecursionError):
            self._damaged()
        if name not in BIT_GENERATORS:
            self._refuse_state("numpy.random.Generator", str(name))
        yield content["bit_generator"]
        if "seed_seq" in content:
            yield content["seed_seq"]

    def _partial(self, content: dict[str, Any]) -> Iterator[Any]:
        function, arguments, settings = (self._mapping(content.get(key)) for key in ("func", "args", "kwds"))
        name = f"{function.get('__module__')}.{function.get('__class__')}"
        keys = self._mapping(settings.get("content"))
        if function.get("__loader__") == "CachedNode" or name != PARTIAL[0] or not set(keys) <= PARTIAL[1]:
            self._refuse_state("functools.partial", name)
        if self._listed(arguments.get("content")):
            self._refuse_state("functools.partial", "args")
        yield from (function, arguments, settings)
        if isinstance(content.get("namespace"), dict):
            yield content["namespace"]

    def _part(self, name: Any, ending: str) -> bytes:
        if not isinstance(name, str) or not name.endswith(ending):
            self._damaged()
        try:
            return self._archive.read(name)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError):
            self._damaged()

    def _reads_content(self, content: Any) -> bool:
        """Whether a reader of texts takes the text itself: others open the files that the rows name."""
        try:
            return bool(json.loads(content["content"]["input"]["content"]) == "content")
        except (KeyError, TypeError, ValueError, RecursionError):
            return False

    def _mapping(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._damaged()
        return value

    def _listed(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            self._damaged()
        return value

    def _refuse_state(self, full: str, what: str) -> NoReturn:
        raise DataError(
            "{file}: {type} carries a setting that is refused ({what}).",
            file=self._file.name,
            type=cut(full, 100),
            what=cut(what),
        )

    def _damaged(self) -> NoReturn:
        raise DataError(
            "{file}: its schema is not what skops.io.dump writes; the file is damaged or was made by hand.",
            file=self._file.name,
        )
