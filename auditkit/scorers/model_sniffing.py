"""What a model file really is, by its content: a name can be changed by anybody.

A pickle is recognised under every name, packed or not, since reading one runs whatever program its maker put in.
"""

from __future__ import annotations

import io
import pickletools
import zipfile
from pathlib import Path
from typing import Literal

from auditkit.errors import DataError, cut
from auditkit.scorers.model_file import ModelFile

__all__ = ["PICKLE_ENDINGS", "Kind", "kind_of", "looks_like_pickle", "require_kind"]

Kind = Literal["skops", "xgboost", "lightgbm", "onnx", "pickle", "unknown"]

PICKLE_ENDINGS = (
    ".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle", ".npy", ".npz", ".pt", ".pth", ".p", ".sav", ".pck", ".pcl",
)  # fmt: skip

_ENDINGS: dict[str, Kind] = {
    ".skops": "skops",
    ".json": "xgboost",
    ".ubj": "xgboost",
    ".txt": "lightgbm",
    ".onnx": "onnx",
}

_PACKED = (
    b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"]\x00\x00", b"x\x01", b"x\x5e", b"x\x9c", b"x\xda", b"\x04\x22\x4d\x18",
    b"\x28\xb5\x2f\xfd", b"ZF",
)  # fmt: skip
"""How packed files begin (gzip, bzip2, xz, lzma, zlib, lz4, zstd, old joblib): joblib packs pickles in each."""

_ENDS_DOUBT = frozenset("GLOBAL INST STACK_GLOBAL STOP".split())
"""Commands of a pickle that end the doubt: those that fetch a program, and its last one."""


def kind_of(content: bytes) -> Kind:
    """What some bytes are.

    >>> kind_of(b"tree\\nversion=v4\\n"), kind_of(b"\\x80\\x04K\\x01."), kind_of(b"cos\\nsystem\\n(S'id'\\ntR.")
    ('lightgbm', 'pickle', 'pickle')
    """
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if content.startswith(b"PK"):
        return "skops" if _has_schema(content) else "unknown"
    if start.startswith((b"tree\n", b"tree\r\n")):
        return "lightgbm"
    if looks_like_pickle(content):
        return "pickle"
    if start.startswith((b'{"', b"{}")) or (start[:1] == b"{" and start[1:].lstrip(b" \t\r\n")[:1] == b'"'):
        return "xgboost"
    if content.startswith((b"{L", b"{l", b"{i", b"{U", b"{I", b"{$", b"{#")):
        return "xgboost"
    if content[:1] == b"\x08" and content[1:2] and content[1] < 0x40:
        return "onnx"
    return "unknown"


def looks_like_pickle(content: bytes) -> bool:
    """Whether some bytes are a pickle of any protocol, or packed as joblib packs one, or an array of objects."""
    if content.startswith(b"\x80") and len(content) > 1 and content[1] <= 5:
        return True
    if content.startswith(_PACKED):
        return True
    if content.startswith(b"\x93NUMPY"):
        return b"'|O'" in content[:10_000] or b"object" in content[:200]
    return _reads_as_pickle(content)


def _reads_as_pickle(content: bytes) -> bool:
    """Whether the bytes are commands of a pickle from the first on, up to one that ends the doubt."""
    try:
        for position, (operation, _, _) in enumerate(pickletools.genops(io.BytesIO(content))):
            if operation.name in _ENDS_DOUBT or position > 100_000:
                return True
    except Exception:  # pickletools raises whatever it trips over; then it is no pickle
        return False
    return False


def _has_schema(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "schema.json" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def require_kind(file: ModelFile) -> Kind:
    """What a model file is; refused where its name says another thing than its content. Raises DataError."""
    ending = Path(file.name).suffix.lower()
    found = kind_of(file.content)
    if found == "pickle" or ending in PICKLE_ENDINGS:
        return "pickle"
    expected = _ENDINGS.get(ending)
    if found == "unknown" or (expected is not None and expected != found):
        raise DataError(
            "{file} begins with {start}, which is not what {kinds} begins with; expected a model saved as .skops "
            "(scikit-learn), .json or .ubj (XGBoost), .txt (LightGBM) or .onnx.",
            file=file.name,
            start=cut(repr(file.content[:12])),
            kinds=expected or "skops, xgboost, lightgbm, onnx",
        )
    return found
