"""Pictures of a trained network: a neuron at work, the curves, and what it gets right."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from copy import copy
from functools import partial
from pathlib import Path

import numpy as np

from autograd.differentiation import gradient
from autograd.value import Value
from nn.commands.learning import Result
from nn.losses import cross_entropy
from nn.neuron import Layer, Neuron
from nn.training import predict

NAMES = ["neuron.svg", "training.png", "misread.png", "boundary.png"]
STRONGEST = 3


def draw(result: Result, folder: Path) -> Iterator[tuple[Path, str]]:
    """Write the pictures into the folder; the path of each, and what it shows."""
    yield draw_neuron(result, folder / "neuron.svg")
    try:
        from viz import plots
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        print(error, file=sys.stderr)
        return
    test, tested, model = result.test, result.standardized, result.model
    figures = {}
    if result.history.loss:  # None, if the first epoch was interrupted.
        curves = plots.training_curves(result.history)
        figures["training.png"] = ("loss and accuracy by epoch", curves)
    if test.name == "digits":
        page = plots.misread_digits(test.X, test.y, result.predicted)
        figures["misread.png"] = ("the digits that were read wrongly", page)
    else:
        plane = plots.decision_boundary(partial(predict, model), tested.X, tested.y)
        figures["boundary.png"] = ("which class each point of the plane is taken for", plane)
    for name, (shown, figure) in figures.items():
        figure.savefig(folder / name, dpi=130)
        yield folder / name, shown


def draw_neuron(result: Result, path: Path) -> tuple[Path, str]:
    """Draw a neuron of the first layer, on the test example that is the closest call.

    It is the neuron that counts most there. The gradients are those of that example's loss.
    """
    from viz import draw

    ranked = np.sort(result.outputs, axis=1)
    unsure = int(np.argmin(ranked[:, -1] - ranked[:, -2]))
    target = int(result.test.y[unsure])
    inputs = [Value(x, label=f"x{i}") for i, x in enumerate(result.standardized.X[unsure].tolist())]
    first, *others = result.model.layers
    neurons = first.outputs(inputs)
    slopes = gradient(_loss(others, neurons, target), neurons)
    chosen = int(np.argmax([abs(y.data * dy.data) for y, dy in zip(neurons, slopes, strict=True)]))
    neurons[chosen] = _strongest_part(first.neurons[chosen], inputs)
    result.model.zero_grad()
    _loss(others, neurons, target).backward()
    drawing = draw(neurons[chosen], open=True)
    return drawing.save(path), "a neuron at work, on the test example that was the closest call"


def _loss(layers: Iterable[Layer], xs: list[Value], target: int) -> Value:
    for layer in layers:
        xs = layer.outputs(xs)
    return cross_entropy(xs, target)


def _strongest_part(neuron: Neuron, inputs: list[Value]) -> Value:
    """The neuron's output from its strongest inputs; the sum of the others is one number."""
    products = [w.data * x.data for w, x in zip(neuron.weights, inputs, strict=True)]
    strongest = sorted(range(len(inputs)), key=lambda i: -abs(products[i]))[:STRONGEST]
    part = copy(neuron)
    part.nin, part.weights = len(strongest), [neuron.weights[i] for i in sorted(strongest)]
    if others := len(inputs) - part.nin:
        rest = sum(product for i, product in enumerate(products) if i not in strongest)
        part.bias = neuron.bias + Value(rest, label=f"the other {others} products")
    return part([inputs[i] for i in sorted(strongest)])
