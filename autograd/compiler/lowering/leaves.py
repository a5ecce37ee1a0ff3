"""What a program begins with: the numbers of arguments, indices, and random numbers."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiler import statements
from autograd.compiler.instructions import Draw, Load, Rows
from autograd.compiler.lowering.building import Builder
from autograd.compiler.lowering.gradients import Gradients
from autograd.compiler.statements import Take
from autograd.compiler.views import View, whole


def load_indices(builder: Builder) -> None:
    """Bring in the arguments that are used as indices: the rows of "indices" are in their order."""
    for argument, rows in builder.program.indices().items():
        name = f"{builder.program.arguments[argument].name}_indices"
        home = builder.home(Rows("indices", [*rows.values()]), name)
        _bring_in(builder, argument, [*rows], home)


def forward(builder: Builder, node: Load | Draw) -> None:
    out = builder.home(node.out, node.name)
    if isinstance(node, Load):
        _bring_in(builder, node.argument, node.elements, out)
    else:
        builder.do(statements.Draw(out, node.generator))


def backward(builder: Builder, gradients: Gradients, node: Load | Draw) -> None:
    """Nothing comes before a leaf."""


def _bring_in(builder: Builder, argument: int, elements: Sequence[int], out: View) -> None:
    """The numbers of an argument, or those of them that are used."""
    given = whole(builder.given[argument])
    if list(elements) == list(range(given.buffer.rows)):
        builder.copied(given, out)
    else:
        builder.do(Take(out, given, tuple(elements)))
