"""What training goes on from: an optimizer with its settings and memory, and the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.exchange.description import UnnamedError, described, made
from nn.exchange.known import OPTIMIZERS
from nn.module import Module
from nn.optimizers import Optimizer
from nn.training.history import History

Array = NDArray[np.float64]

PREFIX = "optimizer/"  # of the names of its arrays; no attribute of a module is called so


def optimizer_state(optimizer: Optimizer, model: Module) -> tuple[dict[str, Any], dict[str, Array]]:
    """What JSON has of an optimizer, and its arrays by name.

    Raises:
        ValueError, TypeError: it cannot be saved; the message says what to do.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"the optimizer must be one such as Adam(...), not {optimizer!r:.80}")
    try:
        description = described(optimizer, OPTIMIZERS)
    except UnnamedError as error:
        raise ValueError(
            f"{type(optimizer).__name__} has {error} in it, which has no name in a file: take one "
            "of nn's optimizers, schedules and clippings, or keep optimizer.state_dict() yourself"
        ) from None
    places = {parameter: i for i, parameter in enumerate(model.parameters())}
    trained = [places.get(parameter, -1) for parameter in optimizer.vector.parameters]
    if -1 in trained:
        raise ValueError("the optimizer trains parameters that are not the model's: save its own")
    state = optimizer.state_dict()
    arrays = {PREFIX + name: x for name, x in state.items() if isinstance(x, np.ndarray)}
    numbers = {name: x for name, x in state.items() if not isinstance(x, np.ndarray)}
    whole = trained == list(range(len(places)))
    described_as = {"is": description, "trains": None if whole else trained, "numbers": numbers}
    return described_as, arrays


def made_optimizer(given: Any, model: Module, arrays: Mapping[str, Array]) -> Optimizer:
    """The optimizer of a file, on the model's parameters; nothing of the model is changed.

    Parameters:
        arrays: those of the optimizer, by name.

    Raises:
        ValueError, TypeError: it is none of nn's, or does not fit the model.
    """
    match given:
        case {"is": description, "trains": list() | None as trained, "numbers": dict(numbers)}:
            pass
        case _:
            raise ValueError(f"it says of the optimizer what nn.save does not write: {given!r:.60}")
    parameters = model.parameters()
    if trained is not None:
        if not all(isinstance(i, int) and 0 <= i < len(parameters) for i in trained):
            raise ValueError("the optimizer trains parameters that the model does not have")
        parameters = [parameters[i] for i in trained]
    optimizer: Optimizer = made(description, OPTIMIZERS, parameters=parameters)
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is no optimizer")
    state = {name.removeprefix(PREFIX): array for name, array in arrays.items()}
    optimizer.load_state_dict(numbers | state)
    return optimizer


def history_state(history: History) -> dict[str, Any]:
    """A history as JSON has it."""
    if not isinstance(history, History):
        raise TypeError(f"the history must be the one that fit gave, not {history!r:.80}")
    return history.state_dict()
