"""Neuron, Layer and MLP: weighted sums and activations, one scalar at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import methodcaller
from typing import Any

import numpy as np

from autograd.context import scope
from autograd.operations import TABLE, dot
from autograd.value import Value, as_values, dots
from nn.counts import from_one
from nn.initialization import source, weights
from nn.module import Module
from nn.parameter import Parameter
from nn.seeds import Seed

Activation = str | Callable[[Value], Value]


def _activation(activation: Activation) -> tuple[str, Callable[[Value], Value]]:
    """Its name and its function."""
    if callable(activation):
        _check_activation(activation)
        return getattr(activation, "name", getattr(activation, "__name__", "custom")), activation
    if activation == "linear":
        return "linear", methodcaller("__pos__")
    if not isinstance(activation, str) or not _takes_one_operand(activation):
        raise ValueError(
            f"there is no activation {activation!r}: give 'linear', the name of an operation "
            "such as 'relu', 'tanh' or 'sigmoid', or a function of a Value"
        )
    # Not the method itself, so that neurons can be pickled.
    return activation, methodcaller(activation)


def _check_activation(activation: Callable[[Value], Any]) -> None:
    """Raise for a function that leaves the graph, as those of `math` do."""
    try:
        result = activation(Value(0.5))
    except Exception:  # It has its own idea of what it can be called on.
        return
    if not isinstance(result, Value):
        raise TypeError(
            f"an activation gives a Value, and {activation!r:.60} gives {result!r:.60}, through "
            "which no gradient can pass: take autograd's functions and not math's"
        )


def _takes_one_operand(operation: str) -> bool:
    """Whether there is such an operation, and it can do with one operand."""
    if operation not in TABLE:
        return False
    try:
        TABLE[operation](0.5)
    except TypeError:
        return False
    return True


def _check_nonlin(nonlin: Any) -> None:
    if not isinstance(nonlin, bool):
        raise TypeError(
            f"nonlin must be True or False, not {nonlin!r:.80}: an activation is given by its "
            'name, as activation="tanh"'
        )


_ROWS = (list, tuple, np.ndarray)  # of a batch


def _inputs(module: Any, xs: Sequence[Value | float]) -> list[Value]:
    if isinstance(xs, Value | float | int):
        xs = [xs]
    if isinstance(next(iter(xs), None), _ROWS):
        raise ValueError(
            f"{module} takes one example, a list of {module.nin} numbers; "
            "predict(model, X) takes many"
        )
    if len(xs) != module.nin:
        raise ValueError(f"{module} takes {module.nin} inputs, {len(xs)} came")
    return as_values(xs)


class Neuron(Module):
    """`activation(w . x + b)`: a weighted sum of the inputs, bent by an activation function.

    Parameters:
        nin: the number of inputs.
        nonlin: False for a neuron without activation.
        activation: the name of an operation ("relu", "tanh", ...) or a function of a Value.
        seed: for the first weights: a whole number or NumPy's generator; without one they come
            from Python's global `random`, as micrograd's.

    >>> neuron = Neuron(2, seed=0)
    >>> neuron
    Neuron(2 -> 1, relu)
    >>> type(neuron([1.0, -2.0])).__name__
    'Value'
    """

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        activation: Activation = "relu",
        seed: Seed = None,
    ) -> None:
        self.nin = from_one("nin", nin)
        _check_nonlin(nonlin)
        chosen = _activation(activation)  # It is looked at even if it is not used.
        self.activation, self.activate = chosen if nonlin else _activation("linear")
        self.weights = [Parameter(w) for w in weights(nin, seed)]
        self.bias: Value = Parameter(0.0)

    def __call__(self, xs: Sequence[Value | float]) -> Value:
        return self.activate(dot(self.weights, _inputs(self, xs), self.bias))

    def __repr__(self) -> str:
        return f"Neuron({self.nin} -> 1, {self.activation})"

    # The names that code written for micrograd reads.

    @property
    def w(self) -> list[Parameter]:
        return self.weights

    @property
    def b(self) -> Value:
        return self.bias

    @property
    def nonlin(self) -> bool:
        return self.activation != "linear"


class Layer(Module):
    """Neurons side by side, all on the same inputs: a matrix of weights, a row for each.

    Called on `nin` inputs it gives a list of `nout` Values, and for one neuron just its Value.

    >>> Layer(3, 2)
    Layer(3 -> 2, relu)
    """

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        activation: Activation = "relu",
        seed: Seed = None,
    ) -> None:
        self.nin, self.nout = from_one("nin", nin), from_one("nout", nout)
        drawn_from = source(seed)
        self.neurons = [Neuron(nin, nonlin, activation, drawn_from) for _ in range(nout)]

    def outputs(self, xs: Sequence[Value | float]) -> list[Value]:
        """The neurons' outputs, always as a list."""
        inputs = _inputs(self, xs)
        if any(type(n).__call__ is not Neuron.__call__ for n in self.neurons):
            return [n(inputs) for n in self.neurons]  # Neurons of a person's own.
        rows, biases = [n.weights for n in self.neurons], [n.bias for n in self.neurons]
        sums = dots(rows, inputs, biases)
        return [n.activate(z) for n, z in zip(self.neurons, sums, strict=True)]

    def __call__(self, xs: Sequence[Value | float]) -> Any:
        outputs = self.outputs(xs)
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer({self.nin} -> {self.nout}, {self.neurons[0].activation})"


class MLP(Module):
    """A multilayer perceptron: layers one after the other, the last one without activation.

    Called on `nin` numbers it gives a list of the last layer's outputs, and for one output just
    its Value.

    Parameters:
        nin: the number of inputs.
        nouts: the number of neurons of each layer; the last one's are the outputs.
        activation: of all layers but the last.
        seed: for the first weights: a whole number or NumPy's generator; without one they come
            from Python's global `random`, as micrograd's.

    >>> model = MLP(2, [16, 16, 1])
    >>> model
    MLP(2 -> 16 -> 16 -> 1, relu)
    >>> len(model.parameters())
    337
    """

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        activation: Activation = "relu",
        seed: Seed = None,
    ) -> None:
        if not isinstance(nouts, Sequence) or isinstance(nouts, str):
            raise TypeError(
                "nouts is a list with the number of neurons of each layer, such as [16, 1], "
                f"not {nouts!r:.80}"
            )
        sizes = [nin, *nouts]
        if len(sizes) < 2:
            raise ValueError("an MLP has at least one layer: give its number of neurons in nouts")
        last = len(nouts) - 1
        drawn_from = source(seed)
        self.nin = from_one("nin", nin)
        self.layers = [
            Layer(sizes[i], sizes[i + 1], i != last, activation, drawn_from)
            for i in range(len(nouts))
        ]

    def __call__(self, xs: Sequence[Value | float]) -> Any:
        outputs = _inputs(self, xs)
        for i, layer in enumerate(self.layers):
            with scope(f"layer{i}"):
                outputs = layer.outputs(outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        sizes = " -> ".join(str(size) for size in [self.nin, *[x.nout for x in self.layers]])
        return f"MLP({sizes}, {self.layers[0].neurons[0].activation})"
