"""A model on one example of zeros, before it becomes another library's: what cannot be called here
must not be computed there."""

from __future__ import annotations

from contextvars import Context
from typing import Any

import numpy as np

from autograd.context import no_grad
from autograd.structure import apply
from nn.exchange.conversion import ConversionError
from nn.exchange.shapes import shapes_of
from nn.mode import Modes
from nn.module import Module

_LENGTHS: dict[int | str, int] = {"positions": 1, "numbers": 2}  # of what may be of any


def example_for(model: Module) -> Any:
    """Zeros in the shape of one example; as a symbol, the first.

    >>> from nn import MLP
    >>> example_for(MLP(2, [16, 3]))
    [0.0, 0.0]
    """
    taken, _ = shapes_of(model)
    return np.zeros([_LENGTHS.get(axis) or int(axis) for axis in taken]).tolist()


def tried(model: Module, target: str) -> tuple[int, ...]:
    """The shape of what a model gives for that example, used and not trained.

    Raises:
        ConversionError: it cannot be called on it.

    >>> from nn import MLP
    >>> tried(MLP(2, [16, 3]), "to_onnx")
    (3,)
    """
    example = example_for(model)
    try:
        # In no block that a person may be in, such as one that looks for NaN.
        output = Context().run(_called, model, example)
    except Exception as error:
        raise ConversionError(
            f"{target}() converts what can be called, and {model!r:.200} cannot: an example of the "
            f"shape {np.shape(example)} raises {type(error).__name__}: {error}. Mend it until "
            "predict(model, X) takes your examples"
        ) from error
    return np.shape(output)


@no_grad()
def _called(model: Module, example: Any) -> Any:
    with Modes(training=False):
        return apply(float, model(example))


def unlike(model: Module, target: str) -> ConversionError:
    """What to raise if what a model became has not the shape of what it gives."""
    return ConversionError(
        f"{target}() cannot convert {model!r:.200}: it would give another shape, as where "
        "a part takes the one number of a layer, which is a list of one there. Convert its parts"
    )
