"""`explain`: how a gradient came about, path by path of the chain rule."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

from autograd import context
from autograd.context import changed
from autograd.differentiation import gradient
from autograd.graph import topological_order
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.explanation.paths import Path

LARGEST = 5


class Rest:
    """The paths that are not shown: how many, and the sum of their products."""

    __slots__ = ("count", "sum")

    def __init__(self, count: int, sum: float) -> None:
        self.count, self.sum = count, sum

    def __repr__(self) -> str:
        return f"Rest(count={self.count}, sum={self.sum})"


class Explanation:
    """How the gradient of a root with respect to a leaf came about. `print` shows it.

    Attributes:
        root, leaf: the two ends.
        count: how many paths of the chain rule lead from the root to the leaf.
        total: the sum of their products, which is what `root.backward()` adds to `leaf.grad`.
        paths: the few with the largest products, each with its `nodes` from the root to the leaf,
            the `factors`, which are the local derivatives, and their `product`.
        rest: the `count` and the `sum` of all others.
    """

    __slots__ = ("count", "leaf", "paths", "rest", "root", "total")

    def __init__(
        self, root: Value, leaf: Value, count: int, total: float, paths: list[Path], rest: Rest
    ) -> None:
        self.root, self.leaf = root, leaf
        self.count, self.total = count, total
        self.paths, self.rest = tuple(paths), rest

    def __str__(self) -> str:
        from autograd.explanation.text import text

        return text(self)

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        from autograd.explanation.latex import latex

        return latex(self)


def explain(root: Value, leaf: Value, *, largest: int = LARGEST) -> Explanation:
    """How `leaf.grad` came about: the paths from `root` to `leaf`, and their products.

    The chain rule sums, over all paths from the root to the leaf, the product of the local
    derivatives on the way (Bauer, 1974). All are counted and summed; the largest few are found
    without a list of all, so that the graph may be as large as one that `backward()` can do.
    No `grad` changes.

    Parameters:
        root: what was differentiated, as a loss.
        leaf: with respect to what; also a node on the way.
        largest: how many paths to show, from 1 on.

    Raises:
        ValueError: the root does not depend on the leaf, one of them is a constant, or `largest`
            is no whole number from 1 on.
        TypeError: one of them is no Value.
        AssertionError: the sum of all paths is another than the gradient.

    >>> x, w = Value(2.0, label="x"), Value(-0.5, label="w")
    >>> y = w * (w * x + 1.5).tanh()
    >>> y.label = "y"
    >>> y.backward()
    >>> print(explain(y, w))
    dy/dw: 2 paths
      -0.786448  y <- tanh <- + <- w*x <- w  -0.5 * 0.786448 * 1 * 2
    +  0.462117  y <- w                      0.462117
    = -0.324331  which is w.grad
    >>> explain(y, w).paths[1].factors == ((w * x + 1.5).tanh().data,)
    True
    """
    from autograd.explanation import paths as chain  # which nobody needs who explains nothing

    _check(root, leaf)
    most = _checked_count(largest)
    with changed(watcher=None):  # A NaN is to be explained, and not to be stopped at.
        total = gradient(root, leaf).data
    ways = chain.ways(root, leaf)
    if not ways and root is not leaf:
        _check_depends(root, leaf)
    count = chain.count(ways, root, leaf)
    shown = chain.largest(ways, root, leaf, most)
    rest = Rest(count - len(shown), chain.sum_of_others(ways, root, leaf, shown))
    assert _same(chain.sum_from(ways, {root: 1.0}, leaf), total), "all paths give the gradient"
    return Explanation(root, leaf, count, total, shown, rest)


def _check(root: Any, leaf: Any) -> None:
    for value in (root, leaf):
        if not isinstance(value, Value):
            raise TypeError(f"explain() is of a Value with respect to a Value, not {value!r:.60}")
        if context.special:
            value._unless_traced("explain()")
        if value.kind == "constant":
            raise ValueError(
                f"{value!r:.80} is a constant, which has no gradient to explain: it was made from "
                "plain numbers only, or under no_grad()"
            )


def _checked_count(largest: Any) -> int:
    if isinstance(largest, bool) or not isinstance(largest, Integral) or largest < 1:
        raise ValueError(f"largest={largest!r:.60}: it is a number of paths, 1 or more")
    return int(largest)


def _check_depends(root: Value, leaf: Value) -> None:
    """Raise if the leaf is not even behind edges that nothing passes."""
    nodes: list[Any] = topological_order(root)
    if not any(node is leaf or _among(leaf, getattr(node, "parameters", ())) for node in nodes):
        raise ValueError(
            f"{root!r:.80} does not depend on {leaf!r:.80}, which is not in its graph. Were the "
            "numbers taken out of the graph on the way, by .data, float() or math's functions? "
            "Or is it of another model?"
        )


def _among(leaf: Value, parameters: Sequence[Value]) -> bool:
    return any(parameter is leaf for parameter in parameters)


def _same(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)
