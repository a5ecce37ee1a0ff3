"""Things of nn as data: the class and its arguments, by which the same can be made again.

Every module, optimizer and schedule of nn keeps the arguments that it was made with in attributes
of the same names, so a description is read off. What is made from a file's description is of a
fixed table of classes, and nothing else: no name in a file is imported or evaluated.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Known = Mapping[str, Any]
Description = list[dict[str, Any]]

# What only says what the first numbers were, and is not kept.
_FIRST_NUMBERS = ("seed", "initialization", "parameters")


class UnnamedError(ValueError):
    """Something is made of what has no name outside of the program that made it."""


def described(thing: Any, known: Known) -> Description:
    """The classes and arguments of a thing and of all within, each once, its own at the end.

    An argument that is a thing itself is `{"entry": i}`, the place of its own entry; a function
    is `{"function": name}`.

    Parameters:
        known: the classes and functions that have a name.

    Raises:
        UnnamedError: the thing, or one within, is not made of these.

    >>> from nn import Adam, Parameter
    >>> description = described(Adam([Parameter(1.0)]), {"Adam": Adam})
    >>> description[0]["arguments"]["betas"]
    [0.9, 0.999]
    """
    describer = _Describer(known)
    describer.describe(thing)
    return describer.entries


class _Describer:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.names = {id(x): name for name, x in known.items()}
        self.entries: Description = []
        self.places: dict[int, int] = {}

    def describe(self, thing: Any) -> Any:
        """The thing as JSON has it; numbers and text are themselves."""
        if isinstance(thing, np.generic):
            thing = thing.item()
        if thing is None or isinstance(thing, bool | int | float | str):
            return thing
        if isinstance(thing, list | tuple):
            return [self.describe(part) for part in thing]
        if id(thing) in self.names:
            return {"function": self.names[id(thing)]}
        if id(type(thing)) not in self.names:
            raise UnnamedError(_shown(thing))
        if id(thing) not in self.places:
            kind = type(thing)
            arguments = {name: self.describe(_setting(thing, name)) for name in settings(kind)}
            self.entries.append({"class": self.names[id(kind)], "arguments": arguments})
            self.places[id(thing)] = len(self.entries) - 1
        return {"entry": self.places[id(thing)]}


def settings(kind: Callable[..., Any]) -> list[str]:
    """The arguments of a class that say what is made of it."""
    return [name for name in inspect.signature(kind).parameters if name not in _FIRST_NUMBERS]


def _setting(thing: Any, name: str) -> Any:
    try:
        return getattr(thing, name)
    except AttributeError:  # It may be read off parts that were replaced.
        raise UnnamedError(f"the {type(thing).__name__} without its {name}") from None


def _shown(thing: Any) -> str:
    """What has no name, in a few words."""
    if callable(thing) and hasattr(thing, "__name__"):
        return f"the function {thing.__name__}"
    return f"the class {type(thing).__name__}"


def made(description: Any, known: Known, **given: Any) -> Any:
    """The thing of a description that came from a file.

    Parameters:
        given: arguments for the last entry's class that are not in the description.

    Raises:
        ValueError, TypeError: it is no description of what can be made of the known.
    """
    if not isinstance(description, list) or not description:
        raise ValueError(
            f"a description is a list of classes and arguments, not {description!r:.60}"
        )
    things: list[Any] = []
    for i, entry in enumerate(description):
        kind, arguments = checked_entry(entry, known)
        arguments = {name: _resolved(x, things, known) for name, x in arguments.items()}
        if i == len(description) - 1:
            arguments.update(given)
        things.append(_called(kind, arguments))
    return things[-1]


def checked_entry(entry: Any, known: Known) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The class of an entry and its arguments, which are exactly those that the class keeps."""
    match entry:
        case {"class": str(name), "arguments": dict(arguments), **rest} if not rest:
            kind = known.get(name)
            if not isinstance(kind, type):
                raise ValueError(f"there is no class {name!r:.60} of nn's that it could be made of")
            if arguments.keys() != set(settings(kind)):
                raise ValueError(
                    f"{name} is made of {', '.join(settings(kind))}, and not of "
                    f"{', '.join(sorted(arguments)) or 'nothing':.80}"
                )
            return kind, arguments
    raise ValueError(f"an entry of a description is a class and arguments, not {entry!r:.60}")


def _resolved(argument: Any, things: list[Any], known: Known) -> Any:
    match argument:
        case None | bool() | int() | float() | str():
            return argument
        case list():
            return [_resolved(part, things, known) for part in argument]
        case {"entry": int(place), **rest} if not rest and 0 <= place < len(things):
            return things[place]
        case {"function": str(name), **rest} if not rest and name in known:
            return known[name]
    raise ValueError(f"there is nothing of nn's that {argument!r:.60} stands for")


def _called(kind: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    signature = inspect.signature(kind)
    several: list[Any] = []
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            several = arguments.pop(name)
            if not isinstance(several, list):
                raise ValueError(f"the {name} of {kind.__name__} are a list, not {several!r:.60}")
    if "seed" in signature.parameters:
        arguments["seed"] = 0  # whose numbers are replaced; without one, Python's would be drawn
    return kind(*several, **arguments)
