"""Operations as C: an expression of vectors for each.

An operation is in machine code as soon as a C file has a function `v_<name>` for it; until then,
programs with it run in NumPy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from autograd.compiler.folding.simplification import FIRST
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.recorder import NO_GRAD
from autograd.compiler.scheduling.storages import COPY
from autograd.operation import Operation
from autograd.operations import TABLE

# Each uses those before it.
FILES = ("vectors.c", "exponentials.c", "logarithms.c", "normal.c", "functions.c")
FUNCTIONS = "\n".join(Path(__file__).with_name(name).read_text("utf-8") for name in FILES)
_WRITTEN = frozenset(re.findall(r"\bv_(\w+)", FUNCTIONS))

_USE = re.compile(r"\bv_(\w+)\(")

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
    "where": "choose({0} != all(0.0), {1}, {2})",
}
# Of the compiler, not of the table: the first operand, by names that say what its derivative is.
_AS_THEY_ARE = (COPY, FIRST, NO_GRAD)
_FOLDED = {
    "total": "({0} + {1})",
    "maximum": "v_maximum({0}, {1})",
    "minimum": "v_minimum({0}, {1})",
}
# Most are copied to where they are used. That takes compilers long if there are many of them, and
# longer functions are called then; these are never longer than a call.
_SHORT = frozenset(["maximum", "minimum", "relu", "leaky_relu", "step", "sign", "clip", "sqrt"])
_MANY = 24


def expression(op: Operation, operands: Sequence[str]) -> str:
    """The operation of these expressions.

    Raises:
        Uncovered: machine code does not have it.
    """
    if op in _AS_THEY_ARE:
        return operands[0]
    if TABLE.get(op.name) is not op:
        raise Uncovered(f"{op.name} is an operation of your own")
    if op.name in _FOLDED:
        return reduce(_FOLDED[op.name].format, operands)
    if op.name in _TEXTS:
        return _TEXTS[op.name].format(*operands)
    if op.name in _WRITTEN:
        return f"v_{op.name}({', '.join(operands)})"
    raise Uncovered(f"{op.name} has no C yet")


def number(x: float) -> str:
    """A number as C writes it."""
    if x != x:
        return '__builtin_nan("")'
    if x in (float("inf"), float("-inf")):
        return "INFINITE" if x > 0 else "-INFINITE"
    return repr(float(x))  # of which every compiler makes the same number again


def with_calls(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The same texts, in which functions that are used often are called; and these functions."""
    uses = Counter(_USE.findall("".join(texts)))
    often = [name for name, count in sorted(uses.items()) if count > _MANY and name not in _SHORT]
    functions = []
    for name in often:
        operands = "abc"[: TABLE[name].arity]
        given = ", ".join(f"Vector {x}" for x in operands)
        functions.append(
            f"CALLED Vector f_{name}({given}) {{ return v_{name}({', '.join(operands)}); }}"
        )
        texts = [text.replace(f"v_{name}(", f"f_{name}(") for text in texts]
    return functions, list(texts)
