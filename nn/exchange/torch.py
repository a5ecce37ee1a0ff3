"""From here to PyTorch: a model as a `torch.nn.Module`, for who outgrows one machine."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nn.dropout import Dropout
from nn.exchange.conversion import ConversionError, converter, function_name, matrices
from nn.exchange.shapes import shapes_of
from nn.exchange.tensors import parameters
from nn.exchange.torch_activations import ACTIVATIONS, activation, traced
from nn.exchange.torch_sequences import SEQUENCES
from nn.exchange.trial import example_for, tried, unlike
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Layer, Neuron
from nn.packages import needed
from nn.sequential import Sequential

# What a part of ours becomes: modules that follow each other, by what is added to its name.
Parts = dict[str, Any]


def to_torch(model: Module) -> Any:
    """A `torch.nn.Module` that computes the same, on a batch, in float64, and can be trained on.

    Called on a tensor of shape (batch, nin) it gives what `predict` does, but for rounding: shape
    (batch, nout), and (batch,) for one output. The numbers are copies. Its `state_dict()` has the
    names that `nn.save` gives them, so that each can load the other's files. It trains, and drops
    out, if the model does: see its `eval()`. What is no symbol of an `Embedding` or `GPT` raises an
    IndexError, and a vector a place too many an AssertionError.

    Parameters:
        model: of nn's own classes, with activations of autograd's table.

    Raises:
        ConversionError: there is something else in it, or it cannot be called; the message says it.
        ModuleNotFoundError: PyTorch is not installed.

    >>> from nn import MLP
    >>> to_torch(MLP(2, [16, 3]))  # doctest: +SKIP
    Sequential(
      (layers): Sequential(
        (0): Linear(in_features=2, out_features=16, bias=True)
        (0_relu): ReLU()
        (1): Linear(in_features=16, out_features=3, bias=True)
      )
    )
    """
    torch = needed("torch", "torch", "nn.to_torch")
    needed("torch.fx", "torch", "nn.to_torch")
    parts = _Converting(torch).parts(model)
    if shapes_of(model)[1] == ():
        parts = {**parts, "flatten": torch.nn.Flatten(0)}
    whole = _whole(torch, parts).to(torch.float64)
    _check_shape(torch, model, whole)
    _check_names(model, whole)
    return whole.train(model.training)


def _whole(torch: Any, parts: Parts) -> Any:
    """One module, in which the first part's numbers have the names that they have there."""
    first, *others = parts.values()
    if not others:
        whole = first
    elif isinstance(first, torch.nn.Linear):
        then = others[0] if len(others) == 1 else torch.nn.Sequential(*others)
        whole = _linear_and(torch, first, then)
    else:
        whole = torch.nn.Sequential(OrderedDict([*first.named_children(), *[*parts.items()][1:]]))
    if len(whole.state_dict()) > len([*whole.parameters()]):
        # Retraced, a part that stands in several places is kept in the first, as in our state.
        whole = torch.fx.symbolic_trace(whole)
    return whole


def _linear_and(torch: Any, linear: Any, then: Any) -> Any:
    def forward(self: Any, x: Any) -> Any:
        return self.then(torch.nn.functional.linear(x, self.weight, self.bias))

    parts = {"weight": linear.weight, "bias": linear.bias, "then": then}
    return traced(torch, "Layer", parts, forward)


def _check_shape(torch: Any, model: Module, whole: Any) -> None:
    """Raise if the model cannot be called, or the whole gives another shape."""
    shape = tried(model, "to_torch")
    with torch.no_grad():
        outputs = whole.eval()(torch.tensor([example_for(model)], dtype=torch.float64))
    if tuple(outputs.shape) != (1, *shape):
        raise unlike(model, "to_torch")


def _check_names(model: Module, whole: Any) -> None:
    """Raise unless the numbers are those that a file has, each to be trained by itself."""
    ours = {name: np.shape(group) for name, group in parameters(model).items()}
    theirs = {name: tuple(tensor.shape) for name, tensor in whole.state_dict().items()}
    if differing := sorted({name for name, _ in ours.items() ^ theirs.items()}):
        raise ConversionError(
            f"to_torch() does not know what became of {differing[0]} in {model!r:.200}: parameters "
            "that modules share, or that were replaced by constants, cannot be converted"
        )


def _in_a_row(torch: Any, parts: Parts) -> Any:
    return torch.nn.Sequential(OrderedDict((name or "0", part) for name, part in parts.items()))


class _Converting:
    """The conversion of a model; what is shared in it stays so."""

    def __init__(self, torch: Any) -> None:
        self.torch = torch
        self._done: dict[int, Parts] = {}

    def parts(self, part: Any) -> Parts:
        """What a module or a function becomes."""
        if id(part) not in self._done:
            if isinstance(part, Module):
                self._done[id(part)] = converter(part, _CONVERTERS, "to_torch")(self, part)
            else:
                self._done[id(part)] = self.function(part)
        return self._done[id(part)]

    def module(self, part: Any) -> Any:
        """The same as one module."""
        return _whole(self.torch, self.parts(part))

    def row(self, name: str, parts: Sequence[Any]) -> Parts:
        """Some parts, one after the other, numbered as they are in the list of that name."""
        numbered = {
            f"{i}{ending}": converted
            for i, part in enumerate(parts)
            for ending, converted in self.parts(part).items()
        }
        return {"": _in_a_row(self.torch, {name: _in_a_row(self.torch, numbered)})}

    def function(self, function: Any) -> Parts:
        name = function_name(function, ACTIVATIONS, "to_torch")
        return {f"_{name}": activation(self.torch, name)}


def _layer(converting: _Converting, layer: Layer | Neuron) -> Parts:
    torch = converting.torch
    weights, biases, bent_by = matrices(layer)
    linear = torch.nn.Linear(layer.nin, len(weights), dtype=torch.float64)
    with torch.no_grad():
        linear.weight.copy_(torch.from_numpy(weights))
        linear.bias.copy_(torch.from_numpy(biases))
    return {"": linear, **({} if bent_by == "linear" else converting.function(bent_by))}


_CONVERTERS: dict[type, Callable[[_Converting, Any], Parts]] = {
    Neuron: _layer,
    Layer: _layer,
    MLP: lambda converting, mlp: converting.row("layers", mlp.layers),
    Sequential: lambda converting, whole: converting.row("parts", whole.parts),
    Dropout: lambda converting, dropout: {"": converting.torch.nn.Dropout(dropout.rate)},
    **SEQUENCES,
}
