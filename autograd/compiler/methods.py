"""Compiled methods: a table of programs for each instance, which does not keep it alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.compiler.programs import Programs

_INSTANCES = 4096  # whose programs are kept, of instances that live on


class Methods:
    """The programs of one method, by instance.

    They are beside the instance and not in it: a copy of it has none, and neither slots nor a
    method of the same name in a subclass are in the way.
    """

    def __init__(self) -> None:
        self._programs: dict[int, tuple[Callable[[], Any], Programs]] = {}

    def programs(self, instance: Any, name: str) -> Programs:
        """The programs of an instance, none at first."""
        known = self._programs.get(id(instance))
        if known is None or known[0]() is not instance:  # or the number was another's
            from autograd.compiler.programs import Programs

            known = self._programs[id(instance)] = (self._reference(instance), Programs(name))
            while len(self._programs) > _INSTANCES:
                self._programs.pop(next(iter(self._programs)))
        return known[1]

    def _reference(self, instance: Any) -> Callable[[], Any]:
        try:
            return weakref.ref(instance, partial(self._forget, id(instance)))
        except TypeError:  # Its class has slots, and none for weak references.
            return lambda: instance

    def _forget(self, number: int, reference: Any) -> None:
        known = self._programs.get(number)
        if known is not None and known[0] is reference:
            del self._programs[number]
