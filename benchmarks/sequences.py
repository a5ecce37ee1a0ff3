"""The transformer's shape, first numbers and sequences: what all contestants share.

Two layers, 16 wide, 4 heads, 27 symbols; root-mean-square norms, no biases.
"""

from __future__ import annotations

import numpy as np

from benchmarks.works import Array

WIDTH, HEADS, SYMBOLS, LAYERS, SEQUENCES = 16, 4, 27, 2, 32
SIZE = WIDTH // HEADS  # of a head
EPSILON = 1e-5

Numbers = dict[str, Array]  # the matrices by name, shape (outputs, inputs)


def first_numbers(context: int, layers: int = LAYERS) -> Numbers:
    """The matrices that all begin with, for sequences of so many symbols."""
    random = np.random.default_rng(0)
    shapes = {"symbols": (SYMBOLS, WIDTH), "positions": (context, WIDTH)}
    for i in range(layers):
        shapes |= {f"{name}{i}": (WIDTH, WIDTH) for name in ("query", "key", "value", "mix")}
        shapes |= {f"widen{i}": (4 * WIDTH, WIDTH), f"narrow{i}": (WIDTH, 4 * WIDTH)}
    shapes["logits"] = (SYMBOLS, WIDTH)
    return {name: 0.2 * random.normal(size=shape) for name, shape in shapes.items()}


def data(context: int) -> tuple[Array, Array]:
    """Symbols and the ones that follow, shape (SEQUENCES, context)."""
    text = np.random.default_rng(1).integers(0, SYMBOLS, (SEQUENCES, context + 1))
    return text[:, :-1].copy(), text[:, 1:].copy()
