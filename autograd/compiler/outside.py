"""What a recorded function read from outside, and whether that is still so.

Watched are, of the function and of those that it can call, the code, the cells, the defaults and
the globals, with the attributes of modules and classes among them; and the attributes of watched
objects (every `nn.Module`) that it read. They are compared by identity; numbers, texts and truth
values by what they are, so that a mode that is switched back finds the program that was compiled
for it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from operator import attrgetter
from types import MemberDescriptorType
from typing import Any

from autograd import watching
from autograd.compiler.reach import Reach
from autograd.watching import MISSING, Watched

_Read = Callable[[Any], Any]
# What is in a cell, read in half of the time if there is something.
_QUICKER: dict[_Read, _Read] = {watching.contents: attrgetter("cell_contents")}
_SIMPLE = (bool, int, float, complex, str, bytes, type(None))

# How to read a place, the place, and what was there.
_Place = tuple[_Read, Any, Any]


class Outside:
    """What was there when a function was recorded: made before it runs, and shown what it reads.

    Parameters:
        function: the one that is going to be recorded.
    """

    def __init__(self, function: Any) -> None:
        self._version = watching.version
        self._places: dict[tuple[int, str], _Place] = {}
        # Of each object that was read from, by its identity, which attributes.
        self._attributes: dict[int, tuple[weakref.ref[Watched], dict[str, Any]]] = {}
        self._holders: set[int] = set()  # those that have lists of watched objects
        self._lists: dict[int, tuple[list[Any], list[Any]]] = {}  # these, and what was in them
        # The places, the lists, and what was in these, as they are quickest to look at.
        self._quick: tuple[list[_Place], list[Any], list[Any]] = ([], [], [])
        self._reach = Reach(self._watch, function)
        self._reach.extend([function])

    # ------------------------------------------------------------------------- is it still so

    def unchanged(self) -> bool:
        """Whether all that was read is as it was; quick if nothing was set anywhere."""
        places, now, before = self._quick
        try:
            for read, place, there in places:
                if read(place) is not there:
                    return self._equal()
        except ValueError:  # a cell in which nothing is any more
            return self._equal()
        return (self._version == watching.version and now == before) or self._equal()

    def _equal(self) -> bool:
        version = watching.version
        for read, place, there in self._places.values():
            if not _same(read(place), there):
                return False
        changed = watching.changed_since(self._version)
        for number in self._attributes if changed is None else changed | self._holders:
            reference, attributes = self._attributes.get(number, (None, {}))
            owner = reference() if reference else None
            # Who is gone was made in the recording, or nothing leads to it any more.
            if owner is not None:
                for name, there in attributes.items():
                    if not _same(_weakly(_attribute(owner, name)), there):
                        return False
        self._renew_places(version)
        return True

    def renew(self) -> None:
        """Take what is there now for what was there: the recording itself has changed it."""
        for reference, attributes in self._attributes.values():
            if (owner := reference()) is not None:
                for name in attributes:
                    attributes[name] = _weakly(_attribute(owner, name))
        self._renew_places(watching.version)

    def _renew_places(self, version: int) -> None:
        self._version = version
        for key, (read, place, _) in self._places.items():
            self._places[key] = (read, place, read(place))
        for number, (now, _) in self._lists.items():
            self._lists[number] = (now, now.copy())
        self._arrange()

    def _arrange(self) -> None:
        places = [
            (_QUICKER.get(read, read), place, there) for read, place, there in self._places.values()
        ]
        lists = self._lists.values()
        self._quick = (places, [now for now, _ in lists], [before for _, before in lists])

    # -------------------------------------------------------------------------- what was there

    def saw(self, owner: Watched, name: str) -> None:
        """Note that an attribute of a watched object is about to be read."""
        if name.startswith("__") and name != "__dict__":
            return
        reference, attributes = self._attributes.get(id(owner), (None, {}))
        if reference is None or reference() is not owner:
            attributes = {}
            self._attributes[id(owner)] = (weakref.ref(owner), attributes)
        if name not in attributes:
            there = _attribute(owner, name)
            attributes[name] = _weakly(there)
            if _holds_watched(there):
                self._holders.add(id(owner))
                self._lists[id(there)] = (there, there.copy())
            self._reach.extend([owner, there], names=[name])

    def read_number(self, value: Any, number: float) -> None:
        """Note the number of a constant from outside."""
        self._places[id(value), "data"] = (attrgetter("_data"), value, number)

    def done(self) -> None:
        """The recording is over."""
        self._reach.forget()
        self._arrange()

    def _watch(self, owner: Any, name: str, read: _Read, place: Any) -> Any:
        key = (id(owner), name)
        if key not in self._places:
            self._places[key] = (read, place, read(place))
        return self._places[key][2]


def _attribute(owner: Watched, name: str) -> Any:
    """What an object itself has under a name, in its `__dict__` or a slot."""
    own: dict[str, Any] = object.__getattribute__(owner, "__dict__")
    if name == "__dict__":
        return tuple(own.items())
    if name in own:
        return own[name]
    slot = getattr(type(owner), name, None)
    if isinstance(slot, MemberDescriptorType):
        try:
            return slot.__get__(owner)
        except AttributeError:  # nothing in it yet
            return MISSING
    return MISSING


def _weakly(thing: Any) -> Any:
    """A thing to compare with: a watched object is not kept alive, as it may keep the program.

    There is one such reference to an object, so that references can be compared by identity. A
    list of watched objects stands for its contents.
    """
    if isinstance(thing, Watched):
        return weakref.ref(thing)
    if type(thing) is tuple or _holds_watched(thing):
        return tuple(map(_weakly, thing))
    return thing


def _holds_watched(thing: Any) -> bool:
    """Whether there is a watched object in a list; among the first, as it may be one of data."""
    if type(thing) is list:
        for each in thing[:32]:  # not any(), whose generator can swallow an interrupt
            if isinstance(each, Watched):
                return True
    return False


def _same(now: Any, there: Any) -> bool:
    if now is there:
        return True
    if type(now) is not type(there):
        return False
    if isinstance(now, tuple):
        return len(now) == len(there) and all(map(_same, now, there))
    return isinstance(now, _SIMPLE) and repr(now) == repr(there)  # -0.0 is not 0.0, and NaN is NaN
