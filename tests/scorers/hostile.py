"""Files made to run a program when they are read: each would put down a canary, and none may."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import pickle
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Node = dict[str, Any]


class Bird:
    """Reading its pickle puts down a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (exec, (f"open({str(self.path)!r}, 'w').close()",))


def pickles(canary: Path) -> dict[str, bytes]:
    """A pickle in every protocol, written by hand, and packed in each way that joblib knows."""
    found = {f"protocol {n}": pickle.dumps(Bird(canary), protocol=n) for n in range(6)}
    plain = found["protocol 4"]
    found["by hand"] = b"cbuiltins\nexec\n(S\"open('" + str(canary).encode() + b"', 'w').close()\"\ntR."
    found["numbers first"] = b"I1\n0" + found["by hand"]
    found |= {"gzip": gzip.compress(plain), "bzip2": bz2.compress(plain), "zlib": zlib.compress(plain)}
    found |= {"xz": lzma.compress(plain), "lzma": lzma.compress(plain, lzma.FORMAT_ALONE)}
    buffer = io.BytesIO()
    np.save(buffer, np.array([Bird(canary)], dtype=object), allow_pickle=True)
    found["array of objects"] = buffer.getvalue()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("model/data.pkl", plain)
    found["archive"] = packed.getvalue()
    return found


def node(loader: str, module: str, name: str, **rest: Any) -> Node:
    """One node of a skops schema."""
    return {"__loader__": loader, "__module__": module, "__class__": name, "__id__": id(rest), **rest}


def text(value: Any) -> Node:
    """A plain value as skops writes it."""
    return node("JsonNode", "builtins", "str", content=json.dumps(value), is_json=True)


def items(*nodes: Node, loader: str = "ListNode", module: str = "builtins", name: str = "list") -> Node:
    """Nodes in a list, or in whatever claims to be one."""
    return node(loader, module, name, content=list(nodes))


def mapping(**nodes: Node) -> Node:
    """Nodes in a dictionary."""
    keys = items(*(node("TypeNode", "builtins", "str") for _ in nodes))
    return node("DictNode", "builtins", "dict", content=nodes, key_types=keys)


def saved(root: Node, parts: dict[str, bytes] | None = None, protocol: Any = 2) -> bytes:
    """A .skops file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("schema.json", json.dumps({**root, "protocol": protocol, "_skops_version": "0.16.0"}))
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def estimator(**attributes: Node) -> Node:
    """A scikit-learn estimator with attributes of one's choice."""
    return node("ObjectNode", "sklearn.linear_model._logistic", "LogisticRegression", content=mapping(**attributes))


def skops_attacks(canary: Path) -> dict[str, tuple[bytes, str]]:
    """Each way in, and what the refusal must name."""
    touch = items(text("touch"), text(str(canary)))
    code = f"open({str(canary)!r}, 'w').close()"
    arguments = items(text(code), loader="TupleNode", name="tuple")
    objects = io.BytesIO()
    np.save(objects, np.array([Bird(canary)], dtype=object), allow_pickle=True)
    sparse = io.BytesIO()
    np.savez(sparse, format=np.array([Bird(canary)], dtype=object))
    popen = ("subprocess", "Popen")
    matrix = node("SparseMatrixNode", "scipy.sparse._csr", "csr_matrix", type="scipy", file="1.npz")
    array = node("NdArrayNode", "numpy", "ndarray", type="numpy", file="1.npy")
    key = {"__loader__": "DictNode", "__module__": "builtins", "__class__": "dict", "__id__": 1}
    generator = mapping(bit_generator=text("seed"))
    return {
        "a list that is a program": (
            saved(items(*touch["content"], module="subprocess", name="Popen")),
            "subprocess.Popen",
        ),
        "a set that is a program": (
            saved(items(touch, loader="SetNode", module="subprocess", name="Popen")),
            "subprocess.Popen",
        ),
        "a key that is evaluated": (
            saved({**key, "content": {code: text(1)}, "key_types": items(node("TypeNode", "builtins", "exec"))}),
            "builtins.exec",
        ),
        "a constructor": (
            saved(node("ConstructorFromReduceNode", "subprocess", "Popen", content=items(touch, loader="TupleNode"))),
            "subprocess.Popen",
        ),
        "a reduction": (
            saved(node("LossNode", "builtins", "exec", __reduce__={"args": arguments}, content=mapping())),
            "builtins.exec",
        ),
        "a method": (
            saved(node("MethodNode", "builtins", "list", content={"func": "append", "obj": items()})),
            "builtins.list",
        ),
        "an operator": (
            saved(node("OperatorFuncNode", "operator", "methodcaller", attrs=items(text("x")))),
            "operator.methodcaller",
        ),
        "a partial call": (
            saved(
                node(
                    "PartialNode",
                    "functools",
                    "partial",
                    content={
                        "func": node("FunctionNode", "os", "system"),
                        "args": items(loader="TupleNode", name="tuple"),
                        "kwds": mapping(),
                    },
                )
            ),
            "os.system",
        ),
        "a function of numpy": (saved(estimator(metric=node("FunctionNode", "numpy", "exp"))), "numpy.exp"),
        "a function": (saved(estimator(predict_proba=node("FunctionNode", "os", "system"))), "os.system"),
        "an object": (saved(node("ObjectNode", "subprocess", "Popen", content=mapping())), "subprocess.Popen"),
        "a type": (saved(estimator(dtype=node("TypeNode", "builtins", "eval"))), "builtins.eval"),
        "a random state": (saved(node("RandomStateNode", *popen, content=mapping())), "subprocess.Popen"),
        "a bit generator": (
            saved(
                node(
                    "RandomGeneratorNode",
                    "numpy.random._generator",
                    "Generator",
                    content={"bit_generator": generator, "seed_seq": mapping()},
                )
            ),
            "seed",
        ),
        "an array that is a function": (
            saved(node("NdArrayNode", "os", "system", type="json", content=[text("x")], shape=text([1]))),
            "os.system",
        ),
        "an array of objects": (
            saved(estimator(coef_=array), {"1.npy": objects.getvalue()}),
            "1.npy",
        ),
        "a sparse matrix of objects": (
            saved(
                estimator(coef_=matrix),
                {"1.npz": sparse.getvalue()},
            ),
            "1.npz",
        ),
        "an old protocol": (saved(estimator(), protocol=0), "skops"),
        "a protocol that is true": (saved(estimator(), protocol=True), "skops"),
        "a reader of files": (
            saved(
                node(
                    "ObjectNode",
                    "sklearn.feature_extraction.text",
                    "CountVectorizer",
                    content=mapping(input=text("filename")),
                )
            ),
            "CountVectorizer",
        ),
    }
