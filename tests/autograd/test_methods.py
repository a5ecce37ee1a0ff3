"""`autograd/methods.pyi` tells type checkers the methods that the table gives to Value.

It is written from the table: `python -m tests.autograd.test_methods`.
"""

import inspect
from pathlib import Path

import pytest

from autograd import TABLE, Operation

# Of this tree, and not of another one that happens to be installed.
STUB = Path(__file__).parents[2] / "autograd" / "methods.pyi"
HEADER = '''\
"""The methods of Value that come from the table of operations, for type checkers.

Written by `python -m tests.autograd.test_methods`; a test says when it is out of date.
"""

from collections.abc import Sequence

from autograd.value import Value

_Operand = Value | float

class Methods:
    def backward(self) -> None: ...
'''
OPERATORS = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow"]
COMPARISONS = ["lt", "le", "gt", "ge"]


def parameters(row: Operation) -> str:
    if row.nary:
        return "*operands: _Operand | Sequence[_Operand]"
    functions = [partial for partial in row.partials if callable(partial)]
    names = list(inspect.signature(functions[0]).parameters)[1:-1] if functions else ["b"]
    names = names[: len(row.partials) - 1]
    arranged = inspect.signature(row.arrange).parameters.values()
    defaults = {p.name: p.default for p in arranged if p.default is not p.empty}
    return ", ".join(
        f"{name}: _Operand" + (f" = {defaults[name]}" if name in defaults else "") for name in names
    )


def expected_stub() -> str:
    lines = [
        f"    def {row.name}({', '.join(filter(None, ['self', parameters(row)]))}) -> Value: ...\n"
        for row in TABLE.values()
    ]
    operators = [
        *[f"    def __{name}__(self, other: _Operand) -> Value: ...\n" for name in OPERATORS],
        *[f"    def __r{name}__(self, other: float) -> Value: ...\n" for name in OPERATORS],
        *[f"    def __{name}__(self) -> Value: ...\n" for name in ("neg", "abs", "floor", "ceil")],
        *[f"    def __{name}__(self, other: _Operand) -> bool: ...\n" for name in COMPARISONS],
    ]
    return HEADER + "".join([*operators, *lines])


def test_stub_of_methods_is_that_of_the_table():
    assert STUB.read_text() == expected_stub()


USE = """\
import math
from typing import assert_type

import autograd
from autograd import Value

x = Value(1.0)
assert_type(x.tanh(), Value)
assert_type(x.leaky_relu(0.1), Value)
assert_type(2.0 * x + x**x / 3.0 - (-x), Value)
assert_type(divmod(7.0 // x, x % 2.0), tuple[Value, Value])
assert_type(math.floor(x), Value)
assert_type(x < 2.0, bool)
y: Value = autograd.tanh(x)
x.nonsense()
"""


def test_type_checkers_know_methods_operators_and_functions(tmp_path: Path):
    api = pytest.importorskip("mypy.api")
    program = tmp_path / "program.py"
    program.write_text(USE)
    said, _, _ = api.run(["--strict", "--config-file=", str(program)])
    errors = [line for line in said.splitlines() if ": error: " in line]
    assert len(errors) == 1, said
    assert 'has no attribute "nonsense"' in errors[0]


if __name__ == "__main__":
    STUB.write_text(expected_stub())
