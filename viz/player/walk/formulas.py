"""Formulas as text: what an operation of the table writes when it is called on names.

The rows' own partials, called on formulas instead of numbers, give the local derivatives as they
stand in a textbook. Each formula knows its number too, so that a choice (`where`, `max`, a
comparison) is made as it was made in the graph, and only the branch that was taken is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from autograd import Operation, Value
from autograd import operations as ops
from viz.player.walk.naming import held_together, spoken
from viz.svg.texts.labels import DIGITS, number

# How tightly an infix operation binds; between + and * a minus sign, and a call tightest. A name
# that could be taken for several parts does not hold together at all.
_NAME, _COMPARISON, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(7)
_INFIX = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "//": _PRODUCT, "%": _PRODUCT}
_INFIX |= dict.fromkeys(("==", "!=", "<", "<=", ">", ">="), _COMPARISON) | {"**": _POWER}

_CHOICES = {ops.where, ops.minimum, ops.maximum, ops.clip}
_NEUTRAL = {ops.add: 0.0, ops.subtract: 0.0, ops.multiply: 1.0, ops.divide: 1.0, ops.power: 1.0}
_COMMUTATIVE = {ops.add, ops.multiply}


class Formula:
    """A text, how tightly it holds together, and the number that it stands for.

    Arithmetic and the operations of the table on formulas give formulas.

    >>> x, y = Formula("x", 3.0), Formula("y", 2.0)
    >>> print((x + y) * ops.tanh(x), ops.where(ops.greater(x, y), x, -y))
    (x + y) * tanh(x) x
    """

    __slots__ = ("binds", "called", "number", "text")

    def __init__(
        self, text: str, number: float, binds: int = _ATOM, *, called: bool = False
    ) -> None:
        self.text, self.number, self.binds, self.called = text, number, binds, called

    def __str__(self) -> str:
        return self.text

    def within(self, binds: int, *, strictly: bool) -> str:
        """The text as a part of what binds so tightly, in parentheses if it holds less so."""
        holds = self.binds > binds or (self.binds == binds and not strictly)
        return self.text if holds else f"({self.text})"

    def __add__(self, other: Any) -> Any:
        return ops.add(self, other)

    def __radd__(self, other: Any) -> Any:
        return ops.add(other, self)

    def __sub__(self, other: Any) -> Any:
        return ops.subtract(self, other)

    def __rsub__(self, other: Any) -> Any:
        return ops.subtract(other, self)

    def __mul__(self, other: Any) -> Any:
        return ops.multiply(self, other)

    def __rmul__(self, other: Any) -> Any:
        return ops.multiply(other, self)

    def __truediv__(self, other: Any) -> Any:
        return ops.divide(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return ops.divide(other, self)

    def __pow__(self, other: Any) -> Any:
        return ops.power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return ops.power(other, self)

    def __neg__(self) -> Any:
        return ops.negate(self)

    def __abs__(self) -> Any:
        return ops.absolute(self)

    def __bool__(self) -> NoReturn:
        raise TypeError("a formula is neither true nor false")

    @staticmethod
    def __record__(op: Operation, operands: Sequence[Any]) -> Any:
        """What `op` gives for formulas and numbers, as simple as the numbers allow."""
        numbers = [x.number if isinstance(x, Formula) else float(x) for x in operands]
        result = op.forward(*numbers)
        if not op.nary and not any(op.partials):  # a step, a comparison: the number says it all
            return result
        if op in _CHOICES:
            chosen = zip(operands, numbers, strict=True)
            return next((x for x, number in chosen if number == result), result)
        if len(operands) == 2:
            left, right = operands
            if right == _NEUTRAL.get(op):
                return left
            if op in _COMMUTATIVE and left == _NEUTRAL[op]:
                return right
        return written(op, operands, result)


def of_number(x: float, digits: int = DIGITS) -> Formula:
    """A number as a formula: it is not simplified, and put into parentheses if it must be.

    >>> print(written(ops.power, [of_number(-3.0), of_number(2.0)], 9.0))
    (-3) ** 2
    """
    text = number(x, digits)
    return Formula(text, x, _SIGN if text.startswith("-") else _ATOM)


def of_name(name: str, x: float) -> Formula:
    """A name as a formula: if it could be taken for several parts, in parentheses among others.

    >>> name = of_name("the score", 1.0)
    >>> print(ops.exp(name), name * name)
    exp(the score) (the score) * (the score)
    """
    held = held_together(name)
    return Formula(held, x) if held == name or "," in name else Formula(name, x, _NAME)


def written(op: Operation, operands: Sequence[Any], result: float) -> Formula:
    """An operation on formulas and numbers: infix where it has an infix symbol, else a call.

    A sum of products, such as a `dot`, is written as one.

    >>> w, x, b = (Formula(name, 1.0) for name in "wxb")
    >>> print(written(ops.dot, [w, x, b], 2.0))
    w * x + b
    >>> print(written(ops.logsumexp, [w, x, b], 2.1))
    logsumexp(w, x, b)
    """
    parts = [x if isinstance(x, Formula) else of_number(float(x)) for x in operands]
    if len(parts) == 2 and op.symbol in _INFIX:
        return _infix(op.symbol, parts[0], parts[1], result)
    if op is ops.negate:
        [part] = parts
        return Formula(f"-{part.within(_SIGN, strictly=True)}", result, _SIGN, called=part.called)
    expanded = _expanded(op, parts)
    if isinstance(expanded, Formula) and not expanded.called:
        return expanded
    arguments = ", ".join(part.text for part in parts)
    return Formula(f"{spoken(op.symbol)}({arguments})", result, called=True)


def _expanded(op: Operation, operands: Sequence[Formula]) -> Any:
    try:
        return op.expansion(operands) if op.expansion and operands else None
    except Exception:  # An operation of anybody's, which may know numbers only.
        return None


def _infix(symbol: str, left: Formula, right: Formula, result: float) -> Formula:
    binds, to_the_right = _INFIX[symbol], symbol == "**"  # a ** b ** c is a ** (b ** c)
    first = left.within(binds, strictly=to_the_right)
    second = right.within(binds, strictly=not to_the_right)
    if symbol == "-" and second.startswith("-"):
        second = f"({second})"
    return Formula(f"{first} {symbol} {second}", result, binds, called=left.called or right.called)


def local_derivatives(node: Value, names: Sequence[Formula | float], out: Formula) -> list[Any]:
    """The derivative of a node with respect to each operand, as the table writes it.

    Parameters:
        names: what the operands are called; a number as it is.
        out: what the node is called.

    Returns:
        Formulas, numbers where the derivative is one, and None where there is no text for it.

    >>> x, y = Value(2.0), Value(3.0)
    >>> names = [Formula("x", 2.0), Formula("y", 3.0)]
    >>> print(*local_derivatives(x / y, names, Formula("z", 2 / 3)))
    1 / y -(z / y)
    """
    assert node.op is not None
    wanted = [partial is not None for partial in node.partials]
    try:
        found = node.op.local_derivatives(names, out, wanted)
    except Exception:  # An operation of anybody's, which may know numbers only.
        return [None] * len(wanted)
    return [x if isinstance(x, (Formula, float)) else None for x in found]
