"""Memory: intermediate results that are not needed any more make room for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.compiler.statements import Statement
from autograd.compiler.views import Buffer


def with_shared_memory(statements: Sequence[Statement]) -> list[Statement]:
    """The same statements, in which one buffer is the memory of several, one after the other."""
    last_use = {buffer: i for i, each in enumerate(statements) for buffer in _shared(each)}
    free: dict[Any, list[Buffer]] = {}
    home: dict[Buffer, Buffer] = {}
    result = []
    for i, statement in enumerate(statements):
        for buffer in _shared(statement):
            if buffer not in home:
                home[buffer] = (free.get(_kind(buffer)) or [buffer]).pop()
        result.append(statement.moved(lambda buffer: home.get(buffer, buffer)))
        for buffer in _shared(statement):
            if last_use[buffer] == i:
                free.setdefault(_kind(buffer), []).append(home[buffer])
    return result


def _shared(statement: Statement) -> list[Buffer]:
    """Its buffers that hold intermediate results, each once."""
    buffers = dict.fromkeys(view.buffer for view in statement.views())
    return [buffer for buffer in buffers if buffer.shared]


def _kind(buffer: Buffer) -> tuple[Any, ...]:
    """What two buffers have in common if one can be the memory of the other."""
    return (buffer.name, buffer.rows, buffer.columns, buffer.integer, buffer.absent)
