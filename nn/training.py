"""The training loop: shuffled minibatches, one step for each, and a record of how it went."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from autograd.compiler import compiled
from autograd.context import no_grad
from autograd.graph import topological_order
from autograd.operations import total
from autograd.structure import apply
from autograd.value import Value
from nn.examples import Examples, checked, numbers, task
from nn.losses import cross_entropy
from nn.optimizers import Adam, Optimizer
from nn.seeds import Seed, generator

Model = Callable[[Any], Any]
Loss = Callable[[Any, Any], Value]


@dataclass
class History:
    """How training went: one number an epoch, measured with the parameters at its end.

    Attributes:
        loss, accuracy: over all training examples.
        validation_loss, validation_accuracy: over the validation examples; empty without them.

    Accuracies are shares of the examples, from 0 to 1. They are empty unless the loss is `hinge`
    or one of the cross-entropies.
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)


def fit(
    model: Model,
    X: Any,
    y: Any,
    *,
    loss: Loss = cross_entropy,
    optimizer: Optimizer | None = None,
    epochs: int = 20,
    batch_size: int = 32,
    validation: tuple[Any, Any] | None = None,
    seed: Seed = 0,
    progress: bool = True,
    compile: bool = True,
) -> History:
    """Train a model on examples: one step down the mean loss of each minibatch.

    Parameters:
        model: a module, or any function of one example, which is a list of numbers.
        X: numbers, an example to each index of the first axis.
        y: the target of each example.
        loss: a function of the model's output for one example and its target, giving a Value.
        optimizer: by default `Adam(model.parameters(), learning_rate=0.01)`.
        epochs: how often to go through all examples, from 1 on.
        batch_size: the examples of a step, from 1 on; the last step of an epoch may have fewer.
        validation: examples and targets (X, y) that are measured but not learned from.
        seed: of the shuffling: a whole number, which gives the same parameters each time, to the
            last bit; NumPy's generator; or None, for another order each time.
        progress: show a progress bar with losses and accuracies.
        compile: run the examples of a batch together, as a program compiled from the scalar
            graph; False runs one after the other, which a model needs that decides by the
            numbers of an example what to compute.

    Raises:
        ValueError, TypeError: something does not fit, as the message says. Nothing has changed.

    An interrupt (Ctrl-C) leaves the parameters as the last whole step made them.

    >>> from nn import MLP, SGD, mse
    >>> line = MLP(1, [1], seed=0)
    >>> descent = SGD(line.parameters(), learning_rate=0.2)
    >>> X, y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    >>> history = fit(line, X, y, loss=mse, optimizer=descent, epochs=200, progress=False)
    >>> round(line([10.0]).data, 3)
    21.0
    """
    _from_one(epochs=epochs, batch_size=batch_size)
    optimizer = _optimizer(model, optimizer)
    training, held_out = _data(model, loss, X, y, validation)
    _check_that_it_trains(optimizer, loss(model(training.X[0].tolist()), training.y[0].tolist()))
    random, history = generator(seed), History()
    runner = Batched(model, loss) if compile else Eager(model, loss)
    with _progress_bar(epochs * -(-len(training) // batch_size), progress) as bar:
        for epoch in range(1, epochs + 1):
            bar.set_description(f"epoch {epoch}/{epochs}", refresh=False)
            for batch in _shuffled(training, batch_size, random):
                optimizer.zero_grad()
                runner.mean_loss(batch).backward()
                optimizer.step()
                bar.update()
            _measure(runner, training, history.loss, history.accuracy)
            if held_out:
                _measure(runner, held_out, history.validation_loss, history.validation_accuracy)
            bar.set_postfix_str(_latest(history))
    return history


def predict(model: Model, X: Any, *, compile: bool = True) -> NDArray[np.float64]:
    """The model's output for every example: shape (n,), or (n, k) if it gives a list of k.

    `compile` is as in `fit`.

    >>> from nn import MLP
    >>> predict(MLP(2, [3]), [[0.0, 1.0], [2.0, 3.0]]).shape
    (2, 3)
    """
    examples = numbers("X", X)
    if compile:
        outputs: NDArray[np.float64] = compiled(model)(examples)
        return outputs
    with no_grad():
        return np.array([apply(float, model(x)) for x in examples.tolist()])


class Eager:
    """A model and its loss, run on one example after the other."""

    def __init__(self, model: Model, loss: Loss) -> None:
        self.model, self.loss = model, loss

    def mean_loss(self, batch: Examples) -> Value:
        """The mean of the examples' losses, for `backward()`."""
        pairs = zip(batch.X.tolist(), batch.y.tolist(), strict=True)
        mean: Value = total([self.loss(self.model(x), y) for x, y in pairs]) * (1.0 / len(batch))
        return mean

    def evaluate(self, data: Examples) -> tuple[float, NDArray[np.float64]]:
        """The mean loss as a plain number, and the output for every example."""
        with no_grad():
            outputs = [self.model(x) for x in data.X.tolist()]
            losses = [
                float(self.loss(*pair)) for pair in zip(outputs, data.y.tolist(), strict=True)
            ]
        return float(np.mean(losses)), np.array(apply(float, outputs))


class Batched:
    """The same, compiled: all examples of a batch at once."""

    def __init__(self, model: Model, loss: Loss) -> None:
        self.loss = loss
        self._loss = compiled(lambda x, y: loss(model(x), y))
        self._outputs = compiled(model)

    def mean_loss(self, batch: Examples) -> Value:
        """The mean of the examples' losses, for `backward()`."""
        return self._loss.mean(batch.X, batch.y)

    def evaluate(self, data: Examples) -> tuple[float, NDArray[np.float64]]:
        """The mean loss as a plain number, and the output for every example."""
        return float(np.mean(self._loss(data.X, data.y))), self._outputs(data.X)


def _measure(
    runner: Eager | Batched, data: Examples, losses: list[float], accuracies: list[float]
) -> None:
    mean, outputs = runner.evaluate(data)
    losses.append(mean)
    if accuracy := task(runner.loss).accuracy:
        accuracies.append(accuracy(outputs, data.y))


def _shuffled(data: Examples, batch_size: int, generator: Generator) -> Iterator[Examples]:
    order = generator.permutation(len(data))
    for start in range(0, len(data), batch_size):
        yield data[order[start : start + batch_size]]


def _progress_bar(steps: int, shown: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # In a notebook without widgets it is a line of text.
        from tqdm.auto import tqdm
    layout = "{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
    return tqdm(total=steps, bar_format=layout, dynamic_ncols=True, disable=not shown)


def _latest(history: History) -> str:
    """The last epoch's numbers, short enough for a progress bar."""
    if not history.accuracy:
        losses = {"loss": history.loss, "validation": history.validation_loss}
        return ", ".join(f"{name}={x[-1]:.4g}" for name, x in losses.items() if x)
    accuracies = {"accuracy": history.accuracy, "validation": history.validation_accuracy}
    shares = [f"{name}={x[-1]:.1%}" for name, x in accuracies.items() if x]
    return ", ".join([f"loss={history.loss[-1]:.4g}", *shares])


# ------------------------------------------------------------- checks, before anything changes


def _from_one(**counts: Any) -> None:
    for name, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise ValueError(f"{name} must be a whole number from 1 on, not {count!r}")


def _optimizer(model: Any, optimizer: Any) -> Optimizer:
    if isinstance(optimizer, Optimizer):
        return optimizer
    if optimizer is not None:
        raise TypeError(
            f"the optimizer must be one such as Adam(model.parameters()), not {optimizer!r:.80}"
        )
    if not hasattr(model, "parameters"):
        raise TypeError(
            f"{model!r:.80} does not say what its parameters are: make it a Module, or give "
            "optimizer=Adam([...]) with the parameters to train"
        )
    return Adam(model.parameters(), learning_rate=0.01)


def _data(
    model: Model, loss: Loss, X: Any, y: Any, validation: Any
) -> tuple[Examples, Examples | None]:
    for name, function in {"model": model, "loss": loss}.items():
        if not callable(function):
            raise TypeError(f"the {name} must be a function, not {function!r:.80}")
    training = checked(model, loss, X, y)
    if validation is None:
        return training, None
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError(f"validation must be a pair (X, y), not {validation!r:.80}")
    return training, checked(model, loss, validation[0], validation[1], "validation ")


def _check_that_it_trains(optimizer: Optimizer, loss: Value) -> None:
    if set(optimizer.vector.parameters).isdisjoint(topological_order(loss)):
        raise ValueError(
            "the loss depends on none of the optimizer's parameters, so no step would change it: "
            "were they another model's? Give the optimizer this model's parameters()"
        )
