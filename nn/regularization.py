"""Penalties: what a model pays for large parameters, as a Value that is added to the loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.operations import dot, total
from autograd.value import Value
from nn.module import Module
from nn.settings.configured import Configured
from nn.settings.ranges import from_zero


class Penalty(Configured):
    """The base: a function of a model that gives a Value. Penalties can be added."""

    def __call__(self, model: Module) -> Value:
        terms = self.terms(model)
        if not terms:
            return Value(0.0)
        whole: Value = terms[0] if len(terms) == 1 else total(terms)
        return whole

    def terms(self, model: Module) -> list[Value]:
        """What it is the sum of; nothing for a strength of 0."""
        raise NotImplementedError(f"{type(self).__name__} must define terms(model)")

    def __add__(self, other: Penalty) -> Penalty:
        return Sum(self, other) if isinstance(other, Penalty) else NotImplemented

    def __radd__(self, nothing: int) -> Penalty:
        return self if nothing == 0 else NotImplemented  # as `sum` begins


class Sum(Penalty):
    """Two penalties together."""

    def __init__(self, first: Penalty, second: Penalty) -> None:
        self.first, self.second = first, second

    def terms(self, model: Module) -> list[Value]:
        return self.first.terms(model) + self.second.terms(model)

    def __repr__(self) -> str:
        return f"{self.first} + {self.second}"


class _Norm(Penalty):
    """A strength times the size of the weights, and another times that of the biases."""

    def __init__(self, weights: float = 0.0, biases: float = 0.0) -> None:
        self.weights = from_zero(f"the strength of {type(self).__name__} for weights", weights)
        self.biases = from_zero(f"the strength of {type(self).__name__} for biases", biases)

    def terms(self, model: Module) -> list[Value]:
        weights, biases = _weights_and_biases(self, model)
        groups = ((self.weights, weights), (self.biases, biases))
        return [strength * self.size(group) for strength, group in groups if strength and group]

    def size(self, parameters: Sequence[Value]) -> Value:
        raise NotImplementedError


class L1(_Norm):
    """`strength * sum(|p|)`, which makes parameters 0 that matter little (Tibshirani, 1996).

    Parameters:
        weights: the strength for all parameters but biases, from 0 on.
        biases: that for biases: the parameters that are called `bias`, or are in `biases`.

    Called on a Module, it gives a Value; each parameter counts once.

    Raises:
        TypeError: it is called on what is no Module.

    >>> from nn import MLP, mse
    >>> model = MLP(2, [1], seed=0)
    >>> penalty = L1(weights=0.5)
    >>> loss = mse(model([1.0, 2.0]), 3.0) + penalty(model)
    >>> weights = model.parameters()[:2]
    >>> penalty(model).data == 0.5 * sum(abs(w.data) for w in weights)
    True
    """

    def size(self, parameters: Sequence[Value]) -> Value:
        size: Value = total([abs(p) for p in parameters])
        return size


class L2(_Norm):
    """`strength * sum(p**2)`, which makes parameters smaller (Hoerl & Kennard, 1970).

    What others call weight decay by the gradient is half of it: `weight_decay=w` adds `w * p` to
    the gradient of each p, as `L2(weights=w / 2, biases=w / 2)` does.

    Parameters:
        weights: the strength for all parameters but biases, from 0 on.
        biases: that for biases: the parameters that are called `bias`, or are in `biases`.

    Called on a Module, it gives a Value; each parameter counts once.

    Raises:
        TypeError: it is called on what is no Module.

    >>> from nn import MLP
    >>> model = MLP(2, [1], seed=0)
    >>> penalty = L1(biases=0.5) + L2(weights=0.5)
    >>> penalty(model).backward()
    >>> [p.grad == p.data for p in model.parameters()]
    [True, True, True]
    """

    def size(self, parameters: Sequence[Value]) -> Value:
        size: Value = dot(parameters, parameters)
        return size


def _weights_and_biases(penalty: Penalty, model: Any) -> tuple[list[Value], list[Value]]:
    if not isinstance(model, Module):
        raise TypeError(
            f"{type(penalty).__name__} looks for the parameters of a Module, and this model is "
            f"none: {model!r:.80}. Give the Module that it uses, or a penalty of your own: a "
            "function of the model that gives a Value"
        )
    weights: list[Value] = []
    biases: list[Value] = []
    for name, parameter in model.named_parameters():
        (biases if _is_bias(name) else weights).append(parameter)
    return weights, biases


def _is_bias(name: str) -> bool:
    """Whether the last attribute on the way to a parameter says so; places in lists do not count.

    >>> [_is_bias(name) for name in ("layers.0.bias", "biases.3", "bias.weights.0")]
    [True, True, False]
    """
    attributes = [part for part in name.split(".") if not part.isdigit()]
    return attributes[-1:] in (["bias"], ["biases"])
