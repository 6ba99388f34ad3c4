"""The root finder, on functions whose roots are known."""

import numpy as np

from auditkit.inference.root_finding import decreasing_root


def test_known_roots_far_from_the_first_bracket() -> None:
    goal = np.array([1e-12, 1.0, 1e12, 1e150])
    root = decreasing_root(lambda x: goal - np.exp(x), np.zeros(4), np.ones(4))
    np.testing.assert_allclose(root, np.log(goal), rtol=1e-13, atol=1e-13)


def test_a_kink_and_a_flat_stretch_fall_back_to_halving() -> None:
    def function(x: np.ndarray) -> np.ndarray:
        return np.where(x < 3, 1.0, np.where(x < 3 + 1e-9, 0.5, -1e6 * (x - 3)))

    np.testing.assert_allclose(decreasing_root(function, np.zeros(1), np.ones(1)), 3 + 1e-9, atol=1e-12)


def test_a_root_on_the_bracket_is_found() -> None:
    np.testing.assert_allclose(decreasing_root(lambda x: 1.0 - x, np.zeros(2), np.ones(2)), 1.0)
    np.testing.assert_allclose(decreasing_root(lambda x: -x, np.zeros(2), np.ones(2)), 0.0, atol=1e-13)
