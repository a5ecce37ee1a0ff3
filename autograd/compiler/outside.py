"""What a recorded function read from outside, and whether that is still so.

Watched are the cells, defaults and globals of the function and of those that it can call, and the
attributes of watched objects (every `nn.Module`) that it read. They are compared by identity;
numbers, texts and truth values by what they are, so that a mode that is switched back finds the
program that was compiled for it.
"""

from __future__ import annotations

import sys
import sysconfig
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from types import CodeType, FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any

from autograd import watching
from autograd.origin import in_library
from autograd.watching import MISSING, Watched

_SIMPLE = (bool, int, float, complex, str, bytes, type(None))

# How to read a place, the place, and what was there.
_Place = tuple[Callable[[Any], Any], Any, Any]


class Outside:
    """What was there when a function was recorded: made before it runs, and shown what it reads.

    Parameters:
        function: the one that is going to be recorded.
    """

    def __init__(self, function: Any) -> None:
        self._version = watching.version
        self._places: dict[tuple[int, str], _Place] = {}
        self._attributes: dict[tuple[int, str], tuple[weakref.ref[Watched], Any]] = {}
        self._walked: dict[int, Any] = {}  # alive while numbers of objects are compared
        self._package = _package(function)
        self._walk(function)

    # ------------------------------------------------------------------------- is it still so

    def unchanged(self) -> bool:
        """Whether all that was read is as it was; quick if nothing was set anywhere."""
        for read, place, there in self._places.values():
            if read(place) is not there:
                return self._equal()
        return self._version == watching.version or self._equal()

    def _equal(self) -> bool:
        version = watching.version
        places = [(read(place), there) for read, place, there in self._places.values()]
        if not all(_same(now, there) for now, there in places):
            return False
        for (_, name), (reference, there) in self._attributes.items():
            owner = reference()  # None if it was made in the recording, or nothing leads to it
            if owner is not None and not _same(_weakly(_attribute(owner, name)), there):
                return False
        self._renew(version)
        return True

    def renew(self) -> None:
        """Take what is there now for what was there: the recording itself has changed it."""
        for (number, name), (reference, _) in list(self._attributes.items()):
            if (owner := reference()) is not None:
                self._attributes[number, name] = (reference, _weakly(_attribute(owner, name)))
        self._renew(watching.version)

    def _renew(self, version: int) -> None:
        self._version = version
        for key, (read, place, _) in self._places.items():
            self._places[key] = (read, place, read(place))

    # -------------------------------------------------------------------------- what was there

    def saw(self, owner: Watched, name: str) -> None:
        """Note that an attribute of a watched object is about to be read."""
        if name.startswith("__") and name != "__dict__":
            return
        known = self._attributes.get((id(owner), name))
        if known is not None and known[0]() is owner:
            return
        there = _attribute(owner, name)
        self._attributes[id(owner), name] = (weakref.ref(owner), _weakly(there))
        self._walk(owner)
        if there is not MISSING:
            self._walk(there)
            return
        for kind in self._own_classes(owner):
            if name in vars(kind):
                self._watch(kind, name, vars(kind).get, name)
                break

    def done(self) -> None:
        """The recording is over."""
        self._walked.clear()

    def _watch(self, owner: Any, name: str, read: Callable[[Any], Any], place: Any) -> None:
        if (id(owner), name) not in self._places:
            there = read(place)
            self._walked[id(owner)] = owner
            self._places[id(owner), name] = (read, place, there)
            self._walk(there)

    def _walk(self, thing: Any) -> None:
        """Watch what functions name, and go on to the functions that are named."""
        if isinstance(thing, (*_SIMPLE, type, ModuleType)) or id(thing) in self._walked:
            return
        self._walked[id(thing)] = thing
        for part in self._parts(thing):
            self._walk(part)

    def _parts(self, thing: Any) -> Iterator[Any]:
        if isinstance(thing, FunctionType):
            self._walk_function(thing)
        elif isinstance(thing, MethodType):
            yield from (thing.__func__, thing.__self__)
        elif isinstance(thing, partial):
            yield from (thing.func, *thing.args, *thing.keywords.values())
        elif isinstance(thing, property):
            yield thing.fget
        elif isinstance(thing, Watched) or callable(thing) or hasattr(type(thing), "__get__"):
            yield getattr(thing, "__dict__", {}).get("__wrapped__")
            for kind in self._own_classes(thing):
                yield from (part for part in vars(kind).values() if hasattr(part, "__get__"))

    def _walk_function(self, function: FunctionType) -> None:
        for cell in function.__closure__ or ():
            self._watch(cell, "", _contents, cell)
        if not self._own(function.__module__, function.__code__.co_filename):
            return
        for name in ("__defaults__", "__kwdefaults__"):
            self._watch(function, name, attrgetter(name), function)
        namespace = function.__globals__
        for name in _names(function.__code__):
            if name in namespace:
                self._watch(namespace, name, namespace.get, name)

    def _own_classes(self, thing: Any) -> list[type]:
        """The classes of an object that a person has written."""
        return [k for k in type(thing).__mro__ if self._own(k.__module__, _file(k.__module__))]

    def _own(self, module: str | None, file: str) -> bool:
        """Whether it is a person's own code, and neither a library's nor Python's."""
        if module == "__main__" or _top(module) == self._package:
            return True
        return bool(file) and not in_library(str(module)) and not file.startswith(_INSTALLED)


# Where Python and what was installed lie.
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})


def _top(module: str | None) -> str:
    return str(module).partition(".")[0]


def _package(function: Any) -> str:
    return _top(getattr(function, "__module__", None))


def _file(module: str) -> str:
    return str(getattr(sys.modules.get(module), "__file__", None) or "")


def _names(code: CodeType) -> set[str]:
    """The names in a function's code and in that of the functions within it."""
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # empty
        return MISSING


def _attribute(owner: Watched, name: str) -> Any:
    """What an object itself has under a name, in its `__dict__` or a slot."""
    own: dict[str, Any] = object.__getattribute__(owner, "__dict__")
    if name == "__dict__":
        return tuple(own.items())
    slot = None if name in own else getattr(type(owner), name, None)
    if isinstance(slot, MemberDescriptorType):
        return slot.__get__(owner)
    return own.get(name, MISSING)


def _weakly(thing: Any) -> Any:
    """A thing to compare with: a watched object is not kept alive, as it may keep the program.

    There is one such reference to an object, so that references can be compared by identity. A
    list of watched objects stands for its contents: to put a new one into it, one is made, which
    is noticed.
    """
    if isinstance(thing, Watched):
        return weakref.ref(thing)
    if type(thing) is tuple or (type(thing) is list and thing and isinstance(thing[0], Watched)):
        return tuple(map(_weakly, thing))
    return thing


def _same(now: Any, there: Any) -> bool:
    if now is there:
        return True
    if type(now) is not type(there):
        return False
    if isinstance(now, tuple):
        return len(now) == len(there) and all(map(_same, now, there))
    return type(now) in _SIMPLE and repr(now) == repr(there)  # -0.0 is not 0.0, and NaN is NaN
