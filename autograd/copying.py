"""Copies of Values: a leaf or a constant with its number, a graph with all its nodes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from autograd.graph import topological_order
from autograd.value import _NOT_COMPUTED, Value


def copied(value: Value) -> Value:
    """A node of its own on the same operands."""
    return _restored(type(value), value._edges, dict(state_of(value)))


def deeply_copied(root: Value, memo: dict[int, Any]) -> Value:
    """The graph once more, one node after the other: a deep one would exhaust the stack."""
    for node in topological_order(root):
        if id(node) not in memo:
            memo[id(node)] = twin = copy.copy(node)
            memo.setdefault(id(memo), []).append(node)  # as `copy` does, so that it stays alive
            if edges := node._edges:
                count = len(edges) // 2
                operands = [copy.deepcopy(operand, memo) for operand in edges[:count]]
                twin._edges = (*operands, *edges[count:])
    return memo[id(root)]  # type: ignore[no-any-return]


def reduced(value: Value) -> tuple[Any, ...]:
    """What pickle keeps of a leaf or a constant; a graph is refused."""
    if value._edges:
        name = value.op.name if value.op else "an operation"
        raise TypeError(
            f"the result of {name}() cannot be pickled, as it would take its whole graph along: "
            "pickle its number, `.data`, or the Parameters and the function that it came from"
        )
    return _restored, (type(value), value._edges, dict(state_of(value)))


def state_of(value: Value) -> Iterator[tuple[str, Any]]:
    """The attributes of a Value, and of a subclass; no gradient if none was computed."""
    for kind in type(value).__mro__:
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            computed = name != "_grad" or value.has_grad
            ours = name in ("_edges", "__weakref__", "__dict__")
            if not ours and computed and hasattr(value, name):
                yield name, getattr(value, name)
    yield from getattr(value, "__dict__", {}).items()


def _restored(kind: type[Value], edges: Any, state: dict[str, Any]) -> Value:
    value: Value = object.__new__(kind)
    value._edges, value._grad = edges, _NOT_COMPUTED
    for name, content in state.items():
        setattr(value, name, content)
    return value


Value.__copy__ = copied  # type: ignore[attr-defined]
Value.__deepcopy__ = deeply_copied  # type: ignore[attr-defined]
Value.__reduce__ = reduced  # type: ignore[method-assign, assignment]
