"""What a model draws from: NumPy's generators in the attributes of its modules."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple

from numpy.random import Generator

from nn.module import Module


class Held(NamedTuple):
    """A generator, and where it is: an attribute of a module, or a place in a list or dict."""

    generator: Generator
    holder: Any
    place: Any

    def replaceable_by(self, other: Generator) -> bool:
        """Whether another can be there; in a tuple only one of the same kind, by its state."""
        own, others = self.generator.bit_generator, other.bit_generator
        return not isinstance(self.holder, tuple) or type(own) is type(others)

    def replace(self, other: Generator) -> None:
        """Draw from another there from now on."""
        if isinstance(self.holder, Module):
            setattr(self.holder, self.place, other)
        elif isinstance(self.holder, tuple):
            self.generator.bit_generator.state = other.bit_generator.state
        else:
            self.holder[self.place] = other


def generators(model: Module) -> dict[str, Held]:
    """The generators of a model by their names, also those in lists, tuples and dicts.

    Raises:
        ValueError: two of them have the same name.

    >>> from nn import Dropout, Sequential
    >>> list(generators(Sequential(Dropout(0.5), Dropout(0.5))))
    ['parts.0.generator', 'parts.1.generator']
    """
    found: dict[str, Held] = {}
    for path, module in model.named_modules():
        for name, content in vars(module).items():
            for way, held in _held(content, module, name, f"{path}.{name}", frozenset()):
                if way in found:
                    raise ValueError(
                        f"two generators are called {way!r:.80}: give one of them another key"
                    )
                found[way] = held
    return found


def _held(
    content: Any, holder: Any, place: Any, way: str, around: frozenset[int]
) -> Iterator[tuple[str, Held]]:
    """What is a generator, or the generators within, each with the way to it."""
    if isinstance(content, Generator):
        yield way, Held(content, holder, place)
    if id(content) in around:  # A list may be in itself.
        return
    if isinstance(content, list | tuple):
        within: Any = enumerate(content)
    elif isinstance(content, MutableMapping):
        within = content.items()
    else:
        return
    for name, each in within:
        yield from _held(each, content, name, f"{way}.{name}", around | {id(content)})
