"""Dots of (nearly) all pairs of two lists of vectors are seen, and lie as matrices."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import dot, tanh, total
from autograd import operations as ops
from autograd.compiler.folding import folded
from autograd.compiler.graph import Argument, Graph
from autograd.compiler.instructions import Dots, Elementwise, Instruction, PairProducts, Reduction
from autograd.compiler.scheduling.groups import groups
from autograd.compiler.scheduling.layout import Layout
from autograd.compiler.scheduling.leaves import loads_and_draws
from autograd.compiler.scheduling.pairs import pairs
from autograd.compiler.scheduling.storages import stored
from tests.compiler.comparing import record_function


class Seen(NamedTuple):
    """What became of the dots of a function."""

    pairs: list[PairProducts]
    left_over: list[Instruction]

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """Blocks, lefts, rights, length, and the number of dots of each instruction."""
        return [(p.blocks, p.lefts, p.rights, p.length, len(p.wanted)) for p in self.pairs]

    @property
    def in_pairs(self) -> int:
        return sum(len(x.wanted) for x in self.pairs)

    @property
    def others(self) -> int:
        """How many dots are in no pair."""
        return sum(len(rest.out) for rest in self.left_over)


def seen(f: Callable[..., Any], *shapes: tuple[int, ...], fold: bool = True) -> Seen:
    """The instructions of a function's dots, each of which has been found to compute them."""
    names = ["x", "y", "z"][: len(shapes)]
    arguments = [Argument(name, shape, False) for name, shape in zip(names, shapes, strict=True)]
    recorded = record_function(f, arguments)
    graph = stored(folded(recorded) if fold else recorded)
    layout, made = Layout(graph, None, 0), []
    loads_and_draws(graph, layout)
    for group in groups(graph):
        is_dot = graph.nodes[group.members[0]].op is ops.dot
        parts = pairs(graph, group) if is_dot else [group]
        assert sorted(i for part in parts for i in part.members) == group.members
        made += [(part.members, part.instructions(layout, "f")) for part in parts]
    values, numbers = np.zeros(layout.sizes["values"] + 1), evaluated(graph)
    for i, number in enumerate(numbers):
        values[layout.where(i)[1]] = number
    dots = [(m, i) for m, i in made if len(i) > 1 or isinstance(i[0], PairProducts | Dots)]
    for members, instructions in dots:
        assert computed(instructions, values) == pytest.approx([numbers[i] for i in members])
        assert [layout.where(i)[1] for i in members] == list(instructions[-1].out.places)
    last = [instructions[-1] for _, instructions in dots]
    return Seen(
        [x for x in last if isinstance(x, PairProducts)],
        [x for x in last if not isinstance(x, PairProducts)],
    )


def evaluated(graph: Graph) -> list[float]:
    """A number for each node, from random inputs."""
    random, numbers = Random(0), []
    for node in graph.nodes:
        operands = [numbers[k] for k in node.operands]
        numbers.append(node.op.forward(*operands) if node.op else random.uniform(-1.0, 1.0))
    return numbers


def computed(instructions: Sequence[Instruction], values: np.ndarray) -> list[float]:
    """What dots compute from the rows that they read, of which the last is 0."""
    first, instruction = instructions[0], instructions[-1]
    if isinstance(instruction, Reduction):  # of dots of several lengths
        assert isinstance(first, Elementwise)
        left, right = (values[list(rows.places)] for rows in first.operands)
        ends = np.cumsum(instruction.lengths)
        return [part.sum() for part in np.split(left * right, ends)[:-1]]
    assert isinstance(instruction, PairProducts | Dots)
    left = values[list(instruction.left.places)]
    right = values[list(instruction.right.places)]
    if isinstance(instruction, Dots):
        return list((left * right).reshape(-1, instruction.length).sum(axis=1))
    lefts = left.reshape(instruction.blocks, instruction.lefts, instruction.length)
    rights = right.reshape(instruction.blocks, instruction.rights, instruction.length)
    return list(np.matmul(lefts, rights.transpose(0, 2, 1)).ravel()[list(instruction.wanted)])


# ---------------------------------------------------------------- pairs of vectors, as lists


def heads(rows: Any, size: int = 4) -> list[list[Any]]:
    """For each head the part of each row that is its own."""
    return [[row[i : i + size] for row in rows] for i in range(0, len(rows[0]), size)]


def causal_scores(x: Any, y: Any) -> list[Any]:
    """Of each position with those up to it, head after head."""
    both = list(zip(heads(x), heads(y), strict=True))
    return [(q[t], k[s]) for t in range(len(x)) for q, k in both for s in range(t + 1)]


def causal_sums(weights: Any, x: Any) -> list[Any]:
    """Of each column of x up to each position, with weights of its own."""
    columns = list(zip(*x, strict=True))
    return [(w[: t + 1], c[: t + 1]) for t, w in enumerate(weights) for c in columns]


def window_scores(x: Any, y: Any, width: int = 3) -> list[Any]:
    return [(x[t], b) for t in range(len(x)) for b in y[t : t + width]]


def window_sums(weights: Any, x: Any, width: int = 8) -> list[Any]:
    columns = list(zip(*x, strict=True))
    return [(w, c[t : t + width]) for t, w in enumerate(weights) for c in columns]


def all_pairs(x: Any, y: Any) -> list[Any]:
    return [(a, b) for a in x for b in y]


def upper_triangle(x: Any) -> list[Any]:
    return [(a, b) for i, a in enumerate(x) for b in x[i:]]


def of_all_lengths(x: Any, y: Any) -> list[Any]:
    return [(a[:n], b[:n]) for a in x for b in y for n in (2, 5, 8)]


def with_themselves(x: Any) -> list[Any]:
    return [(a, a) for a in x]


def exchanged(found: list[Any]) -> list[Any]:
    return [(b, a) for a, b in found]


# Pairs of vectors of arguments of some shapes; the blocks, lefts, rights, length and dots of each
# instruction that is made of them; and how many dots are in none.
CASES = {
    "causal scores of four heads": (causal_scores, [(8, 16)] * 2, [(4, 8, 8, 4, 144)], 0),
    "causal sums": (causal_sums, [(9, 9), (9, 4)], [(1, 9, 4, 9, 36)], 0),
    "causal sums, exchanged": (
        lambda x, y: exchanged(causal_sums(x, y)), [(9, 9), (9, 4)], [(1, 4, 9, 9, 36)], 0),
    "causal sums of two kinds": (
        lambda x, y, z: [*causal_sums(x, z), *exchanged(causal_sums(y, z))],
        [(9, 9), (9, 9), (9, 4)], [(1, 9, 4, 9, 36), (1, 4, 9, 9, 36)], 0),
    "all with all": (all_pairs, [(6, 8), (5, 8)], [(1, 6, 5, 8, 30)], 0),
    "x with x": (lambda x: all_pairs(x, x), [(6, 8)], [(1, 6, 6, 8, 36)], 0),
    "x with x, once": (upper_triangle, [(6, 8)], [(1, 6, 6, 8, 21)], 0),
    "beginnings on both sides": (of_all_lengths, [(6, 8), (5, 8)], [(1, 18, 5, 8, 90)], 0),
    "two shapes": (
        lambda x, y, z: [*all_pairs(x, x), *all_pairs(y, z)], [(6, 8), (5, 8), (7, 8)],
        [(1, 6, 6, 8, 36), (1, 5, 7, 8, 35)], 0),
    "with others that are apart": (
        lambda x, y, z: [*causal_scores(x, y), *with_themselves(z)],
        [(8, 16), (8, 16), (5, 4)], [(4, 8, 8, 4, 144)], 5),
    "with others among them": (
        lambda x, y, z: [*with_themselves(z), *all_pairs(x, y), (x[0], z[0])],
        [(6, 8), (6, 8), (3, 8)], [(1, 7, 7, 8, 38)], 2),
    "a window, each position with its own columns": (window_sums, [(9, 8), (16, 4)], [], 36),
    "a narrow window, most pairs missing": (window_scores, [(16, 8)] * 2, [], 45),
    "one with many": (lambda x, y: all_pairs(x[:1], y), [(1, 8), (40, 8)], [], 40),
    "many with one": (lambda x, y: all_pairs(x, y[:1]), [(40, 8), (1, 8)], [], 40),
    "each with itself": (with_themselves, [(40, 8)], [], 40),
    "few": (all_pairs, [(3, 4), (3, 4)], [], 9),
}  # fmt: skip


@pytest.mark.parametrize(("f", "shapes", "expected", "others"), CASES.values(), ids=CASES)
def test_pairs_of_vectors(f, shapes, expected, others):
    found = seen(lambda *arguments: [dot(a, b) for a, b in f(*arguments)], *shapes)
    assert sorted(found.shapes) == sorted(expected)
    assert found.others == others


def test_each_layer_of_attention_is_an_instruction():
    def layers(x: Any) -> list[Any]:
        for _ in range(2):
            scores = [[dot(a, b) for b in x[: t + 1]] for t, a in enumerate(x)]
            columns = list(zip(*x, strict=True))
            sums = [[dot(s, c[: len(s)]) for c in columns] for s in scores]
            x = [
                [tanh(a + b) for a, b in zip(*rows, strict=True)]
                for rows in zip(x, sums, strict=True)
            ]
        return [total(row) for row in x]

    scores, sums = (1, 8, 8, 4, 36), (1, 8, 4, 8, 32)
    assert seen(layers, (8, 4)).shapes == [scores, sums, scores, sums]


def test_rows_of_heads_lie_evenly():
    (made,) = seen(lambda x, y: [dot(a, b) for a, b in causal_scores(x, y)], (8, 16), (8, 16)).pairs
    for rows in (made.left, made.right):
        places = np.reshape(rows.places, (4, 8, 4))
        assert [set(np.diff(places, axis=axis).ravel()) for axis in range(3)] == [{4}, {16}, {1}]


def test_what_is_behind_the_end_of_a_shorter_vector_has_no_place():
    (made,) = seen(lambda x, y: [dot(a, b) for a, b in causal_sums(x, y)], (9, 9), (9, 4)).pairs
    behind = np.reshape(made.left.places, (9, 9)) == -1
    assert (behind == ~np.tri(9, dtype=bool)).all()
    assert -1 not in made.right.places


def test_a_pair_that_is_recorded_twice_is_wanted_twice():
    (made,) = seen(lambda x: [dot(a, b) for a, b in 2 * all_pairs(x, x)], (6, 8), fold=False).pairs
    assert list(made.wanted) == 2 * list(range(36))


def test_sides_that_are_mixed_are_computed_all_the_same():
    def mixed(x: Any, y: Any) -> list[Any]:
        found = causal_scores(x, y)
        return [dot(*(pair if i % 3 else pair[::-1])) for i, pair in enumerate(found)]

    found = seen(mixed, (8, 16), (8, 16))
    assert found.others + found.in_pairs == 144


@pytest.mark.parametrize("seed", range(40))
def test_random_pairs(seed):
    random = Random(seed)
    count, share = random.randint(2, 12), random.choice([0.1, 0.4, 0.8])
    lengths = random.choice([[8], [7, 8], [1, 2, 4, 8]])
    every = [(i, j) for i in range(count) for j in range(2 * count)]
    chosen = random.sample(every, max(1, int(share * len(every))))
    sizes = [random.choice(lengths) for _ in chosen]

    def dots(x: Any, y: Any) -> list[Any]:
        rows = [*x, *y]
        return [dot(rows[i][:n], rows[j][:n]) for (i, j), n in zip(chosen, sizes, strict=True)]

    found = seen(dots, (count, 8), (count, 8))
    assert found.others + found.in_pairs == len(chosen)
