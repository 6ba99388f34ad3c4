"""Hostile files under every name that is read: nothing of theirs runs, nothing is written, one sentence is said."""

from __future__ import annotations

import functools
import io
import json
import operator
import os
import pickle
import stat
import warnings
import zipfile
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import skops.io
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from auditkit.errors import AuditkitError, DataError, InputError
from auditkit.intake.open_table import open_table
from auditkit.scorers import open_model
from auditkit.spec import DataSpec, load_audit
from auditkit.spec.model_spec import ModelPart
from tests.scorers.hostile import estimator, node, pickles, saved, skops_attacks, text

MODEL_ENDINGS = [
    ".skops",
    ".json",
    ".ubj",
    ".txt",
    ".onnx",
    ".pkl",
    ".pickle",
    ".joblib",
    ".dill",
    ".npy",
    ".model",
    "",
]
DATA_ENDINGS = [
    ".csv",
    ".csv.gz",
    ".tsv",
    ".parquet",
    ".jsonl",
    ".xlsx",
    ".xls",
    ".ods",
    ".sas7bdat",
    ".xpt",
    ".dta",
    ".duckdb",
]
KINDS = list(pickles(Path("x")))
ATTACKS = list(skops_attacks(Path("x")))
X = np.arange(12.0).reshape(6, 2)
Y = np.array([0, 0, 0, 1, 1, 1])


def opened(path: Path, allow: str | None = None) -> Any:
    return open_model(ModelPart.model_validate({"file": path.name, "columns": ["a", "b"]}), path.parent, allow)


def test_the_canary_sings_where_a_pickle_is_read(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for kind, content in pickles(canary).items():
        if kind.startswith(("protocol", "by hand", "numbers")):
            pickle.loads(content)
        elif kind == "array of objects":
            np.load(io.BytesIO(content), allow_pickle=True)
        elif kind == "archive":
            continue
        else:
            joblib.load(io.BytesIO(content))
        assert canary.exists(), kind
        canary.unlink()


@pytest.mark.parametrize("ending", MODEL_ENDINGS)
def test_a_pickle_is_refused_under_every_name(ending: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for kind, content in pickles(canary).items():
        path = tmp_path / f"model{ending}"
        path.write_bytes(content)
        with pytest.raises(DataError) as refused:
            opened(path)
        assert not canary.exists(), kind
        if kind != "archive":
            assert "is a pickle" in str(refused.value), (kind, ending)
            assert "skops.io.dump(joblib.load(" in str(refused.value)
            assert "--allow-unsafe-pickle " in str(refused.value)


@pytest.mark.parametrize("ending", DATA_ENDINGS)
def test_a_pickle_is_no_table(ending: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    contents = pickles(canary)
    for kind in ("protocol 0", "protocol 4", "gzip", "archive"):
        (tmp_path / f"rows{ending}").write_bytes(contents[kind])
        data = DataSpec.model_validate({"file": f"rows{ending}"})
        try:
            with open_table(data, tmp_path) as table:
                table.frame.collect("pandas")
        except AuditkitError:
            pass
        assert not canary.exists(), kind


def test_a_pickle_is_no_audit_and_no_scorecard(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for content in pickles(canary).values():
        (tmp_path / "audit.yaml").write_bytes(content)
        with pytest.raises(AuditkitError):
            load_audit(tmp_path / "audit.yaml")
        with pytest.raises(AuditkitError):
            open_model(ModelPart.model_validate({"scorecard": "audit.yaml"}), tmp_path)
        assert not canary.exists()


def test_only_the_very_file_that_is_named_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    joblib.dump(LogisticRegression().fit(X, Y), path)
    import hashlib

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    scorer = opened(path, digest.upper())
    assert scorer.family == "scikit-learn"
    with pytest.raises(DataError, match="is not the pickle that --allow-unsafe-pickle allows"):
        opened(path, "0" * 64)
    with pytest.raises(InputError, match="64 hexadecimal digits"):
        opened(path, "yes")
    (tmp_path / "model.skops").write_bytes(skops.io.dumps(LogisticRegression().fit(X, Y)))
    with pytest.raises(InputError, match="is no pickle; leave it out"):
        opened(tmp_path / "model.skops", digest)
    canary = tmp_path / "canary"
    path.write_bytes(pickles(canary)["protocol 4"])
    with pytest.raises(DataError, match="It was not opened"):
        opened(path, digest)
    assert not canary.exists()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_skops_file_is_refused(attack: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    content, named = skops_attacks(canary)[attack]
    for ending in (".skops", ".json", ".txt", ".model"):
        path = tmp_path / f"model{ending}"
        path.write_bytes(content)
        with pytest.raises(DataError) as refused:
            opened(path)
        assert not canary.exists()
        if ending == ".skops":
            assert named in str(refused.value)


def _distance(a: Any, b: Any) -> float:
    return float(np.abs(a - b).sum())


@pytest.mark.parametrize(
    "model",
    [
        FunctionTransformer(np.exp),
        FunctionTransformer(functools.partial(os.system, "true")),
        FunctionTransformer(operator.methodcaller("ravel")),
        make_pipeline(FunctionTransformer(_distance), LogisticRegression()),
        TransformedTargetRegressor(LinearRegression(), func=np.exp, inverse_func=np.log),
        KNeighborsClassifier(metric=_distance, algorithm="brute"),
        GridSearchCV(LogisticRegression(), {}, scoring=make_scorer(_distance)),
    ],
    ids=lambda model: str(type(model).__name__),
)
def test_an_estimator_that_carries_a_function_is_refused(model: Any, tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    path.write_bytes(skops.io.dumps(model))
    with pytest.raises(DataError, match=r"not on the list of what is loaded|functools\.partial carries a"):
        opened(path)


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", json.dumps({**estimator(), "protocol": 2}))
        archive.writestr("1.npy", bytes(80_000_000))
    with pytest.raises(DataError, match="would unpack to 80,00"):
        opened(path)


def _link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../evil.npy", b"x"),
        ("folder/evil.npy", b"x"),
        ("inner.zip", saved(estimator())),
        ("1.npy", saved(estimator())),
        ("1.npy", b"\x1f\x8b\x08"),
        ("data.pkl", pickle.dumps(1)),
        (_link("1.npy"), b"/etc/passwd"),
        ("schema.json", b"{}"),
    ],
)
def test_an_archive_with_other_things_in_it_is_refused(name: Any, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.skops"
    path.write_bytes(saved(estimator()))
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(name, content)
    with pytest.raises(DataError, match="that no saved model holds"):
        opened(path)


def test_an_array_that_asks_for_more_than_it_brings_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    header = {"descr": "<f8", "fortran_order": False, "shape": (10**12,)}
    np.lib.format.write_array_header_1_0(buffer, header)  # type: ignore[arg-type]
    array = node("NdArrayNode", "numpy", "ndarray", type="numpy", file="1.npy")
    path = tmp_path / "model.skops"
    path.write_bytes(saved(estimator(coef_=array), {"1.npy": buffer.getvalue() + bytes(8)}))
    with pytest.raises(DataError, match="no array that can be read"):
        opened(path)


def test_a_schema_without_end_is_refused(tmp_path: Path) -> None:
    deep = text(1)
    for _ in range(400):
        deep = node("ListNode", "builtins", "list", content=[deep])
    path = tmp_path / "model.skops"
    path.write_bytes(saved(deep))
    with pytest.raises(DataError, match="schema is not what"):
        opened(path)


@pytest.mark.parametrize("change", ["circle", "outside", "input"])
def test_a_tree_that_leads_outside_is_refused(change: str, tmp_path: Path) -> None:
    """Followed as it stands, such a tree never ends or reads other memory."""
    from sklearn.tree import DecisionTreeClassifier

    model = DecisionTreeClassifier(max_depth=2).fit(X, Y)
    state = model.tree_.__getstate__()
    nodes = state["nodes"].copy()
    if change == "input":
        nodes["feature"][0] = 7
    else:
        nodes["left_child"][0] = 0 if change == "circle" else 99
    model.tree_.__setstate__({**state, "nodes": nodes})
    path = tmp_path / "model.skops"
    path.write_bytes(skops.io.dumps(model))
    with pytest.raises(DataError, match="DecisionTreeClassifier in it is damaged"):
        opened(path)
