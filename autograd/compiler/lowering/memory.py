"""Memory: intermediate results that are not needed any more make room for others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from autograd.compiler.statements import Buffer, Statement, View


def with_shared_memory(statements: Sequence[Statement]) -> list[Statement]:
    """The same statements, in which one buffer is the memory of several, one after the other."""
    last_use = {
        buffer: i for i, statement in enumerate(statements) for buffer in _buffers(statement)
    }
    free: dict[Any, list[Buffer]] = {}
    home: dict[Buffer, Buffer] = {}
    result = []
    for i, statement in enumerate(statements):
        for buffer in _buffers(statement):
            if buffer.shared and buffer not in home:
                home[buffer] = (free.get(_kind(buffer)) or [buffer]).pop()
        result.append(_moved(statement, home))
        for buffer in dict.fromkeys(_buffers(statement)):
            if buffer.shared and last_use[buffer] == i:
                free.setdefault(_kind(buffer), []).append(home[buffer])
    return result


def _kind(buffer: Buffer) -> tuple[Any, ...]:
    """What two buffers have in common if one can be the memory of the other."""
    return (buffer.name, buffer.rows, buffer.columns, buffer.integer)


def _buffers(statement: Statement) -> list[Buffer]:
    views = [statement.out, *statement.operands]
    return [view.buffer for view in views if isinstance(view, View)]


def _moved(statement: Statement, home: dict[Buffer, Buffer]) -> Statement:
    """The statement on the buffers' new homes."""

    def moved(content: Any) -> Any:
        if isinstance(content, View) and content.buffer in home:
            return replace(content, buffer=home[content.buffer])
        if isinstance(content, tuple) and any(isinstance(each, View) for each in content):
            return tuple(map(moved, content))
        return content

    changes = {f.name: moved(getattr(statement, f.name)) for f in fields(statement)}
    return replace(statement, **changes)
