"""A module -> its graph for an example without numbers, to be drawn with the present weights."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeGuard

from autograd import Value
from autograd.context import changed
from autograd.structure import flatten
from viz.graphs.picture import Picture, nodes_of

if TYPE_CHECKING:
    from nn.module import Module

POSITIONS = 2  # of a sequence: enough to see that they look at each other


def is_module(what: object) -> TypeGuard[Module]:
    """Whether it is a module of `nn`, which need not be loaded to say no.

    >>> is_module(Value(2.0))
    False
    """
    nn = sys.modules.get("nn.module")
    return nn is not None and isinstance(what, nn.Module)


def outputs_of(model: Module) -> list[Value]:
    """The outputs for inputs x0, x1, ... whose numbers mean nothing, as evaluation gives them.

    Modes, weights and gradients of the model stay as they are.

    Raises:
        TypeError: it cannot be known what the model is called on.

    >>> from nn import MLP
    >>> [y.scope for y in outputs_of(MLP(2, [3], seed=0))]
    ['layer0', 'layer0', 'layer0']
    """
    from nn.mode import Modes

    example = _example(model)
    if example is None:
        raise TypeError(f"{_unknown(model)} what it is called on{_WAY_OUT}")
    try:
        # Recorded even inside `no_grad`, and seen by nobody who watches the graph being built.
        with Modes(training=False), changed(recording=True, watcher=None, tracer=None, scope=""):
            outputs = flatten(model(example))
    except Exception as error:
        raise TypeError(
            f"{_unknown(model)} what it is called on, and with {_told(example)} "
            f"it fails ({type(error).__name__}: {error}){_WAY_OUT}"
        ) from error
    roots = [y for y in outputs if isinstance(y, Value)]
    if not roots:
        raise TypeError(f"{_unknown(model)} its graph: its outputs are no Values{_WAY_OUT}")
    return list(dict.fromkeys(roots))


_WAY_OUT = ": call it on an example of yours and draw that, draw(model(x))"


def _unknown(model: Module) -> str:
    return f"of {model!r:.80} it cannot be known"


def _told(example: Any) -> str:
    inputs = flatten(example)
    return f"{len(inputs)} input{'s' if len(inputs) != 1 else ''}"


def _example(model: Any) -> Any:
    """What the module is called on; None if it does not say."""
    from nn.sequential import Sequential
    from nn.transformer.attention import MultiHeadAttention
    from nn.transformer.block import TransformerBlock
    from nn.transformer.embedding import Embedding, LearnedPositions, SinusoidalPositions
    from nn.transformer.gpt import GPT

    if isinstance(model, GPT):
        return [_symbol(i) for i in range(min(POSITIONS, model.context))]
    if isinstance(model, Embedding):
        return _symbol(0)
    if isinstance(model, LearnedPositions):
        return _vectors(min(POSITIONS, model.context), model.width)
    if isinstance(model, MultiHeadAttention | TransformerBlock | SinusoidalPositions):
        return _vectors(POSITIONS, model.width)
    if isinstance(model, Sequential):
        return next((x for part in model.parts if (x := _example(part)) is not None), None)
    for size in ("nin", "width"):
        if type(count := getattr(model, size, None)) is int and count > 0:
            return _inputs(count)
    return _of_first_part(model)


def _of_first_part(model: Any) -> Any:
    """What the first of its modules takes, of a module of a person's own."""
    if not is_module(model):
        return None
    return next((x for part in model.modules()[1:] if (x := _example(part)) is not None), None)


def _inputs(count: int, prefix: str = "x") -> list[Value]:
    return [Value(0.0, label=f"{prefix}{i}") for i in range(count)]


def _vectors(count: int, width: int) -> list[list[Value]]:
    return [_inputs(width, f"x{i}.") for i in range(count)]


def _symbol(position: int) -> Value:
    return Value(0.0, label=f"symbol{position}")


def without_numbers(picture: Picture) -> Picture:
    """The same picture without the numbers of what is computed, which mean nothing.

    >>> from viz.graphs.picture import compose
    >>> [box.data for box in without_numbers(compose([Value(0.0, label="x")])).boxes]
    [None]
    """
    picture.numberless = True
    for box in picture.boxes:
        if box.kind in ("input", "operation", "neuron"):
            box.nodes = nodes_of(box)  # which may be results
            box.data = box.grad = box.value = None
            box.lines = [line for line in box.lines if line.role not in ("data", "grad")]
            box.hover = "\n".join(
                line for line in box.hover.splitlines() if not line.startswith(_NUMBERS)
            )
        for edge in box.edges:
            edge.partial = None
    return picture


_NUMBERS = ("data ", "grad ", "weighted sum ")
