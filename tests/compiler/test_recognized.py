"""Arguments like those of an earlier call are recognised; whatever is not like them is checked."""

import numpy as np
import pytest

from autograd import Value, compiled, dot, greater, pick, where
from autograd.compiler import batched, programs

X, T = np.arange(6.0).reshape(3, 2), np.array([0, 1, 1])


def made():
    """A function that has seen arrays of floats and of indices, thrice."""
    w = Value(2.0)
    f = compiled(lambda x, t: w * pick(x, t))
    for _ in range(3):
        assert f.mean(X, T).data == 2.0 * (0.0 + 3.0 + 5.0) / 3.0
    return f


def test_arguments_that_are_recognised_are_not_looked_at_again(monkeypatch):
    f = made()
    monkeypatch.setattr(batched, "as_arrays", None)
    assert f.mean(X + 1.0, T).data == 2.0 * (1.0 + 4.0 + 6.0) / 3.0
    assert f(X, T).tolist() == [0.0, 6.0, 10.0]


DIFFERENT = {
    "more examples in one": (X, np.array([0, 1]), ValueError, "x has 3 examples|t has 2 examples"),
    "a masked number": (np.ma.masked_less(X, 1.0), T, TypeError, "x is a masked array"),
    "complex numbers": (X + 0j, T, TypeError, "x must be an array of real numbers, not of complex"),
    "texts": (X.astype(str), T, TypeError, "x must be an array of real numbers"),
    "an index too large": (X, T + 1, IndexError, "t holds the index 2, not one of 0 to 1"),
    "a negative index": (X, T - 1, IndexError, "t holds the index -1, not one of 0 to 1"),
    "half an index": (X, T + 0.5, IndexError, "t holds the index 0.5, not one of 0 to 1"),
    "a single number": (X, 1, TypeError, "t must be an array whose first axis is the batch"),
    "no examples": (X[:0], T[:0], ValueError, "mean.. of an empty batch"),
}


@pytest.mark.parametrize(("x", "t", "error", "message"), DIFFERENT.values(), ids=DIFFERENT)
def test_other_arguments_are_refused_as_at_the_first_call(x, t, error, message):
    f = made()
    for _ in range(2):
        with pytest.raises(error, match=message):
            f.mean(x, t)
    made()


SIMILAR = {
    "lists": (X.tolist(), T.tolist()),
    "nothing masked": (np.ma.array(X), T),
    "smaller floats": (X.astype(np.float32), T),
    "larger floats": (X.astype(np.longdouble), T),
    "bytes in the other order": (X.astype(">f8"), T.astype(">i8")),
    "small integers": (X, T.astype(np.uint8)),
    "truth values": (X, T.astype(bool)),
    "floats for indices": (X, T.astype(float)),
    "in Fortran's order": (np.asfortranarray(X), T),
    "every other row": (np.repeat(X, 2, axis=0)[::2], np.repeat(T, 2)[::2]),
    "backwards": (X[::-1].copy()[::-1], T),
    "a kind of array": (X.view(np.recarray), T),
}


@pytest.mark.parametrize(("x", "t"), SIMILAR.values(), ids=SIMILAR)
def test_arrays_of_any_kind_give_the_same_at_every_call(x, t):
    f = made()
    for _ in range(3):
        assert f(x, t).tolist() == [0.0, 6.0, 10.0]
        assert f(X, T).tolist() == [0.0, 6.0, 10.0]


@pytest.mark.parametrize("kind", [np.float32, np.longdouble, ">f8", np.int8])
def test_arrays_that_are_read_where_they_lie_may_be_of_any_kind(kind):
    weights = [Value(float(i)) for i in range(100)]
    f = compiled(lambda x: dot(weights, x))
    x = np.ones((3, 100)).astype(kind)
    for _ in range(3):
        assert f(x).tolist() == [4950.0] * 3
        assert f.value_and_gradient(x)[1].tolist() == [1.0] * 100


def test_as_many_numbers_in_another_shape_are_not_the_same():
    f = compiled(lambda x, y: sum(x) * y)
    for _ in range(3):
        assert f(np.ones((2, 6)), np.ones(2)).tolist() == [6.0, 6.0]
        assert f(np.ones((6, 2)), np.ones(6)).tolist() == [2.0] * 6


def test_the_same_arrays_under_other_names_are_told_apart():
    f = compiled(lambda x, *, a=1.0, b=2.0: x + 10.0 * a + 100.0 * b)
    x, y = np.zeros(2), np.ones(2)
    for _ in range(3):
        assert f(x, a=y).tolist() == [210.0] * 2
        assert f(x, b=y).tolist() == [110.0] * 2


def test_what_is_read_from_outside_is_seen_though_the_arguments_are_recognised():
    mode, first, second = "a", Value(1.0), Value(10.0)
    f = compiled(lambda x: x * (first if mode == "a" else second))
    for mode, parameter in [*zip("aaabbb", [first] * 3 + [second] * 3, strict=True)] * 3:
        examples = np.ones(2 if mode == "a" else 3)
        assert set(f(examples)) == {parameter.data}
        assert f.parameters == [parameter]


def test_not_more_arguments_are_kept_in_mind_than_so_many(monkeypatch):
    monkeypatch.setattr(programs, "_KEYS", 4)
    f = compiled(lambda x: where(greater(x, 0.0), x, 0.0))
    for batch in [*range(1, 20)] * 2:
        assert f(np.ones(batch)).tolist() == [1.0] * batch
        assert len(f.programs._found) <= 4
