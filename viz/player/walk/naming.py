"""How names stand in sentences and formulas, and what constants are called: by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd import Value
from autograd.naming import named
from viz.svg.texts.labels import LEFT_TO_RIGHT, kept_in_place, number

LONGEST = 32
_JOINERS = "\u200c\u200d"  # within words and emoji; not printable by themselves
_WORD = re.compile(r"[^\W\d][^\s+\-*/%<>=!,;:?^|&~@()]*")  # `w`, `layers.0.bias`, `x[0]`


def names(values: Sequence[Value]) -> dict[Value, str]:
    """A name for each node, operands before results; a constant without a label is its number.

    >>> x = Value(3.0, label="x")
    >>> list(names([x, h := 2.0 * x, h.tanh()]).values())
    ['x', 'v1', 'L']
    """
    return {node: name or number(node.data) for node, name in named(values, spoken).items()}


def spoken(label: str) -> str:
    r"""A label as it stands in a sentence: on one line, without what cannot be seen, not too long.

    >>> spoken("a\nb\x1b[2J"), spoken("network.layers.0.neurons.0.weights.0")
    ('a b\ufffd[2J', 'network.layers.…rons.0.weights.0')

    One that is written from right to left is kept from turning what stands around it: between
    two marks that cannot be seen, it ends where it began to turn.
    """
    half = LONGEST // 2
    if len(label) > LONGEST:
        label = f"{label[: half - 1]}…{label[-half:]}"
    label = " ".join(label.split())
    shown = (c if c.isprintable() or c in _JOINERS else "\N{REPLACEMENT CHARACTER}" for c in label)
    return kept_in_place("".join(shown))


def held_together(name: str) -> str:
    """A name as a part of a formula: in parentheses if it could be taken for several parts.

    >>> held_together("layers.0.bias"), held_together("a + b"), held_together("6")
    ('layers.0.bias', '(a + b)', '(6)')
    """
    return name if _WORD.fullmatch(name.strip(LEFT_TO_RIGHT)) else f"({name})"


def slope(of: str, by: str) -> str:
    """The derivative over all paths, "dL/dz"; names that are no words are in parentheses.

    >>> slope("L", "z"), slope("L", "layers.0.bias")
    ('dL/dz', 'dL/d(layers.0.bias)')
    """
    return f"d{_word(of)}/d{_word(by)}"


def local_slope(of: str, by: str) -> str:
    """The derivative of a node by an operand alone, whatever else lies between the two.

    >>> local_slope("L", "z")
    '∂L/∂z'
    """
    return f"∂{_word(of)}/∂{_word(by)}"


def _word(name: str) -> str:
    return name if name.strip(LEFT_TO_RIGHT).isidentifier() else f"({name})"
