"""A compiled function's program as it reads: lines by instruction, and what each reads.

The lines are NumPy's with every backend: machine code has the same statements in more lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from autograd.compiler.function import Compiled
from autograd.compiler.instructions import Draw, Program
from autograd.compiler.lowering import lowered, read_by
from autograd.compiler.numpy_source import NumpySource

WIDTH = 60  # characters of a line

Lines = dict[int, list[str]]  # by the number of the instruction; -1 is before the first


class Listing:
    """The lines of a program.

    Attributes:
        forward, backward: the statements of each instruction, with their shapes as comments.
        lengths: how many statements there are, forward and backward.
        reads: for each instruction those whose results it reads.
        arrivals: for each argument the first instruction that reads it.
        draws: the instructions that draw random numbers, and their generators.

    >>> from autograd import compiled
    >>> f = compiled(lambda x: (2.0 * x).tanh())
    >>> _ = f([1.0, 2.0, 3.0])
    >>> listing = Listing(f)
    >>> listing.forward[2], listing.reads[2]
    (['tanh(multiply_1, out=result)  # (1, batch)'], [1])

    Raises `CompilationError` if there is no program on batches.
    """

    def __init__(self, compiled: Compiled) -> None:
        program = compiled.program
        statements = lowered(program)
        count = len(statements.forward)
        _, forward, backward = NumpySource(statements).text.strip().split("\n\n\n")
        self.forward = _by_maker(forward, statements.makers[:count])
        self.backward = _by_maker(backward, statements.makers[count:])
        self.lengths = count, len(statements.backward)
        self.reads, self.arrivals = _reads(program), _arrivals(program)
        instructions = enumerate(program.instructions)
        self.draws = [(i, node.generator) for i, node in instructions if isinstance(node, Draw)]


def _by_maker(function: str, makers: Sequence[int]) -> Lines:
    """The lines of a function by the instruction that they belong to, in their order."""
    _, *lines = function.splitlines()
    found: Lines = {}
    for line, maker in zip(lines, makers, strict=False):  # without one there is a `pass`
        found.setdefault(maker, []).append(line.strip())
    return found


def _reads(program: Program) -> list[list[int]]:
    writers = {("indices", row): -1 for row in range(program.sizes["indices"])}
    reads = []
    for number, node in enumerate(program.instructions):
        rows = [rows for rows in read_by(node) if rows.argument is None]
        read = {(x.storage, place) for x in rows for place in x.places} & writers.keys()
        reads.append(sorted({writers[row] for row in read}))
        writers |= {(node.out.storage, place): number for place in node.out.places}
    return reads


def _arrivals(program: Program) -> list[int]:
    first = dict.fromkeys(program.indices(), -1)
    for number, node in enumerate(program.instructions):
        in_place = [rows.argument for rows in read_by(node)]
        for argument in (*in_place, getattr(node, "argument", None)):  # that of a Load
            if argument is not None:
                first.setdefault(argument, number)
    return [first.get(i, len(program.instructions)) for i in range(len(program.arguments))]


def written_by(line: str) -> str:
    """What a line of source writes.

    >>> written_by("relu(layer0_dot, out=layer0_relu)  # (16, batch)"), written_by("x[...] = 1.0")
    ('layer0_relu', 'x')
    """
    found = re.search(r"\bout=(\w+)", line) or re.match(r"(\w+)", line)
    return found[1] if found else line


def broken(line: str) -> list[str]:
    """A line of source that fits: what is too long goes on below, and so does its comment.

    >>> print(*broken("multiply(layer0_relu, layer0_relu, out=products)  # (16, batch)"), sep="\\n")
    multiply(layer0_relu, layer0_relu, out=products)
        # (16, batch)
    """
    if len(line) <= WIDTH:
        return [line]
    code, _, comment = line.partition("  # ")
    parts = wrap(code, WIDTH, subsequent_indent=" " * 8, break_on_hyphens=False)
    return [*parts, f"    # {comment}"]
