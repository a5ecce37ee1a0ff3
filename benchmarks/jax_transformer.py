"""The transformer of `sequences.py` in JAX, as batched arrays, the whole step in one `jit`."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.jax_networks import cross_entropy, synchronous
from benchmarks.sequences import EPSILON, HEADS, LAYERS, SIZE, SYMBOLS, WIDTH, Numbers
from benchmarks.works import RATE, Array


def norm(x: Array) -> Array:
    return x * jax.lax.rsqrt(jnp.square(x).mean(-1, keepdims=True) + EPSILON)


def heads(x: Array) -> Array:
    """(sequences, positions, width) -> (sequences, heads, positions, width of a head)."""
    return x.reshape(*x.shape[:2], HEADS, SIZE).transpose(0, 2, 1, 3)


def attention(q: Array, k: Array, v: Array) -> Array:
    causal = np.tri(q.shape[2], dtype=bool)
    scores = jnp.where(causal, q @ k.swapaxes(2, 3) * SIZE**-0.5, -jnp.inf)
    mixed = jax.nn.softmax(scores) @ v
    return mixed.transpose(0, 2, 1, 3).reshape(len(q), -1, WIDTH)


def mean_loss(p: Any, symbols: Array, y: Array) -> Array:
    x = p["symbols"][symbols] + p["positions"]
    for i in range(LAYERS):
        h = norm(x)
        q, k, v = (heads(h @ p[f"{name}{i}"].T) for name in ("query", "key", "value"))
        x = x + attention(q, k, v) @ p[f"mix{i}"].T
        x = x + jax.nn.relu(norm(x) @ p[f"widen{i}"].T) @ p[f"narrow{i}"].T
    return cross_entropy((x @ p["logits"].T).reshape(-1, SYMBOLS), y.reshape(-1))


@partial(jax.jit, donate_argnums=0)
def training_step(p: Any, symbols: Array, y: Array) -> Any:
    loss, gradient = jax.value_and_grad(mean_loss)(p, symbols, y)
    return loss, jax.tree.map(lambda a, g: a - RATE * g, p, gradient)


class JaxTransformer:
    """Training steps on one batch."""

    def __init__(self, numbers: Numbers, x: Array, y: Array) -> None:
        self.names = list(numbers)
        self.arrays = {name: jnp.array(matrix) for name, matrix in numbers.items()}
        self.x, self.y = jnp.array(x), jnp.array(y)

    def step(self) -> Any:
        loss, self.arrays = training_step(self.arrays, self.x, self.y)
        return loss.block_until_ready()

    def parameters(self) -> Array:
        return np.concatenate([np.asarray(self.arrays[name]).ravel() for name in self.names])


def synchronous_transformer(*arguments: Any) -> JaxTransformer:
    """The same, for a process of its own."""
    synchronous()
    return JaxTransformer(*arguments)
