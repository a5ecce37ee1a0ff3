"""Checks of the data: what comes into a model, and what its outputs are to be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from autograd.operations import relu, sigmoid, tanh
from nn.losses import hinge, huber, mae, mse
from nn.training.linting.findings import Finding
from nn.training.linting.observation import Observation

# Root mean square of an input. Standardised ones have 1, pixels from 0 to 16 at most 12; with more
# than this, the first sums are so large that they are saturated, or the first losses enormous.
_LARGE = 30.0

# What can come out of an operation.
_RANGES = {relu: (0.0, math.inf), sigmoid: (0.0, 1.0), tanh: (-1.0, 1.0)}
# Losses whose targets are numbers that outputs are to come to, or at least to their side.
_OF_NUMBERS = {mse, mae, huber, hinge}


def unscaled_inputs(seen: Observation) -> Iterator[Finding]:
    """Columns of X that are large, as far as the model computes with them."""
    X = np.asarray(seen.sample.X, dtype=np.float64)
    largest = np.abs(X).max(axis=0)
    sizes = largest * np.sqrt(np.mean(np.square(X / np.where(largest, largest, 1.0)), axis=0))
    large = (sizes > _LARGE) & seen.computed_with
    if large.any():
        worst = np.unravel_index(np.argmax(np.where(large, sizes, 0.0)), sizes.shape)
        column = f"X[{', '.join([':', *map(str, worst)])}]"
        yield Finding(
            "inputs that are not scaled",
            "X",
            float(sizes[worst]),
            f"{large.sum():,} of {large.size:,} columns are large: the root mean square of "
            f"{column} is {sizes[worst]:,.4g}, and of a standardised one 1",
            "Scale them: scaler = StandardScaler().fit(X), and scaler.transform(X) everywhere",
        )


def targets_out_of_range(seen: Observation, loss: Any) -> Iterator[Finding]:
    """Targets that no output can come to, because of what the model does last."""
    while isinstance(loss, partial):
        loss = loss.func
    if len(seen.last) != 1 or loss not in _OF_NUMBERS:
        return
    (op,) = seen.last
    low, high = _RANGES.get(op, (-math.inf, math.inf)) if op else (-math.inf, math.inf)
    y = np.asarray(seen.sample.y)
    wrong = int(((y < low) | (y > high)).sum())
    if op and wrong:
        yield Finding(
            "targets out of reach",
            "y",
            wrong / y.size,
            f"{wrong:,} of {y.size:,} targets are not from {low:g} to {high:g}, which is where "
            f"the outputs are after the last {op.name}",
            "Let the last layer have no activation (nonlin=False), or scale the targets",
        )
