"""What a function can reach by the names in its code: functions, and places that can be set anew.

Found without running it: from a function to what its code names, from there to the functions
among that, and so on, as far as a person has written them.
"""

from __future__ import annotations

import dis
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from operator import attrgetter
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograd.origin import in_library
from autograd.value import Value
from autograd.watching import contents

# Takes whose place it is, its name, how to read it, and of what; gives what is there.
Watch = Callable[[Any, str, Callable[[Any], Any], Any], Any]

_SHORT = 64  # a list or dict beyond it holds data
_CODE, _DEFAULTS, _KEYWORDS = map(attrgetter, ("__code__", "__defaults__", "__kwdefaults__"))


class Reach:
    """Goes from function to function, and reports each place on its way.

    Parameters:
        watch: is told of the places.
        function: where it all begins; its package is a person's, wherever it was installed, but
            not if it is the library's, as that of `fit` is.
    """

    def __init__(self, watch: Watch, function: Any) -> None:
        self._watch = watch
        module = str(getattr(function, "__module__", None))
        self._package = "" if in_library(module) else _top(module)
        self._known: dict[int, Any] = {}  # kept alive, so that no other gets the same identity
        self._names = {"__call__"}  # of attributes that the code reads
        self._kinds: set[type] = set()
        self._homes: list[Any] = []  # modules and classes, which may have such attributes

    def extend(self, things: Iterable[Any], names: Iterable[str] = ()) -> None:
        """Go on from these things, and look for attributes of these names too."""
        self._names.update(names)
        pending, looked_at = list(things), (-1, -1)
        while pending or looked_at != (len(self._names), len(self._homes)):
            if not pending:
                looked_at = (len(self._names), len(self._homes))
                pending += self._attributes()
            while pending:
                thing = pending.pop()
                if id(thing) not in self._known and not isinstance(thing, _ENDS):
                    self._known[id(thing)] = thing
                    pending += self._parts(thing)

    def forget(self) -> None:
        """Let go of everything."""
        self._known.clear()
        self._homes.clear()

    def _parts(self, thing: Any) -> Iterable[Any]:
        if isinstance(thing, FunctionType):
            return self._of_function(thing)
        if isinstance(thing, MethodType):
            return [thing.__func__, thing.__self__]
        if isinstance(thing, staticmethod | classmethod):
            return [thing.__func__]
        if isinstance(thing, property):
            return [thing.fget]
        if isinstance(thing, partial):
            return [thing.func, *thing.args, *thing.keywords.values()]
        if isinstance(thing, tuple | list):
            return thing if len(thing) <= _SHORT else ()
        if isinstance(thing, dict):
            return list(thing.values()) if len(thing) <= _SHORT else ()
        if isinstance(thing, ModuleType):
            if self._own(thing.__name__, _file(thing.__name__)):
                self._homes.append(thing)
            return ()
        kind = thing if isinstance(thing, type) else type(thing)
        if kind not in self._kinds:
            self._kinds.add(kind)
            self._homes += [k for k in kind.__mro__ if self._own(k.__module__, _file(k.__module__))
                            and not any(k is home for home in self._homes)]  # fmt: skip
        return [getattr(thing, "__dict__", {}).get("__wrapped__")]

    def _of_function(self, function: FunctionType) -> Iterator[Any]:
        for cell in function.__closure__ or ():
            yield self._watch(cell, "", contents, cell)
        if not self._own(function.__module__, function.__code__.co_filename):
            return
        for name, read in (("code", _CODE), ("defaults", _DEFAULTS), ("keywords", _KEYWORDS)):
            if read(function) is not None:
                yield self._watch(function, name, read, function)
        attributes, names = _named(function.__code__)
        self._names |= attributes
        namespace = function.__globals__
        for name in names:
            yield self._watch(namespace, name, namespace.get, name)

    def _attributes(self) -> Iterator[Any]:
        """What the modules and classes have under the names, or may get."""
        for home in self._homes:
            for name in self._names:
                if isinstance(home, type) or name in vars(home):
                    yield self._watch(home, name, vars(home).get, name)

    def _own(self, module: str | None, file: str) -> bool:
        """Whether it is a person's own code, and neither a library's nor Python's."""
        if module == "__main__" or _top(module) == self._package:
            return True
        return bool(file) and not in_library(str(module)) and not file.startswith(_INSTALLED)


# Things that lead nowhere.
_ENDS = (Value, bool, int, float, complex, str, bytes, type(None), CodeType, np.ndarray)
# Where Python and what was installed lie.
_INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")})


def _top(module: str | None) -> str:
    return str(module).partition(".")[0]


def _file(module: str) -> str:
    return str(getattr(sys.modules.get(module), "__file__", None) or "")


def _named(code: CodeType) -> tuple[set[str], set[str]]:
    """The attributes and the globals that a function's code names, and that of those within it."""
    attributes, names = set(), set()
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            names.add(instruction.argval)
        elif instruction.opname.startswith(("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER")):
            attributes.add(instruction.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner = _named(constant)
            attributes |= inner[0]
            names |= inner[1]
    return attributes, names
