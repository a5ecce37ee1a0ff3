"""The mode of modules, training or evaluation, as those find who ask.

A network is switched by `Module.train` and `Module.eval`. What computes with any function of a
person's own, as `fit` does, cannot know which modules that function hides: in closures, in lists,
in objects. So it says which mode there is, and a module gets into it at the moment when it is
first asked for its own. Who never asks does not depend on it; and what a person says of a module
after that, or before, holds until there is another mode for all.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from nn.module import Module

_present: ContextVar[Modes | None] = ContextVar("nn_modes", default=None)


class Mode:
    """The attribute `training` of modules: True at first.

    Only False is kept: what trains again is as it was at first, and compiled functions find the
    program that they had for it.
    """

    def __get__(self, module: Module | None, owner: type) -> bool:
        if module is None:
            return True
        if modes := _present.get():
            modes.asked(module)
        return _of(module)

    def __set__(self, module: Module, training: bool) -> None:
        if not isinstance(training, bool):
            raise TypeError(f"training is True or False, not {training!r:.80}")
        if modes := _present.get():
            modes.said(module)
        if training:
            module.__dict__.pop("training", None)
        else:
            module.__dict__["training"] = False


def _of(module: Module) -> bool:
    # Not by its own __getattribute__, which would tell a compiled function of a look at all there.
    attributes: dict[str, bool] = object.__getattribute__(module, "__dict__")
    return attributes.get("training", True)


class Modes:
    """One mode for all modules that are asked for theirs while it is present.

    As a block it is present to the end, and puts back the modes that there were.

    >>> from nn import MLP
    >>> model = MLP(2, [1], seed=0)
    >>> with Modes(training=False):
    ...     model.training
    False
    >>> model.training
    True
    """

    def __init__(self, training: bool) -> None:
        self.training = training
        self._known: dict[int, tuple[Module, bool]] = {}  # by identity, and what they were in
        self._settled: set[int] = set()  # those that were switched, or about which somebody said

    @property
    def modules(self) -> list[Module]:
        """Those that were asked for their mode, or got one, while it was present."""
        return [module for module, _ in self._known.values()]

    def asked(self, module: Module) -> None:
        """Switch a module when it is asked for the first time."""
        if id(module) not in self._settled:
            self.said(module)
            if _of(module) is not self.training:
                module.training = self.training

    def said(self, module: Module) -> None:
        """Somebody says which mode the module is to be in: so it is, until all are switched."""
        self._known.setdefault(id(module), (module, _of(module)))
        self._settled.add(id(module))

    def switch(self, training: bool) -> None:
        """Another mode for all, also for those that were asked before."""
        self.training = training
        self._settled.clear()
        for module in self.modules:
            self.asked(module)

    def put_back(self) -> None:
        """Give those that were asked the modes that they had before."""
        for module, before in self._known.values():
            if _of(module) is not before:
                module.training = before

    def __enter__(self) -> Self:
        self._settled.clear()
        self._token = _present.set(self)
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self.put_back()  # while it is present: to the modes around it nobody says anything
        finally:
            _present.reset(self._token)
