"""Activations: what bends a weighted sum, given by the name of an operation or as a function."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import methodcaller
from typing import Any

from autograd.operation import Operation
from autograd.operations import TABLE
from autograd.value import Value

Activation = str | Callable[[Value], Value]


def chosen(activation: Activation) -> tuple[Activation, Callable[[Value], Value]]:
    """How it is kept, by its name if it has one in the table of operations, and its function.

    Raises:
        ValueError, TypeError: there is no such operation, or no gradient passes the function.

    >>> chosen(Value.tanh)[0]
    'tanh'
    """
    if callable(activation):
        _check(activation)
        name = _row_of(activation)
        if not name:
            return activation, activation
        activation = name
    if activation == "linear":
        return "linear", methodcaller("__pos__")
    if not isinstance(activation, str) or not is_of_one_value(activation):
        raise ValueError(
            f"there is no activation {activation!r:.80}: give 'linear', the name of an operation "
            "such as 'relu', 'tanh' or 'sigmoid', or a function of a Value"
        )
    # Not the method itself, so that neurons can be pickled.
    return activation, methodcaller(activation)


def name_of(function: Any) -> str:
    """A function's name, that of what a `functools.partial` calls, or of the class of any other."""
    if isinstance(function, partial):
        return name_of(function.func)
    name = getattr(function, "name", None) or getattr(function, "__name__", None)
    return name if isinstance(name, str) else type(function).__name__


def shown(activation: Activation) -> str:
    """An activation as text: its name."""
    return activation if isinstance(activation, str) else name_of(activation)


def is_of_one_value(function: Any) -> bool:
    """Whether it is an operation that can do with one operand: itself, its method or its name.

    >>> is_of_one_value(Value.tanh), is_of_one_value("logsumexp")
    (True, False)
    """
    keywords: dict[str, Any] = {}
    if isinstance(function, partial) and not function.args:
        function, keywords = function.func, function.keywords
    name = function if isinstance(function, str) else _row_of(function)
    operation = function if isinstance(function, Operation) else TABLE.get(name)
    if operation is None or operation.nary:
        return False
    try:
        return len(operation.arrange(0.5, **keywords)) == operation.arity
    except TypeError:
        return False


def _row_of(function: Any) -> str:
    """The name under which the table has an operation or its method; "" for all others."""
    name = name_of(function)
    row = TABLE.get(name)
    known = row is not None and (function is row or function is getattr(Value, name))
    return name if known else ""


def _check(activation: Callable[[Value], Any]) -> None:
    """Raise for a function that leaves the graph, as those of `math` do."""
    try:
        result = activation(Value(0.5))
    except Exception:  # It has its own idea of what it can be called on.
        return
    if not isinstance(result, Value):
        raise TypeError(
            f"an activation gives a Value, and {activation!r:.60} gives {result!r:.60}, through "
            "which no gradient can pass: take autograd's functions and not math's"
        )
