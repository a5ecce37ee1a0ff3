"""The networks in JAX: the whole step in one `jit`, which updates in place (donated)."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.works import RATE, Array, Matrices, Work, flat

jax.config.update("jax_enable_x64", True)

ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}


def hinge(outputs: Array, y: Array) -> Array:
    return jnp.maximum(1.0 - y * outputs[:, 0], 0.0).mean()


def mse(outputs: Array, y: Array) -> Array:
    return jnp.square(outputs[:, 0] - y).mean()


def cross_entropy(outputs: Array, y: Array) -> Array:
    return -jnp.take_along_axis(jax.nn.log_softmax(outputs), y[:, None], axis=1).mean()


LOSSES = {"hinge": hinge, "mse": mse, "cross_entropy": cross_entropy}


class JaxNetwork:
    """Weights of shape (nin, nout), one example a row."""

    def __init__(self, work: Work, matrices: Matrices, x: Array, y: Array) -> None:
        activation, loss = ACTIVATIONS[work.activation], LOSSES[work.loss]

        def mean_loss(layers: Any, x: Array, y: Array) -> Array:
            for w, b in layers[:-1]:
                x = activation(x @ w + b)
            w, b = layers[-1]
            return loss(x @ w + b, y)

        def step(layers: Any, x: Array, y: Array) -> Any:
            value, gradient = jax.value_and_grad(mean_loss)(layers, x, y)
            return value, jax.tree.map(lambda p, g: p - RATE * g, layers, gradient)

        self._step = jax.jit(step, donate_argnums=0)
        self.layers = [(jnp.array(w.T), jnp.array(b)) for w, b in matrices]
        self.x, self.y = jnp.array(x), jnp.array(y)

    def step(self) -> Any:
        loss, self.layers = self._step(self.layers, self.x, self.y)
        return loss.block_until_ready()

    def parameters(self) -> Array:
        return flat([(np.asarray(w).T, np.asarray(b)) for w, b in self.layers])


def synchronous() -> None:
    """Run computations at once, in the calling thread; before the first one of the process."""
    jax.config.update("jax_cpu_enable_async_dispatch", False)


def synchronous_network(*arguments: Any) -> JaxNetwork:
    """The same, for a process of its own."""
    synchronous()
    return JaxNetwork(*arguments)
