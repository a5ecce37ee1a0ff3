"""What `draw` is asked for: arguments that are wrong, or without effect on what is drawn."""

from __future__ import annotations

import math
from typing import Any

from autograd import AnomalyError
from autograd.compiler.function import Compiled
from viz.graphs.levels.networks import is_module
from viz.graphs.selection import MAX_NODES
from viz.svg.theme import check_theme

DEFAULTS: dict[str, Any] = {
    "direction": "LR",
    "detail": None,
    "color_by": "kind",
    "partials": False,
    "highlight": None,
    "depth": None,
    "max_nodes": MAX_NODES,
}


def check_arguments(what: Any, theme: str, **given: Any) -> None:
    """Raise for what `draw` cannot do, before it has done anything.

    Parameters:
        given: the arguments that are in `DEFAULTS`.

    >>> check_arguments(AnomalyError("no"), "dark", **DEFAULTS | {"depth": 3})
    Traceback (most recent call last):
        ...
    TypeError: depth= has no effect on an AnomalyError, which is drawn as far as it concerns the \
error: leave it out, or draw error.node

    Raises:
        TypeError: an argument is of a wrong type, or has no effect on what is drawn.
        ValueError: it is of the right type, and wrong.
    """
    check_theme(theme)
    _check_depth(given["depth"])
    _check_limit(given["max_nodes"])
    kind, why, without = _without_effect(what)
    for name in without:
        if not _is_default(given[name], DEFAULTS[name]):
            raise TypeError(f"{name}= has no effect on {kind}, which {why}")


def _without_effect(what: Any) -> tuple[str, str, tuple[str, ...]]:
    """What is drawn, how that is, and which arguments say nothing of it."""
    if isinstance(what, Compiled):
        why = (
            "is drawn as its source reads: leave it out, or draw the Values that the function "
            "gives without being compiled"
        )
        return "a compiled function", why, tuple(DEFAULTS)
    if isinstance(what, AnomalyError):
        why = "is drawn as far as it concerns the error: leave it out, or draw error.node"
        return "an AnomalyError", why, ("detail", "highlight", "depth", "max_nodes")
    if is_module(what):
        why = "is drawn without numbers of an example: call the module, and draw that"
        return "a module", why, ("color_by", "partials", "highlight")
    return "", "", ()


def _is_default(given: Any, default: Any) -> bool:
    # A Value compares its numbers.
    return given is default or (type(given) is type(default) and given == default)


def _check_depth(depth: Any) -> None:
    if depth is None:
        return
    said = f"depth={depth!r:.80}: it is a number of edges, 0 or more, or None for all"
    if not _is_whole(depth):
        raise TypeError(said)
    if depth < 0:
        raise ValueError(said)


def _check_limit(max_nodes: Any) -> None:
    said = f"max_nodes={max_nodes!r:.80}: it is a number of nodes, 1 or more, or math.inf"
    if not (_is_whole(max_nodes) or (type(max_nodes) is float and max_nodes == math.inf)):
        raise TypeError(said)
    if max_nodes < 1:
        raise ValueError(said)


def _is_whole(number: Any) -> bool:
    """Also one of NumPy's; but True and False are no numbers here."""
    return not isinstance(number, bool) and hasattr(number, "__index__")
