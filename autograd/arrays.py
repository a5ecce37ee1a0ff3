"""The operations on NumPy arrays, for those that are not one NumPy function.

Each takes `out=` as NumPy's own functions do, so that a compiled program can run in buffers that
it keeps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autograd.floats import LARGEST

Array = Any


_ONE = np.array(1.0)  # NumPy's functions take in an array sooner than a number


def _made(x: Array) -> Array:
    """Memory for a result, which `[()]` gives as a number if it has no axes."""
    return np.empty(x.shape)


def _comparison(ufunc: Callable[..., Array]) -> Callable[..., Array]:
    """A comparison that gives 0.0 and 1.0 in float64, as every operation does."""

    def array(a: Array, b: Array, out: Array = None) -> Array:
        if out is None:
            return ufunc(a, b).astype(np.float64)
        # Quicker than to let NumPy convert each truth value on its way out.
        out[...] = ufunc(a, b)
        return out

    return array


equal = _comparison(np.equal)
not_equal = _comparison(np.not_equal)
less = _comparison(np.less)
less_equal = _comparison(np.less_equal)
greater = _comparison(np.greater)
greater_equal = _comparison(np.greater_equal)


def power(a: Array, b: Array, out: Array = None) -> Array:
    if np.ndim(b) == 0 and b != 0.5:
        return np.power(a, b, out=out)
    # For an exponent of 0.5 NumPy takes the square root, which differs at -inf and at -0.0.
    rooted = np.equal(b, 0.5)
    infinite, zero = rooted & np.equal(a, -np.inf), rooted & np.equal(a, 0.0)
    result = np.asarray(np.power(a, b, out=out))
    np.copyto(result, np.inf, where=infinite)
    np.copyto(result, 0.0, where=zero)
    return result


def step(x: Array, out: Array = None) -> Array:
    return greater(x, 0.0, out=out)


def sech_squared(x: Array, out: Array = None) -> Array:
    result = _made(x) if out is None else out
    np.cosh(x, out=result)
    np.divide(_ONE, result, out=result)
    np.multiply(result, result, out=result)
    return result[()] if out is None else out


def sigmoid(x: Array, out: Array = None) -> Array:
    result = _made(x) if out is None else out
    np.negative(x, out=result)
    np.exp(result, out=result)
    np.add(result, _ONE, out=result)
    np.divide(_ONE, result, out=result)
    return result[()] if out is None else out


def softplus(x: Array, out: Array = None) -> Array:
    return np.logaddexp(x, 0.0, out=out)


def relu(x: Array, out: Array = None) -> Array:
    return np.maximum(x, _zeros(x.shape), out=out)


@lru_cache(maxsize=64)
def _zeros(shape: tuple[int, ...]) -> Array:
    """Zeros of a shape: NumPy compares two whole arrays faster than one and a number."""
    zeros = np.zeros(shape)
    zeros.flags.writeable = False
    return zeros


def leaky_relu(x: Array, slope: Array, out: Array = None) -> Array:
    return where(np.greater(x, 0.0), x, np.multiply(slope, x), out=out)


def elu(x: Array, alpha: Array, out: Array = None) -> Array:
    return where(np.greater(x, 0.0), x, alpha * np.expm1(x), out=out)


def _by_math(function: Callable[[float], float]) -> Callable[..., Array]:
    """What NumPy has not, element by element, at about 100 ns each."""
    ufunc = np.frompyfunc(function, 1, 1)

    def array(x: Array, out: Array = None) -> Array:
        return np.positive(np.asarray(ufunc(x), dtype=np.float64), out=out)

    return array


erf = _by_math(math.erf)
erfc = _by_math(math.erfc)


def gelu(x: Array, out: Array = None) -> Array:
    return np.multiply(np.multiply(x, 0.5), erfc(np.multiply(x, -math.sqrt(0.5))), out=out)


def silu(x: Array, out: Array = None) -> Array:
    return np.multiply(x, sigmoid(x), out=out)


def clip(x: Array, low: Array, high: Array, out: Array = None) -> Array:
    return np.minimum(np.maximum(x, low), high, out=out)


def where(condition: Array, a: Array, b: Array, out: Array = None) -> Array:
    return np.positive(np.where(np.not_equal(condition, 0.0), a, b), out=out)


def minimum(*xs: Array, out: Array = None) -> Array:
    return np.minimum.reduce(np.broadcast_arrays(*xs), out=out)


def maximum(*xs: Array, out: Array = None) -> Array:
    return np.maximum.reduce(np.broadcast_arrays(*xs), out=out)


def total(*xs: Array, out: Array = None) -> Array:
    return np.add.reduce(np.broadcast_arrays(*xs), out=out, initial=-0.0)


def dot(*operands: Array, out: Array = None) -> Array:
    size = len(operands) // 2
    products = map(np.multiply, operands[:size], operands[size : 2 * size])
    return total(*products, *operands[2 * size :], out=out)


def logsumexp(*xs: Array, out: Array = None) -> Array:
    if len(xs) == 1:
        return np.positive(xs[0], out=out)
    stack = np.stack(np.broadcast_arrays(*xs))
    largest = clip(stack.max(axis=0), -LARGEST, LARGEST)
    return np.add(np.log(np.exp(stack - largest).sum(axis=0)), largest, out=out)


def pick(*operands: Array, out: Array = None) -> Array:
    *xs, index = np.broadcast_arrays(*operands)
    result = np.take_along_axis(np.stack(xs), index.astype(np.intp)[np.newaxis], axis=0)[0]
    return np.positive(result, out=out)


def rows_view(array: Array, start: int, shape: tuple[int, ...], steps: tuple[int, ...]) -> Array:
    """Rows of an array from `start` on, `steps[i]` apart along axis `i`, in its own memory.

    >>> rows_view(np.arange(10), 1, (2, 3), (4, 1)).tolist()
    [[1, 2, 3], [5, 6, 7]]
    """
    row, *within = array.strides
    strides = (*(step * row for step in steps), *within)
    return np.lib.stride_tricks.as_strided(array[start:], (*shape, *array.shape[1:]), strides)


def masked_matmul(left: Array, right: Array, there: Array, right_there: Array, out: Array) -> Array:
    """`left @ right` of arrays whose elements that are not there are 0, and of no product.

    Parameters:
        there: which elements of the left matrices are there, None for all.
        right_there: the same of the right ones.
    """
    np.matmul(left, right, out=out)
    if not math.isfinite(np.add.reduce(out, axis=None)):
        # Not 0 times infinity or NaN: each product by itself.
        products = left[..., None] * right[..., None, :, :]
        if there is not None:
            np.copyto(products, 0.0, where=~there[..., None])
        if right_there is not None:
            np.copyto(products, 0.0, where=~right_there[..., None, :, :])
        np.add.reduce(products, axis=-2, out=out)
    return out
