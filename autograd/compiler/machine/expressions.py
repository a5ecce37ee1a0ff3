"""Operations as C: an expression of vectors for each."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.compiler.machine.coverage import Uncovered
from autograd.operation import Operation
from autograd.operations import TABLE

_TEXTS = {
    "add": "({0} + {1})",
    "subtract": "({0} - {1})",
    "multiply": "({0} * {1})",
    "divide": "({0} / {1})",
    "negate": "(-{0})",
    "absolute": "magnitude({0})",
    "equal": "truth({0} == {1})",
    "not_equal": "truth({0} != {1})",
    "less": "truth({0} < {1})",
    "less_equal": "truth({0} <= {1})",
    "greater": "truth({0} > {1})",
    "greater_equal": "truth({0} >= {1})",
    "maximum": "v_maximum({0}, {1})",
    "minimum": "v_minimum({0}, {1})",
    "where": "choose({0} != all(0.0), {1}, {2})",
}
_CALLS = ("exp", "log", "tanh", "sigmoid", "sech_squared", "relu", "sqrt", "leaky_relu", "step")
_FOLDED = ("add", "multiply", "maximum", "minimum", "total")


def expression(op: Operation, operands: Sequence[str]) -> str:
    """The operation of these expressions.

    Raises:
        Uncovered: machine code does not have it.
    """
    if TABLE.get(op.name) is not op:
        raise Uncovered(f"{op.name} is an operation of your own")
    name = "add" if op.name == "total" else op.name
    if name in ("add", "multiply", "maximum", "minimum") and len(operands) != 2:
        result = operands[0]
        for operand in operands[1:]:
            result = _TEXTS[name].format(result, operand)
        return result
    if name in _TEXTS:
        return _TEXTS[name].format(*operands)
    if name in _CALLS:
        return f"v_{name}({', '.join(operands)})"
    raise Uncovered(f"{op.name} is not written in C yet")


def number(x: float) -> str:
    """A number as C writes it."""
    if x != x:
        return '__builtin_nan("")'
    if x in (float("inf"), float("-inf")):
        return "INFINITE" if x > 0 else "-INFINITE"
    return float(x).hex()
