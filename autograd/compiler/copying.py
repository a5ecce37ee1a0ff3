"""Copies and pickles of compiled functions: independent of the original, or refused."""

from __future__ import annotations

import copy
import sys
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from autograd.operation import Operation
from autograd.watching import MISSING, contents

if TYPE_CHECKING:
    from autograd.compiler.function import Compiled


def reduced(f: Compiled) -> Any:
    """A function of a module is found by its name, a method by its instance.

    Others are compiled anew from what was compiled, if pickle can keep that.
    """
    if f.origin is not None:
        decorated, home = f.origin
        if isinstance(home, type):  # a method of a class, found by its name
            return getattr, (home, f.name)
        return type(f).__get__, (decorated, home)
    if _named(f):
        return vars(f)["__qualname__"]
    if isinstance(f.function, FunctionType) and not _named(f.function):
        raise TypeError(
            f"{f.name}() cannot be pickled: pickle finds functions by their names, and this "
            "one is local or a lambda. Pickle the model, and compile the function once more"
        )
    return type(f), (f.function, f.backend)


def deeply_copied(f: Compiled, memo: dict[int, Any]) -> Compiled:
    """Of a method that of the copied instance, of an object that of the copied object."""
    if f.origin is not None:
        decorated, home = f.origin
        return decorated.__get__(copy.deepcopy(home, memo))
    if _named(f):
        return f
    if isinstance(f.function, FunctionType) and not _shared(f.function):
        raise TypeError(
            f"{f.name}() cannot be copied deeply: it computes with what it closes over or "
            "has for a default, which its copy would share. Make it a method of the model, or "
            "compile a function of the copied model"
        )
    return type(f)(copy.deepcopy(f.function, memo), f.backend)


def _named(f: Any) -> bool:
    """Whether it is what its name stands for in its module, as a decorated function is."""
    found: Any = sys.modules.get(getattr(f, "__module__", None) or "")
    for name in getattr(f, "__qualname__", "").split("."):
        found = getattr(found, name, None)
    return found is f


def _shared(thing: Any) -> bool:
    """Whether a copy of a function has nothing to fear from sharing it."""
    if isinstance(thing, FunctionType):
        cells = thing.__closure__ or ()
        defaults = (*(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values())
        return all(map(_shared, defaults)) and all(_shared(contents(cell)) for cell in cells)
    if isinstance(thing, tuple):
        return all(map(_shared, thing))
    return thing is MISSING or isinstance(thing, _IMMUTABLE)


_IMMUTABLE = (bool, int, float, complex, str, bytes, type(None), type, ModuleType, Operation)
