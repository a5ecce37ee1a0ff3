"""The table's own texts as small graphs: partials and expansions, recorded on stand-ins.

A rule written for scalars is recorded once and then computed on whole arrays. For an n-ary
operation one stand-in is "each" of the operands: an n-ary operation on it reduces over all of
them, any other one works on each.
"""

from __future__ import annotations

from functools import lru_cache

from autograd import context
from autograd.compiler.folding import simplified
from autograd.compiler.graph import Graph
from autograd.compiler.recorder import Recorder
from autograd.operation import Operation
from autograd.value import as_values


@lru_cache(maxsize=1024)
def partials_rule(op: Operation, wanted: tuple[bool, ...]) -> Graph:
    """The partials with respect to the wanted operands, as the outputs of a graph.

    The constant 0 stands for the partial of an operand that nothing passes to. The graph's inputs
    are numbered: the operands, and then the result of the operation.
    """
    recorder = Recorder()
    with context.changed(tracer=recorder, recording=True, watcher=None):
        operands = [recorder.leaf("input", i, f"operand {i}") for i in range(len(wanted))]
        out = recorder.leaf("input", len(wanted), "out")
        partials = op.local_derivatives(operands, out, wanted)
        given = zip(partials, wanted, strict=True)
        values = as_values(0.0 if p is None else p for p, is_wanted in given if is_wanted)
        recorder.graph.outputs = [recorder.place(value) for value in values]
    return simplified(recorder.graph)


@lru_cache(maxsize=64)
def reduction_rule(op: Operation) -> Graph:
    """The partial with respect to each operand, and the expansion if the operation has one.

    The inputs of the graph are each operand, as input 0, and the result.
    """
    recorder = Recorder()
    with context.changed(tracer=recorder, recording=True, watcher=None):
        each = recorder.leaf("input", 0, "each")
        out = recorder.leaf("input", 1, "out")
        # Two of it, because an operation on a single operand may be another one.
        results = op.partials([each, each], out)[:1]
        if op.expansion is not None:
            results.append(op.expansion([each, each]))
        values = as_values(results)
        recorder.graph.outputs = [recorder.place(value) for value in values]
    return simplified(recorder.graph)
