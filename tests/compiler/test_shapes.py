"""In which shapes rows lie where they can be read, compared with looking at all shapes."""

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

from autograd.compiler.lowering.shapes import Places, common_shape, strides


def factorizations(number: int) -> Iterator[tuple[int, ...]]:
    """The shapes without axes of length 1 that have so many elements."""
    if number == 1:
        yield ()
    for first in range(2, number + 1):
        if number % first == 0:
            yield from ((first, *rest) for rest in factorizations(number // first))


def nest(shape: tuple[int, ...], steps: list[int], start: int = 0) -> Places:
    """What loops of these lengths count, of which each takes its own steps."""
    table = np.full(shape, start)
    for axis, step in enumerate(steps):
        table += step * np.indices(shape)[axis]
    return table


def random_nest(random: Random, shape: tuple[int, ...]) -> Places:
    return nest(shape, [random.choice([-2, 0, 1, 2, 5, 9]) for _ in shape], random.randrange(99))


def spoiled(random: Random, table: Places) -> Places:
    """With one of the elements changed."""
    table = table.copy()
    table.flat[random.randrange(table.size)] += random.choice([-3, 1, 4])
    return table


def even_everywhere(table: Places) -> bool:
    """Whether all neighbours along an axis are as far apart, by looking at all of them."""
    gaps = [np.unique(np.diff(table, axis=axis)) for axis in range(table.ndim)]
    return all(len(gap) <= 1 for gap in gaps)


@pytest.mark.parametrize("seed", range(100))
def test_strides_are_found_where_there_are_any(seed):
    random = Random(seed)
    table = random_nest(random, tuple(random.choice([1, 2, 3, 4]) for _ in range(seed % 5)))
    for candidate in (table, spoiled(random, table), spoiled(random, table)):
        steps = strides(candidate)
        assert (steps is not None) == even_everywhere(candidate)
        if steps is not None:
            start = int(candidate.flat[0])
            assert (nest(candidate.shape, list(steps), start) == candidate).all()
            assert not any(steps[i] for i, n in enumerate(candidate.shape) if n == 1)


@pytest.mark.parametrize("seed", range(150))
def test_a_common_shape_is_found_if_there_is_one(seed):
    random = Random(seed)
    shape = random.choice(list(factorizations(random.choice([1, 4, 7, 12, 16, 24, 36]))))
    lists = [random_nest(random, shape).ravel() for _ in range(random.randint(1, 3))]
    assert common_shape(lists) is not None, f"all of them are nests of {shape}"
    for candidates in (lists, [*lists[1:], spoiled(random, lists[0])]):
        found = common_shape(candidates)
        fitting = [
            shape or (1,)
            for shape in factorizations(len(lists[0]))
            if all(even_everywhere(each.reshape(shape or (1,))) for each in candidates)
        ]
        assert found == (min(fitting, key=len) if fitting else None), "of the fewest axes"


@pytest.mark.parametrize(
    ("lists", "shape"),
    [
        ([[0, 1, 2, 3]], (4,)),
        ([[5]], (1,)),
        ([[3, 3, 3]], (3,)),
        ([[0, 1, 0, 1], [0, 0, 1, 1]], (2, 2)),
        ([[0, 1, 2, 10, 11, 12], [0, 0, 0, 0, 0, 0]], (2, 3)),
        ([[0, 1, 2, 10, 11, 13]], None),
        ([[0, 1, 2, 10, 11]], None),
        ([[0, 1, 2, 3], [0, 1, 3, 2]], None),
    ],
)
def test_shapes_of_lists(lists, shape):
    assert common_shape([np.array(each) for each in lists]) == shape
