"""What a compiled function gives: arrays in the shape of its results, and nodes of the graph."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from autograd.compiler.errors import CompilationError
from autograd.operation import Operation
from autograd.structure import flatten, rebuild
from autograd.value import _NOT_COMPUTED, Value

_new = object.__new__  # found more quickly under this name


class Result(Value):
    """A node whose operands are parameters, or one vector of them."""

    __slots__ = ()

    @staticmethod
    def of(op: Operation, number: float, edges: tuple[Any, ...]) -> Result:
        """The node of `op` with these operands and partials."""
        out: Result = _new(Result)
        out._data, out._grad = number, _NOT_COMPUTED
        out.op, out._edges = op, edges
        out.label = out.scope = ""
        return out

    def backward(self) -> None:
        """As for any Value; if it depends on one vector of parameters, in one addition."""
        edges = self._edges
        if edges and len(edges) == 2 and (add := getattr(edges[0], "add_to_grad", None)):
            add(edges[1])
            self._grad = 1.0
        else:
            super().backward()

    @property
    def operands(self) -> tuple[Value, ...]:
        leaves = super().operands
        return tuple(p for leaf in leaves for p in getattr(leaf, "parameters", (leaf,)))

    @property
    def partials(self) -> tuple[float | None, ...]:
        return tuple(float(p) for part in super().partials for p in np.atleast_1d(part))  # type: ignore[arg-type]


def operation(name: str) -> Operation:
    """The operation that results of a compiled function show; it has first derivatives only."""
    return Operation(name, symbol=name, forward=lambda x: x, partials=_refuse)


def _refuse(operands: Any, out: Any) -> NoReturn:
    raise CompilationError(
        "a compiled result has only first derivatives: to differentiate twice, call gradient() "
        "inside the compiled function"
    )


def in_structure(structure: Any, outputs: Any) -> Any:
    """Outputs of shape (batch, numbers), in the shape that the function gave them."""
    if not isinstance(structure, list):
        return outputs.reshape(len(outputs))
    try:
        shape = np.shape(structure)
    except ValueError:
        return rebuild(structure, list(outputs.T))
    return outputs.reshape(len(outputs), *shape)


def checked_outputs(result: Any) -> list[Any]:
    """The numbers of a result.

    Raises:
        CompilationError: there is something else among them.
    """
    outputs = flatten(result)
    for output in outputs or [result]:
        if not isinstance(output, Value | float | int | np.number):
            raise CompilationError(
                f"a compiled function returns Values or nested lists of them, not {output!r:.80}"
            )
    return outputs


def not_single(name: str, count: int) -> ValueError:
    """The error for a reduction or a gradient of a result that is not one number."""
    return ValueError(
        f"{name}() gives {count} numbers for each example: only a function of one result has a "
        "mean, a sum and a gradient"
    )


def empty_batch(name: str) -> ValueError:
    """The error for the mean of no examples."""
    return ValueError(f"{name}.mean() of an empty batch")
