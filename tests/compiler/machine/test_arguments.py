"""Arrays of every kind and memory as arguments of machine code."""

import numpy as np
import pytest

from autograd import Value, compiled, dot, pick, tanh
from tests.backends import needs_compiler
from tests.compiler.comparing import same

RANDOM = np.random.default_rng(0)


def both(f):
    return [compiled(f, backend=backend) for backend in ("numpy", "c")]


KINDS = {
    "strided": lambda x: np.repeat(x, 2, axis=0)[::2],
    "reversed": lambda x: x[::-1],
    "columns reversed": lambda x: x[:, ::-1],
    "transposed": lambda x: x.T.copy().T,
    "columns of a wider one": lambda x: np.hstack([x, x])[:, 2:5],
    "broadcast": lambda x: np.broadcast_to(x[:1], x.shape),
    "broadcast columns": lambda x: np.broadcast_to(x[:, :1], x.shape),
    "read-only": lambda x: _read_only(x),
    "unaligned": lambda x: _unaligned(x),
    "field of a record": lambda x: _field(x),
    "big-endian": lambda x: x.astype(">f8"),
    "float32": lambda x: x.astype(np.float32),
    "float32, reversed": lambda x: x.astype(np.float32)[::-1],
    "int8": lambda x: (4 * x).astype(np.int8),
    "int64": lambda x: (4 * x).astype(np.int64),
    "uint8": lambda x: np.abs(4 * x).astype(np.uint8),
    "bool": lambda x: x > 0,
}


def _read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


def _unaligned(x):
    found = np.frombuffer(b"x" + x.tobytes(), dtype=np.uint8)[1:].view(x.dtype).reshape(x.shape)
    assert not found.flags.aligned
    return found


def _field(x):
    """Rows that are no whole number of float64 apart."""
    found = np.zeros(len(x), dtype=[("byte", "u1"), ("numbers", "f8", x.shape[1:])])
    found["numbers"] = x
    return found["numbers"]


@needs_compiler
def test_kinds_of_arguments():
    w = [Value(0.5), Value(-1.5), Value(2.0)]
    f = compiled(lambda x: tanh(dot(w, x)), backend="c")
    for name, kind in KINDS.items():
        for size in (1, 7, 19):
            given = kind(RANDOM.normal(size=(size, 3)))
            before = given.copy()
            plain = np.ascontiguousarray(given, dtype=np.float64)
            assert f(given).tolist() == f(plain).tolist(), name
            assert (
                f.value_and_gradient(given)[1].tolist() == f.value_and_gradient(plain)[1].tolist()
            )
            np.testing.assert_array_equal(given, before)


@needs_compiler
def test_kinds_of_indices():
    table = [Value(0.5), Value(-1.5), Value(2.0)]
    numpy, c = both(lambda i, x: pick(table, i) * x)
    x, index = RANDOM.normal(size=11), RANDOM.integers(0, 2, 11)
    for dtype in (np.int64, np.int32, np.uint8, np.uint64, bool, ">i4", float, np.float32):
        given = index.astype(dtype)
        for i, y in ((given, x), (np.repeat(given, 3)[::3], x[::-1])):
            assert c(i, y).tolist() == numpy(i, y).tolist(), dtype
            assert same(c.value_and_gradient(i, y)[1], numpy.value_and_gradient(i, y)[1])


@needs_compiler
def test_index_that_picks_nothing_is_an_error():
    table = [Value(0.5), Value(-1.5)]
    for f in both(lambda i: pick(table, i) * 2.0):
        for wrong in ([0, 2], [0, -1]):
            with pytest.raises(IndexError, match="not one of 0 to 1"):
                f(np.array(wrong))
        assert f(np.array([1])).tolist() == [-3.0]
