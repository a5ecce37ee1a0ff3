"""The source of a program: one readable text, and code that can be bound to arrays.

Python compiles it once and in pieces, because its tree of a long text takes hundreds of times the
memory of the text. Each binding gets code objects of its own, which are copied in microseconds:
what the interpreter learns about the names of a function is then not forgotten when two batch
sizes take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

import numpy as np

_FILE = "<compiled program>"
_PIECE = 500  # lines that are compiled together

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
        compiled = [_pieces(self._head, 1)]
        for head, body in self._functions:
            compiled.append(_pieces(body, line, head))
            line += len(body) + 3
        return compiled


def _lines(statements: Statements, indent: str) -> list[str]:
    return [
        f"{indent}{text}" + (f"  # {comment}" if comment else "") for text, comment in statements
    ]


def _pieces(lines: Sequence[str], first: int, head: str | None = None) -> list[CodeType]:
    """The lines as code objects, or as the bodies of functions, of which `head` is a line.

    `first` is the number of the first line, or of the head.
    """
    pieces = []
    for start in range(0, len(lines), _PIECE):
        part = lines[start : start + _PIECE]
        code = compile("\n".join([head, *part] if head else part), _FILE, "exec")
        if head:
            (code,) = (content for content in code.co_consts if isinstance(content, CodeType))
            code = code.replace(co_consts=tuple(map(_constant, code.co_consts)))
        pieces.append(code.replace(co_firstlineno=first + start))
    return pieces


def _constant(content: Any) -> Any:
    """A number as an array without axes, which NumPy's functions take in sooner."""
    return np.array(content) if type(content) is float else content


def _in_turn(functions: Sequence[Callable[..., None]]) -> Callable[..., None]:
    if len(functions) == 1:
        return functions[0]

    def run(*given: Any) -> None:
        for function in functions:
            function(*given)

    return run
