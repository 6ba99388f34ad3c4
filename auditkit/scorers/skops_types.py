"""Which types a .skops file may name: a fixed list, by the kind of node that names them.

Functions, methods, partial calls and operators are on no list, whatever package they come from, but for those that
scikit-learn itself puts into its estimators (check_array as gradient boosting with categories holds it, and the metric
of a tuned threshold): nothing that could do harm when it is called with the file's own words.
"""

from __future__ import annotations

from functools import lru_cache

__all__ = ["ARRAYS", "BIT_GENERATORS", "CONTAINERS", "LOADED_BESIDES", "PARTIAL", "allowed"]

CONTAINERS = {
    "DictNode": frozenset({"builtins.dict", "collections.OrderedDict", "sklearn.utils._bunch.Bunch"}),
    "ListNode": frozenset({"builtins.list"}),
    "TupleNode": frozenset({"builtins.tuple"}),
    "SetNode": frozenset({"builtins.set"}),
    "SliceNode": frozenset({"builtins.slice"}),
}

_SCALARS = (
    "bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc uintc longlong ulonglong "
    "float16 float32 float64 str_"
).split()

ARRAYS = frozenset({"numpy.ndarray", *(f"numpy.{name}" for name in _SCALARS)})

BIT_GENERATORS = frozenset({"MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"})

_TREE = "sklearn.tree._tree.Tree"

_LOSSES = (
    "AbsoluteError ExponentialLoss HalfBinomialLoss HalfGammaLoss HalfMultinomialLoss HalfPoissonLoss HalfSquaredError "
    "HalfTweedieLoss HalfTweedieLossIdentity HuberLoss PinballLoss"
).split()

_CLASS_METRICS = (
    "accuracy_score balanced_accuracy_score brier_score_loss cohen_kappa_score f1_score jaccard_score log_loss "
    "matthews_corrcoef precision_score recall_score"
).split()

_LINKS = "HalfLogitLink IdentityLink Interval LogitLink LogLink MultinomialLogit".split()

_METRICS = frozenset(
    {
        *(f"sklearn.metrics._classification.{name}" for name in _CLASS_METRICS),
        *(f"sklearn.metrics._ranking.{name}" for name in ("average_precision_score", "roc_auc_score")),
    }
)
"""By these a tuned threshold was chosen: scikit-learn keeps the function itself, and never calls it to score."""

LOADED_BESIDES = frozenset(
    {
        _TREE,
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.utils._bunch.Bunch",
        "numpy.dtype",
        "functools.partial",
        "sklearn.utils.validation.check_array",
        "sklearn.metrics._scorer._CurveScorer",
        "sklearn.metrics._scorer._Scorer",
        "sklearn.utils._metadata_requests.MetadataRequest",
        "sklearn.utils._metadata_requests.MethodMetadataRequest",
        *_METRICS,
    }
)
"""Types that skops itself asks about and that hold numbers only; the indices of trees are checked after loading."""

PARTIAL = ("sklearn.utils.validation.check_array", frozenset({"dtype", "ensure_all_finite", "force_all_finite"}))
"""The one partial call that is loaded, and the settings it may carry: gradient boosting with categories holds it."""

_INTERNAL = frozenset(
    {
        "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
        *(f"sklearn._loss.loss.{name}" for name in _LOSSES),
        *(f"sklearn._loss.link.{name}" for name in _LINKS),
    }
)

_NO_OBJECTS = frozenset({_TREE, "numpy.dtype", "functools.partial", PARTIAL[0], *_METRICS})

_REFUSED = frozenset(
    {
        "sklearn.model_selection._search.GridSearchCV",
        "sklearn.model_selection._search.RandomizedSearchCV",
        "sklearn.model_selection._search_successive_halving.HalvingGridSearchCV",
        "sklearn.model_selection._search_successive_halving.HalvingRandomSearchCV",
    }
)
"""A search holds the functions by which it chose; the fitted model in it (best_estimator_) is what to save."""


@lru_cache(maxsize=1)
def _estimators() -> frozenset[str]:
    """The estimators of the installed scikit-learn, by module and name."""
    from sklearn.utils import all_estimators

    found = {f"{one.__module__}.{one.__name__}" for _, one in all_estimators()}
    return frozenset(name for name in found if name.startswith("sklearn.")) - _REFUSED


def allowed(loader: str, name: str) -> bool:
    """Whether a node of the kind `loader` may name a type.

    >>> allowed("ListNode", "builtins.list"), allowed("FunctionNode", "numpy.exp"), allowed("TypeNode", "os.system")
    (True, False, False)
    """
    match loader:
        case "NdArrayNode":
            return name in ARRAYS
        case "TypeNode":
            return name in ARRAYS or name in {f"builtins.{kind}" for kind in ("str", "int", "float", "bool")}
        case "MaskedArrayNode":
            return name in ("numpy.ma.MaskedArray", "numpy.ma.core.MaskedArray")
        case "DTypeNode":
            return name == "numpy.dtype"
        case "RandomStateNode":
            return name in ("numpy.random.mtrand.RandomState", "numpy.random.RandomState")
        case "RandomGeneratorNode":
            return name in ("numpy.random._generator.Generator", "numpy.random.Generator")
        case "SparseMatrixNode":
            module, _, kind = name.rpartition(".")
            return module.startswith("scipy.sparse.") and kind.endswith(("_matrix", "_array"))
        case "TreeNode":
            return name == _TREE
        case "LossNode":
            module, _, kind = name.rpartition(".")
            return module == "sklearn._loss._loss" and kind.removeprefix("Cy") in _LOSSES and kind.startswith("Cy")
        case "ObjectNode":
            return name in _INTERNAL or name in LOADED_BESIDES - _NO_OBJECTS or name in _estimators()
        case "FunctionNode":
            return name in _METRICS or name == PARTIAL[0]
        case "PartialNode":
            return name == "functools.partial"
        case _:
            return name in CONTAINERS.get(loader, ())
