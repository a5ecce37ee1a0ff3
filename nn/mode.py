"""The mode of modules, training or evaluation, as those find who ask.

A network is switched by `Module.train` and `Module.eval`. What computes with any function of a
person's own, as `fit` does, cannot know which modules that function hides: in closures, in lists,
in objects. So it says which mode there is, and a module gets into it at the moment when it is
asked for its own. Who never asks does not depend on it.
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
        self._asked: dict[int, tuple[Module, bool]] = {}  # by identity, and what they were in

    def asked(self, module: Module) -> None:
        """Switch a module, and know it from now on."""
        now = _of(module)
        self._asked.setdefault(id(module), (module, now))
        if now is not self.training:
            module.training = self.training

    def switch(self, training: bool) -> None:
        """Another mode for all, also for those that were asked before."""
        self.training = training
        for module, _ in self._asked.values():
            if _of(module) is not training:
                module.training = training

    def put_back(self) -> None:
        """Give those that were asked the modes that they had before."""
        for module, before in self._asked.values():
            if _of(module) is not before:
                module.training = before

    def __enter__(self) -> Self:
        self._token = _present.set(self)
        return self

    def __exit__(self, *error: object) -> None:
        _present.reset(self._token)
        self.put_back()
