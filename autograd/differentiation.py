"""Reverse mode: the chain rule, walked from the root of a graph to its leaves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, overload

import numpy as np

from autograd import context
from autograd.graph import recorded_order
from autograd.value import Value, as_values, constant


def backward(root: Value) -> None:
    """Compute the derivative of `root` with respect to every node that it depends on.

    Leaves add it to what their `grad` holds, so that calling it twice adds exactly twice; other
    nodes show the latest call's. Interrupted, it changes all gradients or none.

    Raises:
        ValueError: the root is a constant, so nothing it depends on can have a gradient.

    >>> x = Value(3.0)
    >>> y = x * x
    >>> y.backward()
    >>> y.backward()
    >>> x.grad, y.grad
    (12.0, 1.0)
    """
    if root._edges is None:
        raise ValueError(
            f"{root!r} is a constant, so there is nothing to differentiate: it was made from plain "
            "numbers only, or under no_grad()"
        )
    order = recorded_order(root)
    leaves: dict[Any, Any] = {root: 1.0}
    gradients = propagate(order, leaves)
    if len(leaves) > 1 or any(getattr(leaf, "superseded", False) for leaf in leaves):
        leaves = _by_parameter(leaves)
    totals = [leaf._grad + gradient for leaf, gradient in leaves.items()]
    try:
        _assign(order[::-1], gradients, leaves, totals)
    except BaseException:  # Interrupted half-way: once more and whole, then the interrupt.
        _assign(order[::-1], gradients, leaves, totals)
        raise


def _assign(
    nodes: Iterable[Value],
    gradients: Iterable[float],
    leaves: Iterable[Value],
    totals: Iterable[float],
) -> None:
    for node, gradient in zip(nodes, gradients, strict=True):
        node._grad = gradient
    for leaf, total in zip(leaves, totals, strict=True):
        leaf._grad = total


def propagate(order: Sequence[Value], gradients: dict[Value, Any]) -> list[Any]:
    """Walk the chain rule from the last node of `order` to the first.

    Parameters:
        order: the nodes to pass through, operands before results.
        gradients: those of the roots; in the end those of the leaves.

    Returns:
        The gradients of the nodes, the last one's first; 0.0 for a node that nothing passes to.
    """
    watcher = context.current().watcher if context.special else None
    get, take, passed = gradients.get, gradients.pop, []
    for node in reversed(order):
        edges: Any = node._edges
        try:
            gradient = take(node)
        except KeyError:  # Only operands without a partial lead here.
            passed.append(0.0)
            _reach_leaves(edges, gradients)
            continue
        passed.append(gradient)
        if len(edges) == 4:  # The loop below, unrolled: most nodes have two operands.
            a, b, left, right = edges
            if left is not None:
                gradients[a] = get(a, 0.0) + left * gradient
            elif a._edges is not None:
                _reach_leaves((a, None), gradients)
            if right is not None:
                gradients[b] = get(b, 0.0) + right * gradient
            elif b._edges is not None:
                _reach_leaves((b, None), gradients)
        else:
            for operand, partial in zip(edges, edges[len(edges) // 2 :]):  # noqa: B905
                if partial is not None:
                    gradients[operand] = get(operand, 0.0) + partial * gradient
                elif operand._edges is not None:
                    _reach_leaves((operand, None), gradients)
        if watcher:
            watcher.differentiated(order, passed)
    return passed


def _reach_leaves(edges: Sequence[Any], gradients: dict[Value, Any]) -> None:
    """Zeros for leaves that nothing passes to: the root depends on them, its slope is 0."""
    for operand in edges[: len(edges) // 2]:
        if operand._edges == ():
            gradients.setdefault(operand, 0.0)


def gradients_of(roots: dict[Value, Any]) -> dict[Value, Any]:
    """The gradients of all nodes and leaves that the roots depend on, given the roots' own."""
    order = recorded_order(*roots)
    leaves = dict(roots)
    gradients = propagate(order, leaves)
    found: dict[Any, Any] = dict(zip(order[::-1], gradients, strict=True)) | leaves
    return _by_parameter(found)


def _by_parameter(gradients: dict[Any, Any]) -> dict[Any, Any]:
    """What a compiled function gave depends on a vector of parameters: give each its part."""
    found = {leaf: part for leaf, part in gradients.items() if isinstance(leaf, Value)}
    for vector in gradients.keys() - found.keys():
        parts = np.broadcast_to(gradients[vector], len(vector.parameters)).tolist()
        for parameter, part in zip(vector.parameters, parts, strict=True):
            found[parameter] = found.get(parameter, 0.0) + part
    return found


def propagate_recording(
    order: Sequence[Value], gradients: dict[Value, Value], inputs: Iterable[Value]
) -> None:
    """The same with Values: the partials are evaluated as operations, and so are recorded.

    Parameters:
        inputs: the nodes whose gradients are asked for; what leads to none of them is left out.

    Raises:
        RuntimeError: a number was assigned to `.data` since the graph was recorded.
    """
    traced = context.special and context.current().tracer
    leading = {x for x in inputs if x._edges is not None}
    for node in order:
        if not leading.isdisjoint(node.operands):
            leading.add(node)
    for node in reversed(order):
        gradient = gradients.get(node) if node in leading else None
        if gradient is None:  # Or only operands without a partial lead here.
            continue
        edges: Any = node._edges
        operands = edges[: len(edges) // 2]
        wanted = [x in leading for x in operands]
        assert node.op is not None
        partials = node.op.local_derivatives(operands, node, wanted)
        for operand, partial, recorded in zip(operands, partials, edges[len(operands) :]):  # noqa: B905
            if partial is not None:
                if not traced and getattr(partial, "_data", partial) != recorded:
                    _check_unchanged(node, operand, float(partial), recorded)
                one = isinstance(partial, float) and partial == 1.0
                contribution = gradient if one else gradient * partial
                known = gradients.get(operand)
                gradients[operand] = contribution if known is None else known + contribution


def _check_unchanged(node: Value, operand: Value, now: float, recorded: float | None) -> None:
    """Whether a partial, evaluated now, is the number that was recorded."""
    both_nan = now != now and recorded != recorded
    # The rounding of a sum is no change: Python's `sum` does it otherwise on floats.
    if both_nan or (recorded is not None and math.isclose(now, recorded, rel_tol=1e-12)):
        return
    assert node.op is not None
    raise RuntimeError(
        f"{node.op.name}() was recorded with other numbers than its operands have now, "
        f"{listed(node.operands)}: its derivative with respect to {listed([operand])} was "
        f"{recorded} then and is {now} now. After assigning to .data, compute anew what is to be "
        "differentiated"
    )


def listed(operands: Sequence[Value]) -> str:
    """The numbers of some nodes, and their labels, for a message."""
    texts = [f"{x.label} = {x._data}" if x.label else str(x._data) for x in operands[:8]]
    return ", ".join(texts) + (", ..." if len(operands) > 8 else "")


def _equal(a: float, b: float) -> bool:
    """But for the rounding of a sum, which Python's `sum` does otherwise on floats."""
    return math.isclose(a, b, rel_tol=1e-12) or (a != a and b != b)


@overload
def gradient(output: Value, inputs: Value, *, create_graph: bool = False) -> Value: ...
@overload
def gradient(
    output: Value, inputs: Sequence[Value], *, create_graph: bool = False
) -> list[Value]: ...
def gradient(
    output: Value, inputs: Value | Sequence[Value], *, create_graph: bool = False
) -> Value | list[Value]:
    """The derivatives of `output` with respect to `inputs`, leaving every `grad` alone.

    Parameters:
        inputs: one Value or a sequence of them; leaves or nodes on the way.
        create_graph: record the derivatives themselves, so that they can be differentiated again.

    Returns:
        One Value for one, a list for a sequence. An input that `output` does not depend on has
        the derivative 0. Without `create_graph` the Values are constants.

    Raises:
        RuntimeError: with `create_graph`, when a number was assigned to `.data` since `output` was
            computed, so that old and new numbers would be mixed.

    >>> x = Value(3.0)
    >>> first = gradient(x**3, x, create_graph=True)
    >>> second = gradient(first, x)
    >>> first.data, second.data
    (27.0, 18.0)
    """
    wanted = [inputs] if isinstance(inputs, Value) else list(inputs)
    for x in (output, *wanted):
        if not isinstance(x, Value):
            raise TypeError(f"gradient() is of a Value with respect to Values, not {x!r:.60}")
    found: dict[Value, Any]
    traced = context.special and context.current().tracer
    if create_graph or traced:
        # A tracer's Values have no numbers; their derivatives are recorded in any case.
        found = {output: constant(1.0)}
        propagate_recording(recorded_order(output), found, wanted)
    else:
        found = gradients_of({output: 1.0})
    results = [found.get(x, 0.0) for x in wanted]
    values = as_values(results)
    if traced and not create_graph:
        with context.no_grad():
            values = [x * 1.0 for x in values]
    return values[0] if isinstance(inputs, Value) else values


Value.backward = backward  # type: ignore[method-assign, assignment]
