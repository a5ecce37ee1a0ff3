"""The programs of one function: found again, checked now and then, compiled when they are wanted.

There is one for each kind of arguments and each state of what the function reads from outside.
What is watched is compared at every call. For what cannot be (lists, dicts, objects, random
numbers) the function is recorded again: at a program's second call, and from then on so rarely
that it takes a fiftieth of the time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import is_
from time import monotonic
from typing import Any

from autograd import locking, watching
from autograd.compiler.arguments import names_of
from autograd.compiler.errors import CompilationError
from autograd.compiler.graph import Argument, Graph
from autograd.compiler.recording import Recording, recorded
from autograd.origin import warn
from autograd.value import Value
from autograd.watching import Watched

_STATES = 16  # of what is outside, for each of which a program is kept
_KEYS = 1024  # of arguments, for which it is known which program is theirs
_SHARE = 0.02  # of the time, for recording again

# What programs differ in: of each argument its shape for one example, and whether it holds whole
# numbers (or just their number, for plain ones), and the keywords of the last of them.
Kind = tuple[Any, tuple[str, ...]]
Make = Callable[[str, Graph], Any]

_WAYS_OUT = (
    "What a function reads from lists, dicts, objects that are no Modules, or random generators "
    "is not watched. Give it as an argument, make it a Parameter or a Module's attribute, draw "
    'random numbers with uniform(generator), or run it with backend="eager"'
)


class Kept:
    """A program, and the recording that it was made of.

    Attributes:
        captured: the Values from outside that it reads, in the order of their first use.
        due: when the function is to be recorded again, in seconds of the monotonic clock.
    """

    def __init__(self, recording: Recording, program: Any) -> None:
        self.graph, self.outside, self.program = recording.graph, recording.outside, program
        self.captured = [node.content for node in self.graph.nodes if node.kind == "parameter"]
        self.due = math.inf  # not at the call that it was made for


class Programs:
    """The programs of a function.

    Attributes:
        latest: the one that was used last; None at first.
        seen: the Values from outside that calls without a program have read.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.latest: Any = None
        self.seen: dict[Value, None] = {}
        self._lock = locking.lock()
        self._running = -1  # in which fork
        self._kept: dict[Kind, list[Kept]] = {}  # the latest first
        self._current: dict[Kind, Kept] = {}
        self._found: dict[Any, Kept] = {}  # the same by whatever they were found for
        self._changes = 0  # of what is current
        self._order: tuple[Any, list[Value]] = (None, [])

    def exclusively(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do what uses the buffers of a program, which serve one call at a time.

        Raises:
            RuntimeError: this thread is doing so already.
        """
        with self._lock:
            if self._running == locking.forks:
                raise RuntimeError(
                    f"{self.name}() was called while it was running: by a signal handler, or by "
                    "an operation of its own. Compile the function once more for that call"
                )
            try:
                self._running = locking.forks
                return work(*arguments)
            finally:
                self._running = -1

    def parameters(self, owner: Any, fresh: bool = False) -> list[Value]:
        """The parameters of a function's owner, if it says what they are, and then all others.

        The list is the same object while nothing has changed.

        Parameters:
            fresh: look again, since a list of a Module can grow unseen.
        """
        own = getattr(owner, "parameters", None) if owner is not None else None
        state = (own and watching.version, len(self.seen), self._changes)
        if fresh or self._order[0] != state or not (own is None or isinstance(owner, Watched)):
            others = [value for kept in self._current.values() for value in kept.captured]
            found = list(dict.fromkeys([*(own() if callable(own) else ()), *others, *self.seen]))
            if _identical(found, self._order[1]):
                found = self._order[1]
            self._order = (state, found)
        return self._order[1]

    def find(self, key: Any) -> Any:
        """The program that `seek` gave for a key; None if it has to be called again."""
        kept = self._found.get(key)
        if kept is None or monotonic() >= kept.due or not kept.outside.unchanged():
            return None
        self.latest = kept.program
        return kept.program

    def seek(self, key: Any, kind: Kind, function: Callable[..., Any], make: Make) -> Any:
        """The program for such arguments and for what is outside now, compiled if need be.

        Parameters:
            key: says as much as the kind, or more, and is quicker to make.

        Raises:
            CompilationError: the function is found to be another than it was.
        """
        with self._lock:
            kept = self._current.get(kind)
            if kept is None or not kept.outside.unchanged():
                kept = self._state(kind, function, make)
                self._change(kind, kept)
            if monotonic() >= kept.due:
                self._check(kind, kept, function)
            elif kept.due == math.inf:
                kept.due = 0.0  # at the next call
            if len(self._found) >= _KEYS:
                self._found.clear()
            self._found[key] = kept
            self.latest = kept.program
            return kept.program

    def _change(self, kind: Kind, kept: Kept | None) -> None:
        """Another program is the current one, or none."""
        self._current.pop(kind, None)
        if kept is not None:
            self._current[kind] = kept
        self._changes += 1
        self._found.clear()

    def check(self, function: Callable[..., Any]) -> None:
        """Record the function again for the programs of the present state, and compare."""
        with self._lock:
            for kind, kept in list(self._current.items()):
                if kept.outside.unchanged():
                    self._check(kind, kept, function)

    def _check(self, kind: Kind, kept: Kept, function: Callable[..., Any]) -> None:
        arguments = _arguments(function, kind)
        again = recorded(function, arguments, kind[1], expected=kept.graph)
        if again.difference:
            self._change(kind, None)
            self._kept[kind].remove(kept)
            raise CompilationError(
                f"{self.name}() no longer computes what was compiled: "
                f"{again.difference}\n  {_WAYS_OUT}"
            )
        again.outside.renew()
        kept.outside = again.outside
        kept.due = monotonic() + again.seconds / _SHARE

    def _state(self, kind: Kind, function: Callable[..., Any], make: Make) -> Kept:
        """The program for what is outside now, the first in its list from now on."""
        states = self._kept.setdefault(kind, [])
        kept = next((kept for kept in states if kept.outside.unchanged()), None)
        if kept is None:
            kept = self._new(kind, function, make)
        else:
            states.remove(kept)
        states.insert(0, kept)
        if len(states) > _STATES:
            states.pop()
            warn(_many_states(self.name))
        return kept

    def _new(self, kind: Kind, function: Callable[..., Any], make: Make) -> Kept:
        recording = self._settled(kind, function)
        for kept in self._kept[kind]:
            if kept.graph.same(recording.graph):  # What has changed outside makes no difference.
                return Kept(recording, kept.program)
        made = Kept(recording, make(self.name, recording.graph))
        # What is new may be so for the others too.
        for kept in [kept for states in self._kept.values() for kept in states]:
            kept.due = 0.0
        return made

    def _settled(self, kind: Kind, function: Callable[..., Any]) -> Recording:
        """A recording that has not changed what it reads, as one that makes Parameters does."""
        arguments, earlier = _arguments(function, kind), None
        for _ in range(3):
            recording = recorded(function, arguments, kind[1], expected=earlier)
            if recording.outside.unchanged():
                return recording
            if earlier is not None and not recording.difference:
                recording.outside.renew()  # It counts its calls, say, and does not use the count.
                return recording
            earlier = recording.graph
        raise CompilationError(
            f"{self.name}() changes something that it reads whenever it is called, and a compiled "
            f"function is not called for each example: {recording.difference}\n  {_WAYS_OUT}"
        )


def _arguments(function: Callable[..., Any], kind: Kind) -> list[Argument]:
    shapes, keywords = kind
    if isinstance(shapes, int):
        shapes = [((), False)] * shapes
    names = names_of(function, len(shapes), keywords)
    return [
        Argument(name, shape, whole) for name, (shape, whole) in zip(names, shapes, strict=True)
    ]


def _identical(some: list[Value], others: list[Value]) -> bool:
    return len(some) == len(others) and all(map(is_, some, others))


def _many_states(name: str) -> str:
    return (
        f"{name}() has been compiled for more than {_STATES} states of what it reads from outside: "
        "a number that changes so often had better be an argument or a Parameter"
    )
