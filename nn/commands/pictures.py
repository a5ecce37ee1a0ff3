"""Pictures of a trained network: a neuron at work, the curves, and what it gets right."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.differentiation import gradient
from autograd.value import Value
from nn.commands.learning import Training
from nn.commands.predictor import Predictor
from nn.data import Dataset
from nn.losses import cross_entropy, mse
from nn.neuron import Layer, Neuron
from nn.training.evaluation import confusion_matrix

NAMES = [
    "neuron.svg",
    "steps.html",
    "training.png",
    "confusion.png",
    "predictions.png",
    "boundary.png",
    "misread.png",
]
MOST_CLASSES = 50  # of which a confusion matrix can be read
MOST_IN_PLANE = 12  # of which a plane can be read
STRONGEST = 3


@dataclass(frozen=True)
class Result:
    """What is drawn: a training, and the outputs for the part to test on."""

    training: Training
    outputs: NDArray[Any]

    @property
    def predictor(self) -> Predictor:
        return self.training.predictor

    @property
    def test(self) -> Dataset:
        return self.training.parts[1]


def draw(result: Result, folder: Path) -> Iterator[tuple[Path, str]]:
    """Write the pictures into the folder; the path of each, and what it shows."""
    yield from show_neuron(result, folder)
    try:
        figures = [*_figures(result)]
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        print(error, file=sys.stderr)
        return
    for name, shown, figure in figures:
        figure.savefig(folder / name, dpi=130)
        yield folder / name, shown


def _figures(result: Result) -> Iterator[tuple[str, str, Any]]:
    from viz import plots

    predictor, test, outputs = result.predictor, result.test, result.outputs
    classes = predictor.goal.classes
    if len(result.training.history):  # None, if the first epoch was interrupted.
        curves = plots.training_curves(result.training.history)
        yield "training.png", "the loss by epoch" + " and the accuracy" * bool(classes), curves
    if not classes:
        points = plots.predictions(test.y, outputs, predictor.goal.name)
        yield "predictions.png", "what was predicted, beside what it was", points
        return
    predicted = outputs.argmax(axis=1)
    if len(classes) <= MOST_CLASSES:
        matrix = confusion_matrix(predicted, test.y, len(classes))
        yield "confusion.png", "what was taken for what", plots.confusion(matrix, classes)
    if test.name == "digits" and test.X.shape[1] == 64:
        page = plots.misread_digits(test.X, test.y, predicted)
        yield "misread.png", "the digits that were read wrongly", page
    if test.X.shape[1] == 2 and len(classes) <= MOST_IN_PLANE:
        inputs = predictor.columns.names
        plane = plots.decision_boundary(
            predictor.outputs, test.X, test.y, inputs=(inputs[0], inputs[1]), classes=classes
        )
        yield "boundary.png", "which class each point of the plane is taken for", plane


def show_neuron(result: Result, folder: Path) -> Iterator[tuple[Path, str]]:
    """Draw a neuron of the first layer, on the test example that is the closest call, and play it.

    Of predicted numbers it is the example that is farthest off. It is the neuron that counts most
    for its loss there. The gradients are those of the neuron, in the drawing and in the player.
    """
    from viz import draw, steps

    chosen, shown = _example(result)
    neuron = _strongest_neuron(result, chosen)
    played = steps(neuron).save(folder / "steps.html")  # before there are gradients to add to
    neuron.backward()
    drawn = draw(neuron, detail="products").save(folder / "neuron.svg")
    yield drawn, f"a neuron and its gradients, on the test example that {shown}"
    yield played, "the same step by step, forward and back (open it in a browser)"


def _strongest_neuron(result: Result, chosen: int) -> Value:
    """The neuron of the first layer that counts most for the loss of a test example."""
    model, target = result.predictor.model, _target(result, chosen)
    scaled = result.predictor.inputs(result.test.X[[chosen]])[0].tolist()
    names = result.predictor.columns.names
    inputs = [Value(x, label=name) for x, name in zip(scaled, names, strict=True)]
    first, *others = (part for part in model.modules() if isinstance(part, Layer))
    neurons = first.outputs(inputs)
    slopes = gradient(_loss(others, neurons, target), neurons)
    counts = [abs(y.data * dy.data) for y, dy in zip(neurons, slopes, strict=True)]
    strongest = int(np.argmax(counts))
    neuron = _strongest_part(first.neurons[strongest], inputs)
    neuron.label = f"neuron {strongest}"
    model.zero_grad()
    return neuron


def _example(result: Result) -> tuple[int, str]:
    outputs = result.outputs
    if outputs.ndim == 1:
        return int(np.abs(outputs - result.test.y).argmax()), "is predicted worst"
    ranked = np.sort(outputs, axis=1)
    return int(np.argmin(ranked[:, -1] - ranked[:, -2])), "was the closest call"


def _target(result: Result, chosen: int) -> float | int:
    """The class of an example or, scaled, its number."""
    y: NDArray[Any] = result.test.y
    of_target = result.predictor.target_scaler
    return int(y[chosen]) if of_target is None else float(of_target.transform([[y[chosen]]])[0, 0])


def _loss(layers: Sequence[Layer], xs: list[Value], target: float | int) -> Value:
    for layer in layers:
        xs = layer.outputs(xs)
    return cross_entropy(xs, target) if isinstance(target, int) else mse(xs, [target])


def _strongest_part(neuron: Neuron, inputs: list[Value]) -> Value:
    """The neuron's output from its strongest inputs; the sum of the others is one number."""
    products = [w.data * x.data for w, x in zip(neuron.weights, inputs, strict=True)]
    ranked = sorted(range(len(inputs)), key=lambda i: -abs(products[i]))
    strongest = ranked if len(ranked) == STRONGEST + 1 else ranked[:STRONGEST]
    part = copy(neuron)
    part.nin, part.weights = len(strongest), [neuron.weights[i] for i in sorted(strongest)]
    if others := len(inputs) - part.nin:
        rest = sum(product for i, product in enumerate(products) if i not in strongest)
        part.bias = neuron.bias + Value(rest, label=f"the other {others} products")
    return part([inputs[i] for i in sorted(strongest)])
