"""An explanation as lines of text, each at most 99 columns wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.value import Value

if TYPE_CHECKING:
    from autograd.explanation.explanation import Explanation
    from autograd.explanation.paths import Path

LONGEST_NAME = 28
_LINE = 80  # columns, beside the product
_WHOLE = 1000  # Larger ratios are within rounding of a whole number by chance.
_INFIX = {"+", "-", "*", "/", "**", "//", "%"}


def text(explanation: Explanation) -> str:
    """The sum, with a line for each of the largest paths and one for all others."""
    rest, result = explanation.rest, number(explanation.total)
    products = [number(path.product) for path in explanation.paths]
    rows = [*zip(products, _told(explanation.paths), strict=True)]
    if rest.count:
        rows.append((number(rest.sum), [counted(rest.count, "other path")]))
    width = max(len(product) for product, _ in [*rows, (result, [])])
    lines = [f"{slope(explanation)}: {counted(explanation.count, 'path')}"]
    for product, (told, *below) in rows:
        sign = "+" if len(lines) > 1 else " "
        lines.append(f"{sign} {product:>{width}}  {told}".rstrip())
        lines += [" " * (width + 4) + line for line in below]
    between = "  which is " if agrees(explanation) else "\n  "
    return "\n".join([*lines, f"= {result:>{width}}{between}{stored(explanation)}"])


def slope(explanation: Explanation) -> str:
    """The derivative, as "dy/dw"."""
    root, leaf = (
        shortened(x.label) if x.label.isidentifier() else f"({name(x)})"
        for x in (explanation.root, explanation.leaf)
    )
    return f"d{root}/d{leaf}"


def agrees(explanation: Explanation) -> bool:
    """Whether the gradient that the leaf holds is this one, but for rounding; NaN is NaN."""
    grad, total = explanation.leaf.grad, explanation.total
    same = math.isclose(grad, total, rel_tol=1e-9) or (grad != grad and total != total)
    return explanation.leaf.has_grad and same


def stored(explanation: Explanation) -> str:
    """What the gradient that the leaf holds is called, and if it is another, what it may be."""
    leaf, total = explanation.leaf, explanation.total
    grad = f"{name(leaf)}.grad" if leaf.label else "its grad"
    if agrees(explanation):
        return grad
    if not leaf.has_grad:
        return f"{grad} is not computed yet: backward() will add this to it"
    times = leaf.grad / total if total else 0.0
    if 1.5 < times < _WHOLE and math.isclose(times, round(times), rel_tol=1e-9):
        return f"{grad} is {times:.0f} times that: of another root, or without a zero_grad()"
    return f"{grad} is {number(leaf.grad)}: of another root, of several, or older"


def name(node: Value) -> str:
    """What a node is called: its label, else what it computes, else its number.

    >>> w, x = Value(2.0, label="w"), Value(3.0, label="x")
    >>> name(w), name(w * x), name((w * x).tanh()), name(Value(0.5))
    ('w', 'w*x', 'tanh', '0.5')
    """
    if node.label:
        return shortened(node.label)
    if node.op is None or node.kind != "operation":
        return number(node.data)
    symbol = node.op.symbol
    if symbol in _INFIX and len(node.operands) == 2:
        names = [shortened(x.label) or number(x.data) for x in node.operands]
        whole = symbol.join(names)
        if (
            all(x.label or x.kind == "constant" for x in node.operands)
            and len(whole) < LONGEST_NAME
        ):
            return whole
    return shortened(symbol)


def shortened(label: str) -> str:
    """A label as it can stand in a line, begin and end of a long one: it is anybody's text."""
    if len(label) > LONGEST_NAME:
        label = label[: LONGEST_NAME // 2 - 1] + "…" + label[-LONGEST_NAME // 2 :]
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in label)


def number(x: float) -> str:
    """Six significant digits."""
    return f"{x + 0.0:.6g}"  # and not -0


def counted(count: int, what: str) -> str:
    """So many of them; of a number that nobody would read, how many digits it has.

    >>> counted(1, "path"), counted(12345, "path"), counted(2**1000, "path")
    ('1 path', '12,345 paths', 'about 10^301 paths')
    """
    if count < 10**15:
        return f"{count:,} {what}{'' if count == 1 else 's'}"
    return f"about 10^{math.floor(math.log10(count))} {what}s"


def _told(paths: Sequence[Path]) -> list[list[str]]:
    """Each path and its factors, beside it if there is room for all, else below."""
    ways = [_joined([name(node) for node in path.nodes], " <- ") for path in paths]
    factors = [_joined([number(factor) for factor in path.factors], " * ") for path in paths]
    broad = max(map(len, ways), default=0)
    if broad + max(map(len, factors), default=0) + 2 > _LINE:
        return [[way, product] for way, product in zip(ways, factors, strict=True)]
    return [[f"{way:<{broad}}  {product}"] for way, product in zip(ways, factors, strict=True)]


def _joined(parts: Sequence[str], between: str) -> str:
    """All of them, or if that is too wide the first and the last, and how many are left out."""
    kept = min(len(parts), _LINE)
    whole = between.join(parts) if kept == len(parts) else " " * (_LINE + 1)
    while len(whole) > _LINE and kept > 2:
        kept -= 1
        first, last = parts[: (kept + 1) // 2], parts[len(parts) - kept // 2 :]
        whole = between.join([*first, f"({len(parts) - kept} more)", *last])
    return whole
