"""Gradients are clipped before the optimizer sees them."""

import numpy as np
import pytest

from nn import SGD, Parameter


def test_an_optimizer_uses_what_clipping_makes_of_the_gradient():
    a, b = Parameter(1.0), Parameter(1.0)
    optimizer = SGD([a, b], 1.0, clipping=lambda gradient: np.minimum(gradient, 0.5))
    (3.0 * a + 0.25 * b).backward()
    optimizer.step()
    assert (a.data, b.data) == (0.5, 0.75)
    assert (a.grad, b.grad) == (3.0, 0.25)


def test_clipping_is_a_function():
    with pytest.raises(TypeError, match=r"such as clip_by_norm\(1.0\), not 1.0"):
        SGD([Parameter(1.0)], clipping=1.0)
