"""What has steps; and of what has none, what to do instead."""

from __future__ import annotations

from autograd import CompilationError, Value
from autograd.compiler.recorder import Recorded
from autograd.compiler.results import Result
from viz.graphs.levels.networks import is_module
from viz.graphs.selection import MAX_NODES, TooManyNodesError, select


def walkable(loss: object) -> Value:
    """The root of a graph that can be walked through, as `steps` says.

    Raises:
        TypeError: it is no Value, or stands for a number that only a compiled function will know.
        ValueError: it is a constant, or a result of a compiled function.
        TooManyNodesError: the graph is too large.

    >>> walkable(3.0)
    Traceback (most recent call last):
        ...
    TypeError: steps() are those of a Value, not of float: 3.0
    """
    if not isinstance(loss, Value):
        raise TypeError(
            f"steps() are those of a Value, not of {type(loss).__name__}: {loss!r:.60}"
            f"{_way_out(loss)}"
        )
    if loss.kind == "constant":
        raise ValueError(
            f"{loss!r:.80} is a constant, which has no steps: it was made from plain numbers "
            "only, or under no_grad()"
        )
    for node in nodes_of(loss):
        _refuse_compiled(node)
    return loss


def nodes_of(root: Value) -> list[Value]:
    """The nodes of its graph, operands before results; `TooManyNodesError` past 1,000."""
    try:
        return select([root])
    except TooManyNodesError:
        raise TooManyNodesError(
            f"the graph has more than {MAX_NODES:,} nodes, too many to walk through. Take one "
            "example, and a smaller model; or look at it as a whole with draw()"
        ) from None


def _way_out(given: object) -> str:
    if is_module(given):
        return ". Call it on one example: steps(model([1.0, 2.0])), or steps() of a loss of that"
    if isinstance(given, (list, tuple)) and any(isinstance(x, Value) for x in given):
        return ". Take one of them, as steps(outputs[0]), or a loss of them all"
    if callable(given):
        return ". Call it, and give what it returns"
    return ""


def _refuse_compiled(node: Value) -> None:
    if isinstance(node, Recorded):
        raise CompilationError(
            "steps() in a compiled function, which is recorded without numbers: call steps() "
            "outside of it, on what the function gives as it was before it was compiled"
        )
    if isinstance(node, Result):
        raise ValueError(
            f"{node!r:.80} is the result of a compiled function, which is computed as one "
            "program and has no steps: call the function as it was before it was compiled, on one "
            "example"
        )
