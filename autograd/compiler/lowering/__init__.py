"""Lowering: array instructions -> statements, forward and backward.

Each kind of instruction has a file with two functions: `forward` adds the statements that compute
it, and `backward`, called in reverse order, those that pass its gradient on to what it read.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from types import ModuleType

from autograd.compiler import instructions as kinds
from autograd.compiler.instructions import Instruction, Program, Rows, Storage
from autograd.compiler.lowering import elementwise, leaves, picks, products, reductions
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.lowering.memory import with_shared_memory
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Buffer, View

_KINDS: dict[type[Instruction], ModuleType] = {
    kinds.Load: leaves,
    kinds.Draw: leaves,
    kinds.Elementwise: elementwise,
    kinds.Reduction: reductions,
    kinds.MatrixProduct: products,
    kinds.Dots: products,
    kinds.PairProducts: products,
    kinds.Pick: picks,
}


@dataclass(slots=True, eq=False)
class Lowered:
    """The statements of a program.

    Attributes:
        given: the arguments of the calls.
        ones: the rows that hold 1 at every call, with which biases are multiplied.
        output: the results, shape (results, columns).
        seed: the gradient of the one result, from which the backward pass begins; None if there
            are more.
        makers: for each statement, those forward first, the number of the instruction that it
            belongs to; -1 for what comes before all of them.
        slopes: for each argument that is read: its elements, and where their gradients are; none
            if arguments are to get none, or without a seed.
    """

    program: Program
    given: list[Buffer]
    ones: list[View]
    forward: list[Statement]
    backward: list[Statement]
    output: View
    seed: View | None
    slopes: list[tuple[int, list[int], View]]
    makers: list[int]

    def shared(self) -> Lowered:
        """The same with intermediate results that share memory."""
        made = with_shared_memory([*self.forward, *self.backward])
        count = len(self.forward)
        return replace(self, forward=made[:count], backward=made[count:])

    @property
    def rows(self) -> int:
        """How many numbers each example takes in memory."""
        buffers = {each.out.buffer for each in (*self.forward, *self.backward)}
        return sum(x.rows for x in buffers if x.kind == "memory" and x.columns == BATCH)


def lowered(program: Program, inputs: bool = False) -> Lowered:
    """The program as statements.

    Parameters:
        inputs: the arguments are to get gradients, for which they were scheduled.
    """
    builder = Builder(program)
    leaves.load_indices(builder)
    makers = [-1] * len(builder.statements)
    for number, node in enumerate(program.instructions):
        _KINDS[type(node)].forward(builder, node)
        makers += [number] * (len(builder.statements) - len(makers))
    storage = program.outputs[0][0]
    output = builder.read(Rows(storage, [place for _, place in program.outputs]), "outputs")
    makers += [len(program.instructions) - 1] * (len(builder.statements) - len(makers))
    count, seed = len(builder.statements), None
    if len(program.outputs) == 1:
        seed = builder.gradient(output)
        gradients = Gradients(builder, _required(program, inputs))
        makers += _pass_back(builder, gradients, inputs)
    slopes = [
        (node.argument, node.elements, builder.gradient_of(node.out))
        for node in (program.instructions if inputs and seed else ())
        if isinstance(node, kinds.Load)
    ]
    return Lowered(
        program,
        builder.given,
        [builder.read(Rows("values", [row])) for row in program.ones],
        builder.statements[:count],
        builder.statements[count:],
        output,
        seed,
        slopes,
        makers,
    )


def _pass_back(builder: Builder, gradients: Gradients, inputs: bool) -> list[int]:
    """Adds the statements of the backward pass; the numbers of their instructions."""
    program, before = builder.program, len(builder.statements)
    makers: list[int] = []
    for storage, place in program.outputs:
        gradients.written[storage].add(place)
    for number, node in reversed([*enumerate(program.instructions)]):
        reached = not gradients.written[node.out.storage].isdisjoint(node.out.places)
        if reached and gradients.needed(node.out):
            _KINDS[type(node)].backward(builder, gradients, node)
            makers += [number] * (len(builder.statements) - before - len(makers))
    for node in program.instructions if inputs else ():
        if isinstance(node, kinds.Load):
            gradients.fill(node.out.storage, node.out.places)
    return makers + [-1] * (len(builder.statements) - before - len(makers))


def _required(program: Program, inputs: bool) -> dict[Storage, set[int]]:
    """The rows whose gradient is needed: those that depend on parameters (or inputs)."""
    required: dict[Storage, set[int]] = {storage: set() for storage in program.sizes}
    required["theta"].update(range(program.sizes["theta"]))
    for node in program.instructions:
        operands = read_by(node)
        read = [rows for rows in operands if rows.argument is None]
        in_place = len(read) < len(operands)
        assert not (inputs and in_place), "an argument that is read in place has no gradient"
        passing = [rows for rows in read if not required[rows.storage].isdisjoint(rows.places)]
        if passing or (inputs and isinstance(node, kinds.Load)):
            required[node.out.storage].update(node.out.places)
    return required


def read_by(node: Instruction) -> list[Rows]:
    """The rows that an instruction reads."""
    contents = [getattr(node, each.name) for each in fields(node) if each.name != "out"]
    flat = (x for content in contents for x in (content if type(content) is list else [content]))
    return [x for x in flat if isinstance(x, Rows)]
