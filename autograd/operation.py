"""What an operation is: one row of the table in `autograd.operations`.

The row is all that the engine, the compiler, the drawings and the tests know about an operation;
each of them is a loop over rows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.floats import as_float

if TYPE_CHECKING:
    from random import Random

Interval = tuple[float, float]


def _as_given(*operands: Any) -> tuple[Any, ...]:
    return operands


class Operation:
    """A differentiable function of scalars, and everything that is to be known about it.

    Calling it works on whatever it is given: on floats it gives a float, on NumPy arrays an array,
    and as soon as one operand is a `Value` a `Value`.

    Parameters:
        name: the name of the function and of the method, and of the node in messages.
        symbol: what a drawing shows.
        forward: the function on floats. IEEE 754 results, never an exception for a number.
        partials: the local derivatives, in operations of the table and in `+ - *`, without
            branches, so that the same text serves floats, arrays and Values. For a fixed number
            of operands a tuple, for each a function of `(*operands, out)`, or just a number, or
            None if it is zero for every number: nothing then passes to that operand. For any
            number of operands (n-ary) one function of `(operands, out)` giving a list. They
            depend on nothing else: compiled programs keep them.
        array: the same function on NumPy arrays, accepting `out=`; by default `forward`, element
            by element.
        domain: for each operand an interval on which the function is smooth; the tests draw
            from it. One interval serves all operands. For an n-ary operation the first one
            serves all but the last operands, which have their own if more than one is given.
        arrange: turns the arguments of a call into the flat tuple of operands.
        expansion: for an n-ary operation the simpler operations it stands for: a function of
            the operands that gives the same result.

    Raises:
        ValueError, TypeError: naming the operation and what it cannot be made of.

    >>> cube = Operation(
    ...     "cube",
    ...     symbol="x³",
    ...     forward=lambda x: x * x * x,
    ...     partials=(lambda x, out: 3.0 * x * x,),
    ... )
    >>> cube(2.0)
    8.0
    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> cube(x).backward()
    >>> x.grad
    12.0
    """

    def __init__(
        self,
        name: str,
        *,
        symbol: str,
        forward: Callable[..., float],
        partials: tuple[Callable[..., Any] | float | None, ...] | Callable[..., Sequence[Any]],
        array: Callable[..., Any] | None = None,
        domain: Sequence[Interval] = ((-2.0, 2.0),),
        arrange: Callable[..., tuple[Any, ...]] = _as_given,
        expansion: Callable[[Sequence[Any]], Any] | None = None,
    ) -> None:
        if not name.isidentifier():
            raise ValueError(f"an operation's name must be a Python identifier, not {name!r}")
        self.name = name
        self.__module__ = sys._getframe(1).f_globals.get("__name__", __name__)
        self.symbol = symbol
        self.forward = forward
        if not callable(forward):
            raise TypeError(f"{name}: forward must be a function of floats, not {forward!r:.60}")
        self.partials: Any = partials if callable(partials) else _partials(name, partials)
        self.nary = callable(partials)
        self.arity = None if callable(partials) else len(partials)
        self.array = array or _elementwise(forward)
        self.domain = tuple(domain)
        self.arrange = arrange
        self.expansion = expansion

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        arrange = self.arrange
        given = arrange is _as_given and not named
        operands = arguments if given else arrange(*arguments, **named)
        if len(operands) != self.arity and self.arity is not None:
            raise TypeError(f"{self.name}() takes {self.arity} operands, {len(operands)} came")
        for operand in operands:
            if type(operand) is not float:
                break
        else:
            return self.forward(*operands)
        for operand in operands:
            # A Value says here how it is operated on; this file need not know it.
            record = getattr(operand, "__record__", None)
            if record is not None:
                return record(self, operands)
        return self._on_numbers(operands)

    def _on_numbers(self, operands: tuple[Any, ...]) -> Any:
        if any(isinstance(operand, np.ndarray) for operand in operands):
            return self._on_arrays([np.asarray(operand) for operand in operands])
        for operand in operands:
            if not isinstance(operand, Real | np.bool_):
                raise TypeError(
                    f"{self.name}() takes Values, numbers or arrays, "
                    f"not {type(operand).__name__}: {operand!r:.60}"
                )
        return self.forward(*map(as_float, operands))

    def _on_arrays(self, operands: list[Any]) -> Any:
        """In float64, and silent about infinities, as on floats; of Values one by one."""
        with np.errstate(all="ignore"):
            if any(operand.dtype == object for operand in operands):
                first, *others = np.broadcast_arrays(*operands)
                result = np.empty(first.size, dtype=object)
                for i, each in enumerate(zip(first.flat, *(x.flat for x in others), strict=True)):
                    result[i] = self._on_scalars(each)
                return result.reshape(first.shape)[()]
            return self.array(*(operand.astype(np.float64, copy=False) for operand in operands))

    def _on_scalars(self, operands: tuple[Any, ...]) -> Any:
        """What `__call__` does; they are the operands already, and not arguments to arrange."""
        for operand in operands:
            if record := getattr(operand, "__record__", None):
                return record(self, operands)
        return self._on_numbers(operands)

    def local_derivatives(
        self, operands: Sequence[Any], out: Any, wanted: Sequence[bool]
    ) -> list[Any]:
        """The partials of the wanted operands, None for the others, which are not evaluated.

        None is also the partial of an operand that nothing passes to. `operands` and `out` may be
        floats, arrays, Values or the compiler's symbols.
        """
        if self.nary:
            partials: list[Any] = self.partials(operands, out)
            if len(partials) != len(operands):
                raise TypeError(
                    f"{self.name}() has {len(operands)} operands, but {len(partials)} partials"
                )
            if False not in wanted:
                return partials
            return [p if w else None for p, w in zip(partials, wanted, strict=True)]
        return [
            (partial(*operands, out) if callable(partial) else partial) if w else None
            for partial, w in zip(self.partials, wanted, strict=True)
        ]

    def is_flat_in(self, i: int) -> bool:
        """Whether the derivative with respect to operand `i` is zero for every number."""
        return not self.nary and self.partials[i] is None

    def sample(self, random: Random, count: int = 4) -> list[float]:
        """Operands from the domain; `count` of them if the operation is n-ary."""
        if self.nary:
            first, *last = self.domain
            intervals = [first] * (count - len(last)) + last
        else:
            missing = len(self.partials) - len(self.domain)
            intervals = [*self.domain, *self.domain[:1] * missing]
        return [random.uniform(low, high) for low, high in intervals]

    def __reduce__(self) -> str:
        # The copy of a graph has the same rows, not copies of them: a row is found by its name in
        # the module that made it.
        return self.name

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


def _partials(name: str, partials: Any) -> tuple[Callable[..., Any] | float | None, ...]:
    if not isinstance(partials, tuple | list):
        raise TypeError(
            f"{name}: partials must be a tuple with one for each operand, or a function for any "
            f"number of operands, not {partials!r:.60}"
        )
    for i, partial in enumerate(partials):
        if not (callable(partial) or partial is None or isinstance(partial, Real | np.bool_)):
            raise TypeError(
                f"{name}: partial {i} must be a function of the operands and the result, a number, "
                f"or None, not {type(partial).__name__}: {partial!r:.60}"
            )
    # A number that is 0 is a derivative that is zero for every number.
    return tuple(p if callable(p) else (float(p) if p else None) for p in partials)


def _elementwise(forward: Callable[..., float]) -> Callable[..., Any]:
    """`forward` on arrays, one element after the other: right for any function, and slow."""

    def array(*operands: Any, out: Any = None) -> Any:
        first, *others = np.broadcast_arrays(*operands)
        elements = zip(first.flat, *(x.flat for x in others), strict=True)
        numbers = (forward(*map(float, element)) for element in elements)
        result = np.fromiter(numbers, np.float64, first.size).reshape(first.shape)
        if out is None:
            return result
        out[...] = result
        return out

    return array
