"""The source of a program: one readable text, and code that can be bound to arrays.

Python compiles it once and in pieces, because its tree of a long text takes hundreds of times the
memory of the text. Each binding gets code objects of its own, which are copied in microseconds:
what the interpreter learns about the names of a function is then not forgotten when two batch
sizes take turns.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

import numpy as np

_FILE = "<compiled program>"
_PIECE = 500  # lines that are compiled together
_FLOAT = re.compile(r"\d\.\d|\de[-+]")

Statements = Sequence[tuple[str, str]]  # each with its comment


class Source:
    """Declarations at module level, and two functions of straight-line statements.

    Parameters:
        given: the names of the functions' parameters.

    >>> source = Source(["x"], [("y = [2.0]", "")], [("y[0] *= x", "doubles it")], [])
    >>> print(source.text)
    y = [2.0]
    <BLANKLINE>
    <BLANKLINE>
    def forward(x):
        y[0] *= x  # doubles it
    <BLANKLINE>
    <BLANKLINE>
    def backward(x):
        pass
    <BLANKLINE>
    >>> names = {}
    >>> forward, backward = source.bind(names)
    >>> forward(10.0)
    >>> names["y"]
    [20.0]
    """

    def __init__(
        self,
        given: Sequence[str],
        declarations: Statements,
        forward: Statements,
        backward: Statements,
    ) -> None:
        self._head = _lines(declarations, "")
        self._numbers = _Numbers()
        self._functions = [
            (f"def {name}({', '.join(given)}):", _lines(statements or [("pass", "")], "    "))
            for name, statements in (("forward", forward), ("backward", backward))
        ]

    @property
    def text(self) -> str:
        """The whole, as it can be printed and read."""
        functions = [line for head, body in self._functions for line in ("", "", head, *body)]
        return "\n".join([*self._head, *functions, ""])

    def bind(self, names: dict[str, Any]) -> tuple[Callable[..., None], ...]:
        """Run the declarations in `names`; `forward` and `backward` on what they made there."""
        declarations, *functions = self._code
        names |= self._numbers.found
        for code in declarations:
            exec(code, names)
        return tuple(
            _in_turn([FunctionType(code.replace(), names) for code in pieces])
            for pieces in functions
        )

    @cached_property
    def _code(self) -> list[list[CodeType]]:
        """The pieces of the declarations and of each function, with the lines of `text`."""
        line = len(self._head) + 3
        compiled = [
            [
                compile(part, _FILE, "exec").replace(co_firstlineno=1 + start)
                for start, part in _parts(self._head)
            ]
        ]
        for head, body in self._functions:
            compiled.append(self._pieces(head, body, line))
            line += len(body) + 3
        return compiled

    def _pieces(self, head: str, body: Sequence[str], line: int) -> list[CodeType]:
        """The bodies of functions of which `head` is line number `line`."""
        pieces = []
        for start, part in _parts(body):
            text = f"{head}\n{part}"
            tree = self._numbers.visit(ast.parse(text)) if _FLOAT.search(part) else text
            constants = compile(tree, _FILE, "exec").co_consts
            (code,) = (content for content in constants if isinstance(content, CodeType))
            pieces.append(code.replace(co_firstlineno=line + start))
        return pieces


class _Numbers(ast.NodeTransformer):
    """Floats become the names of arrays without axes, which NumPy's functions take in sooner.

    What a number is called is its text.
    """

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return self._name(node.value, node) if type(node.value) is float else node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        number: Any = getattr(node.operand, "value", None)
        is_negative = isinstance(node.op, ast.USub) and type(number) is float
        return self._name(-number, node) if is_negative else node

    def _name(self, number: float, node: ast.expr) -> ast.expr:
        self.found[repr(number)] = np.array(number)
        return ast.copy_location(ast.Name(repr(number), ast.Load()), node)


def _lines(statements: Statements, indent: str) -> list[str]:
    return [
        f"{indent}{text}" + (f"  # {comment}" if comment else "") for text, comment in statements
    ]


def _parts(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """What is compiled together, and the place of its first line."""
    for start in range(0, len(lines), _PIECE):
        yield start, "\n".join(lines[start : start + _PIECE])


def _in_turn(functions: Sequence[Callable[..., None]]) -> Callable[..., None]:
    if len(functions) == 1:
        return functions[0]

    def run(*given: Any) -> None:
        for function in functions:
            function(*given)

    return run
