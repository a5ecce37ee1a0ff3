"""Instructions: what a scheduled program is made of, and the rows that it reads and writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from autograd.compiler.graph import Argument
from autograd.operation import Operation

# Where rows lie: numbers of the examples (one column each), numbers that depend on parameters
# alone (one column), the parameters themselves, constants, and index arguments.
Storage = Literal["values", "weights", "theta", "constants", "indices"]


@dataclass
class Rows:
    """Some rows of a storage, in the order in which an instruction reads them.

    `argument` is set for rows that are read from an argument itself, which is all of it.
    """

    storage: Storage
    places: Sequence[int]
    argument: int | None = None

    @cached_property
    def table(self) -> NDArray[np.intp]:
        """The places as an array."""
        if isinstance(self.places, range):
            return np.arange(self.places.start, self.places.stop, self.places.step)
        return np.array(self.places, dtype=np.intp)

    def __len__(self) -> int:
        return len(self.places)


@dataclass(slots=True)
class Instruction:
    """What all instructions have: the rows they write, which lie together, and a name."""

    out: Rows
    name: str


@dataclass(slots=True)
class Elementwise(Instruction):
    """One operation on whole arrays; operand `i` of row `r` is row `r` of `operands[i]`."""

    op: Operation
    operands: list[Rows]


@dataclass(slots=True)
class Reduction(Instruction):
    """An n-ary operation on segments of rows: row `r` of the result on `lengths[r]` of them."""

    op: Operation
    operand: Rows
    lengths: list[int]


@dataclass(slots=True)
class MatrixProduct(Instruction):
    """`weights @ inputs + bias` at one or more positions.

    Shapes: weights (rows, columns), inputs (positions, columns), bias (rows) or None. If
    `bias_column` is set, the bias is the last column of the weights, and the last input is 1.
    """

    weights: Rows
    inputs: Rows
    bias: Rows | None
    rows: int
    columns: int
    positions: int
    bias_column: bool


@dataclass(slots=True)
class Dots(Instruction):
    """Dots without a common matrix: products of rows, each `length` of them summed, plus a bias."""

    left: Rows
    right: Rows
    length: int
    bias: Rows | None


@dataclass(slots=True)
class PairProducts(Instruction):
    """Dots of (nearly) all pairs of two lists of vectors: a matrix product in each block.

    Row `r` of the result is pair `wanted[r]` of blocks x lefts x rights, counted through. A place
    of -1 in `left` or `right` (shape (blocks, lefts or rights, length)) is behind the end of a
    shorter vector.
    """

    left: Rows
    right: Rows
    blocks: int
    lefts: int
    rights: int
    length: int
    wanted: Sequence[int]  # one for each row of `out`


@dataclass(slots=True)
class Pick(Instruction):
    """For each row one of `choices` rows of `operands`, named by a row of an index argument."""

    operands: Rows
    indices: Rows
    choices: int


@dataclass(slots=True)
class Load(Instruction):
    """The numbers of an argument, brought into rows; `elements` are the places in it."""

    argument: int
    elements: list[int]


@dataclass(slots=True)
class Draw(Instruction):
    """Random numbers from a generator."""

    generator: Any


@dataclass(slots=True)
class Program:
    """Instructions in order, and what they read and write.

    `parameters` are the captured Values, in the order of the storage "theta". `makers` has for each
    node of the recorded graph the number of the instruction that computes it, or -1.
    """

    instructions: list[Instruction]
    outputs: list[tuple[Storage, int]]
    structure: Any
    arguments: list[Argument]
    parameters: list[Any]
    sizes: dict[Storage, int]
    constants: list[float]
    index_rows: list[tuple[int, int]]  # (argument, element) of each row of "indices"
    ones: list[int]  # the rows of "values" that hold 1
    makers: list[int]

    def indices(self) -> dict[int, dict[int, int]]:
        """For each argument that holds indices: which elements of it do, and the row of each."""
        found: dict[int, dict[int, int]] = {}
        for row, (argument, element) in enumerate(self.index_rows):
            found.setdefault(argument, {})[element] = row
        return found
