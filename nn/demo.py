"""What `python -m nn train` does: data, a network, training, and pictures of the result.

An application and no part of the library: nothing else imports it, and it may import `viz`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd.differentiation import gradient
from autograd.value import Value
from nn.data import Dataset, digits, moons, spiral, split, standardize
from nn.losses import cross_entropy
from nn.neuron import MLP, Layer, Neuron
from nn.optimizers import Adam
from nn.training import History, fit, predict

DATASETS: dict[str, Callable[..., Dataset]] = {
    "digits": lambda seed: digits(),
    "moons": partial(moons, 500, 0.2),
    "spiral": partial(spiral, 600),
}
STRONGEST = 3


@dataclass(frozen=True)
class Recipe:
    """What the command line says, under the same names."""

    dataset: str
    hidden: list[int]
    activation: str
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int
    output: Path


@dataclass(frozen=True)
class Result:
    """A trained network, and what is needed to judge it."""

    model: MLP
    history: History
    test: Dataset
    standardized: Dataset
    outputs: Any

    @property
    def predicted(self) -> Any:
        """The class that each test example was taken for, shape (n,)."""
        return self.outputs.argmax(axis=1)


def run(recipe: Recipe) -> None:
    """Train, say how well it went, draw it, and list the files."""
    result = train(recipe)
    right, count = int((result.predicted == result.test.y).sum()), len(result.test)
    print(f"test accuracy: {right / count:.1%} ({right} of {count})")
    for path, shown in draw(result, recipe.output):
        print(f"{path}: {shown}")


def train(recipe: Recipe) -> Result:
    """Train the recipe's network on its data."""
    training, test = split(DATASETS[recipe.dataset](seed=recipe.seed), seed=recipe.seed)
    learned, tested = standardize(training, test)
    sizes = [*recipe.hidden, training.classes]
    model = MLP(training.X.shape[1], sizes, activation=recipe.activation, seed=recipe.seed)
    print(f"{training}, and {len(test):,} to test on")
    print(f"{model}: {len(model.parameters()):,} parameters")
    history = fit(
        model,
        learned.X,
        learned.y,
        optimizer=Adam(model.parameters(), learning_rate=recipe.learning_rate),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        validation=(tested.X, tested.y),
        seed=recipe.seed,
    )
    return Result(model, history, test, tested, predict(model, tested.X))


# ------------------------------------------------------------------------------- the pictures


def draw(result: Result, folder: Path) -> Iterator[tuple[Path, str]]:
    """Write the pictures into the folder; the path of each, and what it shows."""
    yield draw_neuron(result, folder / "neuron.svg")
    try:
        from viz import plots
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] != "matplotlib":
            raise
        print("no plots: they need matplotlib (pip install 'chainrule[plots]')", file=sys.stderr)
        return
    test, tested, model = result.test, result.standardized, result.model
    figures = {
        "training.png": ("loss and accuracy by epoch", plots.training_curves(result.history))
    }
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
