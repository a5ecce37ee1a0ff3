"""Pairs: dots of (nearly) all pairs of two lists of vectors are matrix products.

So it is in attention, and in products of matrices of parameters or plain numbers. Each connected
part of the graph "left vector - right vector" is a block: a head of attention, say. Blocks of one
shape are one instruction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograd.compiler.instructions import Instruction, PairProducts, Rows, Storage
from autograd.compiler.scheduling.groups import Group
from autograd.compiler.scheduling.layout import Layout
from autograd.compiler.scheduling.operands import operand_lists
from autograd.compiler.scheduling.storages import StoredGraph

Vector = tuple[int, ...]
Dots = dict[int, tuple[Vector, Vector]]  # the nodes, and the two vectors of each

# What makes matrices faster than a copy of both vectors for each dot: the share of a block's pairs
# that must be wanted, and how many products the wanted dots of an instruction must have.
_DENSE, _LARGE = 0.4, 128


@dataclass(slots=True)
class _Block:
    """The dots of connected vectors: each the numbers of its left and its right one."""

    lefts: dict[Vector, int] = field(default_factory=dict)
    rights: dict[Vector, int] = field(default_factory=dict)
    dots: dict[int, tuple[int, int]] = field(default_factory=dict)

    def add(self, dot: int, left: Vector, right: Vector) -> None:
        self.dots[dot] = (
            self.lefts.setdefault(left, len(self.lefts)),
            self.rights.setdefault(right, len(self.rights)),
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many vectors there are on the left and on the right, and their length."""
        return len(self.lefts), len(self.rights), max(map(len, self.lefts))

    def is_dense(self, least: int) -> bool:
        """Whether there are enough dots, with at least so many vectors on each side."""
        lefts, rights, _ = self.shape
        enough = len(set(self.dots.values())) >= _DENSE * lefts * rights
        return enough and min(lefts, rights) >= least and max(lefts, rights) > 1

    @property
    def is_even(self) -> bool:
        return len({len(vector) for vector in (*self.lefts, *self.rights)}) == 1


@dataclass(slots=True)
class Pairs:
    """Blocks of one shape."""

    blocks: list[_Block]

    @property
    def members(self) -> list[int]:
        return sorted(i for block in self.blocks for i in block.dots)

    def instructions(self, layout: Layout, name: str) -> list[Instruction]:
        lefts, rights, length = self.blocks[0].shape
        pair_of = {
            dot: (block * lefts + left) * rights + right
            for block, part in enumerate(self.blocks)
            for dot, (left, right) in part.dots.items()
        }
        made = PairProducts(
            layout.out(self.members),
            name,
            left=_padded(layout, (v for block in self.blocks for v in block.lefts), length),
            right=_padded(layout, (v for block in self.blocks for v in block.rights), length),
            blocks=len(self.blocks),
            lefts=lefts,
            rights=rights,
            length=length,
            wanted=[pair_of[dot] for dot in self.members],
        )
        return [made]


def _padded(layout: Layout, vectors: Iterable[Vector], length: int) -> Rows:
    places: list[int] = []
    storage: Storage = "values"
    for vector in vectors:
        rows = layout.rows([vector])
        storage = rows.storage
        places += rows.places
        places += [-1] * (length - len(vector))
    return Rows(storage, places)


def pairs(graph: StoredGraph, group: Group) -> list[Pairs | Group]:
    """Dots without weights of inputs: the pairs among them, and what is left as one group."""
    dots: Dots = {}
    of_examples = graph.storages[group.members[0]] == "values"
    for i in group.members:
        left, right = operand_lists(graph.nodes[i])
        dots[i] = (left, right)
    by_shape: dict[tuple[int, int, int], Pairs] = {}
    for block in _blocks(_lengthened(dots)):
        # A vector of parameters has nothing behind its end.
        if block.is_dense(2) if of_examples else (block.is_even and block.is_dense(1)):
            by_shape.setdefault(block.shape, Pairs([])).blocks.append(block)
    large = _LARGE if of_examples else 1
    found = [x for x in by_shape.values() if sum(len(dots[i][0]) for i in x.members) >= large]
    taken = {i for x in found for i in x.members}
    rest = [i for i in group.members if i not in taken]
    return [*found, Group(rest)] if rest else [*found]


def _lengthened(dots: Dots) -> Dots:
    """The dots with each beginning of a longer vector replaced by that one.

    The length of a dot is then that of the shorter of the two; so the left one stays as it is if
    the right one is longer now.
    """
    longest_left = _longest(left for left, _ in dots.values())
    longest_right = _longest(right for _, right in dots.values())
    for left, right in dots.values():
        if len(longest_right[right]) > len(right):
            longest_left[left] = left
    return {i: (longest_left[left], longest_right[right]) for i, (left, right) in dots.items()}


def _longest(vectors: Iterable[Vector]) -> dict[Vector, Vector]:
    """For each of some vectors one of the longest among them that begin with it."""
    found: dict[Vector, Vector] = {}
    longest: Vector = ()
    # From the last to the first in lexical order: what begins with a vector stands before it.
    for vector in sorted(set(vectors), reverse=True):
        if longest[: len(vector)] != vector:
            longest = vector
        found[vector] = longest
    return found


def _blocks(dots: Dots) -> list[_Block]:
    """The connected parts, in the order in which they begin."""
    numbers: dict[tuple[int, Vector], int] = {}
    edges = [
        tuple(numbers.setdefault((side, v), len(numbers)) for side, v in enumerate(vectors))
        for vectors in dots.values()
    ]
    parents = list(range(len(numbers)))
    for left, right in edges:
        parents[_root(parents, right)] = _root(parents, left)
    found: dict[int, _Block] = {}
    for (dot, vectors), (left, _) in zip(dots.items(), edges, strict=True):
        found.setdefault(_root(parents, left), _Block()).add(dot, *vectors)
    return list(found.values())


def _root(parents: list[int], i: int) -> int:
    """The vector that stands for all that are connected with one, by union and find."""
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i
