"""Loading what was saved: all is checked before memory is taken for it, or a model is changed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from nn.exchange import tensors
from nn.exchange.architecture import CHANGED, appearance
from nn.exchange.condition import Condition
from nn.exchange.description import made
from nn.exchange.errors import CheckpointError
from nn.exchange.known import MODULES, numbers_of
from nn.exchange.resuming import PREFIX, made_optimizer
from nn.exchange.stored import Array, Stored, opened
from nn.module import Module
from nn.optimizers import Optimizer
from nn.training.history import History

VERSION = 1

Shapes = Mapping[str, tuple[int, ...]]


class Checkpoint(NamedTuple):
    """What `load` gives.

    Attributes:
        model: the model.
        optimizer: on its parameters, as it was when it was saved; None if it was not.
        history: the training so far; None if it was not saved.
        notes: what else was saved.
    """

    model: Module
    optimizer: Optimizer | None
    history: History | None
    notes: dict[str, Any]


def load(path: str | os.PathLike[str], model: Module | None = None) -> Checkpoint:
    """What `save` saved.

    Parameters:
        model: one to be filled with the numbers of the file, which must have the same parameters.
            Models of nn's own classes are made anew without it; one of your classes needs it.
            With it, the file may also be one of PyTorch's, which has only the numbers (float64,
            as those of `to_torch`).

    Raises:
        CheckpointError: it is not a file of `save`, it is damaged, or it does not fit the model;
            the message says what was expected. Nothing has changed then.
        OSError: there is no such file, or it may not be read.
        ValueError: the model could not have been saved, as two of its parameters have one name.
        ModuleNotFoundError: safetensors is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP, save
    >>> with TemporaryDirectory() as folder:
    ...     save(MLP(2, [1]), f"{folder}/line.safetensors")
    ...     load(f"{folder}/line.safetensors", model=MLP(3, [1]))
    Traceback (most recent call last):
    ...
    nn.exchange.errors.CheckpointError: ...: layers.0.weight has the shape (1, 2), the model's ...
    """
    if not isinstance(model, Module | None):
        raise TypeError(f"the model to fill is a Module, not {model!r:.80}")
    if model is not None:
        tensors.parameters(model)
    with opened(path) as stored:
        try:
            found, arrays, condition = _checked(stored, model)
        except (CheckpointError, MemoryError, OSError):
            raise
        except RecursionError:
            raise stored.error("its text is nested too deeply") from None
        except Exception as error:  # Whatever comes of what somebody invented.
            raise stored.error(f"its text is not what nn.save writes: {error}") from error
    tensors.assign(found.model, arrays)
    if condition:
        condition.apply()
    return found


def _checked(
    stored: Stored, model: Module | None
) -> tuple[Checkpoint, dict[str, Array], Condition | None]:
    """What the file has, and the numbers and the condition that the model is to get."""
    content = _content(stored)
    remembered = {x for x in stored.shapes if content["optimizer"] and x.startswith(PREFIX)}
    shapes = {name: x for name, x in stored.shapes.items() if name not in remembered}
    if model is None:
        model = _made(stored, content["model"], sum(map(math.prod, shapes.values())))
    own = {name: np.shape(group) for name, group in tensors.parameters(model).items()}
    _check_shapes(stored, shapes, own)
    for name in remembered:
        if math.prod(stored.shapes[name]) > len(model.parameters()):
            raise stored.error(f"{name!r:.80} has more numbers than the model has parameters")
    arrays = stored.arrays()
    optimizer = history = condition = None
    if content["condition"] is not None:
        condition = Condition(model, content["condition"])
    if content["optimizer"] is not None:
        if content["names"] != list(own):
            raise stored.error("the model has the parameters of its optimizer in another order")
        memory = {name: arrays[name] for name in remembered}
        optimizer = made_optimizer(content["optimizer"], model, memory)
    if content["history"] is not None:
        history = History.from_state(content["history"])
    return Checkpoint(model, optimizer, history, content["notes"]), arrays, condition


# What is in the text of a file, and what stands for it in a file that has none.
_CONTENT: dict[str, Any] = {
    "version": VERSION,
    "model": None,
    "names": [],
    "condition": None,
    "optimizer": None,
    "history": None,
    "notes": {},
}


def _content(stored: Stored) -> dict[str, Any]:
    if stored.content is None:
        return _CONTENT | {"notes": {}}
    content = stored.content
    if content.get("version") != VERSION:
        raise stored.error(
            f"it is of version {content.get('version')!r:.20}, and this Chainrule reads {VERSION}"
        )
    dicts = [content.get(name) for name in ("model", "notes")]
    if content.keys() != _CONTENT.keys() or not all(isinstance(x, dict) for x in dicts):
        raise stored.error(f"its text has not what nn.save writes, but {', '.join(content):.80}")
    return dict(content)


def _made(stored: Stored, found: Any, count: int) -> Module:
    """The model that the file describes, which holds `count` numbers."""
    match found:
        case {"class": str(kind), "made of": None, "own": str(own)}:
            raise _not_described(stored, kind, own)
        case {"class": str(kind), "made of": list(description), "looks": str(looks)}:
            pass
        case None:
            raise stored.error(
                "nn.save did not write it, so it does not say what model it is of: make that, and "
                "fill it with nn.load(path, model=...)"
            )
        case _:
            raise stored.error(f"it says of the model what nn.save does not write: {found!r:.60}")
    if (described := numbers_of(description)) != count:
        raise stored.error(f"the {kind:.60} it describes has {described} numbers, and it {count}")
    model = made(description, MODULES)
    if not isinstance(model, Module):
        raise stored.error(f"{kind:.60} is no model")
    if looks != appearance(model):
        raise _not_described(stored, kind, CHANGED)
    return model


def _not_described(stored: Stored, kind: str, own: str) -> CheckpointError:
    return stored.error(
        f"it has the numbers of a {kind:.60} and not how to make one, because of {own:.80}: "
        "make the model, and fill it with nn.load(path, model=...)"
    )


def _check_shapes(stored: Stored, found: Shapes, own: Shapes) -> None:
    """Raise unless the file has just the arrays of the model."""
    for name, shape in own.items():
        if name not in found:
            raise stored.error(f"it has no {name}, which the model has in the shape {shape}")
        if found[name] != shape:
            raise stored.error(f"{name} has the shape {found[name]}, the model's has {shape}")
    if unknown := sorted(found.keys() - own.keys()):
        raise stored.error(f"the model has no {unknown[0]!r:.80}, which is in the file")
