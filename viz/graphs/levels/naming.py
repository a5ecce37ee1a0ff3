"""Which layer a scope belongs to: by its depth, or as a person says."""

from __future__ import annotations

from collections.abc import Callable

Naming = Callable[[str], str]


def depth_naming(depth: int) -> Naming:
    """Layers are the scopes to a depth: 1 for the outermost ones.

    >>> depth_naming(2)("block0.attention.head")
    'block0.attention'
    """
    return lambda scope: ".".join(scope.split(".")[:depth])


def chosen_naming(is_layer: Callable[[str], object]) -> Naming:
    """Layers are the outermost scopes that a person's function says yes to.

    Raises:
        TypeError: what it gives is no bool.

    >>> chosen_naming(lambda scope: scope.endswith("attention"))("block0.attention.head")
    'block0.attention'
    """

    def naming(scope: str) -> str:
        parts = scope.split(".") if scope else []
        for outer in (".".join(parts[:i]) for i in range(1, len(parts) + 1)):
            if _says_yes(is_layer, outer):
                return outer
        return ""

    return naming


def _says_yes(is_layer: Callable[[str], object], scope: str) -> bool:
    try:
        answer = is_layer(scope)
    except Exception as error:
        error.add_note(f"(in the function given as detail=, called on the scope {scope!r:.80})")
        raise
    if not isinstance(answer, bool):
        raise TypeError(
            f"detail= is a function that says True or False of a scope, and of {scope!r:.80} it "
            f"said {answer!r:.60}"
        )
    return answer
