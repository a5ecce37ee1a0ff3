"""The arguments of `fit`, before anything has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from math import isfinite
from typing import Any

from autograd.context import recording
from autograd.graph import topological_order
from autograd.value import Value
from nn.mode import Modes
from nn.optimizers import Adam, Optimizer
from nn.training import habits
from nn.training.examples import Examples, checked
from nn.training.history import History
from nn.training.progress import Progress
from nn.training.tasks import task

Callback = Callable[[Progress], object]


def functions(model: Any, loss: Any) -> None:
    """Raise for what cannot be called, or not on Values."""
    habits.check_model(model)
    if not callable(loss) or isinstance(loss, type) or habits.library_of(loss):
        raise habits.no_loss(loss)


def learning(model: Any, optimizer: Any, penalty: Any) -> None:
    """Raise for what cannot be trained, or cannot train."""
    if optimizer is None and not hasattr(model, "parameters"):
        raise TypeError(
            f"{model!r:.80} does not say what its parameters are: make it a Module, or give "
            "optimizer=Adam([...]) with the parameters to train"
        )
    if not isinstance(optimizer, Optimizer | None):
        raise habits.no_optimizer(optimizer)
    if penalty is not None and (not callable(penalty) or isinstance(penalty, type)):
        raise TypeError(
            "penalty is a function of the model that gives a Value, such as L2(weights=1e-4), "
            f"not {penalty!r:.80}"
        )


def callbacks(given: Any) -> list[Callback]:
    """The callbacks as a list."""
    if callable(given) or not isinstance(given, Iterable):
        raise TypeError(
            f"callbacks are a list of functions, as [EarlyStopping()], not {given!r:.80}"
        )
    listed = list(given)
    for callback in listed:
        if not callable(callback) or isinstance(callback, type):
            raise TypeError(
                "a callback is a function of one argument, the Progress, or an object that is "
                f"called so, as EarlyStopping(), not {callback!r:.80}"
            )
    return listed


def targets_too(function: str, X: Any, y: Any) -> None:
    """Raise if the examples came without targets, as a whole data set does."""
    if y is None:
        both = hasattr(X, "X") and hasattr(X, "y")
        raise TypeError(
            f"{function}() needs the targets too: {function}(model, "
            + ("data.X, data.y), of a data set" if both else "X, y)")
        )


def _data(
    model: Any, loss: Any, X: Any, y: Any, validation: Any
) -> tuple[Examples, Examples | None, Value]:
    """The training and validation examples, and the loss of the first."""
    targets_too("fit", X, y)
    training, first = checked(model, loss, X, y)
    if validation is None:
        return training, None, first
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        raise TypeError(f"validation must be a pair (X, y), not {validation!r:.80}")
    held_out, _ = checked(model, loss, validation[0], validation[1], "validation ")
    return training, held_out, first


def _trained(model: Any, optimizer: Optimizer | None, loss: Value) -> Optimizer:
    """The optimizer, if a step of it would change the loss of the first example."""
    # Only now, because a model may make its parameters when it is first called.
    if optimizer is None:
        optimizer = Adam(model.parameters(), learning_rate=0.01)
    if set(optimizer.vector.parameters).isdisjoint(topological_order(loss)):
        raise ValueError(
            "the loss depends on none of the optimizer's parameters, so no step would change it. "
            "Were they another model's? Give the optimizer this model's parameters(). Or does the "
            "model or the loss compute with .data, float() or math's functions, which leave the "
            "graph? Compute with the Values themselves"
        )
    return optimizer


def _penalized(model: Any, penalty: Callable[[Any], Any] | None) -> None:
    """Raise if the penalty of the model is no finite Value."""
    if penalty is None:
        return
    value = penalty(model)
    if not isinstance(value, Value):
        raise TypeError(f"the penalty of a model must be a Value, not {value!r:.80}")
    if not isfinite(value.data):
        raise ValueError(f"the penalty of the model is {value.data}, and must be finite")


@recording()  # also under no_grad()
def tried(
    model: Any,
    X: Any,
    y: Any,
    loss: Any,
    optimizer: Optimizer | None,
    penalty: Any,
    validation: Any,
) -> tuple[Examples, Examples | None, Optimizer]:
    """The data, checked with the model and its loss, and the optimizer."""
    with Modes(training=False):
        training, held_out, first = _data(model, loss, X, y, validation)
        _penalized(model, penalty)
        return training, held_out, _trained(model, optimizer, first)


@recording()
def tried_alone(model: Any, loss: Any, X: Any, y: Any) -> Examples:
    """The data, checked with the model and its loss, which need not be trainable."""
    with Modes(training=False):
        return checked(model, loss, X, y)[0]


def columns(loss: Any, penalty: Any, held_out: Examples | None) -> list[str]:
    """The names of what will be measured after each epoch."""
    names = ["loss"]
    if held_out is not None:
        names.append("validation_loss")
    if task(loss).decisions:
        names += [name.replace("loss", "accuracy") for name in names]
    if penalty is not None:
        names.append("penalty")
    return [*names, "learning_rate"]


def history(given: Any, measured: Collection[str]) -> History:
    """The history to go on with, or a new one.

    Raises:
        ValueError: something else was measured in it than will be now.
    """
    if given is None:
        return History()
    if not isinstance(given, History):
        raise TypeError(f"history is what an earlier fit() returned, not {given!r:.80}")
    if len(given) and (other := set(measured) ^ given.columns.keys()):
        name = min(other)
        has, now = ("no", "") if name in measured else ("a", "not ")
        raise ValueError(
            f"the history has {has} {name}, which would {now}be measured now: go on with the same "
            "loss, penalty and validation as before, or begin a new history"
        )
    return given
