"""Memory: intermediate results that are not needed any more make room for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.compiler.statements import Statement
from autograd.compiler.views import Buffer


def with_shared_memory(statements: Sequence[Statement]) -> list[Statement]:
    """The same statements, in which one buffer is the memory of several, one after the other."""
    shared = [_shared(statement) for statement in statements]
    last_use = {buffer: i for i, buffers in enumerate(shared) for buffer in buffers}
    free: dict[Any, list[Buffer]] = {}
    home: dict[Buffer, Buffer] = {}
    result = []
    for i, (statement, buffers) in enumerate(zip(statements, shared, strict=True)):
        for buffer in buffers:
            if buffer not in home:
                home[buffer] = (free.get(_kind(buffer)) or [buffer]).pop()
        moves = [buffer for buffer in buffers if home[buffer] is not buffer]
        result.append(statement.moved(lambda x: home.get(x, x)) if moves else statement)
        for buffer in buffers:
            if last_use[buffer] == i:
                free.setdefault(_kind(buffer), []).append(home[buffer])
    return result


def _shared(statement: Statement) -> list[Buffer]:
    """Its buffers that hold intermediate results, each once."""
    buffers = [view.buffer for view in statement.views() if view.buffer.shared]
    return list(dict.fromkeys(buffers))


def _kind(buffer: Buffer) -> tuple[Any, ...]:
    """What two buffers have in common if one can be the memory of the other."""
    return (buffer.name, buffer.rows, buffer.columns, buffer.integer, buffer.absent)
