"""What nodes are called in formulas: by their labels, and those without by v1, v2, ... and L.

The intermediate variables of a computation are called so in Baydin, Pearlmutter, Radul & Siskind,
"Automatic Differentiation in Machine Learning: a Survey" (2018).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from autograd.value import Value


def _on_one_line(label: str) -> str:
    return " ".join(label.split())


def named(nodes: Sequence[Value], told: Callable[[str], str] = _on_one_line) -> dict[Value, str]:
    """A name for each node; the root, if it has no label, is L, for loss.

    No name is given that is a label. Constants without a label have none.

    Parameters:
        nodes: operands before results, the root last.
        told: how a label is written.

    >>> x = Value(3.0, label="x")
    >>> list(named([x, h := x * x, h.tanh()]).values())
    ['x', 'v1', 'L']
    """
    found = {node: told(str(node.label)) for node in nodes}
    taken = set(found.values())
    fresh = (name for i in count(1) if (name := f"v{i}") not in taken)
    for node, name in found.items():
        if not name and node.kind != "constant":
            is_loss = node is nodes[-1] and "L" not in taken
            found[node] = "L" if is_loss else next(fresh)
    return found
