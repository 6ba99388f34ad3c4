"""A model file opened in a process of its own first: what makes a reader of others crash must not take the run along.

XGBoost, LightGBM and onnxruntime read their files in C++, and a damaged or hostile file can end the process there.
Each is loaded and asked for a few scores beside us, under a limit of time, before it is loaded here.
"""

from __future__ import annotations

import subprocess
import sys

from auditkit.errors import DataError, cut
from auditkit.scorers.model_file import ModelFile

__all__ = ["try_model"]

_SECONDS = 120
_SOUND: set[str] = set()

_READ = (
    "import sys\n"
    "for name in ('sklearn', 'pandas', 'matplotlib', 'graphviz', 'pyarrow', 'polars', 'dask', 'scipy.stats'):\n"
    "    sys.modules[name] = None  # nothing of these is needed, and they take seconds\n"
    "import numpy as np\n"
    "content = sys.stdin.buffer.read()\n"
)
_ROWS = "rows = np.array([np.full(n, v) for v in (0.0, np.nan, 1e9, -1e9, 0.5, 1.0)])\n"

_PROGRAMS = {
    "xgboost": (
        "import xgboost\nb = xgboost.Booster({'verbosity': 0})\nb.load_model(bytearray(content))\n"
        "n = b.num_features()\nassert 0 < n < 10**6\nb.save_raw('json')\n"
        + _ROWS
        + "known = {'feature_names': b.feature_names, 'feature_types': b.feature_types}\n"
        + "b.predict(xgboost.DMatrix(rows, missing=np.nan, **known))\n"
    ),
    "lightgbm": (
        "import lightgbm\nb = lightgbm.Booster(params={'verbosity': -1}, model_str=content.decode())\n"
        "n = b.num_feature()\nassert 0 < n < 10**6\nb.model_to_string()\n" + _ROWS + "b.predict(rows)\n"
    ),
    "onnx": (
        "import onnxruntime\no = onnxruntime.SessionOptions()\no.log_severity_level = 4\n"
        "s = onnxruntime.InferenceSession(content, o, providers=['CPUExecutionProvider'])\n"
        "[(i.name, i.type, i.shape) for i in (*s.get_inputs(), *s.get_outputs())]\n"
    ),
}


def try_model(kind: str, file: ModelFile, content: bytes | None = None) -> None:
    """Load the file (or `content` in its place) in another process, and score a few rows there.

    Raises DataError where that fails or never ends.
    """
    if file.sha256 in _SOUND:
        return
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _READ + _PROGRAMS[kind]],
            input=file.content if content is None else content,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal(file, kind, f"> {_SECONDS} s") from None
    if done.returncode:
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        crashed = done.returncode < 0 or not said
        raise _refusal(file, kind, f"signal {-done.returncode}" if crashed else said[-1].strip())
    _SOUND.add(file.sha256)


def _refusal(file: ModelFile, kind: str, problem: str) -> DataError:
    names = {"xgboost": "XGBoost", "lightgbm": "LightGBM", "onnx": "onnxruntime"}
    return DataError(
        "{file} cannot be loaded by {program} ({problem}): it is damaged, or was not written by it. Save the model "
        "again.",
        file=file.name,
        program=names[kind],
        problem=cut(problem, 120),
    )
