"""While a function is recorded, no Value is asked for its number.

A number read from a parameter's `.data` would become a constant of the program, and stay what it
was when the parameter changes. An attribute in a slot cannot watch who reads it, so for the time
of a recording a property stands in its place, which refuses in the context that records and
passes everybody else through.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from autograd import context
from autograd.value import Value

_recording = RLock()


@contextmanager
def numbers_refused() -> Iterator[None]:
    """Refuse `.data` and `.grad` of all Values in the context that has a tracer."""
    with _recording:
        guarded = [
            (kind, name, vars(kind)[name])
            for kind in _kinds(Value)
            for name in ("data", "grad")
            if name in vars(kind)
        ]
        try:
            for kind, name, attribute in guarded:
                setattr(kind, name, _refusing(name, attribute))
            yield
        finally:
            for kind, name, attribute in guarded:
                setattr(kind, name, attribute)


def _kinds(kind: type[Value]) -> list[type[Value]]:
    return [kind, *(k for subclass in kind.__subclasses__() for k in _kinds(subclass))]


def _refusing(name: str, attribute: Any) -> property:
    def read(value: Value) -> Any:
        _refuse(value, f".{name}")
        return attribute.__get__(value)

    def write(value: Value, number: float) -> None:
        tracer = context.current().tracer if context.special else None
        if tracer is not None and hasattr(value, "_edges"):
            _refuse(value, f"assigning .{name}")
        elif tracer is not None:  # It is just being made.
            tracer.made.add(value)
        attribute.__set__(value, number)

    return property(read, write)


def _refuse(value: Value, use: str) -> None:
    tracer = context.current().tracer if context.special else None
    if tracer is not None and not tracer.reading:
        tracer.refuse(value, use)
