"""Parameters that a compiled function's result depends on, all at once: layers stand for them.

`f.mean(X, y)` is a node whose operands are all parameters. What is between them is a program, which
`draw(f)` shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from autograd import Value
from autograd.compiler.results import Result

FEW = 12  # parameters, which are drawn one by one


def read_at_once(values: Iterable[Value]) -> dict[Value, str]:
    """The parameters that results of compiled functions depend on, and the layer of each.

    That is the path of its label to the first number, as "layers.0"; "theta" without a path.
    Nothing of a result of few parameters.

    >>> from autograd import compiled
    >>> ws = [Value(float(i), label=f"layers.{i % 2}.weights.{i}") for i in range(20)]
    >>> f = compiled(lambda x: sum(w * x for w in ws))
    >>> sorted(set(read_at_once([f.mean([1.0, 2.0])]).values()))
    ['layers.0', 'layers.1']
    """
    results = [x for x in values if isinstance(x, Result) and len(x.operands) > FEW]
    return {x: _layer(str(x.label)) for result in results for x in result.operands}


def _layer(label: str) -> str:
    *path, _ = label.split(".")
    names = [*takewhile(lambda part: not part.isdigit(), path)]
    # A vector's name is said by all its elements, and is not the layer's.
    whole = [*names, *path[len(names) : len(names) + 1]]
    while whole and (whole[-1] in ("weights", "bias") or whole[-2:-1] == ["weights"]):
        whole.pop()
    return ".".join(whole) or "theta"
