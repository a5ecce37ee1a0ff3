import numpy as np
import pytest

from autograd.structure import apply, arguments, flatten, rebuild

SHAPES = [
    (5.0, [5.0], 5.0),
    ([], [], []),
    ([1.0, [2.0, (3.0,)]], [1.0, 2.0, 3.0], [1.0, [2.0, [3.0]]]),
    (np.array([[1.0, 2.0], [3.0, 4.0]]), [1.0, 2.0, 3.0, 4.0], [[1.0, 2.0], [3.0, 4.0]]),
    (np.array(7.0), [7.0], 7.0),
    ([np.array([1.0, 2.0]), 3.0], [1.0, 2.0, 3.0], [[1.0, 2.0], 3.0]),
    ("text", ["text"], "text"),
]


@pytest.mark.parametrize(("structure", "leaves", "lists"), SHAPES, ids=lambda x: str(x)[:20])
def test_flat_and_back(structure, leaves, lists):
    assert flatten(structure) == leaves
    assert rebuild(structure, leaves) == lists


def test_apply_keeps_the_shape():
    assert apply(str, [1, (2, [3])]) == ["1", ["2", ["3"]]]


def test_arguments_are_arrays_where_the_inputs_are():
    inputs = [np.zeros((2, 1)), [1, 2], np.zeros((0, 3)), np.array(5.0), 6.0]
    matrix, numbers, empty, *single = arguments(inputs, "abcdef")
    assert matrix.tolist() == [["a"], ["b"]]
    assert numbers == ["c", "d"]
    assert empty.shape == (0, 3)
    assert single == ["e", "f"]
