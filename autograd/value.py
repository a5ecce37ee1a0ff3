"""Value: the node of the graph, and Python's operators on it.

A node holds a number, the operation that made it, its operands and the local derivatives with
respect to them. Nodes refer to their operands only, so there are no cycles, and a graph is freed
as soon as its root is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from autograd import context
from autograd import operations as ops
from autograd.floats import as_float, dot_of
from autograd.operation import Operation

if TYPE_CHECKING:
    from autograd.methods import Methods
else:
    Methods = object

Kind = Literal["constant", "parameter", "input", "operation"]
Method = Callable[..., Any]

_new = object.__new__
_DEFAULT = context.Context()

# A zero like any other, recognised by its identity: the gradient of a node that no backward pass
# has reached.
_NOT_COMPUTED = float("0")


def _function(partial: Any) -> Method:
    return partial if callable(partial) else (lambda *_: partial)


def _unary(op: Operation) -> Method:
    """The method of a one-operand row: `record`, unrolled, because eager speed is made here."""
    forward, (partial,) = op.forward, map(_function, op.partials)

    def method(self: Value) -> Value:
        scope = ""
        if context.special:
            state = context.current()
            if not state.ordinary:
                return record(op, (self,))
            scope = state.scope
        x = self._data
        out = _new(Value)
        out._data = y = forward(x)
        out.op = op
        out._edges = None if self._edges is None else (self, partial(x, y))
        out._grad = _NOT_COMPUTED
        out.label, out.scope = "", scope
        return out

    return method


def _binary(op: Operation) -> Method:
    """The operator of a two-operand row: `record`, unrolled, because eager speed is made here."""
    forward, (left, right) = op.forward, map(_function, op.partials)
    # The partials of sums and differences are plain numbers: they need no call.
    linear = all(isinstance(partial, float) for partial in op.partials)
    slopes = op.partials

    def method(self: Value, other: Any) -> Any:
        if not isinstance(other, Value):
            if not isinstance(other, _NUMBERS):
                return NotImplemented
            other = constant(other)  # type: ignore[arg-type]
        scope = ""
        if context.special:
            state = context.current()
            if not state.ordinary:
                return record(op, (self, other))
            scope = state.scope
        a, b = self._data, other._data
        out = _new(Value)
        out._data = y = forward(a, b)
        out.op = op
        if self._edges is None:
            out._edges = None if other._edges is None else (self, other, None, right(a, b, y))
        elif other._edges is None:
            out._edges = (self, other, left(a, b, y), None)
        elif linear:
            out._edges = (self, other, *slopes)
        else:
            out._edges = (self, other, left(a, b, y), right(a, b, y))
        out._grad = _NOT_COMPUTED
        out.label, out.scope = "", scope
        return out

    return _named(method, op)


def _named(method: Method, op: Operation) -> Method:
    """The method under the name that messages say, such as those about too many arguments."""
    method.__name__, method.__qualname__ = op.name, f"Value.{op.name}"  # where pickle finds it
    return method


def _reflected(method: Method) -> Method:
    """The operator for a number on the left."""

    def reflected(self: Value, other: Any) -> Any:
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        return method(constant(other), self)  # type: ignore[arg-type]

    return reflected


def _general(op: Operation) -> Method:
    """The method of any other row: the function, with the Value as its first argument."""

    def method(self: Value, *others: Any, **named: Any) -> Any:
        return op(self, *others, **named)

    return method


def _method(op: Operation) -> Method:
    """The method of a row, in its quickest form."""
    method = _unary(op) if op.arity == 1 else _general(op)
    method.__doc__ = f"The operation `{op.name}`, on this Value."
    return _named(method, op)


def _comparison(op: Operation) -> Method:
    def compare(self: Value, other: Any) -> Any:
        if not isinstance(other, (Value, *_NUMBERS)):
            return NotImplemented
        right = other._number(op.symbol) if isinstance(other, Value) else other
        return op.forward(self._number(op.symbol), right) == 1.0

    return compare


class Value(Methods):
    """A scalar that remembers how it was computed.

    Every row of the table of operations is a method. Comparisons, `float()`, `bool()`, `round()`
    and `format()` are those of the number, so `float(x)` and math's functions leave the graph
    (`x.exp()`, and not `math.exp(x)`; only `floor` and `ceil` of math stay in it). In sets and as a
    key of dicts a Value stands for itself.

    Attributes:
        data: the number, a float.
        grad: the derivative of the last `backward()`'s root with respect to this node; 0.0 before.
        label: a name for drawings and messages.
        scope: the part of the model in which the node was recorded, as "encoder.layer0".
        op: the operation that made the node; None for a leaf or a constant.

    >>> x, y = Value(2.0), Value(3.0)
    >>> z = x * y + x.exp()
    >>> z.backward()
    >>> x.grad == 3.0 + x.exp(), y.grad
    (True, 2.0)
    """

    __slots__ = ("_data", "_edges", "_grad", "label", "op", "scope")

    # The operands and then, in the same order, the partials, in one tuple, which makes a node
    # smaller and quicker than two would. () for a leaf, None for a constant.
    _edges: tuple[Any, ...] | None
    # The engine itself reads and writes these two; `data` and `grad` are for everybody else.
    _data: float
    _grad: float
    label: str
    op: Operation | None
    scope: str
    __record__: ClassVar[Callable[..., Value]]  # `record`, below

    def __init__(self, data: float, label: str = "") -> None:
        if type(label) is not str:
            label = _text(label)
        self._edges = ()
        self._data = _float(data)
        self._grad = _NOT_COMPUTED
        self.label = label
        self.op = None
        self.scope = ""
        if context.special and (tracer := context.current().tracer):
            tracer.made.add(self)

    def __init_subclass__(cls) -> None:
        for name in {"data", "grad"}.intersection(vars(cls)):
            raise TypeError(
                f"{cls.__name__} overrides {name!r}, which the engine does not read: a subclass "
                f"that keeps it elsewhere overrides '_{name}'"
            )

    @property
    def data(self) -> float:
        return self._number(".data") if context.special else self._data

    @data.setter
    def data(self, number: float) -> None:
        if context.special:
            self._unless_traced("assigning .data")
        self._data = number if type(number) is float else _float(number)

    @property
    def grad(self) -> float:
        if context.special:
            self._unless_traced(".grad")
        return self._grad

    @grad.setter
    def grad(self, gradient: float | None) -> None:
        if context.special:
            self._unless_traced("assigning .grad")
        if gradient is None:
            self.forget_grad()
        else:
            self._grad = gradient if type(gradient) is float else _float(gradient)

    # ------------------------------------------------------------------ the graph around it

    @property
    def operands(self) -> tuple[Value, ...]:
        """The nodes it was computed from, in order; `x * x` has two."""
        edges = self._edges or ()
        return edges[: len(edges) // 2]

    @property
    def partials(self) -> tuple[float | None, ...]:
        """The local derivatives with respect to the operands; None where nothing passes.

        That is so for a constant operand, and where the derivative is zero for every number.
        """
        edges = self._edges or ()
        return edges[len(edges) // 2 :]

    @property
    def kind(self) -> Kind:
        """What part it plays: "constant", "input" (a leaf), "parameter" or "operation"."""
        if self._edges is None:
            return "constant"
        return "operation" if self._edges else "input"

    @property
    def has_grad(self) -> bool:
        """Whether a gradient was computed or set, which tells a zero one from none."""
        return self._grad is not _NOT_COMPUTED

    def forget_grad(self) -> None:
        """Back to the state in which no gradient was computed; `grad` reads 0.0."""
        self._grad = _NOT_COMPUTED

    # The names that drawing code written for micrograd reads.

    @property
    def _prev(self) -> tuple[Value, ...]:
        return self.operands

    @property
    def _op(self) -> str:
        return self.op.symbol if self.op else ""

    # ------------------------------------------------------------------------- arithmetic

    if not TYPE_CHECKING:  # Type checkers read their signatures in `methods.pyi`.
        __add__ = _binary(ops.add)
        __sub__ = _binary(ops.subtract)
        __mul__ = _binary(ops.multiply)
        __truediv__ = _binary(ops.divide)
        __floordiv__ = _binary(ops.floor_divide)
        __mod__ = _binary(ops.remainder)
        __pow__ = _binary(ops.power)
        __radd__ = _reflected(__add__)
        __rsub__ = _reflected(__sub__)
        __rmul__ = _reflected(__mul__)
        __rtruediv__ = _reflected(__truediv__)
        __rfloordiv__ = _reflected(__floordiv__)
        __rmod__ = _reflected(__mod__)
        __rpow__ = _reflected(__pow__)
        __neg__ = _unary(ops.negate)
        __abs__ = _unary(ops.absolute)
        __floor__ = _unary(ops.floor)
        __ceil__ = _unary(ops.ceil)

    def __pos__(self) -> Value:
        return self

    def conjugate(self) -> Value:
        """Itself, as of every real number: NumPy's `var` and `vdot` ask for it."""
        return self

    def __divmod__(self, other: Value | float) -> tuple[Value, Value]:
        return self // other, self % other

    def __rdivmod__(self, other: float) -> tuple[Value, Value]:
        return other // self, other % self

    # ------------------------------------------------------------------ as its own number

    def _number(self, use: str) -> float:
        """The number, for a use that leaves the graph: not while a tracer records."""
        if context.special:
            self._unless_traced(use)
        return self._data

    def _unless_traced(self, use: str) -> None:
        if tracer := context.current().tracer:
            tracer.refuse(self, use)

    if not TYPE_CHECKING:
        __eq__ = _comparison(ops.equal)
        __ne__ = _comparison(ops.not_equal)
        __lt__ = _comparison(ops.less)
        __le__ = _comparison(ops.less_equal)
        __gt__ = _comparison(ops.greater)
        __ge__ = _comparison(ops.greater_equal)

    __hash__ = object.__hash__

    def __float__(self) -> float:
        return self._number("float()")

    def __int__(self) -> int:
        return int(self._number("int()"))

    def __bool__(self) -> bool:
        return self._number("bool()") != 0.0

    def __round__(self, digits: int | None = None) -> float:
        return round(self._number("round()"), digits)

    def __format__(self, spec: str) -> str:
        return format(self._number("format()"), spec) if spec else str(self)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._number('repr()')}, grad={self._grad}{label})"


for _row in ops.TABLE.values():
    setattr(Value, _row.name, _method(_row))

_NUMBERS = (float, int, Real, np.bool_)  # the first two are the quickest to find


def _float(number: Any) -> float:
    if isinstance(number, Value):
        raise TypeError(
            "a Value holds a plain number, not another Value: use it as it is, or `.data` of it"
        )
    if not isinstance(number, _NUMBERS):
        raise TypeError(f"a Value holds a real number, not {type(number).__name__}: {number!r:.60}")
    return as_float(number)


def _text(label: Any) -> str:
    if isinstance(label, str):
        return str(label)
    raise TypeError(
        f"a label is text, not {type(label).__name__}: {label!r:.60}. A Value is made of a number "
        "and a label; an operation of your own on other Values is an `Operation`"
    )


def constant(number: float, label: str = "") -> Value:
    """A Value that gets no gradient and causes no work for one.

    >>> constant(2.0).kind
    'constant'
    """
    out = Value(number, label)
    out._edges = None
    return out


def as_values(numbers: Iterable[Value | float]) -> list[Value]:
    """The same list with its plain numbers made constants."""
    return [x if isinstance(x, Value) else constant(x) for x in numbers]


class Located(Value):
    """A node recorded under a watcher, which keeps on it the line of code that it came from."""

    __slots__ = ("line",)

    line: tuple[str, int]


def record(op: Operation, operands: Sequence[Any]) -> Value:
    """The node of an operation on Values and numbers, in the present context."""
    state = context.current() if context.special else _DEFAULT
    if state.tracer:
        return state.tracer.record(op, as_values(operands))  # type: ignore[no-any-return]
    try:
        wanted = [node._edges is not None for node in operands]
    except AttributeError:  # There are plain numbers among them.
        operands = as_values(operands)
        wanted = [node._edges is not None for node in operands]
    numbers = [node._data for node in operands]
    out = _new(Located if state.watcher else Value)
    y = op.forward(*numbers)
    out._data = y if type(y) is float else _float(y)
    out.op, out.scope, out._edges = op, state.scope, None
    out._grad, out.label = _NOT_COMPUTED, ""
    if state.recording and True in wanted:
        out._edges = (*operands, *op.local_derivatives(numbers, out._data, wanted))
    if state.watcher:
        state.watcher.recorded(out, operands)
    return out


Value.__record__ = staticmethod(record)


def dots(
    rows: Sequence[Sequence[Value]], xs: Sequence[Value], biases: Sequence[Value]
) -> list[Value]:
    """`dot(ws, xs, bias)` for several rows of weights: `record`, unrolled for a layer.

    The inputs, which all rows share, are read once.
    """
    state = context.current() if context.special else _DEFAULT
    for ws in rows:
        if len(ws) != len(xs):
            raise ValueError(f"dot() of {len(ws)} weights and {len(xs)} inputs: give one for each")
    constants = [x for x in xs if x._edges is None]
    # A bias that is a number or a constant is looked at with care, and so are its weights.
    unlike = [bias for bias in biases if getattr(bias, "_edges", None) is None]
    if constants or unlike or not state.ordinary:
        return [record(ops.dot, (*ws, *xs, bias)) for ws, bias in zip(rows, biases, strict=True)]
    inputs = [x._data for x in xs]
    outputs = []
    for ws, bias in zip(rows, biases, strict=True):
        try:
            weights = [w._data for w in ws]
        except AttributeError:  # There are plain numbers among them.
            outputs.append(record(ops.dot, (*ws, *xs, bias)))
            continue
        out = _new(Value)
        out._data = dot_of(weights, inputs, bias._data)
        out.op, out.scope = ops.dot, state.scope
        out._edges = (*ws, *xs, bias, *inputs, *weights, 1.0)
        out._grad, out.label = _NOT_COMPUTED, ""
        outputs.append(out)
    return outputs
