"""Sequential: modules and functions one after the other, each on what the one before gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, overload

from autograd.context import scope
from autograd.operation import Operation
from autograd.structure import apply
from autograd.value import Value
from nn.activation import is_of_one_value, name_of
from nn.module import Module

Part = Callable[[Any], Any]


class Sequential(Module):
    """A network of parts, each called on what the one before gave.

    Parameters:
        parts: modules and functions. An operation of one Value, as `autograd.relu` or
            `Value.tanh`, is applied to each of the numbers that come; all other functions, such as
            `softmax`, get them as they come: mostly a list, and from a layer with one neuron
            just its Value.

    Attributes:
        parts: the same, as a list.

    Raises:
        TypeError: a part cannot be called, or is a class. An error in a part says which it was.

    `len()`, indices, slices and loops are those of the parts.

    >>> from autograd import relu
    >>> from nn import Dropout, Layer, softmax
    >>> hidden = Layer(2, 16, nonlin=False, seed=0)
    >>> model = Sequential(hidden, relu, Dropout(0.2), Layer(16, 3, nonlin=False), softmax)
    >>> model
    Sequential(Layer(2 -> 16, linear), relu, Dropout(0.2), Layer(16 -> 3, linear), softmax)
    >>> round(sum(p.data for p in model([1.0, -1.0])), 12)
    1.0
    >>> model[:2]
    Sequential(Layer(2 -> 16, linear), relu)
    """

    def __init__(self, *parts: Part) -> None:
        for i, part in enumerate(parts):
            _check(i, part)
        self.parts = list(parts)

    def __call__(self, xs: Any) -> Any:
        for i, part in enumerate(self.parts):
            try:
                with scope(f"{_kind(part)}{i}"):
                    xs = apply(part, xs) if is_of_one_value(part) else part(xs)
            except Exception as error:
                error.add_note(f"(in part {i} of a Sequential, {shown(part)}, {_given(part, xs)})")
                raise
        return xs

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self.parts)

    @overload
    def __getitem__(self, index: int) -> Part: ...
    @overload
    def __getitem__(self, index: slice) -> Sequential: ...
    def __getitem__(self, index: int | slice) -> Part | Sequential:
        """A part, or a Sequential of several, which are the same and not copies."""
        if isinstance(index, slice):
            return Sequential(*self.parts[index])
        return self.parts[index]

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(shown, self.parts))})"

    def _rows(self) -> Iterator[tuple[str, Any, str]]:
        for i, part in enumerate(self.parts):
            yield f"parts.{i}", part, shown(part)


def shown(part: Any) -> str:
    """A part as text: a module as it shows itself, a function by its name."""
    return repr(part) if isinstance(part, Module) else name_of(part)


def _kind(part: Any) -> str:
    """What a part is called in scopes, which are part of names: letters and digits."""
    name = type(part).__name__ if isinstance(part, Module) else name_of(part)
    return name.lower() if name.isidentifier() else "part"


def _check(i: int, part: Any) -> None:
    place = f"part {i} of a Sequential"
    if isinstance(part, type):
        raise TypeError(
            f"{place} is the class {part.__name__}: give an instance, {part.__name__}(...)"
        )
    if callable(part):
        return
    way_out = ""
    if isinstance(part, str):
        way_out = f": as a function it is autograd.{part}" if is_of_one_value(part) else ""
    elif isinstance(part, Iterable):
        way_out = ": give parts one by one, as Sequential(*parts)"
    raise TypeError(f"{place} is a module or a function, not {part!r:.80}{way_out}")


def _given(part: Any, xs: Any) -> str:
    """What a part was called on, and what to do if it is a function of one number."""
    if isinstance(xs, Value | float | int):
        return "called on one Value"
    called = f"called on a list of {len(xs)}" if hasattr(xs, "__len__") else f"called on {xs!r:.40}"
    if isinstance(part, Module | Operation):
        return called
    return f"{called}; for a function of one Value write lambda xs: [f(x) for x in xs]"
