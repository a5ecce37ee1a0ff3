"""Models that are asked for what they give to inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn.module import Module
from nn.training.running import predict

Model = Module | Callable[[NDArray[np.float64]], ArrayLike]


def function_of(model: Any) -> Callable[[NDArray[np.float64]], ArrayLike]:
    """What a Module predicts, or the function itself, of inputs one row each.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(model, Module):
        return lambda inputs: predict(model, inputs)
    if not callable(model):
        raise TypeError(
            "model is a Module, or a function of an array with a row for each input, not "
            f"{model!r:.80}"
        )
    return model  # type: ignore[no-any-return]
