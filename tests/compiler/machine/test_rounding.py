"""Numbers are rounded as in NumPy, but for sums of products and functions of the table."""

import math

import numpy as np
import pytest

from autograd import Value, compiled
from tests.backends import needs_compiler

pytestmark = needs_compiler
RANDOM = np.random.default_rng(0)


def spread(x):
    """A root of exactly 0 for two equal numbers, if no product is more exact than the others."""
    return ((x[0] * x[0] + x[1] * x[1]) / 2 - ((x[0] + x[1]) / 2) ** 2).sqrt()


def determinant(x):
    return x[0] * x[1] - x[1] * x[0]


def quotient(x):
    return (x[0] * x[1] + 3.0 * x[0]) / (x[1] * x[1] + 1.0) - x[0] * 0.1


@pytest.mark.parametrize("f", [spread, determinant, quotient])
def test_arithmetic_has_the_same_bits(f):
    x = np.repeat(RANDOM.random((1000, 1)), 2, axis=1)
    if f is quotient:
        x = RANDOM.normal(size=(1000, 2))
    assert compiled(f, backend="c")(x).tolist() == compiled(f)(x).tolist()


def test_mean_of_large_numbers_is_finite():
    w = Value(1.0)
    c = compiled(lambda x: w * x, backend="c")
    for x in (np.full(20, 1.7e308), np.array([1.7e308, -1.7e308] * 9)):
        assert c.mean(x).data == pytest.approx(compiled(lambda x: w * x).mean(x).data, abs=1e293)


def test_sum_of_many_numbers():
    """The error grows with the examples of a block, and not with all of them."""
    w, x = Value(1.0), np.full(300_000, 0.1)
    value = compiled(lambda x: w * x, backend="c").sum(x).data
    assert value == pytest.approx(math.fsum(x), rel=3e-13)
