"""What is its settings and nothing else: schedules, clippings, penalties."""

from __future__ import annotations

from typing import Any

from nn.settings.habits import WithHabits


class Configured(WithHabits):
    """The base: attributes are the arguments it was made with, and stay as they are.

    It is shown, compared and hashed by them. (A dataclass would be so too, but takes half a
    millisecond to be defined, and `import nn` is to be quick.)
    """

    def __setattr__(self, name: str, setting: Any) -> None:
        if name in vars(self):
            raise AttributeError(
                f"the {name} of {self!r} stays as it is: make another {type(self).__name__}"
            )
        super().__setattr__(name, setting)

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={setting!r}" for name, setting in vars(self).items())
        return f"{type(self).__name__}({settings})"

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((type(self), *vars(self).items()))
