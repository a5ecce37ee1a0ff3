"""How a training went, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from numbers import Real
from typing import Any, Self

_SHOWN = 12  # rows of the table; of more, the first and the last


@dataclass(repr=False)
class History:
    """How training went: one number an epoch, measured with the parameters at its end.

    It prints as a table, the best epoch with a star.

    Attributes:
        loss, accuracy: over all training examples.
        validation_loss, validation_accuracy: over the validation examples; empty without them.
        penalty: what was added to the loss, which it is no part of; empty without one.
        learning_rate: that of the epoch's last step.
        interrupted: whether somebody stopped it (Ctrl-C); the epoch of that is not there.
        stopped: why a callback stopped it; "" if none did.

    Accuracies are shares of the examples, from 0 to 1. They are empty unless the loss is `hinge`
    or one of the cross-entropies.

    >>> History(loss=[0.7, 0.25], validation_loss=[0.5, 0.625])
    epoch     loss  validation_loss
        1*  0.7000           0.5000
        2   0.2500           0.6250
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    penalty: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    interrupted: bool = False
    stopped: str = ""

    def __len__(self) -> int:
        """How many epochs there were."""
        return len(self.loss)

    def __bool__(self) -> bool:
        return True  # also before the first epoch

    @property
    def columns(self) -> dict[str, list[float]]:
        """The numbers that were measured, by name.

        >>> list(History(loss=[0.7], validation_loss=[0.5]).columns)
        ['loss', 'validation_loss']
        """
        return {name: numbers for name, numbers in self._lists().items() if numbers}

    @property
    def best(self) -> int:
        """The epoch, counted from 1, with the lowest validation loss; without one, loss.

        Raises:
            ValueError: there has been no epoch.

        >>> History(loss=[0.7, 0.25, 0.125], validation_loss=[0.5, 0.375, 0.625]).best
        2
        """
        return self.best_by("validation_loss" if self.validation_loss else "loss")

    def best_by(self, name: str, least_change: float = 0.0, since: int = 1) -> int:
        """The epoch, counted from 1, with the best of a column: the lowest, or highest accuracy.

        Parameters:
            least_change: by how much a number must be better than the best before it, to count.
            since: the first epoch to look at.

        Raises:
            ValueError: nothing was measured under that name.

        >>> History(loss=[0.5, 0.25, 0.2], accuracy=[0.5, 0.75, 0.75]).best_by("accuracy")
        2
        """
        numbers = self._lists().get(name, [])[since - 1 :]
        if not numbers:
            raise ValueError(f"no epoch is the best by {name!r:.60}: it was measured in none")
        sign = -1.0 if name.endswith("accuracy") else 1.0
        best = 0
        for i, number in enumerate(numbers):
            if sign * (number - numbers[best]) < -least_change:
                best = i
        return since + best

    @property
    def latest(self) -> str:
        """The last epoch's numbers, short enough for a progress bar; "" before the first.

        >>> History(loss=[0.7, 0.25], validation_loss=[0.8, 0.5]).latest
        'loss=0.25, validation=0.5'
        """
        losses = {"loss": self.loss, "validation": self.validation_loss}
        if not self.accuracy:
            return ", ".join(f"{name}={x[-1]:.3g}" for name, x in losses.items() if x)
        accuracies = {"accuracy": self.accuracy, "validation": self.validation_accuracy}
        shares = [f"{name}={x[-1]:.1%}" for name, x in accuracies.items() if x]
        return ", ".join([f"loss={self.loss[-1]:.3g}", *shares])

    def record(self, loss: float, **others: float) -> None:
        """Add an epoch: its loss, and the others of its numbers by name."""
        for name, number in others.items():
            getattr(self, name).append(number)
        self.loss.append(loss)  # The last of them: now the epoch is whole.

    def interrupt(self) -> None:
        """Note that training was stopped, maybe while an epoch was recorded: that one goes."""
        for name, numbers in self._lists().items():
            if name != "loss":
                del numbers[len(self.loss) :]
        self.interrupted, self.stopped = True, ""

    # ------------------------------------------------------------------------- kept elsewhere

    def state_dict(self) -> dict[str, Any]:
        """All of it as lists, truth values and texts, which can be written as JSON."""
        lists = {name: list(numbers) for name, numbers in self._lists().items()}
        return {**lists, "interrupted": self.interrupted, "stopped": self.stopped}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """What `state_dict()` was taken of.

        Raises:
            ValueError: it is no such state.

        >>> import json
        >>> history = History(loss=[0.7, 0.25])
        >>> History.from_state(json.loads(json.dumps(history.state_dict()))) == history
        True
        """
        history = cls()
        own = history.state_dict()
        if not isinstance(state, Mapping) or state.keys() != own.keys():
            raise ValueError(f"a history has {', '.join(own)}, and this is {state!r:.80}")
        for name, content in state.items():
            if not _is_like(content, own[name]):
                raise ValueError(f"a history's {name} is not {content!r:.80}")
            setattr(history, name, content if name in ("interrupted", "stopped") else
                    list(map(float, content)))  # fmt: skip
        if lengths := {n: len(x) for n, x in history.columns.items() if len(x) != len(history)}:
            raise ValueError(f"a history of {len(history)} epochs has as many of each: {lengths}")
        return history

    def _lists(self) -> dict[str, list[float]]:
        return {name: content for name, content in vars(self).items() if isinstance(content, list)}

    # ----------------------------------------------------------------------------- to look at

    def __repr__(self) -> str:
        if not self.columns:
            return "History(no epochs)"
        rows = [["epoch ", *self.columns]]
        for epoch in self._shown():
            star = "*" if epoch == self.best else " "
            numbers = [_text(name, x[epoch - 1]) for name, x in self.columns.items()]
            rows.append([f"{epoch}{star}", *numbers] if epoch else ["... "])
        widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
        lines = [
            "  ".join(f"{x:>{w}}" for x, w in zip(row, widths, strict=False)).rstrip()
            for row in rows
        ]
        ending = "interrupted" if self.interrupted else self.stopped
        return "\n".join([*lines, ending] if ending else lines)

    def _shown(self) -> list[int]:
        """The epochs of the table: the first, the best and the last, and 0 for those between."""
        shown: list[int] = []
        for epoch in range(1, len(self) + 1):
            if min(epoch - 1, len(self) - epoch) < _SHOWN // 2 or epoch == self.best:
                shown.append(epoch)
            elif shown[-1]:
                shown.append(0)
        return shown


def _text(name: str, number: float) -> str:
    return f"{number:.1%}" if name.endswith("accuracy") else f"{number:#.4g}"


def _is_like(content: Any, own: Any) -> bool:
    if not isinstance(own, list):
        return type(content) is type(own)
    return isinstance(content, list) and all(
        isinstance(x, Real) and not isinstance(x, bool) for x in content
    )
