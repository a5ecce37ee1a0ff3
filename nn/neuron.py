"""Neuron and Layer: weighted sums and activations, one scalar at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.operations import dot
from autograd.value import Value, as_values, dots
from nn.activation import Activation, chosen, shown
from nn.initialization import Initialization, matrix
from nn.matrices import assign, numbers_of
from nn.module import Module
from nn.parameters.many import parameters_of
from nn.parameters.parameter import Parameter
from nn.settings.counts import from_one
from nn.settings.habits import NEURONS
from nn.settings.seeds import Seed


def _check_nonlin(nonlin: Any) -> None:
    if not isinstance(nonlin, bool):
        raise TypeError(
            f"nonlin must be True or False, not {nonlin!r:.80}: an activation is given by its "
            'name, as activation="tanh"'
        )


_ROWS = (list, tuple, np.ndarray)  # of a batch


def inputs_of(module: Any, xs: Sequence[Value | float]) -> list[Value]:
    """One example's inputs as Values, as many as the module takes.

    Raises:
        ValueError: they are not, or they are a batch.
    """
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
        seed: for the first weights: a whole number or NumPy's generator; without one they are
            others each time, drawn from Python's global `random` if there is no initialization.
        initialization: the first weights: a name or a function of `nn.initialization`, or the
            numbers themselves; without one they are micrograd's, evenly from -1 to 1, but smaller
            from 17 inputs on (He et al., 2015). The bias begins with 0.

    >>> neuron = Neuron(2, seed=0)
    >>> neuron
    Neuron(2 -> 1, relu)
    >>> type(neuron([1.0, -2.0])).__name__
    'Value'
    """

    _here = NEURONS

    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        activation: Activation = "relu",
        seed: Seed = None,
        initialization: Initialization = None,
    ) -> None:
        self.nin = from_one("nin", nin)
        _check_nonlin(nonlin)
        self.activation = activation  # It is looked at even if it is not used.
        if not nonlin:
            self.activation = "linear"
        (weights,) = matrix(initialization, self.nin, 1, seed)
        self.weights = parameters_of(weights)
        self.bias: Value = Parameter(0.0)

    @property
    def activation(self) -> Activation:
        """The name of its activation, or its function if it has no name in the table."""
        return self._name or self.activate

    @activation.setter
    def activation(self, activation: Activation) -> None:
        kept, self.activate = chosen(activation)
        self._name = kept if isinstance(kept, str) else ""

    def __call__(self, xs: Sequence[Value | float]) -> Value:
        return self.activate(dot(self.weights, inputs_of(self, xs), self.bias))

    def __repr__(self) -> str:
        return f"Neuron({self.nin} -> 1, {shown(self.activation)})"

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

    Parameters:
        nin, nout: the number of inputs, and of neurons.
        nonlin, activation, seed: as of each `Neuron`.
        initialization: as of a `Neuron`; the numbers themselves have the shape (nout, nin).

    >>> layer = Layer(3, 2, initialization="glorot", seed=0)
    >>> layer
    Layer(3 -> 2, relu)
    >>> layer.weights = [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    >>> layer.biases = [0.0, 0.5]
    >>> [y.data for y in layer([1.0, 2.0, 3.0])]
    [1.0, 3.5]
    """

    _here = NEURONS

    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        activation: Activation = "relu",
        seed: Seed = None,
        initialization: Initialization = None,
    ) -> None:
        self.nin, self.nout = from_one("nin", nin), from_one("nout", nout)
        rows = matrix(initialization, self.nin, self.nout, seed)
        self.neurons = [Neuron(self.nin, nonlin, activation, initialization=row) for row in rows]

    @property
    def weights(self) -> NDArray[np.float64]:
        """The present weights, shape (nout, nin): entry j, k leads from input k to neuron j.

        The array cannot be written into; a new one is assigned as a whole:
        `layer.weights = layer.weights - 0.1 * change`.
        """
        return numbers_of([neuron.weights for neuron in self.neurons])

    @weights.setter
    def weights(self, numbers: ArrayLike) -> None:
        assign(f"the weights of {self}", [neuron.weights for neuron in self.neurons], numbers)

    @property
    def biases(self) -> NDArray[np.float64]:
        """The present biases, shape (nout,); as `weights` an array to read and to assign."""
        return numbers_of([neuron.bias for neuron in self.neurons])

    @biases.setter
    def biases(self, numbers: ArrayLike) -> None:
        assign(f"the biases of {self}", [neuron.bias for neuron in self.neurons], numbers)

    @property
    def activation(self) -> Activation:
        """That of its neurons."""
        return self.neurons[0].activation

    @property
    def nonlin(self) -> bool:
        """Whether its neurons have an activation."""
        return self.neurons[0].nonlin

    def outputs(self, xs: Sequence[Value | float]) -> list[Value]:
        """The neurons' outputs, always as a list."""
        inputs = inputs_of(self, xs)
        if any(type(n).__call__ is not Neuron.__call__ for n in self.neurons):
            return [n(inputs) for n in self.neurons]  # Neurons of a person's own.
        rows, biases = [n.weights for n in self.neurons], [n.bias for n in self.neurons]
        sums = dots(rows, inputs, biases)
        return [n.activate(z) for n, z in zip(self.neurons, sums, strict=True)]

    def __call__(self, xs: Sequence[Value | float]) -> Any:
        outputs = self.outputs(xs)
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer({self.nin} -> {self.nout}, {shown(self.activation)})"
