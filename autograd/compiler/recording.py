"""Recording: a function and the shapes of its arguments -> the scalar graph of one example.

The ordinary function is called on stand-ins that have no number, under the eyes of the `Recorder`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from autograd import context
from autograd.compiler.graph import Argument, Graph, node_text
from autograd.compiler.outside import Outside
from autograd.compiler.recorder import Recorder
from autograd.compiler.results import checked_outputs
from autograd.structure import apply
from autograd.value import as_values
from autograd.watching import reads_shown


@dataclass(slots=True)
class Recording:
    """What a function did when it was called on stand-ins.

    Attributes:
        outside: what it read from outside, and whether that is still so.
        difference: how the graph differs from the one that was expected; "" if it does not.
        seconds: how long it took.
    """

    graph: Graph
    outside: Outside
    difference: str
    seconds: float


def recorded(
    function: Callable[..., Any],
    arguments: Sequence[Argument],
    keywords: Sequence[str] = (),
    expected: Graph | None = None,
) -> Recording:
    """Record the graph of one example.

    Parameters:
        keywords: the names under which the last of the arguments are given.
        expected: the graph of an earlier recording, to compare with.

    Raises:
        CompilationError: naming the operation, the line, and what to write instead.
    """
    start = perf_counter()
    outside = Outside(function)
    recorder = Recorder(outside, expected)
    recorder.graph.arguments = list(arguments)
    # In a context of its own: wherever an interrupt arrives, this thread does not stay recording.
    copy_context().run(_record, recorder, function, keywords)
    if recorder.refusal:  # The function may have caught it, and gone another way.
        raise recorder.refusal
    recorder.check_that_none_was_kept()
    outside.done()
    return Recording(recorder.graph, outside, recorder.difference, perf_counter() - start)


def _record(recorder: Recorder, function: Callable[..., Any], keywords: Sequence[str]) -> None:
    graph = recorder.graph
    stand_ins = [_stand_in(recorder, i, argument) for i, argument in enumerate(graph.arguments)]
    count = len(stand_ins) - len(keywords)
    named = dict(zip(keywords, stand_ins[count:], strict=True))
    state = context.changed(tracer=recorder, watcher=None, recording=True, scope="")
    with reads_shown(), state:
        result = function(*stand_ins[:count], **named)
        graph.outputs = [recorder.place(value) for value in as_values(checked_outputs(result))]
    graph.structure = apply(lambda _: 0.0, result)
    if recorder.expected is not None and not recorder.difference:
        recorder.difference = _other_results(recorder.expected, graph)


def _other_results(expected: Graph, graph: Graph) -> str:
    if len(graph.nodes) < len(expected.nodes):
        missing = expected.nodes[len(graph.nodes) :]
        return f"{node_text(max(missing, key=lambda node: node.kind == 'operation'))} is missing"
    if (graph.outputs, graph.structure) != (expected.outputs, expected.structure):
        return "it returns other results of the same operations"
    return ""


def _stand_in(recorder: Recorder, number: int, argument: Argument) -> Any:
    places = iter(range(int(np.prod(argument.shape, dtype=int))))
    return _nested(recorder, number, argument, argument.shape, places)


def _nested(
    recorder: Recorder,
    number: int,
    argument: Argument,
    shape: tuple[int, ...],
    places: Iterator[int],
) -> Any:
    if shape:
        return [_nested(recorder, number, argument, shape[1:], places) for _ in range(shape[0])]
    return recorder.leaf("input", (number, next(places)), argument.name)
