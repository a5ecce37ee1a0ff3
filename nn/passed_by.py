"""What looks like a parameter and is none: a module passes it by, and says so."""

from __future__ import annotations

from collections.abc import Mapping

from autograd.origin import warn
from autograd.value import Value
from nn.parameters.parameter import Parameter


def warn_of(module: str, passed: Mapping[Value, str]) -> None:
    """Say once, where a person asks for the parameters, what is not among them.

    Parameters:
        module: the name of its class.
        passed: plain Values, or parameters in deques and sets, and where they are.
    """
    value, path = next(iter(passed.items()))
    others = f", as are {len(passed) - 1} more" if len(passed) > 1 else ""
    text = _in_a_set(others) if isinstance(value, Parameter) else _plain(value, others)
    warn(f"{module}.{path} {text}", UserWarning)


def _in_a_set(others: str) -> str:
    return (
        f"has a Parameter in it that is neither trained nor saved{others}: keep them in a list or "
        "a dict, and not in a deque or a set"
    )


def _plain(value: Value, others: str) -> str:
    return (
        f"is a plain Value{others}, and what is trained is a Parameter: make it "
        f"Parameter({value._data:g}), or constant({value._data:g}) if it stays"
    )
