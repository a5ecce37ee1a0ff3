"""All passes of folding, one after the other."""

from __future__ import annotations

from autograd.compiler.folding.simplification import simplified
from autograd.compiler.folding.sums import summed
from autograd.compiler.graph import Graph


def folded(graph: Graph) -> Graph:
    """The graph after all passes, with nothing in it that the outputs do not need.

    >>> from autograd import Value
    >>> from autograd.compiler.graph import Argument
    >>> from autograd.compiler.recording import recorded
    >>> w, b = Value(0.5), Value(0.25)
    >>> neuron = recorded(lambda x: (1.0 * w * x[0] + w * x[1]) + b, [Argument("x", (2,), False)])
    >>> [node.op.name for node in neuron.graph.nodes if node.op]
    ['multiply', 'multiply', 'multiply', 'add', 'add']
    >>> [node.op.name for node in folded(neuron.graph).nodes if node.op]
    ['dot']
    """
    return summed(simplified(graph))
