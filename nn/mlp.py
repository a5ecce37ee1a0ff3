"""MLP: the multilayer perceptron, layers of neurons one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.context import scope
from autograd.value import Value
from nn.activation import Activation, chosen, is_of_one_value, shown
from nn.initialization import Initialization, source
from nn.module import Module
from nn.neuron import Layer, inputs_of
from nn.settings.counts import from_one
from nn.settings.habits import NEURONS
from nn.settings.seeds import Seed


class MLP(Module):
    """A multilayer perceptron: layers one after the other, the last one without activation.

    Called on `nin` numbers it gives a list of the last layer's outputs, and for one output just
    its Value.

    Parameters:
        nin: the number of inputs.
        nouts: the number of neurons of each layer; the last one's are the outputs.
        activation: of all layers but the last.
        seed, initialization: of the first weights, as of a `Neuron`; an initialization by name or
            as a function.

    Attributes:
        layers: the layers.

    >>> model = MLP(2, [16, 16, 1])
    >>> model
    MLP(2 -> 16 -> 16 -> 1, relu)
    >>> len(model.parameters())
    337
    """

    _here = NEURONS

    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        activation: Activation = "relu",
        seed: Seed = None,
        initialization: Initialization = None,
    ) -> None:
        if not isinstance(nouts, Sequence) or isinstance(nouts, str):
            sizes = [size for size in (nouts, activation, seed) if isinstance(size, int)]
            raise TypeError(
                "nouts is a list with the number of neurons of each layer, such as "
                f"MLP({nin!r:.20}, {sizes or [16, 1]}), not {nouts!r:.80}"
            )
        if isinstance(activation, list | tuple) or is_of_one_value(seed):
            raise TypeError(
                "an MLP has one activation, for all layers but the last: for several write "
                'Sequential(Layer(..., activation="tanh"), Layer(..., activation="relu"), ...)'
            )
        sizes = [nin, *nouts]
        if len(sizes) < 2:
            raise ValueError("an MLP has at least one layer: give its number of neurons in nouts")
        last = len(nouts) - 1
        drawn_from = source(seed)
        self.nin = from_one("nin", nin)
        self.activation, _ = chosen(activation)  # which a single layer does not use
        self.layers = [
            Layer(sizes[i], sizes[i + 1], i != last, activation, drawn_from, initialization)
            for i in range(len(nouts))
        ]

    @property
    def nouts(self) -> list[int]:
        """The number of neurons of each layer."""
        return [layer.nout for layer in self.layers]

    def __call__(self, xs: Sequence[Value | float]) -> Any:
        outputs = inputs_of(self, xs)
        for i, layer in enumerate(self.layers):
            with scope(f"layer{i}"):
                outputs = layer.outputs(outputs)
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        sizes = " -> ".join(map(str, [self.nin, *self.nouts]))
        return f"MLP({sizes}, {shown(self.layers[0].activation)})"
