"""The networks in NumPy, written by hand: one function a network, as an expert writes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.works import RATE, Array, Matrices, Work, flat


class NumpyNetwork:
    """Weights of shape (nin, nout), one example a row; a subclass makes the step."""

    def __init__(self, matrices: Matrices, x: Array, y: Array) -> None:
        self.weights = [np.ascontiguousarray(w.T) for w, _ in matrices]
        self.biases = [b.copy() for _, b in matrices]
        self.x, self.y = x, y
        self.rows = np.arange(len(y))

    def parameters(self) -> Array:
        return flat([(w.T, b) for w, b in zip(self.weights, self.biases, strict=True)])


class ReluHinge(NumpyNetwork):
    def step(self) -> Any:
        x, y, n = self.x, self.y[:, None], len(self.x)
        (w1, w2, w3), (b1, b2, b3) = self.weights, self.biases
        h1 = x @ w1
        h1 += b1
        np.maximum(h1, 0.0, out=h1)
        h2 = h1 @ w2
        h2 += b2
        np.maximum(h2, 0.0, out=h2)
        score = h2 @ w3
        score += b3
        margin = 1.0 - y * score
        loss = np.maximum(margin, 0.0).sum() / n

        d_score = (margin > 0.0) * (y / -n)
        d_h2 = d_score * w3.T
        d_h2 *= h2 > 0.0
        d_h1 = d_h2 @ w2.T
        d_h1 *= h1 > 0.0
        w3 -= RATE * (h2.T @ d_score)
        b3 -= RATE * d_score.sum(axis=0)
        w2 -= RATE * (h1.T @ d_h2)
        b2 -= RATE * d_h2.sum(axis=0)
        w1 -= RATE * (x.T @ d_h1)
        b1 -= RATE * d_h1.sum(axis=0)
        return loss


class TanhSquared(NumpyNetwork):
    def step(self) -> Any:
        x, y, n = self.x, self.y[:, None], len(self.x)
        (w1, w2, w3), (b1, b2, b3) = self.weights, self.biases
        h1 = x @ w1
        h1 += b1
        np.tanh(h1, out=h1)
        h2 = h1 @ w2
        h2 += b2
        np.tanh(h2, out=h2)
        error = h2 @ w3
        error += b3
        error -= y
        loss = (error * error).sum() / n

        error *= 2.0 / n
        d_h2 = error * w3.T
        d_h2 *= 1.0 - h2 * h2
        d_h1 = d_h2 @ w2.T
        d_h1 *= 1.0 - h1 * h1
        w3 -= RATE * (h2.T @ error)
        b3 -= RATE * error.sum(axis=0)
        w2 -= RATE * (h1.T @ d_h2)
        b2 -= RATE * d_h2.sum(axis=0)
        w1 -= RATE * (x.T @ d_h1)
        b1 -= RATE * d_h1.sum(axis=0)
        return loss


class ReluCrossEntropy(NumpyNetwork):
    def step(self) -> Any:
        x, (w1, w2), (b1, b2) = self.x, self.weights, self.biases
        h1 = x @ w1
        h1 += b1
        np.maximum(h1, 0.0, out=h1)
        logits = h1 @ w2
        logits += b2
        loss = self.cross_entropy(logits)

        d_h1 = logits @ w2.T
        d_h1 *= h1 > 0.0
        w2 -= RATE * (h1.T @ logits)
        b2 -= RATE * logits.sum(axis=0)
        w1 -= RATE * (x.T @ d_h1)
        b1 -= RATE * d_h1.sum(axis=0)
        return loss

    def cross_entropy(self, logits: Array) -> Any:
        """The mean loss; the logits become its gradient."""
        n = len(logits)
        logits -= logits.max(axis=1, keepdims=True)
        right = logits[self.rows, self.y].sum()
        np.exp(logits, out=logits)
        total = logits.sum(axis=1, keepdims=True)
        loss = (np.log(total).sum() - right) / n
        logits /= total * n
        logits[self.rows, self.y] -= 1.0 / n
        return loss


class SigmoidCrossEntropy(ReluCrossEntropy):
    def step(self) -> Any:
        x, (w1, w2, w3), (b1, b2, b3) = self.x, self.weights, self.biases
        h1 = self.sigmoid(x @ w1, b1)
        h2 = self.sigmoid(h1 @ w2, b2)
        logits = h2 @ w3
        logits += b3
        loss = self.cross_entropy(logits)

        d_h2 = logits @ w3.T
        d_h2 *= h2 * (1.0 - h2)
        d_h1 = d_h2 @ w2.T
        d_h1 *= h1 * (1.0 - h1)
        w3 -= RATE * (h2.T @ logits)
        b3 -= RATE * logits.sum(axis=0)
        w2 -= RATE * (h1.T @ d_h2)
        b2 -= RATE * d_h2.sum(axis=0)
        w1 -= RATE * (x.T @ d_h1)
        b1 -= RATE * d_h1.sum(axis=0)
        return loss

    def sigmoid(self, z: Array, bias: Array) -> Array:
        """Of z + bias, in place."""
        z += bias
        np.negative(z, out=z)
        np.exp(z, out=z)
        z += 1.0
        return np.reciprocal(z, out=z)


def numpy_network(work: Work, matrices: Matrices, x: Array, y: Array) -> NumpyNetwork:
    """The one for this activation and loss."""
    kinds = {
        ("relu", "hinge"): ReluHinge,
        ("tanh", "mse"): TanhSquared,
        ("relu", "cross_entropy"): ReluCrossEntropy,
        ("sigmoid", "cross_entropy"): SigmoidCrossEntropy,
    }
    return kinds[work.activation, work.loss](matrices, x, y)
