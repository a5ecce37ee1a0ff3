"""An explanation as a formula in LaTeX, for notebooks."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd.explanation.text import counted, number, shortened
from autograd.graph import topological_order
from autograd.naming import named
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.explanation.explanation import Explanation
    from autograd.explanation.paths import Path

_FACTORS = 6  # of a path, that are shown; of a longer one the first and the last
_SPECIAL = {
    **{c: rf"\{c}" for c in "#$%&_{}"},
    "\\": r"\backslash ",
    "<": r"\lt ",
    ">": r"\gt ",
    "^": r"\wedge ",
    "~": r"\sim ",
}


def latex(explanation: Explanation) -> str:
    r"""The derivative as a sum of products: in derivatives, then in numbers.

    >>> from autograd.explanation import explain
    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.label = "y"
    >>> print(latex(explain(y, x)))
    $$\begin{aligned}
    \frac{dy}{dx} &= \frac{\partial y}{\partial x^{(1)}} \\
    &\quad + \frac{\partial y}{\partial x^{(2)}} \\
    &= 3 \\
    &\quad + 3 \\
    &= 6
    \end{aligned}$$

    Of operands that are the same, as here, the number says which is meant.
    """
    names = _names(explanation)
    formulas = [_formula(path, names) for path in explanation.paths]
    numbers = [_product(path) for path in explanation.paths]
    if explanation.rest.count:
        formulas.append(rf"\text{{{counted(explanation.rest.count, 'other path')}}}")
        numbers.append(_signed(explanation.rest.sum))
    whole = rf"\frac{{d{names[explanation.root]}}}{{d{names[explanation.leaf]}}}"
    lines = [rf"{whole} &= {formulas[0] if formulas else 0}"]
    lines += [rf"&\quad + {formula}" for formula in formulas[1:]]
    if numbers:
        lines += [f"&= {numbers[0]}", *(rf"&\quad + {product}" for product in numbers[1:])]
        lines.append(f"&= {_number(explanation.total)}")
    body = " \\\\\n".join(lines)
    return f"$$\\begin{{aligned}}\n{body}\n\\end{{aligned}}$$"


def escaped(label: str) -> str:
    r"""A label as LaTeX, whatever is in it: letters of a text, and the signs of formulas.

    >>> print(escaped("w"), escaped("a_1 %"))
    w \text{a}\_\text{1 }\%
    """
    label = shortened(label)
    if re.fullmatch("[A-Za-z]", label):
        return label
    parts = re.split(r"([#$%&_{}\\<>^~])", label)
    return "".join(_SPECIAL.get(part) or rf"\text{{{part}}}" for part in parts if part)


def _names(explanation: Explanation) -> dict[Value, str]:
    """By node, as in the steps of the whole graph."""
    return {
        node: escaped(name) if node.label.strip() else re.sub(r"(\d+)", r"_{\1}", name)
        for node, name in named(topological_order(explanation.root)).items()
    }


def _formula(path: Path, names: dict[Value, str]) -> str:
    slopes = []
    for node, operand, place in zip(path.nodes, path.nodes[1:], path.places, strict=False):
        same = [x for x in node.operands if x is operand]
        which = f"^{{({place + 1})}}" if len(same) > 1 else ""
        slopes.append(rf"\frac{{\partial {names[node]}}}{{\partial {names[operand]}{which}}}")
    return r"\,".join(_few(slopes)) or "1"


def _product(path: Path) -> str:
    return r" \cdot ".join(_few([_signed(factor) for factor in path.factors])) or "1"


def _few(factors: Sequence[str]) -> list[str]:
    if len(factors) <= _FACTORS:
        return list(factors)
    return [*factors[: _FACTORS // 2], r"\cdots", *factors[-(_FACTORS // 2) :]]


def _signed(x: float) -> str:
    return rf"({_number(x)})" if x < 0 else _number(x)


def _number(x: float) -> str:
    if math.isnan(x):
        return r"\text{NaN}"
    if math.isinf(x):
        return r"\infty" if x > 0 else r"-\infty"
    digits, _, exponent = number(x).partition("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}" if exponent else digits
