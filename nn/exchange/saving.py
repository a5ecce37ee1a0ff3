"""Saving a model with all that training goes on from, in one safetensors file.

It holds numbers and names, never code.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from nn.exchange import files, tensors
from nn.exchange.architecture import appearance, architecture
from nn.exchange.condition import condition
from nn.exchange.description import UnnamedError
from nn.exchange.loading import VERSION
from nn.exchange.resuming import PREFIX, history_state, optimizer_state
from nn.exchange.stored import packed
from nn.module import Module
from nn.optimizers import Optimizer
from nn.training.history import History


def save(
    model: Module,
    path: str | os.PathLike[str],
    *,
    optimizer: Optimizer | None = None,
    history: History | None = None,
    notes: Mapping[str, Any] | None = None,
) -> None:
    """Save a model in a safetensors file, whole or not at all; an older file is replaced.

    With optimizer and history, `fit` goes on from the file as if it had never stopped, to the
    last bit. While another thread trains, the model's numbers are those between two of its steps;
    all that belongs to a step is saved in a callback of that training. Numbers are stored as
    PyTorch has them: of a `Layer` the `weight`, shape (out, in), and the `bias`, shape (out,); a
    `Neuron` alone is a layer of one.

    Parameters:
        model: of a model of nn's own classes, the file says how to make it again; of one with
            something of yours in it, a class or a function, it has the numbers only.
        optimizer: one of nn's, with schedules and clipping of nn's.
        history: what `fit` gave.
        notes: what else belongs to the model, such as the names of classes: what JSON can hold.

    Raises:
        OSError: it cannot be written; the old file is still there.
        TypeError, ValueError: something cannot be saved, as the message says.
        ModuleNotFoundError: safetensors is not installed.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP, load
    >>> model = MLP(2, [16, 1], seed=0)
    >>> with TemporaryDirectory() as folder:
    ...     save(model, f"{folder}/moons.safetensors", notes={"classes": ["lower", "upper"]})
    ...     loaded = load(f"{folder}/moons.safetensors")
    >>> loaded.model
    MLP(2 -> 16 -> 1, relu)
    >>> loaded.model([1.0, 2.0]).data == model([1.0, 2.0]).data
    True
    >>> loaded.notes
    {'classes': ['lower', 'upper']}
    """
    files.write(path, contents(model, optimizer, history, notes))


def contents(
    model: Module,
    optimizer: Optimizer | None = None,
    history: History | None = None,
    notes: Mapping[str, Any] | None = None,
) -> bytes:
    """What a file of these has in it.

    Raises:
        TypeError, ValueError, ModuleNotFoundError: it cannot be saved, as `save` says.
    """
    if not isinstance(model, Module):
        raise TypeError(f"only a Module can be saved, not {model!r:.80}")
    arrays = tensors.numbers(model)
    if taken := [name for name in arrays if name.startswith(PREFIX) or name == "__metadata__"]:
        owner = "the file's own text" if taken[0] == "__metadata__" else "the optimizer's"
        raise ValueError(f"no parameter may be called {taken[0]!r:.80}: that is {owner}")
    content: dict[str, Any] = {
        "version": VERSION,
        "model": _description(model),
        "names": list(arrays),
        "condition": condition(model),
        "optimizer": None,
        "history": None if history is None else history_state(history),
        "notes": _plain(notes),
    }
    if optimizer is not None:
        content["optimizer"], remembered = optimizer_state(optimizer, model)
        arrays |= remembered
    return packed(arrays, content)


def _description(model: Module) -> dict[str, Any]:
    """How to make it again or, if that cannot be said, why."""
    kind = type(model).__name__
    try:
        return {"class": kind, "made of": architecture(model), "looks": appearance(model)}
    except UnnamedError as error:
        return {"class": kind, "made of": None, "own": str(error)}


def _plain(notes: Mapping[str, Any] | None) -> dict[str, Any]:
    """The notes as JSON gives them back."""
    if not isinstance(notes, Mapping | None):
        raise TypeError(f"notes are a dict, not {notes!r:.80}")
    try:
        _check_keys(dict(notes or {}))
        kept: dict[str, Any] = json.loads(json.dumps(dict(notes or {})))
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(
            "notes hold what JSON can, numbers, text, True, False, None, lists and dicts with "
            f"text for keys: {error}"
        ) from None
    return kept


def _check_keys(notes: Any) -> None:
    """Raise where JSON would make text of a key that is none, and lose it to one that is."""
    if isinstance(notes, dict):
        for key in notes:
            if not isinstance(key, str):
                raise TypeError(f"{key!r:.40} is a key, and no text: write {str(key)!r:.40}")
    for part in notes.values() if isinstance(notes, dict) else notes:
        if isinstance(part, dict | list | tuple):
            _check_keys(part)
